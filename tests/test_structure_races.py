"""Claims about writers of elements and configurations at the same moment, on the database of the run."""

from typing import Any

import pytest
from django.core.management import call_command

from cmo.models import Configuration, Element
from cmo.rules.configuring import configure, revise_configuration, turn_configuration
from cmo.rules.introducing import introduce, revise_element, turn_element
from cmo.rules.linking import link
from cmo.rules.retyping import retype
from cmo.rules.standing import Placed
from programmes.refusals import Stale
from tests.conftest import actor
from tests.test_races import ROUNDS, at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)


def placings(made: Any) -> list[tuple[str, str]]:
    return [(one.element.label, one.role) for one in made.placings.select_related("element").order_by("position")]


def test_no_acknowledged_wording_of_an_element_is_lost(programme, cast):
    by = actor(cast.editor)
    made = introduce(programme, by=by, kind="context", text="start")

    def write(who: int) -> int:
        kept = 0
        while kept < 5:
            now = Element.objects.select_related("programme").get(pk=made.pk)
            try:
                revise_element(now, by=by, base=now.revision_number, text=f"{now.text} m{who}.{kept}")
            except Stale:
                continue
            kept += 1
        return kept

    assert at_once(*(lambda who=who: write(who) for who in range(8))) == [5] * 8
    now = Element.objects.get(pk=made.pk)
    assert now.revision_number == 41
    assert sorted(now.text.split()[1:]) == sorted(f"m{who}.{at}" for who in range(8) for at in range(5))
    call_command("check_integrity")


def test_new_configurations_at_once_take_numbers_without_gaps(programme, cast):
    by = actor(cast.editor)

    def make() -> None:
        for _ in range(4):
            configure(programme, by=by, elements=[Placed("context", text="x"), Placed("outcome", text="y")])

    assert kinds(at_once(*[make] * 6)) == ["done"] * 6
    assert list(Configuration.objects.values_list("number", flat=True)) == list(range(1, 25))
    assert list(Element.objects.values_list("number", flat=True)) == list(range(1, 49))
    call_command("check_integrity")


def test_an_element_is_never_retired_while_it_joins_a_configuration(programme, cast):
    by = actor(cast.editor)
    for _ in range(ROUNDS):
        made = introduce(programme, by=by, kind="context", text="wanted by two")
        found = kinds(at_once(
            lambda made=made: turn_element(made, by=by, base=1, retired=True),
            lambda made=made: configure(programme, by=by, elements=[Placed("context", made)]),
        ))  # fmt: skip
        assert found == ["ValidationError", "done"]
        now = Element.objects.get(pk=made.pk)
        assert (now.state == "retired") != now.placings.exists()
    call_command("check_integrity")


def test_retyping_and_rearranging_at_once_leave_one_make_up(programme, cast):
    by = actor(cast.editor)
    for _ in range(ROUNDS):
        made = configure(programme, by=by, elements=[Placed("context", text="a"), Placed("outcome", text="b")])
        first, second = (one.element for one in made.placings.select_related("element__programme"))
        answers = at_once(
            lambda first=first: retype(first, by=by, base=1, kind="mechanism"),
            lambda made=made, second=second: revise_configuration(
                made, by=by, base=1, elements=[Placed("outcome", second)]
            ),
            lambda made=made: turn_configuration(made, by=by, base=1, retired=True),
        )
        assert set(kinds(answers)) <= {"done", "Stale"}
        assert kinds(answers).count("done") >= 1
        now = Configuration.objects.get(pk=made.pk)
        assert placings(now) == placings(now.revisions.first())
    call_command("check_integrity")


def test_nestings_stated_at_once_never_go_round(programme, cast):
    by = actor(cast.editor)
    for _ in range(ROUNDS):
        ring = [configure(programme, by=by) for _at in range(3)]

        def nest(at: int, ring: Any = ring) -> Any:
            return link(programme, by=by, kind="nested", source=ring[at], target=ring[(at + 1) % 3])

        done = kinds(at_once(*(lambda at=at: nest(at) for at in range(3))))
        assert sorted(done) == ["ValidationError", "done", "done"]
