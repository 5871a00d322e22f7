"""The settings of a programme: members, what is said about it, phases, audit log, and who may what."""

import csv
import json

import pytest
from django.urls import reverse

from programmes.models import AuditEvent, Membership, Phase, Programme
from programmes.rules.founding import describe
from programmes.rules.membering import add_member, remove_member
from tests.conftest import enlist
from tests.two_browsers import Two

pytestmark = pytest.mark.django_db
QUERIES = 10  # session, person, programme, log (2), members, phases (2, page and frame), frame (2)


def url(name, programme, *more):
    return reverse(name, args=[programme.slug, *more])


def text(answer):
    return answer.content.decode()


def main(answer):
    return text(answer).split("<main")[1].split("</main>")[0]


def last_row(programme):
    return AuditEvent.objects.filter(scope=f"p{programme.pk}").latest("number")


def pk_of(programme, person):
    return Membership.objects.get(programme=programme, person=person).pk


def roles_form(programme, **wanted):
    """The form as the page shows it, with other roles for some."""
    sent = {"nonce": "n1"}
    for member in Membership.objects.filter(programme=programme).select_related("person"):
        sent[f"r-was-{member.pk}"] = member.role
        sent[f"r-role-{member.pk}"] = wanted.get(member.person.username, member.role)
    return sent


def about_form(programme, **words):
    now = Programme.objects.get(pk=programme.pk)
    shown = {name: getattr(now, name) for name in ("title", "summary", "intervention")}
    return {f"about-{name}": value for name, value in {**shown, "base": now.revision_number, **words}.items()}


# ---- who sees what


@pytest.mark.parametrize("role", ["viewer", "contributor", "editor"])
def test_members_who_do_not_lead_read_it_without_a_dead_button(cast, programme, as_, role):
    page = main(as_(getattr(cast, role)).get(url("settings", programme)))
    assert "you can read them here" in page
    assert "What works for whom." in page
    assert "lead@example.org" not in page
    for address in ("members", "roles", "programme-about", "phase-plan"):
        assert f'action="{url(address, programme)}"' not in page
    assert page.count("<button") == 2  # leave, and the filter of the log
    assert page.count(f'action="{url("member-remove", programme)}"') == 1
    assert "founded" in page


def test_outsiders_get_the_same_as_for_what_is_not_there(cast, programme, as_):
    client = as_(cast.outsider)
    foreign, absent = client.get(url("settings", programme)), client.get("/p/not-there/settings")
    assert foreign.status_code == absent.status_code == 404
    assert main(foreign) == main(absent)
    assert client.post(url("member-remove", programme), {"username": "viewer"}).status_code == 404
    assert client.get(url("log-csv", programme)).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "contributor", "editor"])
@pytest.mark.parametrize("address", ["members", "roles", "programme-about", "phase-plan"])
def test_only_leads_change_it_and_the_refusal_names_them(cast, programme, as_, role, address):
    before = AuditEvent.objects.count()
    answer = as_(getattr(cast, role)).post(url(address, programme), {"m-who": "outsider", "m-role": "lead"})
    assert answer.status_code == 403
    assert "Only leads manage members, phases and settings, and take words out for good." in text(answer)
    assert "Lena Lead leads this programme and can help." in text(answer)
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("address", ["members", "roles", "programme-about", "phase-plan", "member-remove"])
def test_addresses_of_forms_lead_back_to_the_page_when_read(cast, programme, as_, address):
    assert as_(cast.lead).get(url(address, programme))["Location"].startswith(url("settings", programme) + "#")


# ---- members


def test_a_lead_adds_a_member_by_name(cast, programme, as_):
    sent = {"m-who": "Outsider", "m-role": "contributor", "nonce": "n1"}
    client = as_(cast.lead)
    assert client.post(url("members", programme), sent)["Location"] == url("settings", programme) + "#members"
    client.post(url("members", programme), sent)
    assert Membership.objects.get(programme=programme, person=cast.outsider).role == "contributor"
    row = last_row(programme)
    assert (row.verb, row.record, row.detail) == ("joined", "member outsider", {"before": None, "after": "contributor"})
    assert AuditEvent.objects.filter(record="member outsider").count() == 1


def test_a_stranger_cannot_be_added_and_what_was_typed_stays(cast, programme, as_):
    answer = as_(cast.lead).post(url("members", programme), {"m-who": "no <one>", "m-role": "editor"})
    assert answer.status_code == 422
    assert "Nobody here signs in with that name." in text(answer)
    assert 'value="no &lt;one&gt;"' in text(answer)


def test_names_cannot_be_tried_out_by_the_hundred(cast, programme, as_):
    client = as_(cast.lead)
    for at in range(10):
        sent = {"m-who": f"nobody{at}", "m-role": "viewer"}
        assert client.post(url("members", programme), sent).status_code == 422
    refused = client.post(url("members", programme), {"m-who": "outsider", "m-role": "viewer"})
    assert refused.status_code == 429
    assert "Too many names that could not be added. Wait five minutes" in text(refused)
    assert 'value="outsider"' in text(refused)
    assert not Membership.objects.filter(programme=programme, person=cast.outsider).exists()


def test_any_number_of_people_who_are_there_can_be_added(cast, programme, as_):
    client = as_(cast.lead)
    for at in range(12):
        enlist(f"person{at}")
        sent = {"m-who": f"person{at}", "m-role": "viewer"}
        assert client.post(url("members", programme), sent).status_code == 302


def test_roles_are_changed_together_or_not_at_all(cast, programme, as_):
    client = as_(cast.lead)
    answer = client.post(url("roles", programme), roles_form(programme, viewer="editor", lead="viewer"))
    assert answer.status_code == 422
    assert "A programme needs a lead at all times" in text(answer)
    assert Membership.objects.get(pk=pk_of(programme, cast.viewer)).role == "viewer"

    answer = client.post(url("roles", programme), roles_form(programme, editor="lead", lead="editor"))
    assert answer.status_code == 302
    assert Membership.objects.get(pk=pk_of(programme, cast.editor)).role == "lead"
    assert Membership.objects.get(pk=pk_of(programme, cast.lead)).role == "editor"
    assert last_row(programme).detail == {"before": "lead", "after": "editor"}
    assert client.post(url("roles", programme), roles_form(programme)).status_code == 403


def test_a_role_that_somebody_changed_meanwhile_is_not_overwritten(cast, programme, as_):
    sent = roles_form(programme, viewer="editor")
    Membership.objects.filter(pk=pk_of(programme, cast.viewer)).update(role="contributor")
    answer = as_(cast.lead).post(url("roles", programme), sent)
    assert answer.status_code == 422
    assert "Somebody changed this role meanwhile" in text(answer)
    assert Membership.objects.get(pk=pk_of(programme, cast.viewer)).role == "contributor"


def test_the_last_lead_cannot_leave(cast, programme, as_):
    client = as_(cast.lead)
    answer = client.post(url("member-remove", programme), {"username": "lead"})
    assert answer.status_code == 422
    assert "A programme needs a lead at all times; make somebody else lead first." in text(answer)
    assert client.get(url("settings", programme)).status_code == 200


def test_everybody_else_may_leave_and_is_out_at_once(cast, programme, as_):
    client = as_(cast.viewer)
    assert client.post(url("member-remove", programme), {"username": "viewer"})["Location"] == reverse("home")
    assert client.get(url("settings", programme)).status_code == 404
    assert (last_row(programme).verb, last_row(programme).record) == ("left", "member viewer")


def test_a_lead_removes_a_member_and_others_do_not(cast, programme, as_):
    assert as_(cast.editor).post(url("member-remove", programme), {"username": "viewer"}).status_code == 403
    assert as_(cast.lead).post(url("member-remove", programme), {"username": "viewer"}).status_code == 302
    assert (last_row(programme).verb, last_row(programme).actor) == ("removed", cast.lead)
    assert as_(cast.viewer).get(url("settings", programme)).status_code == 404


# ---- about the programme


def test_what_is_said_about_a_programme_is_saved_with_before_and_after(cast, programme, as_):
    sent = about_form(programme, title="A new name", summary="Why?")
    assert as_(cast.lead).post(url("programme-about", programme), sent).status_code == 302
    row = last_row(programme)
    assert row.detail["before"]["title"] == "Exploitation services"
    assert row.detail["after"]["title"] == "A new name"


def test_a_stale_save_shows_theirs_beside_mine_and_can_be_saved_again(cast, programme, as_, actor):
    client = as_(cast.lead)
    sent = about_form(programme, summary="Mine,\r\nin two lines")
    describe(
        Programme.objects.get(pk=programme.pk), by=actor(cast.lead), base=1, title=programme.title, summary="Theirs"
    )
    answer = client.post(url("programme-about", programme), {**sent, "nonce": "n1"})
    assert answer.status_code == 409
    page = main(answer)
    assert "Somebody else saved this meanwhile" in page
    assert "Mine,\r\nin two lines</textarea>" in page
    assert "<p>Theirs</p>" in page
    assert "Name, as saved meanwhile" not in page
    assert 'name="about-base" value="2"' in page
    assert Programme.objects.get(pk=programme.pk).summary == "Theirs"

    assert client.post(url("programme-about", programme), {**sent, "about-base": "2", "nonce": "n1"}).status_code == 302
    assert Programme.objects.get(pk=programme.pk).summary == "Mine,\nin two lines"


def test_what_a_second_lead_did_not_touch_stays_as_the_first_saved_it(cast, programme, as_):
    two = Two(as_(cast.lead), as_(cast.lead), f"/p/{programme.slug}")
    two.open("settings", "settings/about")
    two.they_save(**{"about-summary": "Theirs"})
    fields = two.i_save(409, **{"about-intervention": "Mine"})
    assert "stand together in the form" in main(two.answer)
    two.i_save(302, fields)
    now = Programme.objects.get(pk=programme.pk)
    assert (now.summary, now.intervention) == ("Theirs", "Mine")

    two.open("settings", "settings/agreement")
    two.they_save(**{"agree-blind": "on", "agree-approvals": "2"})
    fields = two.i_save(409, **{"agree-agreement": "reviewed", "agree-approvals": "3"})
    assert "Theirs is “2”; yours stands here." in main(two.answer)
    two.i_save(302, fields)
    now = Programme.objects.get(pk=programme.pk)
    assert (now.agreement, now.approvals, now.blind) == ("reviewed", 3, True)

    two.open("settings", "settings/evidence-kept")
    two.they_save(**{"kept-transcripts": "on"})
    fields = two.i_save(409, **{"kept-small_group": "4"})
    two.i_save(302, fields)
    now = Programme.objects.get(pk=programme.pk)
    assert (now.transcripts, now.small_group) == (True, 4)


def test_an_empty_name_is_refused_and_the_rest_stays_typed(cast, programme, as_):
    answer = as_(cast.lead).post(url("programme-about", programme), about_form(programme, title=" ", summary="Kept?"))
    assert answer.status_code == 422
    assert "Write something here; it is empty." in text(answer)
    assert "Kept?</textarea>" in text(answer)


# ---- phases


def test_a_lead_closes_opens_and_plans_phases(cast, programme, as_):
    client = as_(cast.lead)
    gleaning = Phase.objects.get(programme=programme, slug="gleaning")
    sent = {"reason": "Interviews are done", "base": gleaning.revision_number}
    assert client.post(url("phase-close", programme, "gleaning"), sent).status_code == 302
    rows = AuditEvent.objects.filter(programme=programme).order_by("-number")[:2]
    assert [(row.verb, row.reason) for row in rows] == [
        ("snapshot taken", ""), ("phase closed", "Interviews are done"),
    ]  # fmt: skip
    assert client.post(url("phase-open", programme, "refining"), {"reason": "", "base": 1}).status_code == 302
    planned = {"phase-title": "Second refining", "phase-kind": "refining", "phase-about": "", "nonce": "n1"}
    assert client.post(url("phase-plan", programme), planned).status_code == 302
    states = Phase.objects.filter(programme=programme).values_list("title", "state")
    assert list(states) == [
        ("Gleaning", "closed"), ("Refining", "open"), ("Consolidating", "planned"), ("Second refining", "planned")
    ]  # fmt: skip


def test_a_second_open_phase_is_refused_and_the_reason_stays(cast, programme, as_):
    sent = {"reason": "We <start> early", "base": 1}
    answer = as_(cast.lead).post(url("phase-open", programme, "refining"), sent)
    assert answer.status_code == 422
    assert "Gleaning is open; close it first" in text(answer)
    assert "We &lt;start&gt; early</textarea>" in text(answer)


def test_a_phase_that_moved_on_is_not_turned(cast, programme, as_):
    answer = as_(cast.lead).post(url("phase-close", programme, "gleaning"), {"reason": "Done", "base": 1})
    assert answer.status_code == 409
    assert "Somebody else changed Gleaning meanwhile" in text(answer)
    assert Phase.objects.get(programme=programme, slug="gleaning").state == "open"


# ---- the audit log


@pytest.fixture
def busy(programme, cast, actor):
    """A log of some 125 rows."""
    for _n in range(60):
        add_member(programme, by=actor(cast.lead), who="outsider", role="viewer")
        remove_member(programme, by=actor(cast.lead), username="outsider")
    return programme


def test_the_log_is_paged_from_the_newest(busy, cast, as_):
    client, count = as_(cast.viewer), AuditEvent.objects.filter(programme=busy).count()
    first = text(client.get(url("settings", busy)))
    assert f"1 to 50 of {count}, newest first" in first
    assert "founded" not in first
    last = text(client.get(url("settings", busy) + "?page=3"))
    assert f"101 to {count} of {count}, newest first" in last
    assert "founded" in last
    assert client.get(url("settings", busy) + "?page=4").status_code == 404


def test_the_log_is_filtered_by_who_what_and_since(busy, cast, as_):
    client = as_(cast.lead)
    page = text(client.get(url("settings", busy) + "?what=phases"))
    assert "1 to 1 of 1, newest first" in page
    assert f"{url('log-csv', busy)}?what=phases" in page
    assert "Nothing in the log fits." in text(client.get(url("settings", busy) + "?who=editor"))
    assert "Nothing in the log fits." in text(client.get(url("settings", busy) + "?since=2999-01-01"))
    assert "1 to 1 of 1" in text(client.get(url("settings", busy) + "?who=LEAD&what=programme&since=2020-01-01"))
    wrong = client.get(url("settings", busy) + "?since=yesterday")
    assert wrong.status_code == 200
    assert "Write a date such as 2026-11-23." in text(wrong)


def test_the_log_leaves_as_csv_without_a_live_formula(programme, cast, as_, actor):
    describe(programme, by=actor(cast.lead), base=1, title="T", reason="=HYPERLINK(1)")
    answer = as_(cast.viewer).get(url("log-csv", programme))
    assert answer["Content-Disposition"] == 'attachment; filename="cse-test-audit-log.csv"'
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(body.splitlines()))
    assert [int(row["number"]) for row in rows] == list(
        range(1, AuditEvent.objects.filter(programme=programme).count() + 1)
    )
    assert rows[-1]["reason"] == "'=HYPERLINK(1)"


def test_the_log_leaves_as_json_with_the_filters_of_the_page(programme, cast, as_):
    answer = as_(cast.viewer).get(url("log-json", programme) + "?what=members")
    rows = json.loads(b"".join(answer.streaming_content))
    assert [row["record"] for row in rows] == ["member editor", "member contributor", "member viewer"]
    assert rows[0]["detail"] == {"before": None, "after": "editor"}


def test_the_page_costs_the_same_queries_however_long_the_log(cast, programme, as_, actor, queries):
    client = as_(cast.lead)
    with queries(QUERIES):
        client.get(url("settings", programme))
    for _n in range(30):
        add_member(programme, by=actor(cast.lead), who="outsider", role="viewer")
        remove_member(programme, by=actor(cast.lead), username="outsider")
    with queries(QUERIES):
        client.get(url("settings", programme))
