"""Owns proposals: make one, write at it, lay it before the team, withdraw it, bring it onto a base that moved.

A draft is its authors' alone. Each time it is laid before the team is a round, which is kept as it was.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import CoAuthor, Proposal, ProposalRound, ProposalTarget
from cmo.rules.carrying_out import Moved, moved_since, try_out
from cmo.rules.citing import NOTHING, Rests
from cmo.rules.discussing import index_discussion
from cmo.rules.planning_evidence import cite
from cmo.rules.proposed import Drawn, draw_up, seen_digest
from cmo.rules.rebasing import rebased
from cmo.rules.versioning import next_numbers
from cmo.team_words import ProposalState
from programmes.access import Actor, may, require, role_in
from programmes.gate import clean
from programmes.models import Membership, Person, Programme
from programmes.refusals import Stale
from programmes.rules.holding import hold
from programmes.rules.noticing import asked_no_more, notice
from programmes.rules.recording import record, seal
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
        seen=seen_digest(drawn.content),
        created=now,
        updated=now,
        **_said(title, reason),
    )
    proposal.save(force_insert=True)
    _put_targets(proposal, drawn)
    _put_coauthors(proposal, coauthors, by)
    _log(by, "proposal drafted", proposal)
    if cites:
        cite(proposal, by=by, excerpts=cites.excerpts, bearings=cites.bearings)
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
) -> Proposal:
    """Change a draft or an open proposal; what is not given stays. An open one goes into its next round with that,
    unless only its co-authors change.

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
        now.content, now.seen = drawn.content, seen_digest(drawn.content)
        _put_targets(now, drawn)
    named, rewritten = coauthors is not None and _put_coauthors(now, coauthors, by), _text(now) != before
    if not named and not rewritten:
        return now
    _swap(now, by, base)
    if not rewritten:
        _log_coauthors(by, now)
    elif now.state == ProposalState.OPEN:
        _lay_before(now, by)
        _log(by, "proposal revised", now)
    else:
        _log(by, "proposal rewritten", now)
    return now


@transaction.atomic
def submit(proposal: Proposal, *, by: Actor, base: int) -> Proposal:
    """Lay a draft, or a withdrawn proposal once more, before the team. It must be possible to carry it out.

    Raises ValidationError (reason, changes), PermissionDenied, Stale, Moved.
    """
    now = _seen(proposal, by, base)
    if now.state not in (ProposalState.DRAFT, ProposalState.WITHDRAWN):
        raise ValidationError({"state": _("%(label)s lies before the team already.") % {"label": now.label}})
    if not now.content:
        said = _("The words of %(label)s were taken out; propose what is to change anew.")
        raise ValidationError({"state": said % {"label": now.label}})
    if not now.reason.strip():
        raise ValidationError({"reason": _("Say why; the team decides on your reason as well as on the words.")})
    now.state = ProposalState.OPEN
    now.blind = Programme.objects.values_list("blind", flat=True).get(pk=now.programme_id)
    now.sent = now.sent or by.now()
    _swap(now, by, base)
    _lay_before(now, by)
    index_discussion(now)  # what its authors said among themselves is the team's to read from now on
    _log(by, "proposal sent", now)
    return now


@transaction.atomic
def withdraw(proposal: Proposal, *, by: Actor, base: int, reason: str = "") -> Proposal:
    """Take a proposal back; its authors alone. A draft that was never sent stays theirs alone."""
    now = _seen(proposal, by, base)
    _raise_if_decided(now)
    now.state = ProposalState.WITHDRAWN
    _swap(now, by, base)
    said = _reason(reason) if now.sent else ""  # the log is everybody's; what was never sent is its authors' alone
    asked_no_more(now.programme, by=by, kind="proposal", on=now.label)
    record(by, "proposal withdrawn", now.label, programme=now.programme, reason=said)
    return now


@transaction.atomic
def rebase(proposal: Proposal, *, by: Actor, base: int) -> Proposal:
    """Bring an open or drafted proposal onto its records as they now are, both sides' words put together.

    Its authors, and who may review: nothing but what the proposal said is put on top of what stands there now. Raises
    ValidationError where both changed the same words, which only its authors can settle.
    """
    hold(proposal.programme)
    now = _latest(proposal, base)
    if not is_author(now, by.person) and not may(role_in(by, now.programme), Verb.REVIEW):
        raise PermissionDenied(_("Only its authors and who may review bring a proposal onto a new base."))
    require(by, Verb.PROPOSE, now.programme)
    _raise_if_decided(now)
    if not moved_since(now):
        raise ValidationError({"state": _("Nothing moved since %(label)s was written.") % {"label": now.label}})
    content = rebased(now)
    drawn = Drawn(content, {one.record.label: (one.record, one.record.revision_number) for one in _targets(now)})
    now.content, now.seen = content, seen_digest(content)
    _put_targets(now, drawn)
    _swap(now, by, base)
    if now.state == ProposalState.OPEN:
        _lay_before(now, by)
    _log(by, "proposal rebased", now)
    return now


@transaction.atomic
def answer_naming(proposal: Proposal, *, by: Actor, base: int, wrote: bool) -> Proposal:
    """Say of oneself, when named as a co-author, whether one wrote at it.

    Who did is one of its authors from then on, and stays so: they neither answer nor decide. Who did not is named no
    more. Raises ValidationError (wrote, state), PermissionDenied, or Stale with the proposal as it now is.
    """
    require(by, Verb.PROPOSE, proposal.programme)
    hold(proposal.programme)
    now = _latest(proposal, None)
    naming = now.coauthors.filter(person=by.person).first()
    if naming is None:
        raise PermissionDenied(_("Only who is named as a co-author says whether they wrote it."))
    if naming.agreed is not None:
        said = _("You wrote at %(label)s and stay one of its authors, who do not decide on it.")
        raise ValidationError({"wrote": said % {"label": now.label}})
    if now.state in (ProposalState.ACCEPTED, ProposalState.REFUSED):
        said = _("%(label)s is decided; its authors stay as they were.")
        raise ValidationError({"state": said % {"label": now.label}})
    _swap(now, by, base)
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
    now = _latest(proposal, None)
    if not is_author(now, by.person):
        if now.coauthors.filter(person=by.person).exists():
            said = _("You are named as a co-author of %(label)s: say first that you wrote it too, then change it.")
            raise PermissionDenied(said % {"label": now.label})
        raise PermissionDenied(_("Only its authors change a proposal; comment on it or answer it instead."))
    if now.revision_number != base:
        raise Stale(now, base=base)
    return now


def _latest(proposal: Proposal, base: int | None) -> Proposal:
    now = Proposal.objects.select_related("author").get(pk=proposal.pk)
    now.programme = proposal.programme
    if base is not None and now.revision_number != base:
        raise Stale(now, base=base)
    return now


def _raise_if_decided(now: Proposal) -> None:
    if now.state not in (ProposalState.DRAFT, ProposalState.OPEN):
        said = _("%(label)s is %(state)s; it cannot be changed any more.")
        raise ValidationError({"state": said % {"label": now.label, "state": ProposalState(now.state).label.lower()}})


def _lay_before(now: Proposal, by: Actor) -> None:
    """Write the round, and tell those who may answer."""
    if now.targets.exists() and (moved := moved_since(now)):
        raise Moved(now, moved)
    try_out(now, by=by)
    number = now.round + 1
    Proposal.objects.filter(pk=now.pk).update(round=number)
    now.round = number
    ProposalRound.objects.create(
        proposal=now, number=number, title=now.title, reason=now.reason, content=now.content, seen=now.seen,
        author=by.person, at=by.now(),
    )  # fmt: skip
    reviewers = Membership.objects.filter(programme=now.programme, role__in=MAY[Verb.REVIEW])
    authors = {now.author_id, *now.coauthors.agreed().people()}
    told = set(reviewers.values_list("person_id", flat=True)) - authors
    asked_no_more(now.programme, by=by, kind="proposal", on=now.label)  # about an earlier round
    notice(
        now.programme, by=by, event=f"{now.label} round {number}", kind="proposal", on=now.label,
        path=f"proposals/{now.number}", to=told,
    )  # fmt: skip


# ---------------------------------------------------------------- what is written


def _text(proposal: Proposal) -> tuple[str, str, str]:
    """What the team reads of it."""
    return proposal.title, proposal.reason, proposal.seen


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


def _swap(now: Proposal, by: Actor, base: int) -> None:
    """Write the proposal, if nobody did since `base`."""
    fields = ("title", "reason", "state", "content", "seen", "blind", "sent")
    new = {name: getattr(now, name) for name in fields}
    moved = Proposal.objects.filter(pk=now.pk, revision_number=base).update(
        **new, revision_number=base + 1, updated=by.now()
    )
    if not moved:
        raise Stale(_latest(now, None), base=base)
    now.revision_number, now.updated = base + 1, by.now()


def _log(by: Actor, verb: str, proposal: Proposal) -> None:
    """The log tells all members that something happened; what a draft says is its authors' alone."""
    if proposal.state == ProposalState.DRAFT:
        record(by, verb, proposal.label, programme=proposal.programme)
        return
    last = proposal.rounds.last()
    record(
        by, verb, proposal.label, programme=proposal.programme, reason=proposal.reason, round=proposal.round,
        seen=proposal.seen, seals=seal(last) if last else "",
    )  # fmt: skip


def _log_coauthors(by: Actor, now: Proposal) -> None:
    """Who writes at a draft is its authors' alone to know."""
    told: dict[str, Any] = {}
    if now.sent:
        told["coauthors"] = sorted(now.coauthors.values_list("person__username", flat=True))
    record(by, "coauthors named", now.label, programme=now.programme, **told)
