"""Owns what the files and the figure of a comparison are made of: its rows as facts, in the reader's language."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo.evidence_words import Stance
from cmo.exports.changes import FORMATS, ChangeFacts, ChangesDossier
from cmo.figures.flow import Branch, Stream, flow
from cmo.figures.shapes import Figure
from cmo.figures.svg import svg
from cmo.phase_words import Became
from cmo.reading.comparison import Comparison, Row, Table
from cmo.reading.sides import Side
from cmo.reading.theory_at import TheoryAt
from cmo.weighing import Counted


def called(theory: TheoryAt) -> str:
    """What a theory is called in a heading: a snapshot by its name and day, else the working theory."""
    one = theory.snapshot
    if one is None:
        return _("Working theory")
    return f"{one.name}, {date_format(localtime(one.taken), 'j F Y')}"


def evidence_said(counts: Counted | None) -> str:
    """How much evidence there is, by stance: always excerpts and distinct sources."""
    parts = []
    for stance in Stance:
        n = counts.by_stance.get(stance.value, 0) if counts else 0
        if counts and n:
            of = counts.sources_by_stance.get(stance.value, 0)
            excerpts = ngettext("%(n)s excerpt", "%(n)s excerpts", n) % {"n": n}
            sources = ngettext("%(n)s source", "%(n)s sources", of) % {"n": of}
            said = _("%(stance)s: %(excerpts)s of %(sources)s")
            parts.append(said % {"stance": stance.label, "excerpts": excerpts, "sources": sources})
    return "; ".join(parts)


def evidence_of_row(row: Row) -> str:
    """How much evidence a row rests on, and of which records, where it is not that of the one which stands after."""
    told = row.evidence or {}
    if not row.evidence_stays:
        return "; ".join(evidence_said(counts) for counts in told.values())
    return "\n".join(evidence_on(label, counts) for label, counts in told.items())


def evidence_on(label: str, counts: Counted) -> str:
    return _("Evidence on %(label)s. %(said)s") % {"label": label, "said": evidence_said(counts)}


def dossier_of(found: Comparison) -> ChangesDossier:
    return ChangesDossier(
        title=_("Changes of the theory: %(title)s") % {"title": found.new.part("programme")["title"]},
        old=called(found.old),
        new=called(found.new),
        counts=[(str(kind.label), n) for kind, n in found.statements.told],
        statements=_facts(found.statements, found.new),
        configurations=_facts(found.configurations, found.new),
    )


def _facts(table: Table, theory: TheoryAt) -> list[ChangeFacts]:
    return [_fact(row, theory.area_titles) for row in table.rows]


def _fact(row: Row, areas: dict[str, str]) -> ChangeFacts:
    said = row.verdict
    return ChangeFacts(
        row.kind.value, str(row.kind.label), areas.get(row.area, row.area),
        [(side.label, side.wording) for side in row.before], [(side.label, side.wording) for side in row.after],
        [(change.kind, change.old, change.new) for change in row.diff], said.said if said else "",
        said.rationale if said else "", row.reason, evidence_of_row(row),
        _codes(row.before), _codes(row.after), [(theme.kind, theme.said, theme.once) for theme in row.themes],
    )  # fmt: skip


def _codes(sides: Sequence[Side]) -> list[tuple[str, list[str]]]:
    return [(side.label, side.codes) for side in sides]


def streams(rows: Sequence[Row]) -> list[Stream]:
    """The rows as the figure draws them: each record once on either side. What was refined from one that has a row of
    its own branches off there."""
    branches: dict[str, list[Branch]] = {}
    for row in rows:
        for side in row.before if row.shared else ():
            branches.setdefault(side.label, []).append(Branch(row.kind, side.label, _labels(row.after)))
    return [
        Stream(
            row.kind, _labels(row.before), _labels(row.after),
            tuple(branch for side in row.before for branch in branches.get(side.label, [])),
        )
        for row in rows
        if not row.shared
    ]  # fmt: skip


def _labels(sides: Sequence[Side]) -> tuple[str, ...]:
    return tuple(side.label for side in sides)


def flow_of(found: Comparison) -> Figure:
    """The flow of the statements from the earlier theory to the later."""
    old, new = called(found.old), called(found.new)
    title = _("From %(old)s to %(new)s: what became of each statement") % {"old": old, "new": new}
    return flow(streams(found.statements.rows), old=old, new=new, title=title)


def kinds_of_rows(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Rows under what became of them."""
    found = [(str(kind.label), [row for row in rows if row.kind is kind]) for kind in Became]
    return [(said, held) for said, held in found if held]


def areas_of_rows(rows: Sequence[Row], theory: TheoryAt) -> list[tuple[str, list[Row]]]:
    """Rows under the titles of their areas, in the order of the areas; those without one last."""
    titles: dict[str, Any] = {**theory.area_titles, "": _("Without an area")}
    found: dict[str, list[Row]] = {slug: [] for slug in titles}
    for row in rows:
        found.setdefault(row.area, []).append(row)
    return [(titles.get(slug, slug), held) for slug, held in found.items() if held]


def comparison_file(slug: str, found: Comparison, wanted: str) -> HttpResponse:
    """A comparison as a file."""
    if wanted == "svg":
        answer = HttpResponse(svg(flow_of(found)), content_type="image/svg+xml")
        suffix = "svg"
    else:
        content_type, suffix, write = FORMATS[wanted]
        answer = HttpResponse(write(dossier_of(found)), content_type=content_type)
    name = f"{slug}-{found.old.slug}-to-{found.new.slug}.{suffix}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
