"""Owns how the codebook is read: the tree in natural order, and themes found by what people type."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from programmes.models import Programme, Theme, ThemeRevision
from programmes.records import Columns
from programmes.rules.classifying import in_order
from programmes.vocabulary import Limit

MOST_LABELS = 200


@dataclass(slots=True)
class Branch:
    """A theme with what stands below it, in order."""

    theme: Theme
    below: list["Branch"] = field(default_factory=list)

    def walk(self) -> Iterable["Branch"]:
        """This branch and all below it, top down."""
        yield self
        for branch in self.below:
            yield from branch.walk()


def themes_of(programme: Programme) -> list[Theme]:
    """All themes of a programme, retired ones too, as they were added; one query. `.programme` and `.parent` are
    filled in."""
    themes = list(Theme.objects.filter(programme=programme).order_by("pk"))
    by_pk = {theme.pk: theme for theme in themes}
    for theme in themes:
        theme.programme = programme
        theme.parent = by_pk.get(theme.parent_id) if theme.parent_id else None
        theme.merged_into = by_pk.get(theme.merged_into_id) if theme.merged_into_id else None
    return themes


def tree(themes: Sequence[Theme], *, retired: bool = False) -> list[Branch]:
    """The codebook as branches in order. Without `retired`, themes in use only."""
    shown = [theme for theme in themes if retired or not theme.retired]
    branches = {theme.pk: Branch(theme) for theme in shown}
    tops: list[Theme] = []
    children: dict[int, list[Theme]] = {}
    for theme in shown:
        if theme.parent_id in branches:
            children.setdefault(theme.parent_id, []).append(theme)
        else:
            tops.append(theme)
    for parent, below in children.items():
        branches[parent].below = [branches[theme.pk] for theme in in_order(below)]
    return [branches[theme.pk] for theme in in_order(tops)]


def flat(branches: Iterable[Branch]) -> list[Theme]:
    """The themes of a tree from top to bottom."""
    return [found.theme for branch in branches for found in branch.walk()]


def find_theme(programme: Programme, label: str) -> Theme:
    """The theme with this code (in any case) or this id, or Http404. A merged code finds its own, retired theme."""
    themes = Theme.objects.filter(programme=programme).select_related("programme", "parent", "merged_into")
    found = themes.filter(code__iexact=label).exclude(code="").first() if label and "\x00" not in label else None
    if found is None:
        found = themes.filter(uid=label).first() if _is_uid(label) else None
    if found is None:
        found = themes.filter(pk=bearer_of(programme, label) or 0).first()
    if found is None:
        raise Http404("There is no such theme.")
    return found


def bearer_of(programme: Programme, label: str) -> int | None:
    """The theme that bore this code last before it was recoded, so that old links, scripts and tables still find it."""
    if not label or len(label) > Limit.CODE or not label.isprintable():
        return None
    bore = ThemeRevision.objects.filter(theme__programme=programme, code__iexact=label).order_by("-at", "-pk")
    return bore.values_list("theme", flat=True).first()


def _is_uid(label: str) -> bool:
    try:
        return str(UUID(label)) == label
    except ValueError:
        return False


def history_of(theme: Theme) -> list[ThemeRevision]:
    """All revisions of a theme, newest first, with authors and parents."""
    found = ThemeRevision.objects.filter(theme=theme)
    return list(found.select_related("author", "parent", "merged_into", "phase"))


def find_codes(programme: Programme, labels: Sequence[object], *, field_name: str = "themes") -> list[Theme]:
    """What `Codes(programme).find` gives; reads the whole codebook only for a code that is not written as there."""
    plain = [label for label in labels if isinstance(label, str) and label.isprintable()]
    known = {theme.code: theme for theme in _coded(programme, [label for label in plain if label])}
    if all(label in known for label in labels if isinstance(label, str)) and len(plain) == len(labels):
        return list({known[label].pk: known[label] for label in plain}.values())
    return Codes(programme).find(labels, field_name=field_name)  # type: ignore[arg-type]


_THEME = Columns(Theme, "h")


def _coded(programme: Programme, codes: Sequence[str]) -> list[Theme]:
    """The themes with exactly these codes that were not merged into another."""
    if not codes:
        return []
    marks = ", ".join(["%s"] * len(codes))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_THEME.sql} FROM programmes_theme h"
            f" WHERE h.programme_id = %s AND h.merged_into_id IS NULL AND h.code IN ({marks})",
            [programme.pk, *codes],
        )
        return [_THEME.make(row) for row in cursor.fetchall()]


class Codes:
    """The codebook as a place to look codes up in; one query however many are asked for."""

    def __init__(self, programme: Programme, themes: Sequence[Theme] | None = None) -> None:
        self.programme = programme
        self.themes = list(themes) if themes is not None else themes_of(programme)
        self._by_label = {theme.label.casefold(): theme for theme in self.themes}
        self._by_uid = {str(theme.uid): theme for theme in self.themes}

    def get(self, label: str) -> Theme | None:
        """The theme that a code or id names now: a merged code means what it was merged into, a former code the theme
        that bore it last."""
        label = label.strip()
        found = self._by_label.get(label.casefold()) or self._by_uid.get(label) or self._bore(label)
        return found.merged_into if found is not None and found.merged_into is not None else found

    def _bore(self, label: str) -> Theme | None:
        pk = bearer_of(self.programme, label)
        return next((theme for theme in self.themes if theme.pk == pk), None) if pk else None

    def find(self, labels: Iterable[str], *, field_name: str = "themes") -> list[Theme]:
        """Themes for codes as typed. Raises ValidationError that names each unknown code and the nearest known one."""
        found: list[Theme] = []
        unknown: list[str] = []
        labels = list(labels)
        if len(labels) > MOST_LABELS:
            raise ValidationError({field_name: _("Name at most %(n)s themes at once.") % {"n": MOST_LABELS}})
        for label in labels:
            theme = self.get(label) if isinstance(label, str) else None
            if theme is None:
                unknown.append(self._say_unknown(label))
            else:
                found.append(theme)
        if unknown:
            raise ValidationError({field_name: unknown})
        return list({theme.pk: theme for theme in found}.values())

    def _say_unknown(self, label: object) -> str:
        if not isinstance(label, str):
            return _("Write codes as text, such as \"O4\".")
        shown = label[:60]
        codes = [theme.code for theme in self.themes if theme.code and not theme.retired]
        near = process.extractOne(
            shown.upper().replace("0", "O"), codes, scorer=fuzz.ratio, processor=str.upper, score_cutoff=60
        )
        said = _("There is no code “%(code)s” in the codebook.") % {"code": shown}
        return f"{said} {_('Did you mean %(near)s?') % {'near': near[0]}}" if near else said
