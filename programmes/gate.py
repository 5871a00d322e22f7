"""Owns the one gate for text: what comes in by form, API, command or file passes here or is refused.

What goes out to a spreadsheet passes here too.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Everything that no keyboard types and that breaks a database, a spreadsheet or an XML file later:
# C0 and C1 controls but tab and newline, lone surrogates, and the two non-characters XML refuses.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LIVE = ("=", "+", "-", "@", "\t", "\r", "'")  # the apostrophe itself too, so that taking one off gives back the text


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
    if required and not text.strip():
        raise ValidationError({field: _("Write something here; it is empty.")})
    return text


def guarded(text: str) -> str:
    """`text` with an apostrophe before what a spreadsheet would run; reading it back takes one apostrophe off."""
    return f"'{text}" if text.startswith(_LIVE) else text


def _refusal(found: re.Match[str]) -> str:
    return _("Take out the character at position %(at)s (U+%(code)s); it cannot be stored.") % {
        "at": found.start() + 1,
        "code": f"{ord(found.group()):04X}",
    }
