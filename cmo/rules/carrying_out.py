"""Owns the carrying out of what the team agreed on: all changes of a proposal in one transaction, or none.

Each goes through the rule that anybody's change goes through. The revisions hold the words of the proposal's author;
the log says who decided. Whether a record went on is asked once, before the first change: what a change of the proposal
moves itself, as an element of another kind moves the configurations that it stands in, is no reason to refuse the next.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Outcome, Proposal
from cmo.reading.areas import area_named
from cmo.reading.configurations import statements_named
from cmo.reading.elements import elements_named
from cmo.rules.composing import KEEP, PARTS, Words
from cmo.rules.configuring import configure, restore_configuration, revise_configuration, turn_configuration
from cmo.rules.deriving import Acts
from cmo.rules.descending import STATEMENT_ACTS, Piece
from cmo.rules.descending_configurations import CONFIGURATION_ACTS, MadeOf
from cmo.rules.descent import Seen
from cmo.rules.introducing import revise_element, turn_element
from cmo.rules.making_up import WORDS
from cmo.rules.proposed import Record, record_named
from cmo.rules.retyping import restore_element, retype
from cmo.rules.standing import Placed
from cmo.rules.stating import restore, retire, revise, state
from cmo.vocabulary import TRAITS, State
from programmes.access import Actor
from programmes.models import Programme
from programmes.reading.codebook import find_codes
from programmes.refusals import Stale


class Moved(Stale):
    """Records that a proposal starts from went on; nothing was written. `labels` names them."""

    def __init__(self, proposal: Proposal, labels: Sequence[str]) -> None:
        super().__init__(proposal, base=None)
        self.labels = list(labels)
        said = _("%(labels)s changed since this was written; bring the proposal onto the new version first.")
        self.said = said % {"labels": ", ".join(labels)}


def moved_since(proposal: Proposal) -> list[str]:
    """The labels of records that went on since the revisions that the changes start from."""
    targets = proposal.targets.select_related("statement", "configuration", "element").order_by("pk")
    return [one.record.label for one in targets if one.record and one.record.revision_number != one.base]


def carry_out(proposal: Proposal, *, by: Actor) -> list[tuple[Record, int]]:
    """Write all changes of the proposal; what was written, as (record, revision).

    The caller holds the programme, so that nobody else writes meanwhile, and asked for the permission to decide. Raises
    ValidationError, Moved.
    """
    if moved := moved_since(proposal):
        raise Moved(proposal, moved)
    acting = replace(by, words_of=proposal.author)
    written: list[tuple[Record, int]] = []
    for at, change in enumerate(proposal.content, start=1):
        try:
            carry: Callable[..., Sequence[Record]] = CARRY[change["change"]]
            records = carry(proposal, change, acting)
        except ValidationError as error:
            if len(proposal.content) == 1:
                raise
            said = _("Change %(at)s: %(said)s") % {"at": at, "said": " ".join(error.messages)}
            raise ValidationError({"changes": said}) from error
        written += [(record, record.revision_number) for record in records]
    return written


def keep_outcome(proposal: Proposal, written: Sequence[tuple[Record, int]]) -> None:
    """Remember which revisions an accepted proposal wrote."""
    Outcome.objects.bulk_create(
        [Outcome(proposal=proposal, revision=revision, **{type(record).__name__.lower(): record})
         for record, revision in written]
    )  # fmt: skip


def try_out(proposal: Proposal, *, by: Actor) -> None:
    """Carry it out and take it back: raises what `carry_out` would raise, and writes nothing."""
    with transaction.atomic():
        carry_out(proposal, by=by)
        transaction.set_rollback(True)
    proposal.programme.refresh_from_db(fields=["structure_version", "codebook_version"])


# ---------------------------------------------------------------- the canonical form as the rules take it


def _themes(programme: Programme, content: Mapping[str, Any]) -> dict[str, Any]:
    return {"themes": find_codes(programme, content["themes"])} if "themes" in content else {}


def _area(programme: Programme, content: Mapping[str, Any]) -> Any:
    return area_named(programme, content["area"]) if "area" in content else KEEP


def _words(content: Mapping[str, Any]) -> Words | None:
    return Words(content.get("wording"), {part: content[part] for part in PARTS if part in content}) or None


def _as_statement(proposal: Proposal, content: Mapping[str, Any]) -> dict[str, Any]:
    programme, kept = proposal.programme, {"state": content["state"]} if "state" in content else {}
    return {"words": _words(content), "area": _area(programme, content), **_themes(programme, content), **kept}


def _as_configuration(proposal: Proposal, content: Mapping[str, Any]) -> dict[str, Any]:
    programme = proposal.programme
    taken: dict[str, Any] = {"words": {word: content[word] for word in WORDS if word in content}}
    if "elements" in content:
        taken["elements"] = _placed(proposal, content["elements"])
    if "statements" in content:
        taken["statements"] = statements_named(programme, content["statements"])
    if "state" in content:
        taken["state"] = content["state"]
    return {**taken, "area": _area(programme, content)}


def _as_element(proposal: Proposal, content: Mapping[str, Any]) -> dict[str, Any]:
    traits = {trait: content[trait] for trait in TRAITS if trait in content}
    plain = {name: content[name] for name in ("text", "formal_theory", "state") if name in content}
    return {"traits": traits or None, **plain, **_themes(proposal.programme, content)}


TAKEN: dict[str, Callable[[Proposal, Mapping[str, Any]], dict[str, Any]]] = {
    "statement": _as_statement, "configuration": _as_configuration, "element": _as_element,
}  # fmt: skip


def _placed(proposal: Proposal, rows: Sequence[Mapping[str, Any]]) -> list[Placed]:
    labels = [row["element"] for row in rows if "element" in row]
    found = {one.label: one for one in elements_named(proposal.programme, labels)}
    return [
        Placed(
            role=row["role"], element=found.get(row.get("element", "")), text=row.get("text", ""),
            wording=row["wording"], activation=row["activation"],
        )
        for row in rows
    ]  # fmt: skip


def _new(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields for a new record: what is kept of an older one does not exist."""
    return {name: value for name, value in fields.items() if value is not KEEP and value is not None}


# ---------------------------------------------------------------- one change each


def _carry_new(proposal: Proposal, change: dict[str, Any], by: Actor) -> list[Record]:
    programme, kind = proposal.programme, change["kind"]
    fields = _new(TAKEN[kind](proposal, change["content"]))
    if kind == "configuration":
        return [configure(programme, by=by, reason=proposal.reason, **fields)]
    return [state(programme, by=by, reason=proposal.reason, **{"words": Words(wording=""), **fields})]


def _carry_revise(proposal: Proposal, change: dict[str, Any], by: Actor) -> list[Record]:
    record = record_named(proposal.programme, change["record"])
    fields = TAKEN[change["kind"]](proposal, change["content"])
    if change["kind"] == "statement" and change["called"]:
        fields["change"] = change["called"]
    revisers: dict[str, Callable[..., Record]] = {
        "statement": revise, "configuration": revise_configuration, "element": revise_element,
    }  # fmt: skip
    base = record.revision_number
    now = revisers[change["kind"]](record, by=by, base=base, reason=proposal.reason, **fields)
    if now.revision_number == base:
        raise ValidationError({"changes": _("%(label)s reads so already.") % {"label": now.label}})
    return [now]


def _carry_retype(proposal: Proposal, change: dict[str, Any], by: Actor) -> list[Record]:
    element: Any = record_named(proposal.programme, change["record"])
    base = element.revision_number
    now = retype(element, by=by, base=base, kind=change["content"]["kind"], reason=proposal.reason)
    if now.revision_number == base:
        raise ValidationError({"changes": _("%(label)s is of this kind already.") % {"label": now.label}})
    return [now]


def _carry_retire(proposal: Proposal, change: dict[str, Any], by: Actor) -> list[Record]:
    record: Any = record_named(proposal.programme, change["record"])
    base, reason = record.revision_number, proposal.reason
    if change["kind"] == "statement":
        return [retire(record, by=by, base=base, reason=reason)]
    turn: Callable[..., Record] = turn_configuration if change["kind"] == "configuration" else turn_element
    return [turn(record, by=by, base=base, retired=True, reason=reason)]


def _carry_restore(proposal: Proposal, change: dict[str, Any], by: Actor) -> list[Record]:
    record: Any = record_named(proposal.programme, change["record"])
    base, reason, revision, kind = record.revision_number, proposal.reason, change["revision"], change["kind"]
    if kind == "statement":
        now: Record = restore(record, by=by, base=base, revision=revision, reason=reason)
    elif revision is None:
        turn: Callable[..., Record] = turn_configuration if kind == "configuration" else turn_element
        now = turn(record, by=by, base=base, retired=False, reason=reason)
    else:
        back: Callable[..., Record] = restore_configuration if kind == "configuration" else restore_element
        now = back(record, by=by, base=base, revision=revision, reason=reason)
    if now.revision_number == base:
        raise ValidationError({"changes": _("%(label)s reads so already.") % {"label": now.label}})
    return [now]


# ---------------------------------------------------------------- records from records


def _seen(programme: Programme, row: Mapping[str, Any]) -> Seen[Any]:
    record = record_named(programme, row["record"])
    return Seen(record, record.revision_number)


def _piece(kind: str, proposal: Proposal, content: Mapping[str, Any]) -> Any:
    """What a descendant says; accepted, it is agreed on."""
    fields = TAKEN[kind](proposal, {"state": State.AGREED.value, **content})
    if kind == "configuration":
        return MadeOf(**fields)
    return Piece(**{**fields, "words": fields["words"] or Words()})


ACTS: dict[str, Acts[Any, Any]] = {"statement": STATEMENT_ACTS, "configuration": CONFIGURATION_ACTS}


def _lend(proposal: Proposal, by: Actor) -> dict[str, Any]:
    return {"by": by, "reason": proposal.reason, "proposal": proposal}


def _carry_merge(proposal: Proposal, change: dict[str, Any], by: Actor) -> list[Record]:
    programme, kind = proposal.programme, change["kind"]
    done = ACTS[kind].merge(
        programme,
        ancestors=[_seen(programme, row) for row in change["records"]],
        into=_seen(programme, change["into"]) if change["into"] else None,
        content=_piece(kind, proposal, change["content"]),
        **_lend(proposal, by),
    )
    return [*done.older, *done.younger]


def _carry_split(proposal: Proposal, change: dict[str, Any], by: Actor) -> list[Record]:
    programme, kind = proposal.programme, change["kind"]
    pieces = [_piece(kind, proposal, piece) for piece in change["pieces"]]
    done = ACTS[kind].split(_seen(programme, change), pieces=pieces, **_lend(proposal, by))
    return [*done.older, *done.younger]


def _carry_replace(proposal: Proposal, change: dict[str, Any], by: Actor) -> list[Record]:
    programme, kind = proposal.programme, change["kind"]
    new: Any = _piece(kind, proposal, change["content"])
    if change["by"]:
        new = record_named(programme, change["by"]["record"])
    done = ACTS[kind].replace(_seen(programme, change), new=new, **_lend(proposal, by))
    return [*done.older, *done.younger] if not change["by"] else list(done.older)


def _carry_refine(proposal: Proposal, change: dict[str, Any], by: Actor) -> list[Record]:
    programme, kind = proposal.programme, change["kind"]
    content = _piece(kind, proposal, change["content"])
    return list(ACTS[kind].refine(_seen(programme, change), content=content, **_lend(proposal, by)).younger)


CARRY: dict[str, Callable[[Proposal, dict[str, Any], Actor], list[Record]]] = {
    "new": _carry_new, "revise": _carry_revise, "retype": _carry_retype, "retire": _carry_retire,
    "restore": _carry_restore, "merge": _carry_merge, "split": _carry_split, "replace": _carry_replace,
    "refine": _carry_refine,
}  # fmt: skip
