"""Owns the bar of many at once: eight clients against one, nine requests in ten of them reads.

Each request comes over a connection of its own, as the proxy of docs/operators.md sends them: kept open, eight
connections stay with the worker that happened to take them, and the other one idles.
"""

import json
import random
import statistics
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

from bench.clients import Client
from bench.servers import App

CLIENTS = 8
# (weight, kind); the weights are per hundred
MIX = ((35, "statement"), (20, "list"), (15, "filter"), (10, "workbench"), (10, "page"), (10, "edit"))


@dataclass(frozen=True, slots=True)
class Crowd:
    """`gain`: requests a second of eight clients against one; `spread`: the worst p95 of a kind against its p50."""

    gain: float
    errors: int
    spread: float


@dataclass(slots=True)
class Tally:
    """What one run of clients saw."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: int = 0

    @property
    def answers(self) -> int:
        return sum(map(len, self.times.values()))


class Visitor:
    """One client with statements of its own to edit, so that no edit is refused as stale."""

    def __init__(self, app: App, at: int, tally: Tally) -> None:
        self.app, self.tally, self.chance = app, tally, random.Random(at)
        self.client = Client(app, {**app.token, **app.session, "Content-Type": "application/json"})
        self.numbers = app.way["statements"][60 + at * 10 : 70 + at * 10]

    def run(self, until: float) -> None:
        kinds = [kind for _weight, kind in MIX]
        weights = [weight for weight, _kind in MIX]
        while time.monotonic() < until:
            kind = self.chance.choices(kinds, weights)[0]
            begun = time.perf_counter()
            self.client.connect()
            status = self.edit() if kind == "edit" else self.client.ask(self.path(kind)).status
            self.tally.times[kind].append(time.perf_counter() - begun)
            self.tally.errors += status != 200

    def path(self, kind: str) -> str:
        api, slug, number = self.app.api, self.app.way["slug"], self.chance.choice(self.numbers)
        return {
            "statement": f"{api}/statements/{number}/",
            "list": f"{api}/statements/?page={self.chance.randint(1, 20)}",
            "filter": f"{api}/statements/?theme={self.chance.choice('COPGR')}&state=agreed&area={self.app.way['area']}",
            "workbench": f"/p/{slug}/theory?page={self.chance.randint(1, 20)}",
            "page": f"/p/{slug}/s/{number}",
        }[kind]

    def edit(self) -> int:
        path = f"{self.app.api}/statements/{self.chance.choice(self.numbers)}/"
        tag = self.client.ask(path).headers["ETag"]
        self.client.connect()
        said = f"If {self.chance.random()} is said, then it is kept, because somebody wrote it."
        body = json.dumps({"wording": said, "reason": "Measured."}).encode()
        return self.client.ask(path, method="PATCH", body=body, **{"If-Match": tag}).status


def _run(app: App, clients: int, seconds: float) -> Tally:
    tally = Tally()
    until = time.monotonic() + seconds
    visitors = [Visitor(app, at, tally) for at in range(clients)]
    threads = [threading.Thread(target=visitor.run, args=(until,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def measured(app: App, *, seconds: float, rounds: int) -> Crowd:
    """One client and eight in turn; the gain is the median over the rounds."""
    _run(app, CLIENTS, 1.0)  # every thread of every worker has its connection
    gains: list[float] = []
    errors = 0
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        one, many = _run(app, 1, seconds), _run(app, CLIENTS, seconds)
        gains.append(many.answers / one.answers)
        errors += one.errors + many.errors
        for kind, found in many.times.items():
            times[kind] += found
    spread = max(statistics.quantiles(found, n=20)[18] / statistics.median(found) for found in times.values())
    return Crowd(statistics.median(gains), errors, spread)
