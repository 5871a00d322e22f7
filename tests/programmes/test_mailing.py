"""Claims about mails: no act waits for one, each goes once, later if need be, and holds nobody's words."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from programmes.models import Notice, OutgoingMail, Person
from programmes.rules import mailing
from programmes.rules.founding import describe
from programmes.rules.inviting import invite
from programmes.rules.mailing import CLAIM, GIVEN_UP, deliver, forget_old_mails, put_mail
from programmes.rules.membering import remove_member
from programmes.rules.noticing import notice, read_notices

pytestmark = pytest.mark.django_db
HOME = "https://tybed.example.org"
DEAD = f"{__name__}.Dead"


class Dead(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, email_messages):
        raise OSError("Connection refused")


@pytest.fixture
def tell(programme, cast, actor):
    """`tell("comment 1", cast.viewer)` tells somebody of a comment on S1."""

    def told(event, *people, at=None, kind="comment"):
        by = actor(cast.editor)
        made = notice(
            programme, by=by, event=event, kind=kind, on="S1", path=f"s/1#{event[-1]}", to=[one.pk for one in people]
        )
        if at:
            Notice.objects.filter(event=event).update(at=at)
        return made

    return told


def wants(person, mails):
    Person.objects.filter(pk=person.pk).update(mails=mails)


def at(hour, minute=0, day=24):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


# ---- at once, daily, never


def test_who_wants_mails_at_once_gets_one_for_what_happened_and_no_second(tell, cast):
    tell("comment 1", cast.viewer, cast.lead)
    assert deliver(home=HOME) == (2, 0)
    assert deliver(home=HOME) == (0, 0)
    assert sorted(one.to[0] for one in mail.outbox) == ["lead@example.org", "viewer@example.org"]
    (one,) = [one for one in mail.outbox if one.to == ["viewer@example.org"]]
    assert one.subject == "Tybed: 1 thing waits for you"
    assert f"- A comment on S1\n  {HOME}/p/cse-test/s/1#1\n" in one.body
    assert f"{HOME}/account#mails" in one.body
    assert one.extra_headers["Auto-Submitted"] == "auto-generated"


def test_one_event_tells_each_person_once_whoever_tells_it_again(tell, cast):
    tell("comment 1", cast.viewer)
    tell("comment 1", cast.viewer, kind="mention")
    assert Notice.objects.get().kind == "comment"
    assert deliver(home=HOME) == (1, 0)


def test_a_daily_mail_holds_what_came_before_the_morning_and_goes_once(tell, cast):
    wants(cast.viewer, "daily")
    tell("comment 1", cast.viewer, at=at(5))
    tell("comment 2", cast.viewer, at=at(5, 30))
    assert deliver(home=HOME, now=at(5, 59)) == (0, 0)
    assert deliver(home=HOME, now=at(6)) == (1, 0)
    tell("comment 3", cast.viewer, at=at(6, 30))
    assert deliver(home=HOME, now=at(6, 31)) == (0, 0)
    assert deliver(home=HOME, now=at(23)) == (0, 0)
    assert deliver(home=HOME, now=at(9, day=25)) == (1, 0)
    assert [one.subject for one in mail.outbox] == ["Tybed: 2 things wait for you", "Tybed: 1 thing waits for you"]


def test_who_wants_none_gets_none_and_none_later_for_what_was(tell, cast, as_):
    client = as_(cast.viewer)
    client.post(reverse("account-mails"), {"mails": "off"})
    tell("comment 1", cast.viewer)
    assert deliver(home=HOME) == (0, 0)
    client.post(reverse("account-mails"), {"mails": "at once"})
    assert deliver(home=HOME) == (0, 0)
    tell("comment 2", cast.viewer)
    assert deliver(home=HOME) == (1, 0)


def test_what_was_read_or_is_of_a_programme_that_one_left_is_in_no_mail(tell, programme, cast, actor):
    tell("comment 1", cast.viewer, cast.contributor)
    read_notices(by=actor(cast.viewer))
    remove_member(programme, by=actor(cast.lead), username="contributor")
    assert deliver(home=HOME) == (0, 0)
    assert not Notice.objects.filter(mailed=None).exists()


def test_what_is_brought_from_elsewhere_is_told_and_not_mailed(programme, cast, actor):
    by = actor(cast.lead, at=at(1, day=1))
    notice(programme, by=by, event="old", kind="comment", on="S1", path="s/1", to=[cast.viewer.pk])
    assert Notice.objects.get().mailed == at(1, day=1)
    assert deliver(home=HOME) == (0, 0)


def test_nobody_is_told_of_what_they_did_and_no_outsider_of_anything(programme, cast, actor):
    to = [cast.lead.pk, cast.outsider.pk]
    assert notice(programme, by=actor(cast.lead), event="x", kind="comment", on="S1", path="s/1", to=to) == []


def test_one_click_sets_how_mails_come(cast, as_):
    client = as_(cast.viewer)
    page = client.get(reverse("account")).content.decode()
    assert 'name="mails" value="daily"' in page
    assert 'name="mails" value="at once"' not in page
    answer = client.post(reverse("account-mails"), {"mails": "daily"})
    assert (answer.status_code, answer["Location"]) == (302, "/account#mails")
    assert Person.objects.get(pk=cast.viewer.pk).mails == "daily"
    client.post(reverse("account-mails"), {"mails": "hourly"})
    assert Person.objects.get(pk=cast.viewer.pk).mails == "daily"


# ---- a dead mail server


def test_a_dead_mail_server_stops_no_act_and_the_mail_goes_later_once(programme, cast, actor, settings, caplog):
    alive = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = DEAD
    invite(programme, by=actor(cast.lead), email="guest@example.net", role="viewer")
    now = timezone.now()
    assert deliver(home=HOME, now=now) == (0, 1)
    assert "guest@" not in caplog.text
    assert deliver(home=HOME, now=now + timedelta(seconds=59)) == (0, 0)
    assert deliver(home=HOME, now=now + timedelta(seconds=61)) == (0, 1)
    waits = OutgoingMail.objects.get()
    assert (waits.tries, waits.due, waits.taken) == (2, now + timedelta(seconds=61 + 120), None)
    settings.EMAIL_BACKEND = alive
    assert deliver(home=HOME, now=now + timedelta(minutes=5)) == (1, 0)
    assert deliver(home=HOME, now=now + timedelta(minutes=50)) == (0, 0)
    assert len(mail.outbox) == 1
    gone = OutgoingMail.objects.get()
    assert (gone.text, gone.taken, gone.sent is not None) == ("", None, True)


def test_one_mail_that_cannot_go_holds_no_other_up(settings, monkeypatch):
    real = mailing._message

    def broken(one, home):
        if one.to == "broken@example.net":
            raise ValueError("no such mailbox")
        return real(one, home)

    monkeypatch.setattr(mailing, "_message", broken)
    for name in ("broken", "whole"):
        put_mail(to=f"{name}@example.net", subject="Tybed", text="Words.")
    assert deliver(home=HOME) == (1, 1)
    assert mail.outbox[0].to == ["whole@example.net"]


def test_after_a_week_it_is_given_up_and_emptied(settings):
    settings.EMAIL_BACKEND = DEAD
    put_mail(to="guest@example.net", subject="Tybed", text="Words.")
    later = timezone.now() + GIVEN_UP + timedelta(minutes=1)
    assert deliver(home=HOME, now=later) == (0, 1)
    assert OutgoingMail.objects.get().text == ""
    assert deliver(home=HOME, now=later + timedelta(days=1)) == (0, 0)


def test_the_wait_doubles_up_to_six_hours(settings):
    settings.EMAIL_BACKEND = DEAD
    put_mail(to="guest@example.net", subject="Tybed", text="Words.")
    waits, now = [], timezone.now()
    for _ in range(11):
        assert deliver(home=HOME, now=now) == (0, 1)
        due = OutgoingMail.objects.get().due
        waits.append((due - now) // timedelta(minutes=1))
        now = due
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_a_claim_of_a_worker_that_died_is_taken_over_with_the_same_name_and_not_before(monkeypatch):
    put_mail(to="guest@example.net", subject="Tybed", text="Words.")
    now = timezone.now()
    OutgoingMail.objects.update(taken=now)
    assert deliver(home=HOME, now=now + CLAIM) == (0, 0)
    name = mailing._message(OutgoingMail.objects.get(), HOME).extra_headers["Message-ID"]
    assert deliver(home=HOME, now=now + CLAIM + timedelta(seconds=1)) == (1, 0)
    assert mail.outbox[0].extra_headers["Message-ID"] == name


def test_a_mail_of_what_was_taken_back_never_goes(programme, cast, actor):
    with transaction.atomic():
        invite(programme, by=actor(cast.lead), email="guest@example.net", role="viewer")
        transaction.set_rollback(True)
    assert deliver(home=HOME) == (0, 0)


def test_links_name_the_public_address_of_the_server(settings, tell, cast):
    settings.PUBLIC_URL = "https://public.example.org"
    tell("comment 1", cast.viewer)
    deliver()
    assert "https://public.example.org/p/cse-test/s/1#1" in mail.outbox[0].body


def test_the_command_says_what_went(tell, cast):
    tell("comment 1", cast.viewer)
    said = StringIO()
    call_command("deliver", "--home", HOME, stdout=said)
    assert said.getvalue() == "Mails: 1 sent, 0 to be tried again later.\n"


def test_the_command_sends_no_mail_whose_links_lead_nowhere(settings, tell, cast):
    tell("comment 1", cast.viewer)
    settings.PUBLIC_URL = ""
    for how in ([], ["--loop", "20"]):
        with pytest.raises(CommandError, match="Say where people find the server"):
            call_command("deliver", *how)
    assert mail.outbox == []
    settings.PUBLIC_URL = "https://public.example.org"
    call_command("deliver", stdout=StringIO())
    assert "https://public.example.org/p/" in mail.outbox[0].body


def test_mails_that_went_are_swept_after_a_month_and_none_that_waits():
    for days, went in ((31, True), (29, True), (31, False)):
        when = timezone.now() - timedelta(days=days)
        made = put_mail(to="a@example.net", subject="Tybed", text="" if went else "Waits.", at=when)
        OutgoingMail.objects.filter(pk=made.pk).update(sent=when if went else None)
    assert forget_old_mails() == 1
    assert OutgoingMail.objects.filter(sent=None).count() == 1


# ---- what the app fills in, and nothing that somebody typed


def test_marks_in_a_title_stay_as_typed_and_only_those_of_the_app_are_filled_in(programme, cast, actor, mailoutbox):
    lead, typed = actor(cast.lead), f"T {{secret:{'A' * 40}}} {{home}} {{brace}} {{x}} {{{{home}}}}"
    describe(programme, by=lead, base=1, title=typed)
    programme.refresh_from_db()
    _invitation, secret = invite(programme, by=lead, email="guest@example.net", role="contributor")
    assert secret not in OutgoingMail.objects.get().text
    assert deliver(home=HOME) == (1, 0)
    [sent] = mailoutbox
    assert f"“{typed}”" in sent.body
    assert f"{HOME}/invitations/{secret}\n" in sent.body
    assert mailing._secret("A" * 40) not in sent.body
    assert sent.body.count(HOME) == 1
    assert not {"\x02", "\x03"} & set(sent.body)


def test_a_mail_that_waited_before_marks_were_told_apart_goes_as_it_was_meant(mailoutbox):
    now = timezone.now()
    waits = f"Open {{home}}/invitations/{{secret:{'n' * 43}}}"
    OutgoingMail.objects.create(to="guest@example.net", subject="An invitation", text=waits, created=now, due=now)
    assert deliver(home=HOME) == (1, 0)
    assert mailoutbox[0].body == f"Open {HOME}/invitations/{mailing._secret('n' * 43)}"
