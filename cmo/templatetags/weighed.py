"""Owns how counted evidence is set on a page: the word for it, its squares, the mark of a stance, the parts borne."""

from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo.evidence_words import Stance
from cmo.guiding import Aim
from cmo.templatetags.structure import kind_mark, kind_word
from cmo.weighing import Counted, Square
from programmes.vocabulary import Grade

register = template.Library()

LETTERS = {"supports": "s", "challenges": "c", "nuances": "n", "unclear": "u"}


@register.filter
def stance_badge(stance: str) -> SafeString:
    """A stance in a word, with its square before it."""
    return format_html('<span class="stance stance--{}">{}</span>', LETTERS[stance], Stance(stance).label)


@register.filter
def stance_word(stance: str) -> str:
    return str(Stance(stance).label)


@register.filter
def grade_word(grade: str) -> str:
    return str(Grade(grade).label).lower() if grade else ""


@register.filter
def aim_word(aim: str) -> str:
    return str(Aim(aim).label)


def _square(one: Square) -> str:
    x = one.inner
    edged = f'<rect class="t-{LETTERS[one.stance]}" x="{x}" y="1.8" width="8.4" height="8.4"/>'
    match one.stance:
        case "supports":
            return f'<rect class="t-s" x="{one.at}" y="1" width="10" height="10"/>'
        case "challenges":
            return f'{edged}<path class="t-cx" d="{one.cross}"/>'
        case "nuances":
            return f'{edged}<rect class="t-nf" x="{x}" y="6" width="8.4" height="4.2"/>'
    return edged


@register.filter
def tally(counted: Counted) -> SafeString:
    """One square for each excerpt, told apart by shape; what they say stands beside them as numbers."""
    found = counted.squares
    if not found.drawn:
        return mark_safe("")
    more = f'<span class="tally__more" aria-hidden="true">+{found.more}</span>' if found.more else ""
    # Numbers and names of classes alone.
    return mark_safe(
        f'<svg class="tally" viewBox="0 0 {found.width} 12" width="{found.width}" height="12" aria-hidden="true"'
        f' focusable="false">{"".join(map(_square, found.drawn))}</svg>{more}'
    )


@register.filter
def stances_said(counted: Counted) -> str:
    """support 10, challenge 2, nuance 3"""
    said = (
        (_("support %(n)s"), counted.supports), (_("challenge %(n)s"), counted.challenges),
        (_("nuance %(n)s"), counted.nuances), (_("unclear %(n)s"), counted.unclear),
    )  # fmt: skip
    return ", ".join(words % {"n": n} for words, n in said if n)


@register.filter
def how_many(counted: Counted) -> str:
    """15 excerpts from 9 sources"""
    excerpts = ngettext("%(n)s excerpt", "%(n)s excerpts", counted.excerpts) % {"n": counted.excerpts}
    sources = ngettext("%(n)s source", "%(n)s sources", counted.sources) % {"n": counted.sources}
    return _("%(excerpts)s from %(sources)s") % {"excerpts": excerpts, "sources": sources}


@register.filter
def bears_on(kinds: Iterable[Any]) -> SafeString:
    """The parts that a bearing is on, each with its mark and word."""
    shown = [f'<span class="bears">{kind_mark(kind)} {escape(kind_word(kind))}</span>' for kind in kinds]
    # Marks and words went through format_html and escape().
    return mark_safe(" ".join(shown))


@register.simple_tag
def heat_cell(row: Any, column: Any, cell: Any, by: str, key: str, excerpts: str = "") -> SafeString:
    """What stands in a cell of a heat map: the number, said in full for those who hear it, as a link to its excerpts.

    `key` is what the columns of a map by theme or the rows of one by statement are: "site" or "role".
    """
    n = cell.sources if by == "sources" else cell.excerpts
    if not n:
        return format_html('<span class="vh">{}</span>', "0")
    theme, place = (row, column) if key == "site" else (column, row)
    unit = ngettext("source", "sources", n) if by == "sources" else ngettext("excerpt", "excerpts", n)
    about = theme.code or theme.name if key == "site" else theme.key
    said = _("%(unit)s on %(theme)s from %(place)s") % {
        "unit": unit, "theme": about, "place": place.name or _("elsewhere"),
    }  # fmt: skip
    number = format_html('<span class="few">{}</span>', n) if cell.small else str(n)
    words = format_html('{}<span class="vh"> {}</span>', number, said)
    if not excerpts:
        return words
    asked = {"theme": row.key, "site": column.key} if key == "site" else {"on": column.key, "role": row.key}
    return format_html('<a href="{}?{}">{}</a>', excerpts, urlencode(asked), words)
