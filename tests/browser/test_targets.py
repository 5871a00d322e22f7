"""What axe cannot see: targets that are large enough, focus that is never hidden under something."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, WIDE, edit_in_place
from tests.browser.served import SLUG

pytestmark = pytest.mark.browser
HERE = f"/p/{SLUG}"
TARGETS = """() => [...document.querySelectorAll('a[href], button, input, select, summary, textarea')]
  .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.closest('.vh, .skip'))
  .map((each) => {
    const box = (each.closest('label.check') ?? each).getBoundingClientRect();
    const inline = getComputedStyle(each).display === 'inline' && each.closest('p, li, dd, td, th, h3, span');
    return {box, inline, html: each.outerHTML.slice(0, 120)};
  })
  .filter(({box, inline}) => !inline && (box.width < 24 || box.height < 24) && box.width * box.height > 1)
  .map(({box, html}) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`)"""

PRESSED = """() => [...document.querySelectorAll('button, input, select, summary, .btn, .chip .x, .switch a')]
  .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.closest('.vh, .skip'))
  .map((each) => [(each.closest('label') ?? each).getBoundingClientRect(), each.outerHTML.slice(0, 120)])
  .filter(([box]) => box.width * box.height > 1 && box.height < 43.5)
  .map(([box, html]) => `${Math.round(box.height)} ${html}`)"""

HIDDEN = """() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return '';
  const boxes = [...focused.getClientRects()];
  const seen = boxes.some((box) => {
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return false;
    const top = document.elementFromPoint(x, y);
    return top && (focused.contains(top) || top.contains(focused) || top.closest('label')?.contains(focused));
  });
  const style = getComputedStyle(focused);
  const ring = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  return seen && ring ? '' : `${seen ? 'no ring' : 'hidden'}: ${focused.outerHTML.slice(0, 140)}`;
}"""


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440 px", "390 px"])
def test_targets_of_the_workbench_are_large_enough(
    open_as: Callable[..., Page], stated: Callable[..., SimpleNamespace], size: Any
) -> None:
    own = stated()
    page = open_as("editor", own.listed, viewport=size)
    edit_in_place(page, own)
    assert page.evaluate(TARGETS) == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440 px", "390 px"])
@pytest.mark.parametrize("path", [f"{HERE}/theory?theme=G4", f"{HERE}/s/2", f"{HERE}/codebook?code=O4", f"{HERE}/"])
def test_focus_is_never_hidden(open_as: Callable[..., Page], size: Any, path: str) -> None:
    page = open_as("lead", path, viewport=size)
    hidden = []
    for key in ("Tab", "Shift+Tab"):
        for _at in range(45):
            page.keyboard.press(key)
            if said := page.evaluate(HIDDEN):
                hidden.append(said)
        page.evaluate("() => document.querySelector('footer a').focus()")
    assert hidden == []


@pytest.mark.parametrize(
    "path",
    ["/", f"{HERE}/settings", f"{HERE}/evidence/excerpts?site=la1", f"{HERE}/s/2/edit", f"{HERE}/theory?theme=G4",
     f"{HERE}/cmo/slots", f"{HERE}/proposals", f"{HERE}/x/1"],
)  # fmt: skip
def test_what_is_pressed_with_a_finger_is_44_px_high(open_as: Callable[..., Page], path: str) -> None:
    page = open_as("lead", path, viewport=NARROW, has_touch=True, is_mobile=True)
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    assert page.evaluate(PRESSED) == []
