"""Owns how comparisons and verdicts stand on a page: marks of what became of a record, wordings with their change."""

from collections.abc import Sequence
from html import escape
from itertools import starmap
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.comparing import Change as Stretch
from cmo.comparison_files import evidence_said
from cmo.phase_words import Became, Verdict
from cmo.reading.comparison import Row, Side
from cmo.reading.snapshots import snapshot_known
from cmo.templatetags.theory import part_shown, theory
from cmo.wording import Part
from programmes.vocabulary import PhaseState

register = template.Library()
Mark = tuple[str, str]  # "del", "ins" or "", and the words

PATHS = {
    Became.UNCHANGED: "M4 7.5h12M4 12.5h12",
    Became.RETAGGED: "M4 4h7l6 6-7 7-6-6z",
    Became.MOVED: "M3 10h13M11 5l5 5-5 5",
    Became.REWORDED: "M3 12c2.5-6 5-6 7-2s4.500 4 7-2",
    Became.REFINED: "M3 12c2.5-6 5-6 7-2s4.500 4 7-2",
    Became.MERGED: "M4 3v3c0 4 6 3 6 8v4M16 3v3c0 4-6 3-6 8",
    Became.SPLIT: "M10 2v4c0 5-6 4-6 8v4M10 6c0 5 6 4 6 8v4",
    Became.REPLACED: "M4 7h10l-3-3M16 13H6l3 3",
    Became.REFUTED: "M4 4l12 12M16 4L4 16",
    Became.RETIRED: "M4 10h12",
    Became.RESTORED: "M10 17V4M5 9l5-5 5 5",
    Became.NEW: "M10 3v14M3 10h14",
}
LOOKS = {
    Became.UNCHANGED: "same", Became.RETAGGED: "same", Became.MOVED: "same", Became.REFUTED: "out",
    Became.RETIRED: "out", Became.NEW: "new", Became.RESTORED: "new",
}  # fmt: skip


@register.filter
def became(kind: Became) -> SafeString:
    """What became of a record, as a mark and a word."""
    return format_html(
        '<span class="chg chg--{}"><svg viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="{}"/></svg>'
        " {}</span>",
        LOOKS.get(kind, "ref"), PATHS[kind], kind.label,
    )  # fmt: skip


@register.filter
def verdict_said(verdict: str) -> SafeString:
    """A verdict as a mark and a word."""
    return format_html('<span class="judged judged--{}">{}</span>', verdict, Verdict(verdict).label)


@register.filter
def phase_state(state: str) -> str:
    """What a phase was, in a word."""
    return str(PhaseState(state).label)


@register.filter
def counted(evidence: Any) -> str:
    """How much evidence there is, in words."""
    return evidence_said(evidence)


@register.simple_tag
def snapshot_named(programme: Any, slug: str) -> Any:
    """The snapshot with this slug, or None."""
    return snapshot_known(programme, slug)


@register.simple_tag
def row_labels(row: Row, slug: str) -> SafeString:
    """Which records a row is about: S4 and S5 into S13."""
    before, after = [side.label for side in row.before], [side.label for side in row.after]
    if not before or not after or before == after:
        return mark_safe(_links(before or after, slug))  # labels alone, and addresses made of them
    said = escape(_("%(before)s into %(after)s"))
    return mark_safe(said % {"before": _links(before, slug), "after": _links(after, slug)})


def _links(labels: Sequence[str], slug: str) -> str:
    shown = []
    for label in labels:
        page, number = ("configuration", label[3:]) if label.startswith("CMO") else ("statement", label[1:])
        shown.append(f'<a href="{reverse(page, args=[slug, int(number)])}">{label}</a>')
    return f" {escape(_('and'))} ".join(shown)


@register.simple_tag
def changed_theory(side: Side, diff: Sequence[Stretch]) -> SafeString:
    """A wording in its parts with what was put in and taken out; without a difference as it is."""
    if not diff:
        return theory(side.wording, side.parts, "s")
    pieces = _Pieces(diff)
    shown, key, ahead = [], "", list[Mark]()
    for kind, text in parsing.split(side.wording, parsing.unpack(side.parts)):
        found = [*ahead, *pieces.take(len(text))]
        if kind.endswith(".key") or not text.strip():
            key = text.strip() if kind.endswith(".key") else key
            ahead = [(mark, words) for mark, words in found if mark == "del"]  # stands before what comes next
            continue
        ahead, words = [], "".join(starmap(_marked, found))
        if kind == "rest":
            shown.append(f'<span class="part part--rest"><span class="part__words">{words}</span></span>')
        else:
            shown.append(part_shown(Part(kind), key or f"({kind})", words))
            key = ""
    shown += starmap(_marked, [*ahead, *pieces.left])
    # Every word in it went through escape().
    return mark_safe(f'<p class="theory theory--s">{" ".join(shown)}</p>')


class _Pieces:
    """A difference handed out along the new wording: so many letters of it at a time, with what was taken out before
    or among them."""

    def __init__(self, diff: Sequence[Stretch]) -> None:
        self.left: list[Mark] = []
        for change in diff:
            if change.kind == "equal":
                self.left.append(("", change.new))
                continue
            self.left += [("del", change.old)] if change.old else []
            self.left += [("ins", change.new)] if change.new else []

    def take(self, n: int) -> list[Mark]:
        found: list[Mark] = []
        while self.left and n > 0:
            mark, text = self.left.pop(0)
            if mark == "del":
                found.append((mark, text))
                continue
            found.append((mark, text[:n]))
            if len(text) > n:
                self.left.insert(0, (mark, text[n:]))
            n -= min(n, len(text))
        return found


def _marked(mark: str, text: str) -> str:
    return f"<{mark}>{escape(text)}</{mark}>" if mark else escape(text)
