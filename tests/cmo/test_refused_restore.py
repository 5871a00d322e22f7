"""Claims about a restore that is refused: its form stands open where it was sent, with what is wrong."""

import re
from typing import Any

import pytest

from cmo.rules.composing import Words
from cmo.rules.configuring import configure, revise_configuration
from cmo.rules.introducing import introduce, revise_element
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.standing import Placed
from cmo.rules.stating import revise, state


@pytest.fixture
def addresses(programme: Any, cast: Any, actor: Any) -> dict[str, str]:
    """A statement, an element and a configuration with two versions each, and a snapshot: changes say why."""
    by, lead = actor(cast.editor), actor(cast.lead)
    first = state(programme, by=by, words=Words(wording="If a, then b."))
    revise(first, by=by, base=1, words=Words(wording="If a, then c."))
    element = introduce(programme, by=by, kind="context", text="managers have time")
    made = configure(programme, by=by, words={"plain": "Time helps."}, elements=[Placed("context", element)])
    revise_element(element, by=by, base=1, text="managers take time")
    revise_configuration(made, by=by, base=1, words={"plain": "Time helps much."})
    take_snapshot(programme, by=lead, name="Then")
    return {"s": f"/p/{programme.slug}/s/1", "e": f"/p/{programme.slug}/e/1", "cmo": f"/p/{programme.slug}/cmo/1"}


@pytest.mark.parametrize("kind", ["s", "e", "cmo"])
def test_it_stands_open_at_its_version(kind: str, addresses: dict[str, str], as_: Any, cast: Any) -> None:
    page = as_(cast.editor)
    sent = {"base": "2", "revision": "1", "reason": " "}
    answer = page.post(f"{addresses[kind]}/restore", sent)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'<li><a href="#why-1">Say why;', shown)
    form = shown[shown.index("Restore version 1") - 60 : shown.index('id="why-1"') + 200]
    assert '<details class="fold" open>' in form
    assert 'aria-invalid="true" aria-describedby="why-1-e"' in form
    assert "Say why;" in form
