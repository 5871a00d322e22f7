"""Owns what evidence a configuration is to be tested with."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Configuration, EvidencePlan, PlannedEvidence
from programmes.access import Actor, require
from programmes.gate import clean
from programmes.models import Site
from programmes.refusals import Stale
from programmes.rules.holding import hold, move_evidence
from programmes.rules.recording import record
from programmes.rules.sourcing import put_site
from programmes.vocabulary import Limit, SourceKind, Verb

MOST_LINES = 50
MOST_SOURCES = 1000


@dataclass(frozen=True, slots=True)
class Planned:
    """So many sources of a kind, role and site; what is left open counts all. `at`: which line its writer sees it as,
    where empty ones stand between."""

    sources: int
    kind: str = ""
    role: str = ""
    site: Site | None = None
    note: str = ""
    at: int = 0


@transaction.atomic
def plan_evidence(configuration: Configuration, *, by: Actor, base: int, lines: Sequence[Planned]) -> EvidencePlan:
    """What evidence a configuration is to be tested with: all lines, in order; none take the plan back.

    `base` is the revision of the plan that was seen, 0 where there was none. Raises ValidationError (lines), counted
    from 1, PermissionDenied, Stale.
    """
    programme = configuration.programme
    require(by, Verb.EVIDENCE, programme)
    hold(programme)
    if len(lines) > MOST_LINES:
        raise ValidationError({"lines": _("Plan at most %(n)s lines.") % {"n": MOST_LINES}})
    plan = EvidencePlan.objects.filter(configuration=configuration).first()
    if (plan.revision_number if plan else 0) != base:
        raise Stale(plan or EvidencePlan(configuration=configuration, revision_number=0), base=base)
    held = {line.site_id for line in plan.lines.all()} if plan else set()
    rows = [_line(configuration, at, line, held) for at, line in enumerate(lines, start=1)]
    if plan is None:
        plan = EvidencePlan(configuration=configuration, revision_number=0)
    plan.revision_number, plan.updated, plan.updated_by = base + 1, by.now(), by.person
    plan.save()
    plan.lines.all().delete()
    for row in rows:
        row.plan = plan
    PlannedEvidence.objects.bulk_create(rows)
    move_evidence(programme)
    record(by, "evidence planned", configuration.label, programme=programme, lines=len(rows))
    return plan


def _line(configuration: Configuration, at: int, line: Planned, held: set[int | None]) -> PlannedEvidence:
    try:
        if line.kind and line.kind not in SourceKind.values:
            raise ValidationError(_("Choose one of %(kinds)s.") % {"kinds": ", ".join(SourceKind.values)})
        if isinstance(line.sources, bool) or not 1 <= line.sources <= MOST_SOURCES:
            raise ValidationError(_("Plan 1 to %(n)s sources.") % {"n": MOST_SOURCES})
        kept = line.site.pk if line.site and line.site.pk in held else None
        return PlannedEvidence(
            position=at, kind=line.kind, sources=line.sources,
            site=put_site(configuration.programme, line.site, held=kept),
            role=clean(line.role, field="role", limit=Limit.NAME, one_line=True),
            note=clean(line.note, field="note", limit=Limit.LONG),
        )  # fmt: skip
    except ValidationError as error:
        said = " ".join(error.messages)
        raise ValidationError({"lines": _("Line %(at)s: %(said)s") % {"at": line.at or at, "said": said}}) from error
