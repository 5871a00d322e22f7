"""Claims about the counts beside the themes of the filter panel."""

import re
from typing import Any

import pytest

from cmo.reading import workbench
from cmo.rules.composing import Words
from cmo.rules.stating import retire, state


@pytest.fixture
def tagged(programme: Any, themes: Any, cast: Any, actor: Any) -> None:
    """Two statements under O, one of which carries two themes there, and a retired one."""
    by = actor(cast.editor)
    state(programme, by=by, words=Words(wording="If a, then b."), themes=[themes["O1"], themes["O4"]])
    state(programme, by=by, words=Words(wording="If c, then d."), themes=[themes["O4"]])
    gone = state(programme, by=by, words=Words(wording="If e, then f."), themes=[themes["O4"]])
    retire(gone, by=by, base=1, reason="Told twice.")


def counts(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="theme" value="([^"]+)".*?<span class="n">([^<]*)</span>', page))


def test_a_statement_counts_once_for_a_theme_and_all_below_it(tagged, as_, cast, programme):
    found = counts(as_(cast.lead).get(f"/p/{programme.slug}/theory").content.decode())
    assert (found["O"], found["O1"], found["O4"], found["C"]) == ("2", "1", "2", "0")


def test_of_very_many_statements_the_count_is_an_upper_bound_and_says_so(tagged, as_, cast, programme, monkeypatch):
    monkeypatch.setattr(workbench, "MOST_COUNTED", 1)
    found = counts(as_(cast.lead).get(f"/p/{programme.slug}/theory").content.decode())
    assert (found["O"], found["O1"], found["O4"], found["C"]) == ("≤ 2", "≤ 1", "2", "0")
