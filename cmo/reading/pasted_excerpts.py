"""Owns what a paste of excerpts would add: each passage with its themes, and those that are there already."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmo.evidence_words import ExcerptStatus
from cmo.folding import sameness
from cmo.models import Excerpt
from cmo.passages import MOST_PASSAGES, Passage, TooMany, read_passages
from cmo.rules.excerpting import Said
from cmo.ticking import mark_of
from programmes.gate import clean
from programmes.models import Site, Source, Theme
from programmes.natural import natural
from programmes.reading.codebook import Codes
from programmes.reading.fieldwork import sites_of
from programmes.revealing import kinds_in
from programmes.vocabulary import Limit

ELSEWHERE = "site"


@dataclass(slots=True)
class Read:
    """A passage as it would be added; `take` says whether it will be."""

    passage: Passage
    themes: list[Theme]
    site: Site | None  # signed with it, where that is not the source's
    known_as: list[str] = field(default_factory=list)  # excerpts of the source that say the same
    take: bool = True
    fresh: bool = False  # not among the passages that were shown before

    @property
    def at(self) -> int:
        return self.passage.at

    @property
    def mark(self) -> str:
        one = self.passage  # a code that came into the codebook meanwhile makes no other passage of it
        return mark_of(one.text, one.original, one.locator, one.site, one.status, sorted([*one.codes, *one.unknown]))

    @property
    def warnings(self) -> list[str]:
        said = kinds_in(self.passage.text, self.passage.original)
        return [*said, ELSEWHERE] if self.site else said

    @property
    def said(self) -> Said:
        one = self.passage
        status = one.status or ExcerptStatus.OBSERVED
        return Said(one.text, one.original, one.locator, self.themes, status, self.site)

    def as_json(self) -> dict[str, Any]:
        one = self.passage
        return {
            "at": one.at, "text": one.text, "original": one.original, "locator": one.locator,
            "themes": [theme.label for theme in self.themes], "unknown": one.unknown,
            "status": one.status or ExcerptStatus.OBSERVED.value, "signed_site": self.site.slug if self.site else None,
            "unknown_site": one.unknown_site, "beyond": one.beyond, "known_as": self.known_as,
            "warnings": self.warnings,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadPaste:
    """All that was read. `columns` are those of a table of which nothing is taken in."""

    rows: list[Read]
    columns: list[str]

    @property
    def known(self) -> list[str]:
        """The excerpts that say already what passages say: X3, by number."""
        return sorted({label for one in self.rows for label in one.known_as}, key=natural)

    @property
    def nothing_new(self) -> bool:
        return all(one.known_as for one in self.rows)

    @property
    def chosen(self) -> list[Said]:
        return [one.said for one in self.rows if one.take]


def read_pasted(source: Source, text: str) -> ReadPaste:
    """What pasting `text` would add to a source; three queries. Raises ValidationError (text)."""
    programme = source.programme
    text = clean(text, field="text", limit=Limit.TRANSCRIPT, required=True)
    codes, sites = Codes(programme), {site.slug: site for site in sites_of(programme)}
    names = {name.casefold(): site.slug for site in sites.values() for name in (site.slug, site.name)}

    def known(code: str) -> str | None:
        theme = codes.get(code)
        return theme.label if theme is not None and not theme.retired else None

    try:
        pasted = read_passages(text, known=known, sites=names, codes=[theme.code for theme in codes.themes])
    except TooMany as error:
        raise ValidationError({"text": _("Paste at most %(n)s excerpts at once.") % {"n": MOST_PASSAGES}}) from error
    passages = pasted.passages
    if not passages:
        raise ValidationError({"text": _("There is no passage in this; write or paste one.")})
    same: dict[str, list[str]] = {}
    marks = [sameness(one.text) for one in passages]
    for number, mark in Excerpt.objects.filter(source=source, retired=False, sameness__in=marks).values_list(
        "number", "sameness"
    ):
        same.setdefault(mark, []).append(f"X{number}")
    found = []
    for one, mark in zip(passages, marks, strict=True):
        signed = sites.get(one.site)
        elsewhere = signed if signed is not None and signed.pk != source.site_id else None
        themes = [theme for theme in map(codes.get, one.codes) if theme is not None]
        found.append(Read(one, themes, elsewhere, same.get(mark, []), take=mark not in same))
        same.setdefault(mark, [])  # said twice in one paste: the first is taken
    return ReadPaste(found, pasted.columns)
