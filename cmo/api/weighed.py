"""Owns the API of weighed evidence: totals of a claim, why it is believed, maps, what lacks evidence, interview guide.

For members who do not see evidence there is none of this, but for why a statement reads as it does.
"""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.shared import evidence_tag
from cmo.api.then import SNAPSHOT, theory_then
from cmo.reading.believing import MOST, belief_in, belief_json, grounds_json
from cmo.reading.configurations import find_configuration
from cmo.reading.evidence import source_named
from cmo.reading.grounds import grounds_of, people_of
from cmo.reading.guides import answers_in, guide_for, others_in
from cmo.reading.heat import by_role_and_statement, by_site_and_theme
from cmo.reading.lacking import lacking_in
from cmo.reading.statements import find_statement, statement_and_row
from cmo.reading.told_then import belief_json_then, belief_then
from cmo.reading.warned import excerpts_warned
from cmo.rules.answering import keep_answers
from cmo.rules.evidencing import on_of
from cmo.weighed_serializers import (
    GroundsOut,
    GuideAnswersIn,
    GuideOut,
    HeatOut,
    KeptAnswersOut,
    LackingOut,
    TotalOut,
    WhyOut,
)
from programmes.api.base import Acting, Door, etag, unchanged
from programmes.api.documenting import creates, shows
from programmes.reading.paging import asked
from programmes.reading.team import evidence_shown
from programmes.serializers import read
from programmes.vocabulary import PhaseKind, Verb

PAGE = OpenApiParameter("page", OpenApiTypes.INT, description="Of 40 statements side by side; from 1.")
CHOSEN = [
    OpenApiParameter("statements", str, required=True, description="S1,S5: which, and in which order; at most 30."),
    OpenApiParameter("kind", str, enum=PhaseKind.values, description="For which phase; the open one when left out."),
]


class _Evidence(Door):
    """What is there for those who see evidence alone, with a tag that moves when any of it does, or which group counts
    as small."""

    evidence = True

    def answered(self, request: Request, make: Any, *versions: object) -> Response:
        """What `make()` gives, or 304."""
        now = self.programme
        versions = (now.structure_version, now.codebook_version, now.small_group, *versions)
        tag = etag(now, now.evidence_version, *versions)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(make(), headers={"ETag": tag})


@extend_schema_view(
    get=shows("Count the evidence of a statement", GroundsOut, about="By stance, site, role; as excerpts and sources.")
)
class StatementGrounds(_Evidence):
    def get(self, request: Request, slug: str, number: int) -> Response:
        found = find_statement(self.programme, number)
        return self.answered(request, lambda: grounds_json(grounds_of(found, size=1)), found.revision_number)


@extend_schema_view(
    get=shows(
        "Read the evidence of a configuration", TotalOut,
        about="On the whole, its elements in it and its joins: the totals and the excerpts.",
    )
)  # fmt: skip
class ConfigurationGrounds(_Evidence):
    def get(self, request: Request, slug: str, number: int) -> Response:
        found = find_configuration(self.programme, number)
        make = lambda: grounds_json(grounds_of(found, size=MOST), cards=True)  # noqa: E731
        return self.answered(request, make, found.revision_number)


@extend_schema_view(
    get=shows(
        "Tell why a statement is believed", WhyOut, query=[SNAPSHOT],
        about="Down to its excerpts, and up to its revisions, the proposals that wrote them and what it came from."
        " With `snapshot` as it then was: how much evidence there was, with null for sites, roles and excerpts.",
    )
)  # fmt: skip
class Why(Door):
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, number: int) -> Response:
        programme, theory = self.programme, theory_then(self.programme, request)
        if theory is not None:
            sees = evidence_shown(programme)
            told = belief_then(theory, find_statement(programme, number), evidence=sees)
            return Response(belief_json_then(told, theory, evidence=sees))
        statement, row = statement_and_row(programme, number)
        small = programme.small_group if evidence_shown(programme) else ""
        versions = (programme.codebook_version, programme.structure_version, evidence_tag(programme), small)
        tag = etag(programme, row.revision, *versions)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        belief = belief_in(statement, row, evidence=evidence_shown(programme))
        return Response(belief_json(belief), headers={"ETag": tag})


@extend_schema_view(get=shows("Map the evidence", HeatOut, query=[PAGE], about="Site by theme, role by statement."))
class Maps(_Evidence):
    query = frozenset({"page"})

    def get(self, request: Request, slug: str) -> Response:
        page, _size = asked(request.query_params, size=1)
        people = people_of(self.programme)
        roles, count = by_role_and_statement(self.programme, page=page, people=people)
        sites = by_site_and_theme(self.programme, people=people)
        return Response({"sites": sites.as_json(), "roles": roles.as_json(), "statements": count})


@extend_schema_view(
    get=shows("List what lacks evidence", LackingOut, about="The first 30 of each kind, in the order of the theory.")
)
class Lacking(_Evidence):
    def get(self, request: Request, slug: str) -> Response:
        found = lacking_in(self.programme)
        kinds = ("none", "one_source", "contested", "thin", "unheard")
        told = {kind: [one.as_json() for one in getattr(found, kind)] for kind in kinds}
        return Response({**told, "more": found.more})


def _labels(given: str) -> list[str]:
    return [label.strip().upper() for label in given.split(",")[:100] if label.strip()]


@extend_schema_view(
    get=shows(
        "Make an interview guide", GuideOut, query=CHOSEN,
        about="Chosen statements told plainly, with questions to confirm, to falsify and to refine each.",
    )
)  # fmt: skip
class Guide(_Evidence):
    query = frozenset({"statements", "kind"})

    def get(self, request: Request, slug: str) -> Response:
        labels = _labels(request.query_params.get("statements", ""))
        return Response(guide_for(self.programme, labels, kind=request.query_params.get("kind", "")).as_json())


@extend_schema_view(
    post=creates(
        "Bring back the answers of an interview", GuideAnswersIn, KeptAnswersOut,
        about="Each becomes an excerpt of the source that bears on its statement, those to the closing questions on"
        " nothing yet; all of them or none.",
    )
)  # fmt: skip
class GuideAnswers(Acting):
    http_method_names = ["post", "options"]
    evidence = True
    writes = Verb.EVIDENCE

    def act(self, request: Request) -> Response:
        given = read(GuideAnswersIn, request)
        source = source_named(self.programme, given["source"])
        made = keep_answers(
            self.programme, by=self.actor, source=source,
            answers=answers_in(self.programme, given.get("answers", [])), others=others_in(given.get("closing", [])),
        )  # fmt: skip
        shown = [
            {
                "statement": on_of(one).label, "excerpt": one.excerpt.label, "bearing": one.label,
                "stance": one.stance, "part": one.part, "made_against": one.made_against,
            }
            for one in made.bearings
        ]  # fmt: skip
        told = {"closing": [one.label for one in made.others], "warnings": excerpts_warned(made.excerpts)}
        return Response({"source": source.label, "answers": shown, **told}, status=201)
