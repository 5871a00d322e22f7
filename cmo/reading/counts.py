"""Owns the few numbers that every page's frame shows."""

from typing import Any

from django.db import connection

from cmo.vocabulary import State
from programmes.models import Programme
from programmes.vocabulary import ASKED

# What reading/review_queue.py lists: the counts of the two are compared in a test. A table stands here once where that
# can be, because PostgreSQL plans this, for every page, for longer than it takes to answer.
_PROPOSALS = """WITH laid AS MATERIALIZED (
    SELECT p.id, p.programme_id, p.seen, p.blind, g.approvals, m.role IN ('editor', 'lead') AS reviews,
        p.author_id = m.person_id OR EXISTS (SELECT 1 FROM cmo_coauthor o
            WHERE o.proposal_id = p.id AND o.person_id = m.person_id AND o.agreed IS NOT NULL) AS own,
        EXISTS (SELECT 1 FROM cmo_proposaltarget t LEFT JOIN cmo_statement s ON s.id = t.statement_id
            LEFT JOIN cmo_configuration c ON c.id = t.configuration_id LEFT JOIN cmo_element e ON e.id = t.element_id
            WHERE t.proposal_id = p.id
            AND COALESCE(s.revision_number, c.revision_number, e.revision_number) <> t.base) AS moved
    FROM cmo_proposal p JOIN programmes_programme g ON g.id = p.programme_id
    JOIN programmes_membership m ON m.programme_id = p.programme_id AND m.person_id = %s
    WHERE p.state = 'open'
), answers AS MATERIALIZED (
    SELECT r.proposal_id,
        SUM(CASE WHEN r.reviewer_id = %s THEN 1 ELSE 0 END) AS mine,
        SUM(CASE WHEN r.answer IN ('agree_with_changes', 'disagree') THEN 1 ELSE 0 END) AS against,
        SUM(CASE WHEN r.answer = 'agree' AND w.role IN ('editor', 'lead') AND a.is_active AND NOT EXISTS (
            SELECT 1 FROM cmo_coauthor o WHERE o.proposal_id = r.proposal_id AND o.person_id = r.reviewer_id
            AND o.agreed IS NOT NULL) THEN 1 ELSE 0 END) AS approving
    FROM laid JOIN cmo_review r ON r.proposal_id = laid.id AND r.seen = laid.seen
    JOIN programmes_person a ON a.id = r.reviewer_id
    LEFT JOIN programmes_membership w ON w.programme_id = laid.programme_id AND w.person_id = r.reviewer_id
    WHERE NOT EXISTS (SELECT 1 FROM cmo_review q WHERE q.proposal_id = r.proposal_id
        AND q.reviewer_id = r.reviewer_id AND q.number > r.number)
    GROUP BY r.proposal_id
)
SELECT COUNT(*) FROM laid LEFT JOIN answers ON answers.proposal_id = laid.id
WHERE CASE WHEN own THEN moved OR (NOT blind AND COALESCE(against, 0) > 0)
    ELSE reviews AND (COALESCE(mine, 0) = 0 OR (NOT moved AND COALESCE(approving, 0) >= approvals)) END"""
# Drafts of somebody, and notices of their programmes that they have not read; but for those that ask for the answer to
# a proposal, which is counted itself.
_KEPT = (
    "(SELECT COUNT(*) FROM cmo_draft d JOIN programmes_membership m ON m.programme_id = d.programme_id"
    " AND m.person_id = d.person_id WHERE d.person_id = %s) + (SELECT COUNT(*) FROM programmes_notice n"
    " JOIN programmes_membership m ON m.programme_id = n.programme_id AND m.person_id = n.person_id"
    " WHERE n.person_id = %s AND n.read IS NULL AND NOT (m.role IN ('editor', 'lead')"
    f" AND n.kind = '{ASKED}' AND EXISTS (SELECT 1 FROM cmo_proposal p WHERE p.programme_id = n.programme_id"
    " AND p.state = 'open' AND n.\"on\" = 'P' || p.number)))"
)
# The count of proposals is asked where there are any.
_OPEN = (
    "EXISTS (SELECT 1 FROM programmes_membership m JOIN cmo_proposal p ON p.programme_id = m.programme_id"
    " AND p.state = 'open' WHERE m.person_id = %s)"
)
_WAITING = f"{_KEPT}, {_OPEN}"


def frame_sizes(programme: Programme, person: Any) -> tuple[int, int, int, int, int, int]:
    """(statements, configurations, themes) in use, open proposals, excerpts in use, and how much waits for somebody, as
    every page of a programme shows them; one query, two where proposals are open."""
    retired = State.RETIRED.value
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT SUM(n) FROM cmo_tally WHERE programme_id = %s AND state <> %s),"
            " (SELECT COUNT(*) FROM cmo_configuration WHERE programme_id = %s AND state <> %s),"
            f" (SELECT COUNT(*) FROM programmes_theme WHERE programme_id = %s AND NOT retired),"
            f" (SELECT COUNT(*) FROM cmo_proposal WHERE programme_id = %s AND state = 'open'),"
            f" (SELECT COUNT(*) FROM cmo_excerpt WHERE programme_id = %s AND NOT retired), {_WAITING}",
            [programme.pk, retired, programme.pk, retired, *[programme.pk] * 3, *[person.pk] * 3],
        )
        statements, configurations, themes, proposals, excerpts, kept, some = cursor.fetchone()
        waiting = kept + _proposals_waiting(person, some)
    return int(statements or 0), configurations, themes, proposals, excerpts, waiting


def theory_size(programme: Programme) -> int:
    """Statements in use."""
    retired = State.RETIRED.value
    return _one("SELECT SUM(n) FROM cmo_tally WHERE programme_id = %s AND state <> %s", programme.pk, retired)


def codebook_size(programme: Programme) -> int:
    """Themes in use."""
    return _one("SELECT COUNT(*) FROM programmes_theme WHERE programme_id = %s AND NOT retired", programme.pk)


def waiting_for(person: Any) -> int:
    """How much waits for somebody, on pages that stand in no programme: drafts, news, and proposals to answer, to
    decide or to revise."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_WAITING}", [person.pk] * 3)
        kept, some = cursor.fetchone()
    return int(kept) + _proposals_waiting(person, some)


def _proposals_waiting(person: Any, some: bool) -> int:
    return _one(_PROPOSALS, person.pk, person.pk) if some else 0


def _one(sql: str, *given: Any) -> int:
    """Every page asks these; making their SQL anew each time would take ten times as long as asking."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return int(cursor.fetchone()[0] or 0)
