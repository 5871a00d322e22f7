"""Owns which evidence a proposal cites. It is judged with the proposal, so an open one goes into its next round with
it."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Bearing, Citation, Excerpt, Proposal
from cmo.rules.citing import MOST_CITED, Rests
from cmo.rules.evidencing import raise_if_out_of_use
from cmo.rules.laying_before import digest_of, latest, lay_before, log, swap
from cmo.team_words import ENDED, ProposalState
from programmes.access import Actor, require
from programmes.models import Programme
from programmes.rules.holding import hold, move_evidence
from programmes.rules.recording import record
from programmes.vocabulary import Verb


@transaction.atomic
def cite(
    proposal: Proposal, *, by: Actor, excerpts: Sequence[Excerpt] = (), bearings: Sequence[Bearing] = ()
) -> Proposal:
    """What a proposal rests on: all of it, in place of what it cited before. An open one goes into its next round.

    Its authors say so, until somebody has answered it as it stands. Raises ValidationError (cites, changes),
    PermissionDenied, and, of an open one, Moved.
    """
    require(by, Verb.PROPOSE, proposal.programme)
    hold(proposal.programme)
    now = latest(proposal, None)
    if now.author_id != by.person.pk and not now.coauthors.agreed().filter(person=by.person).exists():
        raise PermissionDenied(_("Only those who write a proposal say what it cites."))
    if now.state in ENDED:
        raise ValidationError({"cites": _("%(label)s is decided; what it cites stays.") % {"label": now.label}})
    if now.state == ProposalState.OPEN and now.reviews.filter(seen=now.seen).exists():
        said = _("%(label)s was answered as it stands; revise it before you change what it cites.")
        raise ValidationError({"cites": said % {"label": now.label}})
    cites = Rests(excerpts, bearings)
    if not put_cites(now, cites):
        return now
    now.seen = digest_of(now)
    if now.state == ProposalState.OPEN:
        swap(now, by, now.revision_number)
        lay_before(now, by)
        log(by, "proposal revised", now)
    else:
        Proposal.objects.filter(pk=now.pk).update(seen=now.seen)
    log_cites(by, now, cites)
    return now


def put_cites(now: Proposal, cites: Rests) -> bool:
    """Let it cite this, and no more; whether that is another than before. Raises ValidationError (cites)."""
    if len(cites.chosen) > MOST_CITED:
        raise ValidationError({"cites": _("Cite at most %(n)s excerpts and links.") % {"n": MOST_CITED}})
    for one in cites.chosen:
        if one.programme_id != now.programme_id:
            raise ValidationError({"cites": _("There is no %(label)s in this programme.") % {"label": one.label}})
    held = set(Citation.objects.filter(proposal=now).values_list("excerpt", "bearing"))
    wanted = [Citation(proposal=now, **{type(one).__name__.lower(): one}) for one in cites.chosen]
    if held == {(one.excerpt_id, one.bearing_id) for one in wanted}:
        return False
    for one in cites.chosen:
        raise_if_out_of_use(one if isinstance(one, Excerpt) else one.excerpt, field="cites")
    Citation.objects.filter(proposal=now).delete()
    Citation.objects.bulk_create(wanted)
    return True


def log_cites(by: Actor, now: Proposal, cites: Rests) -> None:
    """What it cites moves what shows evidence, and is told to those who see it."""
    programme: Programme = now.programme
    move_evidence(programme)
    record(by, "evidence cited", now.label, programme=programme, cites=sorted(one.label for one in cites.chosen))
