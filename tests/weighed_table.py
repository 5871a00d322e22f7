"""Owns the rows of weighed evidence in the table of access: maps, why, the interview guide, confirming again."""

from programmes.vocabulary import Verb
from tests.rows import READ, form, get, just, of, page, send

EVIDENCE = Verb.EVIDENCE
STALE = of("stale_bearing")
SAID = [{"statement": "S1", "revision": 2, "text": "Not here.", "stance": "challenges", "part": "because"}]

WEIGHED = [
    page("evidence-maps", READ),
    page("excerpts-found", READ, query="stance=supports"),
    page("excerpts-csv", READ, query="stance=supports"),
    page("excerpts-json", READ, query="stance=supports"),
    page("statement-why", READ, at=of("number")),
    page("interview-guide", READ, query="statements=S1,S2"),
    form("interview-guide", EVIDENCE, lambda w: {
        "statements": "S1", "kind": "refining", "source": w.said_by, "answer-1-falsify": "Not here.", "revision-1": "2",
    }),
    page("bearing-confirm-again", READ, 302, at=STALE),
    form("bearing-confirm-again", EVIDENCE, just(base=1, seen=2), at=STALE),
    get("excerpts-export", query="as=csv"),
    get("statement-grounds", at=of("number")),
    get("statement-why", at=of("number")),
    get("configuration-grounds", at=of("cmo")),
    get("evidence-maps"),
    get("evidence-lacking"),
    get("interview-guide", query="statements=S1&kind=gleaning"),
    send("POST", "interview-answers", EVIDENCE, lambda w: {"source": w.said_by, "answers": SAID}, 201),
]  # fmt: skip
