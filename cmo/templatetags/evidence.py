"""Owns how evidence is set on a page: stances and parts with their marks, warnings in words, days as they are known."""

from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.evidence_words import Stance
from cmo.reading.evidence_pages import claim_url, said_of
from cmo.reading.warned import warned
from cmo.rules.evidencing import On
from cmo.vocabulary import KIND_OF, Kind, Slot

register = template.Library()
register.filter(warned)

LOOKS = {Stance.SUPPORTS: "s", Stance.CHALLENGES: "c", Stance.NUANCES: "n", Stance.UNCLEAR: "u"}
PARTS = {
    "if": ("c", "C", gettext_lazy("Context")), "because": ("m", "M", gettext_lazy("Mechanism")),
    "then": ("o", "O", gettext_lazy("Outcome")),
}  # fmt: skip
KINDS = {Kind.CONTEXT: ("c", "C"), Kind.MECHANISM: ("m", "M"), Kind.OUTCOME: ("o", "O")}


@register.simple_tag
def stance(value: str) -> SafeString:
    """A stance with its mark."""
    known = Stance(value)
    return format_html('<span class="stance stance--{}">{}</span>', LOOKS[known], known.label)


@register.simple_tag
def bears_on(on: On) -> SafeString:
    """What in a claim an excerpt bears on, with the mark of the part; nothing for the whole."""
    if on.part:
        return part_mark(on.part)
    if on.element:
        look, letter = KINDS.get(KIND_OF.get(Slot(on.element.kind), Kind.UNSURE), ("", ""))
        return _marked(look, letter, f"{on.element.label} {on.element.text}")
    return format_html('<span class="bears">{}</span>', said_of(on)) if on.join else SafeString("")


def _marked(look: str, letter: str, said: str) -> SafeString:
    mark = format_html('<span class="mark mark--{}" aria-hidden="true">{}</span> ', look, letter) if look else ""
    return format_html('<span class="bears">{}{}</span>', mark, said)


@register.simple_tag
def part_mark(part: str) -> SafeString:
    """The choice of a part with its mark; the whole has none."""
    if part not in PARTS:
        return format_html('<span class="bears">{}</span>', _("whole"))
    look, letter, name = PARTS[part]
    return _marked(look, letter, str(name))


@register.simple_tag(takes_context=True)
def claim_link(context: Any, on: On) -> SafeString:
    """The label of a claim, as a link to its page."""
    return format_html('<a href="{}">{}</a>', claim_url(context["programme"].slug, on), on.record.label)


@register.filter
def day(dated: str) -> str:
    """2021-05-12 as 12 May 2021, 2021-05 as May 2021, 2021 as it is."""
    parts = [int(part) for part in dated.split("-")] if dated else []
    if len(parts) < 2:
        return dated
    known = date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
    return date_format(known, "j F Y" if len(parts) > 2 else "F Y")


@register.filter
def appraised(name: str) -> str:
    """What a source is appraised for, in words."""
    return {"relevance": _("Relevance"), "richness": _("Richness"), "rigour": _("Rigour")}[name]
