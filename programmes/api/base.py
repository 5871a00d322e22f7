"""Owns what every API view shares: actor, programme, pages, ETags, strict bodies, and "sent twice, done once"."""

import json
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programmes.access import Actor, allow, require_writable
from programmes.api.authentication import actor_of
from programmes.api.problems import PreconditionRequired, problem
from programmes.reading.paging import Page, asked
from programmes.reading.team import evidence_shown, find_programme, must_be_mine, role_shown
from programmes.refusals import Repeated, Stale
from programmes.rules.answering_once import GONE, fingerprint, once, sight
from programmes.vocabulary import NO_EVIDENCE_THEN, NO_WRITING_THEN, NOT_THEN, Verb

PAGING = {"page", "page_size"}
READS = {"GET", "HEAD", "OPTIONS"}
CHANGES = {"patch", "delete"}  # and what `Acting.act` does


class Door(APIView):
    """A view of the API. `self.actor` acts; `self.programme` is the one in the address, or the answer is 404.

    Who may not write is told so before anything that they sent is looked at. What a change answers is read in its own
    transaction: the record with the revision that this request wrote, also when the next one is written a moment later.
    """

    query: frozenset[str] = frozenset()  # the query parameters that this view knows; others are refused by name
    query_of_posts: frozenset[str] = frozenset()
    evidence = False  # whether it shows what members without evidence do not see: for them there is nothing here
    writes: Verb | None = None  # what its other methods than GET ask for, in the programme of the address
    not_then: Any = None  # why it knows no `?snapshot=`, where that is not the usual reason
    actor: Actor

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        if "record_kind" in vars(cls):
            Door.showing[cls.record_kind] = cls
        for method in CHANGES & set(vars(cls)):
            setattr(cls, method, transaction.atomic(vars(cls)[method]))

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
    record_kind = ""  # the kind of record that `as_now` shows, of the class that writes it
    showing: ClassVar[dict[str, type["Door"]]] = {}  # {kind: the class that shows it}

    def now_of(self, record: Any) -> tuple[dict[str, Any], str]:
        """The record that moved on, which may be of another kind than this view's own: what a rule changes with its
        record can be what moved."""
        kind = type(record).__name__
        if kind != self.record_kind and kind in Door.showing and (self.record_kind or not hasattr(self, "as_now")):
            other = Door.showing[kind](request=self.request, kwargs=self.kwargs)
            other.actor, other.programme = self.actor, self.programme
            return other.as_now(record)
        return self.as_now(record)

    def beside_now(self, record: Any) -> dict[str, Any]:
        """What such an answer says beside `current`, by the names that it has there."""
        return {}


class Acting(Door):
    """A view whose POST creates or does something: `act` does it, at most once for an Idempotency-Key."""

    act: Callable[..., Response]  # act(request, **address) is what a view of this kind writes

    def post(self, request: Request, **address: Any) -> Response:
        address.pop("slug", None)
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            with transaction.atomic():
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
                if hasattr(self, "programme"):
                    seen = sight(role_shown(self.programme), evidence=evidence_shown(self.programme))
                    slot.programme, slot.sight = self.programme, seen
                slot.save()
                return answer
        except Repeated as repeated:
            return _answered_before(repeated)


def _answered_before(repeated: Repeated) -> Response:
    """The answer of a request that was carried out, as far as it is still there and its sender may still see it."""
    known = repeated.answered
    if known.status == GONE:
        return problem(GONE, _("This request was carried out; words of its answer were taken out since."))
    if not repeated.in_sight:
        said = _("This request was carried out; what you may see here changed since, so its answer is not given again.")
        return problem(GONE, said)
    headers = {**known.headers, "Idempotency-Replayed": "true"}
    return Response(json.loads(known.body), status=known.status, headers=headers)


def etag(programme: Any, revision: int, *versions: object) -> str:
    """A strong tag: the revision of the record, then whatever else shows in it.

    Words are taken out of what was written long ago, which is no revision of anything: how often that was done in the
    programme stands in each of its tags, once it was. It is read with the programme, before the record.
    """
    taken_out = (f"w{programme.redactions}",) if programme.redactions else ()
    return '"' + "-".join(str(part) for part in (revision, *versions, *taken_out)) + '"'


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
    return Response({"count": page.count, **turned(request, page), "results": page.rows})


def turned(request: Request, page: Page[Any]) -> dict[str, str | None]:
    """The addresses of the pages around one."""
    return {
        "next": _at(request, page.number + 1) if page.has_next else None,
        "previous": _at(request, page.number - 1) if page.has_previous else None,
    }


def _at(request: Request, number: int) -> str:
    query = request._request.GET.copy()
    query["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def whole(request: Request, rows: Iterable[dict[str, Any]]) -> Response:
    """A page of a short list, all of which is at hand."""
    page, size = asked(request.query_params, size=50)
    found, start = list(rows), (page - 1) * size
    if page > 1 and start >= len(found):
        raise Http404("There is no such page.")
    return paged(request, Page(found[start : start + size], len(found), page, size))
