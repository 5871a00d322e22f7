"""Owns the nightly tidying: answers, counts and mails kept for longer than they are needed, and ended sessions."""

from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone

from programmes.rules.answering_once import forget_old
from programmes.rules.limiting import forget_old_tries
from programmes.rules.mailing import forget_old_mails


class Command(BaseCommand):
    help = "Drop answers remembered for a week, mails that went a month ago, ended sessions; nothing of the theory."

    def handle(self, *_args: Any, **_options: Any) -> None:
        answers, _tries, mails = forget_old(), forget_old_tries(), forget_old_mails()
        sessions, _by_table = Session.objects.filter(expire_date__lt=timezone.now()).delete()
        self.stdout.write(f"Tidied: {answers} remembered answers, {mails} mails, {sessions} expired sessions.")
