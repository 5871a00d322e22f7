"""Owns which evidence a proposal cites, and which a revision of a statement or a configuration does."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from cmo.models import (
    Bearing,
    Citation,
    Configuration,
    Excerpt,
    Proposal,
    RevisionCitation,
    Statement,
)
from cmo.reading.elements import no_label
from cmo.reading.evidence import BearingRow, bearings_named, bearings_of, excerpts_named, excerpts_of
from cmo.rules.citing import Rests
from programmes.models import Programme
from programmes.reading.team import evidence_shown


@dataclass(frozen=True, slots=True)
class Cited:
    """One thing that a proposal rests on: a passage, and where it is cited as a link, what that says of which claim."""

    label: str
    excerpt: Excerpt
    link: BearingRow | None = None


def cited_by(proposal: Proposal) -> list[str]:
    """X9, B4: excerpts by number, then bearings by number; one query."""
    found = Citation.objects.filter(proposal=proposal).select_related("excerpt", "bearing")
    excerpts = sorted(one.excerpt.number for one in found if one.excerpt)
    bearings = sorted(one.bearing.number for one in found if one.bearing)
    return [*(f"X{number}" for number in excerpts), *(f"B{number}" for number in bearings)]


def cited_among(programme: Programme, named: Sequence[tuple[int | None, int | None]]) -> list[Cited]:
    """What a proposal cites with its words, of the keys of (excerpt, bearing): in the order of `cited_by`; two queries
    where it cites any."""
    if not named:
        return []
    excerpts = excerpts_of(programme).filter(pk__in=[excerpt for excerpt, _bearing in named if excerpt])
    links = bearings_of(programme).filter(pk__in=[bearing for _excerpt, bearing in named if bearing])
    return [
        *(Cited(one.label, one) for one in excerpts),
        *(Cited(one.label, one.excerpt, BearingRow(one)) for one in links),
    ]


def labels_in(typed: str) -> list[str]:
    """The labels that somebody typed, with commas or spaces between."""
    return [one for one in re.split(r"[\s,;]+", typed) if one]


def evidence_named(programme: Programme, labels: Sequence[str]) -> dict[str, Any]:
    """What `rules.citing_in_proposals.cite` takes, by labels such as X9 and B4. Raises ValidationError (cites)."""
    found = rests_named(programme, labels, field="cites")
    return {"excerpts": found.excerpts, "bearings": found.bearings}


def rests_named(programme: Programme, labels: Sequence[str], *, field: str = "rests_on") -> Rests:
    """The evidence with these labels, X9 or B4. For who sees none there is none. Raises ValidationError (field)."""
    named = list(dict.fromkeys(label.strip().upper() for label in labels))
    strange = next((label for label in named if label[:1] not in ("X", "B")), None)
    if strange is not None:
        raise ValidationError({field: no_label(strange, example="X9")})
    sees = evidence_shown(programme)
    excerpts: list[Excerpt] = excerpts_named(programme, [one for one in named if one[0] == "X"], field=field, sees=sees)
    bearings: list[Bearing] = bearings_named(programme, [one for one in named if one[0] == "B"], field=field, sees=sees)
    return Rests(excerpts, bearings)


def cited_with(proposal: Proposal, more: Rests) -> Rests:
    """What a proposal cites already and `more`: the whole of what it cites from now on."""
    held = Citation.objects.filter(proposal=proposal).select_related("excerpt", "bearing")
    excerpts = {one.excerpt.pk: one.excerpt for one in held if one.excerpt} | {one.pk: one for one in more.excerpts}
    bearings = {one.bearing.pk: one.bearing for one in held if one.bearing} | {one.pk: one for one in more.bearings}
    return Rests(list(excerpts.values()), list(bearings.values()))


def cites_of(record: Statement | Configuration) -> dict[int, list[str]]:
    """{revision: the labels of what it cites, or what the proposal that wrote it does}, of those that cite anything.
    One query; none before there is any evidence. For those who see evidence alone."""
    if not record.programme.last_source:
        return {}
    of = "statement" if isinstance(record, Statement) else "configuration"
    found: dict[int, list[str]] = {}
    rows = RevisionCitation.objects.filter(**{f"{of}_revision__{of}": record}).values_list(
        f"{of}_revision__number", "excerpt__number", "bearing__number"
    )
    agreed = Citation.objects.filter(**{f"proposal__outcomes__{of}": record}).values_list(
        "proposal__outcomes__revision", "excerpt__number", "bearing__number"
    )
    for revision, excerpt, bearing in rows.union(agreed, all=True):
        found.setdefault(revision, []).append(f"X{excerpt}" if excerpt else f"B{bearing}")
    return {revision: sorted(set(labels), key=lambda label: (label[0] == "B", int(label[1:])))
            for revision, labels in found.items()}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offered:
    """A bearing on the record that is being changed, for its form to tick."""

    label: str
    stance: str
    text: str
    source: str


def offered_on(record: Statement | Configuration | None, most: int = 50) -> list[Offered]:
    """What bears on a record and counts, the latest first; one query, none before there is any evidence."""
    if record is None or not record.programme.last_source:
        return []
    of = "statement" if isinstance(record, Statement) else "configuration"
    live = Bearing.objects.of(record.programme).current().filter(**{of: record})
    found = live.select_related("excerpt__source").order_by("-number")[:most]
    return [Offered(one.label, one.stance, one.excerpt.text, one.excerpt.source.name) for one in found]
