"""Owns notices, which tell a person what happened that concerns them, and the mails that wait to be sent."""

from django.conf import settings
from django.db import models

from programmes.models.programme import Programme
from programmes.vocabulary import Limit


class Notice(models.Model):
    """One person is told of one event, once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=80)  # names the event within the programme: "comment 12", "P4 round 2"
    kind = models.CharField(max_length=20)
    on = models.CharField(max_length=40)  # label of the record: "P4", "S3"
    path = models.CharField(max_length=Limit.TITLE)  # where it is read, from the programme's page on
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    read = models.DateTimeField(null=True)
    mailed = models.DateTimeField(null=True)  # put into a mail, or never to be

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "programme", "event"], name="one_notice_per_person_and_event")
        ]
        indexes = [models.Index(fields=["person", "read", "-at"], name="notice_by_person")]


class OutgoingMail(models.Model):
    """A mail that waits to be sent. It is kept until it went, and then without its text."""

    to = models.EmailField()
    subject = models.CharField(max_length=Limit.TITLE)
    text = models.TextField(blank=True)
    created = models.DateTimeField()
    due = models.DateTimeField()  # the next attempt
    tries = models.PositiveSmallIntegerField(default=0)
    taken = models.DateTimeField(null=True)  # by a worker that is about to send it
    sent = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["sent", "due"], name="mail_by_due")]
