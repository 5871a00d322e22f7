"""Claims about who may show evidence to whom: nobody gives what they do not have, and one lead who sees it remains."""

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from programmes.models import Invitation, Membership
from programmes.rules.inviting import accept, invite, invite_again
from programmes.rules.membering import add_member, change_role, change_roles, remove_member, withhold_evidence
from tests.conftest import enlist

API = "/api/v1/programmes/cse-test"
NOT_YOURS = "You read this programme without its evidence, so you cannot show it to anybody. Ask a lead who sees it."
LAST = "A programme needs a lead who sees its evidence at all times; make somebody who sees it lead first."


def seen(programme):
    """{username: whether they see evidence}"""
    return {
        name: not without
        for name, without in Membership.objects.filter(programme=programme)
        .values_list("person__username", "no_evidence")
    }  # fmt: skip


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


@pytest.fixture
def blind(programme, cast, lead, actor):
    """A second lead, who sees no evidence."""
    change_role(programme, by=lead, username="editor", role="lead")
    withhold_evidence(programme, by=lead, username="editor", withheld=True)
    return actor(cast.editor)


def test_who_sees_none_shows_it_to_nobody_by_no_door(programme, cast, lead, blind, as_, api):
    withhold_evidence(programme, by=lead, username="viewer", withheld=True)
    before = seen(programme)
    for username in ("editor", "viewer"):
        with pytest.raises(PermissionDenied, match=NOT_YOURS):
            withhold_evidence(programme, by=blind, username=username, withheld=False)
        tag = api(cast.editor).get(f"{API}/members/{username}/")["ETag"]
        answer = api(cast.editor).patch(
            f"{API}/members/{username}/", {"no_evidence": False}, format="json", HTTP_IF_MATCH=tag
        )
        assert (answer.status_code, answer.json()["detail"]) == (403, NOT_YOURS)
    data = {}
    for one in Membership.objects.filter(programme=programme):
        data |= {f"r-role-{one.pk}": one.role, f"r-was-{one.pk}": one.role}
        data[f"r-seen-{one.pk}"] = "yes" if one.no_evidence else "no"
    as_(cast.editor).post("/p/cse-test/settings/roles", data)  # no box is ticked
    assert seen(programme) == before


def test_who_sees_it_shows_it_again(programme, lead, blind):
    withhold_evidence(programme, by=lead, username="editor", withheld=False)
    assert seen(programme)["editor"]


def test_whoever_they_bring_in_is_without_it_too(programme, cast, blind, as_, api):
    enlist("second")
    add_member(programme, by=blind, who="second", role="lead", no_evidence=False)
    assert api(cast.editor).post(
        f"{API}/members/", {"username": "outsider", "role": "viewer", "no_evidence": False}, format="json"
    ).json()["no_evidence"] is True  # fmt: skip
    as_(cast.editor).post("/p/cse-test/settings/invitations", {"i-email": "guest@example.net", "i-role": "lead"})
    assert Invitation.objects.get().no_evidence
    assert not any(seen(programme)[name] for name in ("second", "outsider"))


def test_an_invitation_gives_no_more_than_whoever_sent_it_has_by_then(programme, cast, lead, blind, actor):
    """Sent while they saw it, taken after they no longer do: and one that somebody without it sent once more."""
    withhold_evidence(programme, by=lead, username="editor", withheld=False)
    own, other = enlist("own"), enlist("other")
    _sent, secret = invite(programme, by=blind, email=own.email, role="lead")
    invitation, _old = invite(programme, by=lead, email=other.email, role="lead")
    withhold_evidence(programme, by=lead, username="editor", withheld=True)
    assert accept(secret, by=actor(own)).no_evidence
    invite_again(invitation, by=blind)
    invitation.refresh_from_db()
    assert not invitation.no_evidence  # a lead who sees it may send it again, and it gives what it gave


@pytest.mark.parametrize("act", [
    lambda p, lead: withhold_evidence(p, by=lead, username="lead", withheld=True),
    lambda p, lead: change_role(p, by=lead, username="lead", role="editor"),
    lambda p, lead: remove_member(p, by=lead, username="lead"),
    lambda p, lead: change_roles(p, by=lead, wanted={}, withheld={"lead": True}),
    lambda p, lead: change_roles(p, by=lead, wanted={"lead": ("viewer", "lead")}, withheld={"viewer": True}),
], ids=["withheld", "stepped down", "left", "withheld in the table", "stepped down in the table"])  # fmt: skip
def test_the_last_lead_who_sees_it_keeps_it_and_stays(programme, lead, blind, act):
    before = seen(programme)
    with pytest.raises(ValidationError, match=LAST):
        act(programme, lead)
    assert seen(programme) == before


def test_neither_does_another_lead_take_it_from_them_by_any_door(programme, cast, blind, as_, api):
    for act in (
        lambda: withhold_evidence(programme, by=blind, username="lead", withheld=True),
        lambda: change_role(programme, by=blind, username="lead", role="viewer"),
        lambda: remove_member(programme, by=blind, username="lead"),
    ):
        with pytest.raises(ValidationError, match=LAST):
            act()
    answer = api(cast.editor).patch(
        f"{API}/members/lead/", {"no_evidence": True}, format="json", HTTP_IF_MATCH='"lead"'
    )
    assert (answer.status_code, answer.json()["errors"]) == (400, {"no_evidence": [LAST]})
    member = Membership.objects.get(person=cast.lead)
    one = {f"r-role-{member.pk}": "lead", f"r-was-{member.pk}": "lead", f"r-seen-{member.pk}": "no"}
    for other in Membership.objects.filter(programme=programme).exclude(pk=member.pk):
        one |= {f"r-role-{other.pk}": other.role, f"r-was-{other.pk}": other.role}
    page = as_(cast.editor).post("/p/cse-test/settings/roles", {**one, f"r-without-{member.pk}": "on"})
    assert page.status_code == 422
    assert LAST in page.content.decode()


def test_the_last_one_hands_over_in_one_go(programme, lead, blind):
    change_roles(
        programme, by=lead, wanted={"lead": ("viewer", "lead")}, withheld={"editor": False, "lead": True}
    )
    assert seen(programme) == {"lead": False, "editor": True, "contributor": True, "viewer": True}


def test_where_no_lead_saw_it_before_members_can_still_be_changed(programme, cast, lead, blind):
    cast.lead.is_active = False
    cast.lead.save()
    remove_member(programme, by=blind, username="lead")
    change_role(programme, by=blind, username="viewer", role="editor")


def test_the_page_offers_no_box_that_is_refused(programme, cast, blind, as_):
    shown = as_(cast.editor).get("/p/cse-test/settings").content.decode()
    assert "You are without it yourself, so you cannot show it to anybody." in shown
    assert shown.count("You see no evidence yourself") == 2
    mine = Membership.objects.get(person=cast.editor)
    (box,) = re.findall(rf'<input[^>]* name="r-without-{mine.pk}"[^>]*>', shown)
    assert "disabled" in box
    assert "checked" in box
