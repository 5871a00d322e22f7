"""Claims about judgements and what they were made against: only other words make a bearing or a verdict stale."""

import pytest

from cmo.models import Bearing, Configuration, Element, Statement
from cmo.reading.judged_then import line_json
from cmo.reading.theory_at import TheoryAt
from cmo.reading.verdicts import verdict_json, verdicts_found
from cmo.rules.composing import Words
from cmo.rules.configuring import configure, restore_configuration, revise_configuration
from cmo.rules.descending import Piece, merge
from cmo.rules.descent import Seen
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.introducing import revise_element
from cmo.rules.judging import judge
from cmo.rules.retyping import restore_element
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.standing import Placed
from cmo.rules.stating import restore, revise
from cmo.rules.undoing import undo
from tests.evidence_acts import bear_on


@pytest.fixture
def by(cast, actor):
    return actor(cast.editor)


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


def stale() -> list[bool]:
    return [one.stale for one in Bearing.objects.with_stale().order_by("number")]


def stale_verdicts(programme) -> list[bool]:
    return [verdict_json(one)["stale"] for one in verdicts_found(programme)]


def test_a_merge_that_is_undone_leaves_what_was_judged_as_it_was(programme, statement, by, lead):
    first, second = statement(wording="First."), statement(wording="Second.")
    excerpt = bear_on(first, by).excerpt
    link_excerpt(excerpt, by=by, on=On(second), stance="challenges")
    for one in (first, second):
        judge(one, by=lead, verdict="supported", rationale="It held.", team=True)
    both = Piece(Words(wording="Both."))
    done = merge(programme, by=by, ancestors=[Seen(first, 1)], into=Seen(second, 1), content=both)
    assert (stale(), stale_verdicts(programme)) == ([False, True], [False, True])
    undo(done.act, by=by)
    assert list(Statement.objects.order_by("number").values_list("wording", flat=True)) == ["First.", "Second."]
    assert (stale(), stale_verdicts(programme)) == ([False] * 2, [False] * 2)


def test_the_very_words_brought_back_say_what_they_said(programme, statement, by, lead):
    claim = statement(wording="If told, then known.")
    bear_on(claim, by)
    judge(claim, by=lead, verdict="supported", rationale="It held.", team=True)
    revise(claim, by=by, base=1, words=Words(wording="If asked, then known."))
    assert (stale(), stale_verdicts(programme)) == ([True], [True])
    restore(claim, by=by, base=2, revision=1)
    assert (stale(), stale_verdicts(programme)) == ([False], [False])


def test_retagged_is_not_reworded(programme, statement, themes, by, lead, as_, cast):
    claim = statement()
    judge(claim, by=lead, verdict="supported", rationale="It held.", team=True)
    revise(claim, by=by, base=1, themes=[themes["O1"]])
    assert stale_verdicts(programme) == [False]
    for url in ("s/1/verdicts", "s/1/why", "verdicts"):
        page = as_(cast.viewer).get(f"/p/{programme.slug}/{url}").content.decode()
        assert ("changed since" in page, "of version 1" in page) == (False, url != "verdicts"), url


@pytest.fixture
def made(programme, by):
    placed = [Placed("context", text="A place"), Placed("mechanism", text="A reason")]
    made = configure(programme, by=by, elements=placed, words={"plain": "It is so."})
    excerpt = bear_on(made, by).excerpt
    for more in ({"element": Element.objects.get(kind="context")}, {"join": "C-M"}):
        link_excerpt(excerpt, by=by, on=On(made, **more), stance="supports")
    return made


def test_the_make_up_of_a_configuration_counts_and_not_its_number_of_revisions(programme, made, by, lead):
    judge(made, by=lead, verdict="supported", rationale="It held.", team=True)
    place = Element.objects.get(kind="context")
    revise_configuration(made, by=by, base=1, words={"narrative": "A longer story."})
    assert (stale(), stale_verdicts(programme)) == ([False] * 3, [False])
    revise_configuration(made, by=by, base=2, elements=[Placed("context", element=place)])
    assert (stale(), stale_verdicts(programme)) == ([True, False, True], [True])
    restore_configuration(made, by=by, base=3, revision=1)
    assert (stale(), stale_verdicts(programme)) == ([False] * 3, [False])
    revise_configuration(made, by=by, base=4, words={"plain": "It was so."})
    assert (stale(), stale_verdicts(programme)) == ([True, False, True], [True])


def test_an_element_reworded_and_brought_back_says_what_it_said(programme, made, by, lead):
    judge(made, by=lead, verdict="supported", rationale="It held.", team=True)
    place = Element.objects.get(kind="context")
    revise_element(place, by=by, base=1, text="A quiet place")
    assert (stale(), stale_verdicts(programme)) == ([True] * 3, [True])
    restore_element(place, by=by, base=2, revision=1)
    assert (stale(), stale_verdicts(programme)) == ([False] * 3, [False])
    assert Configuration.objects.get().revision_number == 1


def test_a_snapshot_tells_what_stood_in_it(programme, statement, made, themes, by, lead):
    claim = statement()
    for one in (claim, made):
        judge(one, by=lead, verdict="supported", rationale="It held.", team=True)
    revise(claim, by=by, base=1, themes=[themes["O1"]])
    revise_configuration(made, by=by, base=1, words={"narrative": "A longer story."})
    first = take_snapshot(programme, by=lead, name="First")
    revise(claim, by=by, base=2, words=Words(wording="If asked."), reason="Heard.")
    revise_element(Element.objects.get(kind="context"), by=by, base=1, text="A quiet place", reason="Heard.")
    second = take_snapshot(programme, by=lead, name="Second")
    for snapshot, said in ((first, False), (second, True), (None, True)):
        theory = TheoryAt(programme, snapshot)
        assert [line_json(one, theory, evidence=True)["stale"] for one in theory.verdicts] == [said] * 2
