"""Owns what lists show of lineage: the records that one came from, and those that came from it, read with its page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

OLDER, YOUNGER, UNDONE = "older", "younger", "undone"


@dataclass(frozen=True, slots=True)
class Kin:
    """A record next in line, and by which act: S4, merged."""

    label: str
    kind: str

    def as_json(self) -> dict[str, str]:
        return {"label": self.label, "kind": self.kind}


@dataclass(slots=True)
class Lineage:
    """What a record came from and what came from it, by the acts that stand; direct kin, by number."""

    ancestors: list[Kin] = field(default_factory=list)
    descendants: list[Kin] = field(default_factory=list)
    told: bool = False  # whether there is any act of it to read, undone ones too

    def put(self, end: str, kin: Kin) -> None:
        self.told = True
        if end == UNDONE:
            return
        side = self.ancestors if end == OLDER else self.descendants
        if kin not in side:  # two acts may have said the same
            side.append(kin)

    def as_json(self) -> dict[str, Any]:
        return {
            "ancestors": [kin.as_json() for kin in self.ancestors],
            "descendants": [kin.as_json() for kin in self.descendants],
        }


NOBODY = Lineage()  # what most records came from
ROWS = "l.{mine}, k.number, {end}, d.kind"


def kin_sql(table: str, column: str, keys: str, columns: str = ROWS) -> str:
    """SELECT of the kin of the records in `keys` (marks for their ids, to be given twice), to be united with what else
    is read of a page's records: who, number of the kin, older or younger (or that it is undone), kind of act."""
    ways = ((f"younger{column}_id", f"older{column}_id", OLDER), (f"older{column}_id", f"younger{column}_id", YOUNGER))
    said = f"CASE WHEN d.undone IS NULL THEN '%s' ELSE '{UNDONE}' END"
    parts = [
        f"SELECT {columns.format(mine=mine, end=said.replace('%s', end))} FROM cmo_descentline l"
        f" JOIN cmo_descent d ON d.id = l.act_id JOIN {table} k ON k.id = l.{theirs} WHERE l.{mine} IN ({keys})"
        for mine, theirs, end in ways
    ]
    return " UNION ALL ".join(parts)


def lineages(rows: Iterable[tuple[int, int, str, str]], prefix: str) -> dict[int, Lineage]:
    """{record: its lineage} from what `kin_sql` finds."""
    found: dict[int, Lineage] = {}
    for record, number, end, kind in sorted(rows, key=lambda row: row[1]):
        found.setdefault(record, Lineage()).put(end, Kin(f"{prefix}{number}", kind))
    return found
