"""Owns what two people who wrote from the same revision are shown: base, theirs, mine, and the two put together."""

from dataclasses import dataclass

from cmo import wording as parsing
from cmo.comparing import Change, compare
from cmo.merging import Merge, marked_text, merge, merge_sets
from cmo.models import Statement
from cmo.reading.history import Version, find_version
from cmo.reading.statements import Tag, tag_order
from cmo.rules.composing import Words
from programmes.reading.codebook import Codes


@dataclass(slots=True)
class Conflict:
    """`base` is the revision both started from, `theirs` the latest; `mine` is what was typed and not saved."""

    base: Version
    theirs: Version
    mine: str
    my_themes: list[Tag]
    merge: Merge
    themes: list[str]  # labels, put together
    area: str  # slug; mine where I changed it, else theirs
    state: str

    @property
    def text(self) -> str:
        """The two put together; where both changed the same words, both readings stand in it, marked."""
        return marked_text(self.merge)

    @property
    def clean(self) -> bool:
        return self.merge.clean

    @property
    def places(self) -> int:
        """How many places need a decision."""
        return self.merge.conflicts

    @property
    def their_words(self) -> list[Change]:
        return compare(self.base.revision.wording, self.theirs.revision.wording)

    @property
    def my_words(self) -> list[Change]:
        return compare(self.base.revision.wording, self.mine)

    @property
    def same(self) -> bool:
        return self.mine == self.theirs.revision.wording

    @property
    def parts(self) -> list[list[str | int]]:
        return parsing.pack(parsing.find_parts(self.text))


def conflict_between(
    statement: Statement,
    *,
    base: int,
    words: Words,
    themes: list[str],
    area: str | None,
    state: str | None,
    codes: Codes,
) -> Conflict:
    """Put what was typed from revision `base` together with the statement as it now is.

    `words` is what was typed, as a sentence or as parts of the base; `themes` are labels, unknown ones are left out;
    `area` (a slug) and `state` are None where the form did not ask for them.
    """
    old = find_version(statement, min(base, statement.revision_number))
    now = find_version(statement, statement.revision_number)
    mine = _mine(old, words)
    by_label = {theme.label: Tag(theme.label, theme.code, theme.name) for theme in codes.themes}
    chosen = [theme.label for label in themes if (theme := codes.get(label)) is not None]
    together = merge_sets(
        frozenset(tag.label for tag in old.themes), frozenset(tag.label for tag in now.themes), frozenset(chosen)
    )
    return Conflict(
        base=old,
        theirs=now,
        mine=mine,
        my_themes=sorted((by_label[label] for label in set(chosen)), key=tag_order),
        merge=merge(old.revision.wording, now.revision.wording, mine),
        themes=sorted(together),
        area=_either(_slug(old), _slug(now), area),
        state=_either(old.revision.state, now.revision.state, state),
    )


def _either(base: str, theirs: str, mine: str | None) -> str:
    """Mine where I changed it, else theirs; the page shows it and lets it be changed."""
    return theirs if mine is None or mine == base else mine


def _slug(version: Version) -> str:
    return version.revision.area.slug if version.revision.area else ""


def _mine(old: Version, words: Words) -> str:
    if words.wording is not None:
        return words.wording.replace("\r\n", "\n")
    given = {("if_" if part == "if" else part): text.replace("\r\n", "\n") for part, text in words.parts.items()}
    return parsing.rewrite(old.revision.wording, parsing.unpack(old.revision.parts), **given)
