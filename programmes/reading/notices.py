"""Owns how notices are read: what happened to which record, who did it, and where it is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from programmes.access import Actor
from programmes.models import Notice, Programme
from programmes.vocabulary import ASKED, NOTICED, TOLD_OTHERWISE

ON_HOME = 20


def notices_of(actor: Actor, *, unread: bool = False) -> QuerySet[Notice]:
    """The notices of one person, newest first; those of programmes that they have left are not among them."""
    found = Notice.objects.filter(person=actor.person.pk, programme__memberships__person=actor.person.pk)
    found = found.filter(read=None) if unread else found
    return found.select_related("programme", "by").order_by("-at", "-pk")


def unread_on_home(actor: Actor, queued: Mapping[int, Sequence[str]] | None = None) -> tuple[list[Notice], int]:
    """(the newest that wait, each with `.said` and `.address`; how many there are).

    What asks for the answer to a proposal that is `queued` ({programme: labels}), so that home shows it anyway, is not
    among them: it is one thing.
    """
    unread = notices_of(actor, unread=True)
    for programme, labels in (queued or {}).items():
        unread = unread.exclude(kind=ASKED, programme=programme, on__in=labels)
    shown = list(unread[: ON_HOME + 1])
    count = unread.count() if len(shown) > ON_HOME else len(shown)
    for notice in shown:
        told: Any = notice
        told.said, told.address = said(notice), address_of(notice)
    return shown[:ON_HOME], count


def find_notice(actor: Actor, programme: Programme, pk: int) -> Notice:
    found = notices_of(actor).filter(programme=programme, pk=pk).first()
    if found is None:
        raise Http404("There is no such notice.")
    return found


def said(notice: Notice) -> str:
    """What happened, in a few words without anybody's text."""
    return str(NOTICED.get(notice.kind, TOLD_OTHERWISE)) % {"on": notice.on, "kind": notice.kind}


def address_of(notice: Notice) -> str:
    """Where it is told, on this server."""
    return f"/p/{notice.programme.slug}/{notice.path}"


def notice_json(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.pk,
        "programme": notice.programme.slug,
        "kind": notice.kind,
        "on": notice.on,
        "said": said(notice),
        "url": address_of(notice),
        "by": notice.by.username if notice.by else None,
        "at": notice.at,
        "read": notice.read,
    }
