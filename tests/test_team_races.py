"""Claims about members and mails at the same moment, 500 rounds each: one wins, a lead remains, no mail goes twice."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import connection

from programmes.models import Invitation, Membership, OutgoingMail, Person
from programmes.rules.inviting import NewAccount, accept, invite, withdraw_invitation
from programmes.rules.issuing_tokens import digest_of
from programmes.rules.mailing import deliver, put_mail
from programmes.rules.membering import change_role, remove_member
from programmes.rules.noticing import notice
from tests.conftest import actor, enlist

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 500


def rounds(n: int, prepare: Callable[[int], Any], check: Callable[[list[Any]], Any], *jobs: Callable[[], Any]) -> None:
    """`prepare(round)`, then all jobs at the same moment, each with one connection for all rounds, then
    `check(answers)`: what each job gave back or raised."""
    start, done = threading.Barrier(len(jobs) + 1), threading.Barrier(len(jobs) + 1)
    answers: list[Any] = [None] * len(jobs)

    def work(at: int, job: Callable[[], Any]) -> None:
        try:
            for _ in range(n):
                start.wait(30)
                try:
                    answers[at] = job()
                except Exception as error:
                    answers[at] = error
                done.wait(30)
        except threading.BrokenBarrierError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    try:
        for at in range(n):
            prepare(at)
            start.wait(30)
            done.wait(30)
            check(answers)
    finally:
        start.abort()
        done.abort()
        for thread in threads:
            thread.join(60)


def winners(answers: list[Any]) -> int:
    """How many were done; whoever was not was refused, and not by a fault."""
    refused = [one for one in answers if isinstance(one, Exception)]
    for one in refused:
        assert isinstance(one, ValidationError | PermissionDenied), one
    return len(answers) - len(refused)


def test_an_invitation_accepted_twice_at_once_makes_one_membership(programme, cast, capsys):
    """By two people who read the same mail (two new accounts), and by one account in two windows, in turn."""
    now: dict[str, Any] = {}
    gwen = enlist("gwen", email="gwen@example.net")
    firsts: Counter[str] = Counter()

    def prepare(at: int) -> None:
        now["at"] = at
        Membership.objects.filter(programme=programme, person=gwen).delete()
        email = "gwen@example.net" if at % 2 else f"guest{at}@example.net"
        secret = now["secret"] = f"secret {at}"
        Invitation.objects.create(
            programme=programme, email=email, role="viewer", digest=digest_of(secret), by=cast.lead,
            created=programme.created, expires=programme.created.replace(year=2100),
        )  # fmt: skip

    def take(name: str) -> Callable[[], Any]:
        def job() -> Any:
            if now["at"] % 2:
                return accept(now["secret"], by=actor(gwen))
            return accept(now["secret"], account=NewAccount(f"{name}{now['at']}", "quite-another-1"))

        return job

    def check(answers: list[Any]) -> None:
        assert winners(answers) == 1
        firsts["a" if not isinstance(answers[0], Exception) else "b"] += 1
        taken = Invitation.objects.get(digest=digest_of(now["secret"]))
        assert Membership.objects.filter(programme=programme, person=taken.accepted_by).count() == 1
        assert Person.objects.filter(email=taken.email).count() == 1

    rounds(ROUNDS, prepare, check, take("a"), take("b"))
    assert min(firsts["a"], firsts["b"]) > 0
    assert Membership.objects.filter(programme=programme).count() == 4 + ROUNDS // 2 + 1
    call_command("check_integrity")


def test_of_an_invitation_withdrawn_and_accepted_at_once_one_holds(programme, cast, capsys):
    now: dict[str, Any] = {}

    def prepare(at: int) -> None:
        now["at"] = at
        now["one"], now["secret"] = invite(programme, by=actor(cast.lead), email=f"g{at}@example.net", role="viewer")

    def check(answers: list[Any]) -> None:
        one = Invitation.objects.get(pk=now["one"].pk)
        assert (one.accepted is None) != (one.withdrawn is None)
        assert Person.objects.filter(email=one.email).exists() == (one.accepted is not None)
        winners(answers)

    rounds(
        90, prepare, check,
        lambda: accept(now["secret"], account=NewAccount(f"g{now['at']}", "quite-another-1")),
        lambda: withdraw_invitation(now["one"], by=actor(cast.lead)),
    )  # fmt: skip
    call_command("check_integrity")


def test_two_leads_who_demote_or_remove_each_other_500_times_leave_one_lead(programme, cast, capsys):
    change_role(programme, by=actor(cast.lead), username="editor", role="lead")
    now = {"at": 0}

    def prepare(at: int) -> None:
        now["at"] = at
        for person in (cast.lead, cast.editor):
            Membership.objects.update_or_create(
                programme=programme, person=person,
                defaults={"role": "lead"}, create_defaults={"role": "lead", "joined": programme.created},
            )  # fmt: skip

    def demote(by: Any, whom: str) -> Callable[[], Any]:
        def job() -> Any:
            if now["at"] % 3 == 2:  # both step down at once
                return change_role(programme, by=by, username=by.person.username, role="viewer")
            if now["at"] % 3:
                return remove_member(programme, by=by, username=whom) or True
            return change_role(programme, by=by, username=whom, role="viewer")

        return job

    def check(answers: list[Any]) -> None:
        assert winners(answers) == 1
        assert Membership.objects.filter(programme=programme, role="lead").count() == 1

    rounds(ROUNDS, prepare, check, demote(actor(cast.lead), "editor"), demote(actor(cast.editor), "lead"))
    call_command("check_integrity")


SENT: Counter[str] = Counter()


class Counting(BaseEmailBackend):
    def send_messages(self, email_messages):
        for one in email_messages:
            SENT[one.to[0]] += 1
        return len(email_messages)


def test_three_workers_send_each_of_500_mails_once(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Counting"
    SENT.clear()
    for at in range(ROUNDS):
        put_mail(to=f"p{at}@example.net", subject="Tybed", text="Words.")
    rounds(2, lambda at: None, winners, *[lambda: deliver(home="https://x.example.org")] * 3)
    assert len(SENT) == ROUNDS
    assert set(SENT.values()) == {1}
    assert OutgoingMail.objects.filter(sent=None).count() == 0


def test_two_workers_put_one_mail_down_for_each_person(programme, cast, settings):
    from_now = actor(cast.lead)
    settings.EMAIL_BACKEND = f"{__name__}.Counting"
    SENT.clear()

    def prepare(at: int) -> None:
        to = [cast.viewer.pk, cast.contributor.pk]
        notice(programme, by=from_now, event=f"c{at}", kind="comment", on="S1", path="s/1", to=to)

    rounds(100, prepare, winners, *[lambda: deliver(home="https://x.example.org")] * 2)
    deliver(home="https://x.example.org")
    assert dict(SENT) == {"viewer@example.org": 100, "contributor@example.org": 100}
