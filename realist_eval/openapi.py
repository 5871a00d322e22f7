"""Owns the OpenAPI document and its address.

It takes seconds to make, anybody may ask for it, and it cannot change while the process lives: so it is made once, and
written once in each format.
"""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = SchemaGenerator(api_version="v1").get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


@lru_cache(maxsize=4)
def _written(renderer: type[Any]) -> bytes:
    return bytes(renderer().render(schema(), renderer_context={}))


class _Kept(SchemaGenerator):  # type: ignore[no-untyped-call]
    def get_schema(self, request: HttpRequest | None = None, public: bool = False) -> dict[str, Any]:
        return schema()


class _Yaml(OpenApiYamlRenderer):
    def render(self, data: Any, media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return _written(OpenApiYamlRenderer) if data is schema() else super().render(data, media_type, renderer_context)


class _Json(OpenApiJsonRenderer):
    def render(self, data: Any, media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return _written(OpenApiJsonRenderer) if data is schema() else super().render(data, media_type, renderer_context)


class _PlainYaml(_Yaml):
    media_type = "application/yaml"


class _PlainJson(_Json):
    media_type = "application/json"


class Schema(SpectacularAPIView):
    """`/api/v1/schema/`, as YAML or JSON by the Accept header."""

    api_version = "v1"
    generator_class = _Kept
    renderer_classes = [_Yaml, _PlainYaml, _Json, _PlainJson]
