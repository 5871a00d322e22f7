"""Everything by keyboard: letters in the workbench, Ctrl+Enter, Escape, where focus goes, what is said aloud."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.served import SLUG

pytestmark = pytest.mark.browser
THEORY = f"/p/{SLUG}/theory"


def number(page: Page, stated: SimpleNamespace) -> Locator:
    return page.locator(f"#s{stated.number} .stmt__id a")


def test_a_statement_is_found_and_edited_without_a_mouse(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own, other = stated(), stated()
    page = open_as("editor", THEORY)
    press, write = page.keyboard.press, page.keyboard.type
    press("/")
    words = page.get_by_label("Words in the statement")
    expect(words).to_be_focused()
    write(own.mark)
    expect(page.locator(".bar__count")).to_have_text("1 statement")
    expect(words).to_be_focused()
    page.wait_for_url(lambda url: f"search={own.mark}" in url)
    for _at in range(40):  # on past the filter to the list
        press("Tab")
        if number(page, own).evaluate("link => link === document.activeElement"):
            break
    expect(number(page, own)).to_be_focused()
    press("k")
    expect(number(page, own)).to_be_focused()

    press("e")
    form = page.get_by_role("form", name=f"Edit {own.label}")
    expect(form.locator("textarea[name=if]")).to_be_focused()
    write("j k e o / g t ")  # letters are only letters here
    expect(form.locator("textarea[name=if]")).to_have_value(f"j k e o / g t {own.mark} visits weekly")
    form.locator("textarea[name=reason]").focus()
    write("It was said so.")
    press("Control+Enter")
    expect(number(page, own)).to_be_focused()
    expect(page.locator("#said")).to_have_text(f"{own.label} saved as version 2.")
    assert own.now()["if"] == f"j k e o / g t {own.mark} visits weekly"
    assert other.now()["revision"] == 1

    press("e")
    expect(form.locator("textarea[name=if]")).to_be_focused()
    press("Escape")
    expect(number(page, own)).to_be_focused()
    press("o")
    page.wait_for_url(lambda url: url.endswith(own.page))
    press("e")
    page.wait_for_url(lambda url: url.endswith(own.edit))


def test_p_c_and_l_propose_comment_and_link_from_a_row(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page = open_as("editor", f"{THEORY}?search={own.mark}")
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.locator(f"form[action='{own.page}/propose'] textarea[name=if]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(number(page, own)).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator(f"#text-{own.label}")).to_be_focused()
    page.go_back()
    number(page, own).focus()
    page.keyboard.press("l")
    expect(page.get_by_role("heading", name=f"Link evidence to {own.label}")).to_be_visible()
    page.goto(own.page)
    page.keyboard.press("l")
    expect(page.get_by_role("heading", name=f"Link evidence to {own.label}")).to_be_visible()


def test_j_and_k_go_through_the_list_and_stay_in_view(open_as: Callable[..., Page]) -> None:
    page = open_as("editor", f"{THEORY}?ordering=number")
    links = page.locator(".stmt__id a")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    for at in (1, 2, 3):
        page.keyboard.press("j")
        expect(links.nth(at)).to_be_focused()
        expect(links.nth(at)).to_be_in_viewport(ratio=1)
    page.keyboard.press("k")
    expect(links.nth(2)).to_be_focused()


def test_letters_open_the_list_of_letters_the_new_form_and_the_sections(open_as: Callable[..., Page]) -> None:
    page = open_as("editor", THEORY)
    page.keyboard.press("j")
    for closing in ("?", "Escape"):
        page.keyboard.press("?")
        expect(page.locator("details.keys .keys__list")).to_be_visible()
        expect(page.locator("details.keys summary")).to_be_focused()
        page.keyboard.press(closing)
        expect(page.locator("details.keys .keys__list")).to_be_hidden()
        expect(page.locator(".stmt__id a").first).to_be_focused()
    for letter, section in (("o", "/"), ("c", "/codebook"), ("s", "/settings"), ("t", "/theory")):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(lambda url, section=section: url.endswith(f"/p/{SLUG}{section}"))
    page.keyboard.press("n")
    page.wait_for_url(lambda url: url.endswith("/s/new"))
    page.goto(f"/p/{SLUG}/settings")
    page.keyboard.press("?")
    expect(page.get_by_role("region", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Keyboard shortcuts")).to_be_hidden()


def test_themes_of_the_statement_in_hand_are_one_letter_away(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page = open_as("editor", own.listed)
    page.keyboard.press("j")
    page.keyboard.press("t")
    form = page.get_by_role("form", name=f"Edit {own.label}")
    find = form.get_by_label("Find a theme by code or name")
    expect(find).to_be_focused()
    page.keyboard.type("p6")
    page.keyboard.press("Enter")
    expect(form.locator("[data-picker-chosen]")).to_contain_text("P6")
    page.keyboard.press("Escape")  # the words first
    expect(find).to_have_value("")
    page.keyboard.press("Control+Enter")
    expect(number(page, own)).to_be_focused()
    assert own.now()["themes"] == ["O4", "P6"]


def test_the_list_of_themes_folds_again_when_the_words_go(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    page = open_as("editor", stated().edit)
    find, themes = page.get_by_label("Find a theme by code or name"), page.locator(".picker details").first
    find.fill("o")
    expect(themes).to_have_attribute("open", "")
    find.press("Escape")
    expect(themes).not_to_have_attribute("open", "")
    expect(find).to_be_focused()
    find.press("ArrowDown")
    expect(themes.locator("input:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(themes).not_to_have_attribute("open", "")
    page.get_by_text("All themes").click()
    find.press("o")
    find.press("Escape")
    expect(themes).to_have_attribute("open", "")  # somebody opened it by hand


def test_a_theme_that_is_nowhere_is_added_while_writing(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page = open_as("editor", own.listed, refusals=(422,))
    page.keyboard.press("j")
    page.keyboard.press("t")
    form = page.get_by_role("form", name=f"Edit {own.label}")
    expect(form.get_by_label("Find a theme by code or name")).to_be_focused()
    page.keyboard.type(f"burnout {own.mark}")
    form.get_by_role("button", name=f"Add “burnout {own.mark}” to the codebook").press("Enter")
    expect(form.get_by_label("Name", exact=True)).to_have_value(f"burnout {own.mark}")
    expect(form.get_by_label("Code, if it has one")).to_be_focused()
    page.keyboard.type("O4")
    page.keyboard.press("Enter")
    expect(form.get_by_role("alert").filter(has_text="O4 is the code of")).to_be_visible()
    form.get_by_label("Code, if it has one").fill("")
    form.get_by_role("button", name="Add it, and put it on the statement").click()
    expect(form.locator("[data-picker-chosen]")).to_contain_text(f"burnout {own.mark}")
    expect(page.locator("#said")).to_contain_text("is in the codebook, and on this statement")
    expect(form.get_by_label("Find a theme by code or name")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(number(page, own)).to_be_focused()
    assert len(own.now()["themes"]) == 2


def test_a_refused_edit_moves_focus_to_what_is_wrong(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page = open_as("editor", own.listed, refusals=(422,))
    page.keyboard.press("j")
    page.keyboard.press("e")
    form = page.get_by_role("form", name=f"Edit {own.label}")
    expect(form.locator("textarea[name=if]")).to_be_focused()
    for name in ("if", "then", "because"):
        form.locator(f"textarea[name={name}]").fill("")
    page.keyboard.press("Control+Enter")
    problem = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(problem).to_be_focused()
    problem.get_by_role("link").first.press("Enter")
    expect(form.locator("textarea:focus")).to_have_count(1)
    assert own.now()["revision"] == 1


def test_a_statement_page_has_its_neighbours_on_j_and_k(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    page = open_as("viewer", f"/p/{SLUG}/s/1")
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url.endswith("/s/2"))
    page.keyboard.press("k")
    page.wait_for_url(lambda url: url.endswith("/s/1"))


@pytest.mark.parametrize("mode", ["off", "alt"])
def test_single_letters_are_turned_off_or_asked_for_with_alt(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace], mode: str
) -> None:
    own = stated()
    page = open_as("contributor", "/account")
    keys = page.locator(f"input[name=keys][value={mode}]")
    keys.check()
    page.locator("form", has=keys).get_by_role("button", name="Save").click()
    try:
        expect(page.locator("[data-said]")).to_be_visible()
        page.goto(own.listed)
        page.keyboard.press("j")
        expect(page.locator("body")).to_be_focused()
        page.keyboard.press("Alt+j")
        if mode == "alt":
            expect(number(page, own)).to_be_focused()
        else:
            expect(page.locator("body")).to_be_focused()
    finally:
        page.goto("/account")
        page.locator("input[name=keys][value=focus]").check()
        page.locator("form", has=keys).get_by_role("button", name="Save").click()
        expect(page.locator("[data-said]")).to_be_visible()


def test_the_slash_goes_to_the_search_of_the_head_and_enter_finds(open_as, stated):
    own = stated()
    page = open_as("viewer", f"/p/{SLUG}/s/2")
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name="Search this programme")
    expect(box).to_be_focused()
    page.keyboard.type(own.mark)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/p/{SLUG}/search?q={own.mark}")
    expect(page.locator(".found mark")).to_have_text(own.mark)
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=f"Statement {own.label}")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search this programme")).to_be_focused()
