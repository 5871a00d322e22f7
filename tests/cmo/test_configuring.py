"""Claims about configurations: elements in roles, shared and local words, history, gaps, slots and the sentence."""

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection

from cmo.models import Configuration, Element
from cmo.reading.configurations import configuration_row, ripples_of
from cmo.reading.slots import slots_of
from cmo.rules.arranging import turn_area
from cmo.rules.configuring import configure, restore_configuration, revise_configuration, turn_configuration
from cmo.rules.framing import set_slots
from cmo.rules.introducing import introduce, revise_element, turn_element
from cmo.rules.standing import MOST_ELEMENTS, Placed
from cmo.rules.stating import retire
from programmes.access import Actor
from programmes.models import AuditEvent
from programmes.reading.searching import search
from programmes.refusals import Stale


@pytest.fixture
def by(cast: Any, actor: Any) -> Actor:
    return actor(cast.editor)


FULL = (
    Placed("context", text="managers have time"),
    Placed("mechanism", text="they see what it changes", activation="strong"),
    Placed("outcome", text="practitioners take it up"),
)


@pytest.fixture
def configuration(programme: Any, by: Actor) -> Any:
    def make(elements: Any = FULL, **more: Any) -> Configuration:
        return configure(programme, by=by, elements=elements, **more)

    return make


def history(record: Any) -> list[tuple[int, str]]:
    return list(record.revisions.order_by("number").values_list("number", "change"))


def standing(record: Any) -> list[tuple[str, str]]:
    return [(one.element.label, one.role) for one in record.placings.select_related("element").order_by("position")]


def agrees() -> None:
    call_command("check_integrity", stdout=StringIO())


def test_a_configuration_and_its_elements_are_made_in_one_step(configuration, cast, statement, area):
    made = configuration(
        words={"nickname": "For managers", "plain": "Time to explain leads to uptake."}, statements=[statement()],
        area=area("Plans"), reason="Workshop",
    )  # fmt: skip
    assert (made.label, standing(made)) == ("CMO1", [("E1", "context"), ("E2", "mechanism"), ("E3", "outcome")])
    assert [one.kind for one in Element.objects.all()] == ["context", "mechanism", "outcome"]
    (first,) = made.revisions.all()
    assert (first.change, first.author, first.reason) == ("new", cast.editor, "Workshop")
    assert first.nickname == "For managers"
    assert standing(first) == standing(made)
    assert [one.element_revision for one in first.placings.all()] == [1, 1, 1]
    assert [one.statement.label for one in first.spellings.all()] == ["S1"]
    assert [event.record for event in AuditEvent.objects.order_by("-pk")[:4]] == ["CMO1", "E3", "E2", "E1"]
    agrees()


REVISIONS = {
    "plain": ({"words": {"plain": "Said otherwise."}}, "reworded"),
    "narrative": ({"words": {"narrative": "A story."}}, "described"),
    "state": ({"state": "agreed"}, "agreed"),
    "elements": ({"elements": FULL[:1]}, "rearranged"),
    "nothing": ({}, None),
    "the same words": ({"words": {"plain": ""}, "statements": []}, None),
}


@pytest.mark.parametrize(("given", "change"), REVISIONS.values(), ids=REVISIONS)
def test_each_act_writes_one_revision_or_nothing(given, change, configuration, by):
    made = configuration()
    revise_configuration(made, by=by, base=1, **given)
    assert history(made) == [(1, "new")] + ([(2, change)] if change else [])
    agrees()


def test_the_same_elements_in_another_order_or_with_other_words_are_another_make_up(configuration, by):
    made = configuration()
    one, two, three = (Placed(row.role, row.element, activation=row.activation) for row in made.placings.all())
    made = revise_configuration(made, by=by, base=1, elements=[one, two, three])
    assert made.revision_number == 1
    made = revise_configuration(made, by=by, base=1, elements=[three, one, two])
    assert (made.revision_number, standing(made)[0]) == (2, ("E3", "outcome"))
    worded = Placed("outcome", three.element, wording="they take it up here")
    made = revise_configuration(made, by=by, base=2, elements=[worded, one, two])
    assert made.placings.first().wording == "they take it up here"
    assert Element.objects.count() == 3
    agrees()


def test_an_element_is_shared_and_its_rewording_is_seen_in_both(configuration, programme, by):
    first = configuration()
    shared = Element.objects.get(number=1)
    second = configuration([Placed("context", shared), Placed("outcome", text="nobody asks", )])
    revise_element(shared, by=by, base=1, text="managers make time")
    slots = slots_of(programme)
    for made in (first, second):
        assert configuration_row(made, slots).placed[0].text == "managers make time"
    assert first.revisions.get().placings.first().element_revision == 1


def test_what_is_missing_is_shown_as_a_gap_and_never_refused(configuration, programme):
    slots = slots_of(programme)
    gaps = {
        made.label: configuration_row(made, slots).incomplete
        for made in (configuration(), configuration(FULL[:2]), configuration(FULL[1:]), configuration(()))
    }
    assert gaps == {
        "CMO1": [], "CMO2": ["outcome"], "CMO3": ["context"], "CMO4": ["context", "mechanism", "outcome"],
    }  # fmt: skip


def test_it_reads_as_a_sentence(configuration, programme):
    made = configuration([*FULL, Placed("context", text="nobody is rushed"), Placed("unsure", text="who knows")])
    assert configuration_row(made, slots_of(programme)).sentence == [
        ("if", "context", "managers have time and nobody is rushed"),
        ("then", "outcome", "practitioners take it up"),
        ("because", "mechanism", "they see what it changes"),
    ]


def test_what_is_put_in_place_and_for_whom_stands_before_the_if(configuration, programme, cast, actor):
    set_slots(programme, by=actor(cast.lead), base=1, preset="icamo")
    made = configuration([*FULL, Placed("intervention", text="National guidance"), Placed("actor", text="Managers")])
    assert configuration_row(made, slots_of(programme)).sentence[:3] == [
        ("intervention:", "intervention", "national guidance"), ("actor:", "actor", "managers"),
        ("if", "context", "managers have time"),
    ]  # fmt: skip
    assert configuration_row(configuration(), slots_of(programme)).sentence[0][0] == "if"


REFUSED = {
    "a role that is none": ([Placed("O4", text="x")], "Element 1: Choose a role"),
    "no words": ([FULL[0], Placed("outcome", text=" ")], "Element 2: Write something here"),
    "a context that fires": ([Placed("context", text="x", activation="strong")], "Only a mechanism fires"),
    "too many": ([Placed("context", text=f"x{at}") for at in range(MOST_ELEMENTS + 1)], "may hold 60 elements"),
}


@pytest.mark.parametrize(("elements", "said"), REFUSED.values(), ids=REFUSED)
def test_a_refused_configuration_makes_no_element(elements, said, configuration):
    with pytest.raises(ValidationError) as refused:
        configuration(elements)
    assert said in refused.value.message_dict["elements"][0]
    assert (Configuration.objects.count(), Element.objects.count()) == (0, 0)
    assert configuration().number == 1


def test_nothing_foreign_and_nothing_retired_comes_in(configuration, programme, by, other_programme, statement):
    foreign = introduce(other_programme, by=Actor(other_programme.lead), kind="context", text="theirs")
    gone = turn_element(introduce(programme, by=by, kind="context", text="gone"), by=by, base=1, retired=True)
    off = retire(statement(), by=by, base=1)
    for given, said in (
        ({"elements": [Placed("context", foreign)]}, "There is no such element in this programme"),
        ({"elements": [Placed("context", gone)]}, "E1 is retired"),
        ({"statements": [other_programme.statement]}, "There is no such statement in this programme"),
        ({"statements": [off]}, "S1 is retired"),
        ({"area": other_programme.area}, "There is no such theory area"),
    ):
        with pytest.raises(ValidationError, match=said):
            configuration(**given)
    assert Configuration.objects.count() == 0


def test_an_element_stands_once_in_a_role_but_may_stand_in_two(configuration, by):
    made = configuration()
    (first, *_rest) = [one.element for one in made.placings.all()]
    with pytest.raises(ValidationError, match="E1 stands twice as Context"):
        revise_configuration(made, by=by, base=1, elements=[Placed("context", first), Placed("context", first)])
    both = revise_configuration(made, by=by, base=1, elements=[Placed("context", first), Placed("outcome", first)])
    assert standing(both) == [("E1", "context"), ("E1", "outcome")]


def test_an_older_make_up_comes_back_without_what_was_retired_since(configuration, by):
    made = configuration()
    kept = [Placed(one.role, one.element) for one in made.placings.all()][:2]
    made = revise_configuration(made, by=by, base=1, elements=kept, words={"plain": "Two of three."})
    turn_element(Element.objects.get(number=3), by=by, base=1, retired=True)
    made = restore_configuration(made, by=by, base=2, revision=1, reason="It was better.")
    assert (standing(made), made.plain) == ([("E1", "context"), ("E2", "mechanism")], "")
    assert made.placings.last().activation == "strong"
    assert (history(made)[-1], made.revisions.first().restores) == ((3, "restored"), 1)
    agrees()


def test_a_retired_one_keeps_everything_and_comes_back(configuration, by, area):
    plans = area("Plans")
    made = turn_configuration(configuration(area=plans, state="agreed"), by=by, base=1, retired=True, reason="Twice")
    with pytest.raises(ValidationError, match="CMO1 is retired; restore it first"):
        revise_configuration(made, by=by, base=2, words={"plain": "x"})
    turn_area(plans, by=by, base=1, retired=True)
    back = turn_configuration(made, by=by, base=2, retired=False)
    assert (back.state, back.area, len(standing(back))) == ("agreed", None, 3)
    agrees()


def test_a_stale_revision_is_refused_with_the_configuration_as_it_is(configuration, by):
    made = configuration()
    revise_configuration(made, by=by, base=1, words={"plain": "First."})
    with pytest.raises(Stale) as refused:
        revise_configuration(made, by=by, base=1, words={"plain": "Second."}, elements=[Placed("context", text="new")])
    assert refused.value.record.plain == "First."
    assert Element.objects.count() == 3


@pytest.mark.parametrize("who", ["viewer", "contributor", "outsider"])
def test_only_editors_and_leads_write(who, programme, cast, actor, configuration):
    made, by = configuration(), actor(getattr(cast, who))
    for act in (
        lambda: configure(programme, by=by), lambda: revise_configuration(made, by=by, base=1, words={"plain": "x"}),
        lambda: turn_configuration(made, by=by, base=1, retired=True),
        lambda: restore_configuration(made, by=by, base=1, revision=1),
        lambda: set_slots(programme, by=by, base=1, preset="icmo"),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act()
    assert history(made) == [(1, "new")]


# ---- slots


def test_the_setting_changes_labels_and_gaps_and_loses_nothing(configuration, programme, cast, actor):
    made, lead = configuration(), actor(cast.lead)
    set_slots(programme, by=lead, base=1, slots=[("outcome", "Result"), ("context", ""), ("resource", ""),
                                                 ("reasoning", "Response")])  # fmt: skip
    slots = slots_of(programme)
    row = configuration_row(made, slots)
    assert [(label, [one.label for one in found]) for label, _role, found in row.by_slot] == [
        ("Result", ["E3"]), ("Context", ["E1"]), ("Resource", []), ("Response", []), ("Mechanism", ["E2"]),
    ]  # fmt: skip
    assert (row.incomplete, slots.preset, slots.split, slots.revision) == ([], "", True, 2)
    set_slots(programme, by=lead, base=2, preset="cmo")
    assert slots_of(programme).preset == "cmo"
    assert history(made) == [(1, "new")]


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ([], "Choose roles out of"),
        ([("unsure", "")], "Choose roles out of"),
        ([("context", ""), ("context", "")], "Name each role once"),
        ([("mechanism", ""), ("reasoning", "")], "A mechanism is one slot, or resource and reasoning"),
        ([("context", "x" * 41)], ""),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(slots, said, programme, cast, actor):
    with pytest.raises(ValidationError) as refused:
        set_slots(programme, by=actor(cast.lead), base=1, slots=slots)
    assert said in refused.value.message_dict["slots"][0]
    assert slots_of(programme).revision == 1


def test_no_element_joins_in_a_role_that_the_programme_does_not_use(configuration, programme):
    with pytest.raises(ValidationError) as refused:
        configuration([FULL[0], Placed("actor", text="a team manager")])
    assert refused.value.message_dict == {"elements": [
        "Element 2: this programme does not use the role Actor, only Context, Mechanism, Outcome; a lead can change"
        " that in the settings, under Slots of a configuration."
    ]}  # fmt: skip
    assert (Configuration.objects.count(), Element.objects.count()) == (0, 0)
    assert standing(configuration([Placed("unsure", text="who knows")])) == [("E1", "unsure")]


def test_what_stands_in_a_role_may_stay_move_and_leave_when_the_setting_names_it_no_longer(
    configuration, programme, cast, actor, by
):
    lead = actor(cast.lead)
    set_slots(programme, by=lead, base=1, preset="icamo")
    made = configuration([*FULL, Placed("actor", text="a manager"), Placed("intervention", text="the guidance")])
    set_slots(programme, by=lead, base=2, preset="cmo")
    kept = [Placed(one.role, one.element) for one in made.placings.select_related("element")]
    made = revise_configuration(made, by=by, base=1, elements=kept[::-1], words={"plain": "Turned round."})
    assert standing(made)[:2] == [("E5", "intervention"), ("E4", "actor")]
    with pytest.raises(ValidationError, match="Element 1: this programme does not use the role Actor"):
        revise_configuration(made, by=by, base=2, elements=[Placed("actor", kept[0].element), *kept])
    made = revise_configuration(made, by=by, base=2, elements=[*kept[:3], Placed("context", kept[3].element)])
    assert standing(made)[3:] == [("E4", "context")]
    restored = restore_configuration(made, by=by, base=3, revision=1)
    assert standing(restored)[3:] == [("E4", "actor"), ("E5", "intervention")]
    agrees()


# ---- ripples


def test_an_outcome_that_is_a_context_elsewhere_ripples_and_loops_are_walked_once(configuration, programme, by):
    first = configuration()
    outcome = Element.objects.get(number=3)
    second = configuration([Placed("context", outcome), Placed("outcome", Element.objects.get(number=1))])
    loop = configuration([Placed("context", outcome), Placed("outcome", outcome)])
    found = {(one.source, one.target, one.element.label) for one in ripples_of(programme)}
    assert found == {(1, 2, "E3"), (1, 3, "E3"), (2, 1, "E1"), (3, 2, "E3"), (3, 3, "E3")}
    assert {(one.source, one.target) for one in ripples_of(programme, [second.pk])} == {(1, 2), (2, 1), (3, 2)}
    turn_configuration(loop, by=by, base=1, retired=True)
    assert {(one.source, one.target) for one in ripples_of(programme)} == {(1, 2), (2, 1)}
    assert [link.element for link in configuration_row(first, slots_of(programme)).links] == ["E3", "E1"]


# ---- what was changed past the rules


FINDINGS = {
    "old words": ("UPDATE cmo_configurationrevision SET plain = 'x'", "CMO1: revision 1 is not as the log has it"),
    "an old place": ("DELETE FROM cmo_configurationrevisionelement", "CMO1: revision 1 is not as the log has it"),
    "an old element": ("UPDATE cmo_elementrevision SET text = 'x'", "E1: revision 1 is not as the log has it"),
    "words": ("UPDATE cmo_configuration SET plain = 'x'", "CMO1: it is not as its last revision says: plain"),
    "a place": ("DELETE FROM cmo_configurationelement", "CMO1: its elements are not those of its last revision"),
    "an element": ("UPDATE cmo_element SET text = 'x', folded = 'x'", "E1: it is not as its last revision says: text"),
    "a number": ("UPDATE cmo_counter SET last = 0", "CMO1 is above the last number given out, 0"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("sql", "said"), FINDINGS.values(), ids=FINDINGS)
def test_what_was_changed_past_the_rules_is_found(sql, said, configuration, unguarded, capsys):
    configuration()
    agrees()
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(sql)
    with pytest.raises(CommandError):
        call_command("check_integrity")
    assert said in capsys.readouterr().out


def test_names_keep_their_capital_in_the_sentence(configuration, programme):
    texts = ("Police and health meet", "Sure Start is near", "NVivo is open", "LA3 has a tool", "A board decides.")
    made = configuration([Placed("context", text=text) for text in texts])
    (_if, _kind, said), *_rest = configuration_row(made, slots_of(programme)).sentence
    assert said == (
        "police and health meet, Sure Start is near, NVivo is open, LA3 has a tool and a board decides"
    )


def test_a_search_finds_them_with_their_elements(configuration, programme):
    made = configuration(words={"nickname": "Time to explain", "plain": "Managers explain it."})
    assert [(hit.kind, hit.label) for hit in search(programme, "explaining").page.rows] == [("configuration", "CMO1")]
    assert [hit.label for hit in search(programme, "practitioner").page.rows] == ["E3"]
    assert [hit.label for hit in search(programme, made.label).page.rows] == ["CMO1"]
