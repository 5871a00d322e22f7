"""Owns what evidence one revision of a statement or a configuration cites: said with the change, kept for good."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from cmo.models import (
    Bearing,
    Configuration,
    ConfigurationRevision,
    Excerpt,
    RevisionCitation,
    Statement,
    StatementRevision,
)
from cmo.rules.evidencing import raise_if_out_of_use
from programmes.access import Actor, sees_evidence
from programmes.rules.holding import move_evidence
from programmes.rules.recording import record
from programmes.vocabulary import NO_EVIDENCE

MOST_CITED = 200


@dataclass(frozen=True, slots=True)
class Rests:
    """Excerpts and bearings that a change rests on."""

    excerpts: Sequence[Excerpt] = ()
    bearings: Sequence[Bearing] = ()

    @property
    def chosen(self) -> list[Excerpt | Bearing]:
        """All of it, each once."""
        return [*{one.pk: one for one in self.excerpts}.values(), *{one.pk: one for one in self.bearings}.values()]

    def __bool__(self) -> bool:
        return bool(self.excerpts or self.bearings)


NOTHING = Rests()


def cite_in(now: Statement | Configuration, *, by: Actor, rests_on: Rests, changed: bool) -> None:
    """Keep that the revision which `now` is at cites this. Inside the transaction of the change, after it.

    Raises ValidationError (rests_on): there must be a change that cites it; and PermissionDenied for whoever sees none.
    """
    if not rests_on:
        return
    programme = now.programme
    if not sees_evidence(by, programme):
        raise PermissionDenied(str(NO_EVIDENCE))
    if not changed:
        said = _("Nothing else changed in %(label)s, so there is no new version that could cite this.")
        raise ValidationError({"rests_on": said % {"label": now.label}})
    chosen: list[Excerpt | Bearing] = [*rests_on.excerpts, *rests_on.bearings]
    if len(chosen) > MOST_CITED:
        raise ValidationError({"rests_on": _("Cite at most %(n)s excerpts and links.") % {"n": MOST_CITED}})
    for one in chosen:
        if one.programme_id != programme.pk:
            raise ValidationError({"rests_on": _("There is no %(label)s in this programme.") % {"label": one.label}})
        raise_if_out_of_use(one if isinstance(one, Excerpt) else one.excerpt, field="rests_on")
    at = {"number": now.revision_number}
    of = (
        {"statement_revision": StatementRevision.objects.get(statement=now, **at)}
        if isinstance(now, Statement)
        else {"configuration_revision": ConfigurationRevision.objects.get(configuration=now, **at)}
    )
    RevisionCitation.objects.bulk_create([
        *(RevisionCitation(**of, excerpt=one) for one in {one.pk: one for one in rests_on.excerpts}.values()),
        *(RevisionCitation(**of, bearing=one) for one in {one.pk: one for one in rests_on.bearings}.values()),
    ])  # fmt: skip
    move_evidence(programme)
    cites = sorted({one.label for one in chosen})
    record(by, "evidence cited", now.label, programme=programme, version=now.revision_number, cites=cites)
