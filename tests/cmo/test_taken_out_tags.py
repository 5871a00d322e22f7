"""Claims about ETags once words are taken out: whoever has an older tag is given what stands there now."""

import pytest

from cmo.rules.composing import Words
from cmo.rules.discussing import say
from cmo.rules.noting import write_memo
from cmo.rules.redacting import take_out
from cmo.rules.stating import revise
from cmo.rules.withdrawing import withdraw_excerpt
from programmes.models import AuditEvent
from programmes.vocabulary import Verb
from tests.conftest import actor
from tests.evidence_acts import bear_on
from tests.table import ROWS
from tests.worlds import address, client

pytestmark = pytest.mark.django_db
HERE = "/api/v1/programmes/cse-test/"
NAME = "Dilys Price of Bangor"
SHOWN = [row for row in ROWS if row.api and row.method == "GET" and isinstance(row.may, Verb)]
# Nothing is ever taken out of these: a snapshot never changes, and a member is a name and a role.
NEVER = {"api:snapshot", "api:member"}


def take_out_last(programme, lead):
    row = AuditEvent.objects.filter(programme=programme).latest("number")
    return take_out(programme, by=lead, number=row.number, why="It names a participant.")


def test_no_tag_of_any_route_outlives_words_taken_out(world):
    knocks, held = client(world, "lead", "token"), {}
    for row in SHOWN:
        url = address(world, row, "lead")
        tag = knocks.get(url).get("ETag")
        if tag and row.route not in NEVER:
            held[url] = tag
            assert knocks.get(url, HTTP_IF_NONE_MATCH=tag).status_code == 304, url
    assert len(held) > 25
    revise(world.own.statements.get(number=2), by=world.by_lead, base=1, words=Words(wording="If so."), reason=NAME)
    held = {url: knocks.get(url)["ETag"] for url in held}
    take_out_last(world.own, world.by_lead)
    assert {url: knocks.get(url, HTTP_IF_NONE_MATCH=tag).status_code for url, tag in held.items()} == dict.fromkeys(
        held, 200
    )


@pytest.mark.parametrize("path", ["comments/1/", "memos/1/", "statements/1/revisions/2/", "statements/1/why/"])
def test_who_asks_with_an_older_tag_reads_that_the_words_are_gone(path, programme, statement, cast, api):
    lead, script = actor(cast.lead), api(cast.viewer)
    first = statement()
    revise(first, by=lead, base=1, words=Words(wording="If so, then so."), reason=f"{NAME} said so.")
    written = [AuditEvent.objects.latest("number").number]
    say(first, by=lead, text=f"{NAME} said so.")
    written.append(AuditEvent.objects.latest("number").number)
    write_memo(programme, by=lead, title=NAME, text=f"{NAME} said so.", shared=True)
    written.append(AuditEvent.objects.latest("number").number)
    before = script.get(f"{HERE}{path}")
    assert NAME in before.content.decode()
    for number in written:
        take_out(programme, by=lead, number=number, why="It names a participant.")
    after = script.get(f"{HERE}{path}", HTTP_IF_NONE_MATCH=before["ETag"])
    assert (after.status_code, NAME in after.content.decode()) == (200, False)
    assert script.get(f"{HERE}{path}", HTTP_IF_NONE_MATCH=after["ETag"]).status_code == 304


def test_a_tag_from_before_words_were_taken_out_still_says_which_revision_was_seen(programme, statement, cast, api):
    lead, script = actor(cast.lead), api(cast.editor)
    first = statement()
    revise(first, by=lead, base=1, words=Words(wording="If so, then so."), reason=NAME)
    tag = script.get(f"{HERE}statements/1/")["ETag"]
    take_out_last(programme, lead)
    sent = {"wording": "If so, then not.", "reason": "So."}
    changed = script.patch(f"{HERE}statements/1/", sent, format="json", HTTP_IF_MATCH=tag)
    assert (changed.status_code, changed.json()["revision"]) == (200, 3)


def test_an_excerpt_withdrawn_moves_the_tags_of_all_that_showed_it(programme, statement, cast, api):
    lead, script = actor(cast.lead), api(cast.editor)
    bearing = bear_on(statement(), by=lead)
    paths = ["excerpts/1/", "bearings/1/", "sources/1/", "statements/1/", "statements/1/grounds/", "statements/1/why/"]
    held = {path: script.get(f"{HERE}{path}")["ETag"] for path in paths}
    withdraw_excerpt(bearing.excerpt, by=lead, why="They asked for it.")
    told = {path: script.get(f"{HERE}{path}", HTTP_IF_NONE_MATCH=tag).status_code for path, tag in held.items()}
    assert told == dict.fromkeys(paths, 200)
