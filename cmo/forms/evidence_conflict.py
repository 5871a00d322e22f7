"""Owns two people's edits of one excerpt, source, bearing or site put together: how each of its fields is."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cmo.forms.evidence import BearingForm, ExcerptForm, SiteForm, SourceForm, codes_in
from cmo.forms.late import put_form_together
from cmo.forms.together import ONE, SEVERAL, WORDS, Merged, Side
from cmo.merging import merge_sets
from programmes.reading.codebook import Codes
from programmes.remembering import as_typed
from programmes.vocabulary import APPRAISED

EXCERPT = {
    "text": WORDS, "original": WORDS, "locator": WORDS, "signed_site": ONE, "themes": SEVERAL, "status": ONE,
}  # fmt: skip
SOURCE = {
    "kind": ONE, "dated": ONE, "pseudonym": ONE, "role": WORDS, "site": ONE, "phase": ONE, "citation": WORDS,
    "note": WORDS, **{name: way for one in APPRAISED for name, way in ((one, ONE), (f"{one}_reason", WORDS))},
}  # fmt: skip
BEARING = {"stance": ONE, "note": WORDS, "inferred": ONE, "confidence": ONE, "confidence_reason": WORDS}

SITE = {"name": WORDS, "note": WORDS, "position": ONE}


def put_excerpt_together(form: ExcerptForm, then: Any, now: Any, *, codes: Codes) -> Merged:
    """A valid form that began with revision `then`, and revision `now`."""

    def label(code: str) -> str:
        theme = codes.get(code)
        return theme.label if theme else code

    def values(revision: Any) -> dict[str, Any]:
        site, carried = revision.signed_site, [one.theme.label for one in revision.taggings.all()]
        return {**_values(revision, EXCERPT), "signed_site": site.slug if site else "", "themes": _each(carried, label)}

    mine = {"themes": _each(codes_in(form.cleaned_data["themes"]), label)}
    names = {"themes": {theme.label: str(theme) for theme in codes.themes}}
    return put_form_together(form, EXCERPT, values(then), values(now), mine=mine, names=names)


def put_source_together(form: SourceForm, then: Any, now: Any) -> Merged:
    """The same of a source."""

    def values(revision: Any) -> dict[str, Any]:
        ends = {name: getattr(revision, name) for name in ("site", "phase")}
        return {**_values(revision, SOURCE), **{name: one.slug if one else "" for name, one in ends.items()}}

    why = {f"{one}_reason": _("%(field)s: why") % {"field": form.fields[one].label} for one in APPRAISED}
    return put_form_together(form, SOURCE, values(then), values(now), labels=why)


def put_bearing_together(form: BearingForm, then: Any, now: Any) -> Merged:
    """The same of a bearing."""
    return put_form_together(form, BEARING, _values(then, BEARING), _values(now, BEARING))


def put_site_together(form: SiteForm, now: dict[str, Any]) -> Merged:
    """The same of a site, which keeps no revisions: the form remembers what it began with, `now` is what is saved."""
    return put_form_together(form, SITE, form.began(), now)


PLANNED = ("sources", "kind", "role", "site", "note")  # what a line of a plan says
Line = tuple[str, ...]
Called = Mapping[str, Mapping[str, str]]


def put_plan_together(base: Sequence[Line], theirs: Sequence[Line], mine: Sequence[Line], called: Called) -> Merged:
    """Two edits of a plan in one, line by line: what either added is there, what either took out is gone, and a line
    that both changed stands there as each wrote it. `called` {name: {value: what it is called}}."""
    kept = merge_sets(frozenset(base), frozenset(theirs), frozenset(mine))
    written = [line for line in dict.fromkeys([*theirs, *mine]) if line in kept]

    def said(lines: Sequence[Line]) -> str:
        rows = [zip(PLANNED, line, strict=True) for line in lines]
        return "\n".join(", ".join(called.get(name, {}).get(one, one) for name, one in row if one) for row in rows)

    return Merged(written, [Side(_("Lines of the plan"), said(base), said(theirs), said(mine), words=True)])


def planned_in(text: str | None) -> list[Line]:
    """The lines that a hidden field holds; none where it holds anything else."""
    try:
        found = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return []
    rows = [row for row in found if isinstance(row, list)] if isinstance(found, list) else []
    return [tuple(row) for row in rows if len(row) == len(PLANNED) and all(isinstance(one, str) for one in row)]


def as_line(given: dict[str, Any]) -> Line:
    """A line as a form holds it."""
    return tuple(as_typed(given.get(name)) for name in PLANNED)


def _values(revision: Any, names: dict[str, str]) -> dict[str, Any]:
    return {name: getattr(revision, name) for name, way in names.items() if way != SEVERAL}


def _each(labels: Sequence[str], called: Callable[[str], str]) -> list[str]:
    return list(dict.fromkeys(map(called, labels)))
