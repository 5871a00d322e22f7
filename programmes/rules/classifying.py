"""Owns the codebook: the only writer of themes, of their places in the tree and of their history."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from programmes.access import Actor, require
from programmes.gate import clean, is_blank
from programmes.models import Programme, Theme, ThemeRevision
from programmes.natural import natural
from programmes.refusals import Stale
from programmes.rules.indexing import index, theme_entry
from programmes.rules.phasing import open_phase_of
from programmes.rules.recording import record, seal
from programmes.vocabulary import Limit, ThemeChange, Verb

DEEPEST = 40
WORDS = ("code", "name", "definition", "use_when", "not_when", "example", "colour")
_LIKE_AN_ID = re.compile(r"[0-9a-fA-F-]{36}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _cleaned(given: dict[str, Any]) -> dict[str, str]:
    limits = {"code": Limit.CODE, "name": Limit.NAME}
    words = {
        field: clean(value, field=field, limit=limits.get(field, Limit.LONG), one_line=field in limits)
        for field, value in given.items()
    }
    for field in limits.keys() & words.keys():
        if is_blank(words[field]):
            words[field] = ""  # letters without a shape are no label
    colour = words.get("colour", "")
    if colour and not _COLOUR.fullmatch(colour):
        raise ValidationError({"colour": _("Write the colour as # and six digits, such as #1b4fc4.")})
    if any(mark in words.get("code", "") for mark in ", /"):
        said = _("A code has no comma, no space and no slash, so that it can stand in a line and in an address.")
        raise ValidationError({"code": said})
    if _LIKE_AN_ID.fullmatch(words.get("code", "")):
        raise ValidationError({"code": _("This code looks like an id of ours; choose a shorter one.")})
    return words


def _hold_codebook(programme: Programme) -> None:
    """One writer of a programme's tree at a time; two moves at once can otherwise make a circle."""
    Programme.objects.filter(pk=programme.pk).update(codebook_version=F("codebook_version") + 1)


def _held(theme: Theme) -> Theme:
    """The theme as it is once the codebook is held: a move of what stands above changes its path, not its revision."""
    _hold_codebook(theme.programme)
    return Theme.objects.select_related("programme", "parent").get(pk=theme.pk)


def _check_code(programme: Programme, code: str, but: Theme | None = None) -> None:
    if not code:
        return
    holder = Theme.objects.filter(programme=programme, code__iexact=code).exclude(pk=but.pk if but else 0).first()
    if holder is None:
        return
    if holder.merged_into_id:
        said = _("%(code)s was merged and stays as another name of %(into)s; choose another code.")
        raise ValidationError({"code": said % {"code": holder.code, "into": holder.merged_into}})
    raise ValidationError({"code": _("%(code)s is the code of %(theme)s; choose another.") % {
        "code": holder.code, "theme": f"“{holder.name}”" if holder.name else _("another theme")}})


def _check_parent(programme: Programme, parent: Theme | None) -> None:
    if parent is None:
        return
    if parent.programme_id != programme.pk:
        raise ValidationError({"parent": _("There is no such theme in this codebook.")})
    if parent.retired:
        raise ValidationError({"parent": _("%(theme)s is retired; restore it first.") % {"theme": parent}})
    if parent.depth >= DEEPEST:
        raise ValidationError({"parent": _("A codebook may be %(n)s levels deep.") % {"n": DEEPEST}})


@transaction.atomic
def add_theme(
    programme: Programme,
    *,
    by: Actor,
    parent: Theme | None = None,
    position: int | None = None,
    reason: str = "",
    **words: Any,
) -> Theme:
    """A new theme under `parent` (None: at the top). `words` are fields of ThemeWords; code or name is needed.

    `position` gives it a place of its own among its siblings; without one it stands in natural order, or last.

    Raises ValidationError (code, name, parent, colour …) or PermissionDenied.
    """
    require(by, Verb.CLASSIFY, programme)
    new = _cleaned(words)
    if not new.get("code") and not new.get("name"):
        raise ValidationError({"name": _("Give a code or a name; a theme needs one of them.")})
    _hold_codebook(programme)
    if parent is not None:
        parent = Theme.objects.filter(pk=parent.pk).first()
    _check_parent(programme, parent)
    _check_code(programme, new.get("code", ""))
    if Theme.objects.filter(programme=programme).count() >= Limit.THEMES_PER_PROGRAMME:
        raise ValidationError({"code": _("A codebook may hold %(n)s themes.") % {"n": Limit.THEMES_PER_PROGRAMME}})
    now = by.now()
    theme = Theme(programme=programme, parent=parent, created=now, updated=now, **new)
    theme.position = _last_position(programme, parent) if position is None else position
    theme.save(force_insert=True)
    theme.path = f"{parent.path if parent else '/'}{theme.pk}/"
    Theme.objects.filter(pk=theme.pk).update(path=theme.path)
    _write(theme, by, ThemeChange.NEW, reason)
    return theme


def _last_position(programme: Programme, parent: Theme | None) -> int:
    """0 while nobody has put the siblings in an order of their own, else behind the last."""
    last = Theme.objects.filter(programme=programme, parent=parent).aggregate(models.Max("position"))["position__max"]
    return last + 1 if last else 0


@transaction.atomic
def edit_theme(theme: Theme, *, by: Actor, base: int, reason: str = "", **words: Any) -> Theme:
    """Change the words of a theme, its code among them, starting from its revision `base`. Tags follow by themselves.

    Raises ValidationError, PermissionDenied, or Stale with the theme as it now is. Nothing is written when nothing
    changed.
    """
    require(by, Verb.CLASSIFY, theme.programme)
    new = {field: value for field, value in _cleaned(words).items() if value != getattr(theme, field)}
    if theme.revision_number == base and not new:
        return theme
    _hold_codebook(theme.programme)
    code, name = new.get("code", theme.code), new.get("name", theme.name)
    if not code and not name:
        raise ValidationError({"name": _("Give a code or a name; a theme needs one of them.")})
    _check_code(theme.programme, new.get("code", ""), but=theme)
    before = {field: getattr(theme, field) for field in new}
    _swap(theme, by, base, **new)
    change = ThemeChange.RECODED if "code" in new else ThemeChange.EDITED
    _write(theme, by, change, reason, before=before, after=new)
    return theme


@transaction.atomic
def move_theme(theme: Theme, *, by: Actor, base: int, parent: Theme | None, reason: str = "") -> Theme:
    """Put a theme with all below it under `parent` (None: at the top).

    Raises ValidationError (parent) when that would put it under itself; Stale, PermissionDenied.
    """
    require(by, Verb.CLASSIFY, theme.programme)
    theme = _held(theme)
    if parent is not None:
        parent = Theme.objects.filter(pk=parent.pk).first()
    _check_parent(theme.programme, parent)
    if parent is not None and parent.path.startswith(theme.path):
        said = _("%(theme)s cannot stand under itself or its own sub-theme.")
        raise ValidationError({"parent": said % {"theme": theme}})
    if theme.parent_id == (parent.pk if parent else None):
        return theme
    height = max(path.count("/") for path in _branch(theme).values_list("path", flat=True)) - theme.path.count("/")
    if parent is not None and parent.depth + 1 + height > DEEPEST:
        raise ValidationError({"parent": _("A codebook may be %(n)s levels deep.") % {"n": DEEPEST}})
    before, old_path = theme.parent, theme.path
    _swap(theme, by, base, parent=parent, position=_last_position(theme.programme, parent))
    new_path = f"{parent.path if parent else '/'}{theme.pk}/"
    Theme.objects.filter(programme=theme.programme, path__startswith=old_path).update(
        path=Concat(Value(new_path), Substr("path", len(old_path) + 1))
    )
    theme.path = new_path
    _write(
        theme, by, ThemeChange.MOVED, reason,
        before=before.label if before else None, after=parent.label if parent else None,
    )  # fmt: skip
    return theme


@transaction.atomic
def shift_theme(theme: Theme, *, by: Actor, base: int, step: int) -> Theme:
    """Move a theme one place up (`step` -1) or down (+1) among its siblings; at the end it stays where it is."""
    require(by, Verb.CLASSIFY, theme.programme)
    theme = _held(theme)
    siblings = in_order(Theme.objects.filter(programme=theme.programme, parent=theme.parent))
    at = next(i for i, sibling in enumerate(siblings) if sibling.pk == theme.pk)
    way = 1 if step > 0 else -1
    to = at + way
    while 0 <= to < len(siblings) and siblings[to].retired:
        to += way  # nobody sees the retired ones; a step past one alone would look like none
    if not 0 <= to < len(siblings):
        return theme
    siblings.insert(to, siblings.pop(at))
    for position, sibling in enumerate(siblings, start=1):
        if sibling.position != position and sibling.pk != theme.pk:
            Theme.objects.filter(pk=sibling.pk).update(position=position)
    _swap(theme, by, base, position=to + 1)
    _write(theme, by, ThemeChange.MOVED, "", before=at + 1, after=to + 1)
    return theme


@transaction.atomic
def retire_theme(theme: Theme, *, by: Actor, base: int, reason: str = "") -> Theme:
    """Take a theme out of the pickers. What carries it keeps it, and its history stays."""
    require(by, Verb.CLASSIFY, theme.programme)
    theme = _held(theme)
    if theme.retired:
        raise ValidationError({"state": _("%(theme)s is retired already.") % {"theme": theme}})
    if _branch(theme).current().exclude(pk=theme.pk).exists():
        raise ValidationError({"state": _("Move or retire the themes below %(theme)s first.") % {"theme": theme}})
    _swap(theme, by, base, retired=True)
    _write(theme, by, ThemeChange.RETIRED, reason)
    return theme


@transaction.atomic
def restore_theme(theme: Theme, *, by: Actor, base: int, reason: str = "") -> Theme:
    """Bring a retired theme back. One that was merged comes back without what followed it elsewhere."""
    require(by, Verb.CLASSIFY, theme.programme)
    theme = _held(theme)
    if not theme.retired:
        raise ValidationError({"state": _("%(theme)s is in use; there is nothing to restore.") % {"theme": theme}})
    if theme.parent and theme.parent.retired:
        raise ValidationError({"state": _("Restore %(parent)s first; it stands above.") % {"parent": theme.parent}})
    _swap(theme, by, base, retired=False, merged_into=None)
    _write(theme, by, ThemeChange.RESTORED, reason)
    return theme


@transaction.atomic
def close_into(theme: Theme, *, by: Actor, base: int, into: Theme, reason: str = "") -> Theme:
    """The codebook's half of a merge: `theme` ends as another name of `into`, its children move there.

    The tags follow in cmo.rules.recoding, which calls this first, in one transaction.
    """
    require(by, Verb.CLASSIFY, theme.programme)
    theme = _held(theme)
    into = Theme.objects.get(pk=into.pk)
    check_merge(theme, into)
    for child in Theme.objects.filter(parent=theme).select_related("programme"):
        move_theme(child, by=by, base=child.revision_number, parent=into, reason=reason)
    theme.refresh_from_db()
    _swap(theme, by, base, retired=True, merged_into=into)
    _write(theme, by, ThemeChange.MERGED, reason, into=into.label)
    for alias in Theme.objects.filter(merged_into=theme).select_related("programme"):
        # Older aliases point straight at the theme that now holds their meaning.
        _swap(alias, by, alias.revision_number, merged_into=into)
        _write(alias, by, ThemeChange.MERGED, reason, into=into.label)
    return theme


def check_merge(theme: Theme, into: Theme) -> None:
    """Raises ValidationError (into) when `theme` cannot end in `into`; a preview asks this before anything is done."""
    if into.programme_id != theme.programme_id:
        raise ValidationError({"into": _("There is no such theme in this codebook.")})
    if into.pk == theme.pk:
        raise ValidationError({"into": _("A theme cannot be merged into itself.")})
    if into.retired or theme.retired:
        raise ValidationError({"into": _("Only themes in use can be merged; restore the retired one first.")})
    if into.path.startswith(theme.path):
        raise ValidationError({"into": _("%(into)s stands below %(theme)s; merge it upwards instead.") % {
            "into": into, "theme": theme}})


def in_order(themes: "models.QuerySet[Theme] | list[Theme]") -> list[Theme]:
    """Siblings as people expect them: own order first, then codes naturally, then names; without a code last."""
    return sorted(themes, key=lambda one: (one.position, not one.code, natural(one.code or one.name), one.pk))


def _branch(theme: Theme) -> Any:
    return Theme.objects.under(theme)


def _swap(theme: Theme, by: Actor, base: int, **new: Any) -> None:
    """The one conditional UPDATE: either this writer saw the latest revision, or nothing is written."""
    moved = Theme.objects.filter(pk=theme.pk, revision_number=base).update(
        **new, revision_number=base + 1, updated=by.now()
    )
    theme.refresh_from_db()
    if not moved:
        raise Stale(theme, base=base)


def _write(theme: Theme, by: Actor, change: ThemeChange, reason: str, **detail: Any) -> None:
    reason = clean(reason, field="reason", limit=Limit.REASON)
    revision = ThemeRevision.objects.create(
        theme=theme,
        number=theme.revision_number,
        **{field: getattr(theme, field) for field in WORDS},
        retired=theme.retired,
        parent_id=theme.parent_id,
        merged_into_id=theme.merged_into_id,
        change=change,
        reason=reason,
        author=by.person,
        at=theme.updated,
        phase=open_phase_of(theme.programme),
    )
    index(theme.programme, [theme_entry(theme)])
    record(
        by, change.value, f"theme {theme.label}", programme=theme.programme, reason=reason,
        seals=seal(revision), revision=theme.revision_number, **detail,
    )  # fmt: skip
