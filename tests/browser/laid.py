"""Owns the example that browser tests begin with: made once in a run of the suite, copied by each of its processes."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg2

Make = Callable[[dict[str, str]], str]  # fills the database and the folder that an environment names; a token


@contextmanager
def laid(folder: Path, common: Path, make: Make) -> Iterator[tuple[dict[str, str], str]]:
    """(environment, token) of a database of its own with the example, and of `folder`, which goes with it.

    `common` is a folder that the processes of one run share. The database is a file, or one made beside that of
    DATABASE_URL and dropped afterwards.
    """
    given = os.environ.get("DATABASE_URL", "")
    first, kind = common / "example", _Beside(given) if given.startswith("postgres") else _File()
    first_name, own_name = f"example_{sha256(str(common).encode()).hexdigest()[:12]}", f"browser_{uuid4().hex[:12]}"
    with _alone(common):
        if not (first / "token").exists():
            shutil.rmtree(first, ignore_errors=True)
            first.mkdir()
            kind.create(first_name)
            made = make({"DATA_DIR": str(first), **kind.environment(first, first_name)})
            (first / "token").write_text(made)
        shutil.copytree(first, folder, dirs_exist_ok=True)
        kind.create(own_name, like=first_name)
    try:
        yield {"DATA_DIR": str(folder), **kind.environment(folder, own_name)}, (folder / "token").read_text()
    finally:
        kind.drop(own_name)
        with _alone(common):  # who comes after this makes it anew
            (first / "token").unlink(missing_ok=True)
            kind.drop(first_name)


@contextmanager
def _alone(common: Path) -> Iterator[None]:
    with (common / "example.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


class _File:
    """SQLite: the database is a file of the folder, copied with it."""

    def environment(self, folder: Path, _name: str) -> dict[str, str]:
        return {"DATABASE_URL": f"sqlite:///{folder / 'browser.sqlite3'}"}

    def create(self, name: str, *, like: str = "") -> None:
        pass

    def drop(self, name: str) -> None:
        pass


class _Beside:
    """PostgreSQL: a database beside that of an address."""

    def __init__(self, address: str) -> None:
        self._server = urlsplit(address)

    def environment(self, _folder: Path, name: str) -> dict[str, str]:
        return {"DATABASE_URL": urlunsplit(self._server._replace(path=f"/{name}"))}

    def create(self, name: str, *, like: str = "template1") -> None:
        self.drop(name)
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')

    def drop(self, name: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _do(self, command: str) -> None:
        door = psycopg2.connect(urlunsplit(self._server._replace(path="/postgres")))
        door.autocommit = True
        try:
            with door.cursor() as asking:
                asking.execute(command)
        finally:
            door.close()
