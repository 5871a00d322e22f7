"""Owns which revision, round, answer, comment, memo or meeting a row of the log tells of, so that its words go with the
row's, and what else repeats them; see programmes' redacting."""

import re
from collections.abc import Iterator
from copy import copy
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext as _

from cmo.models import (
    BearingRevision,
    Comment,
    CommentRevision,
    ConfigurationRevision,
    Descent,
    ElementRevision,
    ExcerptRevision,
    Meeting,
    MeetingRevision,
    Memo,
    MemoRevision,
    Mention,
    PriorityAnswer,
    PriorityRound,
    Proposal,
    ProposalRound,
    Review,
    StatementRevision,
    Verdict,
    VerdictRevision,
)
from cmo.rules.descent import LOGGED_AS, sealed_act, sealed_with
from cmo.rules.indexing import comment_entry, memo_entry
from cmo.rules.laying_before import round_sealed_with
from cmo.rules.making_up import sealed_make_up
from cmo.rules.repeating import DECIDED, copies_of, same_words, told_of_a_copy, words_of
from cmo.rules.unversioned import TELLS_OF, move_on, raise_if_frozen
from cmo.rules.versioning import move_structure
from cmo.team_words import ProposalState
from programmes.access import Actor, require
from programmes.guards import TAKEN
from programmes.models import AuditEvent, Programme, SourceRevision, ThemeRevision
from programmes.reading.log import events_of
from programmes.rules.holding import hold
from programmes.rules.indexing import forget, index
from programmes.rules.noticing import asked_no_more
from programmes.rules.recording import record, seal
from programmes.rules.redacting import IN_PARTS as SENT
from programmes.rules.redacting import Told, redact, typed_in
from programmes.vocabulary import Verb

_LABEL = re.compile(r"(S|E|CMO|P|X|B|Q)([1-9][0-9]{0,8})")
AT_ONCE = 200  # other rows with the same words that one act takes them out of
# What stands then where the words were.
OF_A_PROPOSAL: dict[str, Any] = {"title": "", "reason": "", "content": []}
OF_A_COMMENT = {"text": ""}
OF_A_MEMO = {"title": TAKEN, "text": ""}
OF_A_MEETING = {"title": TAKEN, "notes": ""}
OF_A_ROUND = {"title": TAKEN, "question": ""}
OF_AN_ANSWER = {"note": ""}
OF_A_VERDICT = {"rationale": ""}


@transaction.atomic
def take_out(programme: Programme, *, by: Actor, number: int, why: str, everywhere: bool = False) -> AuditEvent:
    """Take the words of row `number` out of a programme's log, and out of what it tells of: the reason of a revision,
    an answer, a decision, a merge or split, all that a round of a proposal says, the text of a comment, a memo's, a
    meeting's notes, what a prioritisation round asks, a member's notes to its answers, the rationale of a verdict, and
    what a record without a history says (see unversioned). What a snapshot holds is refused.

    Where the app repeated these words by itself (see repeating), they go too; with `everywhere` also out of the first
    200 rows that give the very same reason. The row comes back with `.taken_with`, the numbers of the rows that went
    with it, and `.elsewhere`, of those in which the words still stand.

    A proposal that lies before the team without words is withdrawn by that. What a memo said while it was its
    author's alone is theirs alone to take out. Raises Http404 where there is no such row among those that they may
    read, ValidationError (why), PermissionDenied.
    """
    event = events_of(programme).select_related("programme").filter(number=number).first()
    if event is None:
        raise Http404("There is no such row in the log.")
    require(by, Verb.MANAGE, programme)
    hold(programme)
    told = _told(programme, event)
    words, copies, others = words_of(event, told), *_repeated(programme, event, told)
    went = [*copies, *(others[:AT_ONCE] if everywhere else ())]
    typed = _take(programme, event, told, by, why)
    for one in went:
        typed += _take(programme, one, told_of_a_copy(_told(programme, one), words), by, why)
    forget(programme, typed)
    found: Any = events_of(programme).get(number=number)
    found.taken_with = [one.number for one in went]
    found.elsewhere = [one.number for one in (others[AT_ONCE:] if everywhere else others)]
    return found  # type: ignore[no-any-return]


def repeated_in(programme: Programme, event: AuditEvent) -> tuple[bool, list[AuditEvent], list[AuditEvent]]:
    """Whether words of a row can be taken out, the rows out of which they go with it, and others with the same ones."""
    told = _told(programme, event)
    if hasattr(event, "redaction") and not (told and told.holds_words):
        return False, [], []
    return True, *_repeated(programme, event, told)


def _repeated(programme: Programme, event: AuditEvent, told: Told | None) -> tuple[list[AuditEvent], list[AuditEvent]]:
    copies = copies_of(programme, event, told)
    return copies, list(same_words(programme, event, copies)) if event.reason.strip() else []


def _take(programme: Programme, event: AuditEvent, told: Told | None, by: Actor, why: str) -> list[str]:
    """Take the words of one row out; what they were."""
    _raise_if_private(told, by)
    if event.verb == "round answered" and told is None:
        _raise_if_open(programme, event)
    raise_if_frozen(programme, event, told)
    if told and not told.sealed and not told.holds_words:
        told = None  # the record says nothing of it any more
    typed = typed_in(event, told)
    redact(event, by=by, why=why, told=told)
    _forget(programme, event, told, by)
    return typed


def _raise_if_private(told: Told | None, by: Actor) -> None:
    """Nobody reads a memo that is another's alone, so nobody takes out of it either."""
    memo = told.revision if told else None
    if isinstance(memo, MemoRevision) and not memo.shared and memo.memo.author_id != by.person.pk:
        said = _("Memo %(n)s was its author's alone then; a lead takes out what the team could read.")
        raise PermissionDenied(said % {"n": memo.memo.number})


def _raise_if_open(programme: Programme, event: AuditEvent) -> None:
    """What a member notes in a round is read by nobody before its end, so it is taken out only then."""
    if PriorityRound.objects.filter(programme=programme, number=_numbered(event), closed=None).exists():
        said = _("Nobody reads the notes of round %(n)s before it is closed; take them out then.")
        raise ValidationError({"why": said % {"n": _numbered(event)}})


def _numbered(event: AuditEvent) -> int:
    """The number in such a name as “round 4”."""
    return int(event.record.partition(" ")[2])


def _forget(programme: Programme, event: AuditEvent, told: Told | None, by: Actor) -> None:
    """Take the words out of where they stand once more, as what holds now."""
    if told and isinstance(told.revision, ProposalRound):
        of = Proposal.objects.filter(pk=told.revision.proposal_id, round=told.revision.number)
        of.update(**told.texts)
        opened = of.filter(state=ProposalState.OPEN)
        if "reason" in told.texts and opened.update(
            state=ProposalState.WITHDRAWN, revision_number=F("revision_number") + 1, updated=by.now()
        ):
            asked_no_more(programme, by=by, kind="proposal", on=event.record)
            record(by, "proposal withdrawn", event.record, programme=programme)
    elif told and isinstance(told.revision, MemoRevision):
        of_memo = Memo.objects.filter(pk=told.revision.memo_id, revision_number=told.revision.number)
        if of_memo.update(**OF_A_MEMO) and told.revision.shared:
            index(programme, [memo_entry(of_memo.get())])
    elif told and isinstance(told.revision, MeetingRevision):
        of_meeting = Meeting.objects.filter(pk=told.revision.meeting_id, revision_number=told.revision.number)
        of_meeting.update(**OF_A_MEETING)
    elif told and isinstance(told.revision, CommentRevision):
        of_comment = Comment.objects.filter(pk=told.revision.comment_id, revision_number=told.revision.number)
        if of_comment.update(text=""):
            Mention.objects.filter(comment=told.revision.comment_id).delete()
            now = of_comment.select_related("statement", "configuration", "proposal").get()
            if now.proposal is None or now.proposal.sent is not None:
                index(programme, [comment_entry(now)])
    elif told and isinstance(told.revision, VerdictRevision):
        of_verdict = Verdict.objects.filter(pk=told.revision.of_id, revision_number=told.revision.number)
        of_verdict.update(**OF_A_VERDICT)
        move_structure(programme)  # records show the team's verdicts beside their own words
    elif told and not told.sealed:
        move_on(programme, told, by)
    elif event.verb in DECIDED:
        Proposal.objects.filter(programme=programme, number=int(event.record[1:])).update(decision_reason="")


def _told(programme: Programme, event: AuditEvent) -> Told | None:
    """The revision of a row that has one; its reason is that of the row."""
    if "comment" in event.detail:
        return _of_a_comment(programme, event)
    if event.verb in SENT or event.verb == "answered":
        return _of_a_proposal(programme, event)
    if event.verb in LOGGED_AS.values():
        return _of_an_act(programme, event)
    if event.verb == "round opened":
        return _of_a_round(programme, event)
    if event.verb == "round answered":
        return _of_answers(programme, event)
    if event.verb in TELLS_OF:
        return TELLS_OF[event.verb](programme, event)
    number = event.detail.get("revision")
    if not isinstance(number, int):
        return None
    kind, _space, named = event.record.partition(" ")
    if kind == "theme":
        return _of_a_theme(programme, event, number)
    if kind == "memo":
        return _of_a_memo(programme, event, int(named), number)
    if kind == "meeting":
        return _of_a_meeting(programme, event, int(named), number)
    if kind == "verdict":
        return _of_a_verdict(programme, event, int(named), number)
    label = _LABEL.fullmatch(event.record)
    if label is None or label[1] not in _KINDS:
        return None
    found = _KINDS[label[1]](programme, int(label[2]), number)
    return found if found and _is_it(found, event) else None


def _is_it(told: Told, event: AuditEvent) -> bool:
    return not event.seals or seal(told.revision, **told.more) == event.seals


def _of_a_comment(programme: Programme, event: AuditEvent) -> Told | None:
    found = CommentRevision.objects.filter(
        comment__programme=programme, comment__number=event.detail["comment"], number=event.detail.get("revision")
    ).first()
    told = Told(found, texts=OF_A_COMMENT) if found else None
    return told if told and _is_it(told, event) else None


def _of_a_proposal(programme: Programme, event: AuditEvent) -> Told | None:
    """The round, or one of its answers, by its seal."""
    taken = getattr(event, "redaction", None)
    if taken and taken.revision_table == ProposalRound._meta.db_table:
        emptied = ProposalRound.objects.select_related("cited").get(pk=taken.revision_row)
        return Told(emptied, round_sealed_with(emptied), OF_A_PROPOSAL)
    if event.verb != "answered":
        of = {"proposal__programme": programme, "proposal__number": int(event.record[1:])}
        sent = ProposalRound.objects.filter(**of).select_related("cited")
        each = (Told(one, round_sealed_with(one), OF_A_PROPOSAL) for one in sent)
        return next((told for told in each if event.seals and _is_it(told, event)), None)
    rows = Review.objects.filter(proposal__programme=programme, proposal__number=int(event.record[1:]))
    return next((told for one in rows if event.seals and _is_it(told := Told(one), event)), None)


def _of_a_memo(programme: Programme, event: AuditEvent, label: int, number: int) -> Told | None:
    found = MemoRevision.objects.filter(memo__programme=programme, memo__number=label, number=number)
    one = found.select_related("memo").first()
    more = {"uid": str(one.memo.uid), "dated": one.dated.isoformat()} if one else {}
    return told if one and _is_it(told := Told(one, more, OF_A_MEMO), event) else None


def _of_a_meeting(programme: Programme, event: AuditEvent, label: int, number: int) -> Told | None:
    """With who was there and what was decided, as the row says; a planned meeting got its end when it was concluded."""
    found = MeetingRevision.objects.filter(meeting__programme=programme, meeting__number=label, number=number)
    one = found.select_related("meeting").first()
    if one is None:
        return None
    for until in {0, one.meeting.until}:
        hung = {name: event.detail.get(name) for name in ("there", "decided")}
        told = Told(one, {"held": one.held.isoformat(), "until": until, **hung}, OF_A_MEETING)
        if _is_it(told, event):
            return told
    return None


def _of_a_verdict(programme: Programme, event: AuditEvent, label: int, number: int) -> Told | None:
    found = VerdictRevision.objects.filter(of__programme=programme, of__number=label, number=number)
    one = found.prefetch_related("rests_on__bearing").first()
    more = {"bearings": sorted(link.bearing.number for link in one.rests_on.all())} if one else {}
    return told if one and _is_it(told := Told(one, more, OF_A_VERDICT), event) else None


def _of_an_act(programme: Programme, event: AuditEvent) -> Told | None:
    """An act of lineage as it was done, and as it was undone."""
    acts = Descent.objects.filter(programme=programme, number=_numbered(event))
    act = acts.prefetch_related("lines").first()
    if act is None:
        return None
    lines, stood = list(act.lines.all()), copy(act)
    stood.undone = stood.undone_by_id = None
    if sealed_act(stood, lines) != event.seals:
        return None

    def also() -> list[str]:
        act.refresh_from_db(fields=["reason"])
        return [sealed_act(act, lines)]

    return Told(stood, sealed_with(lines), also=also if act.undone else tuple)


def _of_a_round(programme: Programme, event: AuditEvent) -> Told | None:
    """A prioritisation round as it was opened, and, with its answers, as it was closed."""
    rounds = PriorityRound.objects.filter(programme=programme, number=_numbered(event))
    now = rounds.first()
    if now is None:
        return None
    opened = copy(now)
    opened.closed, opened.closed_by_id, opened.revision_number = None, None, 1
    told = Told(opened, {"items": event.detail.get("statements")}, OF_A_ROUND, lambda: list(_closed(now)))
    return told if _is_it(told, event) else None


def _of_answers(programme: Programme, event: AuditEvent) -> Told | None:
    """The notes of one member in a prioritisation round, once its end has shown them to the team."""
    rounds = PriorityRound.objects.filter(programme=programme, number=_numbered(event))
    now = rounds.exclude(closed=None).first()
    given = PriorityAnswer.objects.filter(item__round=now, person=event.actor_id).exclude(note="") if now else None
    if not now or not given:
        return None
    first, *others = given.order_by("item__position")
    return Told(first, texts=OF_AN_ANSWER, also=lambda: list(_closed(now)), beside=others)


def _closed(now: PriorityRound) -> Iterator[str]:
    """The seal of a closed round, whose revisions went on with its priorities since."""
    if now.closed is None:
        return
    now.refresh_from_db(fields=list(OF_A_ROUND))
    given = PriorityAnswer.objects.filter(item__round=now).order_by("item__position", "person")
    rows = [list(row) for row in given.values_list("item__statement__number", "person", "value", "note")]
    yield seal(now, answers=rows)


def _of_a_theme(programme: Programme, event: AuditEvent, number: int) -> Told | None:
    """By its seal: a theme may have had another code when the row was written."""
    candidates = ThemeRevision.objects.filter(theme__programme=programme, number=number, reason=event.reason)
    return next((told for one in candidates if _is_it(told := Told(one), event) and event.seals), None)


def _statement(programme: Programme, label: int, number: int) -> Told | None:
    found = StatementRevision.objects.filter(statement__programme=programme, statement__number=label, number=number)
    return _with_themes(found.prefetch_related("taggings").first())


def _element(programme: Programme, label: int, number: int) -> Told | None:
    found = ElementRevision.objects.filter(element__programme=programme, element__number=label, number=number)
    return _with_themes(found.prefetch_related("taggings").first())


def _with_themes(revision: Any) -> Told | None:
    return Told(revision, {"themes": sorted(tag.theme_id for tag in revision.taggings.all())}) if revision else None


def _configuration(programme: Programme, label: int, number: int) -> Told | None:
    found = ConfigurationRevision.objects.filter(
        configuration__programme=programme, configuration__number=label, number=number
    )
    revision = found.prefetch_related("placings", "spellings").first()
    if revision is None:
        return None
    placed = [
        (one.element_id, one.role, one.position, one.wording, one.activation, one.element_revision)
        for one in sorted(revision.placings.all(), key=lambda one: one.position)
    ]
    return Told(revision, sealed_make_up(placed, [one.statement_id for one in revision.spellings.all()]))


def _source(programme: Programme, label: int, number: int) -> Told | None:
    found = SourceRevision.objects.filter(source__programme=programme, source__number=label, number=number)
    revision = found.select_related("source").first()
    return Told(revision, {"uid": str(revision.source.uid)}) if revision else None


def _excerpt(programme: Programme, label: int, number: int) -> Told | None:
    found = ExcerptRevision.objects.filter(excerpt__programme=programme, excerpt__number=label, number=number)
    told = _with_themes(revision := found.select_related("excerpt").prefetch_related("taggings").first())
    return Told(told.revision, {**told.more, "uid": str(revision.excerpt.uid)}) if told and revision else None


def _bearing(programme: Programme, label: int, number: int) -> Told | None:
    found = BearingRevision.objects.filter(bearing__programme=programme, bearing__number=label, number=number)
    revision = found.select_related("bearing").first()
    return Told(revision, {"uid": str(revision.bearing.uid)}) if revision else None


_KINDS = {
    "S": _statement, "E": _element, "CMO": _configuration, "Q": _source, "X": _excerpt, "B": _bearing,
}  # fmt: skip
