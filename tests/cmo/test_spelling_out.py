"""Claims about the step from a statement to a configuration: its parts become elements, corrected or as found."""

from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from cmo import wording as parsing
from cmo.models import Configuration, Element
from cmo.rules.arranging import turn_area
from cmo.rules.composing import Words
from cmo.rules.framing import set_slots
from cmo.rules.spelling_out import first_elements, spell_out
from cmo.rules.standing import Placed
from cmo.rules.stating import retire, revise
from tests.conftest import actor

SENTENCES = {
    "three parts": (
        "If staff have time, then families are heard, because nobody hurries them.",
        [("context", "staff have time"), ("mechanism", "nobody hurries them"), ("outcome", "families are heard")],
    ),
    "no because": ("If so, then so.", [("context", "so"), ("outcome", "so")]),
    "no then": ("When staff stay, because trust grows.", [("context", "staff stay"), ("mechanism", "trust grows")]),
    "unless": ("Unless caseloads fall, guidance is not read.",
               [("context", "it is not so that caseloads fall"), ("outcome", "guidance is not read")]),
    "nothing found": ("Trust matters.", []),
}


@pytest.mark.parametrize(("wording", "expected"), SENTENCES.values(), ids=SENTENCES)
def test_each_part_of_the_sentence_is_an_element_in_its_role(wording, expected):
    said = SimpleNamespace(wording=wording, parts=parsing.pack(parsing.find_parts(wording)))
    assert [(one.role, one.text) for one in first_elements(said, split=False)] == expected
    halves = [("reasoning" if role == "mechanism" else role, text) for role, text in expected]
    assert [(one.role, one.text) for one in first_elements(said, split=True)] == halves


def test_passages_of_one_part_are_elements_of_their_own_and_the_same_words_one():
    wording = "when tired they rest when hungry they eat when tired"
    spans = [parsing.Span(parsing.Part.IF, (at, at + 4), (at + 5, end)) for at, end in ((0, 10), (21, 32), (42, 52))]
    found = first_elements(SimpleNamespace(wording=wording, parts=parsing.pack(spans)), split=False)
    assert [one.text for one in found] == ["tired", "hungry"]


@pytest.fixture
def by(cast: Any) -> Any:
    return actor(cast.editor)


def standing(made: Configuration) -> list[tuple[str, str]]:
    return [(one.role, one.element.text) for one in made.placings.select_related("element").order_by("position")]


def test_a_configuration_comes_with_the_wording_the_area_and_the_statement(statement, area, by):
    said = statement("If a rota is kept, then nobody waits.", area=area("Plans"))
    made = spell_out(said, by=by, nickname="The rota", reason="Workshop")
    assert (made.plain, made.area.slug, made.nickname) == (said.wording, "plans", "The rota")
    assert [one.statement for one in made.spellings.all()] == [said]
    assert standing(made) == [("context", "a rota is kept"), ("outcome", "nobody waits")]
    assert [(one.kind, one.revision_number) for one in Element.objects.all()] == [("context", 1), ("outcome", 1)]
    assert made.revisions.get().reason == "Workshop"
    call_command("check_integrity", stdout=StringIO())


def test_what_the_researcher_corrects_is_taken_instead(statement, by, programme, cast):
    set_slots(programme, by=actor(cast.lead), base=1, preset="resource-reasoning")
    made = spell_out(statement(), by=by, elements=[
        Placed("context", text="a worker stays"), Placed("resource", text="time"), Placed("reasoning", text="trust"),
    ])  # fmt: skip
    assert standing(made) == [("context", "a worker stays"), ("resource", "time"), ("reasoning", "trust")]
    assert [one.mechanism for one in Element.objects.order_by("number")] == ["", "resource", "reasoning"]
    assert standing(spell_out(statement(), by=by, elements=[])) == []


def test_where_mechanisms_are_split_the_because_is_reasoning(programme, statement, cast, by):
    set_slots(programme, by=actor(cast.lead), base=1, preset="resource-reasoning")
    made = spell_out(statement(), by=by)
    assert [role for role, _text in standing(made)] == ["context", "reasoning", "outcome"]


def test_it_starts_from_the_statement_as_it_is_now(statement, by):
    looked_at = statement("If old, then old.")
    revise(looked_at, by=by, base=1, words=Words(wording="If new, then newer."))
    assert spell_out(looked_at, by=by).plain == "If new, then newer."


def test_an_area_that_was_retired_is_left_out(statement, area, by, unguarded):
    old = area("Old")
    said = statement(area=old)
    revise(said, by=by, base=1, area=None)
    turn_area(old, by=by, base=1, retired=True)
    said.refresh_from_db()
    type(said).objects.filter(pk=said.pk).update(area=old)  # as a snapshot of an older day might hold it
    assert spell_out(said, by=by).area is None


def test_nothing_is_made_of_a_retired_statement_or_by_who_may_not(statement, cast, by):
    said = statement()
    with pytest.raises(PermissionDenied):
        spell_out(said, by=actor(cast.contributor))
    with pytest.raises(ValidationError, match="Element 1: Write something here"):
        spell_out(said, by=by, elements=[Placed("context", text=" ")])
    retire(said, by=by, base=1)
    with pytest.raises(ValidationError, match="S1 is retired"):
        spell_out(said, by=by)
    assert not Configuration.objects.exists()
    assert not Element.objects.exists()
