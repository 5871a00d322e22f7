"""Owns the list of every address with what may be asked of it, for reviews of access and the tests that walk it."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

Route = dict[str, Any]


class Command(BaseCommand):
    help = "List every address of pages and API with its name and methods."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as a list of objects")

    def handle(self, *_args: Any, json: bool, **_options: Any) -> None:
        routes = sorted(_walk(get_resolver()), key=lambda route: route["address"])
        self.stdout.write(_as_json(routes) if json else _as_lines(routes))


def _walk(resolver: URLResolver, before: str = "/", names: tuple[str, ...] = ()) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, address, (*names, entry.namespace) if entry.namespace else names)
        else:
            yield {"name": ":".join([*names, entry.name or ""]), "address": address, "methods": _methods(entry)}


def _methods(entry: URLPattern) -> list[str]:
    """What the view answers beside HEAD and OPTIONS, which follow from the others; a plain function is read only."""
    view = getattr(entry.callback, "view_class", None) or getattr(entry.callback, "cls", None)
    if view is None:
        return ["GET"]
    return sorted(name.upper() for name in view.http_method_names if name not in _FOLLOW and hasattr(view, name))


_FOLLOW = {"head", "options", "trace"}


def _as_json(routes: list[Route]) -> str:
    return json.dumps(routes, indent=1)


def _as_lines(routes: list[Route]) -> str:
    return "\n".join(f"{' '.join(route['methods']):20} {route['address']:75} {route['name']}" for route in routes)
