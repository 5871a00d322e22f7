"""Owns how words that were looked for are marked on a page: by their places, in text that is escaped in pieces."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from programmes.ranking import Mark

register = template.Library()


@register.simple_tag
def marked(text: str, marks: Iterable[Mark], at: int = 0) -> SafeString:
    """`text` with <mark> around each of `marks`, which count from `at` characters before its beginning."""
    shown: list[str] = []
    done = 0
    for start, end in marks:
        start, end = max(start - at, done), min(end - at, len(text))
        if start < end:
            shown += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
            done = end
    # Every word in it went through escape().
    return mark_safe("".join([*shown, escape(text[done:])]))
