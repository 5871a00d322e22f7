"""Owns theory in bulk for the bench: the same for a seed, as the rules would have written it.

python -m bench.generate --statements 10000 --revisions 3

Writes into the database of DATABASE_URL, once (a programme that is there stays), and prints as JSON how to get in:
the programme's slug, a token, a session, and the addresses that the bench asks for.
"""

import argparse
import json
import os
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "realist_eval.settings")
    django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, transaction

from cmo import wording as parsing
from cmo.folding import fold, sameness
from cmo.models import RevisionTheme, Statement, StatementRevision, StatementTheme, TheoryArea
from cmo.rules.arranging import NOWHERE, add_area
from cmo.rules.indexing import statement_entry
from cmo.rules.recounting import recount
from cmo.vocabulary import Change, Lacks, State
from programmes.access import Actor
from programmes.models import AuditEvent, AuditHead, Person, Phase, Programme, Theme
from programmes.rules.classifying import add_theme
from programmes.rules.enrolling import enrol
from programmes.rules.founding import found
from programmes.rules.indexing import index
from programmes.rules.issuing_tokens import issue_token
from programmes.rules.phasing import open_phase
from programmes.rules.recording import chained, scope_of, seal

SLUG = "bench"
START = datetime(2024, 1, 8, 9, tzinfo=UTC)
BATCH = 2000
LONG = 20  # revisions of statement 1, whatever the others have

WHO = (
    "social workers", "the young person", "practitioners", "team managers", "parents and carers", "school staff",
    "police officers", "health visitors", "the safeguarding lead", "foster carers", "youth workers",
    "multi-agency teams",
)  # fmt: skip
WHEN = (
    "in the first weeks after a referral", "where services share one building", "under heavy caseloads",
    "in rural areas with few services", "when earlier help has broken down", "after a missing episode",
    "while the family is still in contact", "in teams with settled staff",
)  # fmt: skip
DO = (
    "work through the guidance together in supervision", "keep the same contact over several months",
    "share what they know before the strategy meeting", "listen without asking for a disclosure",
    "are given protected time for reflection", "agree who will do what and write it down",
    "explain to the family what happens with the information", "notice small changes in everyday behaviour",
)  # fmt: skip
FOLLOWS = (
    "are more likely to raise a concern at an early point", "stay engaged with the plan for longer",
    "use the same words for the same risks", "spend less time on repeated assessments",
    "come forward on their own terms", "decide together instead of one after another",
    "recognise exploitation where they used to see behaviour", "follow up what was promised to the family",
)  # fmt: skip
WHY = (
    "trust grows from promises that are kept", "they feel that their judgement is taken seriously",
    "the fear of being blamed becomes smaller", "they can see what difference the work makes",
    "roles and thresholds are clear to everyone", "shame gives way to a sense of being believed",
    "nobody has to carry the risk alone", "what is known no longer gets lost between services",
)  # fmt: skip
AREAS = (
    "Implementation plans", "Trusted relationships", "Sharing information", "Workforce and supervision",
    "Families and carers", "Recognising exploitation",
)  # fmt: skip
CATEGORIES = {
    "C": "Contexts", "O": "Organisation", "P": "Practice", "G": "Guidance", "R": "Relationships",
}  # fmt: skip
PER_CATEGORY, WITH_BELOW = 7, 4  # themes of a category, and how many of those have one below them


def sentence(chance: random.Random) -> str:
    """An if–then–because of 25 to 50 words; one in ten lacks its because."""
    first, second = chance.sample(WHO, 2)
    opening = f"If {first} {chance.choice(DO)} {chance.choice(WHEN)}"
    if chance.random() < 0.5:
        opening += f" and {second} {chance.choice(DO)}"
    text = f"{opening}, then {second} {chance.choice(FOLLOWS)}"
    if chance.random() < 0.1:
        return f"{text} and {chance.choice(FOLLOWS)}."
    text += f", because {chance.choice(WHY)}"
    return f"{text} and {chance.choice(WHY)}." if chance.random() < 0.6 or len(text.split()) < 25 else f"{text}."


# ---- around the statements, by the rules


def _programme(by: Actor) -> Programme:
    programme = found(by=by, title="Bench", slug=SLUG, summary="Made for measuring.")
    open_phase(programme.phases.select_related("programme").get(slug="gleaning"), by=by, base=1)
    for title in AREAS:
        add_area(programme, by=by, title=title)
    for letter, name in CATEGORIES.items():
        top = add_theme(programme, by=by, code=letter, name=name)
        for at in range(1, PER_CATEGORY + 1):
            theme = add_theme(programme, by=by, parent=top, code=f"{letter}{at}", name=f"{name}, theme {at}")
            if at <= WITH_BELOW:
                add_theme(programme, by=by, parent=theme, code=f"{letter}{at}.1", name=f"{name}, theme {at}, narrower")
    return programme


# ---- the statements, many at a time


class Writer:
    """Writes statements with their histories and log rows, in the order of time, in batches."""

    def __init__(self, programme: Programme, by: Person, seed: int) -> None:
        self.programme, self.by = programme, by
        self.chance = random.Random(seed)
        self.areas: Sequence[TheoryArea] = [*TheoryArea.objects.filter(programme=programme)]
        self.themes = [*Theme.objects.filter(programme=programme).order_by("pk").values_list("pk", flat=True)]
        self.phase = Phase.objects.get(programme=programme, state="open")
        self.head = AuditHead.objects.get(scope=scope_of(programme))

    def write(self, n: int, revisions: int) -> None:
        for first in range(1, n + 1, BATCH):
            numbers = range(first, min(first + BATCH, n + 1))
            self._batch([(number, LONG if number == 1 else revisions) for number in numbers])
        self.head.save()
        Programme.objects.filter(pk=self.programme.pk).update(last_statement=n)
        recount(self.programme)

    def _batch(self, wanted: list[tuple[int, int]]) -> None:
        carried = [self.chance.sample(self.themes, self.chance.choice((0, 1, 1, 2, 2, 2, 3, 3, 4))) for _ in wanted]
        statements = [
            self._statement(number, revisions, themes)
            for (number, revisions), themes in zip(wanted, carried, strict=True)
        ]
        Statement.objects.bulk_create(statements)
        pairs = list(zip(statements, carried, strict=True))
        StatementTheme.objects.bulk_create(
            StatementTheme(statement=statement, theme_id=theme) for statement, themes in pairs for theme in themes
        )
        histories = [(self._history(statement), themes) for statement, themes in pairs]
        StatementRevision.objects.bulk_create(row for rows, _themes in histories for row in rows)
        RevisionTheme.objects.bulk_create(
            RevisionTheme(revision=row, theme_id=theme)
            for rows, themes in histories
            for row in rows
            for theme in themes
        )
        index(self.programme, map(statement_entry, statements))
        AuditEvent.objects.bulk_create(self._event(row, themes) for rows, themes in histories for row in rows)

    def _statement(self, number: int, revisions: int, themes: Sequence[int]) -> Statement:
        text = sentence(self.chance)
        spans = parsing.find_parts(text)
        because = parsing.part_text(text, spans, parsing.Part.BECAUSE)
        area = self.chance.choice([*self.areas, None])
        created = START + timedelta(minutes=10 * number)
        return Statement(
            programme=self.programme,
            number=number,
            wording=text,
            parts=parsing.pack(spans),
            area=area,
            area_position=area.position if area else NOWHERE,
            state=self.chance.choices((State.DRAFT, State.AGREED, State.RETIRED), (60, 37, 3))[0]
            if number > 1
            else State.DRAFT,
            origin=self.phase,
            revision_number=revisions,
            lacks=(0 if because else Lacks.BECAUSE) | (0 if themes else Lacks.THEMES),
            folded=fold(text),
            sameness=sameness(text),
            created=created,
            updated=created + timedelta(minutes=revisions - 1),
            updated_by=self.by,
        )

    def _history(self, statement: Statement) -> list[StatementRevision]:
        """Earlier revisions end in other words; the last is the statement as it stands."""
        last = statement.revision_number
        return [
            self._revision(
                statement, number, statement.wording if number == last else self._earlier(statement.wording)
            )
            for number in range(1, last + 1)
        ]

    def _earlier(self, text: str) -> str:
        before, comma, _rest = text.rpartition(",")
        return f"{before}{comma} because {self.chance.choice(WHY)}."

    def _revision(self, statement: Statement, number: int, text: str) -> StatementRevision:
        is_last = number == statement.revision_number
        return StatementRevision(
            statement=statement,
            number=number,
            wording=text,
            parts=statement.parts if is_last else parsing.pack(parsing.find_parts(text)),
            area=statement.area,
            state=statement.state,
            change=Change.NEW if number == 1 else Change.REWORDED,
            reason="" if number == 1 else "Closer to what was said in the interviews.",
            author=self.by,
            at=statement.created + timedelta(minutes=number - 1),
            phase=self.phase,
        )

    def _event(self, row: StatementRevision, themes: Sequence[int]) -> AuditEvent:
        event = AuditEvent(
            scope=self.head.scope,
            number=self.head.number + 1,
            programme=self.programme,
            actor=self.by,
            at=row.at,
            via="bench",
            verb=str(row.change.value),
            record=row.statement.label,
            detail={"revision": row.number, "change": row.change.value},
            reason=row.reason,
            seals=seal(row, themes=sorted(themes)),
        )
        event.digest = chained(self.head.digest, event)
        self.head.number, self.head.digest = event.number, event.digest
        return event


# ---- the way in


def prepare(statements: int, revisions: int, seed: int) -> dict[str, Any]:
    """Make what is missing; how to get in and what to ask for."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    person = Person.objects.filter(username="bench").first()
    if person is None:
        with transaction.atomic():
            person = enrol(username="bench", password="a password for the bench", email="", first_name="Bench",
                           last_name="Lead", via="bench")  # fmt: skip
            programme = _programme(Actor(person, via="bench", at=START))
            Writer(programme, person, seed).write(statements, revisions)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # as the server does by itself within minutes
    programme = Programme.objects.get(slug=SLUG)
    kept = Statement.objects.filter(programme=programme).count()
    if kept != statements:
        raise SystemExit(f"The database holds {kept} statements, not {statements}; remove it first.")
    _token, secret = issue_token(by=Actor(person, via="bench"), name="bench", read_only=False, days=1)
    in_use = list(Statement.objects.filter(programme=programme).exclude(state=State.RETIRED).order_by("number")
                  .values_list("number", "revision_number")[:200])  # fmt: skip
    return {
        "slug": SLUG,
        "token": secret,
        "session": _session(person),
        "user": "bench",
        "password": "a password for the bench",
        "in_use": Statement.objects.filter(programme=programme).exclude(state=State.RETIRED).count(),
        "area": TheoryArea.objects.filter(programme=programme)[0].slug,
        "statements": [number for number, _revision in islice(in_use, 1, None)],
    }


def _session(person: Person) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "programmes.signing_in.NameOrEmail"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--statements", type=int, default=10_000)
    parser.add_argument("--revisions", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    print(json.dumps(prepare(given.statements, given.revisions, given.seed)))


if __name__ == "__main__":
    main(sys.argv[1:])
