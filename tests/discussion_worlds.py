"""Owns what the small world holds of comments and memos: one of each for everybody who may write them."""

from typing import Any

from cmo.rules.discussing import resolve, say
from cmo.rules.noting import turn_memo, write_memo
from tests.people import actor

WRITERS = ("contributor", "editor", "lead")
NOBODYS = 1  # what those who may not write knock at


def furnish_discussion(own: Any, other: Any, people: dict[str, Any], stranger: Any) -> dict[str, Any]:
    """Thread 1 on S1 is open and has an answer, thread 3 is resolved; each writer has a comment and a memo of their
    own, memo 4 is private. Elsewhere are more of each, so that number 5 is there, and not in the own programme."""
    first, plain = (own.statements.select_related("programme").get(number=n) for n in (1, 2))
    lead = actor(people["lead"])
    thread = say(first, by=lead, text="Does S2 not say this better, @editor?", part="because")
    answer = say(first, by=actor(people["contributor"]), text="Not quite.", reply_to=thread)
    ended = say(plain, by=lead, text="Shorter, please.")
    resolve(ended, by=lead)
    editors = say(plain, by=actor(people["editor"]), text="Words of the editor.")
    comments = {"lead": thread.number, "contributor": answer.number, "editor": editors.number}
    memos = {}
    for who in WRITERS:
        by = actor(people[who])
        memos[who] = write_memo(own, by=by, title=f"Memo of the {who}", text="About S1.", shared=True).number
    write_memo(own, by=lead, title="Nobody else’s", text="Hidden as it is private")
    theirs = other.statements.select_related("programme").get(number=1)
    for at in range(1, 6):
        say(theirs, by=stranger, text=f"Secret comment {at}")
        write_memo(other, by=stranger, title=f"Secret memo {at}", shared=True)
    return {
        "thread": thread.number, "thread_ended": ended.number, "comments": comments, "memo": memos["lead"],
        "memos": memos,
    }  # fmt: skip


def retire_memos(w: Any) -> None:
    """The memo of each writer who is a member is retired."""
    members = w.own.memberships.values("person")
    for memo in w.own.memos.select_related("programme", "author").filter(shared=True, author__in=members):
        turn_memo(memo, by=actor(memo.author), base=1, retired=True)


def own_number(found: Any, who: str) -> Any:
    """What belongs to each is named by who they are; those who have none knock at the first."""
    return found.get(who, NOBODYS) if isinstance(found, dict) else found
