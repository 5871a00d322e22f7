"""Owns the API of links, rival groups, demi-regularities and of the slots of a programme."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.shared import RETIRED, Records, cut, retired_asked
from cmo.api.then import SNAPSHOT, kept_one, kept_then, listed_then, theory_then
from cmo.reading.configurations import configurations_named, stated_row
from cmo.reading.elements import element_named
from cmo.reading.links import (
    find_link,
    find_pattern,
    find_rivals,
    links_of,
    pattern_json,
    patterns_of,
    rivals_json,
    rivals_of,
)
from cmo.reading.slots import slots_of
from cmo.rules.framing import set_slots
from cmo.rules.gathering import gather_rivals, note_pattern, revise_pattern, revise_rivals, turn_gathering
from cmo.rules.linking import link, relabel_link, turn_link
from cmo.structure_serializers import (
    LinkIn,
    LinkOut,
    LinkPatch,
    PatternIn,
    PatternOut,
    PatternPatch,
    RivalsIn,
    RivalsOut,
    RivalsPatch,
    SlotsIn,
    SlotsOut,
)
from cmo.vocabulary import LinkKind, Slot
from programmes.api.base import PAGING, Door, etag, revision_seen, unchanged
from programmes.api.documenting import acts, changes, creates, lists, retires, shows
from programmes.serializers import ReasonIn, read
from programmes.vocabulary import Verb

TOUCHING = OpenApiParameter("configuration", str, description="CMO3: with it at either end or among its members.")


class _Gathered(Records):
    """Links and gatherings: their history is the log's, their lists are short."""

    def touching(self, request: Request) -> list[int]:
        """Ids of the configurations that `?configuration=` names. Raises ValidationError (configuration)."""
        given = request.query_params.get("configuration", "")
        labels = [label for label in given.split(",") if label][:100]
        return [one.pk for one in configurations_named(self.programme, labels, field="configuration")]

    kept: str  # the part of a snapshot that holds them

    def one_asked(self, request: Request, number: int) -> Response:
        """One as it stands now, or as it then was."""
        theory = theory_then(self.programme, request)
        return kept_one(request, theory, self.kept, number=number) if theory else self.one(request, number)

    def listed(self, request: Request, rows: Any) -> Response:
        """A page of rival groups or demi-regularities, by the query."""
        found = rows.filter(retired=retired_asked(request))
        if touching := self.touching(request):
            found = found.filter(members__in=touching).distinct()
        return cut(request, list(found), self.json)


# ---------------------------------------------------------------- links


class _Links(_Gathered):
    record_kind = "Link"
    kept = "links"

    def find(self, number: int) -> Any:
        return find_link(self.programme, number)

    def json(self, found: Any) -> dict[str, Any]:
        return stated_row(found).as_json()


LINK_QUERY = [
    OpenApiParameter("kind", str, description=f"With commas: {', '.join(LinkKind.values)}."),
    TOUCHING, RETIRED, SNAPSHOT,
]  # fmt: skip
LINK_EXAMPLE = OpenApiExample(
    "A rival", request_only=True,
    value={"kind": "rival", "from": "CMO4", "to": "CMO5", "note": "Both explain why guidance lies idle."},
)  # fmt: skip


@extend_schema_view(
    get=lists(
        "List links", LinkOut, query=LINK_QUERY,
        about="Between configurations in use, ripples included: those have a number once somebody described them.",
    ),
    post=creates(
        "Link two configurations", LinkIn, LinkOut, examples=[LINK_EXAMPLE],
        about="States a link; of a ripple, which is there already, it says what stands at the arrow.",
    ),
)  # fmt: skip
class Links(_Links):
    query = frozenset({*(parameter.name for parameter in LINK_QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        kinds = [kind for kind in request.query_params.get("kind", "").split(",") if kind]
        for kind in kinds:
            if kind not in LinkKind.values:
                said = _("There is no kind “%(kind)s”; known are: %(known)s.")
                raise ValidationError({"kind": said % {"kind": kind[:60], "known": ", ".join(LinkKind.values)}})
        theory = theory_then(self.programme, request)
        if theory is not None:
            labels = set(filter(None, request.query_params.get("configuration", "").upper().split(",")))
            found = theory.links(kinds=kinds, touching=labels, retired=retired_asked(request))
            return listed_then(request, found, lambda row: row.as_json())
        rows = links_of(
            self.programme, kinds=kinds, configurations=self.touching(request), retired=retired_asked(request)
        )
        return cut(request, rows, lambda row: row.as_json())

    def act(self, request: Request) -> Response:
        given = read(LinkIn, request)
        element = given.pop("element", None)
        made = link(
            self.programme,
            by=self.actor,
            source=configurations_named(self.programme, [given.pop("from")], field="from")[0],
            target=configurations_named(self.programme, [given.pop("to")], field="to")[0],
            element=element_named(self.programme, element) if element else None,
            name=given.pop("label", ""),
            **given,
        )
        return self.created(request, made)


@extend_schema_view(
    get=shows("Show a link", LinkOut, query=[SNAPSHOT]),
    patch=changes("Change what a link says", LinkPatch, LinkOut),
    delete=retires("Take a link out", LinkOut, about="A ripple goes on as long as its element stands where it stands."),
)
class OneLink(_Links):
    http_method_names = ["get", "patch", "delete", "head", "options"]
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        return self.one_asked(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = read(LinkPatch, request, partial=True)
        found, base = self.seen(request, number)
        if "label" in given:
            given["name"] = given.pop("label")
        return self.shown(relabel_link(found, by=self.actor, base=base, **given))

    def delete(self, request: Request, slug: str, number: int) -> Response:
        found, base = self.seen(request, number)
        given = read(ReasonIn, request) if request.data else {}
        return self.shown(turn_link(found, by=self.actor, base=base, retired=True, **given))


@extend_schema_view(post=acts("Bring a link back", ReasonIn, LinkOut))
class RestoreLink(_Links):
    def act(self, request: Request, number: int) -> Response:
        given = read(ReasonIn, request)
        found, base = self.seen(request, number)
        return self.shown(turn_link(found, by=self.actor, base=base, retired=False, **given))


# ---------------------------------------------------------------- what gathers configurations


class _Gatherings(_Gathered):
    def made_of(self, given: dict[str, Any]) -> dict[str, Any]:
        """The body as the rules take it: labels as records."""
        if "configurations" in given:
            given["members"] = configurations_named(self.programme, given.pop("configurations"))
        if given.get("outcome"):
            given["outcome"] = element_named(self.programme, given["outcome"], field="outcome")
        elif "outcome" in given:
            given["outcome"] = None
        if given.get("favoured"):
            given["favoured"] = configurations_named(self.programme, [given["favoured"]], field="favoured")[0]
        elif "favoured" in given:
            given["favoured"] = None
        return given

    def turned(self, request: Request, number: int, *, retired: bool) -> Response:
        found, base = self.seen(request, number)
        given = read(ReasonIn, request) if request.data else {}
        return self.shown(turn_gathering(found, by=self.actor, base=base, retired=retired, **given))


class _Rivals(_Gatherings):
    record_kind = "RivalGroup"
    kept = "rivals"

    def find(self, number: int) -> Any:
        return find_rivals(self.programme, number)

    def json(self, found: Any) -> dict[str, Any]:
        return rivals_json(found)


class _Patterns(_Gatherings):
    record_kind = "DemiRegularity"
    kept = "patterns"

    def find(self, number: int) -> Any:
        return find_pattern(self.programme, number)

    def json(self, found: Any) -> dict[str, Any]:
        return pattern_json(found)


GATHERED = frozenset({"configuration", "state", "snapshot", *PAGING})


@extend_schema_view(
    get=lists("List rival groups", RivalsOut, query=[TOUCHING, RETIRED, SNAPSHOT]),
    post=creates(
        "Gather rivals", RivalsIn, RivalsOut,
        about="Configurations that explain one outcome differently. A verdict other than `open` needs its rationale.",
    ),
)  # fmt: skip
class RivalGroups(_Rivals):
    query = GATHERED

    def get(self, request: Request, slug: str) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            return kept_then(request, theory, "rivals", retired=retired_asked(request))
        return self.listed(request, rivals_of(self.programme))

    def act(self, request: Request) -> Response:
        given = self.made_of(read(RivalsIn, request))
        return self.created(request, gather_rivals(self.programme, by=self.actor, **given))


@extend_schema_view(
    get=shows("Show a rival group", RivalsOut, query=[SNAPSHOT]),
    patch=changes("Change a rival group", RivalsPatch, RivalsOut, about="What is not sent stays as it is."),
    delete=retires("Retire a rival group", RivalsOut),
)
class OneRivalGroup(_Rivals):
    http_method_names = ["get", "patch", "delete", "head", "options"]
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        return self.one_asked(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = self.made_of(read(RivalsPatch, request, partial=True))
        found, base = self.seen(request, number)
        return self.shown(revise_rivals(found, by=self.actor, base=base, **given))

    def delete(self, request: Request, slug: str, number: int) -> Response:
        return self.turned(request, number, retired=True)


@extend_schema_view(post=acts("Restore a rival group", ReasonIn, RivalsOut))
class RestoreRivalGroup(_Rivals):
    def act(self, request: Request, number: int) -> Response:
        return self.turned(request, number, retired=False)


@extend_schema_view(
    get=lists("List demi-regularities", PatternOut, query=[TOUCHING, RETIRED, SNAPSHOT]),
    post=creates("Note a demi-regularity", PatternIn, PatternOut, about="A pattern over several configurations."),
)
class DemiRegularities(_Patterns):
    query = GATHERED

    def get(self, request: Request, slug: str) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            return kept_then(request, theory, "patterns", retired=retired_asked(request))
        return self.listed(request, patterns_of(self.programme))

    def act(self, request: Request) -> Response:
        given = self.made_of(read(PatternIn, request))
        return self.created(request, note_pattern(self.programme, by=self.actor, **given))


@extend_schema_view(
    get=shows("Show a demi-regularity", PatternOut, query=[SNAPSHOT]),
    patch=changes("Change a demi-regularity", PatternPatch, PatternOut, about="What is not sent stays as it is."),
    delete=retires("Retire a demi-regularity", PatternOut),
)
class OneDemiRegularity(_Patterns):
    http_method_names = ["get", "patch", "delete", "head", "options"]
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        return self.one_asked(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = self.made_of(read(PatternPatch, request, partial=True))
        found, base = self.seen(request, number)
        return self.shown(revise_pattern(found, by=self.actor, base=base, **given))

    def delete(self, request: Request, slug: str, number: int) -> Response:
        return self.turned(request, number, retired=True)


@extend_schema_view(post=acts("Restore a demi-regularity", ReasonIn, PatternOut))
class RestoreDemiRegularity(_Patterns):
    def act(self, request: Request, number: int) -> Response:
        return self.turned(request, number, retired=False)


# ---------------------------------------------------------------- slots


@extend_schema_view(
    get=shows(
        "Show the slots of a programme", SlotsOut, query=[SNAPSHOT],
        about="The roles of its configurations, in order.",
    ),
    patch=changes(
        "Set the slots of a programme", SlotsIn, SlotsOut,
        about="Changes what is asked for and shown; an element in a role that is no longer named stays where it is.",
    ),
)  # fmt: skip
class ProgrammeSlots(Door):
    writes = Verb.MANAGE
    query = frozenset({"snapshot"})

    def as_now(self, record: Any) -> tuple[dict[str, Any], str]:
        now = slots_of(self.programme)
        return now.as_json(), etag(self.programme, now.revision)

    def get(self, request: Request, slug: str) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            return Response(theory.slots.as_json())
        body, tag = self.as_now(None)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(body, headers={"ETag": tag})

    def patch(self, request: Request, slug: str) -> Response:
        given = read(SlotsIn, request)
        base = revision_seen(request, slots_of(self.programme))
        if ("preset" in given) == ("slots" in given):
            raise ValidationError({"slots": _("Give a preset, or the slots themselves.")})
        rows = [(slot["role"], _own_label(slot)) for slot in given.get("slots", ())]
        set_slots(self.programme, by=self.actor, base=base, slots=rows, preset=given.get("preset", ""))
        body, tag = self.as_now(None)
        return Response(body, headers={"ETag": tag})


def _own_label(slot: dict[str, Any]) -> str:
    """The label, or "" where it is the usual one, which then goes with the language of the reader."""
    label = slot.get("label", "")
    usual = str(Slot(slot["role"]).label) if slot["role"] in Slot.values else ""
    return "" if label == usual else label
