"""Owns what a row of the log tells of records that keep no history (links, what gathers configurations, phases, sites,
plans of evidence), so that their words go with the row's; and which words a snapshot holds for good.

Where the log repeats a text, it goes from the record as long as the record says the same. Where it does not, nobody can
tell since when the record says it: it goes as it stands.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from cmo.models import (
    DemiRegularity,
    EvidencePlan,
    Link,
    PlannedEvidence,
    RivalGroup,
    Snapshot,
    SnapshotPart,
    VerdictRevision,
)
from cmo.rules.gathering import PATTERN
from cmo.rules.versioning import move_structure
from programmes.access import Actor
from programmes.guards import TAKEN
from programmes.models import AuditEvent, Phase, Programme, Site
from programmes.rules.holding import move_evidence
from programmes.rules.redacting import Told, words_in

# Where a snapshot keeps what has no revisions: {table: (its part, how the part names a record)}.
_FROZEN = {Link: ("links", "number"), RivalGroup: ("rivals", "number"), DemiRegularity: ("patterns", "number"),
           Phase: ("phases", "slug")}  # fmt: skip


def _without_history(now: Any, **texts: str) -> Told | None:
    return Told(now, texts=texts, sealed=False) if now else None


def _link(programme: Programme, event: AuditEvent) -> Told | None:
    now = Link.objects.filter(programme=programme, number=int(event.record[1:])).first()
    said = event.detail.get("name") or event.detail.get("after")
    return _without_history(now, note="", **({"name": ""} if now and now.name == said else {}))


def _rivals(programme: Programme, event: AuditEvent) -> Told | None:
    """What a group is called names it and stays; anybody who writes can change it."""
    now = RivalGroup.objects.filter(programme=programme, number=int(event.record[2:])).first()
    return _without_history(now, rationale="")


def _pattern(programme: Programme, event: AuditEvent) -> Told | None:
    """What it said when it was noted, its next change tells, if there was one."""
    now = DemiRegularity.objects.filter(programme=programme, number=int(event.record[2:])).first()
    said = event.detail.get("after")
    if event.verb == "pattern noted":
        later = AuditEvent.objects.filter(
            programme=programme, record=event.record, verb="pattern changed", number__gt=event.number
        )
        changed = later.order_by("number").first()
        said = changed.detail.get("before") if changed else None
    if now is None:
        return None
    gone = [name for name in PATTERN if not isinstance(said, dict) or getattr(now, name) == said.get(name)]
    return _without_history(now, **{name: TAKEN if name == "text" else "" for name in gone})


def _phase(programme: Programme, event: AuditEvent) -> Told | None:
    now = Phase.objects.filter(programme=programme, slug=event.record.partition(" ")[2]).first()
    return _without_history(now, about="")


def _site(programme: Programme, event: AuditEvent) -> Told | None:
    now = Site.objects.filter(programme=programme, slug=event.record.partition(" ")[2]).first()
    return _without_history(now, note="")


def _plan(programme: Programme, event: AuditEvent) -> Told | None:
    lines = PlannedEvidence.objects.filter(
        plan__configuration__programme=programme, plan__configuration__number=int(event.record[3:])
    ).exclude(note="")
    if not lines:
        return None
    first, *others = lines
    return Told(first, texts={"note": ""}, beside=others, sealed=False)


TELLS_OF: dict[str, Callable[[Programme, AuditEvent], Told | None]] = {
    "linked": _link, "link described": _link, "pattern noted": _pattern, "pattern changed": _pattern,
    "rivals gathered": _rivals, "rivals changed": _rivals, "phase planned": _phase, "site added": _site,
    "site changed": _site, "evidence planned": _plan,
}  # fmt: skip


def raise_if_frozen(programme: Programme, event: AuditEvent, told: Told | None) -> None:
    """Refuse what a snapshot says too: it is never changed, so the words would stay. Raises ValidationError (why)."""
    name = _frozen_in(programme, event, told) if told else None
    if name is not None:
        said = _("The snapshot “%(name)s” holds these words and is never changed, so they cannot be taken out.")
        raise ValidationError({"why": said % {"name": name}})


def _frozen_in(programme: Programme, event: AuditEvent, told: Told) -> str | None:
    """What the first snapshot is called that says any of it."""
    now: Any = told.revision
    if isinstance(now, VerdictRevision):
        found = Snapshot.objects.filter(verdicts__revision=now) if now.rationale else Snapshot.objects.none()
        return found.values_list("name", flat=True).first()
    if type(now) not in _FROZEN:
        return None
    texts = {*words_in(event), *(getattr(now, name) for name in told.texts)} - {"", TAKEN}
    kind, key = _FROZEN[type(now)]
    parts = SnapshotPart.objects.filter(snapshot__programme=programme, kind=kind).order_by("snapshot__log_number")
    for name, content in parts.values_list("snapshot__name", "content"):
        kept = [entry for entry in content if entry[key] == getattr(now, key)]
        if any(value in texts for entry in kept for value in entry.values() if isinstance(value, str)):
            return str(name)
    return None


def move_on(programme: Programme, told: Told, by: Actor) -> None:
    """Let who looks at a record that lost its words, or changes it, see that it is another now."""
    now: Any = told.revision
    record: Any = EvidencePlan.objects.get(pk=now.plan_id) if isinstance(now, PlannedEvidence) else now
    fields = {field.name for field in record._meta.concrete_fields}
    more = {"updated": by.now(), "updated_by": by.person}
    type(record)._default_manager.filter(pk=record.pk).update(
        revision_number=F("revision_number") + 1, **{name: value for name, value in more.items() if name in fields}
    )
    (move_evidence if isinstance(now, Site | PlannedEvidence) else move_structure)(programme)
