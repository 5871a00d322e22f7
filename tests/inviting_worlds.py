"""Owns what the small world holds of invitations, notices and a log row with words; `furnish_team` makes it."""

from typing import Any

from programmes.models import Notice
from programmes.rules.inviting import invite
from programmes.rules.recording import record


def furnish_team(own: Any, other: Any, by: Any, stranger: Any, people: dict[str, Any]) -> dict[str, Any]:
    """{name in the world: what names it}: an open invitation, one notice for each, a row of the log that holds words.

    Notices are written past the rule, which tells members alone: what an outsider has must not be seen either.
    """
    invitation, secret = invite(own, by=by, email="guest@example.net", role="viewer")
    foreign, _secret = invite(other, by=stranger, email="secret.guest@example.net", role="lead")
    record(by, "described", own.slug, programme=own, reason="Words that should not be here.")
    row = own.events.order_by("-number").values_list("number", flat=True)[0]
    told = Notice.objects.bulk_create(
        Notice(person=who, programme=own, event="told", kind="comment", on="S1", path="s/1", by=by.person, at=by.now())
        for who in people.values()
    )
    strange = Notice.objects.create(
        person=stranger.person, programme=other, event="told", kind="comment", on="S1", path="s/1", at=by.now()
    )
    return {
        "invitation": invitation.pk, "secret": secret, "log_row": row,
        "notices": {name: notice.pk for name, notice in zip(people, told, strict=True)},
        "elsewhere": {"invitation": foreign.pk, "notice": strange.pk, "username": "stranger", "row": 888_888},
        "nowhere": {"invitation": 999_999, "notice": 999_999, "username": "nobody-here", "row": 999_999},
    }  # fmt: skip
