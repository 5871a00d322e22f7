"""Owns the API of configurations: the list, one, its revisions, differences, restore, and those made of statements."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from cmo.api.shared import (
    FROM_TO,
    HAS_EVIDENCE,
    Records,
    evidence_tag,
    filtered,
    placed_in,
    resting_versions,
    revision_in,
    versions_page,
)
from cmo.api.then import SNAPSHOT, listed_then, one_then, theory_then
from cmo.reading.areas import area_named
from cmo.reading.citing import rests_named
from cmo.reading.configurations import (
    configuration_row,
    configuration_rows,
    find_configuration,
    statements_named,
)
from cmo.reading.slots import slots_of
from cmo.reading.statements import statement_to_change
from cmo.reading.structure_history import (
    compare_configuration,
    configuration_history,
    configuration_version,
    configuration_version_json,
)
from cmo.reading.structure_pages import kept_statements
from cmo.reading.then import configurations_then
from cmo.rules.composing import KEEP
from cmo.rules.configuring import configure, restore_configuration, revise_configuration, turn_configuration
from cmo.rules.making_up import WORDS
from cmo.rules.spelling_out import spell_out
from cmo.serializers import RestoreIn, area_in
from cmo.structure_filters import ConfigurationFilter
from cmo.structure_serializers import (
    ConfigurationDiffOut,
    ConfigurationOut,
    ConfigurationRevisionOut,
    ConfigurationWritten,
    SpellOutIn,
)
from cmo.vocabulary import Sign, Slot, State
from programmes.api.base import PAGING, Door, etag, unchanged
from programmes.api.documenting import acts, changes, creates, lists, retires, shows
from programmes.reading.codebook import Codes
from programmes.reading.team import evidence_shown
from programmes.serializers import ReasonIn, read
from programmes.vocabulary import NO_HISTORY_THEN

QUERY = [
    OpenApiParameter("search", str, description="Words, or pieces of words, in its own words or in its elements."),
    OpenApiParameter("role", str, description=f"It has an element in this role: {', '.join(Slot.values)}."),
    OpenApiParameter("element", str, description="E12: it stands in the configuration, in any role."),
    OpenApiParameter("sign", str, description=f"An outcome of it has this sign: {', '.join(Sign.values)}."),
    OpenApiParameter(
        "theme", str, description="Codes, with commas, each with all below: an element or statement of it carries one."
    ),
    OpenApiParameter("area", str, description="Slugs of theory areas, with commas; `none` for those without one."),
    OpenApiParameter("statement", str, description="S7: it spells this statement out; `none`: it spells out none."),
    OpenApiParameter("state", str, description="draft, agreed, retired; retired ones are left out unless asked for."),
    OpenApiParameter("phase", str, description="Slugs of phases in which it was first made."),
    OpenApiParameter("incomplete", str, description="Roles of the programme that have nothing in them."),
    HAS_EVIDENCE,
    OpenApiParameter("ordering", str, description="number, area, updated; with - the other way round."),
    OpenApiParameter("verdict", str, description="What the team last found: a verdict, with commas; none: no verdict."),
    SNAPSHOT,
]
EXAMPLE = OpenApiExample(
    "Shared and new elements",
    request_only=True,
    value={
        "nickname": "Time to explain",
        "elements": [
            {"element": "E12", "role": "context"},
            {"text": "they see what it changes for them", "role": "mechanism", "activation": "strong"},
            {"text": "practitioners take the guidance up", "role": "outcome"},
        ],
        "statements": ["S7"],
        "area": "implementation-plans",
        "reason": "From the May workshop",
    },
)


class ConfigurationRecords(Records):
    """Configurations found by number: shown, tagged, changed from the revision seen."""

    record_kind = "Configuration"

    def find(self, number: int) -> Any:
        return find_configuration(self.programme, number)

    def json(self, found: Any) -> dict[str, Any]:
        return self.told(configuration_row(found, slots_of(self.programme)))

    def told(self, row: Any) -> dict[str, Any]:
        """The configuration, with the counts of its evidence for whoever sees it."""
        shown: dict[str, Any] = row.as_json(evidence=evidence_shown(self.programme))
        return shown

    def tag(self, found: Any) -> str:
        """Elements, statements, links and slots show in a configuration too, and how much evidence it has."""
        now = self.programme
        return etag(now, found.revision_number, now.structure_version, evidence_tag(now))

    def created(self, request: Request, made: Any) -> Response:
        """Also where a statement was spelled out, whose address is another."""
        answer = self.shown(made, status=201)
        address = {"slug": self.programme.slug, "number": made.number}
        answer["Location"] = reverse("api:configuration", kwargs=address, request=request)
        return answer

    def made_of(self, given: dict[str, Any]) -> dict[str, Any]:
        """The body as the rules take it: labels as records, a slug as an area, words together."""
        if "elements" in given:
            given["elements"] = placed_in(self.programme, given["elements"])
        if "statements" in given:
            given["statements"] = statements_named(self.programme, given["statements"])
        if "rests_on" in given:
            given["rests_on"] = rests_named(self.programme, given["rests_on"])
        area = area_in(given)
        words = {word: given.pop(word) for word in WORDS if word in given}
        return {**given, "words": words, "area": area if area is KEEP else area_named(self.programme, area)}


@extend_schema_view(
    get=lists("List configurations", ConfigurationOut, query=QUERY, about="Retired ones only when `state` asks."),
    post=creates("Make a configuration", ConfigurationWritten, ConfigurationOut, examples=[EXAMPLE]),
)
class Configurations(ConfigurationRecords):
    query = frozenset({*(parameter.name for parameter in QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            codes = Codes(self.programme, theory.themes)
            asked = ConfigurationFilter(
                request.query_params, programme=self.programme, codes=codes, slots=theory.slots
            ).asked
            return listed_then(request, configurations_then(asked, theory), self.told)
        slots = slots_of(self.programme)
        filterset = ConfigurationFilter(request.query_params, programme=self.programme, slots=slots)
        sees = evidence_shown(self.programme)
        shown = lambda rows: [row.as_json(evidence=sees) for row in configuration_rows(rows, slots)]  # noqa: E731
        return filtered(request, filterset, shown)

    def act(self, request: Request) -> Response:
        given = self.made_of(read(ConfigurationWritten, request))
        area = given.pop("area")
        made = configure(self.programme, by=self.actor, area=None if area is KEEP else area, **given)
        return self.created(request, made)


@extend_schema_view(
    get=shows("Show a configuration", ConfigurationOut, query=[SNAPSHOT]),
    patch=changes(
        "Change a configuration", ConfigurationWritten, ConfigurationOut,
        about="What is not sent stays as it is; `elements` and `statements`, when sent, are all of them.",
    ),
    delete=retires("Retire a configuration", ConfigurationOut, about="Its elements stay as they are."),
)  # fmt: skip
class OneConfiguration(ConfigurationRecords):
    http_method_names = ["get", "patch", "delete", "head", "options"]
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            label = f"CMO{number}"
            return one_then(request, theory, theory.configurations, label, self.told, kind="configuration")
        return self.one(request, number)

    def patch(self, request: Request, slug: str, number: int) -> Response:
        given = self.made_of(read(ConfigurationWritten, request))  # not as partial, which its elements would be too
        configuration, base = self.seen(request, number)
        if "statements" in given:
            given["statements"] += kept_statements(configuration)  # retired ones are not shown, so not dropped either
        return self.shown(revise_configuration(configuration, by=self.actor, base=base, **given))

    def delete(self, request: Request, slug: str, number: int) -> Response:
        configuration, base = self.seen(request, number)
        given = read(ReasonIn, request) if request.data else {}
        return self.shown(turn_configuration(configuration, by=self.actor, base=base, retired=True, **given))


@extend_schema_view(
    post=acts("Restore an older make-up or a retired configuration", RestoreIn, ConfigurationOut)
)
class RestoreConfiguration(ConfigurationRecords):
    def act(self, request: Request, number: int) -> Response:
        given = read(RestoreIn, request)
        found, base = self.seen(request, number)
        revision, reason = given.get("revision"), given.get("reason", "")
        if found.state == State.RETIRED and revision in (None, base):
            return self.shown(turn_configuration(found, by=self.actor, base=base, retired=False, reason=reason))
        back = restore_configuration(found, by=self.actor, base=base, revision=revision or 0, reason=reason)
        return self.shown(back)


@extend_schema_view(
    post=creates(
        "Spell a statement out", SpellOutIn, ConfigurationOut,
        about="A new configuration of what was found in the sentence: if as context, because as mechanism (or reasoning"
        " where the programme splits mechanisms), then as outcome. `elements` corrects or splits them.",
    )
)  # fmt: skip
class SpellOut(ConfigurationRecords):
    def act(self, request: Request, number: int) -> Response:
        given = read(SpellOutIn, request)
        statement = statement_to_change(self.programme, number)
        if "elements" in given:
            given["elements"] = placed_in(self.programme, given["elements"])
        return self.created(request, spell_out(statement, by=self.actor, **given))


@extend_schema_view(
    get=lists("List the revisions of a configuration", ConfigurationRevisionOut, about="Newest first.")
)
class ConfigurationRevisions(Door):
    not_then = NO_HISTORY_THEN
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, number: int) -> Response:
        found = find_configuration(self.programme, number)
        return versions_page(
            request, found.revision_number, lambda first, last: configuration_history(found, first, last),
            resting_versions(found, configuration_version_json),
        )  # fmt: skip


@extend_schema_view(get=shows("Show a revision of a configuration", ConfigurationRevisionOut))
class OneConfigurationRevision(Door):
    not_then = NO_HISTORY_THEN

    def get(self, request: Request, slug: str, number: int, revision: int) -> Response:
        found = find_configuration(self.programme, number)
        version = configuration_version(found, revision)
        tag = etag(self.programme, revision, int(evidence_shown(self.programme)))
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(resting_versions(found, configuration_version_json)(version), headers={"ETag": tag})


@extend_schema_view(
    get=shows(
        "Compare two revisions of a configuration", ConfigurationDiffOut, query=FROM_TO,
        about="Elements that joined, left, were reworded or reordered; the words that changed; statements.",
    )
)  # fmt: skip
class ConfigurationDiff(Door):
    not_then = NO_HISTORY_THEN
    query = frozenset({"from", "to"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        found = find_configuration(self.programme, number)
        new = revision_in(request, "to", found.revision_number)
        old = revision_in(request, "from", max(1, new - 1))
        return Response(compare_configuration(found, old, new).as_json())
