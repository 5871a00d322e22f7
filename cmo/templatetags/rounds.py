"""Owns how the answers of a prioritisation round are drawn: one small figure a statement; a table says the same."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cmo.reading.prioritising import Spread

register = template.Library()

WIDE, NARROW = 180, 3  # of the whole, and of one value at least
TALL, FOOT = 28, 12  # of the highest bar, and of what stands below it


@register.simple_tag
def spread_figure(spread: Spread | None) -> SafeString:
    """A bar for each value by how often it was given; below them the middle half as a line, the median as a tick."""
    if spread is None:
        return SafeString("")
    steps = len(spread.counts)
    each = max(NARROW, WIDE / steps)
    most = max(spread.counts)
    bars = format_html_join(
        "", '<rect class="spread__bar" x="{}" y="{}" width="{}" height="{}"/>',
        (
            (_of(at * each + each * 0.1), _of(TALL - TALL * n / most), _of(each * 0.8), _of(TALL * n / most))
            for at, n in enumerate(spread.counts)
            if n
        ),
    )  # fmt: skip
    low, middle, high = ((value - 0.5) * each for value in (spread.low, spread.median, spread.high))
    line = format_html(
        '<rect class="spread__mid" x="{}" y="{}" width="{}" height="3"/>', _of(low), TALL + 5, _of(max(high - low, 1))
    )
    tick = format_html('<rect class="spread__med" x="{}" y="{}" width="3" height="9"/>', _of(middle - 1.5), TALL + 2)
    base = format_html('<path class="spread__base" d="M0 {}H{}"/>', TALL + 0.5, _of(each * steps))
    return format_html(
        '<svg class="spread" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true" focusable="false">'
        "{}{}{}{}</svg>",
        _of(each * steps), TALL + FOOT, _of(each * steps), TALL + FOOT, base, bars, line, tick,
    )  # fmt: skip


@register.filter
def plain_number(value: float) -> str:
    """3, 3.5, 3.25: no digits that say nothing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _of(value: float) -> str:
    return f"{value:.1f}"


@register.filter
def value_of(answers: dict[int, object], person: int) -> object:
    """What one person answered, or None."""
    return answers.get(person)
