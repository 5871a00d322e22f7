"""Owns how hand-written SQL reads a record: the columns that it names, and the record made of their values.

For what every request asks: the ORM would work out its SQL anew each time, which takes longer than the asking.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)
Converter = Callable[[Any], Any]


class Columns(Generic[M]):
    """All columns of a model, as they stand in a SELECT under `alias`."""

    def __init__(self, model: type[M], alias: str) -> None:
        self.model, self.alias = model, alias
        self.names = [field.attname for field in model._meta.concrete_fields]
        self.sql = ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)
        self._converters: dict[str, list[tuple[int, Converter]]] = {}

    def __len__(self) -> int:
        return len(self.names)

    def make(self, values: Sequence[Any]) -> M:
        """The record of one row: the values of `sql`, in their order, as the database gave them."""
        converters = self._converters.get(connection.vendor)
        if converters is None:
            converters = self._converters[connection.vendor] = list(self._needed())
        row = list(values)
        for at, convert in converters:
            row[at] = convert(row[at])
        return self.model.from_db(connection.alias, self.names, row)

    def one(self, sql: str, given: Sequence[Any]) -> tuple[M, Sequence[Any]] | None:
        """The record that the query finds first, with the values that it selects after the columns; None without."""
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            found = cursor.fetchone()
        return (self.make(found[: len(self)]), found[len(self) :]) if found else None

    def _needed(self) -> list[tuple[int, Converter]]:
        found: list[tuple[int, Converter]] = []
        for at, field in enumerate(self.model._meta.concrete_fields):
            column = field.get_col(self.alias)
            for convert in connection.ops.get_db_converters(column) + column.get_db_converters(connection):
                found.append((at, partial(_converted, convert, column)))
        return found


def _converted(convert: Any, column: Any, value: Any) -> Any:
    return convert(value, column, connection)


def as_stored(moment: Any) -> Any:
    """A moment as the database in use takes it from hand-written SQL."""
    return connection.ops.adapt_datetimefield_value(moment)
