"""Claims about the filters of elements and configurations: what each parameter finds, in which order, and refuses."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cmo.models import Configuration, Element
from cmo.reading.configurations import configuration_row
from cmo.reading.slots import slots_of
from cmo.rules.configuring import configure, revise_configuration, turn_configuration
from cmo.rules.framing import set_slots
from cmo.rules.introducing import introduce, turn_element
from cmo.rules.standing import Placed
from cmo.rules.stating import retire
from cmo.structure_filters import ConfigurationFilter, ElementFilter
from cmo.vocabulary import Slot
from tests.people import actor, adding_areas, stating


def lay_theory(made: Any) -> None:
    """E1 to E6 and CMO1 to CMO4:

    CMO1 (Plans, S1) E1 context, E2 mechanism, E3 outcome · CMO2 (Plans) E3 context, E4 resource ·
    CMO3 (no area, S2) nothing in it, agreed · CMO4 retired, E5 · E6 stands nowhere, E5 only in the retired one.
    """
    by, cast, programme, themes = actor(made.cast.editor), made.cast, made.programme, made.themes
    statement, area = stating(made), adding_areas(made)

    def element(kind: str, text: str, *codes: str, **traits: str) -> Element:
        return introduce(programme, by=by, kind=kind, text=text, themes=[themes[code] for code in codes], traits=traits)

    time = element("context", "Managers have time", "O1.1")
    sense = element("mechanism", "It makes sense to them")
    uptake = element("outcome", "Guidance is taken up", "C2", sign="positive")
    tools = element("mechanism", "Tools are at hand")
    old = element("context", "Élan of old")
    element("actor", "A lonely actor")
    plans, first, second = area("Plans"), statement(themes=["P6"]), statement()
    configure(
        programme, by=by, area=plans, statements=[first], words={"nickname": "Explaining"},
        elements=[Placed("context", time), Placed("mechanism", sense, wording="They see why"),
                  Placed("outcome", uptake)],
    )  # fmt: skip
    set_slots(programme, by=actor(cast.lead), base=1, preset="resource-reasoning")
    configure(programme, by=by, area=plans, elements=[Placed("context", uptake), Placed("resource", tools)])
    set_slots(programme, by=actor(cast.lead), base=2, preset="cmo")
    configure(programme, by=by, statements=[second], state="agreed", words={"plain": "All of it in one sentence"})
    gone = configure(programme, by=by, elements=[Placed("context", old)])
    turn_configuration(gone, by=by, base=1, retired=True)


GROUND = {"theory": lay_theory}


@pytest.fixture
def theory(programme: Any) -> Any:
    return programme


ELEMENTS = {
    "": [1, 2, 3, 4, 5, 6],
    "search=TIME": [1],
    "search=elan old": [5],
    "search=anag": [1],
    "search=!": [],
    "search=managers tools": [],
    "kind=mechanism": [2, 4],
    "kind=mechanism,actor": [2, 4, 6],
    "kind=mechanism&kind=actor": [2, 4, 6],
    "role=context": [1, 3],
    "role=resource,outcome": [3, 4],
    "theme=O": [1],
    "theme=O,C2": [1, 3],
    "area=plans": [1, 2, 3, 4],
    "area=none": [],
    "statement=S1": [1, 2, 3],
    "statement=s 1": [1, 2, 3],
    "statement=none": [3, 4],
    "state=retired": [],
    "lone=true": [5, 6],
    "lone=false": [1, 2, 3, 4],
    "lone=true,false": [1, 2, 3, 4, 5, 6],
    "kind=context&role=context&theme=O1&area=plans&statement=S1&lone=false&search=have": [1],
    "ordering=-number": [6, 5, 4, 3, 2, 1],
    "ordering=kind": [6, 1, 5, 2, 4, 3],
    "ordering=text": [6, 5, 3, 2, 1, 4],
}
CONFIGURATIONS = {
    "": [1, 2, 3],
    "search=explaining": [1],
    "search=see why": [1],
    "search=explain": [1],
    "search=!": [],
    "search=guidance up": [1, 2],
    "search=sense": [1],
    "search=ONE sentence": [3],
    "search=taken": [1, 2],
    "role=mechanism": [1],
    "role=mechanism,resource": [1, 2],
    "element=E3": [1, 2],
    "element=E1,e4": [1, 2],
    "sign=positive": [1],
    "theme=O": [1],
    "theme=P": [1],
    "theme=C2": [1, 2],
    "area=plans": [1, 2],
    "area=none": [3],
    "area=plans,none": [1, 2, 3],
    "statement=S1,S2": [1, 3],
    "statement=none": [2],
    "statement=none,S2": [2, 3],
    "state=retired": [4],
    "state=agreed,retired": [3, 4],
    "phase=gleaning": [1, 2, 3],
    "phase=refining": [],
    "incomplete=outcome": [2, 3],
    "incomplete=mechanism": [3],
    "incomplete=context,outcome": [2, 3],
    "ordering=-number": [3, 2, 1],
    "ordering=area": [1, 2, 3],
    "ordering=-area": [3, 2, 1],
    "area=plans&incomplete=outcome&element=E3&role=resource": [2],
}


def numbers(filterset: Any) -> list[int]:
    return [row.number for row in filterset.rows()]


@pytest.mark.parametrize("query", ELEMENTS)
def test_elements_are_found_by(query, theory):
    assert numbers(ElementFilter(QueryDict(query), programme=theory)) == ELEMENTS[query]


@pytest.mark.parametrize("query", CONFIGURATIONS)
def test_configurations_are_found_by(query, theory):
    assert numbers(ConfigurationFilter(QueryDict(query), programme=theory)) == CONFIGURATIONS[query]


REFUSED = {
    (ElementFilter, "kind=theme"): "There is no kind “theme”; known are: context, mechanism, outcome",
    (ElementFilter, "role=none"): "There is no role “none”",
    (ElementFilter, "theme=04"): "There is no code “04” in the codebook. Did you mean O4?",
    (ElementFilter, "area=nowhere"): "There is no area “nowhere”; known are: plans, none.",
    (ElementFilter, "statement=7"): "Write a label such as S12, not “7”.",
    (ElementFilter, "statement=S99"): "There is no statement S99 in this programme.",
    (ElementFilter, "lone=maybe"): "There is no value “maybe”; known are: true, false.",
    (ElementFilter, "ordering=size"): "Order by one of: number, -number, kind",
    (ElementFilter, "search=%00"): "Null characters are not allowed.",
    (ConfigurationFilter, "element=S1"): "Write a label such as E12, not “S1”.",
    (ConfigurationFilter, "element=E99"): "There is no element E99 in this programme.",
    (ConfigurationFilter, "incomplete=actor"): "There is no role “actor”; known are: context, mechanism, outcome.",
    (ConfigurationFilter, "sign=up"): "There is no sign “up”",
    (ConfigurationFilter, "phase=third"): "There is no phase “third”",
    (ConfigurationFilter, "ordering=-sign"): "Order by one of: number, -number, area",
}


@pytest.mark.parametrize(("kind", "query"), REFUSED)
def test_what_is_not_known_is_refused_in_a_sentence(kind, query, theory):
    with pytest.raises(ValidationError) as refused:
        list(kind(QueryDict(query), programme=theory).rows())
    ((field, said),) = refused.value.message_dict.items()
    assert field == query.partition("=")[0]
    assert said[0].startswith(REFUSED[kind, query])


def test_gaps_are_those_that_the_row_shows_whatever_the_slots(theory, cast):
    lead = actor(cast.lead)
    for base, preset in enumerate(("resource-reasoning", "icamo", "scmo", "cmo"), start=3):
        set_slots(theory, by=lead, base=base, preset=preset)
        slots = slots_of(theory)
        rows = [configuration_row(one, slots) for one in Configuration.objects.exclude(state="retired").order_by("pk")]
        for slot in slots.rows:
            gaping = [row.configuration.number for row in rows if slot.role.value in row.incomplete]
            filterset = ConfigurationFilter(QueryDict(f"incomplete={slot.role}"), programme=theory)
            assert numbers(filterset) == gaping, (preset, slot.role)


def test_a_retired_statement_counts_as_none(theory, cast):
    by = actor(cast.editor)
    retire(theory.statements.get(number=1), by=by, base=1)
    assert numbers(ConfigurationFilter(QueryDict("statement=none"), programme=theory)) == [1, 2]


def test_a_retired_element_is_found_when_asked_for(theory, cast):
    turn_element(Element.objects.get(programme=theory, number=6), by=actor(cast.editor), base=1, retired=True)
    assert numbers(ElementFilter(QueryDict("lone=true"), programme=theory)) == [5]
    assert numbers(ElementFilter(QueryDict("state=retired"), programme=theory)) == [6]


def test_a_form_offers_what_the_programme_has(theory):
    form = ConfigurationFilter(QueryDict(""), programme=theory).form
    assert [key for key, _label in form.fields["area"].choices] == ["plans", "none"]
    assert [key for key, _label in form.fields["incomplete"].choices] == [Slot.CONTEXT, Slot.MECHANISM, Slot.OUTCOME]
    assert [key for key, _label in form.fields["phase"].choices] == [phase.slug for phase in theory.phases.all()]


def test_nothing_of_another_programme_is_found(theory, other_programme):
    by = actor(other_programme.lead)
    strange = configure(other_programme, by=by, elements=[Placed("context", text="Managers have time")])
    revise_configuration(strange, by=by, base=1, statements=[other_programme.statement])
    assert numbers(ElementFilter(QueryDict("search=managers"), programme=theory)) == [1]
    assert numbers(ConfigurationFilter(QueryDict("search=managers"), programme=theory)) == [1]
