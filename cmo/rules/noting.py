"""Owns memos: analytic notes, dated and linked, private until their author shares them.

A private memo is there for its author alone. The log tells that a memo was written, and nothing of what it says: its
row carries a digest with the memo's random id in it, from which no guessed title can be confirmed.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from cmo.models import Configuration, Memo, MemoLink, MemoRevision, Proposal, Statement
from cmo.references import records_in
from cmo.rules.discussing import FIELDS, Record, record_of
from cmo.rules.indexing import MEMO, memo_entry
from cmo.rules.versioning import next_numbers
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.indexing import index, unindex
from programmes.rules.recording import record, seal
from programmes.vocabulary import Limit, Verb

WORDS = ("title", "text", "dated", "shared", "retired")
MOST_LINKS = 200
MODELS: dict[str, Any] = {"statement": Statement, "configuration": Configuration, "proposal": Proposal}


def day_in(given: str) -> date | None:
    """The day that a body or a form names, None for an empty one. Raises ValidationError (dated)."""
    if not given.strip():
        return None
    try:
        return date.fromisoformat(given.strip())
    except ValueError as error:
        raise ValidationError({"dated": _("Write a day such as 2026-11-23.")}) from error


@transaction.atomic
def write_memo(
    programme: Programme,
    *,
    by: Actor,
    title: str,
    text: str = "",
    dated: date | None = None,
    shared: bool = False,
    on: Sequence[Record] = (),
) -> Memo:
    """A memo of today or of the day `dated`, on the records `on` and those that its text names.

    Raises ValidationError (title, text, on) or PermissionDenied.
    """
    require(by, Verb.COMMENT, programme)
    hold(programme)
    now = by.now()
    made = Memo(
        programme=programme, author=by.person, created=now, updated=now, dated=dated or localdate(now), shared=shared,
        **_said(title, text),
    )  # fmt: skip
    linked = _linked(programme, by, on) | _named(programme, by, made.text)
    made.number = next_numbers(programme, "memo")
    made.save(force_insert=True)
    _link(made, linked)
    _keep(made, by, "memo written")
    return made


@transaction.atomic
def change_memo(
    memo: Memo,
    *,
    by: Actor,
    base: int,
    title: str | None = None,
    text: str | None = None,
    dated: date | None = None,
    on: Sequence[Record] | None = None,
) -> Memo:
    """Change one's own memo; what is not given stays. Without `on`, the records that its text names no longer are left
    out. Raises ValidationError, Stale, PermissionDenied."""
    now = _own(memo, by, base)
    if now.retired:
        raise ValidationError({"state": _("Memo %(n)s is retired; restore it first.") % {"n": now.number}})
    was = {(FIELDS[type(one)], one.pk) for one in map(record_of, now.links.all())}
    said = _said(now.title if title is None else title, now.text if text is None else text)
    new = {**said, "dated": dated or now.dated}
    chosen = was - _named(now.programme, by, now.text) if on is None else _linked(now.programme, by, on)
    linked = chosen | _named(now.programme, by, said["text"])
    if linked == was and all(getattr(now, name) == value for name, value in new.items()):
        return now
    return _swap(now, by, "memo changed", linked=linked, **new)


@transaction.atomic
def share_memo(memo: Memo, *, by: Actor, base: int, shared: bool) -> Memo:
    """Let the team read a memo from now on, or keep it to oneself again. What it said before stays one's own."""
    now = _own(memo, by, base)
    if now.shared == shared:
        said = _("Memo %(n)s is shared already.") if shared else _("Memo %(n)s is private already.")
        raise ValidationError({"shared": said % {"n": now.number}})
    return _swap(now, by, "memo shared" if shared else "memo made private", shared=shared)


@transaction.atomic
def turn_memo(memo: Memo, *, by: Actor, base: int, retired: bool) -> Memo:
    """Retire one's own memo, or bring it back."""
    now = _own(memo, by, base)
    if now.retired == retired:
        said = _("Memo %(n)s is retired already.") if retired else _("Memo %(n)s is not retired.")
        raise ValidationError({"state": said % {"n": now.number}})
    return _swap(now, by, "memo retired" if retired else "memo restored", retired=retired)


def _own(memo: Memo, by: Actor, base: int) -> Memo:
    require(by, Verb.COMMENT, memo.programme)
    hold(memo.programme)
    now = Memo.objects.select_related("programme", "author").get(pk=memo.pk)
    if now.author_id != by.person.pk:
        raise PermissionDenied(_("Only the one who wrote a memo changes it; comment on the record instead."))
    if now.revision_number != base:
        raise Stale(now, base=base)
    return now


def _said(title: str, text: str) -> dict[str, str]:
    return {
        "title": clean(title, field="title", limit=Limit.TITLE, required=True, one_line=True),
        "text": clean(text, field="text", limit=Limit.WORDING),
    }


def _linked(programme: Programme, by: Actor, on: Sequence[Record]) -> set[tuple[str, int]]:
    """{(kind, id)} of the records that somebody chose. Raises ValidationError (on)."""
    for one in on:
        if one.programme_id != programme.pk or not _seen(one, by):
            raise ValidationError({"on": _("There is no %(label)s in this programme.") % {"label": one.label}})
    return _at_most({(FIELDS[type(one)], one.pk) for one in on})


def _named(programme: Programme, by: Actor, text: str) -> set[tuple[str, int]]:
    """{(kind, id)} of the records that a text names and that are there; at most one query of a kind."""
    found: set[tuple[str, int]] = set()
    named = records_in(text)
    for kind, model in MODELS.items():
        numbers = {number for other, number in named if other == kind}
        rows = model._default_manager.filter(programme=programme, number__in=numbers) if numbers else ()
        found |= {(kind, one.pk) for one in rows if _seen(one, by)}
    return _at_most(found)


def _at_most(found: set[tuple[str, int]]) -> set[tuple[str, int]]:
    if len(found) > MOST_LINKS:
        raise ValidationError({"on": _("Name at most %(n)s records in one memo.") % {"n": MOST_LINKS}})
    return found


def _seen(one: Record, by: Actor) -> bool:
    """Whether the writer sees the record: a proposal that was never sent is there for those who write it."""
    if not isinstance(one, Proposal) or one.sent is not None:
        return True
    return one.author_id == by.person.pk or one.coauthors.filter(person=by.person).exists()


def _link(memo: Memo, linked: set[tuple[str, int]]) -> None:
    MemoLink.objects.filter(memo=memo).delete()
    MemoLink.objects.bulk_create(MemoLink(memo=memo, **{f"{kind}_id": pk}) for kind, pk in sorted(linked))


def _swap(now: Memo, by: Actor, verb: str, *, linked: set[tuple[str, int]] | None = None, **new: Any) -> Memo:
    base = now.revision_number
    moved = Memo.objects.filter(pk=now.pk, revision_number=base).update(
        **new, revision_number=base + 1, updated=by.now()
    )
    if not moved:
        raise Stale(Memo.objects.select_related("programme", "author").get(pk=now.pk), base=base)
    if linked is not None:
        _link(now, linked)
    after = Memo.objects.select_related("programme", "author").get(pk=now.pk)
    _keep(after, by, verb)
    return after


def _keep(memo: Memo, by: Actor, verb: str) -> None:
    """The revision, what a search knows, and the log's row, which says nothing of title and text."""
    words = {name: getattr(memo, name) for name in WORDS}
    revision = MemoRevision.objects.create(memo=memo, number=memo.revision_number, at=memo.updated, **words)
    if memo.shared:
        index(memo.programme, [memo_entry(memo)])
    else:
        unindex(memo.programme, MEMO, [memo.pk])
    sealed = seal(revision, uid=str(memo.uid), dated=memo.dated.isoformat())
    record(by, verb, f"memo {memo.number}", programme=memo.programme, seals=sealed, revision=revision.number)
