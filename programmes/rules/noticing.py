"""Owns notices: telling people, once each, what happened that concerns them, and when they have read it."""

from collections.abc import Iterable, Sequence

from programmes.access import Actor, require_writable
from programmes.models import Membership, Notice, Person, Programme


def notice(
    programme: Programme, *, by: Actor, event: str, kind: str, on: str, path: str, to: Iterable[int]
) -> list[Notice]:
    """Tell the members among `to` (ids of people) of one event; never the one who did it, nobody twice.

    `event` names the event within the programme ("comment 12"), `on` the record ("S3"), `path` where it is read, from
    the programme's page on ("s/3#comment-12"). Call it inside the transaction of what happened. No words of
    participants, and no text that somebody wrote, belongs into any of these. Mails are made of them later, see mailing:
    not for those who want none, and not of what was brought from elsewhere with a time of its own.
    """
    wanted = set(to) - {by.person.pk}
    if not wanted:
        return []
    members = Membership.objects.filter(programme=programme, person__in=wanted, person__is_active=True)
    at = by.now()
    told = [
        Notice(
            person_id=person, programme=programme, event=event, kind=kind, on=on, path=path, by=by.person, at=at,
            mailed=at if by.at or mails == Person.Mails.OFF else None,
        )
        for person, mails in members.order_by("person_id").values_list("person_id", "person__mails")
    ]  # fmt: skip
    return Notice.objects.bulk_create(told, ignore_conflicts=True)


def read_notices(*, by: Actor, which: Sequence[int] | None = None) -> int:
    """Mark notices of one's own as read, all of them without `which`; how many were not. Others' stay as they are."""
    require_writable(by)
    mine = Notice.objects.filter(person=by.person.pk, read=None)
    return (mine if which is None else mine.filter(pk__in=which)).update(read=by.now())


def asked_no_more(programme: Programme, *, by: Actor, kind: str, on: str, of: Iterable[int] | None = None) -> int:
    """What was asked of people (all of them without `of`) about a record is answered or settled: it waits no more.

    Call it inside the transaction of what settled it. A notice of this kind that nobody read counts as read from now
    on, so that home, the head and mails ask for nothing that is done. How many there were.
    """
    asked = Notice.objects.filter(programme=programme, kind=kind, on=on, read=None)
    return (asked if of is None else asked.filter(person__in=set(of))).update(read=by.now())
