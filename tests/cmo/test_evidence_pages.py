"""Claims about the pages of evidence: what they show and do, without scripts, and what becomes of what was typed."""

import csv
import html
import io
import re

import pytest

from cmo.models import Bearing, EvidencePlan, Excerpt
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.excerpting import Said, add_excerpt, change_excerpt, keep_transcript
from cmo.rules.stating import revise
from programmes.access import Actor
from programmes.models import Membership, Programme, Site, Source
from programmes.rules.classifying import add_theme
from programmes.rules.founding import describe
from programmes.rules.sourcing import add_source, change_source
from tests.evidence_factories import interviewed
from tests.pages import shown_in

P = "/p/cse-test"


@pytest.fixture
def by(cast, actor):
    return actor(cast.editor)


@pytest.fixture
def source(programme, by):
    return interviewed(programme, by, "LA2")


@pytest.fixture
def pages(as_, cast):
    """`read(path)`, `post(path, …)` and `follow(path, …)` as the editor; each gives the text of the page."""
    knocks = as_(cast.editor)

    class Pages:
        def read(self, path, status=200):
            answer = knocks.get(f"{P}/{path}")
            assert answer.status_code == status
            return answer.content.decode()

        def post(self, path, code=302, /, **data):
            answer = knocks.post(f"{P}/{path}", data)
            assert answer.status_code == code, answer.content.decode()[-3000:]
            self.to = answer.headers.get("Location", "")
            return answer.content.decode()

    return Pages()


def test_the_first_page_offers_the_first_act(programme, pages, cast, as_):
    shown = pages.read("evidence")
    assert "No source yet" in shown
    assert f'href="{P}/sources/new"' in shown
    assert "No source yet" in as_(cast.viewer).get(f"{P}/evidence").content.decode()
    assert f'href="{P}/sources/new"' not in as_(cast.viewer).get(f"{P}/evidence").content.decode()


def test_from_an_interview_to_two_links(programme, statement, pages):
    """The main job: a site, a source, four passages pasted, two of them linked to one statement."""
    statement()
    pages.post("sites", **{"new-name": "LA2"})
    pages.post("sources/new", kind="interview", pseudonym="LA2-SW1", role="Social worker", site="la2", dated="2021-05")
    assert pages.to == f"{P}/q/1"
    text = "We hear late.\n\nIt helps us. (p. 2)\n\nNobody asks.\n\nWe ask each other."
    read = pages.post("q/1/paste", 200, text=text, do="read")
    assert read.count('name="take"') == 4
    pages.post("q/1/paste", text=text, do="add", shown=shown_in(read), take=["1", "2", "3", "4"])
    assert pages.to == f"{P}/q/1?link=1#link"
    assert "Link X1" in pages.read("q/1?link=1")
    pages.post("x/1/link", next="1", **{"b-on": "S1", "b-stance": "supports"})
    assert pages.to == f"{P}/q/1?link=2#link"
    pages.post("x/2/link", **{"b-on": "S1", "b-part": "because", "b-stance": "challenges", "b-note": "Not trust."})
    assert pages.to == f"{P}/q/1#x2"
    shown = pages.read("q/1")
    assert shown.count('class="stance stance--s"') == 1
    assert 'class="stance stance--c">Challenges</span>' in shown
    assert list(Bearing.objects.values_list("part", "stance")) == [("", "supports"), ("because", "challenges")]


def test_the_sample_table_stands_on_the_page_and_in_a_file(programme, source, pages, cast, as_):
    add_source(programme, by=Actor(cast.editor), kind="document", citation="=cmd()", role="=evil")
    shown = pages.read("evidence")
    assert "Social worker" in shown
    assert "small group" in shown
    answer = as_(cast.viewer).get(f"{P}/evidence/sample.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["Role", "LA1", "LA2", "no site", "All"], ["'=evil", "0", "0", "1*", "1"],
        ["Social worker", "1*", "0", "0", "1"], ["All", "1", "0", "1", "2"],
    ]  # fmt: skip
    only = as_(cast.viewer).get(f"{P}/evidence/sample.csv?kind=interview").content.decode()
    assert "evil" not in only
    assert as_(cast.viewer).get(f"{P}/evidence/sample.csv?site=nowhere").status_code == 400




def test_a_code_that_is_not_in_the_codebook_is_left_out_unless_it_is_added_first(source, themes, by, pages):
    text = "One. (O4, ZZ9)\n\nTwo. (O4, ZZ9, YY8)"
    read = " ".join(pages.post("q/1/paste", 200, text=text, do="read").split())
    assert "Not in the codebook: ZZ9. It is left out unless you add it to the codebook first." in read
    assert "Not in the codebook: ZZ9, YY8. They are left out unless you add them to the codebook first." in read
    sent = {"text": text, "do": "add", "shown": shown_in(read)}
    pages.post("q/1/paste", take=["1"], **sent)
    add_theme(source.programme, by=by, code="ZZ9", name="New")
    pages.post("q/1/paste", take=["2"], **sent)  # what was shown is still what it adds, and the code with it
    found = [(one.text, sorted(tag.code for tag in one.themes.all())) for one in Excerpt.objects.order_by("number")]
    assert found == [("One.", ["O4"]), ("Two.", ["O4", "ZZ9"])]


def test_link_then_next_goes_on_from_the_excerpt_that_was_linked(programme, statement, source, by, pages):
    """The next one below it, and after the last the first that is still left."""
    statement()
    for words in ("One.", "Two.", "Three.", "Four."):
        add_excerpt(source, by=by, said=Said(words))
    for linked, after in ((2, "?link=3#link"), (4, "?link=1#link"), (1, "?link=3#link"), (3, "#x3")):
        pages.post(f"x/{linked}/link", next="1", **{"b-on": "S1", "b-stance": "supports"})
        assert pages.to == f"{P}/q/1{after}"


def test_link_then_next_follows_the_order_of_the_page(programme, statement, source, by, cast, actor, pages):
    """Places in the transcript first, whatever the numbers; then what is not found in it."""
    statement()
    describe(programme, by=actor(cast.lead), base=Programme.objects.get().revision_number, transcripts=True)
    source = keep_transcript(source, by=by, base=1, text="SW1: We hear late. Then it is gone.")
    for said in (Said("Told elsewhere."), Said("Then it is gone.", start=19, end=35), Said("late", start=13, end=17)):
        add_excerpt(source, by=by, said=said)
    for linked, after in ((3, "?link=2#link"), (2, "?link=1#link")):
        pages.post(f"x/{linked}/link", next="1", **{"b-on": "S1", "b-stance": "supports"})
        assert pages.to == f"{P}/q/1{after}"


def test_a_link_to_nothing_is_asked_for_its_claim(programme, statement, source, by, pages):
    add_excerpt(source, by=by, said=Said("One."))
    shown = html.unescape(pages.post("x/1/link", 422, **{"b-on": " ", "b-stance": "supports", "b-note": "As said."}))
    assert "Write a label such as S12." in shown
    assert "As said." in shown
    assert "Write a label such as S12, not “Z”." in html.unescape(pages.post("x/1/link", 422, **{"b-on": "Z"}))


def test_a_transcript_shows_its_links_under_the_words(programme, statement, source, by, cast, actor, pages):
    describe(programme, by=actor(cast.lead), base=Programme.objects.get().revision_number, transcripts=True)
    claim = statement()
    source = keep_transcript(source, by=by, base=1, text="Interviewer: When?\nSW1: We hear late. Then it is gone.")
    link_excerpt(add_excerpt(source, by=by, said=Said("We hear late.")), by=by, on=On(claim, "if"), stance="supports")
    shown = pages.read("q/1")
    assert '<span class="vh">X1: </span>We hear late.</a></mark>' in shown
    assert shown.index("We hear late.</a></mark>") < shown.index('id="x1-l"') < shown.index("Appraisal")
    assert "data-transcript" not in pages.read("q/1?view=excerpts")
    pages.post("q/1/excerpt", **{"x-text": "Then it is gone.", "x-start": "38", "x-end": "54", "x-status": "implied"})
    assert (Excerpt.objects.get(number=2).start, Excerpt.objects.get(number=2).status) == (38, "implied")
    refused = pages.post("q/1/excerpt", 422, **{"x-text": "Then it is gone.", "x-start": "1", "x-end": "17"})
    assert "Problem:" in refused
    assert "Then it is gone.</textarea>" in refused


def test_excerpts_that_are_not_in_the_transcript_stand_under_a_heading(programme, source, by, cast, actor, pages):
    describe(programme, by=actor(cast.lead), base=Programme.objects.get().revision_number, transcripts=True)
    source = keep_transcript(source, by=by, base=1, text="SW1: We hear late.")
    add_excerpt(source, by=by, said=Said("We hear late."))
    heading = "Not found in the transcript</h3>"
    assert heading not in pages.read("q/1")
    for words in ("From the notes.", "Said at the door."):
        add_excerpt(source, by=by, said=Said(words, locator="p. 9"))
    shown = pages.read("q/1")
    assert shown.count(heading) == 1
    assert shown.index("We hear late.</a>") < shown.index(heading) < shown.index("From the notes.")


def test_what_is_worth_a_look_is_said_and_nothing_is_blocked(programme, source, by, pages):
    other = Site.objects.get(slug="la2")
    add_excerpt(source, by=by, said=Said("Nia Prosser told me.", signed_site=other))
    shown = pages.read("x/1")
    assert "This excerpt may hold a name and is signed with another site than its source’s." in shown


def test_edits_from_an_old_page_show_theirs_and_keep_mine(programme, source, by, statement, pages):
    change_source(source, by=by, base=1, role="Team manager")
    late = pages.post("q/1/edit", 409, base="1", kind="interview", pseudonym="LA1-SW1", role="Student")
    assert 'value="⟦theirs: Team manager ¦ mine: Student⟧"' in late
    assert 'name="base" value="2"' in late
    pages.post("q/1/edit", base="2", kind="interview", pseudonym="LA1-SW1", role="Student")
    assert Source.objects.get().role == "Student"
    excerpt = add_excerpt(source, by=by, said=Said("Late."))
    change_excerpt(excerpt, by=by, base=1, text="Too late.")
    late = pages.post("x/1/edit", 409, base="1", text="Very late.", status="observed")
    assert "<ins>Too late</ins>" in late
    assert "⟦theirs: Too late ¦ mine: Very late⟧.</textarea>" in late
    made = link_excerpt(excerpt, by=by, on=On(statement()), stance="supports")
    link = {"stance": "nuances", "note": "Mine."}
    pages.post(f"b/{made.number}/edit", base="1", stance="challenges", note="Theirs.")
    late = pages.post(f"b/{made.number}/edit", 409, base="1", **link)
    assert "⟦theirs: Theirs. ¦ mine: Mine.⟧</textarea>" in late
    assert "meanwhile" in pages.post(f"b/{made.number}/turn", 409, base="1", to="retired")
    for path in ("q/1/edit", "x/1/edit", "b/1/edit", "sites/la1/edit"):
        said = {"name": "LA1", "text": "Late.", "stance": "supports", "pseudonym": "A"}
        assert "has lost the revision" in pages.post(path, 422, **said)


def test_an_edit_keeps_a_site_that_was_retired_since(programme, source, by, pages):
    Site.objects.filter(slug="la1").update(retired=True)
    assert '<option value="la1" selected>LA1</option>' in pages.read("q/1/edit")
    pages.post("q/1/edit", base="1", kind="interview", pseudonym="LA1-SW1", site="la1", dated="2021")
    assert Source.objects.get().site.slug == "la1"


def test_a_bearing_shows_what_changed_since_and_is_confirmed(programme, statement, source, by, pages):
    claim = statement("If told by mail, then known.")
    made = link_excerpt(add_excerpt(source, by=by, said=Said("Late.")), by=by, on=On(claim), stance="supports")
    assert "Wording changed since" not in pages.read("b/1")
    revise(claim, by=by, base=1, words=Words(wording="If told by post, then known."), reason="Wider.")
    shown = pages.read("b/1")
    assert "Wording changed since" in shown
    assert "<del>mail</del>" in shown
    assert "<ins>post</ins>" in shown
    assert "wording changed since" in pages.read("q/1")
    assert "meanwhile" in pages.post("b/1/confirm", 422, base="1", seen="1")
    pages.post("b/1/confirm", base="1", seen="2")
    assert "Wording changed since" not in pages.read(f"b/{made.number}")


def test_a_plan_is_shown_against_what_was_collected(programme, source, by, pages):
    configuration = configure(programme, by=by, words={"plain": "Late news."})
    excerpt = add_excerpt(source, by=by, said=Said("Late."))
    link_excerpt(excerpt, by=by, on=On(configuration), stance="supports")
    assert f'href="{P}/cmo/1/evidence"' in pages.read("cmo/1")
    lines = {"0-sources": "3", "0-kind": "interview", "1-sources": "", "2-sources": "0"}
    pages.post("cmo/1/evidence", base="0", **lines)
    shown = pages.read("cmo/1/evidence")
    assert "2 missing" in shown
    assert "Line 1:" in pages.post("cmo/1/evidence", 422, base="1", **{"0-sources": "5000"})
    assert "meanwhile" in pages.post("cmo/1/evidence", 409, base="0", **{"0-sources": "1"})


@pytest.mark.parametrize("sources", ["", "0"])
def test_a_planned_line_without_a_number_is_refused_with_its_words(programme, by, pages, cast, api, sources):
    configure(programme, by=by, words={"plain": "Late news."})
    lines = {"0-sources": "2", "1-sources": "", "2-sources": sources, "2-role": "Nurse", "2-note": "Two of the ward."}
    shown = pages.post("cmo/1/evidence", 422, base="0", **lines)
    assert "Line 3: Plan 1 to 1000 sources." in shown
    assert 'value="Nurse"' in shown
    assert "Two of the ward." in shown
    assert not EvidencePlan.objects.exists()
    address = "/api/v1/programmes/cse-test/configurations/1/evidence/"
    for line in ({"sources": 0, "role": "Nurse"}, {"role": "Nurse"}):
        body = {"lines": [{"sources": 2}, line]}
        answer = api(cast.lead).patch(address, body, format="json", HTTP_IF_MATCH='"0"')
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("lines: entry 2, sources: ")
    assert not EvidencePlan.objects.exists()


def test_what_is_retired_says_so_and_comes_back(programme, source, by, pages):
    add_excerpt(source, by=by, said=Said("Late."))
    pages.post("x/1/turn", base="1", to="retired")
    assert "This excerpt is retired" in pages.read("x/1")
    pages.post("x/1/turn", base="2", to="current")
    pages.post("q/1/turn", base="1", to="retired")
    assert "This source is retired" in pages.read("q/1")
    assert "LA1-SW1" not in pages.read("evidence")
    assert "LA1-SW1" in pages.read("evidence?state=retired")
    pages.post("sites/la1/turn", base="1", to="retired")
    assert Site.objects.get(slug="la1").retired


def test_a_form_sent_twice_adds_one(programme, source, pages):
    nonce = "0123456789abcdef0123456789abcdef"
    for _at in (1, 2):
        pages.post("q/1/excerpt", nonce=nonce, **{"x-text": "Late.", "x-status": "observed"})
    assert Excerpt.objects.count() == 1


def test_a_lead_withholds_evidence_in_the_table_of_members(programme, cast, as_):
    member = Membership.objects.get(person=cast.viewer)
    data = {}
    for one in Membership.objects.filter(programme=programme):
        data |= {f"r-role-{one.pk}": one.role, f"r-was-{one.pk}": one.role, f"r-seen-{one.pk}": "no"}
    knocks = as_(cast.lead)
    assert knocks.post(f"{P}/settings/roles", {**data, f"r-without-{member.pk}": "on"}).status_code == 302
    member.refresh_from_db()
    assert member.no_evidence
    assert as_(cast.viewer).get(f"{P}/evidence").status_code == 404
    # Another lead saves roles from a page of before: what was ticked since stays.
    assert knocks.post(f"{P}/settings/roles", data).status_code == 302
    member.refresh_from_db()
    assert member.no_evidence


def test_a_paste_says_what_of_it_is_not_taken_in(source, pages):
    text = "text,speaker,mood,site\nLate.,SW2,low,LA9\nGone.,SW2,low,LA2,more\n"
    shown = pages.post("q/1/paste", 200, text=text, do="read")
    assert "These columns are not understood, and what stands in them is not taken in: speaker, mood." in shown
    assert "There is no site “LA9” here; it is not signed with one." in shown
    assert "Its row has more cells than columns; not taken in: more." in shown
    assert "signed with another site" in shown
    assert text in html.unescape(shown).replace("\r\n", "\n")


def test_a_paste_of_what_is_there_already_says_so_in_a_sentence(source, by, pages):
    add_excerpt(source, by=by, said=Said("Late."))
    shown = pages.post("q/1/paste", 200, text="Late.", do="read")
    assert "All of it is there already, as X1. Nothing is ticked." in shown
    refused = pages.post("q/1/paste", 422, text="Late.", do="add", shown=shown_in(shown))
    assert "All of this is there already, as X1; tick what is to be added again." in refused
    pages.post("q/1/paste", text="Late.", do="add", shown=shown_in(refused), take=["1"])
    assert Excerpt.objects.count() == 2


def test_a_tick_stays_with_its_passage_when_another_is_put_first(source, pages):
    """What nobody has read is not added; what was read and ticked is not left out."""
    text = "One.\n\nTwo.\n\nThree.\n\nFour."
    read = pages.post("q/1/paste", 200, text=text, do="read")
    longer = f"Never read.\n\n{text}"
    sent = {"text": longer, "do": "add", "reason": "From the study"}
    refused = pages.post("q/1/paste", 422, shown=shown_in(read), take=["1", "2", "3"], **sent)
    assert not Excerpt.objects.exists()
    said = "The text changed since it was read: 1 passage is new and marked so; look at it, then add again."
    assert said in refused
    assert refused.count("New since the text was read.") == 1
    boxes = re.findall(r'name="take" value="(\d)"( checked)?', refused)
    assert [at for at, checked in boxes if checked] == ["1", "2", "3", "4"]
    assert longer in refused
    assert "From the study" in refused
    pages.post("q/1/paste", shown=shown_in(refused), take=["2", "3", "4"], **sent)
    assert [one.text for one in Excerpt.objects.order_by("number")] == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("place", ["-1", "99999999999", "here"])
def test_a_place_out_of_range_is_named_and_the_words_stay(source, pages, place):
    words = {"x-text": "It came late.", "x-status": "observed", "x-start": place, "x-end": "5"}
    shown = pages.post("q/1/excerpt", 422, **words)
    assert "The place in the transcript cannot be read; select the words anew, or write them." in shown
    assert "It came late." in shown
    assert not Excerpt.objects.exists()
