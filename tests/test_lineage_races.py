"""Claims about acts of lineage at the same moment, with real threads on the database of the run: one is done, the other
hears why not, and what is stored agrees with itself."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from cmo.models import Descent, DescentLine, Statement
from cmo.rules.bulk import Taken, state_all
from cmo.rules.composing import Words
from cmo.rules.descending import Piece, merge, split
from cmo.rules.descent import Seen
from cmo.rules.recounting import drift
from cmo.rules.stating import revise
from cmo.rules.undoing import undo
from tests.conftest import actor

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 500


def duel(rounds: int, *jobs: Callable[[int], Any]) -> list[tuple[str, ...]]:
    """What the jobs came to in each round, sorted: "done", or the name of what was raised. They start each round at the
    same moment, each with one connection of its own for all rounds."""
    start = threading.Barrier(len(jobs))
    found: list[list[str]] = [[""] * len(jobs) for _ in range(rounds)]

    def work(at: int, job: Callable[[int], Any]) -> None:
        try:
            for number in range(rounds):
                start.wait(30)
                try:
                    job(number)
                    found[number][at] = "done"
                except threading.BrokenBarrierError:
                    raise
                except Exception as error:
                    found[number][at] = type(error).__name__
        except BaseException:
            # Never at the end of a good run: who is slow to leave the last round would take it for a break.
            start.abort()
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return [tuple(sorted(answers)) for answers in found]


@pytest.fixture
def by(cast):
    return actor(cast.editor)


@pytest.fixture
def pairs(programme, by):
    """So many pairs of statements, S1 and S2 and on, each at revision 1."""

    def made(n: int) -> list[tuple[Any, Any]]:
        lines = [Taken(f"If a door is open at {at}, then people come in.", [], None) for at in range(2 * n)]
        found = state_all(programme, by=by, lines=lines)
        return list(zip(found[::2], found[1::2], strict=True))

    return made


def into(programme: Any, by: Any, older: Any, younger: Any) -> Any:
    return merge(programme, by=by, ancestors=[Seen(older, 1)], into=Seen(younger, 1), content=Piece())


def all_is_well(programme: Any) -> None:
    assert drift(programme) == []
    call_command("check_integrity")  # no circles, lines as their revisions say, all of it sealed in the log


def test_a_into_b_against_b_into_a_ends_with_one_of_them(programme, by, pairs):
    found = pairs(ROUNDS)
    answers = duel(
        ROUNDS,
        lambda at: into(programme, by, found[at][0], found[at][1]),
        lambda at: into(programme, by, found[at][1], found[at][0]),
    )
    assert Counter(answers) == {("Stale", "done"): ROUNDS}
    states = dict(Statement.objects.values_list("number", "state"))
    assert all({states[2 * at + 1], states[2 * at + 2]} == {"draft", "retired"} for at in range(ROUNDS))
    assert set(Statement.objects.values_list("revision_number", flat=True)) == {2}
    assert list(Descent.objects.order_by("number").values_list("number", flat=True)) == list(range(1, ROUNDS + 1))
    assert DescentLine.objects.count() == ROUNDS
    all_is_well(programme)


def test_merging_against_splitting_and_rewording_leaves_one_of_them_done(programme, by, pairs):
    rounds = 60
    found = pairs(rounds)

    def reword(at: int) -> Any:
        return revise(found[at][0], by=by, base=1, words=Words(wording="Meanwhile."))

    def merged(at: int) -> Any:
        both = [Seen(one, 1) for one in found[at]]
        return merge(programme, by=by, ancestors=both, content=Piece(Words(wording="Both.")))

    def parted(at: int) -> Any:
        pieces = [Piece(Words(wording=f"{part} of it.")) for part in ("One", "Two")]
        return split(Seen(found[at][0], 1), by=by, pieces=pieces)

    assert Counter(duel(rounds, merged, parted, reword)) == {("Stale", "Stale", "done"): rounds}
    numbers = sorted(Statement.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))  # none is left out, none is given twice
    all_is_well(programme)


def test_an_act_is_undone_once_and_never_together_with_an_edit_of_what_it_made(programme, by, pairs):
    rounds = 60
    done = [
        merge(programme, by=by, ancestors=[Seen(one, 1) for one in pair], content=Piece(Words(wording="Both.")))
        for pair in pairs(rounds)
    ]

    def edit(at: int) -> Any:
        return revise(done[at].younger[0], by=by, base=1, words=Words(wording="Better."))

    def back(at: int) -> Any:
        return undo(done[at].act, by=by)

    answers = Counter(duel(rounds, back, back, edit))
    assert set(answers) <= {("Stale", "ValidationError", "done"), ("ValidationError", "ValidationError", "done")}
    all_is_well(programme)
