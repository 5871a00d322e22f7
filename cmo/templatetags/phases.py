"""Owns how comparisons and verdicts stand on a page: marks of what became of a record, wordings with their change."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.comparing import compare
from cmo.comparison_files import evidence_on, evidence_said
from cmo.phase_words import WORKING, Became, Verdict
from cmo.reading.comparison import Row
from cmo.reading.sides import COME, GONE, KEPT, Side
from cmo.reading.snapshots import snapshot_known
from cmo.reading.theory_at import TheoryAt
from cmo.templatetags.theory import part_shown, theory
from cmo.wording import Part
from programmes.vocabulary import PhaseState

register = template.Library()
Place = tuple[str, int]  # a kind of part, and which of its kind in the wording

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


# What a phase found and what became of a record can be the same word, side by side in a row: it has one sign.
SAME_SIGN = {Verdict.REFUTED: Became.REFUTED, Verdict.REFINED: Became.REFINED, Verdict.NEW: Became.NEW}


@register.filter
def became(kind: Became) -> SafeString:
    """What became of a record, as a mark and a word."""
    look = LOOKS.get(kind, "ref")
    return format_html('<span class="chg chg--{}">{} {}</span>', look, _sign(PATHS[kind]), kind.label)


def _sign(path: str) -> SafeString:
    svg = '<svg viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="{}"/></svg>'
    return format_html(svg, path)


@register.filter
def verdict_said(verdict: str) -> SafeString:
    """A verdict as a mark and a word."""
    known = Verdict(verdict)
    if known not in SAME_SIGN:
        return format_html('<span class="judged judged--{}">{}</span>', verdict, known.label)
    sign = _sign(PATHS[SAME_SIGN[known]])
    return format_html('<span class="judged judged--drawn judged--{}">{} {}</span>', verdict, sign, known.label)


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


@register.simple_tag
def rests_upon(row: Row, slug: str, now: str) -> SafeString:
    """How much evidence a row of statements rests on, of which records where that does not go without saying, and the
    way to its passages as they stood in the theory `now`."""
    asked = "" if now == WORKING else f"?snapshot={now}"
    told = []
    for label, counts in (row.evidence or {}).items():
        address = reverse("statement-why", args=[slug, int(label[1:])])
        said = evidence_on(label, counts) if row.evidence_stays else evidence_said(counts)
        told.append((address, asked, said))
    return format_html_join("", '<p><a href="{}{}">{}</a></p>', told)


@register.simple_tag
def themes_told(row: Row) -> SafeString:
    """What became of the themes of a statement: kept, taken off, put on; nothing where it carries the same."""
    marks = {GONE: "<del>{}</del>", COME: "<ins>{}</ins>", KEPT: "{}"}
    said = []
    for theme in row.themes:
        shown = format_html(marks[theme.kind], theme.said)
        once = format_html(" ({})", _("%(code)s before") % {"code": theme.once}) if theme.once else ""
        said.append((format_html("{}{}", shown, once),))
    if not said:
        return SafeString()
    return format_html('<p class="s mt-s">{} {}</p>', _("Themes:"), format_html_join(", ", "{}", said))


@register.simple_tag
def themes_of_side(side: Side, row: Row) -> SafeString:
    """The themes of a statement where not one stands on either side: then `themes_told` compares none."""
    if row.paired or not side.codes:
        return SafeString()
    return format_html('<p class="s mt-s">{} {}</p>', _("Themes:"), ", ".join(side.codes))


@register.simple_tag
def theory_kept(theory: TheoryAt, slug: str, title: str) -> SafeString:
    """The name of a theory at a moment, and the way to all of it."""
    if theory.slug == WORKING:
        return format_html('<a href="{}">{}</a>', reverse("workbench", args=[slug]), title)
    return format_html('<a href="{}">{}</a>', reverse("snapshot", args=[slug, theory.slug]), title)


def _links(labels: Sequence[str], slug: str) -> str:
    shown = []
    for label in labels:
        page, number = ("configuration", label[3:]) if label.startswith("CMO") else ("statement", label[1:])
        shown.append(f'<a href="{reverse(page, args=[slug, int(number)])}">{label}</a>')
    return f" {escape(_('and'))} ".join(shown)


@register.simple_tag
def changed_theory(side: Side, row: Row) -> SafeString:
    """A wording in its parts with what was put in and taken out, where one record is on either side of the row; else
    as it is. Each part is compared with the part of its own kind, so that no outcome is struck out in a context."""
    if not row.reworded:
        return theory(side.wording, side.parts, "s")
    before = row.before[0]
    old, new = _pieces(before.wording, before.parts), _pieces(side.wording, side.parts)
    places = {place: at for at, (place, _key, _words) in enumerate(new)}
    gone: dict[int, list[str]] = {}  # what stood before the part at this place of the new wording, and is no more
    held: dict[Place, tuple[str, str]] = {}
    at = 0
    for place, key, words in old:
        if place in places:
            held[place] = key, words
            at = places[place] + 1
        else:
            gone.setdefault(at, []).append(_part(place[0], _marked("del", key) if key else "", _marked("del", words)))
    shown: list[str] = []
    for at, (place, key, words) in enumerate(new):
        key_before, words_before = held.get(place, ("", ""))
        shown += gone.get(at, [])
        shown.append(_part(place[0], _changed(key_before, key), _changed(words_before, words)))
    # Every word in it went through escape().
    return mark_safe(f'<p class="theory theory--s">{" ".join([*shown, *gone.get(len(new), [])])}</p>')


def _pieces(wording: str, parts: Sequence[Any]) -> list[tuple[Place, str, str]]:
    """The parts of a wording in order: which part of its kind, the connective that opens it, its words."""
    found: list[tuple[Place, str, str]] = []
    met: Counter[str] = Counter()
    key = ""
    for kind, text in parsing.split(wording, parsing.unpack(list(parts))):
        if kind.endswith(".key"):
            key = text.strip()
        elif text.strip():
            found.append(((kind, met[kind]), key if kind != "rest" else "", text.strip()))
            met[kind] += 1
            key = ""
    return found


def _part(kind: str, key: str, words: str) -> str:
    """A part as it stands on a page; `key` and `words` are escaped already."""
    if kind == "rest":
        return f'<span class="part part--rest"><span class="part__words">{words}</span></span>'
    return part_shown(Part(kind), mark_safe(key or f"({kind})"), words)


def _changed(old: str, new: str) -> str:
    pairs = ((("", one.new),) if one.kind == "equal" else (("del", one.old), ("ins", one.new))
             for one in compare(old, new))  # fmt: skip
    return "".join(_marked(mark, text) for pair in pairs for mark, text in pair if text)


def _marked(mark: str, text: str) -> str:
    return f"<{mark}>{escape(text)}</{mark}>" if mark else escape(text)
