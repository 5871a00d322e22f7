"""Every page in every state: no violation that axe can find, no sideways scroll.

A state is opened once and looked at in light and in dark and on the narrowest screen, without loading it again.
"""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import look
from tests.browser.conftest import PATIENCE, REFUSED, WIDE, edit_in_place, sign_in
from tests.browser.served import SLUG, Served
from tests.conftest import watch

pytestmark = pytest.mark.browser
HERE = f"/p/{SLUG}"
REFUSALS = {"400", "403", "404", "422"}  # that some of the pages are
PAGES = [
    ("nobody", "/sign-in"),
    ("nobody", "/password/forgotten"),
    ("nobody", "/password/asked"),
    ("nobody", "/help"),
    ("nobody", "/accessibility"),
    ("outsider", "/"),
    ("lead", "/"),
    ("lead", "/programmes/new"),
    ("lead", f"{HERE}/"),
    ("lead", f"{HERE}/theory"),
    ("viewer", f"{HERE}/theory?search=no+such+words"),
    ("viewer", f"{HERE}/theory?page=99"),
    ("lead", "/search?q=policies+team"),
    ("viewer", "/search?q=zebra+policies&kind=theme"),
    ("outsider", "/search"),
    ("lead", f"{HERE}/search?q=policies+team"),
    ("viewer", f"{HERE}/search?q=S7+O3.10"),
    ("viewer", f"{HERE}/search?q=zebra+policies&kind=theme"),
    ("viewer", f"{HERE}/search"),
    ("viewer", f"{HERE}/s/2"),
    ("lead", f"{HERE}/s/2?from=1&to=3&view=inline"),
    ("lead", f"{HERE}/s/2?from=1&to=3&view=side"),
    ("lead", f"{HERE}/s/2/edit?as=parts"),
    ("lead", f"{HERE}/s/2/edit?as=sentence"),
    ("lead", f"{HERE}/s/new"),
    ("lead", f"{HERE}/theory/paste"),
    ("lead", f"{HERE}/map?at=CMO5"),
    ("viewer", f"{HERE}/map?area=implementation-plans&rest=fade&at=E20&layout=area"),
    ("viewer", f"{HERE}/map?search=no+such+words"),
    ("viewer", f"{HERE}/map?focus=E20&depth=9"),
    ("lead", f"{HERE}/codebook"),
    ("lead", f"{HERE}/codebook?code=O4"),
    ("lead", f"{HERE}/codebook?code=new"),
    ("lead", f"{HERE}/cmo"),
    ("viewer", f"{HERE}/cmo?incomplete=mechanism&search=guidance"),
    ("viewer", f"{HERE}/cmo?search=no+such+words"),
    ("lead", f"{HERE}/cmo/7"),
    ("viewer", f"{HERE}/cmo/8"),
    ("lead", f"{HERE}/cmo/7/edit"),
    ("lead", f"{HERE}/cmo/new?from=S7"),
    ("lead", f"{HERE}/cmo/slots"),
    ("viewer", f"{HERE}/cmo/slots"),
    ("lead", f"{HERE}/elements"),
    ("lead", f"{HERE}/e/20"),
    ("lead", f"{HERE}/e/20/edit"),
    ("lead", f"{HERE}/e/new"),
    ("lead", f"{HERE}/matrices"),
    ("lead", f"{HERE}/rivals/1"),
    ("lead", f"{HERE}/rivals/1/edit"),
    ("lead", f"{HERE}/patterns/1"),
    ("lead", f"{HERE}/patterns/1/edit"),
    ("lead", f"{HERE}/areas"),
    ("lead", f"{HERE}/proposals"),
    ("viewer", f"{HERE}/proposals/1"),
    ("lead", f"{HERE}/proposals/3?view=side"),
    ("editor", f"{HERE}/proposals/4"),
    ("editor", f"{HERE}/reviews"),
    ("outsider", f"{HERE}/reviews"),
    ("contributor", f"{HERE}/s/3/propose"),
    ("contributor", f"{HERE}/s/3/propose/turn?revision=1"),
    ("contributor", f"{HERE}/cmo/7/propose"),
    ("lead", f"{HERE}/threads"),
    ("lead", f"{HERE}/threads/1"),
    ("lead", f"{HERE}/memos"),
    ("lead", f"{HERE}/memos/new?on=S3"),
    ("lead", f"{HERE}/meetings"),
    ("lead", f"{HERE}/meetings/1"),
    ("lead", f"{HERE}/meetings/new"),
    ("lead", f"{HERE}/rounds"),
    ("lead", f"{HERE}/rounds/new"),
    ("lead", f"{HERE}/lineage"),
    ("lead", f"{HERE}/theory/merge?which=S4+S5"),
    ("lead", f"{HERE}/phases"),
    ("viewer", f"{HERE}/phases?by=kind"),
    ("lead", f"{HERE}/phases?act=close"),
    ("viewer", f"{HERE}/?snapshot=initial-programme-theory"),
    ("viewer", f"{HERE}/s/5/why?snapshot=initial-programme-theory"),
    ("viewer", f"{HERE}/verdicts?snapshot=initial-programme-theory"),
    ("viewer", f"{HERE}/lineage?snapshot=initial-programme-theory"),
    ("viewer", f"{HERE}/search?q=guidance&snapshot=initial-programme-theory"),
    ("viewer", f"{HERE}/areas?snapshot=initial-programme-theory"),
    ("viewer", f"{HERE}/evidence?snapshot=initial-programme-theory"),
    ("viewer", f"{HERE}/snapshots/initial-programme-theory"),
    ("viewer", f"{HERE}/s/4?snapshot=initial-programme-theory"),
    ("viewer", f"{HERE}/codebook?snapshot=initial-programme-theory"),
    ("viewer", f"{HERE}/verdicts"),
    ("lead", f"{HERE}/s/4/verdicts"),
    ("lead", f"{HERE}/s/4/split"),
    ("lead", f"{HERE}/cmo/7/refine"),
    ("viewer", f"{HERE}/s/4/why"),
    ("lead", f"{HERE}/s/12?stance=unclear"),
    ("lead", f"{HERE}/q/24"),
    ("viewer", f"{HERE}/q/7"),
    ("lead", f"{HERE}/evidence/maps"),
    ("viewer", f"{HERE}/evidence/excerpts?site=la1"),
    ("viewer", f"{HERE}/evidence/excerpts?on=S2"),
    ("lead", f"{HERE}/evidence/guide"),
    ("lead", f"{HERE}/evidence/guide?statements=S5,S10"),
    ("viewer", f"{HERE}/evidence/guide?statements=S99"),
    ("lead", f"{HERE}/settings"),
    ("viewer", f"{HERE}/settings"),
    ("lead", "/account"),
    ("lead", "/account/tokens"),
    ("lead", "/api/v1/docs/"),
    ("lead", "/p/no-such-programme/"),
    ("lead", f"{HERE}/no-such-page"),
    ("viewer", f"{HERE}/s/2/edit"),
]


@pytest.fixture(scope="module")
def turned_to(
    served: Served, browser: Browser, signed_in: Callable[[str], Any]
) -> Iterator[Callable[[str, str], tuple[Page, list[str]]]]:
    """`turned_to("lead", "/p/…")` is that page and what it did wrong by then, in the one browser that the lead has
    here: with a browser for each page, a sixth of the time goes into opening it."""
    opened: dict[str, tuple[Page, list[str]]] = {}

    def turn(role: str, path: str) -> tuple[Page, list[str]]:
        if role not in opened:
            state = None if role == "nobody" else signed_in(role)
            page = browser.new_context(base_url=served.url, storage_state=state, reduced_motion="reduce").new_page()
            page.set_default_navigation_timeout(2 * PATIENCE)
            opened[role] = page, []
            watch(page, served.url, opened[role][1])
        page, found = opened[role]
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        found.clear()
        page.goto(path)
        return page, found

    yield turn
    for page, _found in opened.values():
        page.context.close()


@pytest.mark.parametrize(("role", "path"), PAGES, ids=[f"{role} {path}" for role, path in PAGES])
def test_a_page_as_it_opens(turned_to: Callable[[str, str], tuple[Page, list[str]]], role: str, path: str) -> None:
    page, wrong = turned_to(role, path)
    assert look(page) == []
    assert [said for said in wrong if not ((told := REFUSED.search(said)) and told[1] in REFUSALS)] == []


def test_an_empty_programme(open_as: Callable[..., Page], made_programme: Callable[..., str]) -> None:
    slug = made_programme("Nothing in it yet")
    page = open_as("editor")
    found = []
    for path in ("", "theory", "cmo", "elements", "matrices", "codebook", "areas", "settings"):
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        page.goto(f"/p/{slug}/{path}")
        found += look(page)
    assert found == []


def _wrong_password(page: Page, own: SimpleNamespace) -> None:
    page.goto("/sign-in")
    page.get_by_label("Name or e-mail address").fill("nobody at all")
    page.get_by_label("Password", exact=True).fill("guessed")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_focused()


def _signed_out_while_writing(page: Page, own: SimpleNamespace) -> None:
    sign_in(page, "editor")
    page.goto(own.edit)
    page.locator("textarea[name=then]").fill("families open the door to anybody")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save as new version").click()
    expect(page.get_by_text("Nothing you wrote is lost")).to_be_visible()


def _carrying_on(page: Page, own: SimpleNamespace) -> None:
    _signed_out_while_writing(page, own)
    sign_in(page, "editor", go=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your form is still here")


def _editing_in_place(page: Page, own: SimpleNamespace) -> None:
    page.goto(own.listed)
    form = edit_in_place(page, own)
    form.locator("textarea[name=then]").fill("families open up")
    expect(form.locator("[data-preview-out] ins")).to_have_text("up")
    form.get_by_label("Find a theme by code or name").fill("O")


def _errors_in_place(page: Page, own: SimpleNamespace) -> None:
    page.goto(own.listed)
    form = edit_in_place(page, own)
    for name in ("if", "then", "because"):
        form.locator(f"textarea[name={name}]").fill("")
    form.get_by_role("button", name="Save as new version").click()
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_focused()


def _errors_on_the_edit_page(page: Page, own: SimpleNamespace) -> None:
    page.goto(f"{own.edit}?as=sentence")
    page.locator("textarea[name=wording]").fill("")
    page.get_by_role("button", name="Save as new version").click()
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_focused()


def _tagging_several(page: Page, own: SimpleNamespace) -> None:
    page.goto(own.listed)
    page.get_by_text("Tag several").click()
    page.locator(".stmt__pick input").check()


def _filter_opened(page: Page, own: SimpleNamespace) -> None:
    page.goto(f"{HERE}/theory?theme=O4&state=agreed")
    page.get_by_text("Keyboard", exact=True).first.click()


def _with_a_draft_on_home(page: Page, own: SimpleNamespace) -> None:
    page.goto(own.edit)
    with page.expect_response(lambda answer: answer.url.endswith("/draft")):
        page.locator("textarea[name=then]").fill("families open up")
    page.goto("/")
    expect(page.get_by_role("heading", name="Your drafts")).to_be_visible()


def _pasted(page: Page, own: SimpleNamespace) -> None:
    page.goto(f"{HERE}/theory/paste")
    lines = f"O4 If a, then b, because c.\nIf x, then y. ZZ9\n{own.wording}\nNo parts in here"
    page.get_by_label("One statement to a line").fill(lines)
    page.get_by_role("button", name="Read the lines").click()
    expect(page.get_by_text("4 statements read.")).to_be_visible()


def _shown_merge(page: Page, own: SimpleNamespace) -> None:
    page.goto(f"{HERE}/codebook?code=O4")
    page.get_by_label("Merge it into").select_option(index=3)
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_role("table", name="In use")).to_be_visible()


def _new_token(page: Page, own: SimpleNamespace) -> None:
    page.goto("/account/tokens")
    page.get_by_label("Name", exact=True).fill(f"axe {own.mark}")
    page.get_by_role("button", name="Make a token").click()
    expect(page.locator(".tok .field__input")).to_be_visible()


def _account_with_errors(page: Page, own: SimpleNamespace) -> None:
    page.goto("/account")
    page.get_by_label("Your password now").fill("not this")
    page.get_by_label("New password", exact=True).fill("a new one for the test")
    page.get_by_label("New password again").fill("another one for the test")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_focused()


def _retired(page: Page, own: SimpleNamespace) -> None:
    page.goto(own.page)
    page.locator("summary", has_text="Retire").click()
    page.locator("#retire-why").fill("Told twice.")
    page.get_by_role("button", name=f"Retire {own.label}").click()
    expect(page.locator("[data-said]")).to_contain_text("is retired")


def _menus_open(page: Page, own: SimpleNamespace) -> None:
    page.goto(f"{HERE}/theory")
    page.get_by_role("button", name="account menu").click()
    expect(page.get_by_role("navigation", name="Your account")).to_be_visible()


def _nothing_found(page: Page, own: SimpleNamespace) -> None:
    page.goto(f"{HERE}/theory?search=guidence&state=draft&theme=G4")
    expect(page.get_by_text("Did you mean")).to_be_visible()


def _adding_a_theme(page: Page, own: SimpleNamespace) -> None:
    page.goto(own.edit)
    page.get_by_label("Find a theme by code or name").fill("nothing like it")
    page.get_by_role("button", name="Add “nothing like it” to the codebook").click()
    page.get_by_label("Code, if it has one").fill("O4")
    page.get_by_role("button", name="Add it, and put it on the statement").click()
    expect(page.get_by_role("alert").filter(has_text="O4 is the code of")).to_be_visible()


def _seen_before_it_is_made(page: Page, own: SimpleNamespace) -> None:
    page.goto("/programmes/new")
    page.get_by_label("Name", exact=True).fill("Not made yet")
    page.get_by_label("Paste what you have").fill("O1 If a, then b, because c.\nNo parts.")
    page.get_by_role("button", name="See what will be made").click()
    expect(page.get_by_role("heading", name="What will be made")).to_be_focused()


STATES = [
    (None, _wrong_password),
    (None, _signed_out_while_writing),
    (None, _carrying_on),
    ("editor", _editing_in_place),
    ("editor", _errors_in_place),
    ("editor", _errors_on_the_edit_page),
    ("editor", _tagging_several),
    ("editor", _filter_opened),
    ("editor", _with_a_draft_on_home),
    ("editor", _pasted),
    ("lead", _shown_merge),
    ("lead", _new_token),
    ("lead", _account_with_errors),
    ("editor", _retired),
    ("editor", _menus_open),
    ("editor", _nothing_found),
    ("editor", _adding_a_theme),
    ("editor", _seen_before_it_is_made),
]


@pytest.mark.parametrize(("role", "reach"), STATES, ids=[reach.__name__.strip("_") for _role, reach in STATES])
def test_a_page_in_the_middle_of_something(
    open_as: Callable[..., Page],
    stated: Callable[..., SimpleNamespace],
    role: str | None,
    reach: Callable[[Page, SimpleNamespace], None],
) -> None:
    page = open_as(role, refusals=(401, 403, 422))
    reach(page, stated())
    assert look(page) == []


@pytest.mark.parametrize("overlap", [False, True], ids=["clean", "with marks"])
def test_a_conflict(
    served: Served, open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace], overlap: bool
) -> None:
    own = stated()
    page = open_as("editor", own.edit, refusals=(409,))
    other = ("open the door", "let them in") if overlap else ("feel safe", "feel calm")
    served.revise(own.number, wording=own.wording.replace(*other))
    page.locator("textarea[name=then]").fill("families welcome them")
    page.get_by_role("button", name="Save as new version").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("before you")
    assert look(page) == []


@pytest.mark.parametrize(
    ("code", "context"),
    [
        (500, {"id": "abc123"}),
        (503, {"path": "/here", "posted": True, "kept": [("reason", "abc123")], "words": [("Reason", "abc123")]}),
    ],
)
def test_the_page_of_a_broken_or_busy_server(
    served: Served, open_as: Callable[..., Page], code: int, context: dict[str, Any]
) -> None:
    """What is answered then, put into the place of a page: a healthy server shows it to nobody."""
    asked = f"from django.template.loader import render_to_string as r; print(r('{code}.html', {context!r}))"
    broken = served.manage("shell", "--no-imports", "-c", asked)
    page = open_as("lead", refusals=(code,))
    page.route("**/broken", lambda route: route.fulfill(status=code, content_type="text/html", body=broken))
    page.goto("/broken")
    expect(page.get_by_text("abc123")).to_be_visible()
    assert look(page) == []
