"""Claims about snapshots: what they hold never changes, whatever happens to the theory, its codes and its words."""

import hashlib
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection

from cmo.models import Configuration, Element, Snapshot, Statement
from cmo.reading.canonical import canonical_bytes
from cmo.reading.configurations import configuration_rows, configurations_of
from cmo.reading.elements import element_rows, elements_of
from cmo.reading.slots import slots_of
from cmo.reading.snapshots import find_snapshot, snapshots_of
from cmo.reading.statements import rows_with_numbers
from cmo.reading.theory_at import TheoryAt
from cmo.reading.theory_map import graph_of
from cmo.rules.arranging import add_area, rename_area
from cmo.rules.composing import Words
from cmo.rules.configuring import configure, restore_configuration, revise_configuration
from cmo.rules.descending import Piece, merge
from cmo.rules.descent import Seen
from cmo.rules.introducing import introduce, revise_element
from cmo.rules.judging import judge
from cmo.rules.linking import link
from cmo.rules.snapshotting import close_and_keep, take_snapshot
from cmo.rules.standing import Placed
from cmo.rules.stating import restore, retire, revise
from cmo.weighing import Counted
from programmes import guards
from programmes.models import AuditEvent, Phase
from programmes.rules.classifying import edit_theme, move_theme, shift_theme
from programmes.rules.founding import describe
from programmes.rules.membering import withhold_evidence
from programmes.rules.phasing import open_phase
from tests.evidence_acts import bear_on
from tests.people import actor as actor_of


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


@pytest.fixture
def theory(programme, statement, themes, lead):
    """Two statements, one tagged, two configurations that ripple, a verdict that rests on a bearing."""
    area = add_area(programme, by=lead, title="Trust")
    first, second = statement(themes=["O4", "P6"], area=area), statement(wording="If unheard, then unsaid.")
    outcome = introduce(programme, by=lead, kind="outcome", text="People come", themes=[themes["O4"]])
    cause = introduce(programme, by=lead, kind="context", text="A door is open")
    one = configure(programme, by=lead, words={"nickname": "Doors"}, statements=[first], area=area,
                    elements=[Placed("context", cause), Placed("outcome", outcome)])  # fmt: skip
    other = configure(programme, by=lead, elements=[Placed("context", outcome, wording="They came")])
    link(programme, by=lead, kind="contrasts", source=one, target=other, name="mirror")
    bear_on(first, lead)
    judge(first, by=lead, verdict="supported", rationale="It held.", bearings=["B1"], team=True)
    return first, second, one, other


def json_of(rows):
    without = ("updated", "updated_by")
    return [{name: value for name, value in row.as_json().items() if name not in without} for row in rows]


def whole(theory):
    """All that a theory shows, but who wrote it when."""
    configurations = json_of(theory.configurations)
    for row in configurations:
        row["links"].sort(key=str)
    return {
        "statements": json_of(theory.statements), "elements": json_of(theory.elements),
        "configurations": configurations,
        "themes": [(theme.label, theme.path, theme.position) for theme in theory.themes],
        "verdicts": [(line.record, line.verdict, line.bearings) for line in theory.verdicts],
        "areas": theory.part("areas"), "evidence": theory.evidence, "counts": theory.counts,
    }  # fmt: skip


def test_it_holds_what_the_working_theory_shows(programme, theory, lead):
    taken = take_snapshot(programme, by=lead, name="First")
    then = TheoryAt(programme, find_snapshot(programme, taken.slug))
    assert whole(then) == whole(TheoryAt(programme))
    numbers = [row.number for row in then.statements]
    assert json_of(then.statements) == json_of(rows_with_numbers(programme, numbers, spelled=True))
    assert json_of(then.elements) == json_of(element_rows(elements_of(programme)))
    live = json_of(configuration_rows(configurations_of(programme), slots_of(programme)))
    told = json_of(then.configurations)
    for row in (*live, *told):
        row["links"].sort(key=str)
    assert told == live
    drawn = graph_of(programme, slots_of(programme))
    assert (then.graph.nodes, then.graph.clusters, set(then.graph.ties)) == (
        drawn.nodes, drawn.clusters, set(drawn.ties),
    )  # fmt: skip
    assert then.evidence == {"S1": Counted(1, 1, {"supports": 1}, {"supports": 1})}
    assert taken.counts == {
        "statements": 2, "configurations": 2, "elements": 2, "themes": len(then.themes), "areas": 1, "verdicts": 1,
        "sources": 1, "excerpts": 1,
    }  # fmt: skip


def test_nothing_that_happens_later_changes_it(programme, theory, themes, lead):
    first, second, one, _other = theory
    taken = take_snapshot(programme, by=lead, name="First")
    was = whole(TheoryAt(programme, find_snapshot(programme, taken.slug)))
    bytes_then = canonical_bytes(find_snapshot(programme, taken.slug))
    say = {"by": lead, "reason": "So."}
    revise(first, base=1, words=Words(wording="If told, then known."), themes=[], area=None, **say)
    retire(second, base=1, **say)
    revise_element(Element.objects.select_related("programme").get(number=1), base=1, text="Nobody comes", **say)
    revise_configuration(one, base=1, words={"nickname": "Gates"}, elements=[], **say)
    edit_theme(themes["O4"], by=lead, base=1, code="O9", name="Renamed")
    move_theme(themes["P6"], by=lead, base=1, parent=themes["O"])
    shift_theme(themes["O"], by=lead, base=1, step=1)
    rename_area(programme.areas.select_related("programme").get(), by=lead, base=1, title="Renamed")
    judge(Statement.objects.select_related("programme").get(number=2), by=lead, verdict="refuted", rationale="No.",
          team=True)  # fmt: skip
    assert whole(TheoryAt(programme, find_snapshot(programme, taken.slug))) == was
    assert canonical_bytes(find_snapshot(programme, taken.slug)) == bytes_then
    assert hashlib.sha256(bytes_then).hexdigest() == taken.sha256
    call_command("check_integrity")


def test_what_is_altered_behind_the_guards_is_found(programme, theory, lead):
    take_snapshot(programme, by=lead, name="First")
    guards.remove(connection)
    try:
        Snapshot.objects.update(name="Another")
        said = StringIO()
        with pytest.raises(CommandError):
            call_command("check_integrity", stdout=said)
        assert "snapshot first: what it points at does not hash to what it carries" in said.getvalue()
    finally:
        Snapshot.objects.update(name="First")
        guards.install(connection)


def test_its_address_comes_from_the_name_and_is_never_given_twice(programme, lead):
    take = lambda **given: take_snapshot(programme, by=lead, **given).slug  # noqa: E731
    assert take(name="Initial programme theory") == "initial-programme-theory"
    assert take(name="Initial: programme theory") == "initial-programme-theory-2"
    assert take(name="理論") == "snapshot"
    assert take(name="Working") == "working-2"  # names the theory as it stands
    assert take(name="Anything", slug="ipt-1") == "ipt-1"
    for slug, said in (("ipt-1", "There is a snapshot at ipt-1 already."), ("Bad Slug", "small letters, digits"),
                       ("working", "small letters, digits")):  # fmt: skip
        with pytest.raises(ValidationError, match=said):
            take(name="Another", slug=slug)
    with pytest.raises(ValidationError, match="Write something here"):
        take(name="  ")


@pytest.mark.parametrize("again", ["Straße", "STRASSE", "  straße "])
def test_no_two_have_one_name_in_any_case(again, programme, lead, cast, as_, api):
    take_snapshot(programme, by=lead, name="Straße")
    said = f"There is a snapshot “{again.strip()}” already; choose another name."
    page = as_(cast.lead).post("/p/cse-test/snapshots", {"snap-name": again})
    assert (page.status_code, said in page.content.decode()) == (422, True)
    refused = api(cast.lead).post("/api/v1/programmes/cse-test/snapshots/", {"name": again}, format="json")
    assert (refused.status_code, refused.json()["errors"]["name"]) == (400, [said])
    assert Snapshot.objects.count() == 1


def test_the_automatic_name_at_a_close_is_told_apart_and_a_chosen_one_is_refused(programme, lead, cast, as_):
    take_snapshot(programme, by=lead, name="initial programme THEORY")
    phase = Phase.objects.select_related("programme").get(programme=programme, slug="gleaning")
    assert 'value="Initial programme theory, 2"' in as_(cast.lead).get("/p/cse-test/phases").content.decode()
    with pytest.raises(ValidationError, match="There is a snapshot “Initial programme theory” already"):
        close_and_keep(phase, by=lead, base=2, name="Initial programme theory", reason="It is done.")
    phase.refresh_from_db()
    assert phase.state == "open"
    close_and_keep(phase, by=lead, base=2, reason="It is done.")
    assert [(one.name, one.slug) for one in snapshots_of(programme)] == [
        ("initial programme THEORY", "initial-programme-theory"),
        ("Initial programme theory, 2", "initial-programme-theory-2"),
    ]
    listed = as_(cast.lead).get("/p/cse-test/phases").content.decode()
    assert '<code class="slug quiet">initial-programme-theory-2</code>' in listed


def test_only_a_lead_takes_one(programme, cast, actor):
    with pytest.raises(PermissionDenied):
        take_snapshot(programme, by=actor(cast.editor), name="First")


def test_closing_a_phase_takes_one_and_reopening_keeps_it(programme, statement, lead):
    statement()
    gleaning = Phase.objects.select_related("programme").get(programme=programme, slug="gleaning")
    close_and_keep(gleaning, by=lead, base=2, reason="Saturated.")
    taken = find_snapshot(programme, "initial-programme-theory")
    assert (taken.closes, taken.phase.slug, taken.counts["statements"]) == (True, "gleaning", 1)
    rows = AuditEvent.objects.filter(programme=programme).order_by("-number")[:2]
    assert [(row.verb, row.record) for row in rows] == [
        ("snapshot taken", "snapshot initial-programme-theory"), ("phase closed", "phase gleaning"),
    ]  # fmt: skip
    assert (rows[0].seals, taken.log_number, taken.log_digest) == (taken.sha256, rows[1].number, rows[1].digest)
    open_phase(Phase.objects.select_related("programme").get(pk=gleaning.pk), by=lead, base=3, reason="Two more.")
    assert find_snapshot(programme, "initial-programme-theory").sha256 == taken.sha256


def test_a_refused_close_takes_none(programme, lead):
    gleaning = Phase.objects.select_related("programme").get(programme=programme, slug="gleaning")
    with pytest.raises(ValidationError):
        close_and_keep(gleaning, by=lead, base=2, description="x" * 5000, reason="It is done.")
    assert not Snapshot.objects.exists()
    assert Phase.objects.get(pk=gleaning.pk).state == "open"


# ---- from the first snapshot on, every change of wording says why


def acts(programme, theory, lead):
    """{what: a change of wording without a reason}; each starts from what the world holds."""
    first, _second, one, _other = theory
    element = Element.objects.select_related("programme").get(number=1)
    return {
        "statement": lambda **why: revise(first, by=lead, base=first.revision_number,
            words=Words(wording="If told, then known."), **why),
        "element": lambda **why: revise_element(element, by=lead, base=1, text="Nobody comes", **why),
        "configuration": lambda **why: revise_configuration(one, by=lead, base=1, words={"plain": "It opens."}, **why),
        "make-up": lambda **why: revise_configuration(one, by=lead, base=1, elements=[], **why),
        "merge": lambda **why: merge(programme, by=lead, ancestors=[Seen(theory[0], 1), Seen(theory[1], 1)],
            content=Piece(Words(wording="If all, then so.")), **why),
    }  # fmt: skip


@pytest.mark.parametrize("what", ["statement", "element", "configuration", "make-up", "merge"])
def test_a_change_of_wording_says_why_from_the_first_snapshot_on(programme, theory, lead, what):
    take_snapshot(programme, by=lead, name="First")
    act = acts(programme, theory, lead)[what]
    for blank in ("", "   "):
        with pytest.raises(ValidationError) as refused:
            act(reason=blank)
        assert "every change of wording carries a reason" in refused.value.message_dict["reason"][0]
    act(reason="What LA2 taught us.")


@pytest.mark.parametrize("what", ["statement", "element", "configuration", "make-up", "merge"])
def test_before_it_none_is_asked_for(programme, theory, lead, what):
    acts(programme, theory, lead)[what]()


def test_what_is_no_change_of_wording_needs_none(programme, theory, themes, lead, statement):
    take_snapshot(programme, by=lead, name="First")
    first, second, one, _other = theory
    revise(first, by=lead, base=1, themes=[themes["O4"]], state="agreed", area=None)
    retire(second, by=lead, base=1)
    statement(wording="If new, then new.")
    revise_configuration(one, by=lead, base=1, area=None)
    revise_element(Element.objects.select_related("programme").get(number=1), by=lead, base=1, themes=[])


def test_bringing_back_an_older_wording_is_one(programme, theory, lead):
    first, _second, one, _other = theory
    revise(first, by=lead, base=1, words=Words(wording="If told, then known."))
    revise_configuration(one, by=lead, base=1, words={"plain": "It opens."})
    take_snapshot(programme, by=lead, name="First")
    with pytest.raises(ValidationError, match="carries a reason"):
        restore(first, by=lead, base=2, revision=1)
    now = Configuration.objects.select_related("programme").get(pk=one.pk)
    with pytest.raises(ValidationError, match="carries a reason"):
        restore_configuration(now, by=lead, base=2, revision=1)
    assert restore(first, by=lead, base=2, revision=1, reason="Back.").revision_number == 3


def test_a_member_without_evidence_sees_none_of_it_in_snapshots(programme, theory, lead, cast, as_, api):
    take_snapshot(programme, by=lead, name="First")
    here = f"/api/v1/programmes/{programme.slug}"
    paths = ("snapshots/first/", "statements/1/?snapshot=first", "snapshots/first/compare/working/", "verdicts/1/")
    seen = [api(cast.contributor).get(f"{here}/{path}").json() for path in paths]
    withhold_evidence(programme, by=lead, username="contributor", withheld=True)
    script, browser = api(cast.contributor), as_(cast.contributor)
    snapshot, statement, compared, verdict = (script.get(f"{here}/{path}").json() for path in paths)
    assert {"sources", "excerpts"} <= set(seen[0]["counts"])
    assert {"sources", "excerpts"} & set(snapshot["counts"]) == set()
    assert (seen[1]["evidence"]["excerpts"], statement["evidence"]) == (1, None)
    assert {row["evidence"] for row in compared["rows"]} == {None}
    assert (seen[3]["bearings"], verdict["bearings"]) == (["B1"], [])
    assert script.get(f"{here}/snapshots/first/?as=canonical").status_code == 403
    assert browser.get(f"/p/{programme.slug}/snapshots/first/canonical.json").status_code == 403
    for path in ("phases", "snapshots/first", "s/1?snapshot=first", "s/1/verdicts", "phases/changes.csv"):
        answer = browser.get(f"/p/{programme.slug}/{path}")
        assert answer.status_code == 200
        assert b"excerpt" not in answer.content, path
        assert b"B1" not in answer.content, path
    with pytest.raises(ValidationError, match="There is no bearing B1"):
        judge(Statement.objects.select_related("programme").get(number=2), by=actor_of(cast.contributor),
              verdict="supported", rationale="It held.", bearings=["B1"])  # fmt: skip


def test_both_doors_ask_for_the_reason(programme, theory, lead, cast, as_, api):
    take_snapshot(programme, by=lead, name="First")
    sent = {"mode": "sentence", "base": "1", "wording": "If told, then known.", "area": "", "state": "draft"}
    page = as_(cast.editor).post(f"/p/{programme.slug}/s/1/edit", {**sent, "reason": ""})
    assert page.status_code == 422
    assert b"every change of wording carries a reason" in page.content
    script = api(cast.editor)
    here = f"/api/v1/programmes/{programme.slug}/statements/1/"
    tag = script.get(here)["ETag"]
    refused = script.patch(here, {"wording": "If told, then known."}, format="json", HTTP_IF_MATCH=tag)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["reason"])
    assert Statement.objects.get(number=1).revision_number == 1


def test_its_citation_and_address_are_on_the_page_as_text_and_in_the_api(programme, lead, cast, as_, api):
    taken = take_snapshot(programme, by=lead, name="First", description="Why.")
    shown = as_(cast.viewer).get("/p/cse-test/snapshots/first").content.decode()
    told = api(cast.viewer).get("/api/v1/programmes/cse-test/snapshots/first/").json()
    assert told["address"] == "http://testserver/p/cse-test/snapshots/first"
    assert told["citation"].startswith(f"{programme.title}: First [programme theory, snapshot “first”, ")
    assert told["citation"].endswith(f"{told['address']} (SHA-256 {taken.sha256})")
    assert f'<p class="cite" id="cite">{told["citation"]}</p>' in shown
    assert f'<a href="{told["address"]}">{told["address"]}</a>' in shown
    assert 'data-copy="#cite"' in shown


def test_a_citation_never_changes_whatever_the_programme_is_called_later(programme, lead, cast, as_, api):
    take_snapshot(programme, by=lead, name="First")
    here, script = "/api/v1/programmes/cse-test/snapshots/", api(cast.viewer)
    told, was = script.get(f"{here}first/"), programme.title
    describe(programme, by=lead, base=1, title="Renamed")
    assert script.get(f"{here}first/").json() == told.json()
    assert script.get(f"{here}first/", HTTP_IF_NONE_MATCH=told["ETag"]).status_code == 304
    assert [one["citation"] for one in script.get(here).json()["results"]] == [told.json()["citation"]]
    assert f'id="cite">{was}: First [' in as_(cast.viewer).get("/p/cse-test/snapshots/first").content.decode()
    made = api(cast.lead).post(here, {"name": "Second"}, format="json").json()
    assert made["citation"].startswith("Renamed: Second [")
