"""Claims about what a newcomer does first: start a programme from what she has, paste, tag, save in one go."""

import pytest
from django.urls import reverse

from cmo.models import Draft, Statement
from cmo.rules.beginning import begin
from cmo.rules.stating import retire
from programmes.models import AuditEvent, Programme
from programmes.reading.codebook import Codes, find_theme
from programmes.rules.classifying import add_theme, edit_theme
from tests.pages import text

pytestmark = pytest.mark.usefixtures("contexts")


def test_a_programme_begins_with_what_was_pasted(actor, cast):
    programme, stated = begin(
        by=actor(cast.outsider),
        title="Link workers",
        areas="Referral\nreferral\nMeeting",
        codebook="paste",
        themes="G Guidance, Tools and Policies\nG1,Access\nG2; Reach\nG2.1: Letters",
        statements="G1 Q7 If a link worker rings, then people come, because they are expected.\nThey stay (G2, G9).",
    )
    themes = {theme.code: theme for theme in Codes(programme).themes}
    named = {code: (theme.name, theme.parent.code if theme.parent else None) for code, theme in themes.items()}
    assert named == {
        "G": ("Guidance, Tools and Policies", None),
        "G1": ("Access", "G"),
        "G2": ("Reach", "G"),
        "G2.1": ("Letters", "G2"),
        "Q7": ("", None),
        "G9": ("", "G"),
    }
    assert list(programme.areas.values_list("title", flat=True)) == ["Referral", "Meeting"]
    assert stated == 2
    found = {row.wording: {tag.theme.code for tag in row.taggings.all()} for row in Statement.objects.of(programme)}
    assert found == {
        "If a link worker rings, then people come, because they are expected.": {"G1", "Q7"},
        "They stay.": {"G2", "G9"},
    }
    assert [row.origin.slug for row in Statement.objects.of(programme)] == ["gleaning", "gleaning"]


def test_what_will_be_made_is_shown_before_it_is_made(as_, cast):
    sent = {
        "title": "Link workers", "areas": "Referral\nMeeting", "codebook": "paste", "themes": "G Guidance\nG1 Access",
        "statements": "G1 If a link worker rings, then people come, because they are expected.\n" + "They stay.\n" * 8,
    }  # fmt: skip
    before = (Programme.objects.count(), AuditEvent.objects.count())
    answer = as_(cast.outsider).post(reverse("programme-new"), {**sent, "do": "look"})
    shown = text(answer)
    assert answer.status_code == 200
    for said in ("What will be made Nothing is made yet.", "2 theory areas: Referral; Meeting", "G Guidance",
                 "2 themes in the codebook", "9 statements, as drafts; the first 5:", "people come,"):  # fmt: skip
        assert said in shown, said
    assert 'value="Link workers"' in answer.content.decode()
    assert (Programme.objects.count(), AuditEvent.objects.count()) == before
    made = as_(cast.outsider).post(reverse("programme-new"), sent)
    assert made.status_code == 302
    assert Statement.objects.count() == 9


def test_what_cannot_be_made_is_refused_at_the_look_as_at_the_making(as_, cast):
    sent = {"title": "Link workers", "codebook": "paste", "themes": "G1 One\nG1 Two"}
    look, make = (as_(cast.outsider).post(reverse("programme-new"), {**sent, "do": do}) for do in ("look", ""))
    for answer in (look, make):
        assert answer.status_code == 422
        assert "Line 2: G1 is the code of “One”; choose another." in text(answer)


def test_the_paste_page_names_codes_and_areas_it_does_not_know(as_, cast, programme, themes):
    text = "codes\tstatement\tarea\nO4\tC9 If told, then known.\tNowhere\nP6\tHowever it is, people leave."
    answer = as_(cast.editor).post(reverse("paste", args=[programme.slug]), {"text": text, "do": "read"})
    shown = answer.content.decode()
    assert [(line.line.wording, line.line.codes, line.line.unknown) for line in answer.context["read"]] == [
        ("If told, then known.", ["O4"], ["C9"]),
        ("However it is, people leave.", ["P6"], []),
    ]
    assert "not in the codebook, left out: C9" in shown
    assert "no such theory area, left out: Nowhere" in shown
    assert Statement.objects.of(programme).count() == 0


def test_a_sentence_that_begins_like_a_code_keeps_its_first_word(as_, cast, programme, themes):
    sent = {"text": "A4 paper is scarce.", "do": "read"}
    answer = as_(cast.editor).post(reverse("paste", args=[programme.slug]), sent)
    assert [(line.line.wording, line.line.unknown) for line in answer.context["read"]] == [("A4 paper is scarce.", [])]


@pytest.mark.parametrize("late", [True, False])
def test_a_draft_that_arrives_after_its_own_save_is_dropped(as_, cast, programme, statement, late):
    number = statement(wording="If told, then known.").number
    browser = as_(cast.editor)
    form = {"mode": "sentence", "base": "1", "nonce": "n1", "reason": "r"}
    form["wording"] = "If told, then known, because said."
    posts = [
        (reverse("statement-edit", args=[programme.slug, number]), {**form, "area": "", "state": "draft"}, 302),
        (reverse("statement-draft", args=[programme.slug, number]), form, 204),
    ]
    for url, sent, status in posts if late else reversed(posts):
        assert browser.post(url, sent).status_code == status
    assert Draft.objects.count() == 0
    another = {**form, "nonce": "n2", "base": "2", "wording": "If told, then known at once."}
    assert browser.post(posts[1][0], another).status_code == 204
    assert Draft.objects.get().fields["wording"] == "If told, then known at once."


def test_a_former_code_still_finds_its_theme(actor, cast, programme, themes):
    by = actor(cast.editor)
    edit_theme(themes["O4"], by=by, base=1, code="CULT")
    assert find_theme(programme, "O4") == themes["O4"] == Codes(programme).get("o4")
    taken = add_theme(programme, by=by, code="O4", name="Another")
    assert find_theme(programme, "O4") == taken == Codes(programme).get("O4")


def test_a_refused_tagging_comes_back_as_it_was_sent(as_, cast, programme, themes, statement):
    statement(wording="If told, then known.", themes=["O4"])
    url = reverse("tag-many", args=[programme.slug])
    sent = {"theme": ["P6"], "reason": "From the May workshop", "do": "add", "query": "theme=O4", "nonce": "n1"}
    answer = as_(cast.editor).post(url, sent)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Pick at least one statement." in shown
    assert '<details class="bulk" open>' in shown
    assert 'value="From the May workshop"' in shown
    assert [theme["code"] for theme in answer.context["bulk_themes"] if theme["chosen"]] == ["P6"]
    assert [row.number for row in answer.context["rows"]] == [1]


def test_the_form_of_a_retired_statement_leads_to_its_page(as_, cast, programme, statement, actor):
    retire(statement(wording="If told, then known."), by=actor(cast.lead), base=1)
    answer = as_(cast.editor).get(reverse("statement-edit", args=[programme.slug, 1]), follow=True)
    assert answer.redirect_chain == [(reverse("statement", args=[programme.slug, 1]), 302)]
    assert "S1 is retired; restore it first." in answer.content.decode()
