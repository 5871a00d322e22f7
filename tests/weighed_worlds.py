"""Owns what the small world holds of evidence that is weighed, beside what evidence_worlds furnishes."""

from typing import Any

from cmo.models import Configuration, Excerpt
from cmo.rules.evidencing import On, link_excerpt
from tests.people import actor


def furnish_weighed(own: Any, people: dict[str, Any]) -> dict[str, Any]:
    """X1 bears on the first part of S1 as it read at first, and on CMO1; Q1 is there to be asked."""
    editor, excerpt = actor(people["editor"]), Excerpt.objects.get(programme=own, number=1)
    claim = own.statements.get(number=1)
    stale = link_excerpt(excerpt, by=editor, on=On(claim, "if"), stance="supports", made_against=1)
    whole = Configuration.objects.get(programme=own, number=1)
    link_excerpt(excerpt, by=editor, on=On(whole), stance="nuances")
    return {"stale_bearing": stale.number, "said_by": excerpt.source.label}
