"""Owns the making of an account from the command line, for those who run a server."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from programmes.refusals import messages_of
from programmes.rules.enrolling import enrol


class Command(BaseCommand):
    help = "Make an account for somebody; the password is asked for, or read with --password-stdin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--email", default="")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *_args: Any, username: str, password_stdin: bool, **options: Any) -> None:
        password = input() if password_stdin else getpass.getpass("Password: ")
        words = {key: options[key] for key in ("email", "first_name", "last_name")}
        try:
            enrol(username=username, password=password, **words)
        except ValidationError as error:
            said = "; ".join(f"{field}: {' '.join(found)}" for field, found in messages_of(error).items())
            raise CommandError(said) from error
        self.stdout.write(f"{username} can sign in now.")
