"""Owns the rows of phases, verdicts, snapshots and comparisons in the table of access."""

from cmo.rules.snapshotting import take_snapshot
from programmes.vocabulary import Verb
from tests.rows import MANAGE, READ, WORLD, form, get, just, of, page, send

COMMENT = Verb.COMMENT
SNAPSHOT, PAIR = (("snapshot", "snapshot"),), (("snapshot", "snapshot"), ("other", "working"))
S1, S2, CMO = of("number"), of("plain"), of("cmo")
VERDICT = of("verdicts")
SAID = {"verdict": "partly_supported", "rationale": "It held at one site."}


def _taken(w: WORLD) -> None:
    """Only where it is needed: from then on every change of wording says why."""
    if not w.own.snapshots.exists():
        take_snapshot(w.own, by=w.by_lead, name="First theory")


PHASES = [
    page("phases", READ),
    page("phases-changes", READ, at=(("kind", "file_kind"),), before=_taken),
    page("snapshots", READ, 302),
    form("snapshots", MANAGE, just(**{"snap-name": "Another theory"})),
    page("snapshot", READ, at=SNAPSHOT, before=_taken),
    page("snapshot-canonical", READ, at=SNAPSHOT, before=_taken),
    page("verdicts", READ),
    page("statement-verdicts", READ, at=S1),
    form("statement-verdicts", COMMENT, just(base=0, **SAID), at=S2),
    page("configuration-verdicts", READ, at=CMO),
    form("configuration-verdicts", COMMENT, just(base=0, **SAID), at=CMO),
    get("snapshots"),
    send("POST", "snapshots", MANAGE, just(name="Another theory"), 201),
    get("snapshot", at=SNAPSHOT, before=_taken),
    get("snapshots-compare", at=PAIR, before=_taken),
    get("verdicts"),
    send("POST", "verdicts", COMMENT, just(record="S2", **SAID), 201),
    get("verdict", at=VERDICT),
    send("PATCH", "verdict", COMMENT, just(**SAID), at=VERDICT, base=1),
    get("verdict-revisions", at=VERDICT),
]
