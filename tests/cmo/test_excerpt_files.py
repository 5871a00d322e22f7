"""Claims about excerpts as files: with themes and bearings, by both doors alike, filtered, streamed."""

import csv
import io
import json

import pytest

from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.excerpting import Said, add_excerpt
from programmes.models import Membership
from programmes.rules.sourcing import add_source
from tests.evidence_factories import many_bearings

P, API = "/p/cse-test", "/api/v1/programmes/cse-test"


@pytest.fixture
def gathered(programme, statement, themes, cast, actor):
    by, claim = actor(cast.editor), statement()
    source = add_source(programme, by=by, kind="interview", pseudonym="LA1-SW1", role="Social worker")
    first = add_excerpt(source, by=by, said=Said("=1+1 is late; so we hear.", locator="p. 4", themes=[themes["O4"]]))
    add_excerpt(source, by=by, said=Said("Hwyr yw hi."))
    link_excerpt(first, by=by, on=On(claim, "because"), stance="challenges", note="Habit, not trust.")
    return claim


def whole(answer):
    assert (answer.status_code, answer.streaming) == (200, True)
    return b"".join(answer.streaming_content)


def test_a_table_for_spreadsheets_holds_no_formula(gathered, as_, api, cast):
    answer = as_(cast.viewer).get(f"{P}/evidence/excerpts.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="cse-test-excerpts.csv"'
    raw = whole(answer)
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw == whole(api(cast.viewer).get(f"{API}/excerpts/export/?as=csv"))
    first, second = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    assert (first["label"], first["text"], first["themes"]) == ("X1", "'=1+1 is late; so we hear.", "O4")
    assert (first["bearings"], first["notes"]) == ("B1 challenges S1 (because)", "B1: Habit, not trust.")
    assert (first["source"], first["role"], second["text"]) == ("Q1", "Social worker", "Hwyr yw hi.")


def test_json_is_what_the_api_shows_with_the_bearings_whole(gathered, as_, api, cast):
    raw = whole(api(cast.viewer).get(f"{API}/excerpts/export/"))
    assert raw == whole(as_(cast.viewer).get(f"{P}/evidence/excerpts.json"))
    first, _second = json.loads(raw)
    shown = api(cast.viewer).get(f"{API}/excerpts/1/").json()
    (bearing,) = first.pop("bearings")
    assert shown.pop("bearings") == [bearing["label"]]
    times = ("created", "updated")
    assert {k: v for k, v in first.items() if k not in times} == {k: v for k, v in shown.items() if k not in times}
    assert (bearing["stance"], bearing["on"], bearing["part"]) == ("challenges", "S1", "because")


@pytest.mark.parametrize("query", ["stance=challenges", "linked=true", "search=late", "theme=O4", "on=S1"])
def test_the_filters_are_those_of_the_list(gathered, as_, api, cast, query):
    raw = whole(as_(cast.viewer).get(f"{P}/evidence/excerpts.json?{query}"))
    assert [one["label"] for one in json.loads(raw)] == ["X1"]
    assert whole(api(cast.viewer).get(f"{API}/excerpts/export/?{query}")) == raw
    page = as_(cast.viewer).get(f"{P}/evidence/excerpts?{query}&page=1").content.decode()
    assert f'href="{P}/evidence/excerpts.csv?{query}"' in page


def test_what_cannot_be_asked_is_said_before_the_first_byte(gathered, as_, api, cast):
    page = as_(cast.viewer).get(f"{P}/evidence/excerpts.csv?stance=maybe")
    assert (page.status_code, "There is a problem" in page.content.decode()) == (400, True)
    assert list(api(cast.viewer).get(f"{API}/excerpts/export/?stance=maybe").json()["errors"]) == ["stance"]
    assert list(api(cast.viewer).get(f"{API}/excerpts/export/?as=xml").json()["errors"]) == ["as"]


def test_members_without_evidence_get_none(gathered, as_, api, cast):
    Membership.objects.filter(person=cast.viewer).update(no_evidence=True)
    assert as_(cast.viewer).get(f"{P}/evidence/excerpts.csv").status_code == 404
    assert api(cast.viewer).get(f"{API}/excerpts/export/").status_code == 404


@pytest.mark.parametrize("n", [1, 3, 1000])
def test_a_batch_costs_two_queries(programme, statement, cast, api, queries, n):
    many_bearings(programme, cast.editor, [statement()], n)
    script = api(cast.viewer)
    script.get(f"{API}/excerpts/")
    with queries(2 + 2 * -(-n // 500)):
        whole(script.get(f"{API}/excerpts/export/"))
