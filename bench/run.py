"""Owns the bars of speed, growth and memory: one table a database, each figure a ratio taken in this one run.

python -m bench.run [--quick] [--database sqlite|postgresql|both] [--keep FOLDER] [--only WORD]
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import crowd, words
from bench.clients import Ask, Client, getting, ratio
from bench.servers import App, Peak, app_on, ground

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    figure: float
    bar: float
    unit: str = "×"
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.figure >= self.bar if self.at_least else self.figure <= self.bar


@dataclass(frozen=True, slots=True)
class Size:
    """How much is asked: rounds, requests of each side in a round, and how many statements the large theory has."""

    rounds: int
    each: int
    main: int
    large: int
    seconds: float


# Each finds 50 and more among 1,000 statements.
QUESTIONS = {
    "one word": "trust",
    "two words": "families+concern",
    "two words, one kind": "guidance+supervision&kind=statement",
    "a beginning": "superv",
}
FULL, QUICK = Size(7, 20, 10_000, 100_000, 6.0), Size(3, 6, 2_000, 10_000, 2.0)


class Bench:
    """The rows for one database."""

    def __init__(self, main: App, small: App, middle: App, large: App, size: Size) -> None:
        self.main, self.small, self.middle, self.large, self.size = main, small, middle, large, size
        self.slug = main.way["slug"]

    def compare(self, what: str, bar: float, one: Ask, other: Ask, *, share: int = 1) -> Row:
        each = max(3, self.size.each // share)
        return Row(what, ratio(one, other, rounds=self.size.rounds, each=each), bar)

    def bare(self) -> Ask:
        return getting(self.main, "/bench/bare")

    # ---- reading

    def reading(self) -> Iterator[Row]:
        main, api, token = self.main, self.main.api, self.main.token
        listed = f"{api}/statements/?page_size=100"
        yield self.compare(
            "API list of 100, against raw", 3, getting(main, listed, token), getting(main, f"/bench/raw/{self.slug}")
        )
        yield self.compare(
            "API list of 100, against stock", 0.35,
            getting(main, listed, token), getting(main, f"/bench/stock/{self.slug}"), share=2,
        )  # fmt: skip
        one = f"{api}/statements/{main.way['statements'][0]}/"
        yield self.compare("API statement, against bare", 5, getting(main, one, token), self.bare())
        tag = Client(main, token).ask(one).headers["ETag"]
        yield self.compare(
            "API statement unchanged (304), against bare", 2.5,
            getting(main, one, {**token, "If-None-Match": tag}, expect=304), self.bare(),
        )  # fmt: skip
        query = f"theme=O&state=agreed&area={main.way['area']}"
        yield self.compare(
            "API filter by theme and below, state and area, against raw", 3,
            getting(main, f"{listed}&{query}", token), getting(main, f"/bench/raw/{self.slug}?{query}"),
        )  # fmt: skip

    def pages(self) -> Iterator[Row]:
        main, session, slug = self.main, self.main.session, self.slug
        yield self.compare(
            "workbench, 50 statements, against bare", 40,
            getting(main, f"/p/{slug}/theory", session), self.bare(), share=2,
        )  # fmt: skip
        yield self.compare(
            "statement page, 20 revisions and a difference, against bare", 25,
            getting(main, f"/p/{slug}/s/1?from=1&to=20", session), self.bare(), share=2,
        )  # fmt: skip

    # ---- writing

    def editing(self) -> Iterator[Row]:
        yield self.compare("edit: words, themes, revision, log; durable; against bare", 10, self._edit(), self.bare())

    def _edit(self) -> Ask:
        """Edits of one statement after another, each with the ETag that the last answer for it carried."""
        client = Client(self.main, {**self.main.token, "Content-Type": "application/json"})
        numbers = self.main.way["statements"]
        tags: dict[int, str] = {}
        done = 0

        def ask() -> float:
            nonlocal done
            done += 1
            number = numbers[done % 50]
            path = f"{self.main.api}/statements/{number}/"
            if number not in tags:
                tags[number] = client.ask(path).headers["ETag"]
            themes = ["O1", "P2"] if (done // 50) % 2 else ["O1", "C3"]
            wording = f"If edit {done} is saved at once, then the team sees it, because number {done} is kept."
            body = json.dumps({"wording": wording, "themes": themes, "reason": "Measured."}).encode()
            answer = client.ask(path, method="PATCH", body=body, **{"If-Match": tags[number]})
            if answer.status != 200:
                raise SystemExit(f"An edit answered {answer.status}: {answer.body[:300]!r}")
            tags[number] = answer.headers["ETag"]
            return answer.seconds

        return ask

    # ---- growth

    def growth(self) -> Iterator[Row]:
        """The same question to a theory of 100 statements and to one of 100,000."""
        for what, first, last in self._lists():
            for which, number in (("first", first), ("last", last)):
                yield self.compare(
                    f"{what}, {which} page, {self.size.large:,} against 100 statements", 1.3,
                    number(self.large), number(self.small), share=2,
                )  # fmt: skip
        for what, path in (("statement page", "/s/1"), ("overview", "/"), ("codebook", "/codebook")):
            sides = (getting(app, f"/p/{self.slug}{path}", app.session) for app in (self.large, self.small))
            yield self.compare(f"{what}, {self.size.large:,} against 100 statements", 1.3, *sides, share=2)

    def searching(self) -> Iterator[Row]:
        """The same question to a theory of 1,000 statements and to one of 100,000."""
        for name, question in QUESTIONS.items():
            path = f"{self.main.api}/search/?q={question}&page_size=50"
            sides = (getting(app, path, app.token) for app in (self.large, self.middle))
            yield self.compare(f"search by {name}, {self.size.large:,} against 1,000", 1.5, *sides, share=2)

    def _lists(self) -> Iterator[tuple[str, "Asker", "Asker"]]:
        yield "API list", Asker("api", 50, last=False), Asker("api", 50, last=True)
        yield "workbench", Asker("page", 50, last=False), Asker("page", 50, last=True)

    # ---- export

    def exporting(self) -> Iterator[Row]:
        main = self.main
        for name in ("json", "csv"):
            app, raw = f"{main.api}/export/?as={name}", f"/bench/dump/{self.slug}?as={name}"
            firsts: list[float] = []
            wholes: list[float] = []
            asking, dumping = Client(main, main.token), Client(main)

            def export(path: str, firsts: list[float], wholes: list[float], client: Client = asking) -> float:
                answer = client.drain(path)
                firsts.append(answer.first)
                wholes.append(answer.seconds)
                return answer.seconds

            def dump(path: str, client: Client = dumping) -> float:
                return client.drain(path).seconds

            found = ratio(partial(export, app, firsts, wholes), partial(dump, raw), rounds=3, each=3)
            yield Row(f"export as {name}, against the raw dump", found, 3)
            share = sorted(firsts)[len(firsts) // 2] / sorted(wholes)[len(wholes) // 2]
            yield Row(f"export as {name}, first byte, share of the whole", share, 0.1)
        for app, n in ((main, self.size.main), (self.large, self.size.large)):
            client = Client(app, app.token)
            with Peak(app) as peak:
                client.drain(f"{app.api}/export/?as=json")
                client.drain(f"{app.api}/export/?as=csv")
            yield Row(f"export of {n:,}, memory above the start", peak.above / MB, 50, " MB")

    # ---- words, crowd, memory

    def rest(self) -> Iterator[Row]:
        for what, seconds, bar in words.measured():
            yield Row(what, seconds * 1000, bar * 1000, " ms")
        found = crowd.measured(self.main, seconds=self.size.seconds, rounds=3 if self.size is FULL else 1)
        yield Row("8 clients on 2 workers, 90 % reads, against 1 client", found.gain, 1.6, at_least=True)
        yield Row("8 clients: answers that are errors", found.errors, 0, "")
        yield Row("8 clients: worst p95 against its p50", found.spread, 6)
        yield Row("memory of two workers after all this", self.main.memory() / MB, 220, " MB")


@dataclass(frozen=True, slots=True)
class Asker:
    """Makes a side that asks one app for the first or the last page of a list."""

    kind: str
    size: int
    last: bool

    def __call__(self, app: App) -> Ask:
        number = -(-app.way["in_use"] // self.size) if self.last else 1
        # A last page may hold fewer rows; both sides are asked for a page of equal length.
        page = number - 1 if self.last and app.way["in_use"] % self.size else number
        query = f"?page={page}&page_size={self.size}"
        if self.kind == "api":
            return getting(app, f"{app.api}/statements/{query}", app.token)
        return getting(app, f"/p/{app.way['slug']}/theory{query}", app.session)


def shown(row: Row) -> str:
    figure = f"{row.figure:,.2f}{row.unit}" if row.unit == "×" else f"{row.figure:,.1f}{row.unit}"
    sign = "≥" if row.at_least else "≤"
    verdict = "holds" if row.holds else "DOES NOT HOLD"
    return f"| {row.what:<66} | {figure:>10} | {sign} {row.bar:g}{row.unit} | {verdict} |"


def measure(kind: str, size: Size, keep: Path | None, only: str) -> bool:
    """Print the table of one database; whether every row holds."""
    with ground(kind, keep) as (folder, server, stack):
        main = app_on(stack, kind, folder, server, statements=size.main, revisions=3, keep=bool(keep))
        small, middle, large = (
            app_on(stack, kind, folder, server, statements=n, revisions=1, keep=bool(keep))
            for n in (100, 1000, size.large)
        )
        print(f"\n{kind}, {size.main:,} statements, 2 workers\n", flush=True)
        print("| what | figure | bar | |\n|---|---:|---|---|", flush=True)
        bench, hold = Bench(main, small, middle, large, size), True
        parts = [bench.reading, bench.pages, bench.editing, bench.growth, bench.searching, bench.exporting, bench.rest]
        for part in parts:
            if only in ("", part.__name__):
                for row in part():
                    print(shown(row), flush=True)
                    hold = hold and row.holds
    return hold


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller theories: a look, not a figure")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--keep", type=Path, help="a folder: databases stay, and are used again the next time")
    parser.add_argument("--only", default="", help="reading, pages, editing, growth, searching, exporting or rest")
    given = parser.parse_args(arguments)
    kinds = ["sqlite", "postgresql"] if given.database == "both" else [given.database]
    found = [measure(kind, QUICK if given.quick else FULL, given.keep, given.only) for kind in kinds]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
