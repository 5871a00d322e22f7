"""Owns where somebody put a configuration on their own map. It changes nothing for others, nor any export."""

from django.conf import settings
from django.db import models

from cmo.models.configuration import Configuration
from programmes.models import Programme


class MapPosition(models.Model):
    """One per person, layout and configuration; `x` and `y` are pixels of the drawing."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    configuration = models.ForeignKey(Configuration, on_delete=models.CASCADE, related_name="+")
    layout = models.CharField(max_length=8)
    x = models.PositiveIntegerField()
    y = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme", "layout", "configuration"], name="one_place_per_person_and_layout"
            )
        ]
