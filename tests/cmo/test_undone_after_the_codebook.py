"""Claims about undoing acts of lineage after themes were merged: tags that follow the codebook move nobody on."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from cmo.models import Configuration
from cmo.rules.configuring import configure
from cmo.rules.descending import merge, refine, replace, split
from cmo.rules.descending_configurations import MadeOf, merge_configurations
from cmo.rules.descent import Seen
from cmo.rules.introducing import introduce
from cmo.rules.recoding import merge_theme
from cmo.rules.standing import Placed
from cmo.rules.stating import revise
from cmo.rules.undoing import undo
from programmes.models import Theme
from tests.cmo.test_descending import all_is_well, carried, now, said, seen, states
from tests.conftest import actor


@pytest.fixture
def by(cast):
    return actor(cast.editor)


def test_each_act_is_undone_and_its_ancestors_carry_what_their_themes_became(programme, by, themes, statement):
    first, second, third, fourth, fifth = (statement(themes=["O4", "C2"]) for _ in range(5))
    acts = [
        merge(programme, by=by, ancestors=seen(first, second), content=said("Both.")),
        split(seen(third)[0], by=by, pieces=[said("One."), said("Two.", themes=[themes["O4"]])]),
        replace(seen(fourth)[0], by=by, new=said("New.")),
        refine(seen(fifth)[0], by=by, content=said("Finer.")),
    ]
    for old, into in (("O4", "O1"), ("O1", "C2")):
        theme = Theme.objects.get(code=old)
        merge_theme(theme, by=by, base=theme.revision_number, into=Theme.objects.get(code=into), reason="The same.")
    for done in acts:
        undo(done.act, by=by)
    assert states(first, second, third, fourth, fifth) == ["draft"] * 5
    assert [carried(one) for one in (first, second, third, fourth, fifth)] == [{"C2"}] * 5
    assert {now(one).state for done in acts for one in done.younger} == {"retired"}
    all_is_well(programme)


def test_what_followed_the_codebook_between_an_act_and_its_undoing_is_not_in_the_way_either(
    programme, by, themes, statement
):
    first, second = statement(themes=["O4"]), statement(wording="Second.", themes=["O1"])
    done = merge(programme, by=by, ancestors=seen(first), into=seen(second)[0], content=said("Both."))
    halves = split(seen(second)[0], by=by, pieces=[said("One."), said("Two.")])
    merge_theme(themes["O4"], by=by, base=1, into=themes["C2"])
    undo(halves.act, by=by)
    undo(done.act, by=by)
    assert (now(second).wording, states(first, second)) == ("Second.", ["draft"] * 2)
    assert (carried(first), carried(second)) == ({"C2"}, {"O1"})
    all_is_well(programme)


def test_a_tag_changed_by_hand_is_in_the_way_of_undoing(programme, by, themes, statement):
    first, second = statement(themes=["O4"]), statement(themes=["O1"])
    done = merge(programme, by=by, ancestors=seen(first, second), content=said("Both."))
    merge_theme(themes["O4"], by=by, base=1, into=themes["C2"])
    revise(*done.younger, by=by, base=2, themes=[themes["C2"]])
    with pytest.raises(ValidationError, match="S3 has moved on since, to version 3"):
        undo(done.act, by=by)


def test_configurations_whose_elements_followed_the_codebook_are_undone_too(programme, by, themes):
    made = []
    for text in ("time", "trust"):
        element = introduce(programme, by=by, kind="context", text=text, themes=[themes["O4"]])
        made.append(configure(programme, by=by, elements=[Placed("context", element)]))
    done = merge_configurations(programme, by=by, ancestors=[Seen(one, 1) for one in made], content=MadeOf())
    merge_theme(themes["O4"], by=by, base=1, into=themes["C2"])
    undo(done.act, by=by)
    assert list(Configuration.objects.order_by("number").values_list("state", flat=True)) == [
        "draft", "draft", "retired",
    ]  # fmt: skip
    assert all(carried(place.element) == {"C2"} for one in made for place in one.placings.select_related("element"))
    call_command("check_integrity")
