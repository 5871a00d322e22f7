"""Owns what the team says about statements, configurations and proposals: comments, their edits, threads resolved.

A comment opens a thread or answers in one. Its words can be changed by the one who wrote them; what they were before is
kept. A reply in a resolved thread opens it again, so that nothing is said where nobody looks.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from cmo.models import (
    Comment,
    CommentRevision,
    Configuration,
    ConfigurationRevision,
    Mention,
    Proposal,
    Statement,
    StatementRevision,
)
from cmo.references import names_in
from cmo.rules.indexing import COMMENT, comment_entry
from cmo.rules.quoting import quoted
from cmo.rules.versioning import next_numbers
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Membership, Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.indexing import index, unindex
from programmes.rules.noticing import notice
from programmes.rules.recording import record, seal
from programmes.vocabulary import Limit, Verb

Record = Statement | Configuration | Proposal
FIELDS = {Statement: "statement", Configuration: "configuration", Proposal: "proposal"}


@transaction.atomic
def say(
    on: Record, *, by: Actor, text: str, part: str = "", quote: str = "", reply_to: Comment | None = None
) -> Comment:
    """A comment on a record, or an answer in the thread of `reply_to`, which is then open again if it was resolved.

    `part` ("if", "then", "because") and `quote` say which words it is about; of a statement's part without a quote the
    words of the part are kept. Raises ValidationError (on, text, part, quote, reply_to) or PermissionDenied.
    """
    programme = on.programme
    require(by, Verb.COMMENT, programme)
    hold(programme)
    now = _current(on, by)
    opening = _thread(now, reply_to)
    text = clean(text, field="text", limit=Limit.LONG, required=True)
    part, quote, against = quoted(now, part, quote, opening=opening)
    at = by.now()
    made = Comment(
        programme=programme, number=next_numbers(programme, "comment"), opening=opening, part=part, quote=quote,
        made_against=against, text=text, author=by.person, at=at, latest=at, **{FIELDS[type(now)]: now},
    )  # fmt: skip
    made.save(force_insert=True)
    reopened = opening is not None and opening.resolved is not None
    if opening is not None:
        Comment.objects.filter(pk=opening.pk).update(latest=at, resolved=None, resolved_by=None)
    _keep(made, by, "commented", **({"reopened": opening.number} if opening is not None and reopened else {}))
    return made


@transaction.atomic
def edit_comment(comment: Comment, *, by: Actor, base: int, text: str) -> Comment:
    """Change one's own words. Raises ValidationError (text), Stale, or PermissionDenied for those of another."""
    require(by, Verb.COMMENT, comment.programme)
    hold(comment.programme)
    now = comment_now(comment)
    if now.author_id != by.person.pk:
        raise PermissionDenied(_("Only the one who wrote a comment changes it; answer it instead."))
    if now.revision_number != base:
        raise Stale(now, base=base)
    text = clean(text, field="text", limit=Limit.LONG, required=True)
    if text == now.text:
        return now
    moved = Comment.objects.filter(pk=now.pk, revision_number=base).update(
        text=text, revision_number=base + 1, edited=by.now()
    )
    if not moved:
        raise Stale(comment_now(comment), base=base)
    now = comment_now(comment)
    _keep(now, by, "comment edited")
    return now


@transaction.atomic
def resolve(comment: Comment, *, by: Actor, seen: int | None = None) -> Comment:
    """Settle the thread that the comment stands in; the comment that opened it.

    `seen` is the number of the last comment that was read in it: where somebody answered since, it stays open and
    ValidationError (seen) says so.
    """
    opening = _opening(comment, by)
    if opening.resolved is not None:
        raise ValidationError({"resolved": _("This thread is resolved already.")})
    last = opening.replies.select_related("author").order_by("number").last()
    if seen is not None and last is not None and last.number > seen:
        said = _("%(who)s answered meanwhile, so the thread is still open; read it, then resolve it.")
        raise ValidationError({"seen": said % {"who": last.author.name}})
    _turn(opening, by, resolved=True)
    return comment_now(opening)


@transaction.atomic
def reopen(comment: Comment, *, by: Actor) -> Comment:
    """Open the thread again that the comment stands in; the comment that opened it."""
    opening = _opening(comment, by)
    if opening.resolved is None:
        raise ValidationError({"resolved": _("This thread is open already.")})
    _turn(opening, by, resolved=False)
    return comment_now(opening)


def index_discussion(proposal: Proposal) -> None:
    """Let the comments on a proposal be found, or not before it is sent. Call it when it is."""
    comments = Comment.objects.filter(proposal=proposal).select_related("proposal")
    if proposal.sent is None:
        unindex(proposal.programme, COMMENT, comments.values_list("pk", flat=True))
    else:
        index(proposal.programme, [comment_entry(comment) for comment in comments])


def record_of(comment: Any) -> Record:
    """What a comment, or a link of a memo, is on."""
    found: Record = comment.statement or comment.configuration or comment.proposal
    return found


def comment_now(comment: Comment) -> Comment:
    """The comment as it is stored now, with what it is on."""
    found = Comment.objects.select_related("programme", "author", "statement", "configuration", "proposal")
    return found.get(pk=comment.pk)


def authors_of(record: Record) -> set[int]:
    """Ids of the people who wrote at a record."""
    if isinstance(record, Proposal):
        return {record.author_id, *record.coauthors.agreed().people()}
    history: Any
    if isinstance(record, Statement):
        history = StatementRevision.objects.filter(statement=record)
    else:
        history = ConfigurationRevision.objects.filter(configuration=record)
    return set(history.order_by().values_list("author_id", flat=True).distinct())


def readers_of(draft: Proposal) -> set[int]:
    """Ids of the people who see a proposal that was never sent: its authors, and whom they named as such."""
    return {draft.author_id, *draft.coauthors.people()}


def _current(on: Record, by: Actor) -> Record:
    """The record as it now stands; a proposal that was never sent is there for its authors alone."""
    now: Any = type(on)._default_manager.filter(pk=on.pk).select_related("programme").first()
    hidden = isinstance(now, Proposal) and now.sent is None and by.person.pk not in readers_of(now)
    if now is None or hidden:
        raise ValidationError({"on": _("There is no %(label)s in this programme.") % {"label": on.label}})
    found: Record = now
    return found


def _thread(on: Record, reply_to: Comment | None) -> Comment | None:
    """The comment that opened the thread to answer in."""
    if reply_to is None:
        return None
    found = Comment.objects.filter(pk=reply_to.opening_id or reply_to.pk, **{FIELDS[type(on)]: on}).first()
    if found is None:
        said = _("Comment %(n)s is not on %(label)s; answer it where it stands.")
        raise ValidationError({"reply_to": said % {"n": reply_to.number, "label": on.label}})
    return found


def _opening(comment: Comment, by: Actor) -> Comment:
    require(by, Verb.COMMENT, comment.programme)
    hold(comment.programme)
    now = comment_now(comment)
    _current(record_of(now), by)
    return comment_now(now.opening) if now.opening else now


def _turn(opening: Comment, by: Actor, *, resolved: bool) -> None:
    Comment.objects.filter(pk=opening.pk).update(
        resolved=by.now() if resolved else None, resolved_by=by.person if resolved else None
    )
    verb = "thread resolved" if resolved else "thread reopened"
    record(by, verb, record_of(opening).label, programme=opening.programme, comment=opening.number)


def _keep(comment: Comment, by: Actor, verb: str, **detail: Any) -> None:
    """What every wording of a comment leaves: its revision, mentions, notices, what a search knows, the log's row.

    The log names the record and the comment, not its words: those are in its history.
    """
    programme, on = comment.programme, record_of(comment)
    revision = CommentRevision.objects.create(
        comment=comment, number=comment.revision_number, text=comment.text, at=comment.edited or comment.at
    )
    _tell(comment, by, on, _mentioned(programme, comment))
    if not (isinstance(on, Proposal) and on.sent is None):
        index(programme, [comment_entry(comment)])
    record(
        by, verb, on.label, programme=programme, seals=seal(revision), comment=comment.number,
        revision=revision.number, **detail,
    )  # fmt: skip


def _mentioned(programme: Programme, comment: Comment) -> set[int]:
    """Keep who is named with @ in a comment: members, by the name that they sign in with; others are only text."""
    names = names_in(comment.text)
    found: set[int] = set()
    if names:
        members = Membership.objects.filter(programme=programme).annotate(name=Lower("person__username"))
        found = set(members.filter(name__in=names).values_list("person_id", flat=True))
    Mention.objects.filter(comment=comment).exclude(person_id__in=found).delete()
    rows = [Mention(comment=comment, person_id=person) for person in sorted(found)]
    Mention.objects.bulk_create(rows, ignore_conflicts=True)
    return found


def _tell(comment: Comment, by: Actor, on: Record, mentioned: Iterable[int]) -> None:
    """One notice for each: those who are named, then those of the thread, then those who wrote at the record."""
    authors = authors_of(on)
    opening = comment.opening_id or comment.pk
    thread = Comment.objects.filter(opening=opening).order_by().values_list("author_id", flat=True).distinct()
    taking_part = {*thread, *Comment.objects.filter(pk=opening).values_list("author_id", flat=True)}
    if isinstance(on, Proposal) and on.sent is None:
        readers = readers_of(on)
        mentioned, taking_part = readers & set(mentioned), readers & taking_part
    told: set[int] = set()
    for kind, people in (("mention", set(mentioned)), ("reply", taking_part), ("comment", authors)):
        notice(
            comment.programme, by=by, event=f"comment {comment.number}", kind=kind, on=on.label,
            path=f"comments/{comment.number}", to=people - told,
        )  # fmt: skip
        told |= people
