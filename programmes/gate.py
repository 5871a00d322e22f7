"""Owns the one gate for text: what comes in by form, API, command or file passes here or is refused.

What goes out to a spreadsheet passes here too.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Everything that no keyboard types and that breaks a database, a spreadsheet or an XML file later:
# C0 and C1 controls but tab and newline, lone surrogates, and the two non-characters XML refuses.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What spreadsheets run as a formula, also in full width and where only what nobody sees stands before it. They may look
# for a new cell after a line end, a tab or a semicolon within a text as well, as their language or their user has it.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
_LIVE = "[=+\\-@\u207a\u207b\u207c\u208a\u208b\u208c\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]"
_NOTHING_SEEN = re.compile(f"[\\s{_UNSEEN}]+")
# The apostrophe itself too, so that taking one off gives back the text.
_HEAD = re.compile(f"[\t\r\n]|'|[\\s{_UNSEEN}]*{_LIVE}")
_WITHIN = re.compile(f"(?<=[\t\r\n;])(?='|(?:[^\\S\t\r\n]|[{_UNSEEN}])*{_LIVE})")
_GUARD = re.compile("(^|[\t\r\n;])'")


def clean(text: object, *, field: str, limit: int, required: bool = False, one_line: bool = False) -> str:
    """Text as it may be stored.

    `text` is what was given; line ends become \\n, nothing else is changed. `limit` is in characters. With
    `one_line`, line ends and tabs become spaces and the ends are stripped (titles, codes and names).
    Raises ValidationError with one sentence under the name `field`.
    """
    if text is None:
        text = ""
    if not isinstance(text, str):
        raise ValidationError({field: _("Write text here.")})
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _REFUSED.search(text)
    if found:
        raise ValidationError({field: _refusal(found)})
    if one_line:
        text = " ".join(text.split())
    if len(text) > limit:
        raise ValidationError(
            {field: _("This is %(n)s characters long; at most %(limit)s fit here.") % {"n": len(text), "limit": limit}}
        )
    if required and is_blank(text):
        raise ValidationError({field: _("Write something here; it is empty.")})
    return text


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of it: no text, spaces, or letters without a shape."""
    return not _NOTHING_SEEN.sub("", text)


def guarded(text: str) -> str:
    """`text` with an apostrophe before whatever a spreadsheet would run; `unguarded` gives back the text."""
    if ";" in text or "\n" in text or "\t" in text or "\r" in text:
        text = _WITHIN.sub("'", text)
    return f"'{text}" if _HEAD.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`: one apostrophe less at its head and after each tab, line end, semicolon."""
    return _GUARD.sub(r"\1", text)


def _refusal(found: re.Match[str]) -> str:
    return _("Take out the character at position %(at)s (U+%(code)s); it cannot be stored.") % {
        "at": found.start() + 1,
        "code": f"{ord(found.group()):04X}",
    }
