"""Claims about what joins configurations: links, ripples with a label, rival groups and demi-regularities."""

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from cmo.models import Configuration, DemiRegularity, Element, Link, RivalGroup
from cmo.reading.configurations import configuration_row, ripples_of
from cmo.reading.overview import latest
from cmo.reading.slots import slots_of
from cmo.rules.configuring import configure, turn_configuration
from cmo.rules.gathering import gather_rivals, note_pattern, revise_pattern, revise_rivals, turn_gathering
from cmo.rules.linking import link, relabel_link, turn_link
from cmo.rules.standing import Placed
from cmo.templatetags.theory import event_link
from programmes.access import Actor
from programmes.models import AuditEvent
from programmes.refusals import Stale


@pytest.fixture
def by(cast: Any, actor: Any) -> Actor:
    return actor(cast.editor)


@pytest.fixture
def trio(programme: Any, by: Actor) -> list[Configuration]:
    """CMO1, whose outcome E2 is the context of CMO2, and CMO3 on its own."""
    first = configure(programme, by=by, elements=[Placed("context", text="one"), Placed("outcome", text="two")])
    shared = Element.objects.get(programme=programme, number=2)
    second = configure(programme, by=by, elements=[Placed("context", shared), Placed("outcome", text="three")])
    return [first, second, configure(programme, by=by, elements=[Placed("outcome", text="four")])]


def logged() -> tuple[str, str, Any]:
    event = AuditEvent.objects.order_by("pk").last()
    return (event.verb, event.record, event.detail)


def test_a_link_is_stated_described_retired_and_restored_and_the_log_tells_it(programme, trio, by):
    one, _two, three = trio
    made = link(programme, by=by, kind="nested", source=one, target=three, name="part of", reason="Workshop")
    detail = {"revision": 1, "kind": "nested", "name": "part of", "from": "CMO1", "to": "CMO3"}
    assert logged() == ("linked", "L1", detail)
    made = relabel_link(made, by=by, base=1, name="inside", note="In every site.")
    assert (made.name, made.note, made.revision_number) == ("inside", "In every site.", 2)
    assert logged()[0] == "link described"
    made = turn_link(made, by=by, base=2, retired=True)
    assert configuration_row(one, slots_of(programme)).links[-1].kind == "ripple"
    made = turn_link(made, by=by, base=3, retired=False)
    assert [row.label for row in configuration_row(three, slots_of(programme)).links] == ["L1"]
    assert relabel_link(made, by=by, base=4, name="inside").revision_number == 4
    call_command("check_integrity", stdout=StringIO())


def test_a_ripple_is_found_and_what_is_said_about_it_stays_with_it(programme, trio, by):
    one, two, three = trio
    shared = Element.objects.get(programme=programme, number=2)
    link(programme, by=by, kind="ripple", source=one, target=two, element=shared, name="opens the door")
    (ripple,) = ripples_of(programme)
    assert (ripple.source, ripple.target, ripple.link.name) == (1, 2, "opens the door")
    with pytest.raises(ValidationError, match="E2 is no context of CMO3, so nothing ripples there"):
        link(programme, by=by, kind="ripple", source=one, target=three, element=shared)
    with pytest.raises(ValidationError, match="L1 says this already"):
        link(programme, by=by, kind="ripple", source=one, target=two, element=shared)


def test_a_retired_configuration_takes_its_links_out_of_sight_and_back(programme, trio, by):
    one, _two, three = trio
    link(programme, by=by, kind="contrasts", source=one, target=three)
    turn_configuration(three, by=by, base=1, retired=True)
    assert [row.kind for row in configuration_row(one, slots_of(programme)).links] == ["ripple"]
    with pytest.raises(ValidationError, match="CMO3 is retired"):
        link(programme, by=by, kind="nested", source=one, target=three)
    turn_configuration(three, by=by, base=2, retired=False)
    assert [row.kind for row in configuration_row(one, slots_of(programme)).links] == ["contrasts", "ripple"]


@pytest.mark.parametrize("kind", ["rival", "contradicts", "contrasts"])
def test_what_means_the_same_both_ways_is_stated_once(kind, programme, trio, by):
    one, two, _three = trio
    link(programme, by=by, kind=kind, source=one, target=two)
    with pytest.raises(ValidationError, match="L1 says this already; change it there"):
        link(programme, by=by, kind=kind, source=two, target=one)
    assert link(programme, by=by, kind="nested", source=two, target=one).number == 2
    assert link(programme, by=by, kind="contrasts" if kind != "contrasts" else "rival", source=one, target=two).number


def test_nesting_does_not_go_round_at_any_length_nor_come_back_round(programme, trio, by):
    one, two, three = trio
    first = link(programme, by=by, kind="nested", source=one, target=two)
    link(programme, by=by, kind="nested", source=two, target=three)
    for source, target in ((two, one), (three, two), (three, one)):
        said = f"{target.label} is nested in {source.label} already"
        with pytest.raises(ValidationError, match=said):
            link(programme, by=by, kind="nested", source=source, target=target)
    link(programme, by=by, kind="contradicts", source=three, target=one)  # other links may make loops
    assert link(programme, by=by, kind="nested", source=one, target=three).number == 4  # two ways, no circle
    turn_link(Link.objects.get(number=4), by=by, base=1, retired=True)
    gone = turn_link(first, by=by, base=1, retired=True)
    link(programme, by=by, kind="nested", source=three, target=one)
    with pytest.raises(ValidationError, match="CMO2 is nested in CMO1 already"):
        turn_link(gone, by=by, base=2, retired=False)
    assert Link.objects.filter(kind="nested", retired=False).count() == 2


def test_nesting_does_not_go_round_by_way_of_a_retired_configuration(programme, trio, by):
    one, two, three = trio
    link(programme, by=by, kind="nested", source=one, target=two)
    link(programme, by=by, kind="nested", source=two, target=three)
    turn_configuration(two, by=by, base=1, retired=True)
    with pytest.raises(ValidationError, match="CMO1 is nested in CMO3 already"):
        link(programme, by=by, kind="nested", source=three, target=one)


def test_links_that_make_no_sense_are_refused(programme, trio, by, other_programme):
    one, two, _three = trio
    foreign = configure(other_programme, by=Actor(other_programme.lead))
    for given, field in (
        ({"kind": "loves"}, "kind"), ({"target": one}, "to"), ({"target": foreign}, "to"),
        ({"element": Element.objects.get(programme=programme, number=2)}, "element"), ({"kind": "ripple"}, "element"),
        ({"name": "x" * 201}, "label"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            link(programme, by=by, **{"kind": "rival", "source": one, "target": two, **given})
        assert list(refused.value.message_dict) == [field]
    assert Link.objects.count() == 0


def test_rivals_are_gathered_and_a_verdict_needs_its_reason(programme, trio, by):
    one, two, three = trio
    outcome = Element.objects.get(programme=programme, number=2)
    group = gather_rivals(programme, by=by, title="Who opens it?", members=[two, one], outcome=outcome)
    assert (group.label, group.verdict, [found.label for found in group.members.all()]) == (
        "RG1", "open", ["CMO1", "CMO2"],
    )  # fmt: skip
    with pytest.raises(ValidationError, match="Give the reason of the verdict"):
        revise_rivals(group, by=by, base=1, verdict="both")
    with pytest.raises(ValidationError, match="CMO3 is not in the group"):
        revise_rivals(group, by=by, base=1, verdict="one", favoured=three, rationale="It fits.")
    with pytest.raises(ValidationError, match="Name the configuration that explains it better"):
        revise_rivals(group, by=by, base=1, verdict="one", rationale="It fits.")
    group = revise_rivals(group, by=by, base=1, verdict="one", favoured=one, rationale="It fits.", reason="Meeting")
    assert (group.favoured, group.revision_number, logged()[2]["after"]) == (one, 2, "one")
    assert revise_rivals(group, by=by, base=2, title="Who opens it?").revision_number == 2
    with pytest.raises(Stale):
        revise_rivals(group, by=by, base=1, title="Other")


def test_an_outcome_of_rivals_is_an_outcome_of_this_programme(programme, trio, by, other_programme):
    context = Element.objects.get(programme=programme, number=1)
    with pytest.raises(ValidationError, match="E1 is no outcome; retype it, or name another"):
        gather_rivals(programme, by=by, title="x", outcome=context)
    with pytest.raises(ValidationError, match="There is no such configuration"):
        gather_rivals(programme, by=by, title="x", members=[configure(other_programme, by=Actor(other_programme.lead))])
    assert RivalGroup.objects.count() == 0


def test_a_pattern_keeps_what_moderates_bounds_and_contradicts_it(programme, trio, by):
    made = note_pattern(
        programme, by=by, members=trio[:2], text="Doors open.", moderators="Who knocks.", boundaries="Not at night.",
        counterexamples="One stayed shut.",
    )  # fmt: skip
    assert (made.label, made.members.count(), logged()[2]["members"]) == ("DR1", 2, ["CMO1", "CMO2"])
    made = revise_pattern(made, by=by, base=1, members=trio, moderators="")
    assert (made.moderators, made.members.count(), made.revision_number) == ("", 3, 2)
    assert logged()[2]["before"]["moderators"] == "Who knocks."
    with pytest.raises(ValidationError, match="Write something here"):
        revise_pattern(made, by=by, base=2, text=" ")
    made = turn_gathering(made, by=by, base=2, retired=True)
    with pytest.raises(ValidationError, match="DR1 is retired; restore it first"):
        revise_pattern(made, by=by, base=3, text="x")
    assert turn_gathering(made, by=by, base=3, retired=False).retired is False
    assert DemiRegularity.objects.get().members.count() == 3


@pytest.mark.parametrize("who", ["viewer", "contributor", "outsider"])
def test_only_editors_and_leads_join_configurations(who, programme, trio, cast, actor, by):
    one, two, _three = trio
    made = link(programme, by=by, kind="rival", source=one, target=two)
    group, pattern = gather_rivals(programme, by=by, title="x"), note_pattern(programme, by=by, text="x")
    other = actor(getattr(cast, who))
    for act in (
        lambda: link(programme, by=other, kind="nested", source=one, target=two),
        lambda: relabel_link(made, by=other, base=1, name="x"),
        lambda: turn_link(made, by=other, base=1, retired=True),
        lambda: gather_rivals(programme, by=other, title="x"),
        lambda: revise_rivals(group, by=other, base=1, title="y"),
        lambda: note_pattern(programme, by=other, text="x"),
        lambda: revise_pattern(pattern, by=other, base=1, text="y"),
        lambda: turn_gathering(group, by=other, base=1, retired=True),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act()
    assert (Link.objects.count(), RivalGroup.objects.count(), DemiRegularity.objects.count()) == (1, 1, 1)


def test_the_latest_changes_say_what_a_link_joins(programme, trio, by):
    one, _two, three = trio
    made = link(programme, by=by, kind="rival", source=one, target=three)
    turn_link(made, by=by, base=1, retired=True)
    retired, linked = (happening.event for happening in latest(programme)[:2])
    assert linked.said.endswith(": CMO1, Rival of CMO3")
    assert (retired.record, "CMO1" in retired.said) == ("L1", True)
    assert event_link(linked, "cse-test") == '<a href="/p/cse-test/cmo/1#links">L1</a>'
