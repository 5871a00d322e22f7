"""Owns the bar that nothing is lost: many clients edit few statements, and every acknowledged edit must be there.

python -m bench.edits [--edits 10000] [--clients 16] [--statements 20] [--database sqlite|postgresql|both]
"""

import argparse
import json
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from bench.clients import Client
from bench.servers import App, app_on, ground


@dataclass(slots=True)
class Ledger:
    """What the clients were told: the words that each acknowledged edit was sent with, under its revision."""

    wanted: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    told: dict[tuple[int, int], str] = field(default_factory=dict)  # (statement, revision): wording
    twice: int = 0  # one revision acknowledged to two clients
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def full(self) -> bool:
        return len(self.told) >= self.wanted

    def note(self, status: int, number: int, revision: int, wording: str) -> None:
        with self.lock:
            self.answers[status] += 1
            if status == 200:
                self.twice += (number, revision) in self.told
                self.told[number, revision] = wording


class Editor:
    """One client: reads a statement, changes it, and reads again when somebody was quicker."""

    def __init__(self, app: App, numbers: list[int], ledger: Ledger, at: int) -> None:
        self.app, self.numbers, self.ledger, self.at = app, numbers, ledger, at
        self.chance = random.Random(at)
        self.client = Client(app, {**app.token, "Content-Type": "application/json"})

    def run(self) -> None:
        done = 0
        while not self.ledger.full:
            number = self.chance.choice(self.numbers)
            path = f"{self.app.api}/statements/{number}/"
            tag = self.client.ask(path).headers["ETag"]
            done += 1
            wording = f"If client {self.at} writes edit {done}, then it is kept, because it was acknowledged."
            body = json.dumps({"wording": wording, "reason": f"{self.at}.{done}"}).encode()
            answer = self.client.ask(path, method="PATCH", body=body, **{"If-Match": tag})
            revision = json.loads(answer.body)["revision"] if answer.status == 200 else 0
            self.ledger.note(answer.status, number, revision, wording)


def _kept(app: App, number: int) -> dict[int, str]:
    """{revision: wording} of a statement, as the API tells its history."""
    client, found = Client(app, app.token), {}
    path = f"{app.api}/statements/{number}/revisions/?page_size=200"
    while path:
        page = json.loads(client.ask(path).body)
        found |= {row["number"]: row["wording"] for row in page["results"]}
        path = (page["next"] or "").partition(f":{app.port}")[2]
    return found


def _verdict(app: App, numbers: list[int], ledger: Ledger, before: dict[int, int]) -> dict[str, int]:
    lost = doubled = gaps = unasked = 0
    for number in numbers:
        kept = _kept(app, number)
        told = {revision: words for (at, revision), words in ledger.told.items() if at == number}
        lost += sum(kept.get(revision) != words for revision, words in told.items())
        new = {revision: words for revision, words in kept.items() if revision > before[number]}
        doubled += len(new) - len(set(new.values()))
        gaps += sorted(kept) != list(range(1, len(kept) + 1))
        unasked += len(new) - len(told)
    return {
        "acknowledged edits lost": lost,
        "edits written twice": doubled + ledger.twice,
        "statements with a gap in their revisions": gaps,
        "revisions that nobody was told of": unasked,
        "answers 5xx": sum(n for status, n in ledger.answers.items() if status >= 500),
    }


def measure(kind: str, *, edits: int, clients: int, statements: int) -> bool:
    """Run the edits on one database and print what was found; whether nothing was lost."""
    with ground(kind, None) as (folder, server, stack):
        app = app_on(stack, kind, folder, server, statements=100, revisions=1, keep=False)
        numbers, ledger = app.way["statements"][:statements], Ledger(edits)
        before = {number: max(_kept(app, number)) for number in numbers}
        threads = [threading.Thread(target=Editor(app, numbers, ledger, at).run) for at in range(clients)]
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = _verdict(app, numbers, ledger, before)
        answers = ", ".join(f"{n} × {status}" for status, n in sorted(ledger.answers.items()))
        seconds = time.monotonic() - begun
        print(f"\n{kind}: {len(ledger.told):,} acknowledged edits by {clients} clients in {seconds:.0f} s")
        print(f"  answers: {answers}")
        for what, n in found.items():
            print(f"  {what}: {n}")
        return not any(found.values())


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--statements", type=int, default=20)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    given = parser.parse_args(arguments)
    kinds = ["sqlite", "postgresql"] if given.database == "both" else [given.database]
    sizes = {"edits": given.edits, "clients": given.clients, "statements": given.statements}
    found = [measure(kind, **sizes) for kind in kinds]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
