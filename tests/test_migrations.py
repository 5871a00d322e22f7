"""Claims about migrations: from nothing they make what the models say, guards and search included."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from tests.migrating import shape


@pytest.fixture
def elsewhere(db: None, tmp_path: Any) -> Iterator[tuple[str, Any]]:
    """(address, a way to connect) of an empty database of the same kind."""
    if connection.vendor == "sqlite":
        file = tmp_path / "migrated.sqlite3"
        yield f"sqlite:///{file}", lambda: sqlite3.connect(file)
        return
    at = connection.get_connection_params()
    own, name = at["dbname"], f"{at['dbname']}_migrated"
    where = {key: at[key] for key in ("user", "password", "host", "port") if at.get(key)}

    def admin(sql: str) -> None:
        with closing(psycopg2.connect(dbname=own, **where)) as server:
            server.autocommit = True
            server.cursor().execute(sql)

    admin(f'DROP DATABASE IF EXISTS "{name}"')
    admin(f'CREATE DATABASE "{name}"')
    try:
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        yield address, lambda: psycopg2.connect(dbname=name, **where)
    finally:
        admin(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_migrating_from_nothing_makes_what_the_models_say(elsewhere, tmp_path):
    address, connect = elsewhere
    surroundings = os.environ | {"DATABASE_URL": address, "DATA_DIR": str(tmp_path)}
    surroundings["DJANGO_SETTINGS_MODULE"] = "realist_eval.settings"
    asked = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"]
    done = subprocess.run(asked, cwd=settings.BASE_DIR, env=surroundings, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    with closing(connect()) as migrated, connection.cursor() as here:
        made = shape(migrated.cursor(), connection.vendor)
        wanted = shape(here, connection.vendor)
    assert {what: sorted(made.get(what, set()) ^ wanted.get(what, set())) for what in made.keys() | wanted.keys()} == {
        what: [] for what in made
    }
    assert sum(map(len, made.values())) > 500
