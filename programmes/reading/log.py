"""Owns how the audit log is read: by page, with filters, and from a number or time on."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.http import Http404
from django.utils.functional import Promise
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.models import AuditEvent, AuditHead, Programme, Redaction
from programmes.reading.log_places import difference_of, place_of
from programmes.reading.log_values import VERDICTS, told_of
from programmes.reading.paging import Page, take
from programmes.rules.redacting import IN_PARTS, REDACTED, holds_words
from programmes.vocabulary import LOGGED, WAYS, PhaseState, Role

A_PAGE = 50
GROUPS = {
    "theory": gettext_lazy("Theory"),
    "codebook": gettext_lazy("Codebook"),
    "members": gettext_lazy("Members"),
    "phases": gettext_lazy("Phases"),
    "programme": gettext_lazy("About the programme"),
}
_NAMED = {"codebook": ("theme ",), "members": ("member ", "invitation "), "phases": ("phase ", "snapshot ")}
_ABOUT = Q(verb__in=("founded", "described", "redacted"))
# Names of records that are not labels: {the word they are kept with: how they are said}.
_SAID = {
    "theme": gettext_lazy("theme %(name)s"),
    "member": gettext_lazy("member %(name)s"),
    "phase": gettext_lazy("phase %(name)s"),
    "area": gettext_lazy("area %(name)s"),
    "lineage": gettext_lazy("act %(name)s of lineage"),
    "meeting": gettext_lazy("meeting %(name)s"),
    "round": gettext_lazy("round %(name)s"),
    "memo": gettext_lazy("memo %(name)s"),
    "invitation": gettext_lazy("invitation %(name)s"),
    "row": gettext_lazy("row %(name)s of this log"),
    "site": gettext_lazy("site %(name)s"),
    "snapshot": gettext_lazy("snapshot %(name)s"),
    "verdict": gettext_lazy("verdict %(name)s"),
}
# What parts of a detail are called.
_PARTS = {
    "title": gettext_lazy("Name"),
    "summary": gettext_lazy("The question"),
    "intervention": gettext_lazy("What is put in place"),
    "code": gettext_lazy("Code"),
    "name": gettext_lazy("Name"),
    "definition": gettext_lazy("Definition"),
    "use_when": gettext_lazy("Use when"),
    "not_when": gettext_lazy("Not when"),
    "example": gettext_lazy("Example"),
    "colour": gettext_lazy("Colour"),
    "description": gettext_lazy("Description"),
    "note": gettext_lazy("Note"),
    "position": gettext_lazy("Place in the order"),
}
# Rows that tell of evidence. Beginnings are looked at first: they are cheap, and no other label begins so.
_LABELS = Q(record__startswith="X") | Q(record__startswith="B") | Q(record__startswith="Q")
_EVIDENCE = (
    Q(record__startswith="site ") | Q(verb__in=("evidence planned", "evidence cited"))
    | (_LABELS & Q(record__regex="^[XBQ][0-9]+$"))
)  # fmt: skip
# What stays of a detail whose words were taken out stands in a later row, which says so; no other row asks for it.
_SAYS_SO = AuditEvent.objects.filter(
    scope=OuterRef("scope"), number__gt=OuterRef("number"), verb=REDACTED,
    record=Concat(Value("row "), Cast(OuterRef("number"), CharField())),
)  # fmt: skip
_REST = Case(
    When(redaction__detail_digest__gt="", then=Subquery(_SAYS_SO.order_by("number").values("detail")[:1])), default=None
)
LONG = 60  # what is longer stands in a fold
_WORDS = {"member": dict(Role.choices), "phase": dict(PhaseState.choices)}  # what before and after of such rows are


def _group(what: str) -> Q:
    """Rows of one group: records say what they are by the first word of their name; the theory's are labels."""
    if what in _NAMED:
        return _begins(_NAMED[what])
    if what == "programme":
        return _ABOUT
    return ~(_begins([name for names in _NAMED.values() for name in names]) | _ABOUT)


def _begins(names: Sequence[str]) -> Q:
    found = Q(record__startswith=names[0])
    for name in names[1:]:
        found |= Q(record__startswith=name)
    return found


def find_events(
    programme: Programme,
    *,
    who: str = "",
    what: str = "",
    record: str = "",
    since: date | datetime | None = None,
    until: date | datetime | None = None,
    after: int | None = None,
    oldest_first: bool = False,
) -> QuerySet[AuditEvent]:
    """The rows of a programme's log: `who` did them (the name they sign in with), `what` is a key of GROUPS, `record`
    names one record ("S3"); from `since` to `until`, days of UTC that both count or times; `after` a number."""
    events = events_of(programme, since=_moment(since), after=after, oldest_first=oldest_first)
    if until is not None:
        whole_day = not isinstance(until, datetime)
        last = _moment(until + timedelta(days=1) if whole_day and until < date.max else until)
        events = events.filter(at__lt=last) if whole_day else events.filter(at__lte=last)
    if who.strip():
        events = events.filter(actor__username__iexact=who.strip())
    if record.strip():
        events = events.filter(record__iexact=record.strip())
    return events.filter(_group(what)) if what else events


def _moment(day: date | datetime | None) -> datetime | None:
    """The beginning of a day in UTC; a moment as it is."""
    return day if day is None or isinstance(day, datetime) else make_aware(datetime.combine(day, time.min))


def find_event(programme: Programme, number: int) -> AuditEvent:
    """One row, said in words, or Http404."""
    event = events_of(programme).filter(number=number).first()
    if event is None:
        raise Http404("There is no such row in the log.")
    say(event)
    return event


def log_page(programme: Programme, *, page: int, **asked: Any) -> Page[AuditEvent]:
    """One page, newest first; each row said in words, see `say`. Raises Http404 past the last page.

    The whole log is read by number (there are no gaps), so that its last page costs what its first does; what somebody
    without evidence reads of it has gaps.
    """
    if any(asked.values()) or _withheld(programme):
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
    `.brief` (what was before and after, where it is short) or `.texts` (where it is long: name, before, after), `.way`,
    `.place` (where it is read, see log_places), `.compare` (where two wordings are compared, or ""), `.taken_out`
    (who took its words out, or None) and `.holds_words` (whether somebody could; also where the rest of a round may
    still be there)."""
    shown: Any = event
    shown.said = str(LOGGED.get(event.verb, event.verb))
    kind, _space, name = event.record.partition(" ")
    shown.on = _SAID[kind] % {"name": name} if name and kind in _SAID else event.record
    if isinstance(of := event.detail.get("of"), str) and of:  # a verdict is known by the record that it is on
        shown.on = of
    shown.brief = _brief(event, VERDICTS if kind.startswith("RG") else _WORDS.get(kind, {}))
    shown.texts = [] if shown.brief else _texts(event)
    if not shown.brief and not shown.texts:
        shown.brief, shown.texts = _told(event)
    shown.place = place_of(event)
    shown.compare = shown.place if shown.place.endswith("#compare") else ""
    shown.taken_out = getattr(event, "redaction", None)
    left = holds_words(event) if shown.taken_out is None else event.verb in IN_PARTS
    shown.holds_words = left and event.verb != REDACTED
    way, _space, name = event.via.partition(" ")
    shown.way = WAYS.get(event.via, event.via) if way != "token" else _("token %(name)s") % {"name": name}


def _told(event: AuditEvent) -> tuple[str, list[tuple[str, str, str]]]:
    """What a row without before and after keeps of what was done: in a few words, and a text that is long."""
    words, text = told_of(detail_of(event))
    if len(text) > LONG:
        return words, [(_("Words"), "", text)]
    return ", ".join(filter(None, [words, text])), []


def _texts(event: AuditEvent) -> list[tuple[str, str, str]]:
    """What stood before and after, part by part: (name, before, after)."""
    before, after = (detail_of(event).get(name) for name in ("before", "after"))
    if not isinstance(before, dict) and not isinstance(after, dict):
        was, now = (value if isinstance(value, str) else "" for value in (before, after))
        return [(_("Words"), was, now)] if was or now else []
    old, new = (value if isinstance(value, dict) else {} for value in (before, after))
    return [
        (str(_PARTS.get(name, name)), _one(old.get(name)), _one(new.get(name)))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


def _one(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _brief(event: AuditEvent, words: dict[str, Any]) -> str:
    """What a row's detail says in a few words, where before and after are single words; else empty."""
    pair = [detail_of(event).get(name) for name in ("before", "after")]
    before, after = (words.get(value, value) if isinstance(value, str) else value for value in pair)
    short = [
        value for value in (before, after) if isinstance(value, str | int | Promise) and 0 < len(str(value)) <= LONG
    ]
    if len(short) == 2:
        return _("from %(before)s to %(after)s") % {"before": before, "after": after}
    if len(short) == 1:
        return str(short[0]) if before is None else (_("was %(before)s") % {"before": before} if after is None else "")
    return ""


def events_of(
    programme: Programme, *, after: int | None = None, since: datetime | None = None, oldest_first: bool = False
) -> QuerySet[AuditEvent]:
    """The rows of a programme's log with their actors: `after` a number, or `since` a time.

    For members without evidence there are no rows on sites, sources, excerpts, bearings, plans and citations, nor any
    that tells of words taken out of one. The other rows keep their numbers, so that a feed read by number goes on.
    """
    events = AuditEvent.objects.filter(scope=f"p{programme.pk}")
    if _withheld(programme):
        named = events.filter(_EVIDENCE, redaction__isnull=False).order_by().annotate(
            name=Concat(Value("row "), Cast("number", CharField()))
        )  # fmt: skip
        events = events.exclude(_EVIDENCE).exclude(record__in=named.values("name"))
    events = events.select_related("actor", "redaction__by").annotate(rest=_REST)
    if after is not None:
        events = events.filter(number__gt=after)
    if since is not None:
        events = events.filter(at__gte=since)
    return events.order_by("number" if oldest_first else "-number")


def _withheld(programme: Programme) -> bool:
    """Whether whoever asked for the programme reads it without evidence; see team.find_programme."""
    return bool(getattr(programme, "withheld", False))


def count_events(programme: Programme, *, after: int | None = None, since: datetime | None = None) -> int:
    """How many rows `events_of` finds; numbers have no gaps, so after a number it is a subtraction, where all are
    read."""
    if since is not None or _withheld(programme):
        return events_of(programme, after=after, since=since).count()
    last = AuditHead.objects.filter(scope=f"p{programme.pk}").values_list("number", flat=True).first() or 0
    return max(0, last - (after or 0))


def detail_of(event: AuditEvent) -> dict[str, Any]:
    """What was before and after; of a row whose words were taken out, that they were and what nobody typed."""
    rest = getattr(event, "rest", None) or {}
    return {**event.detail, **rest.get("facts", {})}


def event_json(event: AuditEvent) -> dict[str, Any]:
    """A row as the change feed shows it; `number` is what to ask for next time."""
    return {
        "number": event.number,
        "at": event.at,
        "by": event.actor.username if event.actor else None,
        "via": event.via,
        "change": event.verb,
        "record": event.record,
        "detail": detail_of(event),
        "difference": difference_of(event) or None,
        "reason": event.reason,
        "digest": event.digest,
        "redacted": _tombstone(getattr(event, "redaction", None)),
    }


def _tombstone(redaction: Redaction | None) -> dict[str, Any] | None:
    """Who took the words of a row out, when and why. Its digest is still that of the words."""
    return {"by": redaction.by.username, "at": redaction.at, "why": redaction.why} if redaction else None
