"""Claims about what a revision rests on: said with the change by both doors, kept, and read where evidence is seen."""

import pytest
from django.core.exceptions import ValidationError

from cmo.models import Draft, RevisionCitation, Statement
from cmo.reading.citing import cites_of
from cmo.rules.citing import Rests
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.discussing import say
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.excerpting import Said, add_excerpt
from cmo.rules.judging import judge
from cmo.rules.proposing import propose
from cmo.rules.stating import revise
from programmes.models import AuditEvent, Membership
from programmes.rules.sourcing import add_source
from tests.conftest import WORDING

P, API = "/p/cse-test", "/api/v1/programmes/cse-test"
EDIT = {"mode": "sentence", "wording": "If told early, then they trust.", "change": "refined", "reason": "It was said."}


@pytest.fixture
def by(cast, actor):
    return actor(cast.editor)


@pytest.fixture
def gathered(programme, statement, by):
    """S1 with B1 of X1 on it, and X2 which bears on nothing."""
    claim = statement()
    source = add_source(programme, by=by, kind="interview", pseudonym="LA1-SW1")
    first, _second = (add_excerpt(source, by=by, said=Said(text)) for text in ("We hear late.", "It helps."))
    link_excerpt(first, by=by, on=On(claim), stance="challenges")
    return Statement.objects.get(pk=claim.pk)


@pytest.fixture
def blind(cast):
    Membership.objects.filter(person=cast.viewer).update(no_evidence=True)
    return cast.viewer


def cited(record):
    record.refresh_from_db()
    return cites_of(record)


def test_an_edit_cites_what_is_ticked_and_typed(gathered, as_, cast):
    pages = as_(cast.editor)
    form = pages.get(f"{P}/s/1/edit").content.decode()
    assert 'name="rests" value="B1"' in form
    assert "We hear late." in form
    done = pages.post(f"{P}/s/1/edit", {**EDIT, "base": "1", "rests": ["B1"], "rests_on": "x2"})
    assert done.status_code == 302
    assert cited(gathered) == {2: ["X2", "B1"]}
    row = AuditEvent.objects.latest("pk")
    assert (row.verb, row.record, row.detail) == ("evidence cited", "S1", {"version": 2, "cites": ["B1", "X2"]})


def test_history_and_why_say_it_to_those_who_see_evidence(gathered, by, as_, api, cast, blind):
    revise(gathered, by=by, base=1, words=Words(wording="If told, then."), rests_on=rests(gathered, "B1"))
    for url in ("s/1", "s/1/why"):
        assert f'<b>Rests on</b> <a href="{P}/b/1">B1</a>' in as_(cast.contributor).get(f"{P}/{url}").content.decode()
        assert "Rests on" not in as_(blind).get(f"{P}/{url}").content.decode()
    for who, told in ((cast.contributor, [["B1"], []]), (blind, [None, None])):
        rows = api(who).get(f"{API}/statements/1/revisions/").json()["results"]
        assert [row["rests_on"] for row in rows] == told
        assert api(who).get(f"{API}/statements/1/revisions/2/").json()["rests_on"] == told[0]
        assert [row["rests_on"] for row in api(who).get(f"{API}/statements/1/why/").json()["revisions"]] == told


def rests(claim, *labels):
    found = claim.bearings.filter(number__in=[int(one[1:]) for one in labels])
    return Rests(bearings=list(found))


def test_the_api_takes_it_with_statements_and_configurations(gathered, api, cast):
    script = api(cast.editor)
    made = script.post(f"{API}/statements/", {"wording": "If so.", "rests_on": ["x2"]}, format="json")
    assert made.status_code == 201
    rows = script.get(f"{API}/statements/2/revisions/").json()["results"]
    assert rows[0]["rests_on"] == ["X2"]
    tag = script.get(f"{API}/statements/1/")["ETag"]
    body = {"wording": "If told.", "rests_on": ["B1", "b1"]}
    assert script.patch(f"{API}/statements/1/", body, format="json", HTTP_IF_MATCH=tag).status_code == 200
    assert cited(gathered) == {2: ["B1"]}
    made = script.post(f"{API}/configurations/", {"plain": "So it is.", "rests_on": ["X1"]}, format="json")
    patch = {"plain": "So it was.", "rests_on": ["X2"]}
    script.patch(f"{API}/configurations/1/", patch, format="json", HTTP_IF_MATCH=made["ETag"])
    rows = script.get(f"{API}/configurations/1/revisions/").json()["results"]
    assert [row["rests_on"] for row in rows] == [["X2"], ["X1"]]
    assert script.get(f"{API}/configurations/1/revisions/1/").json()["rests_on"] == ["X1"]


@pytest.mark.parametrize(("labels", "said"), [
    (["X99"], "There is no excerpt X99 in this programme."), (["B9"], "There is no bearing B9 in this programme."),
    (["S1"], "Write a label such as X9, not “S1”."),
])  # fmt: skip
def test_what_is_no_evidence_is_refused_and_nothing_typed_is_lost(gathered, as_, api, cast, labels, said):
    tag = api(cast.editor).get(f"{API}/statements/1/")["ETag"]
    body = {"wording": "If told.", "rests_on": labels}
    answer = api(cast.editor).patch(f"{API}/statements/1/", body, format="json", HTTP_IF_MATCH=tag)
    assert (answer.status_code, answer.json()["errors"]) == (400, {"rests_on": [said]})
    data = {**EDIT, "base": "1", "rests": ["B1"], "rests_on": labels[0]}
    page = as_(cast.editor).post(f"{P}/s/1/edit", data).content.decode()
    assert said in page
    assert f'name="rests_on" value="{labels[0]}"' in page
    assert 'value="B1" checked' in page
    assert EDIT["wording"] in page
    assert (cited(gathered), gathered.revision_number) == ({}, 1)


def test_without_a_change_there_is_nothing_that_could_cite(gathered, as_, cast, by):
    said = "Nothing else changed in S1, so there is no new version that could cite this."
    with pytest.raises(ValidationError, match=said):
        revise(gathered, by=by, base=1, words=Words(wording=WORDING), rests_on=rests(gathered, "B1"))
    data = {"mode": "sentence", "wording": WORDING, "state": "draft", "base": "1", "rests": ["B1"]}
    page = as_(cast.editor).post(f"{P}/s/1/edit", data)
    assert (page.status_code, said in page.content.decode()) == (422, True)


def test_who_sees_no_evidence_is_offered_none_and_cites_none(gathered, as_, api, cast):
    Membership.objects.filter(person=cast.editor).update(no_evidence=True)
    form = as_(cast.editor).get(f"{P}/s/1/edit").content.decode()
    assert "rests" not in form
    tag = api(cast.editor).get(f"{API}/statements/1/")["ETag"]
    body = {"wording": "If told.", "rests_on": ["X1"]}
    answer = api(cast.editor).patch(f"{API}/statements/1/", body, format="json", HTTP_IF_MATCH=tag)
    assert answer.json()["errors"] == {"rests_on": ["There is no excerpt X1 in this programme."]}
    body = {"changes": [{"change": "new", "wording": "If so."}], "cites": ["X1"]}
    answer = api(cast.editor).post(f"{API}/proposals/", body, format="json")
    assert answer.json()["errors"] == {"cites": ["There is no excerpt X1 in this programme."]}
    assert not RevisionCitation.objects.exists()


def test_a_configuration_cites_by_its_form(gathered, programme, by, as_, cast):
    configure(programme, by=by, words={"plain": "So it is."})
    pages = as_(cast.editor)
    assert 'name="rests_on"' in pages.get(f"{P}/cmo/1/edit").content.decode()
    assert pages.post(f"{P}/cmo/1/edit", {"base": "1", "plain": "So it was.", "rests_on": "B1"}).status_code == 302
    assert f'<b>Rests on</b> <a href="{P}/b/1">B1</a>' in pages.get(f"{P}/cmo/1").content.decode()


def test_proposing_cites_too_and_what_is_proposed_into_keeps_what_it_cited(gathered, as_, api, cast, programme, by):
    pages, script = as_(cast.contributor), api(cast.editor)
    assert 'name="rests" value="B1"' in pages.get(f"{P}/s/1/propose").content.decode()
    data = {**EDIT, "base": "1", "rests": ["B1"], "do": "draft"}
    assert pages.post(f"{P}/s/1/propose", data).status_code == 302
    drafts = api(cast.contributor)
    assert drafts.get(f"{API}/proposals/1/cites/").json()["cites"] == ["B1"]
    assert pages.post(f"{P}/s/1/propose", {**data, "rests": [], "rests_on": "X2", "to": "1"}).status_code == 302
    assert drafts.get(f"{API}/proposals/1/cites/").json()["cites"] == ["X2", "B1"]
    body = {"changes": [{"change": "new", "wording": "If so."}], "reason": "So.", "cites": ["X1"]}
    assert script.post(f"{API}/proposals/", body, format="json").status_code == 201
    assert script.get(f"{API}/proposals/2/cites/").json()["cites"] == ["X1"]
    refused = script.post(f"{API}/proposals/", {**body, "cites": ["S1"]}, format="json")
    assert list(refused.json()["errors"]) == ["cites"]


def test_a_draft_and_a_late_save_keep_what_was_ticked(gathered, by, as_, cast):
    pages = as_(cast.editor)
    sent = {**EDIT, "base": "1", "rests": ["B1"], "rests_on": "X2"}
    assert pages.post(f"{P}/s/1/draft", sent).status_code == 204
    assert Draft.objects.get().fields["rests_on"] == "B1, X2"
    assert 'value="B1" checked' in pages.get(f"{P}/s/1/edit").content.decode()
    revise(gathered, by=by, base=1, words=Words(wording="If else, then they trust."))
    late = pages.post(f"{P}/s/1/edit", sent)
    assert late.status_code == 409
    assert 'name="rests_on" value="B1, X2"' in late.content.decode()


def test_what_the_proposal_cited_stands_at_the_revision_that_it_wrote(gathered, programme, by, cast, actor, api):
    change = {"record": "S1", "base": 1, "change": "reworded", "wording": "If agreed, then."}
    body = {"changes": [change], "reason": "So.", "cites": ["B1"]}
    script = api(cast.editor)
    script.post(f"{API}/proposals/", body, format="json")
    sent = script.post(f"{API}/proposals/1/submit/", HTTP_IF_MATCH=script.get(f"{API}/proposals/1/")["ETag"])
    lead = api(cast.lead)
    for seen in (sent.json()["seen"],):
        lead.post(f"{API}/proposals/1/reviews/", {"answer": "agree", "seen": seen}, format="json")
        api(cast.lead).post(f"{API}/proposals/1/decide/", {"decision": "accept", "seen": seen}, format="json")
    assert cited(gathered) == {2: ["B1"]}


def test_a_citation_is_history(gathered, by):
    revise(gathered, by=by, base=1, words=Words(wording="If told, then."), rests_on=rests(gathered, "B1"))
    with pytest.raises(Exception, match="append-only"):
        RevisionCitation.objects.all().delete()


def test_nothing_is_asked_before_there_is_evidence(statement, queries):
    claim = statement()
    with queries(0):
        assert cites_of(claim) == {}


def test_a_proposal_by_rule_cites(programme, gathered, by):
    change = {"change": "new", "wording": "If so."}
    propose(programme, by=by, changes=[change], cites=rests(gathered, "B1"))
    assert AuditEvent.objects.latest("pk").verb == "evidence cited"


def test_labels_of_evidence_in_reasons_and_comments_are_links_for_those_who_see_it(gathered, by, as_, cast, blind):
    revise(gathered, by=by, base=1, words=Words(wording="If told."), reason="As X1 says, in B1 of Q1, unlike X99.")
    say(gathered, by=by, text="Look at X2.")
    judge(gathered, by=by, verdict="refined", rationale="It rests on X1.", bearings=["B1"])
    links = {f'<a href="{P}/x/1">X1</a>', f'<a href="{P}/b/1">B1</a>', f'<a href="{P}/q/1">Q1</a>'}
    for url, shown in (("s/1", {*links, f'<a href="{P}/x/2">X2</a>'}), ("s/1/why", links)):
        page = as_(cast.contributor).get(f"{P}/{url}").content.decode()
        assert {link for link in shown if link not in page} == set()
        assert "X99" in page
        plain = as_(blind).get(f"{P}/{url}").content.decode()
        assert [link for link in shown if link in plain] == []
        assert "As X1 says, in B1 of Q1" in plain


def test_verdicts_say_what_they_rest_on_and_that_the_wording_changed(gathered, by, as_, api, cast, blind):
    judge(gathered, by=by, verdict="refined", rationale="It rests on X1.", bearings=["B1"])
    revise(gathered, by=by, base=1, words=Words(wording="If told."))
    rests, since = f'<b>Rests on</b> <a href="{P}/b/1">B1</a>', "wording changed since"
    for url in ("s/1/why", "s/1/verdicts", "verdicts"):
        page = as_(cast.contributor).get(f"{P}/{url}").content.decode()
        assert (rests in page, since in page) == (True, True), url
        plain = as_(blind).get(f"{P}/{url}").content.decode()
        assert (rests in plain, since in plain) == (False, True), url
    for who, bearings in ((cast.contributor, ["B1"]), (blind, [])):
        (told,) = api(who).get(f"{API}/statements/1/why/").json()["verdicts"]
        assert (told["verdict"], told["bearings"], told["stale"]) == ("refined", bearings, True)
