"""Claims about the answers to an interview guide: excerpts that bear on what was told, by both doors."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cmo.models import Bearing, Excerpt
from cmo.rules.answering import MOST, Answer, keep_answers
from cmo.rules.composing import Words
from cmo.rules.configuring import configure, revise_configuration
from cmo.rules.stating import revise
from programmes.models import AuditEvent
from tests.evidence_factories import interviewed

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
    return interviewed(programme, by)



def test_answers_become_excerpts_that_bear_on_what_was_told(claim, source, by, actor, cast):
    now = revise(claim, by=actor(cast.lead), base=1, words=Words(wording="If told by email, then nobody knows."))
    made = keep_answers(
        source.programme, by=by, source=source,
        answers=[Answer(now, 1, "Not in our team.", "challenges", part="because", locator="00:12"),
                 Answer(now, 2, "That is how it was.", "supports")],
    )  # fmt: skip
    assert [(one.excerpt.label, one.stance, one.part, one.made_against) for one in made.bearings] == [
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
    assert refused.json()["errors"] == {
        "source": ["There is no source with the pseudonym “Nobody” here; write one that there is, or a label: Q12."],
    }  # fmt: skip


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
        assert (answer.status_code, answer["Location"]) == (302, f"{P}/q/1")
    found = list(Bearing.objects.order_by("number").values_list("excerpt__text", "stance", "excerpt__locator"))
    assert found == [(f"{MARKER} yes", "unclear", "p. 2"), ("Only on Mondays.", "supports", "p. 2")]
    first, second = Bearing.objects.order_by("number").values_list("note", flat=True)
    assert (first, second) == ("Answer to: Does it hold?", "Answer to: What would make it truer?")
    log = json.dumps(list(AuditEvent.objects.values("record", "verb", "detail", "reason")), default=str)
    assert MARKER not in log


def test_a_plain_sentence_that_is_older_than_the_statement_is_not_told(claim, by, cast, api):
    told = lambda: api(cast.viewer).get(f"{A}/guide/?statements=S1").json()["statements"][0]["otherwise"]  # noqa: E731
    spelled = configure(claim.programme, by=by, words={"plain": "Mails are not read."}, statements=[claim])
    assert told() == ["Mails are not read."]
    revise(claim, by=by, base=1, words=Words(wording="If told by letter, then all know."))
    assert told() == []
    revise_configuration(spelled, by=by, base=1, words={"plain": "Letters are read."})
    assert told() == ["Letters are read."]
    revise_configuration(spelled, by=by, base=2, words={"nickname": "Letters"})
    assert told() == ["Letters are read."]


def test_answers_without_a_source_are_told_to_choose_one(claim, source, cast, as_, api):
    said = "Choose or write the source, such as Q12."
    typed = {"statements": "S1", "kind": "refining", "source": " ", "answer-1-confirm": "Well."}
    answer = as_(cast.editor).post(f"{P}/evidence/guide", typed)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    body = {"source": "", "answers": [{"statement": "S1", "revision": 1, "text": "Well.", "stance": "unclear"}]}
    refused = api(cast.editor).post(f"{A}/guide/answers/", body, format="json")
    assert refused.json()["errors"]["source"] == [said]


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
    }], "closing": [], "warnings": []}  # fmt: skip
    assert Bearing.objects.count() == 1


def kept() -> list[tuple[Any, ...]]:
    names = ("excerpt__text", "excerpt__source__number", "statement__number", "stance", "part", "made_against", "note")
    return list(Bearing.objects.order_by("number").values_list(*names))


def test_both_doors_leave_the_same_answers(claim, source, cast, as_, api):
    typed = {"statements": "S1", "kind": "refining", "source": "Q1", "revision-1": "1"}
    typed |= {"answer-1-falsify": "Not so.", "stance-1-falsify": "challenges"}
    assert as_(cast.editor).post(f"{P}/evidence/guide", typed).status_code == 302
    by_page = kept()
    said = {"statement": "S1", "revision": 1, "text": "Not so.", "stance": "challenges", "aim": "falsify"}
    body = {"source": "Q1", "answers": [said]}
    assert api(cast.editor).post(f"{A}/guide/answers/", body, format="json").status_code == 201
    assert kept() == by_page * 2
    assert by_page[0][-1] == "Answer to: Where does it fail?"
    body["answers"] = [said | {"note": "Hesitantly.", "aim": "refine"}]
    assert api(cast.editor).post(f"{A}/guide/answers/", body, format="json").status_code == 201
    assert kept()[-1][-1] == "Answer to: What would make it truer? Hesitantly."
    body["answers"] = [said | {"aim": "win"}]
    refused = api(cast.editor).post(f"{A}/guide/answers/", body, format="json")
    assert refused.json()["errors"] == {"aim": ["Choose one of confirm, falsify, refine."]}


def test_what_is_said_at_the_end_is_kept_and_bears_on_nothing(claim, source, cast, as_, api):
    browser = as_(cast.editor)
    page = browser.get(f"{P}/evidence/guide?statements=S1").content.decode()
    assert [f'name="closing-{n}"' in page for n in (1, 2, 3)] == [True, True, False]
    typed = {"statements": "S1", "kind": "refining", "source": "Q1", "locator": "00:40", "revision-1": "1",
             "answer-1-confirm": "So it is.", "closing-2": "Ask Mrs Rhian Powell, the manager."}  # fmt: skip
    page = browser.post(f"{P}/evidence/guide", typed, follow=True).content.decode()
    assert "2 answers of Q1 are kept: X1 on S1, X2 on no statement yet." in page
    assert "X2 may hold a name. Read it again." in page
    by_page = Excerpt.objects.get(number=2)
    assert by_page.locator == "00:40. Answer to: Whom should we talk to who sees it differently?"
    assert Bearing.objects.count() == 1
    asked = {"question": 2, "text": "Ask Mrs Rhian Powell, the manager.", "locator": "00:40"}
    body = {"source": "Q1", "closing": [asked]}
    made = api(cast.editor).post(f"{A}/guide/answers/", body, format="json")
    assert made.json() == {
        "source": "Q1", "answers": [], "closing": ["X3"], "warnings": ["X3 may hold a name."],
    }  # fmt: skip
    by_api = Excerpt.objects.get(number=3)
    assert (by_api.text, by_api.locator) == (by_page.text, by_page.locator)
    for question in (0, 3):
        body = {"source": "Q1", "closing": [asked | {"question": question}]}
        refused = api(cast.editor).post(f"{A}/guide/answers/", body, format="json")
        assert (refused.status_code, list(refused.json()["errors"])) == (400, ["question" if question else "closing"])
    refused = api(cast.editor).post(f"{A}/guide/answers/", {"source": "Q1"}, format="json")
    assert refused.json()["errors"] == {"answers": ["Write down at least one answer."]}


def test_a_guide_to_nothing_is_refused_by_both_doors(claim, cast, as_, api):
    said = "Choose at least one statement for the guide."
    browser = as_(cast.viewer)
    page = browser.get(f"{P}/evidence/guide?kind=gleaning").content.decode()
    assert said in page
    assert 'value="gleaning" checked' in page
    assert said not in browser.get(f"{P}/evidence/guide").content.decode()
    refused = api(cast.viewer).get(f"{A}/guide/?statements=&kind=gleaning")
    assert (refused.status_code, refused.json()["errors"]) == (400, {"statements": [said]})


def test_a_warning_begins_with_the_excerpt_that_it_is_about(claim, source, by, cast, as_):
    answer = Answer(claim, 1, "Ask Mrs Rhian Powell, 07700 900123.", "supports")
    keep_answers(source.programme, by=by, source=source, answers=[answer])
    page = as_(cast.editor).get(f"{P}/q/1").content.decode()
    assert 'x/1">X1</a> <span class="warned">may hold a name and may hold a phone number</span>' in page
