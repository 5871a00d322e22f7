"""Owns the form of the conflict page: what was chosen of theirs and mine, part by part or as a whole sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.aligning import Piece
from cmo.comparing import Change, compare
from cmo.forms.resting import rests_in
from cmo.forms.statement import SENTENCE, StatementForm
from cmo.reading.conflict import Choice, Conflict
from cmo.vocabulary import State
from cmo.wording import Part

NAMES = {
    Part.IF: ("c", "C", gettext_lazy("If"), gettext_lazy("the context")),
    Part.THEN: ("o", "O", gettext_lazy("then"), gettext_lazy("the outcome")),
    Part.BECAUSE: ("m", "M", gettext_lazy("because"), gettext_lazy("the mechanism")),
}
HELD = ("wording", "area", "state", "change", "reason", "rests_on")  # what a draft keeps of it, beside the themes


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part on the page: all sides of it, what is picked and what it comes to."""

    piece: Piece
    pick: str
    own: str  # what stands in the text area
    text: str | None  # what is chosen; None while somebody has to choose

    @property
    def name(self) -> str:
        return str(self.piece.part)

    @property
    def kind(self) -> str:
        return NAMES[self.piece.part][0]

    @property
    def letter(self) -> str:
        return NAMES[self.piece.part][1]

    @property
    def key(self) -> str:
        return self.piece.lead.strip() or str(NAMES[self.piece.part][2])

    @property
    def said(self) -> str:
        return str(NAMES[self.piece.part][3])

    @property
    def both(self) -> bool:
        return self.piece.changed == "both"

    @property
    def clean(self) -> bool:
        return self.piece.merge.clean

    @property
    def their_words(self) -> list[Change]:
        return compare(self.piece.base, self.piece.theirs)

    @property
    def my_words(self) -> list[Change]:
        return compare(self.piece.base, self.piece.mine)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """Area or state on the page, with the words for its values."""

    name: str
    label: Any
    choice: Choice
    labels: dict[str, str]
    value: str | None  # what is chosen; None while somebody has to choose

    @property
    def theirs(self) -> str:
        return self.labels.get(self.choice.theirs, self.choice.theirs)

    @property
    def mine(self) -> str:
        return self.labels.get(self.choice.mine, self.choice.mine)


class MergeForm(StatementForm):
    """What the conflict page holds, as a statement's form: its wording is the sentence of what is chosen.

    `data` is None when the page is shown for the first time; `first` then is the form that could not be saved.
    """

    def __init__(self, data: Any, *, conflict: Conflict, whole: bool = False, first: Any = None, **more: Any) -> None:
        self.conflict = conflict
        sent = first_data(conflict, first) if data is None else data.copy()
        was_whole = conflict.aligned is None or "whole" in sent
        self.aligned = None if was_whole else conflict.aligned
        self.parts = [self._part(piece, sent) for piece in self.aligned.pieces] if self.aligned else []
        if self.aligned:
            sent["wording"] = self.shown
        elif "wording" not in sent:
            sent["wording"] = conflict.text
        if whole:
            self.aligned, self.parts = None, []
        sent["mode"] = SENTENCE
        super().__init__(sent, initial={"area": conflict.area.theirs}, **more)
        if was_whole:
            sent["wording"] = self._picked(str(sent["wording"]).replace("\r\n", "\n"))
        self.fields_shown = [row for row in self._fields() if row.choice.changed]

    def _part(self, piece: Piece, sent: Any) -> PartRow:
        pick, own = sent.get(f"pick-{piece.part}"), sent.get(f"own-{piece.part}")
        own = own.replace("\r\n", "\n") if own is not None else None
        if pick is None:
            pick = {"both": "both" if piece.merge.clean else "", "mine": "mine"}.get(piece.changed, "theirs")
        text = piece.text(pick, own)
        if text is not None and text not in (piece.theirs, piece.mine, piece.offered):
            pick = "own"
        return PartRow(piece, pick, piece.offered if own is None else own, text)

    def _fields(self) -> Iterator[FieldRow]:
        choices = {"area": self.conflict.area, "state": self.conflict.state}
        if self.retired:
            del choices["state"]
        for name, choice in choices.items():
            labels = {str(value): str(said) for value, said in self.fields[name].choices}  # type: ignore[attr-defined]
            chosen = self.data.get(name)
            value = chosen if chosen in (choice.theirs, choice.mine) else choice.value
            yield FieldRow(name, self.fields[name].label, choice, labels, value)

    @property
    def retired(self) -> bool:
        """Whether the statement was retired meanwhile: nothing can be saved before it is restored."""
        return self.conflict.state.theirs == State.RETIRED

    @property
    def shown(self) -> str:
        """The sentence as it stands, with both readings, marked, where somebody has to choose."""
        return self._sentence("offered")

    @property
    def kept(self) -> str:
        """The sentence for a draft: mine where nothing is chosen yet, and no marks."""
        return self._sentence("mine") if self.aligned else str(self["wording"].value() or "")

    def _sentence(self, unless_chosen: str) -> str:
        texts = {
            row.piece.part: getattr(row.piece, unless_chosen) if row.text is None else row.text for row in self.parts
        }
        return self.aligned.sentence(texts) if self.aligned else ""

    @property
    def open(self) -> list[PartRow]:
        """The parts that both changed; they come first."""
        return [row for row in self.parts if row.both]

    @property
    def settled(self) -> list[PartRow]:
        """The parts that one side changed."""
        return [row for row in self.parts if row.piece.changed in ("theirs", "mine")]

    @property
    def open_fields(self) -> list[FieldRow]:
        return [row for row in self.fields_shown if row.choice.changed == "both"]

    @property
    def asks(self) -> int:
        """How many places need a person."""
        return len(self.open) + len(self.open_fields) if self.aligned else self.conflict.places + len(self.open_fields)

    @property
    def merged_names(self) -> list[str]:
        """What one side alone changed, in words."""
        found = [row.said for row in self.settled]
        if self.conflict.themes_changed in ("theirs", "mine", "both"):
            found.append(_("the themes"))
        said = {"area": _("the theory area"), "state": _("the state")}
        return found + [said[row.name] for row in self.fields_shown if row.choice.changed in ("theirs", "mine")]

    def unchosen(self) -> list[tuple[str, str]]:
        """(anchor, sentence) for each place that still needs a choice."""
        choose = _("Choose what %(part)s shall say: theirs, mine or your own words.")
        parts = [(f"mg-{row.name}", choose % {"part": row.said}) for row in self.parts if row.text is None]
        ask = {"area": _("Choose the theory area: theirs or mine."), "state": _("Choose the state: theirs or mine.")}
        return parts + [(f"mg-{row.name}", ask[row.name]) for row in self.fields_shown if row.value is None]

    def draft(self) -> dict[str, Any]:
        """What a draft keeps: an edit from the base that says what is chosen so far."""
        sent = {name: self.data[name] for name in HELD if name in self.data}
        return {**sent, "wording": self.kept, "mode": SENTENCE, "theme": self.typed_themes}


def first_data(conflict: Conflict, first: Any) -> QueryDict:
    """What the page holds before anybody chose: the two put together, and what was typed beside the words."""
    data = QueryDict(mutable=True)
    data.setlist("theme", conflict.themes)
    for name, choice in (("area", conflict.area), ("state", conflict.state)):
        if choice.changed and choice.value is not None:
            data[name] = choice.value
    for name in ("change", "reason"):
        data[name] = str(first[name].value() or "")
    data["rests_on"] = ", ".join(dict.fromkeys(rests_in(first)))
    return data
