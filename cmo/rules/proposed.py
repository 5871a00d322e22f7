"""Owns what a proposal is made of: changes as somebody asks for them, checked and brought into one canonical form.

In that form records, statements, elements and areas are named by label or slug, which are never given to another,
themes by their id, as codes change; each record comes with the revision that the change starts from. Its digest, with
the title, the reason and the evidence that is cited, is what an answer holds for.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cmo.models import Configuration, Element, Statement
from cmo.reading.areas import area_named
from cmo.reading.configurations import configurations_named, statements_named
from cmo.reading.elements import elements_named, number_in
from cmo.rules.composing import PARTS, Words, worded
from cmo.rules.making_up import LIMITS, WORDS
from cmo.vocabulary import TRAITS, Activation, Change, Slot, State
from programmes.gate import clean
from programmes.models import Programme
from programmes.reading.codebook import find_codes
from programmes.vocabulary import Limit

Record = Statement | Configuration | Element
MOST_CHANGES = 50
# What a change may be called when it comes in, and what it does.
_REVISES = ("reworded", "refined", "retagged", "rearranged", "described", "moved", "agreed", "reopened")
DOES = {
    **dict.fromkeys(_REVISES, "revise"),
    "retyped": "retype",
    "new": "new",
    "retired": "retire",
    "restored": "restore",
    "merged": "merge",
    "split": "split",
    "replaced": "replace",
}
KINDS = {"S": "statement", "CMO": "configuration", "E": "element"}
STATEMENT = ("wording", *PARTS, "themes", "area", "state")
CONFIGURATION = (*WORDS, "elements", "statements", "area", "state")
ELEMENT = ("text", *TRAITS, "formal_theory", "themes", "state")
FIELDS = {"statement": STATEMENT, "configuration": CONFIGURATION, "element": ELEMENT}
PLACED = ("element", "role", "text", "wording", "activation")


@dataclass(slots=True)
class Drawn:
    """Changes in canonical form, the records that they start from and the elements that they read with:
    {label: (record, revision)} each."""

    content: list[dict[str, Any]] = field(default_factory=list)
    targets: dict[str, tuple[Record, int]] = field(default_factory=dict)
    read_with: dict[str, tuple[Record, int]] = field(default_factory=dict)

    def bases(self) -> list[tuple[Record, int]]:
        """Every record that must stand as it was seen."""
        return list({**self.read_with, **self.targets}.values())


def seen_digest(
    content: Sequence[Mapping[str, Any]], *, title: str = "", reason: str = "", cites: Iterable[str] = ()
) -> str:
    """SHA-256 of all that a reviewer judges and accepting would write: an answer holds for exactly this.

    What is cited goes by its ids, which nobody can guess who does not see evidence. Who wrote it is no part of it: that
    is asked anew whenever answers are counted. Digests of the first form, of the changes alone, stay as they are until
    something is changed: they are compared, never worked out again.
    """
    said = {"form": 2, "changes": content, "title": title, "reason": reason, "cites": sorted(cites)}
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def draw_up(programme: Programme, changes: object) -> Drawn:
    """The canonical form of `changes`. Raises ValidationError (changes), with the number of the change, from 1."""
    if not isinstance(changes, list) or not changes:
        raise ValidationError({"changes": _("Say what is to change: at least one change of one record.")})
    if len(changes) > MOST_CHANGES:
        said = _("A proposal may hold %(most)s changes, these are %(n)s; make two of it.")
        raise ValidationError({"changes": said % {"most": MOST_CHANGES, "n": len(changes)}})
    drawn = Drawn()
    for at, raw in enumerate(changes, start=1):
        try:
            drawn.content.append(_Reader(programme, drawn).change(raw))
        except ValidationError as error:
            raise _of_change(at, error, alone=len(changes) == 1) from error
    return drawn


def _of_change(at: int, error: ValidationError, *, alone: bool) -> ValidationError:
    """The refusal with the number of its change; where there is only one, the fields keep their names."""
    if alone and hasattr(error, "error_dict"):
        return error
    said, field = " ".join(error.messages), next(iter(getattr(error, "error_dict", {})), "")
    where = _("Change %(at)s, %(field)s: %(said)s") if field not in {"", "changes"} else _("Change %(at)s: %(said)s")
    return ValidationError({"changes": where % {"at": at, "field": field, "said": said}})


def record_named(programme: Programme, label: object, *, field: str = "record") -> Record:
    """The statement, configuration or element with this label. Raises ValidationError."""
    named: dict[str, Callable[..., list[Any]]] = {
        "S": statements_named, "CMO": configurations_named, "E": elements_named,
    }  # fmt: skip
    for letters, find in named.items():
        if isinstance(label, str) and label.upper().startswith(letters) and label[len(letters) :].isdecimal():
            found: Record = find(programme, [label], field=field)[0]
            found.programme = programme
            return found
    raise ValidationError({field: _("Name a record by its label, such as S7, CMO3 or E12.")})


class _Reader:
    """Reads one change."""

    def __init__(self, programme: Programme, drawn: Drawn) -> None:
        self.programme, self.drawn = programme, drawn

    def change(self, raw: object) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise ValidationError(_("Write a change as an object with `record`, `base` and `change`."))
        called = raw.get("change", "reworded")
        does = DOES.get(called) if isinstance(called, str) else None
        if does is None:
            raise ValidationError({"change": _("Choose one of %(all)s.") % {"all": ", ".join(DOES)}})
        read: Callable[[dict[str, Any]], dict[str, Any]] = getattr(self, f"_{does}")
        rest = {key: value for key, value in raw.items() if key != "change"}
        return {"change": does, **read({**rest, "called": called})}

    # ---- one record

    def _new(self, raw: dict[str, Any]) -> dict[str, Any]:
        kind = raw.get("kind", "statement")
        if kind not in ("statement", "configuration"):
            raise ValidationError({"kind": _("Choose statement or configuration.")})
        self._only(raw, "kind", "refines", *FIELDS[kind])
        content = self._content(kind, raw, None)
        content.setdefault("state", State.AGREED.value)
        if raw.get("refines"):
            _kind, named = self._records([raw["refines"]], field="refines", kind=kind)
            return {"change": "refine", "kind": kind, **named[0], "content": content}
        return {"kind": kind, "content": content}

    def _revise(self, raw: dict[str, Any]) -> dict[str, Any]:
        record, base, kind = self._target(raw)
        self._only(raw, "record", "base", *FIELDS[kind])
        content = self._content(kind, raw, self._as_seen(record, base))
        if not content:
            raise ValidationError({"changes": _("Say what is to change in %(label)s.") % {"label": record.label}})
        if kind != "element" and set(content) - {"themes", "area"}:
            content.setdefault("state", State.AGREED.value)  # what the team accepts, it agrees on
        called = raw["called"] if raw["called"] in (Change.REWORDED, Change.REFINED) else ""
        return {"kind": kind, "record": record.label, "base": base, "called": called, "content": content}

    def _retype(self, raw: dict[str, Any]) -> dict[str, Any]:
        record, base, kind = self._target(raw)
        self._only(raw, "record", "base", "kind")
        if kind != "element":
            raise ValidationError({"record": _("Only an element is retyped.")})
        return {"kind": kind, "record": record.label, "base": base, "content": {"kind": self._text(raw, "kind", 20)}}

    def _retire(self, raw: dict[str, Any]) -> dict[str, Any]:
        record, base, kind = self._target(raw)
        self._only(raw, "record", "base")
        return {"kind": kind, "record": record.label, "base": base}

    def _restore(self, raw: dict[str, Any]) -> dict[str, Any]:
        record, base, kind = self._target(raw)
        self._only(raw, "record", "base", "revision")
        revision = self._number(raw, "revision") if raw.get("revision") is not None else None
        return {"kind": kind, "record": record.label, "base": base, "revision": revision}

    # ---- several records

    def _merge(self, raw: dict[str, Any]) -> dict[str, Any]:
        kind, records = self._records(raw.get("records"))
        self._only(raw, "records", "into", *FIELDS[kind])
        into = None
        if raw.get("into"):
            _kind, named = self._records([raw["into"]], field="into", kind=kind)
            into = named[0]
        if len(records) + bool(into) < 2:
            raise ValidationError({"records": _("Name at least two records to merge.")})
        return {"kind": kind, "records": records, "into": into, "content": self._content(kind, raw, None)}

    def _split(self, raw: dict[str, Any]) -> dict[str, Any]:
        record, base, kind = self._target(raw)
        self._only(raw, "record", "base", "pieces")
        pieces = raw.get("pieces")
        if not isinstance(pieces, list) or len(pieces) < 2 or not all(isinstance(one, dict) for one in pieces):
            raise ValidationError({"pieces": _("Write at least two pieces.")})
        read = []
        for piece in pieces:
            self._only(piece, *FIELDS[kind])
            read.append(self._content(kind, piece, None))
        return {"kind": kind, "record": record.label, "base": base, "pieces": read}

    def _replace(self, raw: dict[str, Any]) -> dict[str, Any]:
        record, base, kind = self._target(raw)
        self._only(raw, "record", "base", "by", *FIELDS[kind])
        by = None
        if raw.get("by"):
            _kind, named = self._records([raw["by"]], field="by", kind=kind)
            by = named[0]
        content = self._content(kind, raw, None)
        if bool(by) == bool(content):
            raise ValidationError({"by": _("Name the record that takes its place, or write a new one.")})
        return {"kind": kind, "record": record.label, "base": base, "by": by, "content": content}

    # ---- pieces of a change

    def _target(self, raw: dict[str, Any]) -> tuple[Record, int, str]:
        record = record_named(self.programme, raw.get("record"))
        base = self._number(raw, "base") if raw.get("base") is not None else record.revision_number
        if base > record.revision_number:
            said = _("%(label)s has no revision %(n)s yet.") % {"label": record.label, "n": base}
            raise ValidationError({"base": said})
        if record.label in self.drawn.targets:
            said = _("%(label)s stands in two changes; put them together.") % {"label": record.label}
            raise ValidationError({"record": said})
        self.drawn.targets[record.label] = (record, base)
        return record, base, KINDS[record.label.rstrip("0123456789")]

    def _records(self, raw: object, *, field: str = "records", kind: str = "") -> tuple[str, list[dict[str, Any]]]:
        """[{record, base}], all of one kind."""
        rows = [{"record": one} if isinstance(one, str) else one for one in raw] if isinstance(raw, list) else []
        if not rows or not all(isinstance(row, dict) for row in rows):
            raise ValidationError({field: _("Name the records by label, such as S4 and S5.")})
        named = []
        for row in rows:
            self._only(row, "record", "base")
            record, base, found = self._target(row)
            if found == "element" or kind not in ("", found):
                raise ValidationError({field: _("Name statements alone, or configurations alone.")})
            kind = found
            named.append({"record": record.label, "base": base})
        return kind, named

    def _content(self, kind: str, raw: Mapping[str, Any], now: Any) -> dict[str, Any]:
        """The fields given, checked as far as they can be before they are written."""
        content: dict[str, Any] = {}
        for name in FIELDS[kind]:
            if name in raw and (kind != "statement" or name not in ("wording", *PARTS)):
                content[name] = self._field(name, raw)
        if kind == "statement":
            content |= self._words(raw, now)
        return content

    def _words(self, raw: Mapping[str, Any], now: Any) -> dict[str, Any]:
        words = Words(
            raw.get("wording"), {part: raw[part] for part in PARTS if raw.get(part) is not None and part in raw}
        )
        if not words:
            return {}
        text, _parts, by_hand = worded(words, now)
        return {"wording": text, **(words.parts if by_hand and words.wording is not None else {})}

    def _field(self, name: str, raw: Mapping[str, Any]) -> Any:
        if name == "themes":
            return sorted(str(theme.uid) for theme in find_codes(self.programme, self._list(raw, name)))
        if name == "area":
            area = area_named(self.programme, raw[name])
            return area.slug if area else None
        if name == "statements":
            return [one.label for one in statements_named(self.programme, self._list(raw, name))]
        if name == "elements":
            return [self._placed(at, row) for at, row in enumerate(self._list(raw, name), start=1)]
        limit = LIMITS.get(name) or Limit.LONG
        return self._text(raw, name, limit)

    def _placed(self, at: int, row: object) -> dict[str, Any]:
        if not isinstance(row, dict):
            raise ValidationError({"elements": _("Element %(at)s: write it as an object.") % {"at": at}})
        self._only({key: value for key, value in row.items() if key not in ("position", "kind", "revision")}, *PLACED)
        read = {"role": self._choice(row, "role", Slot.values), "wording": self._text(row, "wording", Limit.ELEMENT),
                "activation": self._choice(row, "activation", ["", *Activation.values])}  # fmt: skip
        if row.get("element"):
            element = elements_named(self.programme, [row["element"]])[0]
            self.drawn.read_with[element.label] = (element, element.revision_number)
            return {**read, "element": element.label, "revision": element.revision_number}
        return {**read, "text": clean(row.get("text"), field="elements", limit=Limit.ELEMENT, required=True)}

    def _as_seen(self, record: Record, base: int) -> Any:
        """The record as it was in the revision that the change starts from: the parts are looked for in its wording."""
        return record if record.revision_number == base else record.revisions.get(number=base)

    def _only(self, raw: Mapping[str, Any], *known: str) -> None:
        for name in raw:
            if name not in known and name != "called":
                said = _("There is no field “%(name)s” here; known are %(known)s.")
                raise ValidationError({"changes": said % {"name": str(name)[:60], "known": ", ".join(known)}})

    def _list(self, raw: Mapping[str, Any], name: str) -> list[Any]:
        if not isinstance(raw[name], list) or len(raw[name]) > 200:
            raise ValidationError({name: _("Write a list here, of at most 200.")})
        return list(raw[name])

    def _text(self, raw: Mapping[str, Any], name: str, limit: int) -> str:
        return clean(raw.get(name), field=name, limit=limit)

    def _choice(self, raw: Mapping[str, Any], name: str, choices: Sequence[str]) -> str:
        value = raw.get(name) or ""
        if value not in choices:
            raise ValidationError({name: _("Choose one of %(all)s.") % {"all": ", ".join(filter(None, choices))}})
        return str(value)

    def _number(self, raw: Mapping[str, Any], name: str) -> int:
        value = raw.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000_000:
            raise ValidationError({name: _("Write the number of a revision.")})
        return value


def labels_of(content: Sequence[Mapping[str, Any]]) -> list[str]:
    """The records that the changes start from, in their order."""
    found: list[str] = []
    for change in content:
        single = [change["record"]] if "record" in change else []
        rows = [*change.get("records", []), change.get("into"), change.get("by")]
        found += single + [row["record"] for row in rows if row]
    return found


def number_of(label: str) -> int:
    """12 of "E12"."""
    return number_in(label.rstrip("0123456789"), label, field="record")
