"""Owns what the views of the theory's structure share: lists, numbers in queries, elements in roles, ETags."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.reading.citing import cites_of
from cmo.reading.elements import elements_named
from cmo.rules.standing import Placed
from programmes.api.base import Acting, etag, paged, revision_seen, unchanged
from programmes.reading.paging import Page, asked, take
from programmes.reading.team import evidence_shown
from programmes.vocabulary import Verb

FROM_TO = [
    OpenApiParameter("from", OpenApiTypes.INT, description="A revision; the one before `to` when left out."),
    OpenApiParameter("to", OpenApiTypes.INT, description="A revision; the latest when left out."),
]
HAS_EVIDENCE = OpenApiParameter(
    "has_evidence", str, enum=["yes", "no"], description="Whether any excerpt bears on it; for those who see evidence."
)
SAME_FORMAT = {"markdown": "md"}  # words that `?as=` takes as well
RETIRED = OpenApiParameter("state", str, description="current (so it is when left out) or retired.")


def format_asked(request: Request) -> str:
    """What `?as=` asks for, by the word that is documented; json when left out."""
    wanted = str(request.query_params.get("as", "json"))
    return SAME_FORMAT.get(wanted, wanted)


def evidence_tag(programme: Any) -> str:
    """What a tag says of the evidence that a record shows: its version, or that it shows none to whoever asks."""
    return f"e{programme.evidence_version}" if evidence_shown(programme) else "e"


class Records(Acting):
    """Records found by number in a programme: shown, tagged, changed from the revision seen, all in one way."""

    writes = Verb.WRITE
    find: Callable[[int], Any]  # find(number) and json(found) are what a view of this kind writes
    json: Callable[[Any], dict[str, Any]]

    def tag(self, found: Any) -> str:
        """The revision; a kind that shows more than its own record adds the versions of that."""
        return etag(self.programme, found.revision_number)

    def as_now(self, record: Any) -> tuple[dict[str, Any], str]:
        now = self.find(record.number)
        return self.json(now), self.tag(now)

    def shown(self, record: Any, status: int = 200) -> Response:
        body, tag = self.as_now(record)
        return Response(body, status=status, headers={"ETag": tag})

    def created(self, request: Request, made: Any) -> Response:
        answer = self.shown(made, status=201)
        answer["Location"] = request.build_absolute_uri(f"{request.path}{made.number}/")
        return answer

    def seen(self, request: Request, number: int) -> tuple[Any, int]:
        """The record and the revision that If-Match names, or 428 or 412."""
        found = self.find(number)
        return found, revision_seen(request, found)

    def one(self, request: Request, number: int) -> Response:
        """The record, or 304 where the tag that was sent still holds; nothing beside the record is read for that."""
        found = self.find(number)
        if unchanged(request, self.tag(found)):
            return Response(status=304, headers={"ETag": self.tag(found)})
        return Response(self.json(found), headers={"ETag": self.tag(found)})


def filtered(request: Request, filterset: Any, shown: Callable[[list[Any]], list[dict[str, Any]]]) -> Response:
    """A page of what a filter set finds."""
    page, size = asked(request.query_params, size=50)
    rows = filterset.rows()
    found: Page[Any] = take(rows, count=rows.count(), page=page, size=size)
    return paged(request, Page(shown(found.rows), found.count, found.number, found.size))


def cut(request: Request, rows: Sequence[Any], shown: Callable[[Any], dict[str, Any]]) -> Response:
    """A page of rows that are at hand already."""
    page, size = asked(request.query_params, size=50)
    start = (page - 1) * size
    if page > 1 and start >= len(rows):
        raise Http404("There is no such page.")
    return paged(request, Page([shown(row) for row in rows[start : start + size]], len(rows), page, size))


def versions_page(request: Request, newest: int, find: Callable[[int, int], list[Any]], shown: Any) -> Response:
    """A page of revisions, newest first; `find` takes the first and the last number of the page."""
    page, size = asked(request.query_params, size=50)
    last = newest - (page - 1) * size
    if last < 1:
        raise Http404("There is no such page.")
    found = find(max(1, last - size + 1), last)
    return paged(request, Page([shown(version) for version in found], newest, page, size))


def resting_versions(record: Any, shown: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """`shown` with what each revision rests on, for whoever sees evidence; null for others."""
    cites = cites_of(record) if evidence_shown(record.programme) else None
    return lambda version: {
        **shown(version), "rests_on": None if cites is None else cites.get(version.revision.number, [])
    }


def revision_in(request: Request, name: str, default: int) -> int:
    """The number of a revision in the query."""
    raw = request.query_params.get(name)
    if raw is None:
        return default
    if not (raw.isascii() and raw.isdecimal() and len(raw) <= 9):
        raise ValidationError({name: _("Write the number of a revision.")})
    return int(raw)


def retired_asked(request: Request) -> bool:
    """Whether `?state=retired` asks for what was taken out. Raises ValidationError (state)."""
    given = request.query_params.get("state", "current")
    if given not in {"current", "retired"}:
        raise ValidationError({"state": _("Write current or retired.")})
    return given == "retired"


def placed_in(programme: Any, rows: Sequence[dict[str, Any]]) -> list[Placed]:
    """The elements of a body as the rules take them, in their order. Raises ValidationError (elements)."""
    at_places = [row["position"] for row in rows if "position" in row]
    if at_places and len(at_places) < len(rows):
        raise ValidationError({"elements": _("Give every element its position, or none of them.")})
    if at_places:
        rows = sorted(rows, key=lambda row: row["position"])
    known = iter(elements_named(programme, [row["element"] for row in rows if "element" in row]))
    return [_placed(at, row, next(known) if "element" in row else None) for at, row in enumerate(rows, start=1)]


def _placed(at: int, row: dict[str, Any], element: Any) -> Placed:
    """One element in its role. A text beside a label is taken back as it was shown, and nothing else."""
    text, wording = row.get("text", ""), row.get("wording", "")
    if element is not None and text not in ("", wording or element.text):
        said = _("Element %(at)s: give `element`, or the `text` of a new one; words of its own go into `wording`.")
        raise ValidationError({"elements": said % {"at": at}})
    return Placed(
        role=row["role"],
        element=element,
        text="" if element is not None else text,
        wording=wording,
        activation=row.get("activation", ""),
    )
