"""Owns what in a text may tell who somebody is: names, e-mail addresses, phone numbers, postcodes. Pure.

It points out and never blocks: a place name looks like a name, and a nickname does not. Each pattern is bounded and
begins where no word goes on, so that the time grows with the length of the text and no faster.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

EMAIL, PHONE, POSTCODE, NAME = "email", "phone", "postcode", "name"
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(r"(?<![\w+.])(?:\+|\(0|0)[0-9 ().-]{7,18}[0-9](?!\w)")
_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}(?!\w)", re.IGNORECASE)
_TITLED = re.compile(r"(?<!\w)(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Councillor|Cllr)\.? [A-Z][\w’'-]{1,30}")
_CALLED = re.compile(r"(?<!\w)(?:my name is|I am called|named|called) [A-Z][\w’'-]{1,30}")
_PAIR = re.compile(r"(?<!\w)([A-Z][a-zà-ÿ’'-]{1,30}) ([A-Z][a-zà-ÿ’'-]{1,30})(?!\w)")
# Words that stand capitalised beside others without being anybody's name.
_WORDS = """
    a an and as at but by for from he her his i if in is it its my no not of on or our she so that the their then
    there they this to was we were what when where which who why with yes you your academy act agency agencies
    authorities authority board borough care case centre child children city college commissioner committee
    community council county department director district east england english europe family forum framework friday
    general government group guidance head health home hospital house human interviewer ireland january february
    march april may june july august september october november december justice lead local london manager meeting
    mid ministry monday national network new north northern office officer panel partnership plan police policy
    practice practitioner practitioners principal procedure procedures programme project protection public review
    rights royal safeguarding saturday school scotland scottish senior service services social south southern state
    statement street sunday support team thursday trust tuesday uk union united university unit wales wednesday
    welsh west western worker workers young youth
"""
_NOBODY = frozenset(_WORDS.split())


@dataclass(frozen=True, slots=True)
class Hint:
    """What a piece of a text may be; `start` and `end` are characters."""

    kind: str
    start: int
    end: int


def hints(text: str) -> list[Hint]:
    """What in `text` may tell who somebody is, in the order of their places; no two overlap."""
    found = sorted(_all(text), key=lambda hint: (hint.start, -hint.end))
    kept: list[Hint] = []
    for hint in found:
        if not kept or hint.start >= kept[-1].end:
            kept.append(hint)
    return kept


def kinds_in(*texts: str) -> list[str]:
    """The kinds of hints in some texts, each once."""
    return list(dict.fromkeys(hint.kind for text in texts for hint in hints(text)))


def _all(text: str) -> Iterator[Hint]:
    for kind, pattern in ((EMAIL, _EMAIL), (POSTCODE, _POSTCODE), (NAME, _TITLED), (NAME, _CALLED)):
        yield from (Hint(kind, *match.span()) for match in pattern.finditer(text))
    for match in _PHONE.finditer(text):
        if 9 <= sum(sign.isdigit() for sign in match.group()) <= 15:
            yield Hint(PHONE, *match.span())
    for match in _PAIR.finditer(text):
        if not {match[1].casefold(), match[2].casefold()} & _NOBODY:
            yield Hint(NAME, *match.span())
