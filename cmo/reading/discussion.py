"""Owns what pages and the API show of comments: the threads of a record, of a programme, and the words around them.

Each function asks a fixed number of queries, however much was said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from cmo.comparing import Change, compare
from cmo.models import Comment, CommentRevision, Configuration, Mention, Proposal, Statement
from cmo.reading.attached import Attached
from cmo.reading.elements import number_in
from cmo.reading.memos import memos_on
from cmo.reading.naming import Known, known_in, record_url, seen_by
from cmo.rules.composing import PARTS as WORD_PARTS
from cmo.rules.discussing import FIELDS, Record, record_of
from cmo.rules.quoting import stands_in, texts_of
from programmes.models import Person, Programme

ON: dict[str, Any] = {"S": Statement, "CMO": Configuration, "P": Proposal}
SHOWN = 20  # threads on the page of a record; the rest is one link away
PARTS: dict[str, tuple[str, ...]] = {"statement": WORD_PARTS, "proposal": WORD_PARTS, "configuration": ()}
ANSWERS = 10  # of each thread there; all of them stand on its own page
AROUND = ("author", "resolved_by", "statement", "configuration", "proposal")


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as a page shows it."""

    opening: Comment
    replies: list[Comment] = field(default_factory=list)
    earlier: int = 0  # answers before those
    label: str = ""
    kind: str = ""
    on_url: str = ""
    url: str = ""
    changed_url: str = ""  # where the difference is read, when the words that it quotes changed since

    @property
    def last(self) -> int:
        """The number of the last comment that is shown: what somebody who settles it has read."""
        return self.replies[-1].number if self.replies else self.opening.number

    @property
    def answers(self) -> int:
        return self.earlier + len(self.replies)


@dataclass(frozen=True, slots=True)
class Discussion:
    """What a page shows under a record."""

    label: str
    parts: tuple[str, ...]  # that a comment may hang on
    open: list[Thread]
    resolved: list[Thread]
    more: bool  # whether there are more threads than these
    known: Known
    memos: list[Any] = field(default_factory=list)


def comments_seen(programme: Programme, person: Person) -> "QuerySet[Comment]":
    """The comments of a programme that a member sees; those on drafts of proposals are there for their authors."""
    found = Comment.objects.filter(programme=programme)
    return found.filter(Q(proposal__isnull=True) | seen_by(person, "proposal__"))


def discussion_shown(
    programme: Programme, person: Person, record: Record, has: Attached | None = None
) -> Discussion:
    """The newest threads of a record with their last answers, and its memos; four queries, two where nothing was said,
    one less where the comments name nothing, none for what it does not have. The caller has seen to it that `person`
    sees the record.
    """
    has = has or Attached()
    openings = Comment.objects.filter(**{FIELDS[type(record)]: record}, opening=None)
    told = openings.select_related("author", "resolved_by").order_by("-number")
    newest = list(told[: SHOWN + 1]) if has.comments else []
    found = sorted(newest[:SHOWN], key=lambda one: one.number)
    for one in found:
        setattr(one, FIELDS[type(record)], record)
    made = threads(programme, found, _answers(found))
    texts = [one.text for thread in made for one in (thread.opening, *thread.replies)]
    return Discussion(
        label=record.label,
        parts=PARTS[FIELDS[type(record)]],
        open=[thread for thread in made if thread.opening.resolved is None],
        resolved=[thread for thread in made if thread.opening.resolved is not None],
        more=len(newest) > SHOWN,
        known=known_in(programme, person, texts),
        memos=list(memos_on(programme, person, record)) if has.memos else [],
    )


def threads(
    programme: Programme, openings: Iterable[Comment], answers: dict[int, list[Comment]] | None = None
) -> list[Thread]:
    """Threads of these comments, which come with what they are on."""
    return [_thread(programme.slug, one, (answers or {}).get(one.pk, [])) for one in openings]


def _thread(slug: str, opening: Comment, replies: list[Comment]) -> Thread:
    on = record_of(opening)
    kind = FIELDS[type(on)]
    counted: int = getattr(replies[0], "of", len(replies)) if replies else getattr(opening, "answers", 0)
    url = record_url(slug, kind, on.number)
    return Thread(
        opening, replies, counted - len(replies), on.label, kind, url,
        url=reverse("thread", args=[slug, opening.number]),
        changed_url=_difference(url, kind, opening.made_against, on) if is_stale(opening) else "",
    )  # fmt: skip


def thread_page(programme: Programme, opening: Comment, replies: list[Comment]) -> Thread:
    """One thread with these answers."""
    return threads(programme, [opening], {opening.pk: replies})[0]


def _difference(url: str, kind: str, since: int, on: Record) -> str:
    if kind == "statement":
        return f"{url}?from={since}&to={getattr(on, 'revision_number', since)}#compare"
    return f"{url}#history"


def is_stale(comment: Comment) -> bool:
    """Whether the words that a comment quotes no longer stand in its record."""
    on = record_of(comment)
    now = on.round if isinstance(on, Proposal) else on.revision_number
    return bool(comment.quote) and comment.made_against < now and not stands_in(comment.quote, texts_of(on))


def _answers(openings: Sequence[Comment]) -> dict[int, list[Comment]]:
    """{comment: its last answers, in order}, each knowing as `.of` how many there are; one query."""
    if not openings:
        return {}
    found: dict[int, list[Comment]] = {}
    last = Comment.objects.filter(opening__in=[one.pk for one in openings]).select_related("author").annotate(
        nth=Window(RowNumber(), partition_by=F("opening"), order_by=F("number").desc()),
        of=Window(Count("pk"), partition_by=F("opening")),
    )  # fmt: skip
    for one in last.filter(nth__lte=ANSWERS).order_by("number"):
        found.setdefault(one.opening_id or 0, []).append(one)
    return found


# ---------------------------------------------------------------- of a programme


def threads_of(
    programme: Programme, person: Person, *, kind: str = "", whose: str = "", state: str = "open", on: Any = None
) -> "QuerySet[Comment]":
    """The comments that opened threads, those last spoken in first.

    `kind` is "statement", "configuration" or "proposal"; `whose` "mine" (I spoke in it) or "me" (I am named in it);
    `state` "open", "resolved" or ""; `on` a record.
    """
    found = comments_seen(programme, person).filter(opening=None)
    if kind:
        found = found.filter(**{f"{kind}__isnull": False})
    if on is not None:
        found = found.filter(**{FIELDS[type(on)]: on})
    if state:
        found = found.filter(resolved__isnull=state == "open")
    within = Q(pk=OuterRef("pk")) | Q(opening=OuterRef("pk"))
    if whose == "mine":
        found = found.filter(Exists(Comment.objects.filter(within, author=person)))
    elif whose == "me":
        named = Q(comment=OuterRef("pk")) | Q(comment__opening=OuterRef("pk"))
        found = found.filter(Exists(Mention.objects.filter(named, person=person)))
    return found.order_by("-latest", "-number")


def with_answers(openings: "QuerySet[Comment]") -> "QuerySet[Comment]":
    """The same with what they are on, and how many answers each has as `.answers`."""
    whole = openings.select_related(*AROUND).prefetch_related("configuration__placings__element")
    return whole.annotate(answers=Count("replies"))


def record_named(programme: Programme, person: Person, label: str, *, field: str = "on") -> Record:
    """The statement, configuration or proposal that a label names. Raises ValidationError (field)."""
    letters = "".join(takewhile(str.isalpha, str(label).strip())).upper()
    if letters not in ON:
        said = _("Write S3, CMO3 or P4, not “%(label)s”.") if str(label).strip() else _("Write S3, CMO3 or P4.")
        raise ValidationError({field: said % {"label": str(label)[:60]}})
    number = number_in(letters, label, field=field)
    found = ON[letters]._default_manager.filter(programme=programme, number=number)
    if ON[letters] is Proposal:
        found = found.filter(seen_by(person))
    record: Record | None = found.first()
    if record is None:
        raise ValidationError({field: _("There is no %(label)s in this programme.") % {"label": f"{letters}{number}"}})
    record.programme = programme
    return record


def find_comment(programme: Programme, person: Person, number: int) -> Comment:
    """The comment with this number as a member sees it, or Http404."""
    found = comments_seen(programme, person).select_related(*AROUND, "opening").filter(number=number).first()
    if found is None:
        raise Http404("There is no such comment.")
    found.programme = programme
    on = record_of(found)
    on.programme = programme
    return found


def find_thread(programme: Programme, person: Person, number: int) -> Comment:
    """The comment with this number, which opened a thread, or Http404."""
    found = find_comment(programme, person, number)
    if found.opening_id is not None:
        raise Http404("There is no such thread.")
    return found


def answers_to(opening: Comment) -> "QuerySet[Comment]":
    return Comment.objects.filter(opening=opening).select_related("author").order_by("number")


def place_of(comment: Comment, size: int) -> int:
    """The page of its thread that a comment stands on."""
    if comment.opening_id is None:
        return 1
    before = Comment.objects.filter(opening=comment.opening_id, number__lt=comment.number).count()
    return before // size + 1


def comment_history(comment: Comment) -> list[CommentRevision]:
    """What a comment said, the latest first."""
    return list(CommentRevision.objects.filter(comment=comment).order_by("-number"))


@dataclass(frozen=True, slots=True)
class Said:
    """What a comment or memo said at one time, and how its text differs from the time before."""

    revision: Any
    words: list[Change]
    titled: list[Change] = field(default_factory=list)


def said_before(comment: Comment) -> list[Said]:
    """The history of a comment, the latest first, each with its difference; one query."""
    return compared(comment_history(comment))


def compared(revisions: Sequence[Any]) -> list[Said]:
    """Revisions with a text, the latest first, each compared with the next; a title is compared where there is one."""
    found: list[Said] = []
    for new, old in zip(revisions, [*revisions[1:], None], strict=True):
        titles = [getattr(one, "title", "") if one is not None else "" for one in (old, new)]
        titled = compare(*titles) if old is not None and titles[0] != titles[1] else []
        found.append(Said(new, compare(old.text, new.text) if old is not None else [], titled))
    return found


# ---------------------------------------------------------------- the API


def comments_found(
    programme: Programme,
    person: Person,
    *,
    on: Any = None,
    open: bool | None = None,
    author: str = "",
    since: datetime | None = None,
    thread: int | None = None,
) -> "QuerySet[Comment]":
    """Comments by number. `open` asks about the thread that each stands in, `since` for those said or edited later."""
    found = comments_seen(programme, person)
    if on is not None:
        found = found.filter(**{FIELDS[type(on)]: on})
    if open is not None:
        settled = Q(opening=None, resolved__isnull=False) | Q(opening__resolved__isnull=False)
        found = found.exclude(settled) if open else found.filter(settled)
    if author:
        found = found.filter(author__username__iexact=author)
    if since is not None:
        found = found.filter(Q(at__gte=since) | Q(edited__gte=since))
    if thread is not None:
        found = found.filter(Q(number=thread, opening=None) | Q(opening__number=thread))
    return found.order_by("number")


def comment_rows(comments: "QuerySet[Comment]") -> "QuerySet[Comment]":
    """The same with all that `comment_json` shows; up to three queries more."""
    named = Prefetch("mentions", Mention.objects.select_related("person").order_by("person__username"))
    whole = comments.select_related(*AROUND, "opening", "opening__resolved_by")
    return whole.prefetch_related(named, "configuration__placings__element")


def comment_json(comment: Comment) -> dict[str, Any]:
    """A comment as the API shows it; the thread's end shows in every comment of it."""
    opening = comment.opening or comment
    return {
        "number": comment.number,
        "on": record_of(comment).label,
        "reply_to": comment.opening.number if comment.opening else None,
        "part": comment.part,
        "quote": comment.quote,
        "made_against": comment.made_against,
        "stale": is_stale(comment),
        "text": comment.text,
        "mentions": [one.person.username for one in comment.mentions.all()],
        "author": comment.author.username,
        "at": comment.at,
        "edited": comment.edited,
        "revision": comment.revision_number,
        "resolved": opening.resolved is not None,
        "resolved_by": opening.resolved_by.username if opening.resolved_by else None,
        "resolved_at": opening.resolved,
    }


def comment_revision_json(revision: CommentRevision) -> dict[str, Any]:
    return {"number": revision.number, "text": revision.text, "at": revision.at}
