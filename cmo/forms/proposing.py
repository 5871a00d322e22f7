"""Owns the forms of proposals: a change as the forms of records say it, what is said around it, and answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.forms.configuration import PREFIX
from cmo.forms.statement import IN_PARTS, StatementForm, initial_of
from cmo.lines import Line, written
from cmo.merging import has_marks
from cmo.rules.composing import PARTS, Keep
from cmo.rules.descending import Piece
from cmo.rules.making_up import WORDS
from cmo.team_words import Answer, Decision
from cmo.vocabulary import Slot
from programmes.forms import Dressed, text

Raw = dict[str, Any]


class AroundForm(Dressed):
    """What a proposal says beside its changes, and where the change goes: into a new one, or into one's own."""

    title = text(gettext_lazy("Title"), hint=gettext_lazy("What it is about, in a few words; optional"))
    coauthors = forms.MultipleChoiceField(
        label=gettext_lazy("Written together with"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("They are asked; once they say so too, they may change it and do not decide on it"),
    )  # fmt: skip
    to = forms.ChoiceField(label=gettext_lazy("Where it goes"), required=False)

    def __init__(self, data: Any = None, *, members: Iterable[Any] = (), own: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(data, **more)
        people = [(person.username, person.name) for person in members]
        if people:
            self.fields["coauthors"].choices = people  # type: ignore[attr-defined]
        else:
            del self.fields["coauthors"]
        rows = [(str(one.number), _named(one)) for one in own]
        self.fields["to"].choices = [("", _("A proposal of its own")), *rows]  # type: ignore[attr-defined]
        if not rows:
            del self.fields["to"]


def _named(one: Any) -> str:
    said = _("Into %(label)s, with what it holds already")
    named = f"{one.label}: {one.title}" if one.title else one.label
    return said % {"label": named}


class ReasonedForm(Dressed):
    """What is said of a proposal as a whole, by its authors, on the page where they revise it."""

    title = text(gettext_lazy("Title"))
    reason = text(gettext_lazy("Why"), rows=3, hint=gettext_lazy("The team decides on your reason too"))


ANSWERS = [
    (Answer.AGREE.value, gettext_lazy("Agree"), gettext_lazy("Counts as an approval of exactly these words")),
    (Answer.AGREE_WITH_CHANGES.value, gettext_lazy("Agree with changes"), gettext_lazy("Say what is to be revised")),
    (Answer.DISAGREE.value, gettext_lazy("Disagree"), gettext_lazy("Stays to be read after the decision")),
    (Answer.ABSTAIN.value, gettext_lazy("Abstain"), gettext_lazy("No reason needed")),
]  # fmt: skip
DECISIONS = [
    (Decision.ACCEPT.value, gettext_lazy("Accept: carry it out")),
    (Decision.REFUSE.value, gettext_lazy("Refuse")),
]


class AnswerForm(Dressed):
    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"), choices=[(value, label) for value, label, _hint in ANSWERS],
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Choose what your answer is.")},
    )  # fmt: skip
    reason = text(gettext_lazy("Why, in a sentence"), rows=3)
    seen = text("", hint="")

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["seen"].widget = forms.HiddenInput()


class DecisionForm(Dressed):
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=DECISIONS, widget=forms.RadioSelect, required=False
    )
    reason = text(gettext_lazy("Why, for those who read it later"), rows=2)
    seen = text("", hint="")

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["seen"].widget = forms.HiddenInput()


# ---------------------------------------------------------------- a change, as the forms of records say it


def statement_change(form: StatementForm, row: Any = None) -> Raw:
    """What a valid form of a statement asks for; what it leaves as it stands in `row` is left out."""
    found, base = form.cleaned_data, form.cleaned_data.get("base")
    if has_marks(found.get("wording", "")):
        raise ValidationError({"wording": _("Choose between the two readings that are still marked in the text.")})
    words = form.words()
    said: Raw = dict(words.parts or {}) if form.in_parts else {"wording": words.wording}
    said["themes"] = form.typed_themes
    if "area" in form.data:
        said["area"] = found.get("area") or None
    if row is None:
        return {"change": "new", "kind": "statement", **said}
    if found.get("state"):
        said["state"] = found["state"]
    if base == row.revision:
        said = _differing(form, row, said)
    return {"record": row.label, "base": base, "change": found.get("change") or "reworded", **said}


def _differing(form: StatementForm, row: Any, said: Raw) -> Raw:
    stands = {**initial_of(row, IN_PARTS if form.in_parts else ""), "area": row.area or None}
    names: tuple[str, ...] = ("wording", "area", "state")
    kept: Raw = {name: said[name] for name in names if name in said and said[name] != stands[name]}
    if form.in_parts and any(said.get(part, "") != stands[part] for part in PARTS):
        kept |= {part: said.get(part, "") for part in PARTS}
    if set(said["themes"]) != set(stands["theme"]):
        kept["themes"] = said["themes"]
    return kept


def configuration_change(form: Any, row: Any = None) -> Raw:
    """What a valid form of a configuration asks for. Raises ValidationError as its `given` does."""
    given = form.given(row)
    said: Raw = dict(given["words"])
    if not isinstance(given["area"], Keep):
        said["area"] = given["area"].slug if given["area"] else None
    if "statements" in given:
        said["statements"] = [one.label for one in given["statements"]]
    if "elements" in given:
        said["elements"] = [_placed(one) for one in given["elements"]]
    if row is None:
        return {"change": "new", "kind": "configuration", **said}
    if given.get("state"):
        said["state"] = given["state"]
    now = row.configuration
    stands = {**{word: getattr(now, word) for word in given["words"]}, "area": now.area.slug if now.area else None,
              "state": str(now.state)}  # fmt: skip
    said = {name: value for name, value in said.items() if name not in stands or stands[name] != value}
    return {"record": row.label, "base": form.cleaned_data.get("base"), "change": "described", **said}


def _placed(one: Any) -> Raw:
    shared = {"element": one.element.label} if one.element else {"text": one.text}
    return {"role": one.role, "wording": one.wording, "activation": one.activation, **shared}


def configuration_typed(content: Mapping[str, Any]) -> Raw:
    """What a proposal says of a configuration, as its form shows it; what it does not touch is left out."""
    shown: Raw = {name: content[name] for name in (*WORDS, "area", "state") if name in content}
    if "statements" in content:
        shown["statements"] = ", ".join(content["statements"])
    if "elements" in content:
        lines: dict[str, list[Line]] = {slot.value: [] for slot in Slot}
        for row in content["elements"]:
            number = int(row["element"][1:]) if "element" in row else None
            lines[row["role"]].append(Line(number, row["wording"] or row.get("text", ""), row["activation"]))
        shown |= {f"{PREFIX}{role}": written(found) for role, found in lines.items() if found}
    return shown


def element_change(form: Any, row: Any) -> Raw:
    """What a valid form of an element asks for."""
    given, now = form.given(), row.element
    said: Raw = {"text": given["text"], "formal_theory": given["formal_theory"], **given["traits"]}
    said = {name: value for name, value in said.items() if getattr(now, name) != value}
    if set(form.typed_themes) != {tag.label for tag in row.themes}:
        said["themes"] = form.typed_themes
    if given.get("state") and given["state"] != str(now.state):
        said["state"] = given["state"]
    return {"record": now.label, "base": form.cleaned_data.get("base"), "change": "described", **said}


def based(seen: Any) -> Raw:
    """A record and the revision that was seen of it."""
    return {"record": seen.record.label, "base": seen.base}


def piece_change(piece: Any) -> Raw:
    """What a descendant shall say: a Piece of a statement or what a configuration is MadeOf."""
    said: Raw = {}
    if not isinstance(piece.area, Keep):
        said["area"] = piece.area.slug if piece.area else None
    if isinstance(piece, Piece):
        if piece.words:
            said["wording"] = piece.words.wording
        if piece.themes is not None:
            said["themes"] = [theme.label for theme in piece.themes]
        return said
    said |= {name: text for name, text in (piece.words or {}).items() if text}
    if piece.elements is not None:
        said["elements"] = [_placed(one) for one in piece.elements]
    if piece.statements is not None:
        said["statements"] = [one.label for one in piece.statements]
    return said


# ---------------------------------------------------------------- a change that was drawn up, asked for once more

CALLED = {
    "revise": "described", "refine": "new", "retype": "retyped", "new": "new", "retire": "retired",
    "restore": "restored", "merge": "merged", "split": "split", "replace": "replaced",
}  # fmt: skip


def asked_again(change: Mapping[str, Any]) -> Raw:
    """The change of a proposal in the shape in which changes come in."""
    does, content = change["change"], dict(change.get("content") or {})
    raw: Raw = {"change": change.get("called") or CALLED[does], **content}
    kept = {
        "new": ("kind",), "refine": ("kind",), "merge": ("records", "into"), "split": ("record", "base", "pieces"),
        "replace": ("record", "base", "by"), "restore": ("record", "base", "revision"),
    }.get(does, ("record", "base"))  # fmt: skip
    raw |= {name: change[name] for name in kept if change.get(name) is not None}
    if does == "refine":
        raw["refines"] = {"record": change["record"], "base": change["base"]}
    return raw


def names_record(change: Mapping[str, Any]) -> list[str]:
    """The labels of the records that a change starts from, in either shape."""
    single = [change.get(name) for name in ("record", "into", "by", "refines")]
    rows = [*single, *change.get("records", [])]
    return [row["record"] if isinstance(row, dict) else row for row in rows if row]
