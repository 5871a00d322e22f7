"""Owns what evidence a configuration is to be tested with, and what evidence a proposal cites."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Bearing, Citation, Configuration, EvidencePlan, Excerpt, PlannedEvidence, Proposal
from cmo.rules.citing import MOST_CITED
from cmo.rules.evidencing import raise_if_out_of_use
from cmo.team_words import DECIDED, ProposalState
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
    """So many sources of a kind, role and site; what is left open counts all."""

    sources: int
    kind: str = ""
    role: str = ""
    site: Site | None = None
    note: str = ""


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
        raise ValidationError({"lines": _("Line %(at)s: %(said)s") % {"at": at, "said": said}}) from error


@transaction.atomic
def cite(proposal: Proposal, *, by: Actor, excerpts: Sequence[Excerpt] = (), bearings: Sequence[Bearing] = ()) -> None:
    """What an open or drafted proposal rests on: all of it, in place of what it cited before.

    Its authors say so, until somebody has answered it. Raises ValidationError (cites), PermissionDenied.
    """
    programme = proposal.programme
    require(by, Verb.PROPOSE, programme)
    hold(programme)
    now = Proposal.objects.select_related("programme").get(pk=proposal.pk)
    if now.author_id != by.person.pk and not now.coauthors.agreed().filter(person=by.person).exists():
        raise PermissionDenied(_("Only those who write a proposal say what it cites."))
    if now.state in DECIDED:
        raise ValidationError({"cites": _("%(label)s is decided; what it cites stays.") % {"label": now.label}})
    if now.state == ProposalState.OPEN and now.reviews.filter(seen=now.seen).exists():
        said = _("%(label)s was answered as it stands; revise it before you change what it cites.")
        raise ValidationError({"cites": said % {"label": now.label}})
    chosen: list[Excerpt | Bearing] = [*excerpts, *bearings]
    if len(chosen) > MOST_CITED:
        raise ValidationError({"cites": _("Cite at most %(n)s excerpts and links.") % {"n": MOST_CITED}})
    for one in chosen:
        if one.programme_id != programme.pk:
            raise ValidationError({"cites": _("There is no %(label)s in this programme.") % {"label": one.label}})
        raise_if_out_of_use(one if isinstance(one, Excerpt) else one.excerpt, field="cites")
    Citation.objects.filter(proposal=now).delete()
    Citation.objects.bulk_create([
        *(Citation(proposal=now, excerpt=one) for one in {one.pk: one for one in excerpts}.values()),
        *(Citation(proposal=now, bearing=one) for one in {one.pk: one for one in bearings}.values()),
    ])  # fmt: skip
    move_evidence(programme)
    record(by, "evidence cited", now.label, programme=programme, cites=sorted({one.label for one in chosen}))
