"""Words longer than a telephone is wide: an address, a Welsh place name. No page scrolls sideways for them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import SIDEWAYS
from tests.browser.conftest import SMALLEST
from tests.browser.served import Served

pytestmark = pytest.mark.browser
ADDRESS = "https://doi.org/10.1177/13563890241267732"
PLACE = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
ONE, TWO = f"If {PLACE} is told of {ADDRESS} early, ", f"then {PLACE} takes part, because {PLACE} trusts {ADDRESS}."
PAGES = """
    theory theory?search=Llanfair s/1 s/1?from=1&to=2&view=side s/1?from=1&to=2&view=inline s/1/edit?as=parts
    s/1/edit?as=sentence s/1/propose s/1/why s/1/split s/1/verdicts theory/merge?which=S1+S2 theory/paste lineage
    search?q=Llanfair areas codebook codebook?code=T1 cmo cmo/1 cmo/1/edit cmo/1/evidence cmo/slots map?at=CMO1
    elements e/1 e/1/edit matrices rivals/1 rivals/1/edit patterns/1 patterns/1/edit proposals proposals/1
    proposals/1?view=side reviews threads threads/1 memos memos/1 memos/1/edit meetings meetings/1 meetings/next
    rounds rounds/1 rounds/new evidence sites q/1 q/1/edit q/1/paste x/1 x/1/edit b/1 b/1/edit evidence/maps
    evidence/excerpts evidence/guide evidence/guide?statements=S1 phases verdicts snapshots/before ?snapshot=before
    s/1?snapshot=before verdicts?snapshot=before settings
"""

# Words of at most fifteen letters that stand on two lines, except where a table's head is there to be heard alone.
BROKEN = r"""() => {
  const found = new Set(), range = document.createRange();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const [around, unseen] = [text.parentElement, ".vh, svg, option, script, textarea, .cmptable thead"];
    if (!around.checkVisibility({visibilityProperty: true}) || around.closest(unseen)) continue;
    for (const token of text.data.matchAll(/\S+/g)) for (const word of token[0].matchAll(/[\p{L}\p{N}]+/gu)) {
      if (token[0].length > 15) continue;
      range.setStart(text, token.index + word.index);
      range.setEnd(text, token.index + word.index + word[0].length);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
      if (boxes.some((box) => box.top > boxes[0].top + 8)) found.add(`${word[0]} in ${around.className}`);
    }
  }
  return [...found];
}"""


@pytest.fixture(scope="module")
def written(served: Served, made_programme: Callable[..., str]) -> str:
    """The address of a programme in which everything has long words."""
    slug = made_programme(f"Work in {PLACE}")
    at = f"/programmes/{slug}/"
    for key, noun in (("title", "areas"), ("name", "sites")):
        served.api(f"{at}{noun}/", {key: PLACE})
    area = served.api(f"{at}areas/")["results"][0]["slug"]
    site = served.api(f"{at}sites/")["results"][0]["slug"]
    served.api(f"{at}themes/", {"code": "T1", "name": PLACE, "definition": f"{PLACE} {ADDRESS}", "example": ADDRESS})
    for _each in "ab":
        served.api(f"{at}statements/", {"wording": ONE + TWO, "area": area, "themes": ["T1"], "reason": ADDRESS})
    phase = served.api(f"{at}phases/", {"title": PLACE, "kind": "gleaning"})
    served.api(f"{at}phases/{phase['slug']}/open/", {}, {"If-Match": f'"{phase["revision"]}"'})
    placed = [
        {"role": kind, "element": served.api(f"{at}elements/", {"kind": kind, "text": f"{PLACE} {ADDRESS}"})["label"]}
        for kind in ("context", "mechanism", "outcome")
    ]
    for _each in "ab":
        made = {"nickname": PLACE, "elements": placed, "area": area, "statements": ["S1"]}
        served.api(f"{at}configurations/", made)
    both = {"configurations": ["CMO1", "CMO2"], "reason": ADDRESS}
    served.api(f"{at}rival-groups/", {"title": PLACE, "outcome": "E3", "rationale": ADDRESS, **both})
    served.api(f"{at}demi-regularities/", {"text": f"{PLACE} {ADDRESS}", "moderators": PLACE, **both})
    served.api(f"{at}sources/", {"kind": "literature", "citation": f"{PLACE} {ADDRESS}", "site": site})
    passage = {"source": "Q1", "text": f"{PLACE} {ADDRESS}", "locator": PLACE, "themes": ["T1"]}
    served.api(f"{at}excerpts/", passage)
    served.api(f"{at}bearings/", {"excerpt": "X1", "on": "S1", "stance": "supports", "note": ADDRESS})
    found = {"verdict": "supported", "rationale": f"{PLACE} {ADDRESS}"}
    served.api(f"{at}verdicts/", {"record": "S1", **found})
    served.api(f"{at}snapshots/", {"name": PLACE, "slug": "before", "description": f"{PLACE} {ADDRESS}"})
    served.change(f"{at}statements/1/", {"wording": ONE + TWO.replace("takes", "takes a"), "reason": ADDRESS})
    served.api(f"{at}comments/", {"on": "S1", "text": f"{PLACE} {ADDRESS}", "quote": PLACE, "part": "if"})
    changed = {"record": "S1", "base": 2, "wording": (ONE + TWO).replace("early", ADDRESS)}
    served.api(f"{at}proposals/", {"changes": [changed], "title": PLACE, "reason": f"{PLACE} {ADDRESS}"})
    served.api(f"{at}memos/", {"title": PLACE, "text": f"{PLACE} {ADDRESS}", "on": ["S1"]})
    served.api(f"{at}meetings/", {"title": PLACE, "notes": f"{PLACE} {ADDRESS}", "held": "2025-03-01"})
    asked = {"kind": "scale", "statements": [{"statement": "S1", "revision": 2}]}
    served.api(f"{at}rounds/", {"title": PLACE, "question": ADDRESS, **asked})
    return f"/p/{slug}"


def test_a_long_word_breaks_and_an_ordinary_one_does_not(written: str, open_as: Callable[..., Page]) -> None:
    page, wide, broken = open_as("editor", viewport=SMALLEST), {}, {}
    for path in ("/", *(f"{written}/{path}" for path in ["", *PAGES.split()])):
        answer = page.goto(path)
        assert answer
        assert answer.ok, path
        if over := page.evaluate(SIDEWAYS):
            wide[path] = over
        if words := page.evaluate(BROKEN):
            broken[path] = words
    assert (wide, broken) == ({}, {})
