"""Owns the ground: what many tests begin with, built once and shared, in a transaction that is undone at its end.

Each test has a savepoint above it and copies of the objects, so that none sees what another did. A test that wants
other ground, or real transactions, first has it cleared away.
"""

import copy
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import StringIO
from types import SimpleNamespace
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from programmes.models import ApiToken
from tests.history_worlds import write_history
from tests.looking import stored
from tests.people import add_codebook, enlist_cast, found_elsewhere, found_programme
from tests.worlds import build


def _programme() -> SimpleNamespace:
    cast = enlist_cast()
    return SimpleNamespace(cast=cast, programme=found_programme(cast))


def _themes() -> SimpleNamespace:
    made = _programme()
    made.themes = add_codebook(made.programme, made.cast)
    return made


def _world() -> SimpleNamespace:
    made = _themes()
    world = build(made.programme, found_elsewhere(), made.cast, made.themes)
    ApiToken.objects.update(last_used=timezone.now() + timedelta(days=1))  # used so lately that no use of them is noted
    world.was = stored()  # the same for every test, as each ends by undoing what it did
    return SimpleNamespace(world=world)


def _history() -> SimpleNamespace:
    made = _themes()
    write_history(made.programme, made.themes, made.cast)
    made.history = True
    return made


def _example() -> SimpleNamespace:
    printed = StringIO()
    with override_settings(DEMO_PASSWORD="demo-pass-1234"):
        call_command("demo", "--no-serve", stdout=printed)
    return SimpleNamespace(printed=printed.getvalue())


def _above_a_codebook(build: Callable[..., None], *given: Any) -> SimpleNamespace:
    made = _themes()
    build(made, *given)
    return made


NO_CALL = SimpleNamespace(params={})
# By the fixture that asks for it; the first that a test asks for is what it stands on.
KINDS: dict[str, Callable[[], SimpleNamespace]] = {
    "whole_world": _world,
    "demo": _example,
    "history": _history,
    "themes": _themes,
    "programme": _programme,
}


def kind_for(test: Any) -> tuple[str, Callable[[], SimpleNamespace] | None]:
    """(name, how it is built) of what a test, or the request of one, stands on.

    A module may have ground of its own, above a codebook: `GROUND = {"gathered": build}`. What a test asks for as
    `gathered` is built by `build(made)`, which is given `.cast`, `.programme` and `.themes` and may add to them; with
    the parameter of that fixture, if it has one.
    """
    item = getattr(test, "node", test)
    asked = set(getattr(item, "fixturenames", ()))
    for name, lay in getattr(getattr(item, "module", None), "GROUND", {}).items():
        if name in asked:
            given = [item.callspec.params[name]] if name in getattr(item, "callspec", NO_CALL).params else []
            return f"{item.module.__name__}:{name}:{given}", partial(_above_a_codebook, lay, *given)
    return next(((name, build) for name, build in KINDS.items() if name in asked), ("", None))


class Ground:
    """What stands in the database of this process below the savepoint of a test."""

    def __init__(self, blocker: Any) -> None:
        self._blocker = blocker
        self._kind = ""
        self._made = SimpleNamespace()
        self._outer: Any = None

    def lay(self, test: Any) -> None:
        """Let stand what a test asks for, and nothing else; for None, nothing."""
        kind, build = kind_for(test) if test else ("", None)
        if kind == self._kind and not (kind and connection.needs_rollback):
            return
        self.clear()
        if build is None:
            return
        with self._blocker.unblock():
            self._outer = transaction.atomic()
            self._outer.__enter__()
            self._kind = kind
            try:
                self._made = build()
                # Seen to here: what is still to be looked at, each test above would look at again at its end.
                connection.check_constraints()
            except BaseException:
                self.clear()
                raise

    def copy(self) -> SimpleNamespace:
        """What stands, for one test to do with as it likes."""
        return copy.deepcopy(self._made)

    def clear(self) -> None:
        outer, self._outer, self._kind, self._made = self._outer, None, "", SimpleNamespace()
        if outer:
            with self._blocker.unblock():
                connection.set_rollback(True)
                outer.__exit__(None, None, None)
