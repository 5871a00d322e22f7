"""Owns the API of theory areas and themes."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from cmo.api.then import SNAPSHOT, fresh_then, kept_one, listed_then, theory_then
from cmo.folding import fold
from cmo.reading.areas import area_json, areas_of, find_area
from cmo.reading.codebook import Carried, carried_in, history_json, theme_json
from cmo.reading.then import carried_then, theme_then, themes_then
from cmo.rules.arranging import add_area, rename_area, turn_area
from cmo.rules.recoding import merge_theme
from cmo.serializers import AreaIn, AreaOut, MergeIn, ThemeIn, ThemeOut, ThemeRevisionOut
from programmes.api.base import PAGING, Acting, Door, etag, paged, revision_seen, unchanged, whole
from programmes.api.documenting import acts, changes, creates, lists, retires, shows
from programmes.reading.codebook import Codes, find_theme, flat, history_of, themes_of, tree
from programmes.reading.paging import Page, asked
from programmes.reading.team import evidence_shown
from programmes.rules.classifying import add_theme, edit_theme, move_theme, restore_theme, retire_theme
from programmes.serializers import ReasonIn, read
from programmes.vocabulary import NO_HISTORY_THEN, Verb


@extend_schema_view(
    get=lists("List theory areas", AreaOut, query=[SNAPSHOT]),
    post=creates("Add a theory area", AreaIn, AreaOut),
)
class Areas(Acting):
    writes = Verb.WRITE

    query = frozenset({"snapshot", *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        theory = theory_then(self.programme, request)
        return whole(request, theory.part("areas") if theory else map(area_json, areas_of(self.programme)))

    def act(self, request: Request) -> Response:
        area = add_area(self.programme, by=self.actor, **read(AreaIn, request))
        there = request.build_absolute_uri(f"{request.path}{area.slug}/")
        tag = etag(self.programme, area.revision_number)
        return Response(area_json(area), status=201, headers={"ETag": tag, "Location": there})


class _Area(Door):
    """One area: found by its slug, seen with its tag."""

    record_kind = "TheoryArea"
    writes = Verb.WRITE

    def seen(self, request: Request, area: str) -> tuple[Any, int]:
        found = find_area(self.programme, area)
        return found, revision_seen(request, found)

    def as_now(self, record: Any) -> tuple[dict[str, Any], str]:
        return area_json(record), etag(self.programme, record.revision_number)

    def shown(self, area: Any) -> Response:
        body, tag = self.as_now(area)
        return Response(body, headers={"ETag": tag})


@extend_schema_view(
    get=shows("Show a theory area", AreaOut, query=[SNAPSHOT]),
    patch=changes("Rename a theory area", AreaIn, AreaOut),
    delete=retires("Retire a theory area", AreaOut),
)
class OneArea(_Area):
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, area: str) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            return kept_one(request, theory, "areas", slug=area)
        found = find_area(self.programme, area)
        tag = etag(self.programme, found.revision_number)
        if unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(area_json(found), headers={"ETag": tag})

    def patch(self, request: Request, slug: str, area: str) -> Response:
        given = read(AreaIn, request, partial=True)
        found, base = self.seen(request, area)
        given.setdefault("title", found.title)
        return self.shown(rename_area(found, by=self.actor, base=base, **given))

    def delete(self, request: Request, slug: str, area: str) -> Response:
        found, base = self.seen(request, area)
        given = read(ReasonIn, request) if request.data else {}
        return self.shown(turn_area(found, by=self.actor, base=base, retired=True, **given))


@extend_schema_view(post=acts("Restore a theory area", ReasonIn, AreaOut))
class RestoreArea(_Area, Acting):
    def act(self, request: Request, area: str) -> Response:
        given = read(ReasonIn, request)
        found, base = self.seen(request, area)
        return self.shown(turn_area(found, by=self.actor, base=base, retired=False, **given))


class _Themes(Acting):
    record_kind = "Theme"
    writes = Verb.CLASSIFY

    def carried(self) -> Carried:
        return carried_in(self.programme, evidence=evidence_shown(self.programme))

    def shown(self, theme: Any, status: int = 200) -> Response:
        found = find_theme(self.programme, str(theme.uid))
        body = theme_json(found, self.carried())
        counts = [body[name] for name in ("statements", "excerpts", "sources") if name in body]
        tag = etag(self.programme, found.revision_number, found.programme.codebook_version, *counts)
        return Response(body, status=status, headers={"ETag": tag})

    def seen(self, request: Request, label: str) -> tuple[Any, int]:
        theme = find_theme(self.programme, label)
        return theme, revision_seen(request, theme)

    def as_now(self, record: Any) -> tuple[dict[str, Any], str]:
        theme = find_theme(self.programme, str(record.uid))
        return theme_json(theme, self.carried()), etag(self.programme, theme.revision_number)

    def parent(self, label: Any) -> Any:
        if label in (None, ""):
            return None
        return Codes(self.programme).find([label], field_name="parent")[0]


THEME_QUERY = [
    OpenApiParameter("search", str, description="Words in the code, the name or the definition."),
    OpenApiParameter("under", str, description="A code: this theme and all below it."),
    OpenApiParameter("retired", OpenApiTypes.BOOL, description="true: retired and merged themes too."),
    SNAPSHOT,
]


@extend_schema_view(
    get=lists("List themes", ThemeOut, query=THEME_QUERY, about="The whole tree from top to bottom."),
    post=creates("Add a theme", ThemeIn, ThemeOut),
)
class Themes(_Themes):
    query = frozenset({*(parameter.name for parameter in THEME_QUERY), *PAGING})

    def get(self, request: Request, slug: str) -> Response:
        page, size = asked(request.query_params, size=200)
        query = request.query_params
        if query.get("retired", "false") not in {"true", "false"}:
            raise ValidationError({"retired": _("Write true or false.")})
        theory = theory_then(self.programme, request)
        if theory is not None:
            gone, under = query.get("retired") == "true", query.get("under", "")
            rows, then = themes_then(query.get("search", ""), theory, retired=gone, under=under), carried_then(theory)
            return listed_then(request, rows, lambda theme: theme_json(theme, then), size=200)
        all_themes = themes_of(self.programme)
        found = flat(tree(all_themes, retired=query.get("retired") == "true"))
        if query.get("under"):
            top = Codes(self.programme, all_themes).find([query["under"]], field_name="under")[0]
            found = [theme for theme in found if theme.path.startswith(top.path)]
        for word in fold(query.get("search", "")).split():
            found = [theme for theme in found if word in fold(f"{theme.code} {theme.name} {theme.definition}")]
        if page > 1 and (page - 1) * size >= len(found):
            raise Http404("There is no such page.")
        carried = self.carried()
        shown = [theme_json(theme, carried) for theme in found[(page - 1) * size : page * size]]
        return paged(request, Page(shown, len(found), page, size))

    def act(self, request: Request) -> Response:
        given = read(ThemeIn, request)
        parent = self.parent(given.pop("parent", None))
        return self.shown(add_theme(self.programme, by=self.actor, parent=parent, **given), status=201)


@extend_schema_view(
    get=shows("Show a theme", ThemeOut, query=[SNAPSHOT]),
    patch=changes("Edit, recode or move a theme", ThemeIn, ThemeOut, about="`parent` moves it with all below it."),
    delete=retires("Retire a theme", ThemeOut),
)
class OneTheme(_Themes):
    http_method_names = ["get", "patch", "delete", "head", "options"]
    query = frozenset({"snapshot"})

    def get(self, request: Request, slug: str, label: str) -> Response:
        theory = theory_then(self.programme, request)
        if theory is not None:
            return fresh_then(request, theory, theme_json(theme_then(theory, label), carried_then(theory)))
        answer = self.shown(find_theme(self.programme, label))
        if unchanged(request, answer["ETag"]):
            return Response(status=304, headers={"ETag": answer["ETag"]})
        return answer

    def patch(self, request: Request, slug: str, label: str) -> Response:
        given = read(ThemeIn, request, partial=True)
        theme, base = self.seen(request, label)
        moves, parent = "parent" in given, self.parent(given.pop("parent", None))
        reason = given.pop("reason", "")
        if given or not moves:
            theme = edit_theme(theme, by=self.actor, base=base, reason=reason, **given)
            base = theme.revision_number
        if moves:
            theme = move_theme(theme, by=self.actor, base=base, parent=parent, reason=reason)
        return self.shown(theme)

    def delete(self, request: Request, slug: str, label: str) -> Response:
        theme, base = self.seen(request, label)
        given = read(ReasonIn, request) if request.data else {}
        return self.shown(retire_theme(theme, by=self.actor, base=base, **given))


@extend_schema_view(post=acts("Restore a theme", ReasonIn, ThemeOut))
class RestoreTheme(_Themes):
    def act(self, request: Request, label: str) -> Response:
        given = read(ReasonIn, request)
        theme, base = self.seen(request, label)
        return self.shown(restore_theme(theme, by=self.actor, base=base, **given))


@extend_schema_view(
    post=acts(
        "Merge a theme into another", MergeIn, ThemeOut,
        about="Statements, elements and excerpts follow; its code stays another name.",
    )
)
class MergeTheme(_Themes):
    def act(self, request: Request, label: str) -> Response:
        given = read(MergeIn, request)
        theme, base = self.seen(request, label)
        into = Codes(self.programme).find([given.pop("into")], field_name="into")[0]
        merge_theme(theme, by=self.actor, base=base, into=into, **given)
        return self.shown(into)


@extend_schema_view(get=lists("List the revisions of a theme", ThemeRevisionOut, about="Newest first."))
class ThemeRevisions(Door):
    not_then = NO_HISTORY_THEN
    query = frozenset(PAGING)

    def get(self, request: Request, slug: str, label: str) -> Response:
        return whole(request, history_json(history_of(find_theme(self.programme, label))))
