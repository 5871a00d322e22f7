"""Claims about `?snapshot=`: each route takes it or refuses it with its sentence; what it answers never changes."""

import re
from html import unescape
from typing import Any

import pytest

from cmo.models import Verdict
from cmo.rules.arranging import rename_area
from cmo.rules.composing import Words
from cmo.rules.configuring import configure, revise_configuration
from cmo.rules.introducing import introduce
from cmo.rules.judging import judge, judge_again
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.stating import revise, state
from programmes.rules.classifying import edit_theme
from programmes.rules.founding import describe
from programmes.rules.membering import withhold_evidence
from programmes.vocabulary import NO_WRITING_THEN
from tests.looking import stored
from tests.snapshot_table import LEADS_ON, SAID, TAKES
from tests.table import ROWS, Row, routes
from tests.worlds import address, client, send

INSIDE = {route["name"] for route in routes() if "<slug:slug>" in route["address"]}
READS = [row for row in ROWS if row.reads and row.route in INSIDE]
TAKING = [row for row in READS if row.route in TAKES]
FROZEN = 'class="frozen"'
COUNTED = re.compile(r'"(?:excerpts|sources)": ?\d|"bearings": ?\["|\d+ excerpt|<dt>excerpts</dt>')
ASKED = {"api:search": "q=met", "search": "q=met", "api:export": "as=json"}


def ask(w: Any, row: Row, who: str = "lead", slug: str = "first") -> Any:
    query = "&".join(filter(None, [row.query or ASKED.get(row.route, ""), f"snapshot={slug}"]))
    answer = client(w, who, "session", api=row.api).get(f"{address(w, row, who).partition('?')[0]}?{query}")
    answer.whole = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    return answer


def main_of(page: str) -> str:
    """What of a page is its own: the frame around it tells of what stands now."""
    own = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r'(name="(?:nonce|csrfmiddlewaretoken)" value=")[^"]*', r"\1", own)


def frozen(w: Any, row: Row) -> None:
    """The world with what the row needs, and a snapshot after it."""
    if row.before is not None and row.route != "snapshot":
        row.before(w)
    take_snapshot(w.own, by=w.by_lead, name="First", slug="first")


def move_on(w: Any) -> None:
    """Change what can be changed after a snapshot, of every kind that it holds."""
    lead, own = w.by_lead, w.own
    statement = own.statements.get(number=1)
    verdict = Verdict.objects.filter(programme=own, statement=statement, team=True).first()
    if verdict is not None:
        judge_again(verdict, by=lead, base=verdict.revision_number, found="refuted", rationale="It met nobody.")
    else:
        judge(statement, by=lead, verdict="refuted", rationale="It met nobody.", team=True)
    revise(
        statement, by=lead, base=statement.revision_number, words=Words(wording="If seen, then believed."), themes=[],
        reason="Sharper.",
    )  # fmt: skip
    state(own, by=lead, words=Words(wording="If met anew, then glad, because it is new."))
    one = own.configurations.order_by("number").first()
    revise_configuration(one, by=lead, base=one.revision_number, words={"plain": "Said otherwise."}, reason="Sharper.")
    theme = own.themes.get(code="O4")
    edit_theme(theme, by=lead, base=theme.revision_number, name="Renamed")
    area = own.areas.get(slug="trust")
    rename_area(area, by=lead, base=area.revision_number, title="Renamed", description="")
    describe(own, by=lead, base=own.revision_number, title="Renamed", summary="Renamed.", intervention="Renamed.")


def test_the_table_has_every_read_of_a_programme_once():
    assert {row.route for row in READS} == TAKES | LEADS_ON | SAID.keys()
    assert not TAKES & SAID.keys()


@pytest.mark.parametrize("row", TAKING, ids=lambda row: row.route)
def test_it_answers_as_it_then_was_whatever_came_after(row, world):
    frozen(world, row)
    first = ask(world, row)
    assert first.status_code == 200
    assert row.api or FROZEN in first.whole or "snapshot=first" in first.whole
    move_on(world)
    again = ask(world, row)
    assert again.status_code == 200
    if row.api:
        assert again.whole == first.whole
    else:
        assert main_of(again.whole) == main_of(first.whole)
    assert "Renamed" not in main_of(again.whole)
    unknown = ask(world, row, slug="nothing")
    assert unknown.status_code == (400 if row.api else 404)


@pytest.mark.parametrize("query", ["", "&chain=CMO1"])
def test_a_figure_of_then_says_what_the_programme_was_called_then(query, world):
    take_snapshot(world.own, by=world.by_lead, name="First", slug="first")
    urls = [f"/api/v1/programmes/cse-test/map/?snapshot=first&as=svg{query}",
            f"/p/cse-test/map?snapshot=first{query}"]  # fmt: skip
    was = world.own.title
    move_on(world)
    for url in urls:
        answer = client(world, "viewer", "session", api="api" in url).get(url)
        whole = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert "Renamed" not in (whole if "api" in url else main_of(whole)), url
        assert f": {was}</title>" in whole or f': {was}">' in whole, url
    figure = client(world, "viewer", "session", api=True).get(urls[0].replace("snapshot=first&", "")).content.decode()
    assert ": Renamed</title>" in figure


def test_every_other_read_refuses_in_its_sentence(world):
    take_snapshot(world.own, by=world.by_lead, name="First", slug="first")
    wrong = {}
    for row in READS:
        if row.route not in SAID:
            continue
        answer, sentence = ask(world, row), str(SAID[row.route])
        said = answer.json()["detail"] if row.api else unescape(answer.whole)
        if answer.status_code != 400 or sentence not in said:
            wrong[row.route] = (answer.status_code, said[:200])
        if not row.api and "/snapshots/first" not in said:
            wrong[row.route] = "does not lead to the snapshot"
    assert not wrong


def test_a_record_that_came_after_says_so_to_those_who_may_see_it(world):
    take_snapshot(world.own, by=world.by_lead, name="First", slug="first")
    made = state(world.own, by=world.by_lead, words=Words(wording="If later, then later, because it is late."))
    element = introduce(world.own, by=world.by_lead, kind="outcome", text="People come later")
    one = configure(world.own, by=world.by_lead, words={"nickname": "Later"})
    places = {
        made.label: (f"s/{made.number}", f"statements/{made.number}/"),
        f"{made.label} why": (f"s/{made.number}/why", f"statements/{made.number}/why/"),
        f"{made.label} lineage": (f"s/{made.number}", f"statements/{made.number}/lineage/"),
        one.label: (f"cmo/{one.number}", f"configurations/{one.number}/"),
        element.label: (f"e/{element.number}", f"elements/{element.number}/"),
    }
    for named, (page, door) in places.items():
        label = named.split()[0]
        here = [(f"/p/cse-test/{page}", False), (f"/api/v1/programmes/cse-test/{door}", True)]
        for url, api in here:
            seen = client(world, "viewer", "session", api=api).get(f"{url}?snapshot=first")
            text = unescape(seen.content.decode())
            assert (seen.status_code, f"{label} was not part of this snapshot" in text) == (404, True), url
            if not api:
                assert f'href="/p/cse-test/{page.removesuffix("/why")}">See {label} as it is now</a>' in text
            stranger = client(world, "outsider", "session", api=api).get(f"{url}?snapshot=first")
            assert (stranger.status_code, label in stranger.content.decode()) == (404, False), url
    for url, api in (("/p/cse-test/s/999", False), ("/api/v1/programmes/cse-test/statements/999/", True)):
        never = client(world, "viewer", "session", api=api).get(f"{url}?snapshot=first")
        assert (never.status_code, "was not part of" in never.content.decode()) == (404, False)


def test_nothing_is_written_with_it(world):
    take_snapshot(world.own, by=world.by_lead, name="First", slug="first")
    was = stored()
    for row in ROWS:
        if not row.reads and row.route in INSIDE and row.writes:
            url = f"{address(world, row, 'lead').partition('?')[0]}?snapshot=first"
            answer = send(world, row, "lead", "session", url)
            assert answer.status_code == 400, row.key
            assert str(NO_WRITING_THEN) in unescape(answer.whole.decode()), row.key
    assert stored() == was


def test_a_snapshot_that_there_is_not_is_said_on_a_page_that_shows_none(world):
    page = client(world, "lead", "session", api=False).get("/p/cse-test/evidence?snapshot=nothing")
    assert page.status_code == 400
    assert "There is no snapshot “nothing” either." in page.content.decode()
    assert client(world, "lead", "session", api=False).get("/p/cse-test/evidence?snapshot=working").status_code == 200


def test_links_inside_a_snapshot_stay_in_it(world):
    """All but the frame, what says that it leads to now, and what changed since."""
    take_snapshot(world.own, by=world.by_lead, name="First", slug="first")
    knocks, seen, ahead = client(world, "lead", "session", api=False), set(), ["/p/cse-test/snapshots/first"]
    out = set()
    while ahead and len(seen) < 80:
        here = ahead.pop()
        seen.add(here)
        answer = knocks.get(here)
        assert answer.status_code == 200, here
        text = main_of(answer.content.decode())
        assert FROZEN in text, here
        for link in re.findall(r'href="(/p/[^"#]*)', text):
            link = unescape(link)
            if "snapshot=first" in link or link.startswith("/p/cse-test/snapshots/first"):
                if link not in seen and "as=" not in link and "canonical" not in link:
                    ahead.append(link)
            else:
                out.add(re.sub(r"\d+", "1", link))
    assert len(seen) > 20
    assert out == {
        "/p/cse-test/", "/p/cse-test/phases", "/p/cse-test/phases?from=first&to=working", "/p/cse-test/s/1",
        "/p/cse-test/cmo/1", "/p/cse-test/s/1/why",
    }  # fmt: skip


def test_a_member_without_evidence_sees_no_count_of_it(world):
    lead = world.by_lead
    verdict = Verdict.objects.filter(programme=world.own, statement__isnull=False).first()
    assert verdict is not None
    take_snapshot(world.own, by=lead, name="First", slug="first")
    told = {row.route: ask(world, row, "viewer").whole for row in TAKING if row.before is None}
    assert any(COUNTED.search(text) for text in told.values())
    withhold_evidence(world.own, by=lead, username="viewer", withheld=True)
    for row in TAKING:
        if row.before is None:
            answer = ask(world, row, "viewer")
            assert answer.status_code == 200, row.route
            text = answer.whole if row.api else main_of(answer.whole)
            assert not COUNTED.search(text), row.route
    page = client(world, "viewer", "session", api=False).get("/p/cse-test/evidence?snapshot=first")
    assert page.status_code == 404
