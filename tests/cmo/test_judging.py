"""Claims about verdicts: each member's own, the team's beside them, all versions kept, only while the phase is open."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from cmo.models import Bearing, Excerpt, Statement, Verdict
from cmo.reading.statements import row_numbered, rows_with_numbers
from cmo.reading.verdicts import verdict_json, verdict_table, verdicts_by_phase, verdicts_found
from cmo.rules.citing import Rests
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.descending import Piece, merge
from cmo.rules.descent import Seen
from cmo.rules.evidencing import On, confirm_bearing, link_excerpt
from cmo.rules.judging import judge, judge_again
from cmo.rules.snapshotting import close_and_keep
from cmo.rules.stating import revise
from cmo.rules.withdrawing import withdraw_excerpt
from programmes.models import AuditEvent, Phase
from programmes.reading.team import phases_of
from programmes.refusals import Stale
from tests.evidence_acts import bear_on


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


@pytest.fixture
def editor(cast, actor):
    return actor(cast.editor)


def found(programme, **asked):
    return [verdict_json(one) for one in verdicts_found(programme, **asked)]


def phase(programme, slug="gleaning"):
    return Phase.objects.select_related("programme").get(programme=programme, slug=slug)


def test_members_differ_and_the_lead_states_the_teams(programme, statement, lead, editor, cast, actor):
    first = statement()
    judge(first, by=editor, verdict="supported", rationale="It held.")
    judge(first, by=actor(cast.contributor), verdict="refuted", rationale="It did not.")
    judge(first, by=lead, verdict="partly_supported", rationale="It held at one site.", team=True)
    told = [(row["record"], row["phase"], row["verdict"], row["team"], row["by"]) for row in found(programme)]
    assert told == [
        ("S1", "gleaning", "supported", False, "editor"),
        ("S1", "gleaning", "refuted", False, "contributor"),
        ("S1", "gleaning", "partly_supported", True, "lead"),
    ]
    [row] = verdicts_by_phase(first, phases_of(programme), cast.editor)
    assert (row.mine.verdict, row.differs, len(row.members)) == ("supported", True, 2)
    assert row_numbered(programme, 1).as_json()["verdicts"] == [{"phase": "gleaning", "verdict": "partly_supported"}]
    assert rows_with_numbers(programme, [1], spelled=True)[0].verdicts == row_numbered(programme, 1).verdicts


def test_reviewed_without_change_counts_as_a_verdict(programme, statement, lead):
    judge(statement(), by=lead, verdict="reviewed", rationale="Looked at; it stands.", team=True)
    statement()
    table = verdict_table(programme, phase(programme))
    assert table.counts == [("Reviewed without change", 1), ("No verdict yet", 1)]


def test_a_verdict_is_changed_with_every_version_kept(programme, statement, editor):
    first = statement()
    made = judge(first, by=editor, verdict="supported", rationale="It held.")
    revise(first, by=editor, base=1, words=Words(wording="If told early, then known."))
    assert verdict_json(verdicts_found(programme)[0])["stale"] is True
    after = judge_again(made, by=editor, base=1, found="refined", rationale="But for one.")
    assert (after.verdict, after.made_against, after.revision_number) == ("refined", 2, 2)
    said = [(one.number, one.verdict, one.rationale, one.made_against) for one in after.revisions.all()]
    assert said == [(2, "refined", "But for one.", 2), (1, "supported", "It held.", 1)]
    assert judge_again(after, by=editor, base=2).revision_number == 2  # nothing changed, nothing written
    with pytest.raises(Stale):
        judge_again(after, by=editor, base=1, found="refuted")


def test_the_log_tells_of_it_and_repeats_no_rationale(programme, statement, editor):
    judge(statement(), by=editor, verdict="supported", rationale="MARKER she said so")
    row = AuditEvent.objects.filter(programme=programme).latest("number")
    assert (row.verb, row.record, row.detail) == (
        "verdict recorded", "verdict 1", {"revision": 1, "of": "S1", "phase": "gleaning", "verdict": "supported"},
    )  # fmt: skip
    assert "MARKER" not in f"{row.detail}{row.reason}"
    call_command("check_integrity")


def test_it_rests_on_what_bears_on_it_or_on_what_is_linked_to_it(programme, statement, editor):
    first, other = statement(), statement()
    told = configure(programme, by=editor, words={"plain": "So."}, statements=[first])
    bear_on(other, by=editor)
    said = "B1 does not bear on S1, nor on what it came from or is linked to."
    with pytest.raises(ValidationError, match=said):
        judge(first, by=editor, verdict="supported", rationale="It held.", bearings=["B1"])
    with pytest.raises(ValidationError, match=said.replace("S1", "CMO1")):
        judge(told, by=editor, verdict="supported", rationale="It held.", bearings=["B1"])
    excerpt = Excerpt.objects.get()
    link_excerpt(excerpt, by=editor, on=On(told), stance="supports")
    link_excerpt(excerpt, by=editor, on=On(first), stance="supports")
    made = judge(first, by=editor, verdict="supported", rationale="It held.", bearings=["B2", "B3"])
    judge(told, by=editor, verdict="supported", rationale="It held.", bearings=["B2", "B3"])
    with pytest.raises(ValidationError, match=said):
        judge_again(made, by=editor, base=1, bearings=["B1", "B2"])
    Bearing.objects.filter(number=3).update(statement=statement())  # as before this was asked: it may stay
    assert judge_again(made, by=editor, base=1, rationale="It did.", bearings=["B2", "B3"]).revision_number == 2


def test_it_rests_on_bearings_that_are_there(programme, statement, editor):
    first = statement()
    bear_on(first, editor)
    made = judge(first, by=editor, verdict="supported", rationale="It held.", bearings=["b1", "B1"])
    assert found(programme)[0]["bearings"] == ["B1"]
    with pytest.raises(ValidationError, match="There is no bearing B7 in this programme"):
        judge_again(made, by=editor, base=1, bearings=["B7"])
    assert judge_again(made, by=editor, base=1, bearings=[]).revision_number == 2
    assert found(programme)[0]["bearings"] == []
    call_command("check_integrity")


def test_only_while_the_phase_is_open(programme, statement, lead, editor):
    first = statement()
    made = judge(first, by=editor, verdict="supported", rationale="It held.")
    close_and_keep(phase(programme), by=lead, base=2, reason="It is done.")
    with pytest.raises(ValidationError, match="No phase is open"):
        judge(first, by=lead, verdict="supported", rationale="It held.")
    with pytest.raises(ValidationError, match="Gleaning is not open"):
        judge(first, by=lead, verdict="supported", rationale="It held.", phase=phase(programme))
    with pytest.raises(ValidationError, match="Gleaning is not open"):
        judge_again(made, by=editor, base=1, found="refuted")


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"verdict": "maybe", "rationale": "So."}, "verdict", "Choose one of supported, partly_supported"),
        ({"verdict": "refuted", "rationale": "  "}, "rationale",
         "Say why this is the verdict; ticking evidence is not enough."),
        ({"verdict": "refuted", "rationale": "So.", "bearings": ["X1"]}, "bearings", "Write a label such as B12"),
    ],
)
def test_what_cannot_be_a_verdict_is_refused_in_one_sentence(programme, statement, editor, given, field, said):
    with pytest.raises(ValidationError) as refused:
        judge(statement(), by=editor, **given)
    assert said in refused.value.message_dict[field][0]
    assert not Verdict.objects.exists()


def test_one_each_and_nobody_changes_anothers(programme, statement, lead, editor, cast, actor):
    first = statement()
    made = judge(first, by=editor, verdict="not_tested")
    with pytest.raises(ValidationError, match="There is a verdict already; change V1"):
        judge(first, by=editor, verdict="supported", rationale="It held.")
    with pytest.raises(PermissionDenied):
        judge_again(made, by=lead, base=1, found="refuted", rationale="No.")
    with pytest.raises(PermissionDenied):
        judge(first, by=editor, verdict="supported", rationale="It held.", team=True)
    with pytest.raises(PermissionDenied):
        judge(first, by=actor(cast.viewer), verdict="supported", rationale="It held.")
    assert [one.verdict for one in Verdict.objects.all()] == ["not_tested"]


def test_a_configuration_is_judged_too_and_lists_filter_by_the_last_phase(
    programme, statement, lead, as_, cast, api, contexts
):
    one = configure(programme, by=lead, words={"plain": "It works."}, statements=[statement()])
    judge(one, by=lead, verdict="refuted", rationale="No.", team=True)
    judge(Statement.objects.get(number=1), by=lead, verdict="supported", rationale="Yes.", team=True)
    statement(wording="If unheard, then unsaid.")
    script = api(cast.viewer)
    here = f"/api/v1/programmes/{programme.slug}"
    for path, wanted in (
        ("statements/?verdict=supported", ["S1"]), ("statements/?verdict=none", ["S2"]),
        ("statements/?verdict=none,supported", ["S1", "S2"]), ("statements/?verdict=refuted", []),
        ("configurations/?verdict=refuted", ["CMO1"]), ("configurations/?verdict=none", []),
    ):  # fmt: skip
        assert [row["label"] for row in script.get(f"{here}/{path}").json()["results"]] == wanted, path
    assert script.get(f"{here}/configurations/1/").json()["verdicts"] == [{"phase": "gleaning", "verdict": "refuted"}]
    page = as_(cast.viewer).get(f"/p/{programme.slug}/theory?verdict=supported")
    assert [row.label for row in page.context["rows"]] == ["S1"]
    assert script.get(f"{here}/statements/?verdict=maybe").status_code == 400


def test_the_api_records_and_changes_in_products_shape(programme, statement, cast, api):
    statement()
    script, here = api(cast.editor), f"/api/v1/programmes/{programme.slug}/verdicts/"
    made = script.post(here, {"record": "S1", "phase": "gleaning", "verdict": "supported", "rationale": "It held."},
        format="json")  # fmt: skip
    assert made.status_code == 201
    assert {"record": "S1", "phase": "gleaning", "verdict": "supported", "rationale": "It held.", "bearings": [],
            "by": "editor"}.items() <= made.json().items()  # fmt: skip
    assert made["Location"].endswith("/verdicts/1/")
    assert script.patch(f"{here}1/", {"verdict": "refuted"}, format="json").status_code == 428
    changed = script.patch(f"{here}1/", {"verdict": "refuted"}, format="json", HTTP_IF_MATCH=made["ETag"])
    assert (changed.status_code, changed.json()["verdict"]) == (200, "refuted")
    late = script.patch(f"{here}1/", {"verdict": "new"}, format="json", HTTP_IF_MATCH=made["ETag"])
    assert (late.status_code, late.json()["current"]["verdict"]) == (412, "refuted")
    assert [row["verdict"] for row in script.get(f"{here}1/revisions/").json()["results"]] == ["refuted", "supported"]
    refused = script.post(here, {"record": "S1", "verdict": "new", "rationale": "x", "team": True}, format="json")
    assert refused.status_code == 403


def test_a_page_keeps_what_was_typed_when_somebody_was_faster(programme, statement, lead, editor, cast, as_):
    first = statement()
    made = judge(first, by=lead, verdict="supported", rationale="It held.", team=True)
    judge_again(made, by=lead, base=1, rationale="It held twice.")
    sent = {"team": "1", "base": "1", "verdict": "refuted", "rationale": "Mine."}
    answer = as_(cast.lead).post(f"/p/{programme.slug}/s/1/verdicts", sent)
    assert answer.status_code == 409
    assert "⟦theirs: It held twice ¦ mine: Mine⟧.</textarea>" in answer.content.decode()
    assert found(programme)[0]["verdict"] == "supported"
    again = as_(cast.lead).post(f"/p/{programme.slug}/s/1/verdicts", {**sent, "base": "2"})
    assert (again.status_code, found(programme)[0]["verdict"]) == (302, "refuted")


def test_of_a_merged_statement_it_may_rest_on_what_its_ancestors_rest_on(programme, statement, editor):
    ancestors = [statement(), statement()]
    bear_on(ancestors[0], by=editor)
    content = Piece(Words(wording="If both, then one."))
    [made] = merge(programme, by=editor, ancestors=[Seen(one, 1) for one in ancestors], content=content).younger
    judge(made, by=editor, verdict="supported", rationale="It held.", bearings=["B1"])
    assert found(programme)[0]["bearings"] == ["B1"]


def test_nothing_new_rests_on_words_that_were_taken_out(programme, statement, lead):
    first = statement()
    bear_on(first, by=lead)
    excerpt = Excerpt.objects.get()
    made = judge(first, by=lead, verdict="supported", rationale="It held.", bearings=["B1"])
    withdraw_excerpt(excerpt, by=lead, why="She asked for it.")
    said = "The words of X1 were taken out for good."
    with pytest.raises(ValidationError, match=said):
        judge(first, by=lead, verdict="supported", rationale="It held.", bearings=["B1"], team=True)
    bearing = Bearing.objects.get()
    with pytest.raises(ValidationError, match=said):
        confirm_bearing(bearing, by=lead, base=bearing.revision_number)
    with pytest.raises(ValidationError, match=said):
        revise(first, by=lead, base=1, words=Words(wording="If so."), rests_on=Rests(bearings=[bearing]), reason="So.")
    assert judge_again(made, by=lead, base=1, rationale="It did.", bearings=["B1"]).revision_number == 2


def test_the_form_ticks_what_a_verdict_rests_on(programme, statement, lead, cast, as_):
    first = statement()
    bearing = bear_on(first, by=lead)
    link_excerpt(bearing.excerpt, by=lead, on=On(first, part="if"), stance="challenges")
    page = f"/p/{programme.slug}/s/1/verdicts"
    script = as_(cast.lead)
    shown = script.get(page).content.decode()
    assert shown.count('name="rests" value="B1"') == 2  # one's own and the team's
    sent = {"base": "0", "verdict": "supported", "rationale": "It held.", "rests": ["B2"], "bearings": "b1"}
    assert script.post(page, sent).status_code == 302
    assert found(programme)[0]["bearings"] == ["B1", "B2"]
    again = script.get(page).content.decode()
    assert [f'value="B{n}" checked' in again for n in (1, 2)] == [True, True]
    refused = script.post(page, {**sent, "base": "1", "verdict": ""})
    assert refused.status_code == 422
    assert 'value="B2" checked' in refused.content.decode()
    assert script.post(page, {"base": "1", "verdict": "supported", "rationale": "It held."}).status_code == 302
    assert found(programme)[0]["bearings"] == []
