"""Claims about queries: whatever stands in a parameter, pages and API answer as always or refuse in one sentence."""

import inspect
import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.views import RedirectURLMixin
from django.urls import URLResolver, get_resolver

from cmo.evidence_filters import SourceFilter
from cmo.filters import StatementFilter
from programmes.log_forms import LogFilter
from realist_eval.openapi import schema
from tests.looking import writing
from tests.table import ROWS, Row, routes
from tests.worlds import address, client

# By what is strange about them. Every parameter meets every value somewhere, and one of each kind on every page.
STRANGE = {
    "no text": {
        "NUL": "%00",
        "NUL within": "a%00b",
        "a lone surrogate": "%ED%A0%80",
        "no UTF-8": "%FF%FE",
        "a control character": "%0B%1F",
    },
    "long": {
        "10,000 characters": "x" * 10_000,
        "10,000 words": "x+" * 10_000,
        "10,000 signs": "%25_\\" * 3_334,
        "60,000 bytes": "%F0%9F%8F%B4" * 15_000,
        "10,000 commas": "," * 10_000,
    },
    "beyond a number": {
        "2**31": str(2**31),
        "2**63": str(2**63),
        "2**64": str(2**64),
        "400 digits": "9" * 400,
    },
    "no count": {
        "a negative number": "-1",
        "zero": "0",
        "a float": "1e400",
        "Arabic digits": "%D9%A1%D9%A2",
    },
    "a date": {"the first day": "0001-01-01", "the last day": "9999-12-31T23:59:59-12:00"},
    "elsewhere": {
        "a path": "../../etc/passwd",
        "an address": "//elsewhere.example/",
        "an id": "00000000-0000-0000-0000-000000000000",
    },
    "nothing": {"nothing": ""},
}
READ = re.compile(r'(?:GET|query)(?:\.get\(|\.getlist\(|\[)"(\w+)"')
BY_FILTER = {
    "StatementFilter": {*StatementFilter.base_filters, "page", "page_size"},
    "LogFilter": set(LogFilter.base_fields),
    "SourceFilter": {*SourceFilter.base_filters, "page", "page_size", "view", "link"},
}
PAGES = [row for row in ROWS if row.reads and not row.api and not row.route.startswith("/")]
LISTS = [row for row in ROWS if row.reads and row.api and row.route != "api:schema"]


@pytest.fixture(scope="module")
def documented() -> dict[str, set[str]]:
    """{address of a route: the parameters that the schema has for its GET}."""
    return {
        address: {one["name"] for one in methods["get"].get("parameters", []) if one["in"] == "query"}
        for address, methods in schema()["paths"].items()
        if "get" in methods
    }


def views(resolver: Any = None, before: str = "") -> dict[str, Any]:
    """{name of a route: its view's class}, for pages."""
    found: dict[str, Any] = {}
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found |= views(entry, f"{before}{entry.namespace}:" if entry.namespace else before)
        elif entry.name and hasattr(entry.callback, "view_class"):
            found[f"{before}{entry.name}"] = entry.callback.view_class
    return found


def names_read(view: Any) -> set[str]:
    """The parameters that a view's own code asks for, its forms and filters included; `next` too where Django does."""
    ours = [kind for kind in view.__mro__ if kind.__module__.startswith(("programmes.", "cmo."))]
    source = "".join(inspect.getsource(kind) for kind in ours)
    names = set(READ.findall(source)) | ({"next"} if issubclass(view, RedirectURLMixin) else set())
    for used, more in BY_FILTER.items():
        names |= more if used in source else set()
    return names


def shared_out(names: dict[str, set[str]]) -> dict[str, list[tuple[str, str, str]]]:
    """{route: (parameter, what is strange, value)} for the parameters of each route.

    Routes that read the same parameter share the values of a kind among themselves; a parameter of one route meets all.
    """
    readers = {name: sorted(route for route in names if name in names[route]) for name in set().union(*names.values())}
    found = {}
    for route in names:
        found[route] = [
            (name, what, value)
            for name in sorted(names[route])
            for kind in STRANGE.values()
            for at, (what, value) in enumerate(kind.items())
            if (at - readers[name].index(route)) % min(len(kind), len(readers[name])) == 0
        ]
    return found


@pytest.fixture(scope="module")
def of_pages() -> dict[str, list[tuple[str, str, str]]]:
    found = views()
    return shared_out({row.route: names_read(found[row.route]) for row in PAGES})


@pytest.fixture(scope="module")
def of_operations(documented: dict[str, set[str]]) -> dict[str, list[tuple[str, str, str]]]:
    spelt = {route["name"]: re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route["address"]) for route in routes()}
    return shared_out({row.route: {*documented[spelt[row.route]], "nonsense"} for row in LISTS})


def asked(w: Any, row: Row, query: str) -> Any:
    knocks = client(w, "lead", "session", api=row.api)
    knocks.raise_request_exception = False
    answer = knocks.get(f"{address(w, row, 'lead').partition('?')[0]}?{query}")
    answer.whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.route)
def test_a_page_takes_any_query(row, of_pages, world):
    with writing() as seen:
        for name, what, value in of_pages[row.route]:
            answer = asked(world, row, f"{name}={value}")
            assert answer.status_code in {200, 302, 400, 404}, (name, what)
            if answer.status_code == 302:
                assert urlsplit(answer["Location"])[:2] == ("", ""), (name, what)
    assert not seen.changed(world.was)


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.route)
def test_an_operation_takes_any_query_as_documented(row, of_operations, world):
    with writing() as seen:
        for name, what, value in of_operations[row.route]:
            answer = asked(world, row, f"{name}={value}")
            assert answer.status_code in {200, 400, 404}, (name, what)
            if answer.status_code != 200:
                said = json.loads(answer.whole)
                assert answer["Content-Type"] == "application/problem+json", (name, what)
                assert len(said["detail"]) < 1000, (name, what)
                assert said["detail"].endswith((".", "?")), (name, what)
    assert not seen.changed(world.was)


def test_every_parameter_meets_every_value_and_every_route_each_kind(of_pages, of_operations):
    for shared in (of_pages, of_operations):
        pairs = {(name, what) for some in shared.values() for name, what, _value in some}
        values = {what for kind in STRANGE.values() for what in kind}
        assert pairs == {(name, what) for name, _what in pairs for what in values}
        for route, some in shared.items():
            met = {name: {what for one, what, _value in some if one == name} for name, _what, _value in some}
            assert all(met[name] & set(kind) for name in met for kind in STRANGE.values()), route


REFUSED = {
    "log.csv?who=%00": "Take out the character at position 1 (U+0000); it cannot be stored.",
    "log.json?who=a%0Bb": "Take out the character at position 2 (U+000B); it cannot be stored.",
    "log.csv?since=yesterday": "Write a date such as 2026-11-23.",
}


@pytest.mark.parametrize(("query", "said"), REFUSED.items(), ids=REFUSED)
def test_a_file_of_the_log_that_cannot_be_asked_for_leads_to_the_page_that_says_why(query, said, world):
    knocks = client(world, "viewer", "session", api=False)
    answer = knocks.get(f"/p/cse-test/settings/{query}", follow=True)
    assert answer.redirect_chain[0][0].startswith("/p/cse-test/settings?")
    assert said in answer.content.decode()


def test_every_page_that_reads_a_query_is_asked():
    pages = views()
    read = {row.route: names_read(pages[row.route]) - {"next"} for row in PAGES}
    assert read["settings"] >= {"who", "what", "since", "page"}
    assert read["workbench"] >= {"search", "theme", "area", "state", "phase", "incomplete", "ordering", "page"}
    assert read["statement"] >= {"from", "to", "view", "older"}
    assert read["codebook"] >= {"code", "q", "under", "retired"}
    assert read["areas"] == {"edit", "snapshot"}
