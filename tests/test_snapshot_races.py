"""Claims about snapshots taken while others write, with real threads on the database of the run: each equals one moment
of history, which the log up to its row reproduces. Every write lies wholly before or wholly after it."""

from typing import Any

import pytest
from django.core.management import call_command

from cmo.models import Configuration, Element, Snapshot, Statement, Verdict
from cmo.reading.canonical import sha256_of
from cmo.reading.snapshots import snapshots_of
from cmo.reading.theory_at import TheoryAt
from cmo.rules.arranging import add_area
from cmo.rules.bulk import Taken, state_all
from cmo.rules.composing import Words
from cmo.rules.configuring import configure, revise_configuration
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.excerpting import Said, add_excerpt
from cmo.rules.introducing import introduce, revise_element
from cmo.rules.judging import judge
from cmo.rules.recoding import merge_theme
from cmo.rules.snapshotting import close_and_keep, take_snapshot
from cmo.rules.standing import Placed
from cmo.rules.stating import revise, state
from programmes.models import AuditEvent, Phase, Theme
from programmes.rules.classifying import add_theme, move_theme
from programmes.rules.phasing import open_phase
from programmes.rules.sourcing import add_source
from tests.conftest import actor
from tests.test_lineage_races import duel

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 25
EVIDENCE = ("Q", "X", "B")  # sources, excerpts, bearings: counted in a snapshot


def told(snapshot: Snapshot) -> dict[str, int]:
    """{record: its revision} as the log up to the snapshot's row leaves them."""
    rows = AuditEvent.objects.filter(programme=snapshot.programme, number__lte=snapshot.log_number).order_by("number")
    found: dict[str, int] = {}
    for record, detail in rows.values_list("record", "detail"):
        if isinstance(detail.get("revision"), int) and record[0] not in EVIDENCE:
            found[record] = detail["revision"]
    return found


def gathered(snapshot: Snapshot) -> dict[str, int]:
    """How many areas, sources and excerpts, and excerpts on S1, the log up to the snapshot's row tells of."""
    rows = AuditEvent.objects.filter(programme=snapshot.programme, number__lte=snapshot.log_number)
    kept = {letter: rows.filter(record__regex=f"^{letter}[0-9]+$").values("record").distinct() for letter in EVIDENCE}
    return {
        "areas": rows.filter(verb="area added").count(), "sources": kept["Q"].count(), "excerpts": kept["X"].count(),
        "on S1": kept["B"].count(),
    }  # fmt: skip


def kept_parts(theory: TheoryAt) -> dict[str, int]:
    """The same as the snapshot keeps it, which has no revisions to point at."""
    evidence = theory.part("evidence")
    return {
        "areas": len(theory.part("areas")), "sources": evidence["sources"], "excerpts": evidence["excerpts"],
        "on S1": theory.evidence["S1"].excerpts if "S1" in theory.evidence else 0,
    }  # fmt: skip


def frozen(theory: TheoryAt) -> dict[str, int]:
    """The same as the snapshot points at it."""
    found = {row.label: row.revision for row in theory.statements}
    found |= {row.element.label: row.element.revision_number for row in theory.elements}
    found |= {row.label: row.configuration.revision_number for row in theory.configurations}
    found |= {f"theme {theme.label}": theme.revision_number for theme in theory.themes}
    return found | {f"verdict {line.number}": line.revision for line in theory.verdicts}


def verify(programme: Any) -> list[Snapshot]:
    taken = list(snapshots_of(programme))
    for one in taken:
        theory = TheoryAt(programme, one)
        assert frozen(theory) == told(one), one.slug
        assert kept_parts(theory) == gathered(one), one.slug
        assert sha256_of(one, theory) == one.sha256
    call_command("check_integrity")
    return taken


@pytest.fixture
def theory(programme, cast, themes):
    by = actor(cast.editor)
    made = state_all(programme, by=by, lines=[Taken(f"If {at}, then so.", [themes["O4"]], None) for at in range(40)])
    element = introduce(programme, by=by, kind="context", text="A door is open")
    configure(programme, by=by, elements=[Placed("context", element)], statements=[made[0]])
    return made


def test_a_snapshot_during_heavy_editing_equals_one_moment_of_history(programme, cast, themes, theory):
    editor, lead = actor(cast.editor), actor(cast.lead)

    def reword(at: int) -> None:
        now = Statement.objects.select_related("programme").get(programme=programme, number=at + 1)
        revise(now, by=editor, base=now.revision_number, words=Words(wording=f"If {at}, then edited."), reason="So.")
        state(programme, by=editor, words=Words(wording=f"If {at} is new, then it is counted."))

    def rearrange(at: int) -> None:
        element = Element.objects.select_related("programme").get(programme=programme, number=1)
        revise_element(element, by=lead, base=element.revision_number, text=f"A door is open {at}", reason="So.")
        one = Configuration.objects.select_related("programme").get(programme=programme, number=1)
        revise_configuration(one, by=lead, base=one.revision_number, words={"plain": f"It opens {at}."}, reason="So.")

    def recode(at: int) -> None:
        made = add_theme(programme, by=lead, code=f"Z{at}", name="Moving")
        move_theme(made, by=lead, base=1, parent=Theme.objects.get(programme=programme, code="O"))
        judge(Statement.objects.select_related("programme").get(programme=programme, number=at + 1), by=lead,
              verdict="supported", rationale="It held.")  # fmt: skip

    def gather(at: int) -> None:
        on = On(Statement.objects.select_related("programme").get(programme=programme, number=1))
        source = add_source(programme, by=lead, kind="interview", pseudonym=f"LA1-SW{at}")
        link_excerpt(add_excerpt(source, by=lead, said=Said(f"Said {at}.")), by=lead, on=on, stance="supports")
        add_area(programme, by=lead, title=f"Area {at}")

    def freeze(at: int) -> None:
        take_snapshot(programme, by=lead, name=f"Moment {at}")

    answers = duel(ROUNDS, reword, rearrange, recode, gather, freeze)
    assert set(answers) == {("done",) * 5}
    taken = verify(programme)
    assert [one.name for one in taken] == [f"Moment {at}" for at in range(ROUNDS)]
    assert sorted(one.log_number for one in taken) == [one.log_number for one in taken]
    assert Verdict.objects.filter(programme=programme).count() == ROUNDS


def test_a_merge_of_themes_is_all_before_or_all_after_a_snapshot(programme, cast, themes, theory):
    """The merge retags forty statements: never some of them."""
    lead = actor(cast.lead)
    carried = {0: "O4", 1: "P6"}

    def merge(at: int) -> None:
        old = Theme.objects.select_related("programme").get(programme=programme, code="O4")
        merge_theme(old, by=lead, base=old.revision_number, into=Theme.objects.get(programme=programme, code="P6"))

    assert duel(1, merge, lambda at: take_snapshot(programme, by=lead, name="Between")) == [("done", "done")]
    [one] = verify(programme)
    found = {tag.label for row in TheoryAt(programme, one).statements for tag in row.themes}
    assert found in ({carried[0]}, {carried[1]})


def test_of_two_who_take_a_snapshot_of_one_name_one_gets_it(programme, cast, theory):
    lead = actor(cast.lead)
    take = lambda at: take_snapshot(programme, by=lead, name=f"Theory {at}")  # noqa: E731
    assert [sorted(pair) for pair in duel(5, take, take)] == [["ValidationError", "done"]] * 5
    assert [one.name for one in verify(programme)] == [f"Theory {at}" for at in range(5)]


def test_a_wording_without_a_reason_is_before_the_first_snapshot_or_refused(programme, cast, theory):
    editor, lead = actor(cast.editor), actor(cast.lead)

    def reword(at: int) -> None:
        now = Statement.objects.select_related("programme").get(programme=programme, number=1)
        revise(now, by=editor, base=1, words=Words(wording="If edited, then so."))

    [answers] = duel(1, reword, lambda at: take_snapshot(programme, by=lead, name="First"))
    [one] = verify(programme)
    reworded = TheoryAt(programme, one).by_number[1].revision == 2
    assert answers == (("done", "done") if reworded else ("ValidationError", "done"))


def test_a_phase_closed_twice_keeps_one_snapshot(programme, cast, theory):
    lead = actor(cast.lead)

    def close(at: int) -> None:
        now = Phase.objects.select_related("programme").get(programme=programme, slug="gleaning")
        close_and_keep(now, by=lead, base=2, reason="It is done.")

    [answers] = duel(1, close, close)
    assert answers == ("Stale", "done")
    assert [one.slug for one in verify(programme)] == ["initial-programme-theory"]
    now = Phase.objects.select_related("programme").get(programme=programme, slug="gleaning")
    open_phase(now, by=lead, base=3, reason="Two more interviews.")
    close_and_keep(now, by=lead, base=4, reason="It is done.")
    assert [(one.slug, one.name) for one in verify(programme)] == [
        ("initial-programme-theory", "Initial programme theory"),
        ("initial-programme-theory-2", "Initial programme theory, 2"),
    ]
