"""Claims about words that no draft keeps: a page is not left without a question, and what is sent needs none."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.served import Served

pytestmark = pytest.mark.browser
SAID = "Which families, and since when?"


def asked(page: Page) -> list[str]:
    """The kinds of questions that the browser asks from now on; each is answered with: stay."""
    met: list[str] = []

    def stay(dialog: Dialog) -> None:
        met.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return met


def test_a_comment_that_was_not_sent_is_not_lost_to_a_link_or_to_another_form(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page = open_as("editor", own.page)
    met = asked(page)
    page.get_by_label("Add to the discussion").fill(SAID)
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Write a memo about").click(no_wait_after=True)
    page.locator("summary", has_text="Retire").click()
    with page.expect_event("dialog"):
        page.get_by_role("button", name=f"Retire {own.label}").click(no_wait_after=True)
    assert met == ["beforeunload"] * 2
    assert page.get_by_label("Add to the discussion").input_value() == SAID
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(f"#threads-{own.label}").get_by_text(SAID)).to_be_visible()
    page.get_by_role("link", name="Write a memo about").click()
    page.wait_for_url(lambda url: "/memos/new" in url)
    assert len(met) == 2
    assert own.now()["state"] != "retired"


def test_my_verdict_is_not_lost_to_that_of_the_team(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace]
) -> None:
    own = stated()
    page = open_as("lead", f"{own.page}/verdicts")
    met = asked(page)
    mine, team = (page.get_by_role("region", name=name) for name in ("My verdict", "State the team"))
    mine.locator("[name=rationale]").fill(SAID)
    team.locator("select[name=verdict]").select_option("supported")
    team.locator("[name=rationale]").fill("All of them say so.")
    with page.expect_event("dialog"):
        team.get_by_role("button").click(no_wait_after=True)
    assert met == ["beforeunload"]
    mine.locator("select[name=verdict]").select_option("refined")
    team.locator("[name=rationale]").fill("")
    mine.get_by_role("button").click()
    expect(page.locator("[data-said]")).to_contain_text("Your verdict on")
    assert len(met) == 1


def test_an_answer_goes_along_onto_the_new_base(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace], served: Served
) -> None:
    own = stated()
    words = own.wording.replace("feel safe", "feel kept")
    change = {"record": own.label, "base": 1, "change": "reworded", "wording": words}
    made = served.api("proposals/", {"reason": "Sharper.", "changes": [change]})
    served.api(f"proposals/{made['number']}/submit/", {}, {"If-Match": f'"{made["revision"]}"'})
    at = own.page.replace(f"s/{own.number}", f"proposals/{made['number']}")
    served.revise(own.number, wording=own.wording.replace("If ", "When "))
    page = open_as("lead", at, java_script_enabled=False)
    page.get_by_label("Agree with changes").check()
    page.get_by_label("Why, in a sentence").fill(SAID)
    page.get_by_role("button", name="Accept as the new base").click()
    expect(page.get_by_text("starts from what stands there now").first).to_be_visible()
    expect(page.get_by_label("Why, in a sentence")).to_have_value(SAID)
    expect(page.get_by_label("Agree with changes")).to_be_checked()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("is answered").first).to_be_visible()
