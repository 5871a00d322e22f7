"""Owns the one lock of a programme. Whatever changes something in it takes this first, so that no two writers ever wait
for each other in a circle: statements, counts, areas, members, phases and the log are all written behind it."""

from django.db import connection

from programmes.models import Programme


def hold(programme: Programme) -> None:
    """Keep other writers of this programme waiting until the transaction ends.

    Readers go on, and so do rows that only point at it. On SQLite every transaction holds the whole database.
    """
    if connection.features.has_select_for_update:
        Programme.objects.select_for_update(no_key=True).values_list("pk").get(pk=programme.pk)
