"""Owns which evidence a proposal cites."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmo.models import Bearing, Citation, Excerpt, Proposal
from cmo.reading.evidence import BearingRow, bearings_named, bearings_of, excerpts_named, excerpts_of
from programmes.models import Programme


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


def cited_shown(proposal: Proposal) -> list[Cited]:
    """What a proposal cites with its words, in the order of `cited_by`; one query, three where it cites any."""
    cited = list(Citation.objects.filter(proposal=proposal).values_list("excerpt", "bearing"))
    if not cited:
        return []
    excerpts = excerpts_of(proposal.programme).filter(pk__in=[excerpt for excerpt, _bearing in cited if excerpt])
    links = bearings_of(proposal.programme).filter(pk__in=[bearing for _excerpt, bearing in cited if bearing])
    return [
        *(Cited(one.label, one) for one in excerpts),
        *(Cited(one.label, one.excerpt, BearingRow(one)) for one in links),
    ]


def labels_in(typed: str) -> list[str]:
    """The labels that somebody typed, with commas or spaces between."""
    return [one for one in re.split(r"[\s,;]+", typed) if one]


def evidence_named(programme: Programme, labels: Sequence[str]) -> dict[str, list[Any]]:
    """What `rules.planning_evidence.cite` takes, by labels such as X9 and B4. Raises ValidationError (cites)."""
    named = [label.strip().upper() for label in labels]
    strange = next((label for label in named if label[:1] not in ("X", "B")), None)
    if strange is not None:
        said = _("Write a label such as %(example)s, not “%(label)s”.")
        raise ValidationError({"cites": said % {"example": "X9", "label": strange[:60]}})
    excerpts: list[Excerpt] = excerpts_named(programme, [one for one in named if one[0] == "X"], field="cites")
    bearings: list[Bearing] = bearings_named(programme, [one for one in named if one[0] == "B"], field="cites")
    return {"excerpts": excerpts, "bearings": bearings}
