"""Owns what else is told of a theory of the past: its lineage by the acts that stood, why a statement was believed,
and the figures of its overview."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from cmo.models import Statement
from cmo.reading.believing import REVISIONS, step_json
from cmo.reading.citing import cites_of
from cmo.reading.history import Version, history_page
from cmo.reading.judged_then import line_json
from cmo.reading.lineage import ActRow, Family, Record, acts_at, family_of
from cmo.reading.lineage_timeline import SIZE, Before, Moment, Stretch, put_words, read_mark
from cmo.reading.naming import record_url
from cmo.reading.overview import WIDEST, Column, Matrix, MatrixRow
from cmo.reading.proposals import AgreedOn, agreed_by
from cmo.reading.statements import StatementRow
from cmo.reading.theory_at import TheoryAt
from cmo.reading.verdicts import VerdictLine
from cmo.team_words import DescentKind
from cmo.vocabulary import Lacks, State
from cmo.weighing import STANCES
from programmes.reading.codebook import flat, themes_of, tree
from programmes.refusals import NotThen

ACT_STREAM = 4  # where acts stand in the timeline of what stands now


# ---------------------------------------------------------------- lineage


def standing_acts(theory: TheoryAt) -> list[int]:
    """The numbers of the acts that stood."""
    return [act["number"] for act in theory.part("lineage")]


def acts_then(theory: TheoryAt, *, record: Record | None = None) -> list[ActRow]:
    """The acts that stood, the latest first; those that a record took part in alone, where one is given."""
    rows = acts_at(theory.programme, standing_acts(theory))
    if record is None:
        return rows
    return [row for row in rows if any(one.record == record for one in (*row.older, *row.younger))]


def act_then(theory: TheoryAt, number: int) -> ActRow:
    """The act with this number, if it stood, or Http404."""
    rows = acts_at(theory.programme, [number]) if number in standing_acts(theory) else []
    if not rows:
        raise Http404("There was no such act.")
    return rows[0]


def act_json_then(row: ActRow, theory: TheoryAt) -> dict[str, Any]:
    """As the API shows it, with the states that its records had, and not undone."""
    told = row.as_json() | {"undone": None, "undone_by": None}
    return told | {side: _stood(told[side], theory) for side in ("older", "younger")}


def _stood(told: Sequence[dict[str, Any]], theory: TheoryAt) -> list[dict[str, Any]]:
    return [one | {"state": theory.states.get(one["label"], one["state"])} for one in told]


def family_then(theory: TheoryAt, record: Record) -> Family:
    return family_of(record, standing_acts(theory))


def family_json_then(family: Family, theory: TheoryAt) -> dict[str, Any]:
    return {side: _stood(told, theory) for side, told in family.as_json().items()}


def lineage_json_then(theory: TheoryAt, record: Record) -> dict[str, Any]:
    """The lineage of one record as the API shows it; NotThen where the snapshot does not hold the record."""
    if record.label not in theory.states:
        kind = "statement" if isinstance(record, Statement) else "configuration"
        raise NotThen(record.label, record_url(theory.programme.slug, kind, record.number))
    acts = [act_json_then(row, theory) for row in acts_then(theory, record=record)]
    return {"label": record.label, **family_json_then(family_then(theory, record), theory), "acts": acts}


def timeline_then(
    theory: TheoryAt, *, what: str = "", before: str = "", size: int = SIZE
) -> tuple[Stretch, int]:
    """(a page of the acts that stood, the latest first; how many there were). Raises ValidationError (what, before)."""
    if what and what not in DescentKind.values:
        said = _("A snapshot keeps the acts that stood; choose one of %(kinds)s, or leave “snapshot” out.")
        raise ValidationError({"what": said % {"kinds": ", ".join(DescentKind.values)}})
    start: Before | None = read_mark(before) if before else None
    rows = [row for row in acts_then(theory) if not what or row.act.kind == what]
    later = [row for row in rows if start is None or row.act.number < start[2]]
    put_words(later[:size])
    moments = [Moment(row.act.at, ACT_STREAM, row.act.number, row.act.kind, act=row) for row in later[:size]]
    return Stretch(moments, moments[-1].mark if len(later) > size else ""), len(rows)


def moment_json_then(moment: Moment, theory: TheoryAt) -> dict[str, Any]:
    told = moment.as_json()
    return told | {side: _stood(told[side], theory) for side in ("older", "younger")}


# ---------------------------------------------------------------- why a statement was believed


@dataclass(frozen=True, slots=True)
class BeliefThen:
    """A statement as it stood, how it had come to read so, and what it came from; its excerpts are not kept."""

    row: StatementRow
    versions: list[Version]  # newest first
    decided: dict[int, AgreedOn]
    family: Family
    verdicts: list[VerdictLine]
    cites: dict[int, list[str]] | None  # {revision: what it cites}; None for those who do not see evidence

    @property
    def steps(self) -> list[tuple[Version, AgreedOn | None]]:
        return [(version, self.decided.get(version.revision.number)) for version in self.versions]


def belief_then(theory: TheoryAt, statement: Statement, *, evidence: bool) -> BeliefThen:
    """Raises NotThen where the snapshot does not hold the statement."""
    row = theory.by_number.get(statement.number)
    if row is None:
        raise NotThen(statement.label, record_url(theory.programme.slug, "statement", statement.number))
    versions = history_page(statement, row.revision - REVISIONS + 1, row.revision)
    return BeliefThen(
        row,
        _coded_then(versions, theory),
        agreed_by(statement),
        family_then(theory, statement),
        [line for line in theory.verdicts if line.record == row.label],
        cites_of(statement) if evidence else None,
    )


def _coded_then(versions: list[Version], theory: TheoryAt) -> list[Version]:
    """Revisions, newest first, with their themes by the codes and names that these bore then; one query."""
    now = {theme.label: theme.pk for theme in themes_of(theory.programme)}
    then = theory.tags
    oldest = [versions[-1].before] if versions and versions[-1].before else []
    for version in (*versions, *oldest):
        version.themes = [then.get(now.get(tag.label, 0), tag) for tag in version.themes]
    return versions


def belief_json_then(belief: BeliefThen, theory: TheoryAt, *, evidence: bool) -> dict[str, Any]:
    """As the API shows it. What the evidence was by site and role, and its excerpts, are null: they are not kept."""
    whole = belief.row.evidence
    by_stance = {stance: whole.sources_by_stance.get(stance, 0) for stance in STANCES}
    counted = {
        "on": belief.row.label, **whole.as_json(), "sources_by_stance": by_stance, "sites": None, "roles": None,
        "excerpts_shown": None,
    }  # fmt: skip
    return {
        "statement": belief.row.as_json(evidence=evidence),
        "evidence": counted if evidence else None,
        "revisions": [step_json(version, decided, belief.cites) for version, decided in belief.steps],
        "verdicts": [line_json(line, theory, evidence=evidence) for line in belief.verdicts],
        "lineage": family_json_then(belief.family, theory),
    }


# ---------------------------------------------------------------- the overview


def figures_then(theory: TheoryAt) -> dict[str, int]:
    """The counts at the head of the overview, as they were."""
    states = [row.state for row in theory.statements]
    used = [row for row in theory.statements if row.state != State.RETIRED]
    return {
        **theory.counts,
        "agreed": states.count(State.AGREED),
        "draft": states.count(State.DRAFT),
        "retired": states.count(State.RETIRED),
        "no_because": sum(bool(row.lacks & Lacks.BECAUSE) for row in used),
        "no_themes": sum(bool(row.lacks & Lacks.THEMES) for row in used),
    }


def matrix_then(theory: TheoryAt, *, retired: bool = False) -> Matrix:
    """The themes against the statements as they were; against areas where those were too many to stand side by side."""
    areas = {slug: at for at, slug in enumerate(theory.area_titles)}
    rows = [row for row in theory.statements if retired or row.state != State.RETIRED]
    rows.sort(key=lambda row: (areas.get(row.area or "", len(areas)), row.number))
    carried = [{tag.label for tag in row.themes} for row in rows]
    themes = flat(tree(theory.themes, retired=True))
    if len(rows) > WIDEST:
        return _by_area(theory, rows)
    heads: list[tuple[str, int]] = []
    columns: list[Column] = []
    for at, row in enumerate(rows):
        first = at == 0 or rows[at - 1].area != row.area
        heads += [(row.area_title or "", 0)] if first else []
        heads[-1] = (heads[-1][0], heads[-1][1] + 1)
        columns.append(Column(row.number, row.state == State.RETIRED, first))
    shown = []
    for theme in themes:
        cells = [theme.label in labels for labels in carried]
        if any(cells):
            in_use = sum(cell and not column.gone for cell, column in zip(cells, columns, strict=True))
            shown.append(MatrixRow(theme, list(zip(columns, cells, strict=True)), in_use))
    return Matrix(False, heads, columns, shown)


def _by_area(theory: TheoryAt, rows: Sequence[StatementRow]) -> Matrix:
    used = [row for row in rows if row.state != State.RETIRED]
    keys = [area["slug"] for area in theory.part("areas") if not area["retired"]] + [""]
    shown = []
    for theme in flat(tree(theory.themes, retired=True)):
        carrying = [row.area or "" for row in used if any(tag.label == theme.label for tag in row.themes)]
        cells = [carrying.count(key) for key in keys]
        if any(cells):
            shown.append(MatrixRow(theme, cells, sum(cells)))
    return Matrix(True, [(theory.area_titles.get(key, ""), 1) for key in keys], [], shown)
