"""Owns the app as browser tests meet it: a server of its own with the example, on a database of its own."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.browser.laid import laid

HERE = Path(__file__).resolve().parents[2]
PASSWORD = "pass-for-browsers-1"
SLUG = "cse-wales"
PATIENCE = 60  # seconds for a server to come up on a busy machine


@dataclass
class Served:
    """A running app: `url`, and a script's way in with a token of the editor's."""

    url: str
    surroundings: dict[str, str]
    token: str = ""

    def manage(self, *arguments: str, stdin: str = "") -> str:
        """What a management command prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=HERE, env=self.surroundings, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def api(self, path: str, body: Any = None, more: dict[str, str] | None = None) -> Any:
        """The JSON that the API answers; `path` stands below the example programme unless it begins with a slash."""
        return self._ask(path, body, "GET" if body is None else "POST", more)[0]

    def statement(self, number: int) -> Any:
        return self.api(f"statements/{number}/")

    def revise(self, number: int, **words: Any) -> Any:
        """Somebody else's change of a statement, from whatever it now says."""
        path = f"statements/{number}/"
        _now, etag = self._ask(path, None, "GET")
        return self._ask(path, {"reason": "Changed by a script.", **words}, "PATCH", {"If-Match": etag})[0]

    def change(self, path: str, body: Any) -> Any:
        """A record, changed from whatever it now is."""
        _now, etag = self._ask(path, None, "GET")
        return self._ask(path, body, "PATCH", {"If-Match": etag})[0]

    def _ask(self, path: str, body: Any, method: str, more: dict[str, str] | None = None) -> tuple[Any, str]:
        """(JSON, ETag) of one request."""
        whole = f"{self.url}/api/v1{path}" if path.startswith("/") else f"{self.url}/api/v1/programmes/{SLUG}/{path}"
        sent = None if body is None else json.dumps(body).encode()
        given = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        asked = Request(whole, data=sent, method=method, headers=given | (more or {}))
        try:
            with urlopen(asked, timeout=60) as answer:
                return json.load(answer), answer.headers.get("ETag", "")
        except HTTPError as error:
            with error:
                raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from error


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serve(folder: Path, common: Path) -> Iterator[Served]:
    """The app with the example in `folder`, served until the end of the block as a real installation serves it.

    `common` is a folder that the processes of one run share.
    """
    unwanted = {"DEBUG", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "ALLOWED_HOSTS", "PUBLIC_URL", "EMAIL_URL"}
    surroundings = {name: value for name, value in os.environ.items() if name not in unwanted}
    surroundings |= {"DEMO_PASSWORD": PASSWORD, "LOG_LEVEL": "WARNING"}

    def make(where: dict[str, str]) -> str:
        app = Served("", surroundings | where)
        app.manage("demo", "--no-serve")
        return app.manage("create_token", "editor")

    with laid(folder, common, make) as (own, token):
        port = _free_port()
        served = Served(f"http://127.0.0.1:{port}", surroundings | own, token)
        with (folder / "log").open("w") as log:
            asked = ["gunicorn", "realist_eval.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
            server = subprocess.Popen(  # each spare connection of a browser takes a thread for up to five seconds
                [sys.executable, "-m", *asked, "--threads", "16", "--no-control-socket"],
                cwd=HERE, env=served.surroundings, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
            try:
                _await(port, server, folder / "log")
                yield served
            finally:
                server.terminate()
                server.wait(timeout=PATIENCE)


def _await(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        door = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            door.request("GET", "/healthz")
            if door.getresponse().status == 200:
                return
        except ConnectionError:
            time.sleep(0.05)
        finally:
            door.close()
    raise AssertionError(f"The server did not come up:\n{log.read_text()}")
