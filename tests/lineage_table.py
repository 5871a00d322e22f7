"""Owns the rows of lineage in the table of access."""

from typing import Any

from programmes.vocabulary import Verb
from tests.lineage_worlds import refined
from tests.rows import NEW, READ, WRITE, base, form, get, just, of, page, send

S, CMO = of("number"), of("cmo")
PROPOSE = Verb.PROPOSE


def seen(record: str, base: int) -> dict[str, Any]:
    return {"record": record, "base": base}


LINEAGE = [
    page("lineage", READ),
    page("lineage-undo", READ, 302, at=S, before=refined),
    form("lineage-undo", WRITE, at=S, before=refined),
    page("statements-merge", PROPOSE, query="which=S1,S2"),
    form("statements-merge", WRITE, just(pick=["1:2", "2:1"], wording=NEW)),
    page("statement-split", PROPOSE, at=S),
    form("statement-split", WRITE, base(2, **{"p1-wording": NEW, "p2-wording": "Another."}), at=S),
    page("statement-replace", PROPOSE, at=S),
    form("statement-replace", WRITE, base(2, wording=NEW), at=S),
    page("statement-refine", PROPOSE, at=S),
    form("statement-refine", WRITE, base(2, wording=NEW), at=S),
    page("configurations-merge", PROPOSE, query="which=CMO1,CMO2"),
    form("configurations-merge", WRITE, just(pick=["1:2", "2:1"], plain="Both.")),
    page("configuration-split", PROPOSE, at=CMO),
    form("configuration-split", WRITE, base(2, **{"p1-plain": "One.", "p2-plain": "Two."}), at=CMO),
    page("configuration-replace", PROPOSE, at=CMO),
    form("configuration-replace", WRITE, base(2, **{"with": "CMO2"}), at=CMO),
    page("configuration-refine", PROPOSE, at=CMO),
    form("configuration-refine", WRITE, base(2, plain="Finer."), at=CMO),
    get("lineage"),
    get("lineage-act", at=S, before=refined),
    send("POST", "lineage-undo", WRITE, just(reason="Too fine."), at=S, before=refined),
    send("POST", "statements-merge", WRITE, just(ancestors=[seen("S1", 2), seen("S2", 1)], wording=NEW), 201),
    get("statement-lineage", at=S),
    send("POST", "statement-split", WRITE, just(pieces=[{"wording": NEW}, {"wording": "B."}]), 201, at=S, base=2),
    send("POST", "statement-replace", WRITE, just(**{"with": "S2"}), 201, at=S, base=2),
    send("POST", "statement-refine", WRITE, just(wording=NEW), 201, at=S, base=2),
    send("POST", "configurations-merge", WRITE, just(ancestors=[seen("CMO1", 2), seen("CMO2", 1)]), 201),
    get("configuration-lineage", at=CMO),
    send("POST", "configuration-split", WRITE, just(pieces=[{"plain": "A."}, {"plain": "B."}]), 201, at=CMO, base=2),
    send("POST", "configuration-replace", WRITE, just(**{"with": "CMO2"}), 201, at=CMO, base=2),
    send("POST", "configuration-refine", WRITE, just(plain="Finer."), 201, at=CMO, base=2),
]
