"""Owns the sending of what waits in the outbox: once, or over and over beside the server."""

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from programmes.rules.mailing import deliver

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send the mails that wait; one that cannot be sent waits longer each time. For a timer, or with --loop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on for ever, with so long a rest between")
        parser.add_argument("--home", default="", help="where people find the server; PUBLIC_URL when not said")

    def handle(self, *_args: Any, loop: int | None, home: str, **_options: Any) -> None:
        if not home and not settings.PUBLIC_URL:  # a local first look; the links in mails would lead nowhere
            raise CommandError("Say where people find the server: --home http://127.0.0.1:8000, or set PUBLIC_URL.")
        if loop is None:
            sent, later = deliver(home=home)
            self.stdout.write(f"Mails: {sent} sent, {later} to be tried again later.")
            return
        if loop < 1:
            raise CommandError("Rest for a second at least.")
        while True:
            _round(home)
            time.sleep(loop)


def _round(home: str) -> None:
    """One pass; a database that is away for a while is no reason to stop."""
    close_old_connections()
    try:
        sent, later = deliver(home=home)
    except DatabaseError as error:
        log.warning("The mails wait: the database does not answer (%s).", type(error).__name__)
        return
    if sent or later:
        log.info("Mails: %s sent, %s to be tried again later.", sent, later)
