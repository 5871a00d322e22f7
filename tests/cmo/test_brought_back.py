"""Claims about what a restore says: what came back, on the page that follows and in the history."""

import html
import re
from typing import Any

import pytest

from cmo.models import Statement
from cmo.rules.composing import Words
from cmo.rules.stating import revise

SAID = "When plans are told, managers read them, because they are asked to."


@pytest.fixture
def restored(statement: Any, themes: Any, as_: Any, cast: Any, actor: Any) -> Any:
    """`restored(wording=…, themes=…)` changes S1 so, brings version 1 back, and gives the page that follows."""

    def bring_back(themes_then: list[str] | None = None, **words: Any) -> str:
        made = statement(SAID, themes=["O4"])
        carried = None if themes_then is None else [themes[code] for code in themes_then]
        revise(made, by=actor(cast.editor), base=1, words=Words(**words) if words else None, themes=carried)
        page = as_(cast.editor)
        base = Statement.objects.get().revision_number
        sent = page.post("/p/cse-test/s/1/restore", {"base": base, "revision": "1", "reason": "Better."})
        assert sent.status_code == 302
        return " ".join(html.unescape(page.get(sent["Location"]).content.decode()).split())

    return bring_back


WAYS = {
    "words": ({"wording": "If new, then new."}, "the words of version 1", "The words of version 1 came back."),
    "words and themes": (
        {"wording": "If new, then new.", "themes_then": ["C2"]},
        "the words and themes of version 1", "The words and themes of version 1 came back.",
    ),
    "themes": ({"themes_then": ["O4", "C2"]}, "the themes of version 1", "The themes of version 1 came back."),
    "parts": (
        {"wording": SAID, "parts": {"if": "plans are told"}},
        "its parts marked as in version 1", "The parts are marked as in version 1 again.",
    ),
    "parts and themes": (
        {"wording": SAID, "parts": {"if": "plans are told"}, "themes_then": []},
        "the marked parts and themes of version 1", "The marked parts and themes of version 1 came back.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "said", "told"), WAYS.values(), ids=WAYS)
def test_a_restore_says_what_came_back(restored, changed, said, told):
    page = restored(**changed)
    assert f"S1 has {said} again, as version 3." in page
    assert told in page


def test_a_restore_that_changes_nothing_says_so(restored):
    assert "Nothing changed in S1: it has the words and themes of version 1." in restored()


def test_the_first_version_in_the_history_carries_the_mark_of_a_part_without_its_connective(as_, cast, statement):
    statement(SAID)
    page = as_(cast.viewer).get("/p/cse-test/s/1").content.decode()
    first = re.search(r'id="v1".*?<p class="diff">(.*?)</p>', page, re.DOTALL)
    assert first is not None
    assert re.findall(r'mark--(.)" aria-hidden="true">(.)</span> (.*?)</span>', first[1]) == [
        ("c", "C", "When"), ("o", "O", "(then)"), ("m", "M", "because"),
    ]  # fmt: skip
