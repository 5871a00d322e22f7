"""Owns the count of what may be tried but so often."""

from django.db import models


class Tries(models.Model):
    """The tries of the last minutes at one thing, such as the password of one account; see rules/limiting.py."""

    key = models.CharField(max_length=64, primary_key=True)  # HMAC of what is tried and on whom: no names are kept
    times = models.TextField(blank=True)  # of the tries that count, oldest first: milliseconds since 1970, with spaces
    last = models.DateTimeField()  # when it was last asked for; old rows are swept away by it
