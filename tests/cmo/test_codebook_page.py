"""Claims about what the codebook page shows, to whom, and what that costs."""

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from programmes.models import ThemeRevision
from programmes.rules.classifying import add_theme, edit_theme, retire_theme
from tests.codebook_page import HERE, now, rows, send, words
from tests.factories import many_statements, many_themes
from tests.pages import main_of, text

pytestmark = pytest.mark.usefixtures("contexts")
# session, person, programme, themes, what carries them; the counts of the frame, drafts among them, and its phases
LISTED = 7
CHOSEN = LISTED + 3  # its history, and the statements and the excerpts of its branch
PREVIEW = CHOSEN + 4  # permission, the theme, and what carries the two


@pytest.fixture
def page(as_: Any, cast: Any, themes: Any) -> Any:
    return as_(cast.editor)


# ---- the tree


def test_the_tree_stands_in_natural_order_with_loose_themes_last(page, themes, programme, actor, cast):
    for code in ("O1.10", "O1.9"):
        add_theme(programme, by=actor(cast.editor), parent=themes["O1"], code=code)
    shown = rows(page.get(HERE))
    codes = [row.split()[0] for row in shown]
    assert codes == ["C", "C2", "O", "O1", "O1.1", "O1.9", "O1.10", "O4", "P", "P6", "Covid-19"]


def test_counts_are_of_statements_and_themes_in_use_carry_the_bar(page, statement):
    statement(themes=["O4", "O1.1"])
    statement(themes=["O4"])
    shown = page.get(HERE).content.decode()
    bars = re.findall(r'<li class="prio">.*?<b>(.*?)</b>', shown, flags=re.S)
    assert bars == ["O1.1", "O4"]
    assert "2 are in use for the theory and carry a bar." in text(page.get(HERE))


def test_many_sub_themes_are_folded_unless_one_is_chosen(page, programme, themes, actor, cast):
    for at in range(2, 9):
        add_theme(programme, by=actor(cast.editor), parent=themes["O1"], code=f"O1.{at}")
    folded = re.compile(r'<details><summary><span class="s">8 sub-themes')
    assert folded.search(page.get(HERE).content.decode())
    assert not folded.search(page.get(HERE, {"code": "O1.3"}).content.decode())


@pytest.mark.parametrize("q", ["LEADERS", "leadèrs", "o1.1", "visible lead", "seen daily"])
def test_search_finds_code_name_and_words_of_a_definition_whatever_the_accents(page, themes, actor, cast, q):
    edit_theme(themes["O1.1"], by=actor(cast.editor), base=1, definition="Leaders who are séen daily.")
    assert rows(page.get(HERE, {"q": q})) == ["O Organisation", "O1 Leadership", "O1.1 Visible leaders"]


def test_a_former_code_still_leads_to_its_theme(page, themes, actor, cast):
    edit_theme(themes["O4"], by=actor(cast.editor), base=1, code="O9", reason="The book says so.")
    assert "O9" in text(page.get(HERE, {"code": "o4"}))
    assert [row.split()[0] for row in rows(page.get(HERE, {"q": "O4"}))] == ["O", "O9"]


def test_search_without_a_hit_says_so(page):
    answer = page.get(HERE, {"q": "<b>nothing"})
    assert rows(answer) == []
    assert "0 themes have “<b>nothing” in their code, name or definition. Show all themes" in text(answer)


def test_retired_themes_are_shown_when_asked_for(page, themes, actor, cast):
    retire_theme(themes["O4"], by=actor(cast.editor), base=1)
    assert "O4 Training" not in rows(page.get(HERE))
    assert "O4 Training Retired" in rows(page.get(HERE, {"retired": "1"}))


def test_an_empty_codebook_offers_the_first_act(programme, as_, cast):
    assert "Add a theme" in text(as_(cast.lead).get(HERE))
    reader = text(as_(cast.viewer).get(HERE))
    assert "No themes yet" in reader
    assert "Add a theme" not in reader


# ---- one theme


def test_a_theme_is_shown_with_its_figures(page, themes, statement):
    statement(themes=["O1"])
    statement(themes=["O1", "O1.1"])
    answer = page.get(HERE, {"code": "o"})
    shown = answer.context["chosen"]
    assert (shown.theme, shown.uses, shown.below, shown.uses_under) == (themes["O"], 0, 3, 2)
    link = '<a href="/p/cse-test/theory?theme=O">Show the 2 statements under O</a>'
    assert link in answer.content.decode()


def test_loose_and_awkward_codes_have_addresses(page, programme, themes, actor, cast):
    by = actor(cast.editor)
    new = add_theme(programme, by=by, code="new", name="Novelty")
    odd = add_theme(programme, by=by, code="A:B&c#?%", name="Oddity")
    listing = page.get(HERE).content.decode()
    for theme in (new, odd, themes["Covid-19"]):
        link = re.search(rf'href="([^"]*)#code">(?:<b>[^<]*</b> )?<bdi>{theme.name}', listing)
        assert link is not None
        assert page.get(unescape(link[1])).context["chosen"].theme == theme


@pytest.mark.parametrize("label", ["XX", "%00", "../etc", "11111111-1111-1111-1111-111111111111"])
def test_an_unknown_code_is_not_found(page, label):
    assert page.get(f"{HERE}?code={label}").status_code == 404


def test_history_shows_who_changed_what_word_by_word(page, themes, cast):
    send(page, themes["O4"], "save", **words(themes["O4"], definition="What is taught.", reason="It had none."))
    send(page, themes["O4"], "save", **words(themes["O4"], definition="What is learnt.", name="Learning"))
    send(page, themes["O4"], "move", parent=str(themes["P"].uid), reason="Closer.")
    send(page, themes["O4"], "shift", step="1")
    answer = page.get(HERE, {"code": "O4"})
    shown = answer.content.decode()
    assert "What is <del>taught</del><ins>learnt</ins>." in shown
    assert "<del>Training</del><ins>Learning</ins>" in shown
    story = text(answer).partition("History Version")[2]
    assert "Edda Editor" in story
    assert "Moved under P Practice, from under O Organisation: Closer." in story
    assert "Moved among its neighbours" in story
    assert "Edited: It had none." in story
    assert "New as O4 Training" in story


def test_a_long_history_is_folded_to_its_latest_part(page, themes, actor, cast):
    theme = now(themes["O4"])
    for at in range(24):
        theme = edit_theme(theme, by=actor(cast.editor), base=at + 1, name=f"Training {at}")
    assert "Show 5 older versions" in text(page.get(HERE, {"code": "O4"}))
    assert "New as O4 Training" in text(page.get(HERE, {"code": "O4", "history": "all"}))


# ---- queries


@pytest.mark.parametrize("n", [1, 3, 70])
def test_the_page_asks_the_same_number_of_queries_whatever_its_length(
    programme, cast, as_, area, queries, n
):
    themes = many_themes(programme, cast.editor, n)
    many_statements(programme, cast.editor, n, themes=themes, areas=[area()])
    client = as_(cast.editor)
    with queries(LISTED):
        client.get(HERE)
    with queries(LISTED):
        client.get(HERE, {"q": "theme", "retired": "1"})
    with queries(CHOSEN):
        client.get(HERE, {"code": "T1"})


@pytest.mark.parametrize("n", [1, 3, 70])
def test_a_preview_asks_the_same_number_of_queries_too(programme, cast, as_, queries, n):
    themes = many_themes(programme, cast.editor, n + 10)
    many_statements(programme, cast.editor, n, themes=themes[:1])
    client = as_(cast.editor)
    address = reverse("theme-merge", args=["cse-test", themes[0].uid])
    with queries(PREVIEW):
        client.post(address, {"base": "1", "into": str(themes[10].uid)})


# ---- who may


@pytest.mark.parametrize("who", ["viewer", "contributor"])
def test_readers_see_everything_and_no_button_that_would_refuse(as_, cast, themes, actor, who):
    edit_theme(themes["O4"], by=actor(cast.editor), base=1, definition="What is taught.", example="A course.")
    answer = as_(getattr(cast, who)).get(HERE, {"code": "O4"})
    assert "What it meansWhat is taught." in text(answer)
    assert "A course." in text(answer)
    main = main_of(answer)
    assert 'method="post"' not in main
    assert "Add a theme" not in main
    assert "code=new" not in main


@pytest.mark.parametrize("who", ["viewer", "contributor"])
def test_readers_are_refused_whatever_they_send(as_, cast, themes, who):
    client = as_(getattr(cast, who))
    assert client.get(HERE, {"code": "new"}).status_code == 403
    assert client.post(f"{HERE}/add", {"code": "G"}).status_code == 403
    for act in ("save", "move", "shift", "merge", "retire", "restore"):
        assert send(client, themes["O4"], act).status_code == 403
    assert ThemeRevision.objects.exclude(number=1).count() == 0


def test_foreign_and_missing_look_the_same(as_, cast, themes, page, other_programme):
    stranger = as_(cast.outsider)
    assert stranger.get(HERE).status_code == stranger.get("/p/missing/codebook").status_code == 404
    assert send(stranger, themes["O4"], "save").status_code == 404
    assert page.get("/p/other-test/codebook").status_code == 404
    foreign = reverse("theme-save", args=["cse-test", other_programme.theme.uid])
    assert page.post(foreign, {"base": "1", "code": "X1"}).status_code == 404


def test_a_search_typed_with_scripts_says_how_many_it_found(page):
    answer = page.get(HERE, {"q": "lead"}, headers={"HX-Request": "true"})
    assert answer["HX-Trigger"] == '{"said": "2 themes found"}'
