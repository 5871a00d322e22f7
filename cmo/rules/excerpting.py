"""Owns excerpts: the only rules that add and change them, one or many at a time, or picked from a transcript.

What an excerpt says enters neither the log nor a mail nor an address.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.evidence_words import ExcerptStatus
from cmo.folding import sameness
from cmo.models import Excerpt, ExcerptTheme
from cmo.rules.chronicling import EXCERPTS, Row
from cmo.rules.composing import KEEP, Keep, Shelf, checked_themes
from cmo.rules.indexing import excerpt_entry
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Programme, Site, Source, Theme, Transcript
from programmes.refusals import Stale
from programmes.rules import sourcing
from programmes.rules.holding import hold
from programmes.rules.indexing import index
from programmes.rules.sourcing import put_site, write_transcript
from programmes.vocabulary import EvidenceChange, Limit, Verb

MOST = 500


@dataclass(frozen=True, slots=True)
class Said:
    """One excerpt as somebody writes it; with `start` and `end` its place in the transcript that is kept."""

    text: str
    original: str = ""
    locator: str = ""
    themes: Sequence[Theme] = ()
    status: str = ExcerptStatus.OBSERVED
    signed_site: Site | None = None  # where it is signed with another than its source's
    start: int | None = None
    end: int | None = None


def add_excerpt(source: Source, *, by: Actor, said: Said, reason: str = "") -> Excerpt:
    """A new excerpt of a source, as revision 1. Raises ValidationError (text, original, locator, themes, status, site,
    start), PermissionDenied."""
    return add_excerpts(source, by=by, said=[said], reason=reason)[0]


@transaction.atomic
def add_excerpts(source: Source, *, by: Actor, said: Sequence[Said], reason: str = "") -> list[Excerpt]:
    """New excerpts of a source in the order given, all or none; of several, a refusal counts them from 1."""
    rows = _drawn_all(source, by, said, reason)
    EXCERPTS.write(source.programme, by=by, rows=rows)
    return [row.now for row in rows]


@transaction.atomic
def check_excerpts(source: Source, *, by: Actor, said: Sequence[Said], reason: str = "") -> None:
    """Refuse what `add_excerpts` would refuse, in the same words, and write nothing."""
    _drawn_all(source, by, said, reason)


def _drawn_all(source: Source, by: Actor, said: Sequence[Said], reason: str) -> list[Row]:
    programme = source.programme
    require(by, Verb.EVIDENCE, programme)
    if len(said) > MOST:
        raise ValidationError({"text": _("Add at most %(n)s excerpts at once.") % {"n": MOST}})
    hold(programme)
    now = _source_now(programme, source)
    reason = clean(reason, field="reason", limit=Limit.REASON)
    shelf, kept = Shelf(programme), _Kept(now)
    shelf.themes({theme.pk for one in said for theme in one.themes})
    rows = []
    for at, one in enumerate(said, start=1):
        try:
            rows.append(_drawn(now, one, shelf, kept, reason))
        except ValidationError as error:
            if len(said) == 1:
                raise
            told = " ".join(error.messages)
            raise ValidationError({"text": _("Excerpt %(at)s: %(said)s") % {"at": at, "said": told}}) from error
    return rows


@transaction.atomic
def change_excerpt(
    excerpt: Excerpt,
    *,
    by: Actor,
    base: int,
    source: Source | None = None,
    text: str | None = None,
    original: str | None = None,
    locator: str | None = None,
    themes: Sequence[Theme] | None = None,
    status: str | None = None,
    signed_site: Site | Keep | None = KEEP,
    reason: str = "",
) -> Excerpt:
    """Change any of what an excerpt says, from its revision `base`; what is not given stays.

    Nothing is written when nothing changed. Raises ValidationError, PermissionDenied, Stale.
    """
    programme = excerpt.programme
    require(by, Verb.EVIDENCE, programme)
    now, held = _seen(excerpt, base)
    if now.retired:
        raise ValidationError({"state": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    was = _content(now, held)
    if source is not None and source.pk != now.source_id:
        now.source, now.start, now.end = _source_now(programme, source), None, None
    if text is not None and text != now.text:
        _put_text(now, text)
        now.start, now.end = _Kept(now.source).place(now)
    if original is not None:
        now.original = clean(original, field="original", limit=Limit.EXCERPT)
    if locator is not None:
        now.locator = clean(locator, field="locator", limit=Limit.TITLE, one_line=True)
    if status is not None:
        now.status = known_status(status)
    if not isinstance(signed_site, Keep):
        _sign(now, signed_site)
    carried = held
    if themes is not None:
        carried = checked_themes(themes, held=frozenset(held), shelf=Shelf(programme))
    why = clean(reason, field="reason", limit=Limit.REASON)
    if _content(now, carried) != was:
        EXCERPTS.write(programme, by=by, rows=[Row(now, EvidenceChange.EDITED, why, carried, held)])
    return now


@transaction.atomic
def turn_excerpt(excerpt: Excerpt, *, by: Actor, base: int, retired: bool, reason: str = "") -> Excerpt:
    """Take an excerpt out of use, and its bearings with it, or bring it back. Raises ValidationError (state), Stale."""
    require(by, Verb.EVIDENCE, excerpt.programme)
    now, held = _seen(excerpt, base)
    if now.retired == retired:
        said = _("%(label)s is retired already.") if retired else _("%(label)s is not retired.")
        raise ValidationError({"state": said % {"label": now.label}})
    if not retired and not now.text:
        said = _("The words of %(label)s were taken out for good; it stays retired.")
        raise ValidationError({"state": said % {"label": now.label}})
    now.retired = retired
    change = EvidenceChange.RETIRED if retired else EvidenceChange.RESTORED
    why = clean(reason, field="reason", limit=Limit.REASON)
    EXCERPTS.write(now.programme, by=by, rows=[Row(now, change, why, held, held)])
    return now


@transaction.atomic
def keep_transcript(source: Source, *, by: Actor, base: int, text: str) -> Source:
    """Keep the whole text of a source or take it out, as sourcing says; its excerpts are found again in the new text.

    Those that stand nowhere in it lose their place and stay. Raises ValidationError (text), PermissionDenied, Stale.
    """
    now = write_transcript(source, by=by, base=base, text=text)
    kept = _Kept(now)
    for excerpt in Excerpt.objects.filter(source=now).order_by("number"):
        start, end = kept.place(excerpt)
        if (start, end) != (excerpt.start, excerpt.end):
            Excerpt.objects.filter(pk=excerpt.pk).update(start=start, end=end)
    return now


@transaction.atomic
def turn_source(source: Source, *, by: Actor, base: int, retired: bool, reason: str = "") -> Source:
    """Take a source out of use or bring it back, as sourcing says; a search finds its excerpts accordingly."""
    now = sourcing.turn_source(source, by=by, base=base, retired=retired, reason=reason)
    index(now.programme, map(excerpt_entry, Excerpt.objects.filter(source=now).select_related("source")))
    return now


def retagged_excerpts(old: Theme, new: Theme, why: str) -> Iterator[Row]:
    """Every excerpt that carries `old`, with `new` in its place; for the merge of two themes."""
    for now in Excerpt.objects.filter(taggings__theme=old).select_related("source").order_by("number"):
        held = _held(now)
        carried = list(dict.fromkeys(new.pk if theme == old.pk else theme for theme in held))
        yield Row(now, EvidenceChange.EDITED, why, carried, held)


def known_status(status: str) -> str:
    if status not in ExcerptStatus.values:
        said = _("Choose one of %(choices)s.") % {"choices": ", ".join(ExcerptStatus.values)}
        raise ValidationError({"status": said})
    return status


class _Kept:
    """The transcript of a source, read when first asked for."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._text: str | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            kept = Transcript.objects.filter(source=self.source, source__programme__transcripts=True)
            found = kept.values_list("text", flat=True).first()
            self._text = found or ""
        return self._text

    def place(self, excerpt: Excerpt) -> tuple[int | None, int | None]:
        """Where the words of an excerpt stand: where they stood if they still do, else where they first do."""
        for said in (excerpt.text, excerpt.original):
            if not said or not self.text:
                continue
            if excerpt.start is not None and self.text.startswith(said, excerpt.start):
                return excerpt.start, excerpt.start + len(said)
            if (at := self.text.find(said)) >= 0:
                return at, at + len(said)
        return None, None


def _source_now(programme: Programme, source: Source) -> Source:
    now = Source.objects.select_related("site").filter(programme=programme, pk=source.pk).first()
    if now is None:
        raise ValidationError({"source": _("There is no such source in this programme.")})
    if now.retired:
        raise ValidationError({"source": _("%(label)s is retired; restore it first.") % {"label": now.label}})
    now.programme = programme
    return now


def _drawn(source: Source, said: Said, shelf: Shelf, kept: _Kept, reason: str) -> Row:
    now = Excerpt(programme=source.programme, source=source, status=known_status(said.status))
    if (said.start is None) != (said.end is None):
        raise ValidationError({"start": _("Give the start and the end in the transcript, or neither.")})
    _put_text(now, said.text)
    now.original = clean(said.original, field="original", limit=Limit.EXCERPT)
    now.locator = clean(said.locator, field="locator", limit=Limit.TITLE, one_line=True)
    _sign(now, said.signed_site)
    if said.start is None or said.end is None:
        now.start, now.end = kept.place(now)
    else:
        if kept.text[said.start : said.end] not in (now.text, now.original) or said.end <= said.start:
            told = _("The transcript does not say this there; select the words anew.")
            raise ValidationError({"start": told})
        now.start, now.end = said.start, said.end
    carried = checked_themes(said.themes, held=frozenset(), shelf=shelf)
    return Row(now, EvidenceChange.NEW, reason, carried)


def _put_text(now: Excerpt, text: str) -> None:
    now.text = clean(text, field="text", limit=Limit.EXCERPT, required=True)
    now.sameness = sameness(now.text)


def _sign(now: Excerpt, site: Site | None) -> None:
    """Sign with a site; its source's own is no sign of another."""
    found = put_site(now.programme, site, held=now.signed_site_id)
    now.signed_site = found if found is not None and found.pk != now.source.site_id else None


def _seen(excerpt: Excerpt, base: int) -> tuple[Excerpt, list[int]]:
    hold(excerpt.programme)
    now = Excerpt.objects.select_related("programme", "source__site", "signed_site").get(pk=excerpt.pk)
    if now.revision_number != base:
        raise Stale(now, base=base)
    return now, _held(now)


def _held(excerpt: Excerpt) -> list[int]:
    return list(ExcerptTheme.objects.filter(excerpt=excerpt).order_by("pk").values_list("theme_id", flat=True))


def _content(now: Excerpt, themes: Sequence[int]) -> tuple[Any, ...]:
    words = (now.source_id, now.text, now.original, now.locator, now.status, now.signed_site_id)
    return (*words, frozenset(themes))
