"""Owns how the bench asks: over connections that are kept open, and always two sides in turn."""

import http.client
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.servers import App

Ask = Callable[[], float]  # asks once and says how many seconds it took


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `first` and `seconds` are from the sending to the first byte of the body and to its end."""

    status: int
    headers: Any
    body: bytes
    first: float
    seconds: float


class Client:
    """One connection to an app."""

    def __init__(self, app: App, headers: dict[str, str] | None = None) -> None:
        self.headers = headers or {}
        self.connection = http.client.HTTPConnection("127.0.0.1", app.port, timeout=120)
        self.connect()

    def connect(self) -> None:
        """A new connection instead of the one so far."""
        self.connection.close()
        self.connection.connect()

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        begun = time.perf_counter()
        self.connection.request(method, path, body, {**self.headers, **headers})
        found = self.connection.getresponse()
        start = found.read(1)
        first = time.perf_counter() - begun
        rest = found.read()
        return Answer(found.status, found.headers, start + rest, first, time.perf_counter() - begun)

    def drain(self, path: str) -> Answer:
        """Ask for something long and let go of it as it comes."""
        begun = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        found = self.connection.getresponse()
        found.read(1)
        first = time.perf_counter() - begun
        while found.read(1 << 16):
            pass
        return Answer(found.status, found.headers, b"", first, time.perf_counter() - begun)


def getting(app: App, path: str, headers: dict[str, str] | None = None, *, expect: int = 200, **more: str) -> Ask:
    """A side that gets one address again and again over its own connection; another status than `expect` ends all."""
    client = Client(app, {**(headers or {}), **more})

    def ask() -> float:
        answer = client.ask(path)
        if answer.status != expect:
            raise SystemExit(f"{path} answered {answer.status}: {answer.body[:300]!r}")
        return answer.seconds

    return ask


def ratio(one: Ask, other: Ask, *, rounds: int, each: int) -> float:
    """How many times as long `one` takes as `other`: the median over rounds of the ratio of a round's medians.

    The sides take turns request by request, in a new order each time, so that what else the machine does meets both.
    """
    chance = random.Random(0)
    for _ in range(5):
        one(), other()
    found = []
    for _ in range(rounds):
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(each):
            for side in chance.sample((0, 1), 2):
                times[side].append((one, other)[side]())
        found.append(statistics.median(times[0]) / statistics.median(times[1]))
    return statistics.median(found)
