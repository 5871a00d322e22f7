"""Owns how what somebody wrote is set on a page: escaped, line by line, with links to the records that it names."""

from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cmo.reading.naming import Known
from cmo.references import Piece, pieces

register = template.Library()


@register.simple_tag
def said(text: str, known: Known | None = None) -> SafeString:
    """The text with its line ends; S7 and @name are links and marks where `known` has them, and text where not.

    A comment without words is one whose words a lead took out.
    """
    if not text:
        return mark_safe(f'<span class="quiet">{escape(_("A lead took the words of this comment out."))}</span>')
    return with_links(text, known)


@register.simple_tag(takes_context=True)
def linked(context: dict[str, Any], text: str) -> SafeString:
    """A reason or a rationale, with links to what it names where `named` of the context has them."""
    return with_links(text, context.get("named"))


def with_links(text: str, known: Known | None) -> SafeString:
    # Every piece of it goes through escape(), and so does every address.
    return mark_safe("".join(_shown(piece, known) for piece in pieces(text)))


def _shown(piece: Piece, known: Known | None) -> str:
    words = escape(piece.text).replace("\n", "<br>")
    if known is None or not piece.kind:
        return words
    if piece.name:
        return f'<span class="mention">{words}</span>' if known.member(piece) else words
    url = known.url(piece)
    return f'<a href="{escape(url)}">{words}</a>' if url else words
