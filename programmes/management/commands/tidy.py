"""Owns the nightly tidying: answers and counts kept for longer than they are needed, and sessions that have ended."""

from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone

from programmes.rules.answering_once import forget_old
from programmes.rules.limiting import forget_old_tries


class Command(BaseCommand):
    help = "Drop remembered answers older than a week and sessions that have expired. Nothing of the theory is touched."

    def handle(self, *_args: Any, **_options: Any) -> None:
        answers, _tries = forget_old(), forget_old_tries()
        sessions, _by_table = Session.objects.filter(expire_date__lt=timezone.now()).delete()
        self.stdout.write(f"Tidied: {answers} remembered answers, {sessions} expired sessions.")
