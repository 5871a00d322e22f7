"""Owns proposals: make one, write at it, lay it before the team, withdraw it, bring it onto a base that moved.

A draft is its authors' alone. Each time it is laid before the team is a round, which is kept as it was.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import CoAuthor, Proposal, ProposalTarget
from cmo.rules.carrying_out import moved_since
from cmo.rules.citing import NOTHING, Rests
from cmo.rules.citing_in_proposals import log_cites, put_cites
from cmo.rules.discussing import index_discussion
from cmo.rules.laying_before import digest_of, latest, lay_before, log, swap
from cmo.rules.proposed import Drawn, draw_up
from cmo.rules.rebasing import rebased
from cmo.rules.versioning import next_numbers
from cmo.team_words import ENDED, ProposalState
from programmes.access import Actor, may, require, role_in
from programmes.gate import clean, is_blank
from programmes.models import Membership, Person, Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.noticing import asked_no_more, notice
from programmes.rules.recording import record
from programmes.vocabulary import MAY, Limit, Verb

MOST_COAUTHORS = 20


@transaction.atomic
def propose(
    programme: Programme,
    *,
    by: Actor,
    changes: object,
    title: str = "",
    reason: str = "",
    coauthors: Sequence[str] = (),
    cites: Rests = NOTHING,
) -> Proposal:
    """A new proposal, as a draft that only its authors see. `changes` as in PRODUCT's shape, see proposed.draw_up.

    Raises ValidationError (changes, title, reason, coauthors, cites) or PermissionDenied.
    """
    require(by, Verb.PROPOSE, programme)
    hold(programme)
    drawn, now = draw_up(programme, changes), by.now()
    proposal = Proposal(
        programme=programme,
        number=next_numbers(programme, "proposal"),
        author=by.person,
        content=drawn.content,
        created=now,
        updated=now,
        **_said(title, reason),
    )
    proposal.seen = digest_of(proposal, cites.chosen)
    proposal.save(force_insert=True)
    _put_targets(proposal, drawn)
    _put_coauthors(proposal, coauthors, by)
    log(by, "proposal drafted", proposal)
    if cites:
        put_cites(proposal, cites)
        log_cites(by, proposal, cites)
    return proposal


@transaction.atomic
def rewrite_proposal(
    proposal: Proposal,
    *,
    by: Actor,
    base: int,
    changes: object = None,
    title: str | None = None,
    reason: str | None = None,
    coauthors: Sequence[str] | None = None,
    cites: Rests | None = None,
) -> Proposal:
    """Change a draft, an open or a withdrawn proposal; what is not given stays. An open one goes into its next round
    with that, unless only its co-authors change; a withdrawn one waits until it is laid before the team again.

    Its authors alone; who agreed to be one of them stays so. Raises ValidationError, PermissionDenied, or Stale with
    the proposal as it now is.
    """
    now = _seen(proposal, by, base)
    _raise_if_decided(now)
    before = _text(now)
    for name, text in _said(now.title if title is None else title, now.reason if reason is None else reason).items():
        setattr(now, name, text)
    if changes is not None:
        drawn = draw_up(now.programme, changes)
        now.content = drawn.content
        _put_targets(now, drawn)
    named = coauthors is not None and _put_coauthors(now, coauthors, by)
    cited = cites is not None and put_cites(now, cites)
    rewritten = _text(now) != before or cited
    if not named and not rewritten:
        return now
    if rewritten:
        now.seen = digest_of(now)
    swap(now, by, base)
    if not rewritten:
        _log_coauthors(by, now)
    elif now.state == ProposalState.OPEN:
        lay_before(now, by)
        log(by, "proposal revised", now)
    else:
        log(by, "proposal rewritten", now)
    if cites is not None and cited:
        log_cites(by, now, cites)
    return now


@transaction.atomic
def submit(proposal: Proposal, *, by: Actor, base: int) -> Proposal:
    """Lay a draft, or a withdrawn proposal once more, before the team. It must be possible to carry it out.

    Raises ValidationError (reason, changes), PermissionDenied, Stale, Moved.
    """
    now = _seen(proposal, by, base)
    if now.state not in (ProposalState.DRAFT, ProposalState.WITHDRAWN):
        raise ValidationError({"state": _("%(label)s lies before the team already.") % {"label": now.label}})
    _raise_if_emptied(now, now.sent and not now.reason.strip())  # what was sent once had a reason
    if is_blank(now.reason):
        raise ValidationError({"reason": _("Say why; the team decides on your reason as well as on the words.")})
    now.state = ProposalState.OPEN
    now.blind = Programme.objects.values_list("blind", flat=True).get(pk=now.programme_id)
    now.sent = now.sent or by.now()
    swap(now, by, base)
    lay_before(now, by)
    index_discussion(now)  # what its authors said among themselves is the team's to read from now on
    log(by, "proposal sent", now)
    return now


@transaction.atomic
def withdraw(proposal: Proposal, *, by: Actor, base: int, reason: str = "") -> Proposal:
    """Take a proposal back; its authors alone. A draft that was never sent stays theirs alone."""
    now = _seen(proposal, by, base)
    if now.state not in (ProposalState.DRAFT, ProposalState.OPEN):
        raise _ended(now)
    now.state = ProposalState.WITHDRAWN
    swap(now, by, base)
    said = _reason(reason) if now.sent else ""  # the log is everybody's; what was never sent is its authors' alone
    asked_no_more(now.programme, by=by, kind="proposal", on=now.label)
    record(by, "proposal withdrawn", now.label, programme=now.programme, reason=said)
    return now


@transaction.atomic
def rebase(proposal: Proposal, *, by: Actor, base: int) -> Proposal:
    """Bring a proposal that is not decided onto its records as they now are, both sides' words put together.

    Its authors, and who may review while it is not withdrawn: nothing but what the proposal said is put on top of what
    stands there now. Raises ValidationError where both changed the same words, which only its authors can settle.
    """
    hold(proposal.programme)
    now = latest(proposal, base)
    own = is_author(now, by.person)
    if not own and not may(role_in(by, now.programme), Verb.REVIEW):
        raise PermissionDenied(_("Only its authors and who may review bring a proposal onto a new base."))
    require(by, Verb.PROPOSE, now.programme)
    _raise_if_decided(now)
    if now.state == ProposalState.WITHDRAWN and not own:
        said = _("%(label)s is withdrawn; its authors bring it onto a new base before they send it again.")
        raise ValidationError({"state": said % {"label": now.label}})
    if not moved_since(now):
        raise ValidationError({"state": _("Nothing moved since %(label)s was written.") % {"label": now.label}})
    content = rebased(now)
    drawn = Drawn(content, {one.record.label: (one.record, one.record.revision_number) for one in _targets(now)})
    now.content = content
    now.seen = digest_of(now)
    _put_targets(now, drawn)
    swap(now, by, base)
    if now.state == ProposalState.OPEN:
        lay_before(now, by)
    log(by, "proposal rebased", now)
    return now


@transaction.atomic
def answer_naming(proposal: Proposal, *, by: Actor, base: int, wrote: bool) -> Proposal:
    """Say of oneself, when named as a co-author, whether one wrote at it.

    Who did is one of its authors from then on, and stays so: they neither answer nor decide. Who did not is named no
    more. Raises ValidationError (wrote, state), PermissionDenied, or Stale with the proposal as it now is.
    """
    require(by, Verb.PROPOSE, proposal.programme)
    hold(proposal.programme)
    now = latest(proposal, None)
    naming = now.coauthors.filter(person=by.person).first()
    if naming is None:
        raise PermissionDenied(_("Only who is named as a co-author says whether they wrote it."))
    if naming.agreed is not None:
        said = _("You wrote at %(label)s and stay one of its authors, who do not decide on it.")
        raise ValidationError({"wrote": said % {"label": now.label}})
    if now.state in ENDED:
        said = _("%(label)s is decided; its authors stay as they were.")
        raise ValidationError({"state": said % {"label": now.label}})
    swap(now, by, base)
    if wrote:
        now.coauthors.filter(pk=naming.pk).update(agreed=by.now())
        asked_no_more(now.programme, by=by, kind="proposal", on=now.label, of=[by.person.pk])
    else:
        naming.delete()
    asked_no_more(now.programme, by=by, kind="coauthor", on=now.label, of=[by.person.pk])
    notice(
        now.programme, by=by, event=f"{now.label} naming of {by.person.pk} answered", kind="coauthor answered",
        on=now.label, path=f"proposals/{now.number}", to=[now.author_id],
    )  # fmt: skip
    record(by, "coauthor agreed" if wrote else "coauthor declined", now.label, programme=now.programme)
    return now


# ---------------------------------------------------------------- who, and what may be done


def is_author(proposal: Proposal, person: Person) -> bool:
    """Whether they wrote it, alone or with others; who is only named by others did not, until they say so."""
    return proposal.author_id == person.pk or proposal.coauthors.agreed().filter(person=person).exists()


def _seen(proposal: Proposal, by: Actor, base: int) -> Proposal:
    """The proposal as it is, and stays until this transaction ends, for one of its authors."""
    require(by, Verb.PROPOSE, proposal.programme)
    hold(proposal.programme)
    now = latest(proposal, None)
    if not is_author(now, by.person):
        if now.coauthors.filter(person=by.person).exists():
            said = _("You are named as a co-author of %(label)s: say first that you wrote it too, then change it.")
            raise PermissionDenied(said % {"label": now.label})
        raise PermissionDenied(_("Only its authors change a proposal; comment on it or answer it instead."))
    if now.revision_number != base:
        raise Stale(now, base=base)
    return now


def _raise_if_decided(now: Proposal) -> None:
    """What is withdrawn is its authors' to change; what was decided stands, and what was taken out has no words."""
    if now.state in ENDED:
        raise _ended(now)
    _raise_if_emptied(now)


def _ended(now: Proposal) -> ValidationError:
    said = _("%(label)s is %(state)s; it cannot be changed any more.")
    return ValidationError({"state": said % {"label": now.label, "state": ProposalState(now.state).label.lower()}})


def _raise_if_emptied(now: Proposal, without_reason: object = False) -> None:
    if not now.content or without_reason:
        said = _("The words of %(label)s were taken out; propose what is to change anew.")
        raise ValidationError({"state": said % {"label": now.label}})


# ---------------------------------------------------------------- what is written


def _text(proposal: Proposal) -> tuple[str, str, list[Any]]:
    """What the team reads of it."""
    return proposal.title, proposal.reason, proposal.content


def _said(title: str, reason: str) -> dict[str, str]:
    return {"title": clean(title, field="title", limit=Limit.TITLE, one_line=True), "reason": _reason(reason)}


def _reason(reason: str) -> str:
    return clean(reason, field="reason", limit=Limit.REASON)


def _targets(proposal: Proposal) -> list[Any]:
    return list(proposal.targets.select_related("statement", "configuration", "element").order_by("pk"))


def _put_targets(proposal: Proposal, drawn: Drawn) -> None:
    proposal.targets.all().delete()
    ProposalTarget.objects.bulk_create(
        ProposalTarget(proposal=proposal, base=base, **{type(record).__name__.lower(): record})
        for record, base in drawn.bases()
    )


def _put_coauthors(proposal: Proposal, names: Sequence[str], by: Actor) -> bool:
    """Name its co-authors, who are asked whether they are; whether that changed anything.

    Naming somebody takes nothing from them: else reviewers could be named to keep them from deciding.
    """
    if isinstance(names, str) or not all(isinstance(name, str) for name in names) or len(names) > MOST_COAUTHORS:
        raise ValidationError({"coauthors": _("Name the members who wrote it with you.")})
    members = Membership.objects.filter(programme=proposal.programme, role__in=MAY[Verb.PROPOSE])
    known: Mapping[str, int] = {
        name.casefold(): pk for name, pk in members.values_list("person__username", "person_id")
    }
    for name in names:
        if name.casefold() not in known:
            said = _("%(name)s is no member who may propose.") % {"name": clean(name, field="coauthors", limit=150)}
            raise ValidationError({"coauthors": said})
    wanted = {known[name.casefold()] for name in names} - {proposal.author_id}
    held = proposal.coauthors.people()
    # Who wrote at it cannot leave its authors, to agree to it then as somebody else.
    wrote = proposal.coauthors.agreed().exclude(person__in=wanted).select_related("person").first()
    if wrote is not None:
        said = _("%(who)s wrote at %(label)s and stays one of its authors, who do not decide on it.")
        raise ValidationError({"coauthors": said % {"who": wrote.person.name, "label": proposal.label}})
    gone, named = held - wanted, wanted - held
    proposal.coauthors.filter(person__in=gone).delete()
    CoAuthor.objects.bulk_create(CoAuthor(proposal=proposal, person_id=pk) for pk in sorted(named))
    if gone:
        asked_no_more(proposal.programme, by=by, kind="coauthor", on=proposal.label, of=gone)
    for pk in sorted(named):
        notice(
            proposal.programme, by=by, event=f"{proposal.label} names {pk}", kind="coauthor", on=proposal.label,
            path=f"proposals/{proposal.number}", to=[pk],
        )  # fmt: skip
    return wanted != held


def _log_coauthors(by: Actor, now: Proposal) -> None:
    """Who writes at a draft is its authors' alone to know."""
    told: dict[str, Any] = {}
    if now.sent:
        told["coauthors"] = sorted(now.coauthors.values_list("person__username", flat=True))
    record(by, "coauthors named", now.label, programme=now.programme, **told)
