"""Owns how a test links a passage to a claim in one step, by the rules, so that all of it has its history."""

from typing import Any

from cmo.models import Bearing
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.excerpting import Said, add_excerpt
from programmes.access import Actor
from programmes.rules.sourcing import add_source


def bear_on(claim: Any, by: Actor, *, stance: str = "supports") -> Bearing:
    """A bearing on `claim` from an excerpt of its own source."""
    source = add_source(claim.programme, by=by, kind="interview", pseudonym="LA1-SW1")
    excerpt = add_excerpt(source, by=by, said=Said("We hear of it late."))
    return link_excerpt(excerpt, by=by, on=On(claim), stance=stance)
