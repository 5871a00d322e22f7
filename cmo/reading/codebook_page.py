"""Owns what the codebook page shows: the tree with counts, one theme with its story, a save that came too late."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from cmo.comparing import Change, compare
from cmo.folding import fold
from cmo.reading.codebook import Carried, Voiced, count_under, voiced_under
from programmes.models import Programme, Theme, ThemeRevision
from programmes.reading.codebook import Branch, bearer_of, history_of, tree
from programmes.rules.classifying import in_order
from programmes.vocabulary import ThemeChange

FEW = 5  # so many sub-themes stand unfolded
NEW = "new"  # what an address says in place of a code to add one
LATEST = 20  # revisions of a theme shown at first
WORDS = {
    "code": _("Code"),
    "name": _("Name"),
    "definition": _("What it means"),
    "use_when": _("Use it when"),
    "not_when": _("Not when"),
    "example": _("Example"),
}


# ---------------------------------------------------------------- the tree


@dataclass(slots=True)
class Row:
    """A theme as the tree lists it: how many statements carry it, and excerpts where evidence is seen (else None); what
    stands below, whether that is unfolded."""

    theme: Theme
    uses: int
    excerpts: int | None
    below: list["Row"]
    open: bool

    @property
    def address(self) -> str:
        return address_of(self.theme)


@dataclass(frozen=True, slots=True)
class Size:
    """How large the codebook is; retired themes count in `retired` alone."""

    themes: int
    categories: int
    below: int
    used: int
    retired: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The tree as shown: categories, themes that stand alone without a code, and how many were found when asked."""

    categories: list[Row]
    loose: list[Row]
    size: Size
    found: int
    evidence: bool  # whether excerpts are counted


def listing(
    themes: Sequence[Theme],
    carried: Carried,
    *,
    chosen: Theme | None = None,
    words: str = "",
    retired: bool = False,
    bore: int | None = None,
) -> Listing:
    """The codebook in order. `words` leaves themes with all of them in code, name or definition, the theme that `bore`
    them as its code before it was recoded, and those above."""
    wanted = fold(words).split()
    loose = _loose(themes, retired=retired)

    def fits(theme: Theme) -> bool:
        return _matches(theme, wanted) or theme.pk == bore

    rows = [_row(branch, carried, chosen, fits if wanted else None) for branch in tree(themes, retired=retired)]
    shown = [row for row in rows if row is not None]
    return Listing(
        categories=[row for row in shown if row.theme.pk not in loose],
        loose=[row for row in shown if row.theme.pk in loose],
        size=_size(themes, carried),
        found=sum(fits(theme) for theme in themes if retired or not theme.retired),
        evidence=carried.voiced is not None,
    )


def _row(
    branch: Branch, carried: Carried, chosen: Theme | None, fits: Callable[[Theme], bool] | None
) -> Row | None:
    """None when neither the theme nor anything below it is wanted."""
    rows = [_row(below, carried, chosen, fits) for below in branch.below]
    below = [row for row in rows if row is not None]
    if fits and not below and not fits(branch.theme):
        return None
    holds = chosen is not None and chosen.pk != branch.theme.pk and chosen.path.startswith(branch.theme.path)
    uses, voiced = carried.statements.get(branch.theme.pk, 0), carried.by(branch.theme)
    excerpts = voiced.excerpts if voiced is not None else None
    return Row(branch.theme, uses, excerpts, below, bool(fits) or holds or len(below) <= FEW)


def _matches(theme: Theme, wanted: Iterable[str]) -> bool:
    text = fold(f"{theme.code} {theme.name} {theme.definition}")
    return all(word in text for word in wanted)


def _loose(themes: Iterable[Theme], *, retired: bool) -> set[int]:
    """Top themes without a code and with nothing below them."""
    shown = [theme for theme in themes if retired or not theme.retired]
    parents = {theme.parent_id for theme in shown}
    return {theme.pk for theme in shown if not theme.parent_id and not theme.code and theme.pk not in parents}


def _size(themes: Sequence[Theme], carried: Carried) -> Size:
    current = [theme for theme in themes if not theme.retired]
    loose = len(_loose(themes, retired=False))
    return Size(
        themes=sum(theme.depth == 1 for theme in current) + loose,
        categories=sum(theme.depth == 0 for theme in current) - loose,
        below=sum(theme.depth > 1 for theme in current),
        used=sum(carried.statements.get(theme.pk, 0) > 0 for theme in current),
        retired=len(themes) - len(current),
    )


def address_of(theme: Theme) -> str:
    """What names the theme in the page's address; a theme that is called "new" goes by its id."""
    return str(theme.uid) if theme.code.casefold() == NEW else theme.label


def choose(programme: Programme, themes: Sequence[Theme], label: str) -> Theme:
    """The theme with this code (in any case), id or former code, a merged or retired one too, or Http404."""
    by_code = {theme.code.casefold(): theme for theme in themes if theme.code}
    found = by_code.get(label.casefold()) or with_uid(themes, label)
    if found is None:
        bearer = bearer_of(programme, label)
        found = next((theme for theme in themes if theme.pk == bearer), None)
    if found is None:
        raise Http404("There is no such theme.")
    return found


def with_uid(themes: Iterable[Theme], uid: str | UUID) -> Theme | None:
    return next((theme for theme in themes if str(theme.uid) == str(uid)), None)


def find_by_uid(programme: Programme, uid: UUID) -> Theme:
    """The theme with this id as it now is, or Http404; one query."""
    found = Theme.objects.filter(programme=programme, uid=uid).select_related("programme", "parent").first()
    if found is None:
        raise Http404("There is no such theme.")
    return found


def short(theme: Theme) -> str:
    """What a sentence calls the theme: its code, or its name where it has none."""
    return theme.code or theme.name


def places(themes: Sequence[Theme], *, but: Theme | None = None) -> list[tuple[str, str]]:
    """(id, name set in by its depth) of every theme in use from top to bottom, without the branch of `but`."""
    shown = (found.theme for branch in tree(themes) for found in branch.walk())
    return [
        (str(theme.uid), "\u2003" * theme.depth + str(theme))
        for theme in shown
        if but is None or not theme.path.startswith(but.path)
    ]


# ---------------------------------------------------------------- one theme


@dataclass(slots=True)
class Step:
    """One revision of a theme and what it changed: words by field, place in the tree, or only the order."""

    revision: ThemeRevision
    before: ThemeRevision | None = None

    @property
    def words(self) -> list[tuple[str, list[Change]]]:
        """(name of the field, its difference) for each field that changed; nothing for the first revision."""
        before = self.before
        if before is None:
            return []
        changed = [name for name in WORDS if getattr(before, name) != getattr(self.revision, name)]
        return [(str(WORDS[name]), compare(getattr(before, name), getattr(self.revision, name))) for name in changed]

    @property
    def moved(self) -> bool:
        return self.before is not None and self.before.parent_id != self.revision.parent_id

    @property
    def only_order(self) -> bool:
        return self.revision.change == ThemeChange.MOVED and not self.moved


@dataclass(frozen=True, slots=True)
class Detail:
    """A theme with its place, its counts and its story."""

    theme: Theme
    uses: int
    uses_under: int
    voiced: Voiced | None  # None for those who see no evidence, as what follows of it
    voiced_under: Voiced | None
    sources: int | None  # in use, of all
    above: list[Theme]  # from the category down
    below: int  # themes in use that stand below it
    earlier: Theme | None  # the neighbour before it
    later: Theme | None
    aliases: list[Theme]
    story: list[Step]
    more: int  # older revisions that are not in `story`

    @property
    def address(self) -> str:
        return address_of(self.theme)

    @property
    def short(self) -> str:
        return short(self.theme)


def detail(theme: Theme, themes: Sequence[Theme], carried: Carried, *, whole_story: bool = False) -> Detail:
    """Two queries, the history and the statements of the branch; one more where evidence is seen, its excerpts."""
    current = [other for other in themes if not other.retired]
    siblings = in_order([other for other in current if other.parent_id == theme.parent_id])
    at = next((i for i, sibling in enumerate(siblings) if sibling.pk == theme.pk), None)
    story = _story(history_of(theme))
    voiced, sources = (None, None) if carried.voiced is None else voiced_under(theme)
    return Detail(
        theme=theme,
        uses=carried.statements.get(theme.pk, 0),
        uses_under=count_under(theme),
        voiced=carried.by(theme),
        voiced_under=voiced,
        sources=sources,
        above=_above(theme),
        below=sum(other.path.startswith(theme.path) for other in current if other.pk != theme.pk),
        earlier=siblings[at - 1] if at else None,
        later=siblings[at + 1] if at is not None and at + 1 < len(siblings) else None,
        aliases=[other for other in themes if other.merged_into_id == theme.pk],
        story=story if whole_story else story[:LATEST],
        more=0 if whole_story else max(0, len(story) - LATEST),
    )


def _above(theme: Theme) -> list[Theme]:
    above: list[Theme] = []
    while theme.parent is not None:
        theme = theme.parent
        above.insert(0, theme)
    return above


def _story(revisions: list[ThemeRevision]) -> list[Step]:
    older = [*revisions[1:], None]
    return [Step(revision, before) for revision, before in zip(revisions, older, strict=True)]


# ---------------------------------------------------------------- a save that came too late


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else changed while it was being written: what is saved now, and what saving would do."""

    label: str
    now: str
    changes: list[Change]


def meanwhile(theme: Theme, base: int, typed: dict[str, str]) -> tuple[dict[str, str], list[Clash]]:
    """(words to go on with, clashes) for words typed over revision `base` of a theme that has moved on.

    What the writer left alone follows what is saved now; what they wrote stays as typed.
    """
    was = next((revision for revision in history_of(theme) if revision.number == base), None)
    kept: dict[str, str] = {}
    clashes: list[Clash] = []
    for name, label in WORDS.items():
        mine, now = typed.get(name, "").replace("\r\n", "\n"), getattr(theme, name)
        before = getattr(was, name) if was is not None else None
        kept[name] = now if mine == before else mine
        if kept[name] != now and now != before:
            clashes.append(Clash(str(label), now, compare(now, mine)))
    return kept, clashes
