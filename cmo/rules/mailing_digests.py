"""Owns the mail of a meeting's digest: which records changed how since the meeting before, and where that is read.

It names records and kinds of change and gives links. No wording, reason, title or note is in it, nothing anybody wrote:
mails lie about in other places than the programme does. Each member gets the digest of a meeting once.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Attendance, Meeting
from cmo.rules.meeting import named
from programmes.access import Actor, require
from programmes.models import Membership, Notice, Person
from programmes.rules.holding import hold
from programmes.rules.mailing import put_mail
from programmes.rules.noticing import notice
from programmes.rules.recording import record
from programmes.vocabulary import Verb

THERE, ALL = "there", "all"


@transaction.atomic
def mail_digest(meeting: Meeting, *, by: Actor, to: str, subject: str, text: str) -> int:
    """Put the digest down for the members who were there or for all, but for who sends it; how many get it.

    `subject` and `text` are what reading/digest_mail.py makes. Who wants no mails gets none, who had it gets no second.
    Raises ValidationError (to) when nobody is left, or PermissionDenied.
    """
    require(by, Verb.WRITE, meeting.programme)
    if to not in (THERE, ALL):
        raise ValidationError({"to": _("Choose one of %(known)s.") % {"known": f"{THERE}, {ALL}"}})
    hold(meeting.programme)
    people = _people(meeting, by, to)
    if not people:
        raise ValidationError({"to": _("Nobody is left to mail: all have it, want no mails, or were not there.")})
    notice(
        meeting.programme, by=by, event=f"{named(meeting)} digest", kind="meeting", on=named(meeting).capitalize(),
        path=f"meetings/{meeting.number}", to=[person.pk for person in people],
    )  # fmt: skip
    at = by.now()
    told = Notice.objects.filter(programme=meeting.programme, person__in=people, mailed=None)
    told.filter(event__in=[named(meeting), f"{named(meeting)} digest"]).update(mailed=at)  # this mail tells of it
    for person in people:
        put_mail(to=person.email, subject=subject, text=text, at=at)
    record(by, "digest mailed", named(meeting), programme=meeting.programme, to=[one.username for one in people])
    return len(people)


def _people(meeting: Meeting, by: Actor, to: str) -> Sequence[Person]:
    found = Person.objects.filter(pk__in=Membership.objects.filter(programme=meeting.programme).values("person"))
    if to == THERE:
        found = found.filter(pk__in=Attendance.objects.filter(meeting=meeting).values("person"))
    had = Notice.objects.filter(programme=meeting.programme, event=f"{named(meeting)} digest").values("person")
    found = found.filter(is_active=True).exclude(pk=by.person.pk).exclude(pk__in=had)
    return list(found.exclude(email="").exclude(mails=Person.Mails.OFF).order_by("username"))
