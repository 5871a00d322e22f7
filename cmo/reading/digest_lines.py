"""Owns the lines of a digest: what each record said before and after, its themes and the reasons that were given."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from cmo.comparing import Change as Words
from cmo.comparing import compare
from cmo.models import ConfigurationRevision, ElementRevision, RevisionTheme, StatementRevision
from cmo.reading.cancelled import cancelled, with_undoing
from cmo.vocabulary import Slot
from programmes.models import Programme, ThemeRevision
from programmes.natural import natural
from programmes.vocabulary import LOGGED

STATEMENTS, CONFIGURATIONS, ELEMENTS, THEMES = "statements", "configurations", "elements", "themes"
SHORT = 80  # words of a record that a page of a digest shows
PAGES = {STATEMENTS: "statement", CONFIGURATIONS: "configuration", ELEMENTS: "element"}


@dataclass(slots=True)
class Touched:
    """What the log says of one record: what was done to it, in order, and the revisions that this wrote."""

    done: list[tuple[str, int | None]] = field(default_factory=list)  # (verb, the revision that it wrote, if any)
    at: datetime | None = None

    @property
    def changes(self) -> list[str]:
        return list(dict.fromkeys(verb for verb, _revision in self.done))

    @property
    def revisions(self) -> list[int]:
        return [revision for _verb, revision in self.done if revision is not None]

    def without(self, gone: Collection[int]) -> "Touched":
        """The same but for what wrote these revisions."""
        return replace(self, done=[one for one in self.done if one[1] not in gone]) if gone else self


@dataclass(frozen=True, slots=True)
class Line:
    """One record that changed."""

    label: str
    url: str
    changes: list[str]  # keys of LOGGED, each once, in order
    words: list[Words] = field(default_factory=list)  # the difference, where there was something before
    text: str = ""  # what it said at the end
    reasons: list[tuple[str, str]] = field(default_factory=list)  # (name, reason)
    added: list[str] = field(default_factory=list)  # themes
    removed: list[str] = field(default_factory=list)
    revision: int | None = None
    coded: bool = True  # whether the label is one; a theme without a code is called by its name

    @property
    def said(self) -> str:
        return ", ".join(str(LOGGED.get(change, change)) for change in self.changes)

    @property
    def short(self) -> str:
        """What it said at the end, cut after so many words; its lines stay lines."""
        kept: list[str] = []
        left = SHORT
        for line in self.text.splitlines():
            words = line.split()
            kept.append(line if len(words) <= left else f"{' '.join(words[:left])} …".lstrip())
            left -= len(words)
            if left < 0:
                break
        return "\n".join(kept)

    @property
    def differs(self) -> bool:
        return any(one.kind != "equal" for one in self.words)


# ---------------------------------------------------------------- statements, configurations, elements

REVISIONS: dict[str, tuple[Any, str]] = {
    STATEMENTS: (StatementRevision, "statement"),
    CONFIGURATIONS: (ConfigurationRevision, "configuration"),
    ELEMENTS: (ElementRevision, "element"),
}


def lines(programme: Programme, key: str, touched: Mapping[str, Touched]) -> list[Line]:
    """The records of one kind; one query, two for statements and configurations, of which more hangs on each.

    Of a record that acts of lineage and their undoing alone touched there is no line.
    """
    model, owner = REVISIONS[key]
    numbers = {label: int(label.lstrip("SCMOE")) for label in touched}
    rows = model._default_manager.filter(
        **{f"{owner}__programme": programme, f"{owner}__number__in": list(numbers.values())}
    )
    found: dict[int, dict[int, Any]] = {}
    for one in with_undoing(owner, rows.select_related("author", owner)):
        found.setdefault(getattr(one, owner).number, {})[one.number] = one
    if key != ELEMENTS:
        touched = _standing(touched, {label: found.get(number, {}) for label, number in numbers.items()})
    ends = {label: _ends(found.get(numbers[label], {}), one.revisions) for label, one in touched.items()}
    hung = _hung(key, [one for pair in ends.values() for one in pair if one is not None])
    return [
        _line(programme, key, label, one, found.get(numbers[label], {}), ends[label], hung)
        for label, one in touched.items()
    ]


def _standing(touched: Mapping[str, Touched], revisions: Mapping[str, dict[int, Any]]) -> dict[str, Touched]:
    """The same without what cancels: an act of lineage and its undoing, both since the last meeting."""
    told = {}
    for label, one in touched.items():
        known = [revisions[label][n] for n in one.revisions if n in revisions[label]]
        told[label] = one.without(cancelled((each.number, each.at, each.act_undone) for each in known))
    return {label: one for label, one in told.items() if one.done}


def _ends(revisions: Mapping[int, Any], written: Sequence[int]) -> tuple[Any, Any]:
    """(the revision before the first that was written, or None; the last that was)."""
    if not written:
        return None, None
    return revisions.get(min(written) - 1), revisions.get(max(written))


def _hung(key: str, revisions: Sequence[Any]) -> dict[int, list[str]]:
    """{revision: its themes, or its elements in their roles}; one query, none for elements."""
    keys = [one.pk for one in revisions]
    found: dict[int, list[str]] = {}
    if key == STATEMENTS:
        carried = RevisionTheme.objects.filter(revision__in=keys).values_list("revision", "theme__code", "theme__name")
        for revision, code, name in carried:
            found.setdefault(revision, []).append(code or name)
    elif key == CONFIGURATIONS:
        placed = ConfigurationRevision.objects.filter(pk__in=keys).order_by("placings__position").values_list(
            "pk", "placings__role", "placings__element__number", "placings__wording"
        )  # fmt: skip
        for revision, role, number, wording in placed:
            if number is not None:
                found.setdefault(revision, []).append(f"{Slot(role).label}: E{number} {wording}".rstrip())
    return found


def _line(
    programme: Programme,
    key: str,
    label: str,
    one: Touched,
    revisions: Mapping[int, Any],
    ends: tuple[Any, Any],
    hung: Mapping[int, list[str]],
) -> Line:
    old, new = ends
    url = reverse(PAGES[key], args=[programme.slug, int(label.lstrip("SCMOE"))])
    if old is not None and new is not None:
        url = f"{url}?from={old.number}&to={new.number}#compare"
    before, after = (_text(key, each, hung) for each in ends)
    was, now = (set(hung.get(each.pk, [])) if each is not None and key == STATEMENTS else set() for each in ends)
    return Line(
        label, url, one.changes,
        words=compare(before, after) if old is not None and before != after else [],
        text=after, reasons=_reasons(revisions[n] for n in one.revisions if n in revisions),
        added=sorted(now - was, key=natural) if old is not None else [],
        removed=sorted(was - now, key=natural),
        revision=new.number if new is not None else None,
    )  # fmt: skip


def _text(key: str, revision: Any, hung: Mapping[int, list[str]]) -> str:
    """What a revision says, as one text."""
    if revision is None:
        return ""
    if key == STATEMENTS:
        return str(revision.wording)
    if key == ELEMENTS:
        return "\n".join(filter(None, [revision.text, revision.formal_theory]))
    said = (revision.nickname, revision.plain, *hung.get(revision.pk, []), revision.narrative, revision.testing)
    return "\n".join(filter(None, said))


def _reasons(revisions: Iterable[Any]) -> list[tuple[str, str]]:
    found = [(one.author.name, one.reason) for one in revisions if one.reason.strip()]
    return list(dict.fromkeys(found))


# ---------------------------------------------------------------- themes


def theme_lines(programme: Programme, touched: Mapping[str, Touched]) -> list[Line]:
    """Themes under the code that they had then, or under their name; one query."""
    uids = [label for label in touched if len(label) == 36 and label.count("-") == 4]
    named = Q(code__in=[label for label in touched if label not in uids]) | Q(theme__uid__in=uids)
    which = ThemeRevision.objects.filter(named, theme__programme=programme).values("theme")
    revisions: dict[int, dict[int, ThemeRevision]] = {}
    called: dict[tuple[str, int], list[ThemeRevision]] = {}
    for then in ThemeRevision.objects.filter(theme__in=which).select_related("theme", "author"):
        revisions.setdefault(then.theme_id, {})[then.number] = then
        called.setdefault((then.code or str(then.theme.uid), then.number), []).append(then)
    lines = []
    codebook = reverse("codebook", args=[programme.slug])
    for label, one in touched.items():
        own = _theme_meant(called, label, one, revisions)
        old, new = _ends(own, one.revisions)
        before, after = _theme_text(old), _theme_text(new)
        shown = new.name if new is not None and label in uids else label
        lines.append(
            Line(
                shown, f"{codebook}?code={new.theme.label if new is not None else label}", one.changes,
                words=compare(before, after) if old is not None and before != after else [], text=after,
                reasons=_reasons(own[n] for n in one.revisions if n in own),
                revision=new.number if new is not None else None, coded=label not in uids,
            )
        )  # fmt: skip
    return lines


def _theme_meant(
    called: Mapping[tuple[str, int], Sequence[ThemeRevision]],
    label: str,
    one: Touched,
    revisions: Mapping[int, dict[int, ThemeRevision]],
) -> dict[int, ThemeRevision]:
    """The history of the theme that had this label when it was written; a code may have been another's before."""
    meant = called.get((label, one.revisions[0]), []) if one.revisions else []
    if not meant:
        return {}
    at = one.at
    nearest = min(meant, key=lambda revision: abs(revision.at - at)) if at else meant[0]
    return revisions[nearest.theme_id]


def _theme_text(revision: ThemeRevision | None) -> str:
    if revision is None:
        return ""
    head = " ".join(filter(None, [revision.code, revision.name]))
    rest = (revision.definition, revision.use_when, revision.not_when, revision.example)
    return "\n".join(filter(None, [head, *rest]))
