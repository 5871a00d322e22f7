"""Owns what the small world does of lineage: an act to look at and to undo, made where a test wants one."""

from typing import Any

from cmo.models import Configuration, Statement
from cmo.rules.composing import Words
from cmo.rules.descending import Piece, refine
from cmo.rules.descending_configurations import MadeOf, refine_configuration
from cmo.rules.descent import Seen


def refined(w: Any) -> None:
    """Act 1 of the own programme: a new statement refined from S2."""
    source = Statement.objects.select_related("programme").get(programme=w.own, number=2)
    refine(Seen(source, source.revision_number), by=w.by_lead, content=Piece(Words(wording="If finer, then better.")))


def refined_configuration(w: Any) -> None:
    """Act 1 of the own programme: a new configuration refined from CMO2."""
    source = Configuration.objects.select_related("programme").get(programme=w.own, number=2)
    content = MadeOf({"plain": "Finer."})
    refine_configuration(Seen(source, source.revision_number), by=w.by_lead, content=content)
