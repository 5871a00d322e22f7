"""Owns the page of phases: snapshots, what changed between two of them, how the theory was worded phase by phase."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.comparison_files import areas_of_rows, called, comparison_file, flow_of, kinds_of_rows
from cmo.exports.changes import FORMATS
from cmo.figures.svg import inline
from cmo.forms.phase import SnapshotForm
from cmo.phase_words import WORKING, Became
from cmo.reading.closing import left_open
from cmo.reading.comparison import Comparison
from cmo.reading.naming import record_url
from cmo.reading.snapshots import snapshots_of, wordings_by_phase
from cmo.reading.theory_at import TheoryAt
from cmo.rules.snapshotting import close_and_keep, name_at_close, take_snapshot
from cmo.views.evidence_maps import whole_number
from programmes.forms import TurnPhase
from programmes.reading.paging import Page as Rows
from programmes.reading.team import evidence_shown, phase_now, phases_of
from programmes.views.base import Page, pager, take_refusal
from programmes.views.settings import TurnOne
from programmes.vocabulary import NOT_THEN, Verb

BY_KIND = "kind"
ROWS = 25  # of the comparison on one page; those of the wordings too


class _Comparing(Page):
    def compared(self, snapshots: list[Any]) -> Comparison | None:
        """What `?from=&to=` ask for: without them the first snapshot and now; None while there is no snapshot."""
        if not snapshots:
            return None
        query = self.request.GET
        old = str(query.get("from") or snapshots[0].slug)
        new = str(query.get("to") or WORKING)
        known = {one.slug: one for one in snapshots}
        found = []
        for slug in (old, new):
            if slug != WORKING and slug not in known:
                raise Http404("There is no such snapshot.")
            found.append(TheoryAt(self.programme, known.get(slug)))
        return Comparison(*found, evidence=evidence_shown(self.programme))


class Phases(_Comparing):
    """`?from=initial-programme-theory&to=working &by=area|kind &kind=refined &page= &wordings=` (a page of those);
    `&act=close|snap` opens the form of that act."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.phases_page()

    def phases_page(self, *, status: int = 200, **more: Any) -> HttpResponse:
        snapshots, phases = list(snapshots_of(self.programme)), phases_of(self.programme)
        for one in snapshots:
            one.programme = self.programme
        found = self.compared(snapshots)
        now = TheoryAt(self.programme)
        if found is not None and found.new.snapshot is None:
            now = found.new
        open_now = phase_now(phases)
        by = BY_KIND if self.request.GET.get("by") == BY_KIND else "area"
        context: dict[str, Any] = {
            "current": "phases", "snapshots": snapshots, "phases": phases, "by": by, "now": now.few_counts,
            "open_phase": open_now[1] if open_now else None, "snapshot_form": SnapshotForm(prefix="snap"),
            "close_form": self._close_form(open_now[1]) if open_now else None,
            "left": left_open(self.programme, open_now[1]) if open_now else None,
            "act": self.request.GET.get("act", ""),
        }  # fmt: skip
        if found is not None:
            context |= self._changes(found, by)
            wordings = wordings_by_phase(phases, snapshots, now)
            cut = self._cut(wordings["rows"], "wordings")
            context["wordings_open"] = "wordings" in self.request.GET
            context["wordings"] = wordings | {"rows": cut.rows, "pager": self._pager(cut, "wordings", "#h-by")}
        return self.show("cmo/phase/phases.html", {**context, **more}, status=status)

    def _changes(self, found: Comparison, by: str) -> dict[str, Any]:
        only = self.request.GET.get("kind", "")
        only = only if only in Became.values else ""
        rows = [row for row in found.statements.rows if not only or row.kind == only]
        groups = kinds_of_rows(rows) if by == BY_KIND else areas_of_rows(rows, found.new)
        cut = self._cut([(title, row) for title, held in groups for row in held], "page")
        return {
            "found": found, "old": called(found.old), "new": called(found.new), "only": only,
            "groups": _regrouped(cut.rows), "pager": self._pager(cut, "page", "#h-cmp"),
            "changed": [row for row in found.configurations.rows if row.kind != "unchanged"],
            "flow": inline(flow_of(found), self._address, css="flow"), "formats": [*FORMATS, "svg"],
            "query": f"from={found.old.slug}&to={found.new.slug}",
        }  # fmt: skip

    def _cut(self, rows: list[Any], name: str) -> Rows[Any]:
        """The page of `rows` that the query asks for; its last where that is too far."""
        pages = max(1, -(-len(rows) // ROWS))
        number = min(whole_number(self.request.GET, name), pages)
        return Rows(rows[(number - 1) * ROWS : number * ROWS], len(rows), number, ROWS)

    def _pager(self, cut: Rows[Any], name: str, anchor: str) -> dict[str, Any] | None:
        if cut.pages < 2:
            return None
        said = _("%(start)s to %(end)s of %(count)s") % {"start": cut.start, "end": cut.end, "count": cut.count}
        return pager(self.request, cut, text=said, anchor=anchor, name=name)

    def _address(self, label: str) -> str:
        return record_url(self.programme.slug, "statement", int(label[1:]))

    def _close_form(self, phase: Any) -> TurnPhase:
        phase.programme = self.programme  # at hand
        form = TurnPhase(phase=phase, closing=True)
        form.fields["name"].initial = name_at_close(phase)
        return form


def _regrouped(pairs: list[tuple[str, Any]]) -> list[tuple[str, list[Any]]]:
    """(title, row) of one page under their titles again."""
    found: dict[str, list[Any]] = {}
    for title, row in pairs:
        found.setdefault(title, []).append(row)
    return [*found.items()]


class Changes(_Comparing):
    """The comparison as a file."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        found = self.compared(list(snapshots_of(self.programme))) if kind in (*FORMATS, "svg") else None
        if found is None:
            raise Http404("There is nothing to compare.")
        return comparison_file(self.programme.slug, found, kind)


class TakeSnapshot(Phases):
    writes = Verb.MANAGE
    not_then = NOT_THEN

    def get(self, request: HttpRequest) -> HttpResponse:
        """Where Enter in the address bar leads."""
        return redirect("phases", self.programme.slug)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SnapshotForm(request.POST, prefix="snap")
        if form.is_valid():
            try:
                return self.done_once(lambda: self._take(form))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.phases_page(status=422, snapshot_form=form, wrong=form)

    def _take(self, form: SnapshotForm) -> HttpResponse:
        made = take_snapshot(self.programme, by=self.actor, **form.cleaned_data)
        messages.success(self.request, _("The snapshot “%(name)s” is taken.") % {"name": made.name})
        return redirect("snapshot", self.programme.slug, made.slug)


class ClosePhase(TurnOne):
    """Closes a phase and keeps what came out of it; the page of phases then shows both."""

    closing = True
    turn = staticmethod(close_and_keep)
    said = gettext_lazy("The phase is closed, and the theory as it stands is kept as a snapshot.")

    def take(self, *args: Any) -> HttpResponse:
        answer = super().take(*args)
        if answer.status_code == 302:
            return HttpResponseRedirect(reverse("phases", args=[self.programme.slug]))
        return answer
