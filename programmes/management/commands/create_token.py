"""Owns the making of a token from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from programmes.access import Actor
from programmes.reading.team import person_named
from programmes.refusals import messages_of
from programmes.rules.issuing_tokens import issue_token


class Command(BaseCommand):
    help = "Print a new API token for USERNAME, alone on standard output. It is not shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--read-only", action="store_true")
        parser.add_argument("--days", type=int, default=90, help="until it expires; 90 when not said")
        parser.add_argument("--name", default="command line", help="what it is for")

    def handle(self, *_args: Any, username: str, read_only: bool, days: int, name: str, **_options: Any) -> None:
        person = person_named(username)
        if person is None:
            raise CommandError(f"Nobody here is called {username!r}.")
        try:
            _token, secret = issue_token(by=Actor(person, via="command"), name=name, read_only=read_only, days=days)
        except ValidationError as error:
            said = "; ".join(f"{field}: {' '.join(found)}" for field, found in messages_of(error).items())
            raise CommandError(said) from error
        self.stdout.write(secret)
