"""Claims about elements: what each act writes, what retyping moves, and what is refused in one sentence."""

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from cmo.models import Element
from cmo.reading.elements import element_row, near_duplicates, suggestions
from cmo.rules.configuring import configure
from cmo.rules.introducing import introduce, revise_element, turn_element
from cmo.rules.recoding import merge_theme
from cmo.rules.retyping import restore_element, retype
from cmo.rules.standing import Placed
from programmes.access import Actor
from programmes.models import AuditEvent
from programmes.refusals import Stale
from programmes.rules.classifying import retire_theme


@pytest.fixture
def by(cast: Any, actor: Any) -> Actor:
    return actor(cast.editor)


@pytest.fixture
def element(programme: Any, by: Actor) -> Any:
    def make(text: str = "managers have time", kind: str = "context", **more: Any) -> Element:
        return introduce(programme, by=by, kind=kind, text=text, **more)

    return make


def history(record: Any) -> list[tuple[int, str]]:
    return list(record.revisions.order_by("number").values_list("number", "change"))


def codes(element: Element) -> list[str]:
    return sorted(element.taggings.values_list("theme__code", flat=True))


def agrees() -> None:
    call_command("check_integrity", stdout=StringIO())


def test_numbers_go_up_by_one_for_each_programme(element, by, other_programme):
    other = introduce(other_programme, by=by_of(other_programme), kind="outcome", text="They stay.")
    assert ([element().number for _ in range(3)], other.number) == ([1, 2, 3], 1)


def by_of(other: Any) -> Actor:
    return Actor(other.lead)


def test_the_first_revision_holds_all_that_was_said(element, themes, cast):
    made = element(
        traits={"polarity": "hindering", "level": "meso"}, themes=[themes["O4"]],
        formal_theory="Street-level bureaucracy", reason="From the workshop",
    )  # fmt: skip
    (first,) = made.revisions.all()
    assert (first.number, first.change, first.author, first.reason) == (1, "new", cast.editor, "From the workshop")
    assert (first.kind, first.text, first.polarity, first.level) == ("context", made.text, "hindering", "meso")
    assert first.formal_theory == "Street-level bureaucracy"
    assert list(first.taggings.values_list("theme__code", flat=True)) == ["O4"]
    agrees()


REVISIONS = {
    "text": ({"text": "managers have no time"}, "reworded"),
    "traits": ({"traits": {"polarity": "facilitating"}}, "described"),
    "theory": ({"formal_theory": "Normalisation process theory"}, "described"),
    "state": ({"state": "agreed"}, "agreed"),
    "nothing": ({}, None),
    "the same": ({"text": "managers have time", "traits": {"polarity": ""}}, None),
}


@pytest.mark.parametrize(("given", "change"), REVISIONS.values(), ids=REVISIONS)
def test_each_act_writes_one_revision_and_one_log_row_or_nothing(given, change, element, by):
    made = element()
    logged = AuditEvent.objects.count()
    revise_element(made, by=by, base=1, **given)
    assert history(Element.objects.get()) == [(1, "new")] + ([(2, change)] if change else [])
    assert AuditEvent.objects.count() == logged + bool(change)
    agrees()


def test_a_stale_revision_is_refused_with_the_element_as_it_is(element, by):
    made = element()
    revise_element(made, by=by, base=1, text="managers are busy")
    with pytest.raises(Stale) as refused:
        revise_element(made, by=by, base=1, text="managers are away")
    assert (refused.value.record.text, refused.value.record.revision_number) == ("managers are busy", 2)
    assert history(made) == [(1, "new"), (2, "reworded")]


REFUSED = {
    "no text": ({"text": " "}, "text", "Write something here"),
    "NUL": ({"text": "a\x00b"}, "text", ""),
    "a kind that is none": ({"kind": "O4"}, "kind", "Choose one of context, mechanism, outcome"),
    "a sign of a context": ({"traits": {"sign": "positive"}}, "sign", "does not describe elements of the kind Context"),
    "a level that is none": ({"traits": {"level": "global"}}, "level", "Choose one of micro, meso, macro"),
    "retired at once": ({"state": "retired"}, "state", "Choose draft or agreed"),
}


@pytest.mark.parametrize(("given", "field", "said"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_element_is_refused_and_takes_no_number(given, field, said, element):
    with pytest.raises(ValidationError) as refused:
        element(**given)
    assert list(refused.value.message_dict) == [field]
    assert said in refused.value.message_dict[field][0]
    assert Element.objects.count() == 0
    assert element().number == 1


@pytest.mark.parametrize("who", ["viewer", "contributor", "outsider"])
def test_only_editors_and_leads_write(who, programme, cast, actor, element):
    made, by = element(), actor(getattr(cast, who))
    for act in (
        lambda: introduce(programme, by=by, kind="context", text="x"),
        lambda: retype(made, by=by, base=1, kind="outcome"),
        lambda: revise_element(made, by=by, base=1, text="x"), lambda: turn_element(made, by=by, base=1, retired=True),
        lambda: restore_element(made, by=by, base=1, revision=1),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act()
    assert history(made) == [(1, "new")]


def test_an_element_that_stands_somewhere_is_not_retired(element, programme, by):
    made = element()
    configure(programme, by=by, elements=[Placed("context", made)])
    with pytest.raises(ValidationError, match="E1 stands in CMO1; take it out there first"):
        turn_element(made, by=by, base=1, retired=True)
    lone = turn_element(element("nobody asks"), by=by, base=1, retired=True, reason="Said elsewhere")
    assert history(lone) == [(1, "new"), (2, "retired")]
    back = turn_element(lone, by=by, base=2, retired=False)
    assert (back.state, history(back)[-1]) == ("draft", (3, "restored"))
    agrees()


def test_an_old_revision_comes_back_with_its_kind_traits_and_themes_in_use(element, themes, by):
    made = element(traits={"polarity": "hindering"}, themes=[themes["O4"], themes["C2"]])
    made = revise_element(made, by=by, base=1, text="other", traits={"polarity": ""}, themes=[])
    retire_theme(themes["O4"], by=by, base=1)
    made = restore_element(made, by=by, base=2, revision=1)
    assert (made.text, made.polarity, codes(made)) == ("managers have time", "hindering", ["C2"])
    assert made.revisions.first().restores == 1
    agrees()


def test_tags_follow_a_merge_of_themes(element, themes, by):
    made = element(themes=[themes["O4"]])
    merge_theme(themes["O4"], by=by, base=1, into=themes["O1"])
    assert (codes(made), history(made)[-1]) == (["O1"], (2, "retagged"))
    agrees()


# ---- retyping


def test_retyping_moves_the_element_where_it_stood_in_its_kind_and_says_so(element, programme, by):
    made = element(traits={"polarity": "facilitating"})
    here = configure(programme, by=by, elements=[Placed("context", made), Placed("outcome", text="they stay")])
    there = configure(programme, by=by, elements=[Placed("outcome", made)])
    now = retype(made, by=by, base=1, kind="mechanism", reason="It is what they reason with.")
    assert (now.kind, now.polarity, history(now)) == ("mechanism", "", [(1, "new"), (2, "retyped")])
    assert [(one.element.label, one.role) for one in here.placings.select_related("element")] == [
        ("E1", "mechanism"), ("E2", "outcome")
    ]  # fmt: skip
    assert [one.role for one in there.placings.all()] == ["outcome"]
    assert (history(here)[-1], history(there)) == ((2, "rearranged"), [(1, "new")])
    said = "E1 was retyped from Context to Mechanism. It is what they reason with."
    assert here.revisions.first().reason == said
    assert made.revisions.get(number=1).polarity == "facilitating"
    agrees()


def test_retyping_to_unsure_and_back_loses_no_place(element, programme, by):
    made = element()
    here = configure(programme, by=by, elements=[Placed("context", made, wording="as said here")])
    made = retype(made, by=by, base=1, kind="unsure")
    made = retype(made, by=by, base=2, kind="context")
    assert [(one.role, one.wording) for one in here.placings.all()] == [("context", "as said here")]
    assert retype(made, by=by, base=3, kind="context").revision_number == 3


def test_where_it_stands_follows_a_restored_kind_too(element, programme, by):
    made, outcome = element(), element("nobody waits", "outcome")
    here = configure(programme, by=by, elements=[Placed("context", made), Placed("outcome", outcome)])
    made = retype(made, by=by, base=1, kind="mechanism", reason="Tried.")
    made = restore_element(made, by=by, base=2, revision=1, reason="It was not.")
    assert [(one.element.label, one.role) for one in here.placings.select_related("element")] == [
        ("E1", "context"), ("E2", "outcome")
    ]  # fmt: skip
    assert history(here) == [(1, "new"), (2, "rearranged"), (3, "rearranged")]
    assert here.revisions.first().reason == "E1 was restored, from Mechanism to Context. It was not."
    agrees()


# ---- finding


def test_what_is_like_it_is_pointed_out_and_found_while_typing(element, programme):
    first, second = element("Managers have the time to explain"), element("managers have time to explain it")
    element("young people are heard")
    assert [one.label for one in near_duplicates(first)] == [second.label]
    assert [one.label for one in suggestions(programme, "MANAGERS time")] == [first.label, second.label]
    assert element_row(first).lone


def test_suggestions_know_nothing_of_other_programmes(element, other_programme):
    introduce(other_programme, by=by_of(other_programme), kind="context", text="managers have time")
    made = element()
    assert near_duplicates(made) == []
    assert [one.pk for one in suggestions(made.programme, "managers")] == [made.pk]
