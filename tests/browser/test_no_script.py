"""Without a script every act is a plain form: sign in, filter, write, tag, agree after a conflict, arrange, manage."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.browser.served import SLUG, Served

pytestmark = pytest.mark.browser
HERE = f"/p/{SLUG}"
TOKEN = re.compile(r"^tyb_[\w-]{30,}$")


@pytest.fixture
def plain(open_as: Callable[..., Page]) -> Callable[..., Page]:
    """`plain("editor", "/p/…")` is a page in a browser whose scripts are turned off."""

    def open_one(role: str | None, path: str = "", **more: Any) -> Page:
        return open_as(role, path, java_script_enabled=False, **more)

    return open_one


def said(page: Page, text: str) -> None:
    expect(page.locator("[data-said]")).to_have_text(text)


def field(page: Page, label: str) -> Any:
    return page.get_by_role("main").get_by_label(label, exact=True)


def test_sign_in_filter_and_sign_out(plain: Callable[..., Page], stated: Callable[..., SimpleNamespace]) -> None:
    own = stated()
    page = plain(None, f"{HERE}/theory")
    sign_in(page, "editor", go=False)
    page.wait_for_url(lambda url: url.endswith(f"{HERE}/theory"))
    field(page, "Words in the statement").fill(own.mark)
    page.get_by_role("button", name="Show statements").click()
    expect(page.locator(".bar__count")).to_have_text("1 statement")
    page.get_by_role("link", name=f"Remove filter “{own.mark}”").click()
    page.locator("input[name=state][value=agreed]").check()
    page.get_by_role("button", name="Show statements").click()
    expect(page.get_by_role("list", name="Filters in use")).to_contain_text("Agreed")
    page.get_by_role("button", name="account menu").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{HERE}/theory")
    page.wait_for_url(lambda url: "/sign-in" in url)


def test_add_edit_and_restore(plain: Callable[..., Page], served: Served) -> None:
    page = plain("editor", f"{HERE}/theory")
    page.get_by_role("link", name="Add a statement", exact=True).click()
    page.locator("textarea[name=if]").fill("no script runs")
    page.locator("textarea[name=then]").fill("the form still does")
    page.locator("textarea[name=because]").fill("it is a form")
    page.get_by_text("All themes").click()
    page.locator("label[data-code=O5] input").check()
    page.get_by_role("button", name="Keep the statement").click()
    expect(page.locator("[data-said]")).to_contain_text("is kept as version 1.")
    number = served.api("statements/?ordering=-number&page_size=1")["results"][0]["number"]
    label = f"S{number}"

    page.get_by_role("link", name=f"Edit {label}").click()
    page.locator("textarea[name=then]").fill("the form still works")
    page.locator("textarea[name=reason]").fill("Nearer to it.")
    page.get_by_text("All themes").click()
    page.locator("label[data-code=G4] input").check()
    page.get_by_role("button", name="Save as new version").click()
    said(page, f"{label} saved as version 2.")
    assert served.statement(number)["themes"] == ["G4", "O5"]
    expect(page.locator("#v2 ins").first).to_have_text("works")

    page.get_by_role("link", name="Compare version 1 with now").click()
    expect(page.locator("#compare .diff del")).to_have_text("does")
    page.get_by_text("Restore version 1").click()
    page.locator("#why-1").fill("It was better.")
    page.get_by_role("button", name="Bring the words and themes of version 1 back").click()
    said(page, f"{label} has the words and themes of version 1 again, as version 3.")
    assert served.statement(number)["themes"] == ["O5"]


def test_a_refused_form_comes_back_as_it_was(
    plain: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page = plain("editor", f"{own.edit}?as=sentence", refusals=(422,))
    page.locator("textarea[name=wording]").fill("  ")
    page.locator("textarea[name=reason]").fill("Kept through the refusal.")
    page.get_by_role("button", name="Save as new version").click()
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_visible()
    expect(page.locator("textarea[name=reason]")).to_have_value("Kept through the refusal.")
    assert own.now()["revision"] == 1


@pytest.mark.parametrize("pick", ["", "Theirs", "Mine"])
def test_a_conflict_is_settled(
    plain: Callable[..., Page], stated: Callable[..., SimpleNamespace], served: Served, pick: str
) -> None:
    own = stated()
    page = plain("lead", own.edit, refusals=(409,))
    theirs = served.revise(own.number, wording=own.wording.replace("feel safe", "feel calm"))["wording"]
    page.locator("textarea[name=then]").fill("families welcome them")
    page.locator("textarea[name=reason]").fill("It was said so.")
    page.get_by_role("button", name="Save as new version").click()
    mine = own.wording.replace("families open the door", "families welcome them")
    merged = theirs.replace("families open the door", "families welcome them")
    for part in ("then", "because"):
        if pick:
            page.locator(f"#mg-{part}").get_by_label(pick).check()
    page.get_by_role("button", name="Show the sentence again").click()
    wanted = {"Theirs": theirs, "Mine": mine}.get(pick, merged)
    expect(page.locator("[data-preview-out]")).to_contain_text(wanted.split(", ")[1].removeprefix("then "))
    page.get_by_role("button", name="Save version 3").click()
    expect(page.locator("[data-said]")).to_contain_text(own.label)
    assert own.now()["wording"] == wanted


def test_words_that_both_changed_are_chosen_or_written(
    plain: Callable[..., Page], stated: Callable[..., SimpleNamespace], served: Served
) -> None:
    own = stated()
    page = plain("lead", own.edit, refusals=(409, 422))
    served.revise(own.number, wording=own.wording.replace("open the door", "open up"))
    page.locator("textarea[name=then]").fill("families welcome them")
    page.locator("textarea[name=reason]").fill("It was said so.")
    page.get_by_role("button", name="Save as new version").click()
    page.get_by_role("button", name="Save version 3").click()
    expect(page.get_by_role("alert").filter(has_text="Choose what the outcome shall say")).to_be_visible()
    page.locator("textarea[name=own-then]").fill("families open up and welcome them")
    page.get_by_role("button", name="Save version 3").click()
    expect(page.locator("[data-said]")).to_contain_text(own.label)
    assert own.now()["wording"] == own.wording.replace("open the door", "open up and welcome them")


def test_words_outlive_the_session(plain: Callable[..., Page], stated: Callable[..., SimpleNamespace]) -> None:
    own = stated()
    page = plain(None, refusals=(401, 403))
    sign_in(page, "editor")
    page.goto(own.edit)
    page.locator("textarea[name=then]").fill("families open the door and talk")
    page.locator("textarea[name=reason]").fill("It was said so.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save as new version").click()
    sign_in(page, "editor", go=False)
    page.get_by_role("button", name="Send it again").click()
    said(page, f"{own.label} saved as version 2.")
    assert "open the door and talk" in own.now()["wording"]


def test_retire_and_bring_back(plain: Callable[..., Page], stated: Callable[..., SimpleNamespace]) -> None:
    own = stated()
    page = plain("editor", own.page)
    page.locator("summary", has_text=f"Retire {own.label}").click()
    page.locator("#retire-why").fill("Told twice.")
    page.get_by_role("button", name=f"Retire {own.label}").click()
    said(page, f"{own.label} is retired. Its number and history stay.")
    page.goto(own.listed)
    expect(page.get_by_role("heading", name="No statement meets all of this")).to_be_visible()
    page.goto(own.page)
    page.locator("#res-why").fill("Not twice after all.")
    page.get_by_role("button", name="Bring it back").click()
    said(page, f"{own.label} is back in the working theory, as version 3.")


def test_tag_several_and_paste(
    plain: Callable[..., Page], stated: Callable[..., SimpleNamespace], served: Served
) -> None:
    first = stated()
    second = stated(f"If {first.mark} also comes on Sundays, then doors open, because nobody works.")
    page = plain("editor", first.listed)
    page.get_by_text("Tag several").click()
    for own in (first, second):
        page.locator(f"#s{own.number} .stmt__pick input").check()
    bulk = page.locator("#bulk")
    bulk.get_by_text("All themes").click()
    bulk.locator("label[data-code=P6] input").check()
    bulk.get_by_role("button", name="Add the themes").click()
    said(page, "2 statements tagged.")
    assert [own.now()["themes"] for own in (first, second)] == [["O4", "P6"], ["O4", "P6"]]

    page.get_by_role("link", name="Paste statements").click()
    lines = f"O5 If {first.mark} is pasted, then it is read, because it has codes.\nIf {first.mark} is not ticked."
    page.locator("textarea[name=text]").fill(lines)
    page.get_by_role("button", name="Read the lines").click()
    expect(page.get_by_text("2 statements read.")).to_be_visible()
    page.locator("input[name=take][value='2']").uncheck()
    page.get_by_role("button", name="Add the ticked ones as drafts").click()
    expect(page.locator("[data-said]")).to_contain_text("One draft added")
    found = served.api(f"statements/?search={first.mark}+pasted")["results"]
    assert [each["themes"] for each in found] == [["O5"]]


def test_the_codebook_is_arranged(plain: Callable[..., Page], made_programme: Callable[..., str]) -> None:
    slug = made_programme("A codebook without a script")
    page = plain("editor", f"/p/{slug}/codebook")
    for code, name in (("K", "Kin"), ("L", "Law"), ("M", "Money")):
        page.get_by_role("link", name="Add a theme", exact=True).click()
        field(page, "Code").fill(code)
        field(page, "Name").fill(name)
        page.get_by_role("button", name="Add the theme").click()
        expect(page.get_by_role("heading", name=f"{code} {name}")).to_be_visible()

    page.goto(f"/p/{slug}/codebook?code=M")
    page.locator("#move-parent, select[name=parent]").last.select_option(label="L Law")
    page.get_by_role("button", name="Move M").click()
    expect(page.locator("[data-said]")).to_be_visible()
    expect(page.locator(".cb__one .crumb")).to_contain_text("L Law")

    page.goto(f"/p/{slug}/codebook?code=M")
    page.locator("select[name=into]").select_option(label="K Kin")
    page.get_by_role("button", name="Show what would happen").click()
    page.get_by_role("button", name="Merge M into K").click()
    expect(page.locator("[data-said]")).to_be_visible()
    page.goto(f"/p/{slug}/codebook?code=K")
    expect(page.locator(".cb__one")).to_contain_text("Also known as M Money")


def test_members_roles_and_tokens(plain: Callable[..., Page], made_programme: Callable[..., str]) -> None:
    slug = made_programme("A team without a script")
    page = plain("editor", f"/p/{slug}/settings")
    field(page, "The name they sign in with").fill("outsider")
    members = page.get_by_role("region", name="Members and roles")
    members.get_by_label("Role", exact=True).select_option("viewer")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("[data-said]")).to_contain_text("They are a member now")
    field(page, "Role of Marek Nowak").select_option("contributor")
    page.get_by_role("button", name="Save roles").click()
    expect(field(page, "Role of Marek Nowak")).to_have_value("contributor")
    page.get_by_role("button", name="Remove Marek Nowak").click()
    expect(page.get_by_role("region", name="Table of members")).not_to_contain_text("Marek Nowak")

    page.goto("/account/tokens")
    field(page, "Name").fill(f"without a script {slug}")
    page.get_by_role("button", name="Make a token").click()
    expect(page.locator(".tok .field__input")).to_have_value(TOKEN)
    page.goto("/account/tokens")
    page.get_by_role("button", name=f"Revoke without a script {slug}").click()
    expect(page.get_by_role("main")).not_to_contain_text(f"without a script {slug} read")
