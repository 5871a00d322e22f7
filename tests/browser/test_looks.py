"""One look for one thing: heads of pages, what is chosen, words that changed since; no line longer than the measure."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.served import SLUG

pytestmark = pytest.mark.browser
HERE = f"/p/{SLUG}"
HEAD = """() => {
  const [h1, dek] = [document.querySelector('h1'), document.querySelector('.dek')], style = getComputedStyle(dek);
  const above = document.querySelector('.crumb')?.getBoundingClientRect().bottom, box = h1.getBoundingClientRect();
  return [above && box.top - above, dek.getBoundingClientRect().top - box.bottom, style.color, style.fontSize]
    .map((each) => typeof each === 'number' ? Math.round(each) : each);
}"""
# The widest line of running text, in px: of paragraphs, and of rows of words, outside tables.
WIDEST = """() => {
  const range = document.createRange();
  const said = [...document.querySelectorAll('main :is(p, .check > span, .rows > li > .serif)')];
  return Math.round(Math.max(...said.map((each) => {
    if (!each.checkVisibility() || each.closest('.vh, .theory, .acts, .meta, .ev__foot, .links, table')) return 0;
    range.selectNodeContents(each);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
    return Math.max(0, ...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left), 9999);
  })));
}"""
STALE = """() => [...new Set([...document.querySelectorAll('.stale')].map((each) => {
  const style = getComputedStyle(each);
  return `${style.color} ${style.fontWeight} ${getComputedStyle(each, '::before').borderTopStyle}`;
}))]"""


def test_what_stands_under_a_heading_looks_the_same_everywhere(open_as: Callable[..., Page]) -> None:
    page, heads = open_as("lead"), {}
    for path in ("sites", "verdicts", "cmo/slots", "lineage", "meetings/next", "areas", "elements", "evidence/guide"):
        page.goto(f"{HERE}/{path}")
        heads[path] = page.evaluate(HEAD)
    assert len({tuple(head) for head in heads.values()}) == 1, heads
    for path in ("memos", "meetings", "rounds", "theory", "codebook", "settings"):  # with no way up above it
        page.goto(f"{HERE}/{path}")
        assert page.evaluate(HEAD)[1:] == heads["sites"][1:], path


def test_the_heading_of_a_gathering_stands_where_others_do(open_as: Callable[..., Page]) -> None:
    page = open_as("lead", f"{HERE}/areas")
    top = page.get_by_role("heading", level=1).bounding_box()
    for path in ("rivals/1", "patterns/1"):
        page.goto(f"{HERE}/{path}")
        here = page.get_by_role("heading", level=1).bounding_box()
        assert top
        assert here
        assert here["y"] == pytest.approx(top["y"], abs=1)


def test_the_chosen_kind_of_a_timeline_looks_chosen(open_as: Callable[..., Page]) -> None:
    page = open_as("viewer", f"{HERE}/lineage?what=merged")
    kinds = page.get_by_role("navigation", name="What is shown").get_by_role("link")
    painted = kinds.evaluate_all("all => all.map((each) => getComputedStyle(each).backgroundColor)")
    chosen = kinds.all_inner_texts().index("Merged")
    assert painted.count(painted[chosen]) == 1


def test_no_line_of_running_text_is_longer_than_the_measure(open_as: Callable[..., Page]) -> None:
    page = open_as("lead", f"{HERE}/lineage")
    measure, hint = 16 * 42, 16 * 2  # a hint and what stands under a heading, in smaller letters, have two more
    for path in ("lineage", "b/8", "cmo/2/verdicts", "s/11?from=3&to=4", "rivals/1", "patterns/1", "x/4", "cmo/7",
                 "meetings/1", "theory/merge?which=S4+S5", "evidence/guide?statements=S5", "rounds/new"):  # fmt: skip
        page.goto(f"{HERE}/{path}")
        assert 0 < page.evaluate(WIDEST) <= measure + hint, path


def test_words_that_changed_since_look_the_same_everywhere(open_as: Callable[..., Page]) -> None:
    page, looks = open_as("lead"), []
    for path in ("s/3", "b/8", "q/1", "evidence/excerpts"):
        page.goto(f"{HERE}/{path}")
        expect(page.locator(".stale").first).to_contain_text("ording changed since")
        looks += page.evaluate(STALE)
    assert len(set(looks)) == 1


def test_tables_show_whole_words_and_hatch_what_is_none(open_as: Callable[..., Page]) -> None:
    page = open_as("viewer", f"{HERE}/verdicts")
    words = page.locator(".verdict-table td.serif").all_inner_texts()
    assert len(words) > 20
    assert not [each for each in words if each.endswith("…")]
    page.goto(f"{HERE}/matrices")
    assert not [each for each in page.locator(".matrix tbody th").all_inner_texts() if "…" in each]
    assert "0" not in page.locator(".matrix tbody td:not(.h0)").all_inner_texts()
    assert page.locator(".matrix .h0").first.evaluate("one => getComputedStyle(one).backgroundImage !== 'none'")


def test_a_list_to_pick_from_says_how_long_it_is(open_as: Callable[..., Page]) -> None:
    page = open_as("lead", f"{HERE}/evidence/guide")
    offered = page.locator(".pickable .check")
    expect(page.locator("legend", has_text="Statements")).to_have_text(f"Statements {offered.count()}")


def test_labels_of_a_filter_stand_above_their_fields(open_as: Callable[..., Page]) -> None:
    page = open_as("viewer", f"{HERE}/evidence/excerpts", viewport={"width": 390, "height": 900})
    for name in ("Words", "Site", "Stance"):
        label, field = page.locator("main label", has_text=name).bounding_box(), page.get_by_label(name).bounding_box()
        assert label
        assert field
        assert label["x"] == field["x"]
        assert label["y"] + label["height"] <= field["y"] + 1
