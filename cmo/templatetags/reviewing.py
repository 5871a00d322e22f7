"""Owns how a proposed wording is set on a page: in its parts, with the words that join and leave it marked."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo import wording as parsing
from cmo.comparing import Change as Stretch
from cmo.reading.proposal_checks import Check
from cmo.team_words import Answer, ProposalState
from cmo.templatetags.theory import check_said, part_shown
from cmo.wording import Part

register = template.Library()
LEAVES = re.compile(r"<del>[^<]*</del>")
LEAVES_FIRST = re.compile(rf"(?:{LEAVES.pattern})*")


@register.simple_tag
def theory_changed(changes: Sequence[Stretch], only: str = "") -> SafeString:
    """A difference of two wordings in the parts of the new one, or with `only` "old" of the old one.

    With "old" only what leaves is marked, with "new" only what joins, with "clean" nothing.
    """
    side = "old" if only == "old" else "new"
    text = "".join(getattr(change, side) for change in changes)
    spans = parsing.find_parts(text)
    pieces = list(parsing.split(text, spans))
    shown, key, leaving = [], "", ""
    for (kind, _text), words in zip(pieces, _marked(changes, [len(one) for _kind, one in pieces], only), strict=True):
        if kind == "rest":
            shown += _beside(words)
        elif kind.endswith(".key"):
            key = _text.strip()
            before, leaving = ("", "") if side == "old" else _around_connective(words)
            shown += _beside(before)
        else:
            shown.append(part_shown(Part(kind), key or f"({kind})", f"{leaving}{words}".strip()))
            key = leaving = ""
    if key:  # a connective with nothing after it opens no part
        shown += _beside(f"{escape(key)} {leaving}")
    if shown and not any(span.part is Part.BECAUSE for span in spans):
        said = escape(_("nothing yet: no mechanism is stated"))
        shown.append(part_shown(Part.BECAUSE, _("because"), said, missing=True))
    # Every word in it went through escape().
    return mark_safe(f'<p class="theory">{" ".join(shown)}</p>')


def _beside(words: str) -> list[str]:
    """Words that stand in no part."""
    words = words.strip()
    return [f'<span class="part part--rest"><span class="part__words">{words}</span></span>'] if words else []


def _around_connective(words: str) -> tuple[str, str]:
    """The words that leave before a connective, whose place it takes, and those after it, which left the part that it
    opens."""
    before = LEAVES_FIRST.match(words)
    assert before is not None  # it matches nothing too
    return before[0], "".join(LEAVES.findall(words, before.end()))


def _marked(changes: Sequence[Stretch], lengths: Sequence[int], only: str) -> Iterator[str]:
    """The text cut into pieces of these lengths, each with its marks; what leaves stands with what is before it."""
    old = only == "old"
    runs: list[tuple[str, str]] = []  # (text, "" for what stays, or its mark)
    for change in changes:
        if change.kind == "equal":
            runs.append((change.old, ""))
            continue
        if change.old and only in ("", "old"):
            runs.append((change.old, "del"))
        if change.new and not old:
            runs.append((change.new, "" if only == "clean" else "ins"))
    silent = "" if old else "del"  # a mark whose words are not in the text that is cut
    at = 0
    for n, length in enumerate(lengths):
        left, found = length, []
        while at < len(runs):
            text, mark = runs[at]
            if mark and mark == silent:
                found.append(f"<del>{escape(text)}</del>")
                at += 1
                continue
            if left <= 0 and n < len(lengths) - 1:
                break
            took = text[:left]
            found.append(f"<{mark}>{escape(took)}</{mark}>" if mark and took else escape(took))
            left -= len(took)
            if len(took) < len(text):
                runs[at] = (text[len(took) :], mark)
                break
            at += 1
        yield "".join(found)


ANSWERED = {
    Answer.AGREE: lambda: _("agrees"),
    Answer.AGREE_WITH_CHANGES: lambda: _("agrees with changes"),
    Answer.DISAGREE: lambda: _("disagrees"),
    Answer.ABSTAIN: lambda: _("abstains"),
}
LOOKS = {
    ProposalState.DRAFT: "draft", ProposalState.OPEN: "review", ProposalState.ACCEPTED: "agreed",
    ProposalState.REFUSED: "refuted", ProposalState.WITHDRAWN: "gone",
}  # fmt: skip


@register.filter
def answered(answer: str) -> str:
    """What somebody did who gave this answer."""
    return str(ANSWERED[Answer(answer)]())


@register.filter
def proposal_badge(state: str) -> SafeString:
    """Where a proposal stands, as a shape and a word."""
    known = ProposalState(state)
    return mark_safe(f'<span class="state state--{LOOKS[known]}">{escape(str(known.label))}</span>')


CHECKED = {
    ("parts-stated", True): lambda: _("If, then and because are all stated"),
    ("reason-given", True): lambda: _("A reason is given"),
    ("reason-given", False): lambda: _("No reason is given"),
    ("base-current", True): lambda: _("It starts from what stands there now"),
    ("base-current", False): lambda: _("What it starts from has moved on"),
    ("sites-cited", False): lambda: _("It cites no evidence"),
    ("challenges-cited", True): lambda: _("It cites every challenging excerpt that is linked"),
}


@register.filter
def proposal_check(check: Check) -> str:
    """What a check of a proposal says."""
    if check.code == "challenges-cited" and not check.holds:
        left = ngettext(
            "It leaves %(n)s challenging excerpt uncited", "It leaves %(n)s challenging excerpts uncited", check.count
        )
        return left % {"n": check.count}
    if check.code == "sites-cited" and check.holds:
        if not check.names:
            return _("It cites evidence, none of it from a site")
        cited = ngettext("It cites %(n)s site: %(names)s", "It cites %(n)s sites: %(names)s", check.count)
        return cited % {"n": check.count, "names": ", ".join(check.names)}
    known = CHECKED.get((check.code, check.holds))
    return known() if known else check_said(check.code)
