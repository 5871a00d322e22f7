"""Owns the yardsticks: what the same answer costs by hand (*bare*, *raw*, *dump*) and by the book (*stock*).

They run in the process of the app, behind its middleware, and ask nobody who they are: what the app does beside
them, such as knowing the asker and saying how many rows there are, counts against the app.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import islice
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from rest_framework import generics, pagination, serializers

from cmo.models import Statement
from programmes.models import Theme

COLUMNS = (
    "uid", "number", "wording", "parts", "parts_by_hand", "state", "cites", "revision", "created", "updated", "area",
    "phase", "updated_by",
)  # fmt: skip
SELECT = (
    "SELECT s.id, s.uid, s.number, s.wording, s.parts, s.parts_by_hand, s.state, s.cites, s.revision_number,"
    " s.created, s.updated, a.slug, p.slug, u.username FROM cmo_statement s"
    " JOIN programmes_person u ON u.id = s.updated_by_id"
    " LEFT JOIN cmo_theoryarea a ON a.id = s.area_id LEFT JOIN programmes_phase p ON p.id = s.origin_id"
    " WHERE s.programme_id = (SELECT id FROM programmes_programme WHERE slug = %s)"
)
UNDER = (
    " AND s.id IN (SELECT t.statement_id FROM cmo_statementtheme t JOIN programmes_theme h ON h.id = t.theme_id"
    " WHERE h.path LIKE %s)"
)
CHUNK = 1000


def bare(request: HttpRequest) -> HttpResponse:
    """Nothing but the way through the middleware."""
    return HttpResponse(b'{"constant": true}', content_type="application/json")


def raw(request: HttpRequest, slug: str) -> HttpResponse:
    """`?size=&theme=&state=&area=`: the first rows by number, with their themes, by cursor."""
    sql, given = SELECT, [slug]
    if "theme" in request.GET:
        sql, given = sql + UNDER, [*given, _branch(slug, request.GET["theme"])]
    sql += " AND s.state = %s" if "state" in request.GET else " AND s.state <> 'retired'"
    given += [request.GET["state"]] if "state" in request.GET else []
    if "area" in request.GET:
        sql, given = sql + " AND a.slug = %s", [*given, request.GET["area"]]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY s.number LIMIT %s", [*given, int(request.GET.get("size", "100"))])
        body = json.dumps({"results": _objects(cursor.fetchall())}, cls=DjangoJSONEncoder, ensure_ascii=False)
    return HttpResponse(body, content_type="application/json")


def _branch(slug: str, code: str) -> str:
    """What the paths of a theme and of all below it begin with."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.path FROM programmes_theme h JOIN programmes_programme p ON p.id = h.programme_id"
            " WHERE p.slug = %s AND h.code = %s",
            [slug, code],
        )
        return f"{cursor.fetchone()[0]}%"


def _objects(rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows of SELECT as objects, each with the codes of its themes; one query for all of these."""
    tags: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(rows)) or "NULL"
        cursor.execute(
            "SELECT t.statement_id, h.code FROM cmo_statementtheme t JOIN programmes_theme h ON h.id = t.theme_id"
            f" WHERE t.statement_id IN ({marks}) ORDER BY h.code",
            [row[0] for row in rows],
        )
        for statement, code in cursor.fetchall():
            tags.setdefault(statement, []).append(code)
    return [{**dict(zip(COLUMNS, row[1:], strict=True)), "themes": tags.get(row[0], [])} for row in rows]


def dump(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """`?as=json|csv`: every statement with its themes, streamed from the cursor as it comes."""
    as_csv = request.GET.get("as") == "csv"
    pieces = _table(_chunks(slug)) if as_csv else _lines(_chunks(slug))
    return StreamingHttpResponse(pieces, content_type="text/csv" if as_csv else "application/json")


def _chunks(slug: str) -> Iterator[list[dict[str, Any]]]:
    rows = _streamed(f"{SELECT} AND s.state <> 'retired' ORDER BY s.number", [slug])
    while chunk := list(islice(rows, CHUNK)):
        yield _objects(chunk)


def _streamed(sql: str, given: list[str]) -> Iterator[tuple[Any, ...]]:
    """Rows as the server sends them: a named cursor on PostgreSQL, which would otherwise send all at once."""
    cursor = connection.chunked_cursor()
    with cursor:
        cursor.execute(sql, given)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _lines(chunks: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    yield b'{"statements": ['
    for at, chunk in enumerate(chunks):
        said = (json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) for row in chunk)
        yield ((",\n" if at else "\n") + ",\n".join(said)).encode()
    yield b"\n]}"


def _table(chunks: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    for chunk in chunks:
        buffer = StringIO()
        csv.writer(buffer).writerows([*row.values()][:-1] + ["; ".join(row["themes"])] for row in chunk)
        yield buffer.getvalue().encode()


# ---- by the book


class StockTheme(serializers.ModelSerializer[Theme]):
    class Meta:
        model = Theme
        fields = ["id", "code", "name"]


class StockStatement(serializers.ModelSerializer[Statement]):
    """Every field of a statement, with the names behind its keys and its themes."""

    area = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    origin = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    updated_by = serializers.SlugRelatedField(slug_field="username", read_only=True)
    themes = serializers.SerializerMethodField()

    class Meta:
        model = Statement
        fields = [
            "id", "uid", "number", "wording", "parts", "parts_by_hand", "state", "cites", "revision_number", "lacks",
            "created", "updated", "area", "origin", "updated_by", "themes",
        ]  # fmt: skip

    def get_themes(self, statement: Statement) -> Any:
        return StockTheme([tagging.theme for tagging in statement.taggings.all()], many=True).data


class StockPages(pagination.PageNumberPagination):
    page_size = 100


class Stock(generics.ListAPIView[Statement]):
    """A list as the tutorials write it, in as few queries as prefetching can."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    schema = None
    serializer_class = StockStatement
    pagination_class = StockPages

    def get_queryset(self) -> Any:
        found = Statement.objects.filter(programme__slug=self.kwargs["slug"]).exclude(state="retired")
        related = found.select_related("area", "origin", "updated_by").prefetch_related("taggings__theme")
        return related.order_by("number")
