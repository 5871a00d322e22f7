"""Owns the rows of meetings and prioritisation rounds in the table of access."""

from programmes.vocabulary import Verb
from tests.rows import MANAGE, READ, WRITE, base, form, get, just, of, page, send

COMMENT = Verb.COMMENT
MEETING, PLANNED, GONE = of("meeting"), of("meeting_planned"), of("meeting_gone")
ROUND, ENDED = of("round"), of("round_ended")
SAID = {"title": "A meeting", "held": "2026-05-04", "there": ["lead"], "notes": "About S1."}
ASKED = {"title": "What now?", "question": "Which one?", "kind": "scale", "steps": 3}
ANSWER = [{"statement": "S1", "value": 5, "note": "Said often"}, {"statement": "S2", "value": 1}]

MEETINGS = [
    page("meetings", READ),
    page("meetings-next", READ),
    page("meeting-new", WRITE),
    form("meeting-new", WRITE, just(**SAID)),
    page("meeting", READ, at=MEETING),
    page("meeting-markdown", READ, at=MEETING),
    page("meeting-edit", WRITE, at=MEETING),
    form("meeting-edit", WRITE, base(1, **SAID), at=MEETING),
    page("meeting-turn", READ, 302, at=MEETING),
    form("meeting-turn", WRITE, base(1, to="concluded"), at=PLANNED),
    page("meeting-mail", READ, 302, at=MEETING),
    form("meeting-mail", WRITE, just(to="all"), at=MEETING),
    page("rounds", READ),
    page("round-new", MANAGE),
    form("round-new", MANAGE, just(pick=["1:2", "2:1"], **ASKED)),
    page("round", READ, at=ROUND),
    page("round-answer", READ, 302, at=ROUND),
    form("round-answer", COMMENT, just(**{"v-1": "5", "note-1": "Said often", "v-2": "1"}), at=ROUND),
    page("round-close", READ, 302, at=ROUND),
    form("round-close", MANAGE, base(1), at=ROUND),
    page("round-priorities", READ, 302, at=ROUND),
    form("round-priorities", MANAGE, base(2, priority=["1"]), at=ENDED),
    get("meetings"),
    send("POST", "meetings", WRITE, just(**SAID), 201),
    get("meetings-next", query="as=json"),
    get("meeting", at=MEETING),
    send("PATCH", "meeting", WRITE, just(notes="More of it."), at=MEETING, base=1),
    send("DELETE", "meeting", WRITE, just(), at=MEETING, base=1),
    send("POST", "meeting-conclude", WRITE, just(), at=PLANNED, base=1),
    send("POST", "meeting-restore", WRITE, just(), at=GONE, base=2),
    get("meeting-revisions", at=MEETING),
    get("meeting-digest", at=MEETING, query="as=markdown"),
    send("POST", "meeting-mail", WRITE, just(to="all"), at=MEETING),
    get("rounds"),
    send("POST", "rounds", MANAGE, just(statements=[{"statement": "S1", "revision": 2}], **ASKED), 201),
    get("round", at=ROUND),
    send("POST", "round-answer", COMMENT, just(answers=ANSWER), at=ROUND),
    send("POST", "round-close", MANAGE, just(), at=ROUND, base=1),
    send("POST", "round-priorities", MANAGE, just(statements=["S1"]), at=ENDED, base=2),
]
