"""Owns "sent twice, done once": an acting request is remembered with its answer in the transaction that it made."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from programmes.models import AnsweredRequest, AuditEvent, Membership, Person, Programme
from programmes.refusals import KeyReused, Repeated
from programmes.vocabulary import Role

KEPT = timedelta(days=7)
GONE = 410  # in place of an answer whose words were taken out, or that is no longer in its sender's sight


def fingerprint(*parts: str | bytes) -> str:
    """What makes two requests the same: method, path and body."""
    whole = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(len(raw).to_bytes(8, "big") + raw)
    return whole.hexdigest()


@contextmanager
def once(person: Person, key: str, mark: str) -> Iterator[AnsweredRequest]:
    """Run the body at most once for `key`; the caller fills in the answer it gives and calls `.save()`.

    The key is written first: of two requests at once the second waits for the first, then finds its answer. When the
    body fails, the key goes with it and the request may be sent again.
    Raises Repeated (with what was answered) or KeyReused (the same key, another request).
    """
    _raise_if_known(person, key, mark)
    with transaction.atomic():
        try:
            with transaction.atomic():
                slot = AnsweredRequest.objects.create(person=person, key=key, fingerprint=mark)
        except IntegrityError:
            _raise_if_known(person, key, mark)
            raise
        yield slot


def is_nonce(text: str) -> bool:
    """Whether this can be what a form of ours was marked with."""
    return 0 < len(text) <= 64 and text.isascii() and text.isalnum()


def form_key(nonce: str) -> str:
    """The key under which a page's form is remembered."""
    return f"form {nonce}"


def was_answered(person: Person, key: str) -> bool:
    """Whether a request with this key was carried out."""
    return AnsweredRequest.objects.filter(person=person, key=key, status__isnull=False).exists()


def _raise_if_known(person: Person, key: str, mark: str) -> None:
    known = AnsweredRequest.objects.filter(person=person, key=key).first()
    if known is None:
        return
    if known.fingerprint != mark:
        raise KeyReused
    raise Repeated(known, in_sight=known.programme_id is None or known.sight == _sight_now(known))


def sight(role: Role, *, evidence: bool) -> str:
    """What decides how much of a programme somebody sees, as it is kept with an answer that they were given."""
    return role.value if evidence else f"{role.value} without evidence"


def _sight_now(known: AnsweredRequest) -> str:
    """The same as it is now; "" for somebody who is no member any more."""
    now = Membership.objects.filter(programme=known.programme_id, person=known.person_id).first()
    return sight(Role(now.role), evidence=not now.no_evidence) if now else ""


def forget_answers(programme: Programme, texts: Iterable[str]) -> None:
    """Of the people of a programme, keep no answer that repeats one of these texts, which are taken out for good:
    whoever sends that request again is told that it was carried out, and no more. One query, two where any goes."""
    gone = {text for text in texts if text.strip()}
    if not gone:
        return
    lately = AuditEvent.objects.filter(programme=programme, at__gte=timezone.now() - KEPT).values("actor")
    members = Membership.objects.filter(programme=programme).values("person")
    held = AnsweredRequest.objects.filter(Q(person__in=lately) | Q(person__in=members)).exclude(body="")
    answers = held.values_list("pk", "body").iterator()
    repeat = [pk for pk, body in answers if not gone.isdisjoint(_said(json.loads(body)))]
    if repeat:
        AnsweredRequest.objects.filter(pk__in=repeat).update(status=GONE, body="", headers={})


def _said(answer: Any) -> Iterator[str]:
    """Every text in an answer."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, dict | list):
        for one in answer.values() if isinstance(answer, dict) else answer:
            yield from _said(one)


def forget_old() -> int:
    """Drop answers kept for longer than a week; `manage.py demo` and the nightly `tidy` command call it."""
    return AnsweredRequest.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
