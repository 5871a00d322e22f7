"""Owns the counts that pages show, kept by the rules in the same transaction, so that no list counts its way through
the theory. `manage.py check_integrity` compares them with the records.

Keys are plain numbers with 0 for "none": a unique key with NULL in it would not be one on every supported server.
"""

from django.db import models

from programmes.models import Programme, Theme


class Tally(models.Model):
    """How many statements stand in one area, in one state, from one phase, with the same gaps."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="tallies")
    area_key = models.BigIntegerField()
    state = models.CharField(max_length=8)
    origin_key = models.BigIntegerField()
    lacks = models.SmallIntegerField()
    n = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "area_key", "state", "origin_key", "lacks"], name="one_tally_per_kind"
            )
        ]


class ThemeUse(models.Model):
    """How many statements of one area that are not retired carry the theme."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="uses")
    area_key = models.BigIntegerField()
    n = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theme", "area_key"], name="one_use_per_theme_and_area")]
