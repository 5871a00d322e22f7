"""Owns how meetings are read: the list, one with who was there and what was decided, its history, its JSON."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.utils.timezone import localdate

from cmo.models import Attendance, Meeting, MeetingDecision, MeetingRevision, Proposal
from cmo.reading.naming import record_url
from cmo.rules.meeting import SETTLED
from programmes.models import Membership, Programme

MOST_WORDS = 10


def meetings_found(programme: Programme, *, retired: bool = False, words: str = "") -> "QuerySet[Meeting]":
    """Meetings, the latest day first, with all that `meeting_json` shows; three queries. `words` stand in title or
    notes."""
    found = Meeting.objects.filter(programme=programme, retired=retired)
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(Q(title__icontains=word) | Q(notes__icontains=word))
    return _whole(found).order_by("-held", "-number")


def find_meeting(programme: Programme, number: int) -> Meeting:
    """The meeting with this number, retired or not, or Http404; three queries."""
    meeting = _whole(Meeting.objects.filter(programme=programme, number=number)).first()
    if meeting is None:
        raise Http404("There is no such meeting.")
    meeting.programme = programme
    return meeting


def _whole(found: "QuerySet[Meeting]") -> "QuerySet[Meeting]":
    there = Attendance.objects.select_related("person").order_by("person__first_name", "person__username")
    decided = MeetingDecision.objects.select_related("proposal").order_by("proposal__number")
    return found.select_related("author", "programme").prefetch_related(
        Prefetch("attendances", there), Prefetch("decisions", decided)
    )


def begins_after(meeting: Meeting) -> int:
    """The row of the log that the digest of a meeting begins after: where that of the one before it ended."""
    before = Meeting.objects.filter(programme=meeting.programme, retired=False, until__gt=0).exclude(pk=meeting.pk)
    if meeting.until:
        before = before.filter(until__lt=meeting.until)
    return before.order_by("-until").values_list("until", flat=True).first() or 0


def latest_meeting(programme: Programme) -> Meeting | None:
    """The meeting with which the last digest ended."""
    found = Meeting.objects.filter(programme=programme, retired=False, until__gt=0).order_by("-until").first()
    if found is not None:
        found.programme = programme
    return found


def is_planned(meeting: Meeting) -> bool:
    return not meeting.until


def has_come(meeting: Meeting) -> bool:
    """Whether the day of a meeting is here."""
    return meeting.held <= localdate()


def decisions_of(meeting: Meeting) -> list[tuple[Proposal, str]]:
    """What a meeting decided: (proposal, address)."""
    slug = meeting.programme.slug
    return [
        (one.proposal, record_url(slug, "proposal", one.proposal.number)) for one in meeting.decisions.all()
    ]


def people_offered(programme: Programme, meeting: Meeting | None = None) -> list[tuple[str, str]]:
    """(name to sign in with, name) of the members, and of who was written down already."""
    members = Membership.objects.filter(programme=programme).select_related("person")
    found = {member.person.username: member.person.name for member in members}
    if meeting is not None:
        found |= {one.person.username: one.person.name for one in meeting.attendances.all()}
    return sorted(found.items(), key=lambda one: one[1].casefold())


def decisions_offered(programme: Programme, meeting: Meeting | None = None) -> list[Proposal]:
    """The proposals decided last, which a meeting may have decided, and those that it names already."""
    settled = Proposal.objects.filter(programme=programme, state__in=SETTLED, sent__isnull=False)
    found = {one.number: one for one in settled.order_by("-decided", "-number")[:30]}
    if meeting is not None:
        found |= {one.proposal.number: one.proposal for one in meeting.decisions.all()}
    return sorted(found.values(), key=lambda one: -one.number)


def meeting_history(meeting: Meeting) -> list[MeetingRevision]:
    """What was said of a meeting, the latest first."""
    return list(MeetingRevision.objects.filter(meeting=meeting).select_related("author").order_by("-number"))


def meeting_json(meeting: Meeting) -> dict[str, Any]:
    return {
        "number": meeting.number,
        "title": meeting.title,
        "held": meeting.held,
        "notes": meeting.notes,
        "there": [one.person.username for one in meeting.attendances.all()],
        "decided": [one.proposal.label for one in meeting.decisions.all()],
        "planned": is_planned(meeting),
        "until": meeting.until or None,
        "state": "retired" if meeting.retired else "current",
        "by": meeting.author.username,
        "revision": meeting.revision_number,
        "created": meeting.created,
        "updated": meeting.updated,
    }


def meeting_revision_json(revision: MeetingRevision) -> dict[str, Any]:
    words = {name: getattr(revision, name) for name in ("number", "title", "held", "notes", "at")}
    return {**words, "state": "retired" if revision.retired else "current", "author": revision.author.username}
