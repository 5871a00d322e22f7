"""Owns meetings: what was held when, who was there, what was decided, and where in the log the digest of each ends.

A meeting on a day to come is planned: its digest runs until now. Recorded on its day or later, or concluded, it ends
with the row of the log that was the last one then. Retiring and restoring leave that as it is.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cmo.models import Attendance, Meeting, MeetingDecision, MeetingRevision, Proposal
from cmo.rules.versioning import next_numbers
from cmo.team_words import ProposalState
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import AuditHead, Membership, Person, Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.noticing import notice
from programmes.rules.recording import record, scope_of, seal
from programmes.vocabulary import Limit, Verb

WORDS = ("title", "held", "notes", "retired")
MOST = 300  # people, and decisions, of one meeting
SETTLED = (ProposalState.ACCEPTED, ProposalState.REFUSED)  # what a meeting may have decided


def held_in(given: str) -> date | None:
    """The day that a body or a form names, None for an empty one. Raises ValidationError (held)."""
    if not given.strip():
        return None
    try:
        return date.fromisoformat(given.strip())
    except ValueError as error:
        raise ValidationError({"held": _("Write a day such as 2026-11-23.")}) from error


@transaction.atomic
def record_meeting(
    programme: Programme,
    *,
    by: Actor,
    title: str,
    held: date | None = None,
    notes: str = "",
    there: Sequence[str] = (),
    decided: Sequence[int] = (),
) -> Meeting:
    """A meeting of today or of the day `held`; `there` are names that members sign in with, `decided` are numbers of
    proposals. Raises ValidationError (title, notes, there, decided) or PermissionDenied."""
    require(by, Verb.WRITE, programme)
    hold(programme)
    now = by.now()
    made = Meeting(
        programme=programme, author=by.person, created=now, updated=now, held=held or localdate(now),
        **_said(title, notes),
    )  # fmt: skip
    people, proposals = _people(programme, there), _proposals(programme, decided)
    planned = made.held > localdate(now)
    made.until = 0 if planned else last_row(programme)
    made.number = next_numbers(programme, "meeting")
    made.save(force_insert=True)
    _hang(made, people, proposals)
    _tell(made, by, people)
    _keep(made, by, "meeting planned" if planned else "meeting recorded", people, proposals)
    return made


@transaction.atomic
def change_meeting(
    meeting: Meeting,
    *,
    by: Actor,
    base: int,
    title: str | None = None,
    held: date | None = None,
    notes: str | None = None,
    there: Sequence[str] | None = None,
    decided: Sequence[int] | None = None,
) -> Meeting:
    """Change what is said of a meeting; what is not given stays, and so does the end of its digest.

    Raises ValidationError, Stale, PermissionDenied.
    """
    now = _now(meeting, by, base)
    if now.retired:
        raise ValidationError({"state": _("Meeting %(n)s is retired; restore it first.") % {"n": now.number}})
    new: dict[str, Any] = _said(now.title if title is None else title, now.notes if notes is None else notes)
    new["held"] = held or now.held
    if now.until and new["held"] > localdate(by.now()):
        raise ValidationError({"held": _("Meeting %(n)s took place; give a day that has come.") % {"n": now.number}})
    was_there, was_decided = _hung(now)
    people = was_there if there is None else _people(now.programme, there, stay=was_there)
    proposals = was_decided if decided is None else _proposals(now.programme, decided)
    same = {one.pk for one in people} == {one.pk for one in was_there}
    same = same and {one.pk for one in proposals} == {one.pk for one in was_decided}
    if same and all(getattr(now, name) == value for name, value in new.items()):
        return now
    after = _swap(now, by, **new)
    if not same:
        _hang(after, people, proposals)
    _tell(after, by, people)
    _keep(after, by, "meeting changed", people, proposals)
    return after


@transaction.atomic
def conclude_meeting(meeting: Meeting, *, by: Actor, base: int) -> Meeting:
    """End the digest of a planned meeting here: it took place. Raises ValidationError (state), Stale."""
    now = _now(meeting, by, base)
    if now.retired:
        raise ValidationError({"state": _("Meeting %(n)s is retired; restore it first.") % {"n": now.number}})
    if now.until:
        raise ValidationError({"state": _("Meeting %(n)s took place already.") % {"n": now.number}})
    after = _swap(now, by, until=last_row(now.programme), held=min(now.held, localdate(by.now())))
    _keep(after, by, "meeting concluded", *_hung(after))
    return after


@transaction.atomic
def turn_meeting(meeting: Meeting, *, by: Actor, base: int, retired: bool) -> Meeting:
    """Retire a meeting, or bring it back. The digest of the next one begins where the one before it ended."""
    now = _now(meeting, by, base)
    if now.retired == retired:
        said = _("Meeting %(n)s is retired already.") if retired else _("Meeting %(n)s is not retired.")
        raise ValidationError({"state": said % {"n": now.number}})
    after = _swap(now, by, retired=retired)
    _keep(after, by, "meeting retired" if retired else "meeting restored", *_hung(after))
    return after


def last_row(programme: Programme) -> int:
    """The number of the last row of the programme's log."""
    found = AuditHead.objects.filter(scope=scope_of(programme)).values_list("number", flat=True).first()
    return found or 0


def named(meeting: Meeting) -> str:
    """How the log and notices name a meeting."""
    return f"meeting {meeting.number}"


def _now(meeting: Meeting, by: Actor, base: int) -> Meeting:
    require(by, Verb.WRITE, meeting.programme)
    hold(meeting.programme)
    now = Meeting.objects.select_related("programme", "author").get(pk=meeting.pk)
    if now.revision_number != base:
        raise Stale(now, base=base)
    return now


def _said(title: str, notes: str) -> dict[str, str]:
    return {
        "title": clean(title, field="title", limit=Limit.TITLE, required=True, one_line=True),
        "notes": clean(notes, field="notes", limit=Limit.WORDING),
    }


def _people(programme: Programme, there: Sequence[str], *, stay: Sequence[Person] = ()) -> list[Person]:
    """The members of these names; who was written down before stays, whether a member still or not."""
    if len(there) > MOST:
        raise ValidationError({"there": _("Name at most %(n)s people.") % {"n": MOST}})
    members = Membership.objects.filter(programme=programme).select_related("person")
    known = {member.person.username.casefold(): member.person for member in members} if there else {}
    known |= {person.username.casefold(): person for person in stay}
    found = {}
    for name in there:
        person = known.get(name.strip().removeprefix("@").casefold())
        if person is None:
            said = _("There is no member called “%(name)s”.") % {"name": name.strip()[:60]}
            raise ValidationError({"there": said})
        found[person.pk] = person
    return sorted(found.values(), key=lambda person: person.username)


def _proposals(programme: Programme, numbers: Sequence[int]) -> list[Proposal]:
    """The proposals of these numbers; one that nobody may know of yet is not there."""
    if len(numbers) > MOST:
        raise ValidationError({"decided": _("Name at most %(n)s proposals.") % {"n": MOST}})
    rows = Proposal.objects.filter(programme=programme, number__in=set(numbers), sent__isnull=False)
    known = {one.number: one for one in rows.order_by("number")} if numbers else {}
    for number in numbers:
        if number not in known:
            raise ValidationError({"decided": _("There is no P%(n)s in this programme.") % {"n": number}})
        if known[number].state not in SETTLED:
            said = _("P%(n)s is not decided; a meeting names proposals that are accepted or refused.")
            raise ValidationError({"decided": said % {"n": number}})
    return list(known.values())


def _hung(meeting: Meeting) -> tuple[list[Person], list[Proposal]]:
    there = meeting.attendances.select_related("person").order_by("person__username")
    decided = meeting.decisions.select_related("proposal").order_by("proposal__number")
    return [one.person for one in there], [one.proposal for one in decided]


def _hang(meeting: Meeting, people: Sequence[Person], proposals: Sequence[Proposal]) -> None:
    Attendance.objects.filter(meeting=meeting).delete()
    Attendance.objects.bulk_create(Attendance(meeting=meeting, person=person) for person in people)
    MeetingDecision.objects.filter(meeting=meeting).delete()
    MeetingDecision.objects.bulk_create(MeetingDecision(meeting=meeting, proposal=one) for one in proposals)


def _swap(now: Meeting, by: Actor, **new: Any) -> Meeting:
    base = now.revision_number
    moved = Meeting.objects.filter(pk=now.pk, revision_number=base).update(
        **new, revision_number=base + 1, updated=by.now()
    )
    after = Meeting.objects.select_related("programme", "author").get(pk=now.pk)
    if not moved:
        raise Stale(after, base=base)
    return after


def _tell(meeting: Meeting, by: Actor, people: Sequence[Person]) -> None:
    """Whoever is written down as having been there hears of it, once."""
    notice(
        meeting.programme, by=by, event=named(meeting), kind="meeting", on=named(meeting).capitalize(),
        path=f"meetings/{meeting.number}", to=[person.pk for person in people],
    )  # fmt: skip


def _keep(
    meeting: Meeting, by: Actor, verb: str, people: Sequence[Person], proposals: Sequence[Proposal]
) -> None:
    """The revision, and the log's row, which says who was there and what was decided, and nothing of the notes."""
    words = {name: getattr(meeting, name) for name in WORDS}
    revision = MeetingRevision.objects.create(
        meeting=meeting, number=meeting.revision_number, at=meeting.updated, author=by.person, **words
    )
    there, decided = [person.username for person in people], [one.label for one in proposals]
    sealed = seal(revision, held=meeting.held.isoformat(), until=meeting.until, there=there, decided=decided)
    record(
        by, verb, named(meeting), programme=meeting.programme, seals=sealed,
        revision=revision.number, there=there, decided=decided,
    )  # fmt: skip
