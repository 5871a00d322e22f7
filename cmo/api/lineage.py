"""Owns the API of lineage: merge, split, replace, refine, undo, the family of a record, the timeline of a programme."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from cmo.api.configurations import ConfigurationRecords
from cmo.api.statements import StatementRecords
from cmo.api.then import SNAPSHOT, fresh_then, theory_then
from cmo.lineage_serializers import (
    ActOut,
    FamilyOut,
    MergeConfigurationsIn,
    MergeStatementsIn,
    MomentOut,
    RefineStatementIn,
    ReplaceConfigurationIn,
    ReplaceStatementIn,
    SplitConfigurationIn,
    SplitStatementIn,
)
from cmo.reading.configurations import configurations_named, find_configuration, statements_named
from cmo.reading.lineage import acts_of, family_of, find_act
from cmo.reading.lineage_timeline import SIZE, WHAT, count_moments, timeline
from cmo.reading.statements import statement_to_change
from cmo.reading.told_then import act_json_then, act_then, lineage_json_then, moment_json_then, timeline_then
from cmo.rules.composing import Words
from cmo.rules.descending import Piece, merge, refine, replace, split
from cmo.rules.descending_configurations import (
    MadeOf,
    merge_configurations,
    refine_configuration,
    replace_configuration,
    split_configuration,
)
from cmo.rules.descent import Descended, Seen
from cmo.rules.undoing import undo
from cmo.serializers import words_in
from cmo.structure_serializers import ConfigurationIn
from programmes.api.base import Acting, Door, etag, unchanged
from programmes.api.documenting import acts, creates, lists, shows
from programmes.reading.paging import asked
from programmes.serializers import ReasonIn, read
from programmes.vocabulary import Verb

TIMELINE = [
    OpenApiParameter("what", str, description=f"One of {', '.join(WHAT)}."),
    OpenApiParameter("before", str, description="Where to read on: follow `next`."),
    OpenApiParameter("page_size", OpenApiTypes.INT, description="Rows a page; at most 200."),
    SNAPSHOT,
]
MERGING = OpenApiExample(
    "Two into a new one",
    request_only=True,
    value={
        "ancestors": [{"record": "S4", "base": 2}, {"record": "S5", "base": 1}],
        "wording": "If managers lead by example, then practitioners follow, because they see it done.",
        "reason": "They make the same claim.",
    },
)


@extend_schema_view(
    get=lists(
        "Read the timeline of a theory", MomentOut, query=TIMELINE, pages=False,
        about="Births, merges, splits, replacements, refinements, retirements, restorations and undone acts, the"
        " latest first. `next` leads to earlier ones; there is no `previous`. With `snapshot` the merges, splits,"
        " replacements and refinements that then stood.",
    )
)  # fmt: skip
class Timeline(Door):
    query = frozenset({"what", "before", "page_size", "snapshot"})

    def get(self, request: Request, slug: str) -> Response:
        query = request.query_params
        what, (_page, size) = query.get("what", ""), asked(query, size=SIZE)
        before, theory = query.get("before", ""), theory_then(self.programme, request)
        if theory is not None:
            stretch, count = timeline_then(theory, what=what, before=before, size=size)
            results = [moment_json_then(one, theory) for one in stretch.moments]
        else:
            stretch = timeline(self.programme, what=what, before=before, size=size)
            results, count = [one.as_json() for one in stretch.moments], count_moments(self.programme, what)
        following = None
        if stretch.later:
            asking = query.copy()
            asking["before"] = stretch.later
            following = request.build_absolute_uri(f"{request.path}?{asking.urlencode()}")
        return Response({"count": count, "next": following, "previous": None, "results": results})


class _Acts(Acting):
    """What the views that write lineage share; `as_now` comes from the kind of record."""

    writes = Verb.WRITE

    def act_made(self, request: Request, done: Descended[Any]) -> Response:
        number = done.act.number
        address = {"slug": self.programme.slug, "number": number}
        location = reverse("api:lineage-act", kwargs=address, request=request)
        body = find_act(self.programme, number).as_json()
        return Response(body, status=201, headers={"Location": location})

    def named(self, rows: Sequence[dict[str, Any]], find: Any, field: str) -> list[Seen[Any]]:
        """The records of a body with the revisions that were seen, in their order."""
        found = find(self.programme, [row["record"] for row in rows], field=field)
        return [Seen(record, row["base"]) for record, row in zip(found, rows, strict=True)]


@extend_schema_view(get=shows("Show an act of lineage", ActOut, query=[SNAPSHOT]))
class OneAct(Door):
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            return fresh_then(request, theory, act_json_then(act_then(theory, number), theory))
        row = find_act(self.programme, number)
        tag = etag(self.programme, 2 if row.act.undone else 1, self.programme.structure_version)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(row.as_json(), headers={"ETag": tag})


@extend_schema_view(
    post=creates(
        "Undo an act of lineage", ReasonIn, ActOut, answer=200,
        about="While nothing that it wrote has moved on: ancestors come back as they were, what it made is retired,"
        " what it changed gets its former wording back. The act stays to be read.",
    )
)  # fmt: skip
class Undo(_Acts):
    def act(self, request: Request, number: int) -> Response:
        given = read(ReasonIn, request) if request.data else {}
        row = find_act(self.programme, number)
        undo(row.act, by=self.actor, **given)
        return Response(find_act(self.programme, number).as_json())


# ---------------------------------------------------------------- statements


def _family(record: Any) -> dict[str, Any]:
    acts_shown = [row.as_json() for row in acts_of(record)]
    return {"label": record.label, **family_of(record).as_json(), "acts": acts_shown}


@extend_schema_view(get=shows("Read the lineage of a statement", FamilyOut, query=[SNAPSHOT]))
class StatementLineage(Door):
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        statement = statement_to_change(self.programme, number)
        theory = theory_then(self.programme, request)
        if theory is not None:
            return fresh_then(request, theory, lineage_json_then(theory, statement))
        tag = etag(self.programme, statement.revision_number, self.programme.structure_version)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(_family(statement), headers={"ETag": tag})


class _Statements(_Acts, StatementRecords):
    def piece(self, given: dict[str, Any]) -> Piece:
        """What a new statement says, taken out of a body."""
        words = words_in(given) or Words()
        made = self.made_of({name: given.pop(name) for name in ("themes", "area", "state") if name in given})
        return Piece(words, made.get("themes"), made["area"], made.get("state"))

    def source(self, request: Request, number: int) -> Seen[Any]:
        return Seen(*self.seen(request, number))


@extend_schema_view(post=creates("Merge statements", MergeStatementsIn, ActOut, stale=True, examples=[MERGING]))
class MergeStatements(_Statements):
    def act(self, request: Request) -> Response:
        given = read(MergeStatementsIn, request)
        ancestors = self.named(given["ancestors"], statements_named, "ancestors")
        into = self.named([given["into"]], statements_named, "into")[0] if given.get("into") else None
        reason = given.get("reason", "")
        done = merge(
            self.programme, by=self.actor, ancestors=ancestors, into=into, content=self.piece(given), reason=reason
        )
        return self.act_made(request, done)


@extend_schema_view(post=acts("Split a statement", SplitStatementIn, ActOut, answer=201))
class SplitStatement(_Statements):
    def act(self, request: Request, number: int) -> Response:
        given = read(SplitStatementIn, request)
        source = self.source(request, number)
        pieces = [self.piece(dict(piece)) for piece in given["pieces"]]
        done = split(source, by=self.actor, pieces=pieces, reason=given.get("reason", ""))
        return self.act_made(request, done)


@extend_schema_view(post=acts("Replace a statement", ReplaceStatementIn, ActOut, answer=201))
class ReplaceStatement(_Statements):
    def act(self, request: Request, number: int) -> Response:
        given = read(ReplaceStatementIn, request)
        source = self.source(request, number)
        other, reason = given.pop("with", ""), given.pop("reason", "")
        _raise_if_both(other, given)
        new = statements_named(self.programme, [other], field="with")[0] if other else self.piece(given)
        return self.act_made(request, replace(source, by=self.actor, new=new, reason=reason))


@extend_schema_view(
    post=acts("Refine a statement into a new one", RefineStatementIn, ActOut, answer=201, about="It stays in use.")
)
class RefineStatement(_Statements):
    def act(self, request: Request, number: int) -> Response:
        given = read(RefineStatementIn, request)
        source, reason = self.source(request, number), given.pop("reason", "")
        return self.act_made(request, refine(source, by=self.actor, content=self.piece(given), reason=reason))


def _raise_if_both(other: str, given: dict[str, Any]) -> None:
    if other and given:
        raise ValidationError({"with": _("Name one that is there, or say what a new one is, not both.")})


# ---------------------------------------------------------------- configurations


@extend_schema_view(get=shows("Read the lineage of a configuration", FamilyOut, query=[SNAPSHOT]))
class ConfigurationLineage(Door):
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        configuration = find_configuration(self.programme, number)
        theory = theory_then(self.programme, request)
        if theory is not None:
            return fresh_then(request, theory, lineage_json_then(theory, configuration))
        tag = etag(self.programme, configuration.revision_number, self.programme.structure_version)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(_family(configuration), headers={"ETag": tag})


class _Configurations(_Acts, ConfigurationRecords):
    def make_up(self, given: dict[str, Any]) -> MadeOf:
        """What a new configuration is made of, from a body without its reason."""
        made = self.made_of(given)
        return MadeOf(made["words"], made.get("elements"), made.get("statements"), made["area"], made.get("state"))

    def source(self, request: Request, number: int) -> Seen[Any]:
        return Seen(*self.seen(request, number))


@extend_schema_view(post=creates("Merge configurations", MergeConfigurationsIn, ActOut, stale=True))
class MergeConfigurations(_Configurations):
    def act(self, request: Request) -> Response:
        given = read(MergeConfigurationsIn, request)
        ancestors = self.named(given.pop("ancestors"), configurations_named, "ancestors")
        into, reason = given.pop("into", None), given.pop("reason", "")
        kept = self.named([into], configurations_named, "into")[0] if into else None
        done = merge_configurations(
            self.programme, by=self.actor, ancestors=ancestors, into=kept, content=self.make_up(given), reason=reason
        )
        return self.act_made(request, done)


@extend_schema_view(post=acts("Split a configuration", SplitConfigurationIn, ActOut, answer=201))
class SplitConfiguration(_Configurations):
    def act(self, request: Request, number: int) -> Response:
        given = read(SplitConfigurationIn, request)
        source = self.source(request, number)
        pieces = [self.make_up(dict(piece)) for piece in given["pieces"]]
        done = split_configuration(source, by=self.actor, pieces=pieces, reason=given.get("reason", ""))
        return self.act_made(request, done)


@extend_schema_view(post=acts("Replace a configuration", ReplaceConfigurationIn, ActOut, answer=201))
class ReplaceConfiguration(_Configurations):
    def act(self, request: Request, number: int) -> Response:
        given = read(ReplaceConfigurationIn, request)
        source = self.source(request, number)
        other, reason = given.pop("with", ""), given.pop("reason", "")
        _raise_if_both(other, given)
        new = configurations_named(self.programme, [other], field="with")[0] if other else self.make_up(given)
        return self.act_made(request, replace_configuration(source, by=self.actor, new=new, reason=reason))


@extend_schema_view(
    post=acts("Refine a configuration into a new one", ConfigurationIn, ActOut, answer=201, about="It stays in use.")
)
class RefineConfiguration(_Configurations):
    def act(self, request: Request, number: int) -> Response:
        given = read(ConfigurationIn, request)
        source, reason = self.source(request, number), given.pop("reason", "")
        done = refine_configuration(source, by=self.actor, content=self.make_up(given), reason=reason)
        return self.act_made(request, done)
