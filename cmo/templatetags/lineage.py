"""Owns how acts of lineage are said on a page: one sentence, its records linked."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from cmo.team_words import DescentKind

register = template.Library()
SAID = {
    DescentKind.MERGED: _("{younger} was merged from {older}."),
    DescentKind.SPLIT: _("{older} was split into {younger}."),
    DescentKind.REPLACED: _("{younger} replaced {older}."),
    DescentKind.REFINED: _("{younger} was refined from {older}."),
}
INTO = _("{older} was merged into {younger}.")


@register.simple_tag
def act_said(row: Any, slug: str, then: str = "") -> SafeString:
    """What an act did: “S13 was merged from S4 and S5.” `then` is the slug of a snapshot that its links stay in."""
    into = row.act.kind == DescentKind.MERGED and not row.made
    said = str(INTO if into else SAID[DescentKind(row.act.kind)])
    return format_html(said, older=_joined(row.older, slug, then), younger=_joined(row.younger, slug, then))


@register.simple_tag
def records_linked(joined: Sequence[Any], slug: str) -> SafeString:
    """Labels that lead to their pages: “S4, S5 and S6”."""
    return _joined(joined, slug)


def _joined(joined: Sequence[Any], slug: str, then: str = "") -> SafeString:
    links = [_link(one, slug, then) for one in joined]
    if len(links) < 2:
        return links[0] if links else mark_safe("")
    return format_html(str(_("{first} and {last}")), first=format_html_join(", ", "{}", ((one,) for one in links[:-1])),
                       last=links[-1])  # fmt: skip


def _link(one: Any, slug: str, then: str) -> SafeString:
    route = "statement" if one.label.startswith("S") else "configuration"
    address = reverse(route, args=[slug, one.number]) + (f"?snapshot={then}" if then else "")
    return format_html('<a href="{}">{}</a>', address, one.label)
