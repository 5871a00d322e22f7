"""Claims about what a claim rests on: counted by stance, site and role, each once, with what changed since; the heat
maps and what lacks evidence."""

import pytest

from cmo.models import Bearing, Element
from cmo.reading.believing import belief_in, belief_json
from cmo.reading.grounds import asked_of, grounds_of
from cmo.reading.heat import by_role_and_statement, by_site_and_theme
from cmo.reading.lacking import lacking_in
from cmo.reading.statements import find_statement, row_numbered, statement_and_row
from cmo.rules.composing import Words
from cmo.rules.configuring import configure, revise_configuration
from cmo.rules.introducing import revise_element
from cmo.rules.standing import Placed
from cmo.rules.stating import revise
from programmes.access import Actor
from tests.evidence_factories import a_bearing, a_source, an_excerpt
from tests.weighed_factories import many_bearings, some_sites


@pytest.fixture
def la(programme):
    return some_sites(programme, "LA1", "LA2", "LA3")


@pytest.fixture
def claim(programme, statement):
    programme.last_source = 9  # what rules that add sources count
    return statement("If told by email, then few know, because nobody has time.")


def test_an_excerpt_counts_once_and_a_source_once(claim, cast, la):
    source = a_source(claim.programme, cast.editor, site=la[0])
    excerpt, other = an_excerpt(source, cast.editor), an_excerpt(source, cast.editor, 2)
    a_bearing(excerpt, cast.editor, claim, 1, part="if")
    a_bearing(excerpt, cast.editor, claim, 2, part="because", stance="challenges")
    a_bearing(excerpt, cast.lead, claim, 3)
    a_bearing(other, cast.lead, claim, 4)
    found = grounds_of(claim)
    assert (found.counted.excerpts, found.counted.sources) == (2, 1)
    assert (found.counted.supports, found.counted.challenges) == (2, 1)
    assert row_numbered(claim.programme, claim.number).evidence.as_json() == found.counted.as_json()
    assert len(found.cards) == 4
    assert [[str(kind) for kind in card.kinds] for card in found.cards] == [[], [], ["mechanism"], ["context"]]
    assert [card.on for card in found.cards] == ["S1"] * 4


def test_what_is_retired_does_not_count(claim, cast):
    bearings = many_bearings(claim, cast.editor, 4)
    Bearing.objects.filter(pk=bearings[0].pk).update(retired=True)
    type(bearings[1].excerpt).objects.filter(pk=bearings[1].excerpt_id).update(retired=True)
    type(bearings[2].excerpt.source).objects.filter(pk=bearings[2].excerpt.source_id).update(retired=True)
    found = grounds_of(claim)
    assert (found.counted.excerpts, len(found.cards)) == (1, 1)
    assert row_numbered(claim.programme, claim.number).evidence.excerpts == 1


def test_sites_that_say_nothing_stand_among_the_others(claim, cast, la):
    claim.programme.small_group = 2
    many_bearings(claim, cast.editor, 3, sites=la[:2])
    found = grounds_of(claim)
    assert [(group.name, group.cells, group.counted.sources, group.people, group.small) for group in found.sites] == [
        ("LA1", [1, 0, 1, 0], 2, 2, False), ("LA2", [0, 1, 0, 0], 1, 1, True), ("LA3", [0, 0, 0, 0], 0, 0, False),
    ]  # fmt: skip
    assert [group.name for group in found.silent] == ["LA3"]
    assert [(group.name, group.counted.excerpts, group.people) for group in found.roles] == [
        ("Social worker", 2, 2), ("Team manager", 1, 1),
    ]  # fmt: skip


def test_a_source_without_a_site_or_role_is_counted_last(claim, cast, la):
    many_bearings(claim, cast.editor, 1, sites=la)
    a_bearing(an_excerpt(a_source(claim.programme, cast.editor, 9, role=""), cast.editor, 9), cast.editor, claim, 9)
    found = grounds_of(claim)
    assert [(group.name, group.counted.excerpts) for group in found.sites][-1] == ("", 1)
    assert [(group.name, group.people) for group in found.roles][-1] == ("", 1)


def test_the_threshold_of_none_marks_nobody(claim, cast, la):
    claim.programme.small_group = 0
    many_bearings(claim, cast.editor, 1, sites=la)
    assert not any(group.small for group in grounds_of(claim).sites)


def test_words_that_changed_since_are_shown(claim, cast, actor):
    many_bearings(claim, cast.editor, 1)
    assert grounds_of(claim).cards[0].stale is False
    words = Words(wording="If told by letter, then few know, because nobody has time.")
    now = revise(claim, by=actor(cast.editor), base=1, words=words)
    card = grounds_of(now).cards[0]
    assert card.stale
    changed = [(change.old.strip(), change.new.strip()) for change in card.words if change.kind != "equal"]
    assert changed == [("email", "letter")]


def test_a_configuration_gathers_what_bears_on_its_elements_and_joins(programme, cast, actor):
    by, programme.last_source = actor(cast.editor), 1
    placed = [Placed("context", text="A place"), Placed("mechanism", text="A reason"), Placed("outcome", text="An end")]
    made = configure(programme, by=by, elements=placed, words={"plain": "It is so."})
    made.programme.last_source = 1
    reason = Element.objects.get(programme=programme, kind="mechanism")
    excerpt = an_excerpt(a_source(programme, cast.editor), cast.editor)
    a_bearing(excerpt, cast.editor, made, 1)
    a_bearing(excerpt, cast.editor, made, 2, element=reason, stance="challenges")
    a_bearing(excerpt, cast.editor, made, 3, join="C-M", stance="nuances")
    found = grounds_of(made)
    assert (found.counted.excerpts, found.counted.challenges, found.counted.nuances) == (1, 1, 1)
    assert [card.on for card in found.cards] == ["CMO1/C-M", f"CMO1/{reason.label}", "CMO1"]
    assert [[str(kind) for kind in card.kinds] for card in found.cards] == [["context", "mechanism"], ["mechanism"], []]


def test_a_configuration_shows_what_changed_in_it_and_in_its_elements(programme, cast, actor):
    by, programme.last_source = actor(cast.editor), 1
    placed = [Placed("context", text="A place"), Placed("mechanism", text="A reason")]
    made = configure(programme, by=by, elements=placed, words={"plain": "It is so."})
    made.programme.last_source = 1
    place = Element.objects.get(programme=programme, kind="context")
    excerpt = an_excerpt(a_source(programme, cast.editor), cast.editor)
    a_bearing(excerpt, cast.editor, made, 1)
    a_bearing(excerpt, cast.editor, made, 2, element=place)
    assert [card.stale for card in grounds_of(made).cards] == [False, False]
    revise_element(place, by=by, base=1, text="A quiet place")
    assert [(card.stale, card.moved, bool(card.words)) for card in grounds_of(made).cards] == [
        (True, False, True), (True, False, False),
    ]  # fmt: skip
    now = revise_configuration(made, by=by, base=1, elements=placed[:1], words={"plain": "It was so."})
    now.programme.last_source = 1
    cards = grounds_of(now).cards
    assert [(card.stale, card.moved) for card in cards] == [(True, True)] * 2
    assert [change.new.strip() for change in cards[1].words if change.kind != "equal"] == ["was"]


def test_one_stance_is_shown_alone_and_pages_go_on(claim, cast):
    many_bearings(claim, cast.editor, 44)
    found = grounds_of(claim, stance="challenges", page=1, size=5)
    assert {card.bearing.stance for card in found.cards} == {"challenges"}
    assert (len(found.cards), found.shown, found.counted.excerpts) == (5, 11, 44)
    last = grounds_of(claim, page=3)
    assert (len(last.cards), last.more, grounds_of(claim).more) == (4, 0, 24)


def test_what_cannot_be_asked_is_not():
    assert asked_of({"stance": "loves", "shown": "-1"}) == {"stance": "", "page": 1}
    assert asked_of({"stance": "nuances", "shown": "0"}) == {"stance": "nuances", "page": 1}
    assert asked_of({"stance": "nuances", "shown": "3"}) == {"stance": "nuances", "page": 3}


@pytest.mark.parametrize("n", [1, 3, 1000])
def test_a_page_of_grounds_costs_the_same_for_any_number(n, claim, cast, la, queries):
    many_bearings(claim, cast.editor, n, sites=la)
    with queries(3):
        assert grounds_of(claim).counted.excerpts == n
    revise(claim, by=Actor(cast.editor), base=1, words=Words(wording="If told, then few know."))
    now = find_statement(claim.programme, 1)
    with queries(4):
        assert grounds_of(now).cards[0].words


# ---------------------------------------------------------------- heat maps


def test_a_theme_counts_what_is_below_it_and_an_excerpt_once(claim, cast, la, themes):
    first, *_rest = many_bearings(claim, cast.editor, 4, sites=la[:2], theme=themes["O4"])
    first.excerpt.taggings.create(theme=themes["O1"])
    heat = by_site_and_theme(claim.programme)
    assert [head.name for head in heat.columns] == ["LA1", "LA2", "LA3"]
    assert {row.head.code: [cell.excerpts for cell in row.cells] for row in heat.rows} == {
        "O1": [1, 0, 0], "O4": [2, 2, 0],
    }  # fmt: skip
    assert (heat.most, [cell.shade for cell in heat.rows[-1].cells]) == (2, [2, 2, 0])


def test_statements_are_heated_by_the_roles_that_speak_of_them(claim, cast, statement, la):
    statement("If other, then other.")
    many_bearings(claim, cast.editor, 3, sites=la)
    heat, count = by_role_and_statement(claim.programme)
    assert count == 2
    assert [head.name for head in heat.columns] == ["S1", "S2"]
    assert [(row.head.name, row.head.people, [c.excerpts for c in row.cells]) for row in heat.rows] == [
        ("Social worker", 2, [2, 0]), ("Team manager", 1, [1, 0]),
    ]  # fmt: skip
    assert by_role_and_statement(claim.programme, by="sources")[0].most == 2


def test_there_is_no_map_without_evidence(claim):
    assert not by_site_and_theme(claim.programme)
    assert not by_role_and_statement(claim.programme)[0]
    assert lacking_in(claim.programme).none[0].label == "S1"


@pytest.mark.parametrize("n", [1, 3, 1000])
def test_maps_cost_the_same_for_any_number(n, claim, cast, la, themes, queries):
    many_bearings(claim, cast.editor, n, sites=la, theme=themes["O4"])
    with queries(3):
        by_site_and_theme(claim.programme)
    with queries(4):
        by_role_and_statement(claim.programme)
    with queries(4):
        lacking_in(claim.programme)


# ---------------------------------------------------------------- what lacks evidence


def test_what_lacks_evidence_is_told_by_kind(programme, statement, cast, la):
    bare, lone, both, fine = (statement(f"If {at}, then {at}.") for at in range(4))
    many_bearings(lone, cast.editor, 1, sites=la[:1])
    many_bearings(both, cast.editor, 5, sites=la[:2], start=10)
    many_bearings(fine, cast.editor, 12, sites=la, start=20)
    Bearing.objects.filter(statement=fine).update(stance="supports")
    found = lacking_in(programme)
    kinds = ("none", "one_source", "contested", "thin", "unheard")
    assert {kind: [one.label for one in getattr(found, kind)] for kind in kinds} == {
        "none": [bare.label], "one_source": [lone.label], "contested": [both.label], "thin": [lone.label],
        "unheard": [lone.label, both.label],
    }  # fmt: skip
    assert found.unheard[0].silent == ["LA2", "LA3"]
    assert found.contested[0].counted.as_json()["excerpts"] == 5


def test_many_without_evidence_are_cut_and_said_so(programme, statement):
    for at in range(4):
        statement(f"If {at}, then {at}.")
    found = lacking_in(programme, most=3)
    assert ([one.label for one in found.none], found.more) == (["S1", "S2", "S3"], True)


# ---------------------------------------------------------------- why


def test_why_goes_down_to_the_excerpts_and_up_to_the_revisions(claim, cast, actor, la):
    many_bearings(claim, cast.editor, 4, sites=la)
    words = Words(wording="If told by email, then nobody knows, because nobody has time.")
    revise(claim, by=actor(cast.lead), base=1, words=words, reason="Nobody is clearer.")
    statement, row = statement_and_row(claim.programme, claim.number)
    told = belief_json(belief_in(statement, row, evidence=True))
    assert [one["excerpt"] for one in told["evidence"]["excerpts_shown"]] == ["X4", "X3", "X2", "X1"]
    assert [one["number"] for one in told["revisions"]] == [2, 1]
    assert (told["revisions"][0]["reason"], told["revisions"][0]["proposal"]) == ("Nobody is clearer.", None)
    assert told["evidence"]["sites"][0]["site"] == "la1"
    assert [stance for stance, _cards in belief_in(statement, row, evidence=True).by_stance] == [
        "challenges", "supports", "nuances", "unclear",
    ]  # fmt: skip


def test_without_evidence_why_tells_the_history_alone(claim, cast):
    many_bearings(claim, cast.editor, 2)
    statement, row = statement_and_row(claim.programme, claim.number)
    told = belief_json(belief_in(statement, row, evidence=False))
    assert told["evidence"] is None
    assert told["statement"]["evidence"] is None
    assert "Passage" not in str(told)
    assert len(told["revisions"]) == 1
