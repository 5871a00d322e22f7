"""Owns what two people who wrote from the same revision are shown: base, theirs, mine, and the two put together."""

from dataclasses import dataclass

from cmo import wording as parsing
from cmo.aligning import Aligned, Changed, line_up, who_changed
from cmo.comparing import Change, compare
from cmo.merging import Merge, marked_text, merge, merge_sets
from cmo.models import Statement, StatementRevision
from cmo.reading.history import Version, find_version
from cmo.reading.statements import Tag, tag_order
from cmo.rules.composing import Words
from programmes.reading.codebook import Codes


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of few values, such as the area, on all three sides."""

    base: str
    theirs: str
    mine: str

    @property
    def changed(self) -> Changed:
        return who_changed(self.base, self.theirs, self.mine)

    @property
    def value(self) -> str | None:
        """What it is unless somebody chooses otherwise; None where both changed it and somebody must."""
        return None if self.changed == "both" else self.mine if self.changed == "mine" else self.theirs


@dataclass(slots=True)
class Conflict:
    """`base` is the revision both started from, `theirs` a later one; `mine` is what was typed and not saved."""

    base: Version
    theirs: Version
    mine: str
    my_themes: list[Tag]
    merge: Merge
    aligned: Aligned | None  # the same part by part, where the parts of all three line up
    themes: list[str]  # labels, put together
    area: Choice  # of slugs, "" for none
    state: Choice

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
    def themes_changed(self) -> Changed:
        return who_changed(*(frozenset(tags) for tags in (self.base.themes, self.theirs.themes, self.my_themes)))

    @property
    def started(self) -> int:
        return self.base.revision.number

    @property
    def seen(self) -> int:
        return self.theirs.revision.number


def conflict_between(
    statement: Statement,
    *,
    base: int,
    words: Words,
    themes: list[str],
    area: str | None,
    state: str | None,
    codes: Codes,
    seen: int | None = None,
) -> Conflict:
    """Put what was typed from revision `base` together with revision `seen`, by default the statement as it now is.

    `words` is what was typed, as a sentence or as parts of the base; `themes` are labels, unknown ones are left out;
    `area` (a slug) and `state` are None where the form did not ask for them.
    """
    latest = min(seen or statement.revision_number, statement.revision_number)
    old = find_version(statement, min(base, latest))
    now = find_version(statement, latest)
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
        aligned=line_up(_parsed(old.revision), _parsed(now.revision), _read(old.revision, mine)),
        themes=sorted(together),
        area=_choice(_slug(old), _slug(now), area),
        state=_choice(old.revision.state, now.revision.state, state),
    )


def _choice(base: str, theirs: str, mine: str | None) -> Choice:
    return Choice(base, theirs, base if mine is None else mine)


def _slug(version: Version) -> str:
    return version.revision.area.slug if version.revision.area else ""


def _parsed(revision: StatementRevision) -> tuple[str, tuple[parsing.Span, ...]]:
    return revision.wording, parsing.unpack(revision.parts)


def _read(old: StatementRevision, mine: str) -> tuple[str, tuple[parsing.Span, ...]]:
    """My wording with its parts as a save would find them."""
    return _parsed(old) if mine == old.wording else (mine, parsing.find_parts(mine))


def _mine(old: Version, words: Words) -> str:
    if words.wording is not None:
        return words.wording.replace("\r\n", "\n")
    given = {("if_" if part == "if" else part): text.replace("\r\n", "\n") for part, text in words.parts.items()}
    return parsing.rewrite(old.revision.wording, parsing.unpack(old.revision.parts), **given)
