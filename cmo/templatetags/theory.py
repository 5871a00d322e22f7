"""Owns how a wording is set on a page: its parts by colour, letter and shape, and the words between them kept."""

from collections.abc import Iterable, Sequence
from html import escape  # Django's asks first whether a text is lazy, some thousand times a page
from typing import Any
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.comparing import Change as Stretch
from cmo.comparing import excerpt
from cmo.templatetags.finding import marked
from cmo.vocabulary import Change, State
from cmo.wording import Part
from programmes.ranking import Mark

register = template.Library()

LETTER = {Part.IF: "C", Part.THEN: "O", Part.BECAUSE: "M"}

def part_shown(part: Part, key: str, words: str, *, missing: bool = False) -> str:
    """A part of a statement; `words` are escaped already, and so is a `key` that is marked safe."""
    letter = LETTER[part]
    opening = key if isinstance(key, SafeString) else escape(key)
    kind = f"{letter.lower()} part--missing" if missing else letter.lower()
    return (
        f'<span class="part part--{kind}"><span class="part__key"><span class="mark mark--{letter.lower()}'
        f'{" mark--hollow" if missing else ""}" aria-hidden="true">{letter}</span> <span>{opening}</span></span> '
        f'<span class="part__words">{words}</span></span>'
    )


@register.simple_tag
def theory(wording: str, parts: list[Any], size: str = "", marks: Sequence[Mark] = ()) -> SafeString:
    """A wording in its parts, as one sentence that reads aloud in the order it was written.

    A connective that was not written is said in brackets; what was not parsed stands between the parts; a statement
    without a mechanism says so. `marks` are places in the wording that a search found.
    """
    spans = parsing.unpack(parts)
    shown: list[str] = []
    key = ""
    at = 0
    for kind, text in parsing.split(wording, spans):
        words = marked(text.strip(), marks, at + len(text) - len(text.lstrip()))
        at += len(text)
        if kind == "rest":
            if text.strip():
                shown.append(f'<span class="part part--rest"><span class="part__words">{words}</span></span>')
        elif kind.endswith(".key"):
            key = text.strip()
        else:
            shown.append(part_shown(Part(kind), key or f"({kind})", words))
            key = ""
    if shown and not any(span.part is Part.BECAUSE for span in spans):
        said = escape(_("nothing yet: no mechanism is stated"))
        shown.append(part_shown(Part.BECAUSE, _("because"), said, missing=True))
    css = f" theory--{size}" if size else ""
    # Every word in it went through escape().
    return mark_safe(f'<p class="theory{css}">{" ".join(shown)}</p>')


@register.simple_tag
def row_words() -> dict[str, str]:
    """The words that stand in every row of a list, translated once for all of them."""
    return {
        "statement": _("Statement"),
        "v": _("v"),
        "from": _("from"),
        "phase": _("phase"),
        "pick": _("Pick"),
        "themes": _("Themes"),
        "no_themes": _("no themes"),
        "edit": _("Edit"),
        "propose": _("Propose"),
        "comment": _("Comment"),
        "link": _("Link evidence"),
        "silent": _("says nothing"),
        "history": _("History"),
        "of": _("of"),
        "draft": _("you keep a draft"),
        "priority": _("priority"),
    }


@register.simple_tag
def theme_chip(tag: Any, address: str) -> SafeString:
    """A theme as a link to its place in the codebook at `address`; a tag, as a list shows it some hundred times."""
    code = f"<b>{escape(tag.code)}</b> " if tag.code else ""
    # Every word in it went through escape().
    return mark_safe(f'<a class="chip" href="{address}?code={escape(quote(tag.label))}">{code}{escape(tag.name)}</a>')


@register.simple_tag
def theme_option(option: Any) -> SafeString:
    """A theme in the filter panel as a checkbox with how many statements carry it or one below it."""
    theme = option.theme
    code = f"<b>{escape(theme.code)}</b> " if theme.code else ""
    # Every word in it went through escape().
    return mark_safe(
        f'<label class="check"><input type="checkbox" name="theme" value="{escape(theme.label)}"'
        f'{" checked" if option.chosen else ""}> <span>{code}{escape(theme.name)}</span>'
        f' <span class="n">{"≤ " if option.at_most else ""}{option.total}</span></label>'
    )


@register.simple_tag
def run_in(wording: str, parts: list[Any]) -> SafeString:
    """A wording as running text with the marks before its parts, for narrow places; a connective that was not written
    is said in brackets."""
    shown: list[str] = []
    key = ""
    for kind, text in parsing.split(wording, parsing.unpack(parts)):
        if kind.endswith(".key"):
            key = text.strip()
            continue
        if kind != "rest":
            letter = LETTER[Part(kind)]
            mark = f'<span class="mark mark--{letter.lower()}" aria-hidden="true">{letter}</span>'
            shown.append(f'<span class="nowrap">{mark} {escape(key or f"({kind})")}</span> ')
            key = ""
        shown.append(escape(text))
    # Every word in it went through escape().
    return mark_safe("".join(shown))


@register.simple_tag
def words(changes: Iterable[Stretch], only: str = "", context: int = 0) -> SafeString:
    """A difference as text with <ins> and <del>; `only` is "old" or "new" for one side; `context` cuts long runs."""
    found = excerpt(list(changes), context) if context else changes
    # Every word in it went through escape().
    return mark_safe("".join([_stretch(change, only) for change in found]))


def _stretch(change: Stretch, only: str) -> str:
    if change.kind == "equal":
        return escape(change.old)
    old = f"<del>{escape(change.old)}</del>" if change.old and only != "new" else ""
    new = f"<ins>{escape(change.new)}</ins>" if change.new and only != "old" else ""
    return old + new


CHECKS = {
    "no-because": lambda: _("No mechanism is stated: nothing says why it works. Worth a look."),
    "no-then": lambda: _("No outcome was found in the sentence."),
    "no-if": lambda: _("No context was found: nothing says when or for whom."),
    "several-claims": lambda: _("This reads as more than one claim; it may want to be two statements."),
    "no-themes": lambda: _("It carries no theme."),
    "unparsed": lambda: _("Some words belong to no part; they are shown between the parts."),
    "same-wording": lambda: _("Another statement has the same wording."),
}


@register.filter
def check_said(code: str) -> str:
    """What an advisory check says."""
    return str(CHECKS[code]()) if code in CHECKS else code


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's query string with `changes` ({name: value}; None takes one out); always from page 1 unless it says."""
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    for name, value in changes.items():
        name = name.rstrip("_")
        if value is None:
            asked.pop(name, None)
        else:
            asked[name] = str(value)
    return f"?{asked.urlencode()}" if asked else "?"


@register.simple_tag(takes_context=True)
def without(context: dict[str, Any], name: str, value: str) -> str:
    """The page's query string without one value of one parameter."""
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    left = [kept for given in asked.getlist(name) for kept in given.split(",") if kept != value]
    asked.setlist(name, left)
    return f"?{asked.urlencode()}"


STATE_LOOKS = {State.DRAFT: "draft", State.AGREED: "agreed", State.RETIRED: "gone"}


@register.filter
def state_badge(state: str) -> SafeString:
    """A state as a shape and a word."""
    known = State(state)
    return format_html('<span class="state state--{}">{}</span>', STATE_LOOKS[known], known.label)


@register.filter
def change_said(change: str) -> str:
    """What a revision did, in words."""
    return str(Change(change).label)


# label of a record without its number: the name of its page
RECORD_PAGES = {"S": "statement", "CMO": "configuration", "E": "element", "RG": "rival", "DR": "pattern"}


@register.filter
def event_link(event: Any, slug: str) -> SafeString:
    """The record that a row of the log names, as a link where it has a page."""
    record = event.record
    letters = record.rstrip("0123456789")
    if letters in RECORD_PAGES and letters != record:
        number = int(record[len(letters) :])
        return format_html('<a href="{}">{}</a>', reverse(RECORD_PAGES[letters], args=[slug, number]), record)
    if letters == "L" and (source := str(event.detail.get("from", "")).removeprefix("CMO")).isdecimal():
        return format_html('<a href="{}#links">{}</a>', reverse("configuration", args=[slug, int(source)]), record)
    if record.startswith("theme "):
        label = record.removeprefix("theme ")
        return format_html('<a href="{}?code={}">{}</a>', reverse("codebook", args=[slug]), quote(label), label)
    if event.place:
        return format_html('<a href="{}{}">{}</a>', reverse("overview", args=[slug]), event.place, event.on)
    return format_html("{}", event.on)
