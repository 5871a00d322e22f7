"""Owns the nightly tidying: answers remembered for longer than they are needed, and sessions that have ended."""

from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone

from programmes.rules.answering_once import forget_old


class Command(BaseCommand):
    help = "Drop remembered answers older than a week and sessions that have expired. Nothing of the theory is touched."

    def handle(self, *_args: Any, **_options: Any) -> None:
        answers = forget_old()
        sessions, _by_table = Session.objects.filter(expire_date__lt=timezone.now()).delete()
        self.stdout.write(f"Tidied: {answers} remembered answers, {sessions} expired sessions.")
