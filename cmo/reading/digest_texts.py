"""Owns a digest as text: as Markdown, with all that the page shows, and as a mail, which says far less.

A mail names records, the kinds of change and where they are read. No wording, reason, title or name of a participant
leaves the programme with it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo.comparing import Change as Words
from cmo.models import Meeting
from cmo.reading.digest_lines import THEMES, Line
from cmo.reading.digests import SECTIONS, Decided, Digest
from cmo.reading.meetings import decisions_of
from cmo.team_words import Answer, ProposalState
from programmes.rules.mailing import HOME

MOST_LINES = 200  # of a mail
_MARKS = re.compile(r"([\\`*_\[\]<>#~|!])")
_LINE_MARKS = re.compile(r"(?m)^([ \t]*\d*)(?<=\d)([.)])|^([ \t]*)([-+=])")


def escaped(text: str) -> str:
    """A text that Markdown shows as it is, line by line."""
    marked = _LINE_MARKS.sub(_line_mark, _MARKS.sub(r"\\\1", text))
    return marked.replace("\n", "  \n  ")


def _line_mark(found: re.Match[str]) -> str:
    """What would begin a list, 1. or -, with a backslash before its mark."""
    return f"{found[1]}\\{found[2]}" if found[2] else f"{found[3]}\\{found[4]}"


def _one_line(text: str) -> str:
    return escaped(" ".join(text.split()))


def _difference(words: Iterable[Words]) -> str:
    """The text with <del> and <ins>, which Markdown lets through; its own marks fail beside commas and letters."""
    said = []
    for one in words:
        if one.kind == "equal":
            said.append(escaped(one.old))
        else:
            said += [_marked(one.old, "del"), _marked(one.new, "ins")]
    return "".join(said)


def _marked(text: str, tag: str) -> str:
    return f"<{tag}>{escaped(text)}</{tag}>" if text else ""


# ---------------------------------------------------------------- Markdown


def as_markdown(digest: Digest, meeting: Meeting | None, *, home: str = "") -> str:
    """The whole digest; `home` begins the addresses. Without a meeting: what changed since the last one."""
    parts = [*_head(digest, meeting, home)]
    if digest.decided:
        parts += [f"## {_('Proposals decided')}", *(_decision(one, home) for one in digest.decided)]
    for key, heading, lines, more in digest.shown:
        parts += [f"## {escaped(heading)}", *(_line(line, home) for line in lines), *_more(more, key)]
    if digest.acts:
        told = [f"- {', '.join(one.older)} → {', '.join(one.younger)}: {one.said}" for one in digest.acts]
        parts += [f"## {_('Lineage')}", "\n".join(told)]
    if digest.beside:
        told = [f"- {_one_line(record)}: {_one_line(said)}" for record, said in digest.beside]
        parts += [f"## {_('Links, patterns and theory areas')}", "\n".join(told), *_more(digest.left.get("beside", 0))]
    if digest.threads:
        told = [
            f"- [{one.label}]({home}{one.url}) {_one_line(one.opening.author.name)}: {_one_line(one.opening.text)}"
            for one in digest.threads
        ]
        parts += [f"## {_('Open threads')}", "\n".join(told), *_more(digest.left.get("threads", 0))]
    if digest.empty:
        parts.append(_("Nothing of the theory changed."))
    return "\n\n".join(parts) + "\n"


def _head(digest: Digest, meeting: Meeting | None, home: str) -> list[str]:
    period = f"*{escaped(period_said(digest))}*"
    if meeting is None:
        return [f"# {_('What changed since the last meeting')}", period]
    there = ", ".join(_one_line(one.person.name) for one in meeting.attendances.all())
    decided = ", ".join(f"[{one.label}]({home}{url})" for one, url in decisions_of(meeting))
    head = [f"# {_one_line(meeting.title)}", date_format(meeting.held, "j F Y")]
    head += [f"**{_('There')}:** {there}"] if there else []
    head += [f"**{_('Decided here')}:** {decided}"] if decided else []
    return [*head, *([escaped(meeting.notes)] if meeting.notes else []), period]


def period_said(digest: Digest) -> str:
    """The time that a digest covers, in words."""
    start, end = (date_format(localtime(at), "j F Y, H:i") if at else "" for at in (digest.since, digest.end))
    if start:
        return _("What changed from %(start)s to %(end)s") % {"start": start, "end": end}
    return _("What changed from the beginning to %(end)s") % {"end": end}


def _line(line: Line, home: str) -> str:
    said = [f"- **[{_one_line(line.label)}]({home}{line.url})** {_one_line(line.said)}"]
    if line.differs:
        said.append(f"  {_difference(line.words)}")
    elif line.text and "new" in line.changes:
        said.append(f"  {escaped(line.text)}")
    if line.added or line.removed:
        tags = [*(_marked(tag, "del") for tag in line.removed), *(_marked(tag, "ins") for tag in line.added)]
        said.append(f"  {_('Themes')}: {' '.join(tags)}")
    said += [f"  *{_one_line(name)}: {_one_line(reason)}*" for name, reason in line.reasons]
    return "\n\n".join(said)


def _decision(one: Decided, home: str) -> str:
    proposal = one.proposal
    state = ProposalState(proposal.state).label
    title = f" {_one_line(proposal.title)}" if proposal.title else ""
    who = f", {_one_line(proposal.decided_by.name)}" if proposal.decided_by else ""
    said = [f"- **[{proposal.label}]({home}{one.url})**{title}: {state}{who}"]
    if proposal.decision_reason:
        said.append(f"  {_one_line(proposal.decision_reason)}")
    for review in one.dissent:
        reason = f": {_one_line(review.reason)}" if review.reason else ""
        then = f" ({_later(review.then)})" if review.then else ""
        said.append(f"  *{_one_line(review.reviewer.name)}, {Answer(review.answer).label.lower()}{reason}{then}*")
    return "\n\n".join(said)


def _later(then: Any) -> str:
    return _("later: %(answer)s") % {"answer": Answer(then.answer).label.lower()}


def _more(n: int, _key: str = "") -> list[str]:
    return [ngettext("and %(n)s more", "and %(n)s more", n) % {"n": n}] if n else []


# ---------------------------------------------------------------- a mail


def as_mail(digest: Digest, meeting: Meeting) -> tuple[str, str]:
    """(subject, text): labels, kinds of change and addresses, and nothing that anybody wrote."""
    at = reverse("meeting", args=[meeting.programme.slug, meeting.number])
    named = {"n": meeting.number}
    subject = _("Tybed: what changed up to meeting %(n)s") % named
    lines = _mail_lines(digest)
    shown = [f"{said}\n  {HOME}{url}" for said, url in lines[:MOST_LINES]]
    text = [_("This changed up to meeting %(n)s:") % named, "\n".join(shown) or _("Nothing of the theory changed.")]
    text += _more(len(lines) - len(shown) + sum(digest.left.get(key, 0) for key in SECTIONS))
    if digest.threads:
        n = len(digest.threads) + digest.left.get("threads", 0)
        text.append(ngettext("%(n)s thread is open.", "%(n)s threads are open.", n) % {"n": n})
    text.append(f"{_('With the words that changed, and why:')}\n{HOME}{at}")
    return subject, "\n\n".join(text) + "\n"


def _mail_lines(digest: Digest) -> Sequence[tuple[str, Any]]:
    """What a mail says of each record. Themes are named by their codes; one without a code has no name in a mail."""
    told: list[tuple[str, Any]] = []
    for one in digest.decided:
        told.append((f"{one.proposal.label}: {ProposalState(one.proposal.state).label.lower()}", one.url))
    timeline = reverse("lineage", args=[digest.programme.slug])
    told += [(f"{', '.join((*act.older, *act.younger))}: {act.said}", timeline) for act in digest.acts if act.undone]
    for key, _heading, lines, _left in digest.shown:
        for line in lines:
            label = line.label
            if key == THEMES:
                label = _("theme %(code)s") % {"code": label} if line.coded else _("a theme without a code")
            told.append((f"{label}: {line.said}", line.url))
    return told
