"""Owns what every API view shares: actor, programme, pages, ETags, strict bodies, and "sent twice, done once"."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programmes.access import Actor, allow, require_writable
from programmes.api.authentication import actor_of
from programmes.api.problems import PreconditionRequired, problem
from programmes.reading.paging import Page
from programmes.reading.team import evidence_shown, find_programme, must_be_mine, role_shown
from programmes.refusals import Repeated, Stale
from programmes.rules.answering_once import GONE, fingerprint, once
from programmes.vocabulary import NO_EVIDENCE_THEN, NO_WRITING_THEN, NOT_THEN, Verb

PAGING = {"page", "page_size"}
READS = {"GET", "HEAD", "OPTIONS"}


class Door(APIView):
    """A view of the API. `self.actor` acts; `self.programme` is the one in the address, or the answer is 404.

    Who may not write is told so before anything that they sent is looked at.
    """

    query: frozenset[str] = frozenset()  # the query parameters that this view knows; others are refused by name
    query_of_posts: frozenset[str] = frozenset()
    evidence = False  # whether it shows what members without evidence do not see: for them there is nothing here
    writes: Verb | None = None  # what its other methods than GET ask for, in the programme of the address
    not_then: Any = None  # why it knows no `?snapshot=`, where that is not the usual reason
    actor: Actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.actor = actor_of(request)
        if "slug" in kwargs:
            if request.auth is None:
                self.programme = find_programme(self.actor, kwargs["slug"])
            else:
                self.programme = must_be_mine(request.programme)  # type: ignore[attr-defined]  # read with the token
            if self.evidence and not evidence_shown(self.programme):
                raise Http404("There is nothing here.")
        if request.method not in READS:
            self.allow()
        known = self.query if request.method in {"GET", "HEAD"} else self.query_of_posts
        if "slug" in kwargs and "snapshot" in request.query_params and "snapshot" not in known:
            raise ValidationError({"snapshot": self._why_not_then(request)})
        strange = sorted(set(request.query_params) - known)
        if strange:
            offered = ", ".join(sorted(known)) or _("none")
            said = _("There is no parameter “%(name)s” here; known are: %(known)s.")
            raise ValidationError({strange[0][:60]: said % {"name": strange[0][:60], "known": offered}})

    def _why_not_then(self, request: Request) -> Any:
        if request.method not in READS:
            return NO_WRITING_THEN
        if self.not_then is not None:
            return self.not_then
        return NO_EVIDENCE_THEN if self.evidence else NOT_THEN

    def allow(self) -> None:
        """PermissionDenied for whoever may not write here."""
        if self.writes is None:
            require_writable(self.actor)
        else:
            allow(self.actor, self.writes, role_shown(self.programme))

    # as_now(record): (a record that moved on as the API shows it, its tag), of a view whose rule may answer Stale
    as_now: Callable[[Any], tuple[dict[str, Any], str]]


class Acting(Door):
    """A view whose POST creates or does something: `act` does it, at most once for an Idempotency-Key."""

    act: Callable[..., Response]  # act(request, **address) is what a view of this kind writes

    def post(self, request: Request, **address: Any) -> Response:
        address.pop("slug", None)
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return self.act(request, **address)
        if len(key) > 200 or not key.isprintable():
            raise ValidationError({"Idempotency-Key": _("Use at most 200 printable characters.")})
        body = request._request.body
        mark = fingerprint("POST", request.get_full_path(), request.META.get("HTTP_IF_MATCH", ""), body)
        try:
            with once(self.actor.person, key, mark) as slot:
                answer = self.act(request, **address)
                slot.status, slot.body = answer.status_code, JSONRenderer().render(answer.data).decode()
                slot.headers = {name: answer[name] for name in ("ETag", "Location") if answer.has_header(name)}
                slot.save()
                return answer
        except Repeated as repeated:
            known = repeated.answered
            if known.status == GONE:
                said = _("This request was carried out; words of its answer were taken out since.")
                return problem(GONE, said)
            return Response(
                json.loads(known.body), status=known.status, headers={**known.headers, "Idempotency-Replayed": "true"}
            )


def etag(revision: int, *versions: object) -> str:
    """A strong tag: the revision of the record, then whatever else shows in it."""
    return '"' + "-".join(str(part) for part in (revision, *versions)) + '"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether If-None-Match says that the asker has this already."""
    given = request.META.get("HTTP_IF_NONE_MATCH", "")
    tags = {part.strip().removeprefix("W/") for part in given.split(",")}
    return tag in tags or given.strip() == "*"


def revision_seen(request: Request, record: Any) -> int:
    """The revision of the record that If-Match names, which must be the current one: 428 without, else Stale (412).

    `If-Match: *` is refused as well: it says nothing about what was seen.
    """
    given = request.META.get("HTTP_IF_MATCH", "").strip()
    if not given or given == "*":
        raise PreconditionRequired()
    for part in given.split(","):
        seen = part.strip().removeprefix("W/").strip('"').partition("-")[0]
        if seen == str(record.revision_number):
            return int(record.revision_number)
    raise Stale(record, base=None)


def paged(request: Request, page: Page[Any]) -> Response:
    """`count, next, previous, results`."""
    return Response(
        {
            "count": page.count,
            "next": _at(request, page.number + 1) if page.has_next else None,
            "previous": _at(request, page.number - 1) if page.has_previous else None,
            "results": page.rows,
        }
    )


def _at(request: Request, number: int) -> str:
    query = request._request.GET.copy()
    query["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def whole(rows: Iterable[dict[str, Any]]) -> Response:
    """A short list in the shape of a page."""
    results = list(rows)
    return Response({"count": len(results), "next": None, "previous": None, "results": results})
