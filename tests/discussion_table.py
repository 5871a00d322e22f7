"""Owns the rows of comments and memos in the table of access."""

from programmes.vocabulary import Verb
from tests.discussion_worlds import retire_memos
from tests.rows import READ, base, form, get, just, of, page, send

COMMENT = Verb.COMMENT
THREAD, ENDED, OWN = of("thread"), of("thread_ended"), of("comments")
MEMO, MINE = of("memo"), of("memos")

DISCUSSION = [
    page("threads", READ),
    form("threads", COMMENT, just(on="S1", text="Is S2 not the same?")),
    page("thread", READ, at=THREAD),
    form("thread", COMMENT, just(text="It is."), at=THREAD),
    page("thread-resolve", READ, 302, at=THREAD),
    form("thread-resolve", COMMENT, just(seen=2), at=THREAD),
    page("thread-reopen", READ, 302, at=THREAD),
    form("thread-reopen", COMMENT, just(seen=3), at=ENDED),
    page("comment", READ, 302, at=THREAD),
    page("comment-history", READ, at=THREAD),
    page("comment-edit", COMMENT, at=OWN),
    form("comment-edit", COMMENT, base(1, text="Better said."), at=OWN),
    page("memos", READ),
    page("memo-new", COMMENT),
    form("memo-new", COMMENT, just(title="What I think", text="Of S1.", on="S2", dated="2026-11-23")),
    page("memo", READ, at=MEMO),
    page("memo-edit", COMMENT, at=MINE),
    form("memo-edit", COMMENT, base(1, title="What I think now"), at=MINE),
    page("memo-turn", READ, 302, at=MEMO),
    form("memo-turn", COMMENT, base(1, to="private"), at=MINE),
    get("comments"),
    send("POST", "comments", COMMENT, just(on="S1", text="Is S2 not the same?", part="because"), 201),
    get("comment", at=THREAD),
    send("PATCH", "comment", COMMENT, just(text="Better said."), at=OWN, base=1),
    send("POST", "comment-resolve", COMMENT, just(seen=2), at=THREAD),
    send("POST", "comment-reopen", COMMENT, just(), at=ENDED),
    get("comment-revisions", at=THREAD),
    get("memos"),
    send("POST", "memos", COMMENT, just(title="What I think", on=["S1"]), 201),
    get("memo", at=MEMO),
    send("PATCH", "memo", COMMENT, just(title="What I think now"), at=MINE, base=1),
    send("DELETE", "memo", COMMENT, just(), at=MINE, base=1),
    send("POST", "memo-share", COMMENT, just(shared=False), at=MINE, base=1),
    send("POST", "memo-restore", COMMENT, just(), at=MINE, base=2, before=retire_memos),
    get("memo-revisions", at=MEMO),
]
