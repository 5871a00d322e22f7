"""Owns how a row of the table of access is written; tests/table.py and the tables of its parts hold the rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from programmes.vocabulary import Verb

ANYONE, PERSON = "anyone", "person"
WORLD = Any


@dataclass(frozen=True, slots=True)
class Row:
    """`ok` is the answer to those who may; `at` the parts of the address beside the programme's slug, by name."""

    route: str
    method: str
    may: Verb | str
    ok: int = 200
    at: tuple[tuple[str, str], ...] = ()  # (name in the address, attribute of the world)
    data: Callable[[WORLD], Any] | None = None
    base: int | str | None = None  # for If-Match
    before: Callable[[WORLD], Any] | None = None  # what must have happened first
    writes: bool = True
    query: str = ""
    signed_in: int = 0  # the answer to those who are signed in, where it is another

    @property
    def key(self) -> tuple[str, str]:
        return (self.route, self.method)

    @property
    def api(self) -> bool:
        return self.route.startswith("api:")

    @property
    def reads(self) -> bool:
        return self.method == "GET"


def page(route: str, may: Verb | str, ok: int = 200, **more: Any) -> Row:
    return Row(route, "GET", may, ok, **more)


def form(route: str, may: Verb | str, data: Any = None, ok: int = 302, **more: Any) -> Row:
    return Row(route, "POST", may, ok, data=data, **more)


def get(route: str, may: Verb | str = Verb.READ, **more: Any) -> Row:
    return Row(f"api:{route}", "GET", may, **more)


def send(method: str, route: str, may: Verb | str, data: Any, ok: int = 200, **more: Any) -> Row:
    return Row(f"api:{route}", method, may, ok, data=data, **more)


NEW = "If a door is open, then people come in, because it is easy."
READ, WRITE, CLASSIFY, MANAGE = Verb.READ, Verb.WRITE, Verb.CLASSIFY, Verb.MANAGE


def base(n: int, **more: Any) -> Callable[[WORLD], dict[str, Any]]:
    return lambda w: {"base": n, **more}


def just(**data: Any) -> Callable[[WORLD], dict[str, Any]]:
    return lambda w: data


def of(name: str) -> tuple[tuple[str, str], ...]:
    """The part of an address that is the number of a record, by its name in the world."""
    return (("number", name),)
