"""Owns the pages of lineage: merge, split, replace and refine, for statements and for configurations alike; the
timeline of a programme, and the undoing of an act."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cmo.forms.gathering import labels_in
from cmo.forms.lineage import ActForm, ConfigurationPiece, StatementPiece
from cmo.forms.proposing import based, piece_change
from cmo.reading.configurations import configurations_named, find_configuration, statements_named
from cmo.reading.lineage import find_act
from cmo.reading.lineage_offers import Offer, configurations_offered, statements_offered
from cmo.reading.lineage_timeline import WHAT, timeline
from cmo.reading.statements import statement_to_change
from cmo.rules.deriving import Acts
from cmo.rules.descending import STATEMENT_ACTS
from cmo.rules.descending_configurations import CONFIGURATION_ACTS
from cmo.rules.descent import MOST, Seen
from cmo.rules.undoing import undo
from cmo.views.proposing import Proposing
from cmo.views.then import lineage_then, theory_then
from cmo.vocabulary import State
from programmes.access import require
from programmes.refusals import Stale
from programmes.views.base import Page, sentences, take_refusal
from programmes.vocabulary import Verb


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record as these pages need it."""

    name: str  # also of its page
    prefix: str
    current: str
    find: Callable[..., Any]
    named: Callable[..., Any]
    offer: Callable[..., Offer]
    piece: Any
    acts: Acts[Any, Any]


STATEMENTS = Kind(
    "statement", "S", "workbench", statement_to_change, statements_named, statements_offered, StatementPiece,
    STATEMENT_ACTS,
)  # fmt: skip
CONFIGURATIONS = Kind(
    "configuration", "CMO", "configurations", find_configuration, configurations_named, configurations_offered,
    ConfigurationPiece, CONFIGURATION_ACTS,
)  # fmt: skip
OF = {kind.name: kind for kind in (STATEMENTS, CONFIGURATIONS)}
SENDS = ("send", "draft")  # what a button says that proposes
PIECES = 3  # empty ones that a split begins with; those left empty are no pieces


class _Act(Proposing):
    """A page that makes records of records, or proposes to; `of` in its address says of which kind."""

    act: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        looks = request.POST.get("step") in ("choose", "more")
        self.writes = Verb.PROPOSE if looks or request.POST.get("do") in SENDS else Verb.WRITE
        return super().dispatch(request, *args, **kwargs)

    def proposes(self, change: dict[str, Any], reason: str) -> HttpResponse | None:
        """Put the change forward where that was asked for. Raises ValidationError."""
        if self.request.POST.get("do") not in SENDS:
            return None
        around = self.around(self.request.POST)
        if not around.is_valid():
            raise ValidationError([said for found in around.errors.values() for said in found])
        return self.put_forward(change, reason=reason, around=around)

    def act_page(
        self, kind: Kind, offer: Offer, form: ActForm, pieces: Sequence[Any], *, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {
            "act": self.act, "kind": kind, "current": kind.current, "offer": offer, "form": form, "pieces": pieces,
            "records": [(one, f"{one.number}:{one.revision_number}") for one in offer.records],
            "around": self.around(self.request.POST if {"do", "title"} & set(self.request.POST) else None), **more,
        }  # fmt: skip
        return self.show("cmo/lineage/act.html", context, status=status)

    def done(self, kind: Kind, shown: Any, said: str) -> HttpResponse:
        messages.success(self.request, said)
        return redirect(kind.name, self.programme.slug, shown.number)


class Merge(_Act):
    """`?which=S4,S5` begins with these; a POST with step=choose shows the form with those that were ticked or named."""

    act = "merge"

    def get(self, request: HttpRequest, of: str) -> HttpResponse:
        require(self.actor, Verb.PROPOSE, self.programme)
        return self._chosen(OF[of], [], request.GET.get("which", ""))

    def post(self, request: HttpRequest, of: str) -> HttpResponse:
        kind, sent = OF[of], request.POST
        picks = sent.getlist("pick")
        if sent.get("step") == "choose":
            return self._chosen(kind, picks, sent.get("which", ""), sent=sent)
        try:
            seen = self._seen(kind, picks)
        except ValidationError as refusal:
            return self._chosen(kind, [], "", problems=sentences(refusal))
        offer = kind.offer(self.programme, [one.record for one in seen])
        form = ActForm(sent, into=offer.labels)
        piece = kind.piece(sent, offer=offer, wording="-")
        if form.is_valid() and piece.is_valid():
            try:
                return self.done_once(lambda: self._merge(kind, seen, form.cleaned_data, piece))
            except ValidationError as refusal:
                take_refusal(piece if _of(piece, refusal) else form, refusal)
            except PermissionDenied as refusal:  # agreed records of a programme that changes them by review
                form.add_error(None, str(refusal))
            except Stale as stale:
                form.add_error(None, _late(stale.record))
                return self.act_page(kind, offer, form, [piece], status=409)
        return self.act_page(kind, offer, form, [piece], status=422)

    def _chosen(
        self, kind: Kind, picks: Sequence[str], which: str, *, sent: Any = None, **more: Any
    ) -> HttpResponse:
        """The form for these records, or the question which; what was written for those picked before stays in it."""
        picked: list[Any] = []
        records: list[Any] = []
        try:
            records = picked = _in_use([one.record for one in self._seen(kind, picks)])
            added = kind.named(self.programme, labels_in(which)[:MOST]) if which.strip() else []
            records = _in_use([*picked, *added])
        except ValidationError as refusal:
            more = {"problems": sentences(refusal), "again": True}
        offer = kind.offer(self.programme, records)
        piece = kind.piece(offer=offer, wording=offer.words.get("wording", "-"))
        form = ActForm(into=offer.labels)
        if sent is not None and len(picked) > 1:
            before = kind.offer(self.programme, picked)
            piece.take_over(kind.piece(sent, offer=before, wording=before.words.get("wording", "-")))
            form.initial = {name: sent.get(name, "") for name in ("into", "reason")}
        bad = 400 if self.request.method == "GET" else 422  # a GET is wrong in its address, a form in its fields
        status = bad if more.get("problems") else 200
        pieces = [piece] if len(records) > 1 else []
        return self.act_page(kind, offer, form, pieces, status=status, which=which[:400], **more)

    def _seen(self, kind: Kind, picks: Sequence[str]) -> list[Seen[Any]]:
        bases = dict(_picked(pick) for pick in picks[: MOST + 1])
        found = kind.named(self.programme, [f"{kind.prefix}{number}" for number in bases]) if bases else []
        return [Seen(one, bases[one.number]) for one in found]

    def _merge(self, kind: Kind, seen: Sequence[Seen[Any]], given: dict[str, Any], piece: Any) -> HttpResponse:
        into = next((one for one in seen if one.record.label == given.get("into")), None)
        change = {
            "change": "merged", "records": [based(one) for one in seen if one is not into],
            **({"into": based(into)} if into else {}), **piece_change(piece.content()),
        }  # fmt: skip
        if sent := self.proposes(change, given["reason"]):
            return sent
        done = kind.acts.merge(
            self.programme, by=self.actor, ancestors=[one for one in seen if one is not into], into=into,
            content=piece.content(), reason=given["reason"],
        )  # fmt: skip
        made, gone = done.younger[0], ", ".join(one.label for one in done.older)
        return self.done(kind, made, _("%(gone)s became %(made)s.") % {"gone": gone, "made": made.label})


class _FromOne(_Act):
    """An act on one record."""

    def get(self, request: HttpRequest, of: str, number: int) -> HttpResponse:
        require(self.actor, Verb.PROPOSE, self.programme)
        kind = OF[of]
        record = kind.find(self.programme, number)
        if record.state == State.RETIRED:
            messages.warning(request, _("%(label)s is retired; restore it first.") % {"label": record.label})
            return redirect(kind.name, self.programme.slug, number)
        offer = kind.offer(self.programme, [record])
        return self.act_page(kind, offer, self.form(kind, None, record), self.pieces(kind, offer, None))

    def post(self, request: HttpRequest, of: str, number: int) -> HttpResponse:
        kind, sent = OF[of], request.POST
        record = kind.find(self.programme, number)
        offer = kind.offer(self.programme, [record])
        form, pieces = self.form(kind, sent, record), self.pieces(kind, offer, sent)
        valid = form.is_valid() and all(piece.is_valid() for piece in pieces)
        if valid and not form.cleaned_data["base"]:
            form.add_error(None, _("Load the page again: it does not say which revision you saw."))
        elif valid and sent.get("step") == "more":
            more = [*pieces, kind.piece(offer=offer, prefix=f"p{len(pieces) + 1}")]
            return self.act_page(kind, offer, form, more)
        elif valid:
            try:
                seen = Seen(record, form.cleaned_data["base"])
                return self.done_once(lambda: self.carry_out(kind, seen, form.cleaned_data, pieces))
            except ValidationError as refusal:
                take_refusal(pieces[0] if _of(pieces[0], refusal) else form, refusal)
            except PermissionDenied as refusal:  # agreed records of a programme that changes them by review
                form.add_error(None, str(refusal))
            except Stale as stale:
                form.add_error(None, _late(stale.record))
                return self.act_page(kind, offer, form, pieces, status=409)
        return self.act_page(kind, offer, form, pieces, status=422)

    def form(self, kind: Kind, sent: Any, record: Any) -> ActForm:
        return ActForm(sent, initial={"base": record.revision_number})

    def pieces(self, kind: Kind, offer: Offer, sent: Any) -> list[Any]:
        return [kind.piece(sent, offer=offer, wording=offer.words.get("wording", "-"))]

    # carry_out(kind, seen, given, pieces) does the act and goes on; each act writes it
    carry_out: Callable[[Kind, Seen[Any], dict[str, Any], Sequence[Any]], HttpResponse]


class Split(_FromOne):
    act = "split"

    def pieces(self, kind: Kind, offer: Offer, sent: Any) -> list[Any]:
        n = PIECES
        while sent is not None and n < MOST and f"p{n + 1}-area" in sent:
            n += 1
        return [kind.piece(sent, offer=offer, prefix=f"p{at}") for at in range(1, n + 1)]

    def carry_out(self, kind: Kind, seen: Seen[Any], given: dict[str, Any], pieces: Sequence[Any]) -> HttpResponse:
        wanted = [piece.content() for piece in pieces if not piece.empty]
        change = {"change": "split", **based(seen), "pieces": [piece_change(one) for one in wanted]}
        if sent := self.proposes(change, given["reason"]):
            return sent
        done = kind.acts.split(seen, by=self.actor, pieces=wanted, reason=given["reason"])
        made = ", ".join(one.label for one in done.younger)
        return self.done(kind, seen.record, _("%(gone)s became %(made)s.") % {"gone": seen.record.label, "made": made})


class Replace(_FromOne):
    act = "replace"

    def form(self, kind: Kind, sent: Any, record: Any) -> ActForm:
        return ActForm(sent, initial={"base": record.revision_number}, other=f"{kind.prefix}9")

    def carry_out(self, kind: Kind, seen: Seen[Any], given: dict[str, Any], pieces: Sequence[Any]) -> HttpResponse:
        label = given.get("with", "").strip()
        new = kind.named(self.programme, [label.upper()], field="with")[0] if label else pieces[0].content()
        instead = {"by": {"record": new.label, "base": new.revision_number}} if label else piece_change(new)
        if sent := self.proposes({"change": "replaced", **based(seen), **instead}, given["reason"]):
            return sent
        done = kind.acts.replace(seen, by=self.actor, new=new, reason=given["reason"])
        made = done.younger[0]
        said = _("%(made)s stands in the place of %(gone)s.")
        return self.done(kind, made, said % {"gone": seen.record.label, "made": made.label})


class Refine(_FromOne):
    act = "refine"

    def carry_out(self, kind: Kind, seen: Seen[Any], given: dict[str, Any], pieces: Sequence[Any]) -> HttpResponse:
        change = {"change": "new", "kind": kind.name, "refines": based(seen), **piece_change(pieces[0].content())}
        if sent := self.proposes(change, given["reason"]):
            return sent
        done = kind.acts.refine(seen, by=self.actor, content=pieces[0].content(), reason=given["reason"])
        made = done.younger[0]
        said = _("%(made)s refines %(older)s, which stays in use.")
        return self.done(kind, made, said % {"older": seen.record.label, "made": made.label})


def _in_use(records: Sequence[Any]) -> list[Any]:
    return [one for one in dict.fromkeys(records) if one.state != State.RETIRED]


def _of(piece: Any, refusal: ValidationError) -> bool:
    """Whether a refusal names a field of the descendant's form."""
    return hasattr(refusal, "error_dict") and any(name in piece.fields for name in refusal.error_dict)


def _late(record: Any) -> str:
    said = _("%(who)s saved %(label)s as version %(n)s meanwhile. Look at it, then load this page again.")
    return said % {"who": record.updated_by.name, "label": record.label, "n": record.revision_number}


def _picked(value: str) -> tuple[int, int]:
    """(number, revision) from "7:3"."""
    number, _colon, base = value.partition(":")
    if not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in (number, base)):
        raise ValidationError({"ancestors": _("Load the page again: it does not say which revision you saw.")})
    return int(number), int(base)


# ---------------------------------------------------------------- the timeline


class _Timeline(Page):
    def timeline_page(self, *, status: int = 200, **more: Any) -> HttpResponse:
        query = self.request.GET
        what, before = query.get("what", ""), query.get("before", "")
        try:
            stretch = timeline(self.programme, what=what, before=before)
        except ValidationError as refusal:
            more, status = {"problems": sentences(refusal)}, 400
            stretch, what = timeline(self.programme), ""
        kinds = [("", _("All")), *((key, str(label)) for key, label in WHAT.items())]
        context = {"current": "workbench", "stretch": stretch, "what": what, "kinds": kinds, "before": before, **more}
        return self.show("cmo/lineage/timeline.html", context, status=status)


class Timeline(_Timeline):
    """`?what=merged` shows one kind of moments, `?before=` those before a moment."""

    then = True

    def get(self, request: HttpRequest) -> HttpResponse:
        theory = theory_then(self)
        if theory is not None:
            return lineage_then(self, theory)
        return self.timeline_page()


class Undo(_Timeline):
    """A POST that takes an act back and goes to one of its ancestors, or says on the timeline what is in the way."""

    writes = Verb.WRITE

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Where Enter in the address bar leads after a refusal."""
        find_act(self.programme, number)
        return redirect("lineage", self.programme.slug)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        row = find_act(self.programme, number)
        try:
            return self.done_once(lambda: self._undo(row))
        except ValidationError as refusal:
            typed = {"again": row, "typed": request.POST.get("reason", "")}
            return self.timeline_page(status=422, problems=sentences(refusal), **typed)

    def _undo(self, row: Any) -> HttpResponse:
        undo(row.act, by=self.actor, reason=self.request.POST.get("reason", ""))
        older = ", ".join(one.label for one in row.older)
        said = ngettext(
            "It is undone: %(older)s stands as before.", "It is undone: %(older)s stand as before.", len(row.older)
        )
        messages.success(self.request, said % {"older": older})
        return redirect("statement" if row.of_statements else "configuration", self.programme.slug, row.older[0].number)
