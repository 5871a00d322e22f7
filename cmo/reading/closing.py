"""Owns what is still open while a phase is: what its lead reads before closing it."""

from dataclasses import dataclass

from django.db import connection

from programmes.models import Phase, Programme


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """How many statements and configurations in use have no verdict of the team in a phase, proposals are open, records
    stand in draft, and what people typed and have not saved."""

    statements: int
    configurations: int
    proposals: int
    drafts: int
    unsaved: int

    @property
    def unjudged(self) -> int:
        return self.statements + self.configurations

    @property
    def anything(self) -> bool:
        return bool(self.unjudged or self.proposals or self.drafts or self.unsaved)


def _without(record: str) -> str:
    return (
        f"(SELECT COUNT(*) FROM cmo_{record} o WHERE o.programme_id = %s AND o.state <> 'retired' AND NOT EXISTS"
        f" (SELECT 1 FROM cmo_verdict v WHERE v.{record}_id = o.id AND v.phase_id = %s AND v.team))"
    )


_SQL = (
    f"SELECT {_without('statement')}, {_without('configuration')},"
    " (SELECT COUNT(*) FROM cmo_proposal WHERE programme_id = %s AND state = 'open'),"
    " (SELECT COUNT(*) FROM cmo_statement WHERE programme_id = %s AND state = 'draft')"
    " + (SELECT COUNT(*) FROM cmo_configuration WHERE programme_id = %s AND state = 'draft'),"
    " (SELECT COUNT(*) FROM cmo_draft WHERE programme_id = %s)"
)


def left_open(programme: Programme, phase: Phase) -> LeftOpen:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [*[programme.pk, phase.pk] * 2, *[programme.pk] * 4])
        return LeftOpen(*cursor.fetchone())
