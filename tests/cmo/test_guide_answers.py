"""Claims about the answers to an interview guide: excerpts that bear on what was told, by both doors."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cmo.models import Bearing, Excerpt
from cmo.rules.answering import MOST, Answer, keep_answers
from cmo.rules.composing import Words
from cmo.rules.stating import revise
from programmes.models import AuditEvent
from programmes.rules.siting import add_site
from programmes.rules.sourcing import add_source

P = "/p/cse-test"
A = "/api/v1/programmes/cse-test"
MARKER = "xylograph"


@pytest.fixture
def by(cast, actor):
    return actor(cast.editor)


@pytest.fixture
def claim(statement):
    return statement("If told by email, then few know, because nobody has time.")


@pytest.fixture
def source(programme, by):
    site = add_site(programme, by=by, name="LA1")
    return add_source(programme, by=by, kind="interview", pseudonym="LA1-SW1", role="Social worker", site=site)



def test_answers_become_excerpts_that_bear_on_what_was_told(claim, source, by, actor, cast):
    now = revise(claim, by=actor(cast.lead), base=1, words=Words(wording="If told by email, then nobody knows."))
    made = keep_answers(
        source.programme, by=by, source=source,
        answers=[Answer(now, 1, "Not in our team.", "challenges", part="because", locator="00:12"),
                 Answer(now, 2, "That is how it was.", "supports")],
    )  # fmt: skip
    assert [(one.excerpt.label, one.stance, one.part, one.made_against) for one in made] == [
        ("X1", "challenges", "because", 1), ("X2", "supports", "", 2),
    ]  # fmt: skip
    assert [one.stale for one in Bearing.objects.with_stale().order_by("number")] == [True, False]
    assert Excerpt.objects.get(number=1).locator == "00:12"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"stance": "loves"}, "Answer 2: Choose one of"),
        ({"revision": 9}, "Answer 2: Say which revision of S1 you read"),
        ({"text": " "}, "Excerpt 2: Write something here"),
        ({"part": "whole"}, "Answer 2: Choose one of"),
    ],
)
def test_one_bad_answer_keeps_none(claim, source, by, change, told):
    good = {"statement": claim, "revision": 1, "text": "Yes.", "stance": "supports"}
    with pytest.raises(ValidationError) as refused:
        keep_answers(source.programme, by=by, source=source, answers=[Answer(**good), Answer(**{**good, **change})])
    assert list(refused.value.message_dict) == ["answers"]
    assert refused.value.message_dict["answers"][0].startswith(told)
    assert (Excerpt.objects.count(), Bearing.objects.count()) == (0, 0)


def test_answers_need_somebody_who_links_evidence(claim, source, cast, actor):
    for who in (cast.viewer, cast.contributor):
        with pytest.raises(PermissionDenied):
            keep_answers(source.programme, by=actor(who), source=source, answers=[])


def test_none_and_too_many_answers_are_refused(claim, source, by):
    one = Answer(claim, 1, "Yes.", "supports")
    for answers in ([], [one] * (MOST + 1)):
        with pytest.raises(ValidationError) as refused:
            keep_answers(source.programme, by=by, source=source, answers=answers)
        assert list(refused.value.message_dict) == ["answers"]


def test_an_answer_whose_stance_was_emptied_is_unclear(claim, source, cast, as_, api):
    typed = {"statements": "S1", "kind": "refining", "source": "q1", "revision-1": "1", "answer-1-confirm": "Well."}
    assert as_(cast.editor).post(f"{P}/evidence/guide", {**typed, "stance-1-confirm": ""}).status_code == 302
    assert Bearing.objects.get().stance == "unclear"
    body = {"source": "Q1", "answers": [{"statement": "S1", "revision": 1, "text": "Well.", "stance": ""}]}
    refused = api(cast.editor).post(f"{A}/guide/answers/", body, format="json")
    assert refused.json()["errors"]["answers"][0].startswith("Answer 1: Choose one of")


def test_the_form_of_answers_presumes_no_stance_and_offers_the_sources(claim, source, cast, as_):
    page = as_(cast.editor).get(f"{P}/evidence/guide?statements=S1").content.decode()
    assert page.count('<option value="" selected>') == 3
    assert f'<option value="Q1">{source.name}</option>' in page


def test_a_source_may_be_named_by_its_pseudonym(claim, source, cast, api):
    body = {"answers": [{"statement": "S1", "revision": 1, "text": "Well.", "stance": "unclear"}]}
    script = api(cast.editor)
    made = script.post(f"{A}/guide/answers/", body | {"source": f" {source.pseudonym.lower()} "}, format="json")
    assert made.status_code == 201
    refused = script.post(f"{A}/guide/answers/", body | {"source": "Nobody"}, format="json")
    assert refused.json()["errors"] == {"source": ["Write a label such as Q12, not “Nobody”."]}


@pytest.mark.parametrize("revision", ["0", "99999999999", "x"])
def test_a_revision_out_of_range_is_named(claim, source, cast, as_, revision):
    typed = {"statements": "S1", "kind": "refining", "source": "q1", "answer-1-confirm": "Well."}
    page = as_(cast.editor).post(f"{P}/evidence/guide", {**typed, "revision-1": revision})
    assert page.status_code == 422
    assert "Say which revision of S1 was told; load the page again." in page.content.decode()
    assert "Well." in page.content.decode()


def test_the_page_of_the_guide_brings_answers_back_once(claim, source, cast, as_):
    browser = as_(cast.editor)
    page = browser.get(f"{P}/evidence/guide?statements=S1").content.decode()
    assert "We have come to think that if told by email, then few know." in page
    typed = {
        "statements": "S1", "kind": "refining", "source": "q1", "locator": "p. 2", "revision-1": "1",
        "answer-1-confirm": f"{MARKER} yes", "answer-1-falsify": "  ", "answer-1-refine": "Only on Mondays.",
        "stance-1-refine": "supports", "nonce": "n1",
    }  # fmt: skip
    for _again in range(2):
        answer = browser.post(f"{P}/evidence/guide", typed)
        assert (answer.status_code, answer["Location"]) == (302, f"{P}/s/1")
    found = list(Bearing.objects.order_by("number").values_list("excerpt__text", "stance", "excerpt__locator"))
    assert found == [(f"{MARKER} yes", "unclear", "p. 2"), ("Only on Mondays.", "supports", "p. 2")]
    log = json.dumps(list(AuditEvent.objects.values("record", "verb", "detail", "reason")), default=str)
    assert MARKER not in log


def test_what_was_typed_into_the_guide_is_not_lost(claim, source, cast, as_):
    typed = {"statements": "S1", "kind": "gleaning", "source": "Q9", "answer-1-confirm": "A long answer"}
    answer = as_(cast.editor).post(f"{P}/evidence/guide", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no source Q9 in this programme." in page
    assert "A long answer" in page
    assert not Excerpt.objects.exists()


def test_a_guide_of_what_is_not_there_says_so(claim, cast, as_, api):
    for labels, said in (("S9", "There is no statement S9"), ("X1", "Write a label such as S12")):
        answer = as_(cast.viewer).get(f"{P}/evidence/guide?statements={labels}")
        assert said in answer.content.decode()
        refused = api(cast.viewer).get(f"{A}/guide/?statements={labels}")
        assert refused.status_code == 400
        assert said in str(refused.json()["errors"]["statements"])
    many = ",".join(f"S{n}" for n in range(1, 40))
    assert api(cast.viewer).get(f"{A}/guide/?statements={many}").status_code == 400
    assert api(cast.viewer).get(f"{A}/guide/?statements=S1&kind=odd").status_code == 400


def test_the_api_makes_a_guide_and_takes_the_answers(claim, source, cast, api):
    script = api(cast.editor)
    guide = script.get(f"{A}/guide/?statements=S1&kind=consolidating").json()
    asked = guide["statements"][0]
    assert (guide["kind"], asked["statement"], asked["revision"]) == ("consolidating", "S1", 1)
    assert {prompt["aim"] for prompt in asked["prompts"]} == {"confirm", "falsify", "refine"}
    body = {
        "source": "Q1",
        "answers": [{"statement": "S1", "revision": 1, "text": "Yes.", "stance": "supports", "part": "then"}],
    }
    made = script.post(f"{A}/guide/answers/", body, format="json", HTTP_IDEMPOTENCY_KEY="once")
    again = script.post(f"{A}/guide/answers/", body, format="json", HTTP_IDEMPOTENCY_KEY="once")
    assert (made.status_code, again.json(), again["Idempotency-Replayed"]) == (201, made.json(), "true")
    assert made.json() == {"source": "Q1", "answers": [{
        "statement": "S1", "excerpt": "X1", "bearing": "B1", "stance": "supports", "part": "then", "made_against": 1,
    }]}  # fmt: skip
    assert Bearing.objects.count() == 1


def kept() -> list[tuple[Any, ...]]:
    names = ("excerpt__text", "excerpt__source__number", "statement__number", "stance", "part", "made_against", "note")
    return list(Bearing.objects.order_by("number").values_list(*names))


def test_both_doors_leave_the_same_answers(claim, source, cast, as_, api):
    typed = {"statements": "S1", "kind": "refining", "source": "Q1", "revision-1": "1"}
    typed |= {"answer-1-falsify": "Not so.", "stance-1-falsify": "challenges"}
    assert as_(cast.editor).post(f"{P}/evidence/guide", typed).status_code == 302
    by_page = kept()
    body = {"source": "Q1", "answers": [{"statement": "S1", "revision": 1, "text": "Not so.", "stance": "challenges"}]}
    assert api(cast.editor).post(f"{A}/guide/answers/", body, format="json").status_code == 201
    assert kept() == by_page * 2
