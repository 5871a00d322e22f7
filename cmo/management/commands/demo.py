"""Owns the first look: database, example, sign-ins and a server, in one command that can be given again and again."""

import secrets
from argparse import ArgumentParser
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from cmo.rules.exemplifying import load_example
from programmes.models import Person, Programme
from programmes.rules.answering_once import forget_old
from programmes.rules.enrolling import enrol, give_password

PEOPLE = {
    "lead": ("Tomos", "Ellis"),
    "editor": ("Nia", "Prosser"),
    "contributor": ("Gethin", "Vaughan"),
    "viewer": ("Siân", "Pryce-Jones"),
    "outsider": ("Marek", "Nowak"),
}
SLUG = "cse-wales"


class Command(BaseCommand):
    help = "Migrate, load the Welsh example once with its sign-ins, and serve on this machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="prepare everything, but start no server")

    def handle(self, *_args: Any, port: int, no_serve: bool, **_options: Any) -> None:
        if settings.DEMO_PASSWORD and not settings.LOCAL:
            raise CommandError("DEMO_PASSWORD is for a look on your own machine; unset it, or leave DEBUG unset.")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        forget_old()
        password = self._people_and_example()
        self._say(port, password)
        if not no_serve:
            mails = {"loop": 20, "home": f"http://127.0.0.1:{port}"}  # beside the server: no request waits for a mail
            Thread(target=call_command, args=["deliver"], kwargs=mails, daemon=True).start()
            if connection.vendor != "sqlite":  # each request has a thread of its own, which would keep its connection
                connection.settings_dict["CONN_MAX_AGE"] = 0
            call_command("runserver", f"127.0.0.1:{port}", "--noreload", "--nostatic", verbosity=0)

    def _people_and_example(self) -> str:
        """The password of the demo sign-ins; empty when it was made earlier and is not known here."""
        known = {person.username: person for person in Person.objects.filter(username__in=PEOPLE)}
        password, anew = _password(bool(known))
        with transaction.atomic():
            for username, (first, last) in PEOPLE.items():
                if username not in known:
                    known[username] = enrol(
                        username=username,
                        password=password or secrets.token_urlsafe(12),
                        email=f"{username}@example.org",
                        first_name=first,
                        last_name=last,
                        via="example",
                    )
                elif anew and not known[username].check_password(password):
                    give_password(known[username], password=password, via="example")
            if not Programme.objects.filter(slug=SLUG).exists():
                load_example(known)
        return password

    def _say(self, port: int, password: str) -> None:
        self.stdout.write(f"\nTybed with the Welsh example:  http://127.0.0.1:{port}/\n")
        self.stdout.write(f"  sign in as   {', '.join(PEOPLE)}")
        self.stdout.write(f"  password     {password or 'as it was set before'}")
        self.stdout.write("  stop with    Ctrl C; what you write is kept\n")
        self.stdout.flush()


def _password(known: bool) -> tuple[str, bool]:
    """(password, whether accounts that exist get it too). Locally it is kept beside the database and printed again."""
    if settings.DEMO_PASSWORD:
        return settings.DEMO_PASSWORD, True
    if not settings.LOCAL:
        return ("" if known else secrets.token_urlsafe(12)), False
    kept = settings.DATA_DIR / "demo_password"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(9))
        return kept.read_text(), True
    return kept.read_text(), False
