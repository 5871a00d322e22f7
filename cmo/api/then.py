"""Owns what lists and records of the API answer with `?snapshot=`: the theory as it then was."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.reading.not_then import not_then
from cmo.reading.snapshots import snapshot_asked
from cmo.reading.then import page_then
from cmo.reading.theory_at import TheoryAt
from programmes.api.base import etag, paged, unchanged
from programmes.reading.paging import asked
from programmes.reading.team import evidence_shown

SNAPSHOT = OpenApiParameter("snapshot", str, description="The slug of a snapshot: the theory as it then was.")


def theory_then(programme: Any, request: Request) -> TheoryAt | None:
    """The theory that `?snapshot=` asks for, or None for the working one. Raises ValidationError (snapshot)."""
    return snapshot_asked(programme, request.query_params)


def listed_then(request: Request, rows: Sequence[Any], shown: Callable[[Any], Any], *, size: int = 50) -> Response:
    """A page of rows of a snapshot."""
    page, size = asked(request.query_params, size=size)
    found = page_then(rows, page, size)
    return paged(request, type(found)([shown(row) for row in found.rows], found.count, found.number, found.size))


def one_then(
    request: Request, theory: TheoryAt, rows: Sequence[Any], label: str, shown: Callable[[Any], Any], *, kind: str = ""
) -> Response:
    """The record with this label as it then was, or 304, or Http404; NotThen for one of `kind` that came after."""
    row = next((row for row in rows if _label(row) == label), None)
    if row is None and kind:
        raise not_then(theory.programme, kind, int(label.lstrip("SCMOE")))
    if row is None:
        raise Http404(f"{label} is not in this snapshot.")
    return fresh_then(request, theory, shown(row))


def fresh_then(request: Request, theory: TheoryAt, body: dict[str, Any]) -> Response:
    """What a snapshot says of one record, or 304: it never changes, but for whether the asker sees evidence."""
    sees = int(evidence_shown(theory.programme))
    tag = etag(theory.programme, body.get("revision", 0), theory.snapshot.sha256[:16] if theory.snapshot else "", sees)
    if unchanged(request, tag):
        return Response(status=304, headers={"ETag": tag})
    return Response(body, headers={"ETag": tag})


def _label(row: Any) -> str:
    if isinstance(row, dict):
        return str(row.get("label") or row.get("slug"))
    element = getattr(row, "element", None)
    return str(element.label if element is not None else row.label)


def kept_one(request: Request, theory: TheoryAt, kind: str, **named: Any) -> Response:
    """What has no revisions of its own, by its number or slug; or 304, or Http404."""
    ((name, value),) = named.items()
    row = next((row for row in theory.part(kind) if row[name] == value), None)
    if row is None:
        raise Http404("There is no such record in this snapshot.")
    return fresh_then(request, theory, row)


def kept_then(request: Request, theory: TheoryAt, kind: str, *, retired: bool) -> Response:
    """A page of what has no revisions of its own: rival groups, patterns, links that were stated."""
    wanted = request.query_params.get("configuration", "")
    labels = {label.strip().upper() for label in wanted.split(",") if label.strip()}
    rows = [
        row for row in theory.part(kind)
        if (row["state"] == "retired") == retired and (not labels or labels & set(row.get("configurations", ())))
    ]  # fmt: skip
    return listed_then(request, rows, lambda row: row)
