"""Owns how the audit log is read: by page, with filters, and from a number or time on."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.models import AuditEvent, AuditHead, Programme
from programmes.reading.paging import Page, take
from programmes.vocabulary import LOGGED, WAYS, PhaseState, Role

A_PAGE = 50
GROUPS = {
    "theory": gettext_lazy("Theory"),
    "codebook": gettext_lazy("Codebook"),
    "members": gettext_lazy("Members"),
    "phases": gettext_lazy("Phases"),
    "programme": gettext_lazy("About the programme"),
}
_NAMED = {"codebook": "theme ", "members": "member ", "phases": "phase "}
_ABOUT = Q(verb__in=("founded", "described"))
# Names of records that are not labels: {the word they are kept with: how they are said}.
_SAID = {
    "theme": gettext_lazy("theme %(name)s"),
    "member": gettext_lazy("member %(name)s"),
    "phase": gettext_lazy("phase %(name)s"),
    "area": gettext_lazy("area %(name)s"),
}
_WORDS = {"member": dict(Role.choices), "phase": dict(PhaseState.choices)}  # what before and after of such rows are


def _group(what: str) -> Q:
    """Rows of one group: records say what they are by the first word of their name; the theory's are labels."""
    if what in _NAMED:
        return Q(record__startswith=_NAMED[what])
    if what == "programme":
        return _ABOUT
    others = [Q(record__startswith=name) for name in _NAMED.values()]
    return ~(others[0] | others[1] | others[2] | _ABOUT)


def find_events(
    programme: Programme, *, who: str = "", what: str = "", since: date | None = None, oldest_first: bool = False
) -> QuerySet[AuditEvent]:
    """The rows of a programme's log: `who` did them (the name they sign in with), `what` is a key of GROUPS."""
    start = make_aware(datetime.combine(since, time.min)) if since else None
    events = events_of(programme, since=start, oldest_first=oldest_first)
    if who.strip():
        events = events.filter(actor__username__iexact=who.strip())
    return events.filter(_group(what)) if what else events


def log_page(programme: Programme, *, page: int, **asked: Any) -> Page[AuditEvent]:
    """One page, newest first; each row said in words, see `say`. Raises Http404 past the last page.

    The whole log is read by number (there are no gaps), so that its last page costs what its first does.
    """
    if any(asked.values()):
        events = find_events(programme, **asked)
        found: Page[AuditEvent] = take(events, count=events.count(), page=page, size=A_PAGE)
    else:
        found = _by_number(programme, page)
    for event in found.rows:
        say(event)
    return found


def _by_number(programme: Programme, page: int) -> Page[AuditEvent]:
    count = count_events(programme)
    newest = count - (page - 1) * A_PAGE
    if page > 1 and newest < 1:
        return take(events_of(programme), count=count, page=page, size=A_PAGE)  # says 404
    rows = events_of(programme).filter(number__lte=newest, number__gt=newest - A_PAGE)
    return Page(list(rows), count, page, A_PAGE)


def say(event: AuditEvent) -> None:
    """Give a row what pages show of it, in the reader's language: `.said` (what was done), `.on` (to which record),
    `.brief` (what was before and after, where it is short) and `.way`."""
    shown: Any = event
    shown.said = str(LOGGED.get(event.verb, event.verb))
    kind, _space, name = event.record.partition(" ")
    shown.on = _SAID[kind] % {"name": name} if name and kind in _SAID else event.record
    shown.brief = _brief(event, _WORDS.get(kind, {}))
    way, _space, name = event.via.partition(" ")
    shown.way = WAYS.get(event.via, event.via) if way != "token" else _("token %(name)s") % {"name": name}


def _brief(event: AuditEvent, words: dict[str, Any]) -> str:
    """What a row's detail says in a few words, where before and after are single words; else empty."""
    pair = [event.detail.get(name) for name in ("before", "after")]
    before, after = (words.get(value, value) if isinstance(value, str) else value for value in pair)
    short = [value for value in (before, after) if isinstance(value, str | int | Promise) and 0 < len(str(value)) <= 60]
    if len(short) == 2:
        return _("from %(before)s to %(after)s") % {"before": before, "after": after}
    if len(short) == 1:
        return str(short[0]) if before is None else (_("was %(before)s") % {"before": before} if after is None else "")
    return ""


def events_of(
    programme: Programme, *, after: int | None = None, since: datetime | None = None, oldest_first: bool = False
) -> QuerySet[AuditEvent]:
    """The rows of a programme's log with their actors: `after` a number, or `since` a time."""
    events = AuditEvent.objects.filter(scope=f"p{programme.pk}").select_related("actor")
    if after is not None:
        events = events.filter(number__gt=after)
    if since is not None:
        events = events.filter(at__gte=since)
    return events.order_by("number" if oldest_first else "-number")


def count_events(programme: Programme, *, after: int | None = None, since: datetime | None = None) -> int:
    """How many rows `events_of` finds; numbers have no gaps, so after a number it is a subtraction."""
    if since is not None:
        return events_of(programme, after=after, since=since).count()
    last = AuditHead.objects.filter(scope=f"p{programme.pk}").values_list("number", flat=True).first() or 0
    return max(0, last - (after or 0))


def event_json(event: AuditEvent) -> dict[str, Any]:
    """A row as the change feed shows it; `number` is what to ask for next time."""
    return {
        "number": event.number,
        "at": event.at,
        "by": event.actor.username if event.actor else None,
        "via": event.via,
        "change": event.verb,
        "record": event.record,
        "detail": event.detail,
        "reason": event.reason,
        "digest": event.digest,
    }
