"""Claims about members: who joins, who leaves, which role holds, and that one lead is left whatever is done."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from programmes.models import AuditEvent, Membership
from programmes.refusals import Stale
from programmes.rules.membering import add_member, change_member, change_role, change_roles, remove_member
from tests.conftest import enlist


def roles(programme):
    return dict(Membership.objects.filter(programme=programme).values_list("person__username", "role"))


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


EVERYBODY = {"lead": "lead", "editor": "editor", "contributor": "contributor", "viewer": "viewer"}


@pytest.mark.parametrize("who", ["outsider", "OUTSIDER", " Outsider "])
def test_somebody_joins_by_the_name_they_sign_in_with_in_any_case(who, programme, lead):
    add_member(programme, by=lead, who=who, role="viewer")
    assert roles(programme) == {**EVERYBODY, "outsider": "viewer"}
    row = AuditEvent.objects.filter(programme=programme).order_by("-number").first()
    assert (row.verb, row.record, row.detail) == ("joined", "member outsider", {"before": None, "after": "viewer"})


REFUSED = {
    "nobody of that name": ("nobody", "viewer", "who", "Nobody here signs in with that name."),
    "an address": ("outsider@example.org", "viewer", "who", "Nobody here signs in with that name."),
    "an address of nobody": ("nobody@example.org", "viewer", "who", "Nobody here signs in with that name."),
    "half a character": ("out\ud800sider", "viewer", "who", "Take out the character at position 4 (U+D800)"),
    "a member already": ("viewer", "editor", "who", "They are a member already; change their role in the table."),
    "no role": ("outsider", "", "role", "Choose viewer, contributor, editor or lead."),
    "an unknown role": ("outsider", "owner", "role", "Choose viewer, contributor, editor or lead."),
    "an empty name": (" ", "viewer", "who", "Write something here; it is empty."),
    "a name with NUL": ("out\0sider", "viewer", "who", "Take out the character at position 4 (U+0000)"),
}


@pytest.mark.parametrize(("who", "role", "field", "sentence"), REFUSED.values(), ids=REFUSED)
def test_who_cannot_join_is_refused_in_one_sentence(who, role, field, sentence, programme, lead):
    with pytest.raises(ValidationError) as caught:
        add_member(programme, by=lead, who=who, role=role)
    assert caught.value.message_dict[field][0].startswith(sentence)
    assert roles(programme) == EVERYBODY


def test_an_account_that_was_closed_does_not_join(programme, lead, cast):
    cast.outsider.is_active = False
    cast.outsider.save()
    with pytest.raises(ValidationError, match="Nobody here signs in with that name"):
        add_member(programme, by=lead, who="outsider", role="viewer")


def test_a_role_changes_with_one_row_in_the_log(programme, lead):
    log = AuditEvent.objects.count()
    change_role(programme, by=lead, username="viewer", role="editor")
    change_role(programme, by=lead, username="viewer", role="editor")  # nothing changes, nothing is written
    assert roles(programme)["viewer"] == "editor"
    assert AuditEvent.objects.count() == log + 1


def test_the_last_lead_can_neither_step_down_nor_leave(programme, lead):
    for act in (
        lambda: change_role(programme, by=lead, username="lead", role="editor"),
        lambda: remove_member(programme, by=lead, username="lead"),
        lambda: change_roles(programme, by=lead, wanted={"lead": ("viewer", "lead"), "viewer": ("editor", "viewer")}),
    ):
        with pytest.raises(ValidationError, match="A programme needs a lead at all times"):
            act()
        assert roles(programme) == EVERYBODY


def test_a_lead_whose_account_is_closed_counts_as_none(programme, lead, cast):
    change_role(programme, by=lead, username="editor", role="lead")
    cast.editor.is_active = False
    cast.editor.save()
    with pytest.raises(ValidationError, match="A programme needs a lead at all times"):
        remove_member(programme, by=lead, username="lead")


def test_a_lead_hands_over_and_steps_down_in_one_go(programme, lead):
    change_roles(programme, by=lead, wanted={"lead": ("viewer", "lead"), "editor": ("lead", "editor")})
    assert roles(programme) == {**EVERYBODY, "lead": "viewer", "editor": "lead"}


def test_many_roles_change_together_or_not_at_all(programme, lead):
    with pytest.raises(ValidationError, match="Somebody changed this role meanwhile"):
        change_roles(programme, by=lead, wanted={"editor": ("viewer", "editor"), "viewer": ("editor", "contributor")})
    assert roles(programme) == EVERYBODY


def test_everybody_may_leave_and_what_they_wrote_stays(programme, cast, actor, statement):
    made = statement(by=cast.editor)
    for who in ("viewer", "contributor", "editor"):
        remove_member(programme, by=actor(getattr(cast, who)), username=who)
    assert roles(programme) == {"lead": "lead"}
    assert made.revisions.get().author == cast.editor
    verbs = AuditEvent.objects.filter(programme=programme).order_by("-number").values_list("verb", "record")[:3]
    assert list(verbs) == [("left", "member editor"), ("left", "member contributor"), ("left", "member viewer")]


@pytest.mark.parametrize("who", ["viewer", "contributor", "editor", "outsider"])
def test_only_leads_manage_members(who, programme, cast, actor):
    by = actor(getattr(cast, who))
    enlist("newcomer")
    for act in (
        lambda: add_member(programme, by=by, who="newcomer", role="viewer"),
        lambda: change_role(programme, by=by, username=who, role="lead"),
        lambda: change_roles(programme, by=by, wanted={}),
        lambda: remove_member(programme, by=by, username="lead"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert roles(programme) == EVERYBODY


def test_a_read_only_token_changes_no_membership_not_even_its_own(programme, cast, actor):
    for act in (
        lambda: add_member(programme, by=actor(cast.lead, read_only=True), who="outsider", role="viewer"),
        lambda: remove_member(programme, by=actor(cast.viewer, read_only=True), username="viewer"),
    ):
        with pytest.raises(PermissionDenied, match="This token may only read"):
            act()


@pytest.mark.parametrize(("who", "said"), [
    ("outsider", "They are not a member of this programme"), ("", "They are not a member of this programme"),
    ("view\0er", "Take out the character at position 5"), ("\udfff", "Take out the character at position 1"),
    ("x" * 10_000, "at most 200 fit here"),
])  # fmt: skip
def test_whoever_is_no_member_cannot_be_taken_out(who, said, programme, lead):
    with pytest.raises(ValidationError, match=said):
        remove_member(programme, by=lead, username=who)
    assert roles(programme) == EVERYBODY


def test_a_member_who_was_changed_since_is_not_changed_again_unseen(programme, cast, lead):
    seen = Membership.objects.get(programme=programme, person=cast.viewer)
    change_member(programme, by=lead, username="viewer", seen=seen, no_evidence=True)
    with pytest.raises(Stale) as late:
        change_member(programme, by=lead, username="viewer", seen=seen, role="contributor")
    now = Membership.objects.get(programme=programme, person=cast.viewer)
    assert (now.role, now.no_evidence, late.value.record) == ("viewer", True, now)
    assert change_member(programme, by=lead, username="viewer", seen=now, role="contributor").no_evidence
