"""Claims about the words of an interview guide: a statement is told plainly, and asked about to three ends."""

import pytest

from cmo.guiding import Aim, closing, opening, plainly, tell

SENTENCE = {
    "wording": "If a door is open, then people come in, because it is easy.",
    "if_": "a door is open", "then": "people come in", "because": "it is easy",
}  # fmt: skip


def test_a_statement_is_told_across_a_table():
    assert plainly(**SENTENCE) == (
        "We have come to think that if a door is open, then people come in. We think this is because it is easy."
    )
    without = plainly(**{**SENTENCE, "because": ""})
    assert without == "We have come to think that if a door is open, then people come in."


def test_a_sentence_without_parts_is_told_as_it_stands():
    assert plainly(" Doors matter. ", if_="", then="", because="") == "Doors matter."
    assert plainly("When open, in they come.", if_="open", then="", because="") == "When open, in they come."


@pytest.mark.parametrize("kind", ["gleaning", "refining", "consolidating"])
def test_each_statement_is_asked_about_to_three_ends_in_order(kind):
    aims = [prompt.aim for prompt in tell(**SENTENCE, kind=kind).prompts]
    assert set(aims) == set(Aim)
    assert aims == sorted(aims, key=list(Aim).index)


def test_the_questions_are_those_of_the_phase():
    asked = {kind: {p.ask for p in tell(**SENTENCE, kind=kind).prompts} for kind in ("gleaning", "refining")}
    assert len(asked["gleaning"] & asked["refining"]) == 2  # what they share is about the mechanism


def test_a_missing_mechanism_is_asked_for():
    asks = [prompt.ask for prompt in tell(**{**SENTENCE, "because": ""}).prompts]
    assert any("cannot say yet why" in ask for ask in asks)
    assert not any("Is that the reason" in ask for ask in asks)


def test_an_answer_has_the_stance_that_its_question_suggests():
    assert {prompt.aim: prompt.stance for prompt in tell(**SENTENCE).prompts} == {
        "confirm": "supports", "falsify": "challenges", "refine": "nuances",
    }  # fmt: skip


def test_the_interviewer_says_first_that_the_idea_may_be_wrong():
    assert any("may be wrong" in said for said in opening())
    assert len(closing()) == 2
