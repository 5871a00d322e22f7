"""Claims about what the API answers to a change: it is what that change wrote, not what somebody wrote after it."""

import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.table import ROWS, Row
from tests.worlds import address, send

CHANGES = [row for row in ROWS if row.api and row.writes and not row.reads]
TURNS = re.compile(r"(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) ")


def asked_outside(statements: list[str]) -> list[str]:
    """What was asked after the last transaction that a request opened; inside a test those are savepoints."""
    depth, after = 0, []
    for sql in statements:
        if turn := TURNS.match(sql):
            depth += 1 if turn[1] == "SAVEPOINT" else -1 if turn[1].startswith("RELEASE") else 0
            after = []
        elif depth == 0:
            after.append(sql)
    return after


@pytest.mark.parametrize("row", CHANGES, ids=lambda row: f"{row.method} {row.route}")
def test_what_a_change_answers_is_read_in_its_own_transaction(row: Row, world: Any) -> None:
    with transaction.atomic():
        if row.before:
            row.before(world)
        url = address(world, row, "lead")
        with CaptureQueriesContext(connection) as captured:
            answer = send(world, row, "lead", "token", url)
        transaction.set_rollback(True)
    made = [query["sql"] for query in captured.captured_queries]
    assert answer.status_code == row.ok
    assert any(TURNS.match(sql) for sql in made)
    assert asked_outside(made) == []
