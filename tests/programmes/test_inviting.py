"""Claims about invitations: one address, once, for some days, and nothing told to anybody else, at both doors."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programmes.models import AuditEvent, Invitation, Membership, Notice, OutgoingMail, Person
from programmes.rules.inviting import (
    A_DAY,
    DEAD,
    NewAccount,
    accept,
    invite,
    invite_again,
    withdraw_invitation,
)
from programmes.rules.mailing import deliver
from programmes.rules.membering import add_member, change_role, remove_member
from tests.conftest import enlist

pytestmark = pytest.mark.django_db
GUEST = {"username": "guest", "first_name": "Gwen", "password": "quite-another-1", "password_again": "quite-another-1"}
API = "/api/v1/programmes/cse-test"


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


@pytest.fixture
def invited(programme, lead):
    """(invitation, secret) of guest@example.net as a contributor."""
    return invite(programme, by=lead, email="guest@example.net", role="contributor")


def url(secret):
    return reverse("invitation", args=[secret])


def text(answer):
    return answer.content.decode()


def refusal_of(do):
    with pytest.raises(ValidationError) as refusal:
        do()
    return refusal.value.messages[0]


# ---- the secret


def test_the_secret_is_hashed_and_stands_in_the_mail_alone(invited, mailoutbox):
    invitation, secret = invited
    assert invitation.digest == hashlib.sha256(secret.encode()).hexdigest()
    waiting = OutgoingMail.objects.get()
    assert secret not in waiting.text
    assert secret not in str(list(AuditEvent.objects.values()))
    assert deliver(home="https://tybed.example.org") == (1, 0)
    (mail,) = mailoutbox
    assert f"https://tybed.example.org/invitations/{secret}\n" in mail.body
    assert mail.to == ["guest@example.net"]
    assert mail.subject == "Tybed: an invitation"
    assert "Lena Lead invites you to “Exploitation services” on Tybed" in mail.body
    assert "@" not in mail.body
    assert OutgoingMail.objects.get().text == ""


def test_the_log_names_the_invitation_and_not_the_address(programme, invited):
    invitation, _secret = invited
    row = AuditEvent.objects.filter(programme=programme).latest("number")
    assert (row.verb, row.record) == ("invited", f"invitation {invitation.pk}")
    assert row.detail == {"role": "contributor", "days": 14}
    assert "guest@" not in str(list(AuditEvent.objects.values()))


def test_two_invitations_have_nothing_in_common(programme, lead, invited):
    _other, secret = invite(programme, by=lead, email="other@example.net", role="viewer")
    assert secret != invited[1]
    assert re.fullmatch(r"[0-9a-f]{64}", secret)


# ---- accepting


def test_somebody_new_makes_an_account_of_exactly_that_address_and_is_in(programme, invited, cast):
    client = Client()
    assert "Join “Exploitation services”" in text(client.get(url(invited[1])))
    answer = client.post(url(invited[1]), GUEST)
    assert (answer.status_code, answer["Location"]) == (302, "/p/cse-test/")
    assert client.get("/p/cse-test/").status_code == 200
    person = Person.objects.get(username="guest")
    assert (person.email, person.first_name) == ("guest@example.net", "Gwen")
    assert person.check_password("quite-another-1")
    member = Membership.objects.get(programme=programme, person=person)
    assert member.role == "contributor"
    now = Invitation.objects.get()
    assert (now.accepted_by, now.accepted is not None) == (person, True)
    row = AuditEvent.objects.filter(programme=programme).latest("number")
    assert (row.verb, row.record, row.via, row.actor) == ("joined", "member guest", "mail", person)
    assert row.detail == {"before": None, "after": "contributor", "invitation": now.pk}
    told = Notice.objects.get()
    assert (told.person, told.kind) == (cast.lead, "joined")


def test_an_account_with_the_address_joins_with_one_click(programme, invited, as_):
    client = as_(enlist("gwen", email="Guest@Example.net"))
    page = text(client.get(url(invited[1])))
    assert "Lena Lead invites you to this programme, in the role of contributor." in page
    assert 'name="password"' not in page
    assert client.post(url(invited[1]), {"nonce": "n1"}).status_code == 302
    assert Membership.objects.get(programme=programme, person__username="gwen").role == "contributor"
    assert client.post(url(invited[1]), {"nonce": "n1"}).status_code == 404


def test_an_account_with_another_address_is_refused_and_learns_nothing(programme, invited, cast, as_):
    client = as_(cast.outsider)
    page = text(client.get(url(invited[1])))
    assert "This invitation was sent to another address than yours." in page
    assert "Exploitation services" not in page
    assert "guest@" not in page
    refused = client.post(url(invited[1]))
    assert refused.status_code == 422
    assert "This invitation was sent to another address than yours." in text(refused)
    assert not Membership.objects.filter(person=cast.outsider).exists()
    assert Invitation.objects.get().accepted is None


def test_an_account_without_an_address_gets_in_by_none(programme, invited, actor):
    nameless = enlist("nameless")
    Person.objects.filter(pk=nameless.pk).update(email="")
    nameless.refresh_from_db()
    assert "another address" in refusal_of(lambda: accept(invited[1], by=actor(nameless)))


def test_an_address_that_has_an_account_asks_for_its_sign_in(programme, invited):
    enlist("gwen", email="guest@example.net")
    refused = Client().post(url(invited[1]), GUEST)
    assert refused.status_code == 422
    assert "Your address has an account here already." in text(refused)
    assert not Person.objects.filter(username="guest").exists()


def test_a_member_who_accepts_keeps_their_role_and_no_lead_hears_of_it(programme, lead, cast, actor):
    _invitation, secret = invite(programme, by=lead, email=cast.viewer.email, role="lead")
    assert refusal_of(lambda: accept(secret, by=actor(cast.viewer))) == "You are a member of this programme already."
    assert Membership.objects.get(person=cast.viewer).role == "viewer"
    assert Invitation.objects.get().accepted is None
    assert not Notice.objects.exists()


def test_what_is_typed_wrong_stays_and_names_its_field(programme, invited):
    refused = Client().post(url(invited[1]), {**GUEST, "username": "gu@est", "password_again": "quite-another-2"})
    assert refused.status_code == 422
    assert "This is not the password that you wrote above." in text(refused)
    assert 'value="gu@est"' in text(refused)
    assert "quite-another" not in text(refused)
    weak = Client().post(url(invited[1]), {**GUEST, "password": "short", "password_again": "short"})
    assert "at least 12 characters" in text(weak)


# ---- what does not hold


WRONG = ["unknown", "used", "withdrawn", "lapsed", "sent again", "lead removed", "lead demoted", "lead switched off"]


@pytest.mark.parametrize("what", WRONG)
def test_whatever_is_wrong_is_said_in_one_way(programme, invited, lead, cast, actor, what):
    invitation, secret = invited
    if what == "unknown":
        secret = "0" * 64
    elif what == "used":
        accept(secret, account=NewAccount("first", "quite-another-1"))
    elif what == "withdrawn":
        withdraw_invitation(invitation, by=lead)
    elif what == "lapsed":
        Invitation.objects.update(expires=timezone.now())
    elif what == "sent again":
        invite_again(invitation, by=lead)
    else:
        change_role(programme, by=lead, username="editor", role="lead")
        if what == "lead removed":
            remove_member(programme, by=actor(cast.editor), username="lead")
        elif what == "lead demoted":
            change_role(programme, by=lead, username="lead", role="editor")
        else:
            Person.objects.filter(username="lead").update(is_active=False)
    for answer in (Client().get(url(secret)), Client().post(url(secret), GUEST)):
        assert answer.status_code == 404
        assert str(DEAD) in text(answer).replace("&#x27;", "'")
        assert "Exploitation" not in text(answer)
    with pytest.raises(ValidationError, match="This invitation does not work"):
        accept(secret, account=NewAccount("second", "quite-another-1"))
    assert not Person.objects.filter(username__in=["guest", "second"]).exists()


def test_a_link_that_was_there_before_somebody_was_taken_out_lets_them_in_no_more(programme, lead, cast, actor):
    _invitation, secret = invite(programme, by=lead, email=cast.outsider.email, role="viewer")
    add_member(programme, by=lead, who="outsider", role="viewer")
    remove_member(programme, by=lead, username="outsider")
    assert refusal_of(lambda: accept(secret, by=actor(cast.outsider))) == str(DEAD)
    withdraw_invitation(Invitation.objects.select_related("programme").get(), by=lead)
    _again, secret = invite(programme, by=lead, email=cast.outsider.email, role="viewer")
    assert accept(secret, by=actor(cast.outsider)).role == "viewer"


def test_reading_the_link_changes_nothing(invited):
    before = list(Invitation.objects.values()), AuditEvent.objects.count(), Person.objects.count()
    for _ in range(12):
        assert Client().get(url(invited[1])).status_code == 200
    assert (list(Invitation.objects.values()), AuditEvent.objects.count(), Person.objects.count()) == before


# ---- guesses


def test_links_can_be_guessed_ten_times_and_then_no_more_whether_right_or_wrong(invited):
    client = Client()
    assert [client.get(url(f"guess-{at}")).status_code for at in range(10)] == [404] * 10
    for secret in ("guess-11", invited[1]):
        refused = client.get(url(secret))
        assert (refused.status_code, refused["Retry-After"]) == (429, "300")
    assert Client(REMOTE_ADDR="192.0.2.7").get(url(invited[1])).status_code == 200


def test_behind_a_trusted_proxy_guesses_are_counted_by_the_address_that_it_names(invited, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    one, other = (Client(HTTP_X_FORWARDED_FOR=f"made up, 192.0.2.{at}") for at in (1, 2))
    for at in range(10):
        one.get(url(f"guess-{at}"))
    assert (one.get(url(invited[1])).status_code, other.get(url(invited[1])).status_code) == (429, 200)


def test_names_cannot_be_tried_out_through_an_invitation(invited, cast):
    client = Client()
    taken = {**GUEST, "username": "lead"}
    assert [client.post(url(invited[1]), taken).status_code for _ in range(10)] == [422] * 10
    assert client.post(url(invited[1]), GUEST).status_code == 429


def test_a_right_link_is_opened_as_often_as_somebody_likes_and_counts_for_nothing(invited):
    client = Client()
    assert {client.get(url(invited[1])).status_code for _ in range(12)} == {200}
    assert [client.get(url("x" * 64)).status_code for _ in range(11)] == [404] * 10 + [429]


def test_wrong_secrets_over_the_api_are_counted_by_account(invited, cast, api):
    client = api(cast.outsider)
    tries = [client.post("/api/v1/invitations/accept/", {"secret": f"x{at}"}, format="json") for at in range(11)]
    assert [answer.status_code for answer in tries] == [400] * 10 + [429]
    assert tries[-1]["Retry-After"] == "300"


# ---- leads


def test_only_leads_invite_withdraw_and_send_again(programme, invited, cast, actor):
    for who in (cast.editor, cast.contributor, cast.viewer, cast.outsider):
        by = actor(who)
        for do in (
            lambda by=by: invite(programme, by=by, email="a@example.net", role="viewer"),
            lambda by=by: withdraw_invitation(invited[0], by=by),
            lambda by=by: invite_again(invited[0], by=by),
        ):
            with pytest.raises(PermissionDenied):
                do()


def test_what_is_wrong_with_an_invitation_is_said(programme, lead, invited):
    def refused(**given):
        return refusal_of(
            lambda: invite(programme, by=lead, **{"email": "b@example.net", "role": "viewer", **given})
        )  # fmt: skip

    assert refused(email="GUEST@example.net").startswith("GUEST@example.net is invited already")
    assert refused(email="nobody") == "Write an address such as name@example.org."
    assert refused(role="owner") == "Choose viewer, contributor, editor or lead."
    assert refused(days=61) == "Choose between 1 and 60 days."
    assert "cannot be stored" in refused(email="a\x00@example.net")
    day = timezone.now()
    Invitation.objects.bulk_create(
        Invitation(
            programme=programme, email=f"p{at}@example.net", role="viewer", digest=f"d{at}", by=lead.person,
            created=day, expires=day + timedelta(days=1),
        )
        for at in range(A_DAY - 1)
    )  # fmt: skip
    assert refused() == f"You have sent {A_DAY} invitations today; go on tomorrow."


def test_the_settings_page_invites_several_lists_them_sends_again_and_withdraws(programme, cast, as_, mailoutbox):
    client = as_(cast.lead)
    sent = {"i-email": "one@example.net, two@example.net;\nthree@example.net", "i-role": "editor", "nonce": "n1"}
    for _twice in range(2):
        assert client.post(reverse("invitations", args=["cse-test"]), sent).status_code == 302
    assert Invitation.objects.count() == 3
    page = text(client.get("/p/cse-test/settings"))
    for address in ("one", "two", "three"):
        assert f"<b>{address}@example.net</b> as Editor" in page
    pk = Invitation.objects.get(email="two@example.net").pk
    client.post(reverse("invitation-again", args=["cse-test", pk]), {"nonce": "n2"})
    client.post(reverse("invitation-withdraw", args=["cse-test", pk]))
    assert client.post(reverse("invitation-withdraw", args=["cse-test", pk])).status_code == 404
    assert "two@example.net</b>" not in text(client.get("/p/cse-test/settings"))
    deliver(home="https://x.example.org")
    assert sorted(mail.to[0][:3] for mail in mailoutbox) == ["one", "thr", "two", "two"]


def test_of_several_addresses_all_are_invited_or_none(programme, cast, as_):
    sent = {"i-email": "one@example.net, no address", "i-role": "editor"}
    answer = as_(cast.lead).post(reverse("invitations", args=["cse-test"]), sent)
    assert answer.status_code == 422
    assert "one@example.net, no address</textarea>" in text(answer)
    assert (Invitation.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_others_see_that_somebody_is_invited_and_not_whom(programme, invited, cast, as_, api):
    for who in (cast.editor, cast.contributor, cast.viewer):
        assert "guest@example.net" not in text(as_(who).get("/p/cse-test/settings"))
        (row,) = api(who).get(f"{API}/invitations/").json()["results"]
        assert (row["email"], row["role"], row["by"]) == (None, "contributor", "lead")
    (row,) = api(cast.lead).get(f"{API}/invitations/").json()["results"]
    assert row["email"] == "guest@example.net"
    assert invited[1] not in str(row)


def test_an_invitation_of_a_member_is_answered_as_any_other(programme, cast, api):
    def answered(email):
        sent = {"email": email, "role": "viewer"}
        answer = api(cast.lead).post(f"{API}/invitations/", sent, format="json")
        shown = {name: value for name, value in answer.json().items() if name in ("role", "by")}
        return answer.status_code, shown, set(answer.json())

    assert answered(cast.viewer.email) == answered(cast.outsider.email) == answered("nobody@example.net")


# ---- members over the API


def test_a_member_is_added_shown_changed_and_removed(programme, cast, api):
    client = api(cast.lead)
    sent = {"username": "outsider", "role": "viewer"}
    made = client.post(f"{API}/members/", sent, format="json")
    assert (made.status_code, made["ETag"], made.json()["role"]) == (201, '"viewer"', "viewer")
    one = f"{API}/members/outsider/"
    assert client.get(one, HTTP_IF_NONE_MATCH='"viewer"').status_code == 304
    assert client.patch(one, {"role": "editor"}, format="json").status_code == 428
    stale = client.patch(one, {"role": "editor"}, format="json", HTTP_IF_MATCH='"lead"')
    assert (stale.status_code, stale.json()["current"]["role"]) == (412, "viewer")
    changed = client.patch(one, {"role": "editor"}, format="json", HTTP_IF_MATCH='"viewer"')
    assert (changed.status_code, changed["ETag"]) == (200, '"editor"')
    assert client.delete(one).status_code == 428
    stale = client.delete(one, HTTP_IF_MATCH='"viewer"')
    assert (stale.status_code, stale.json()["current"]["role"]) == (412, "editor")
    assert client.delete(one, HTTP_IF_MATCH='"editor"').status_code == 204
    assert client.get(one).status_code == 404


def test_everybody_may_leave_but_the_last_lead(programme, cast, api):
    assert api(cast.viewer, read_only=True).delete(f"{API}/members/viewer/").status_code == 403
    assert api(cast.viewer).delete(f"{API}/members/editor/").status_code == 403
    assert api(cast.viewer).delete(f"{API}/members/viewer/").status_code == 204
    refused = api(cast.lead).delete(f"{API}/members/lead/")
    assert refused.status_code == 400
    assert "needs a lead at all times" in refused.json()["detail"]
    assert "needs a lead at all times" in (
        api(cast.lead).patch(f"{API}/members/lead/", {"role": "viewer"}, format="json", HTTP_IF_MATCH='"lead"')
    ).json()["detail"]


def test_names_cannot_be_tried_out_over_the_api_either(programme, cast, api):
    client = api(cast.lead)
    sent = [client.post(f"{API}/members/", {"username": f"n{at}", "role": "viewer"}, format="json") for at in range(11)]
    assert [answer.status_code for answer in sent] == [400] * 10 + [429]


def test_an_invitation_is_accepted_over_the_api_too(programme, invited, api):
    answer = api(enlist("gwen", email="guest@example.net")).post(
        "/api/v1/invitations/accept/", {"secret": invited[1]}, format="json"
    )
    assert (answer.status_code, answer.json()) == (200, {"programme": "cse-test", "role": "contributor"})
