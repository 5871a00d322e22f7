"""Claims about comparing any two versions of a configuration or an element, inline and side by side."""

import re
from typing import Any

import pytest

from cmo.rules.arranging import add_area
from cmo.rules.configuring import configure, revise_configuration
from cmo.rules.introducing import introduce, revise_element
from cmo.rules.standing import Placed
from tests.pages import text

A, P = "/api/v1/programmes/cse-test", "/p/cse-test"


@pytest.fixture
def moved(programme: Any, cast: Any, actor: Any, statement: Any) -> None:
    """CMO1 in three versions: in the last, E3 left, E4 joined, E1 has other words here, E2 and E5 changed places."""
    by = actor(cast.editor)
    words = ["A worker stays", "Trust grows", "Doors open", "Families ask", "Fear fades"]
    kinds = ["context", "mechanism", "outcome", "outcome", "mechanism"]
    one, two, three, four, five = (
        introduce(programme, by=by, kind=kind, text=said) for kind, said in zip(kinds, words, strict=True)
    )
    first = [Placed("context", one), Placed("mechanism", two), Placed("mechanism", five), Placed("outcome", three)]
    made = configure(programme, by=by, elements=first, words={"plain": "Staying helps."})
    made = revise_configuration(made, by=by, base=1, words={"narrative": "Told."})
    last = [
        Placed("context", one, wording="A worker stays on"), Placed("mechanism", five),
        Placed("mechanism", two, activation="strong"), Placed("outcome", four),
    ]  # fmt: skip
    area = add_area(programme, by=by, title="Trusted relationships")
    said = statement("If a worker stays, then families ask.")
    revise_configuration(
        made, by=by, base=2, elements=last, words={"plain": "Staying on helps."}, statements=[said], area=area
    )


def compared(client: Any, query: str, at: str = "cmo/1") -> str:
    page = client.get(f"{P}/{at}?{query}").content.decode()
    return " ".join(page[page.index('<section id="compare"') : page.index('<section id="history"')].split())


def test_any_two_versions_of_a_configuration_are_compared_inline(moved, cast, as_):
    said = compared(as_(cast.viewer), "from=1&to=3")
    assert "Version 1 to version 3: 1 joined, 1 left, 1 reworded." in said
    for piece in (
        "<ins>E4 Families ask</ins>", "<del>E3 Doors open</del>", "A worker stays<ins> on</ins>",
        "<b>Put in another order</b> E", "<ins>Strong</ins>", "Staying <ins>on </ins>helps.", "<ins>S1</ins>",
        "Theory area <del>none</del> <ins>Trusted relationships</ins>", "<ins>Told.</ins>",
    ):  # fmt: skip
        assert piece in said, piece


def test_and_side_by_side_each_in_its_own_order(moved, cast, as_):
    said = compared(as_(cast.viewer), "from=1&to=3&view=side")
    old, new = said.split('<div class="diff__side">')[1:]
    assert re.findall(r"<span>(E\d)", old) == ["E1", "E2", "E5", "E3"]
    assert re.findall(r"<span>(E\d)", new) == ["E1", "E5", "E2", "E4"]
    assert "<ins>" not in old
    assert "<del>" not in new
    assert "<del>Doors open</del>" in old
    assert "<ins>Families ask</ins>" in new


def test_backwards_the_same_and_without_a_difference(moved, cast, as_):
    client = as_(cast.viewer)
    assert "<ins>E3 Doors open</ins>" in compared(client, "from=3&to=1")
    assert "Both versions say the same." in compared(client, "from=2&to=2")
    assert "<ins>Told.</ins>" in compared(client, "to=2")


@pytest.mark.parametrize("query", ["from=1&to=9", "from=0&to=1", "from=99999999999&to=x"])
def test_a_version_that_there_is_not_is_said_so(query, moved, cast, as_):
    answer = as_(cast.viewer).get(f"{P}/cmo/1?{query}")
    assert answer.status_code == 200
    assert "note--warn" in answer.content.decode() or "Version" in text(answer)


def test_the_api_says_what_the_page_says(moved, cast, api):
    found = api(cast.viewer).get(f"{A}/configurations/1/diff/?from=1&to=3").json()
    assert [one["element"] for one in found["joined"]] == ["E4"]
    assert [one["element"] for one in found["left"]] == ["E3"]
    assert [one["element"] for one in found["reworded"]] == ["E1"]
    assert len(found["reordered"]) == 1
    assert found["refired"][0]["to"] == "strong"
    assert found["statements_added"] == ["S1"]


def test_an_element_is_compared_with_all_that_describes_it(programme, cast, actor, themes, as_):
    by = actor(cast.editor)
    made = introduce(programme, by=by, kind="context", text="A worker stays", themes=[themes["C2"]])
    revise_element(
        made, by=by, base=1, text="A worker stays on", traits={"level": "micro"}, themes=[themes["O4"]], state="agreed"
    )
    client = as_(cast.viewer)
    inline = compared(client, "from=1&to=2", "e/1")
    for piece in ("stays<ins> on</ins>", "<del>C2</del>", "<ins>O4</ins>", "<ins>Micro</ins>", "<ins>Agreed</ins>"):
        assert piece in inline, piece
    old, new = compared(client, "from=1&to=2&view=side", "e/1").split('<div class="diff__side">')[1:]
    assert ("C2" in old, "O4" in old, "O4" in new, "C2" in new) == (True, False, True, False)
    assert ("<del>Draft</del>" in old, "<ins>Agreed</ins>" in new) == (True, True)


def test_the_history_offers_the_comparison_to_all_and_the_restoring_to_writers(moved, cast, as_):
    reader, writer = (as_(who).get(f"{P}/cmo/1").content.decode() for who in (cast.viewer, cast.editor))
    assert 'href="?from=1&amp;to=3#compare"' in reader
    assert "Restore version 1" not in reader
    assert writer.count("Bring the words and elements of version") == 2
    answer = as_(cast.editor).post(f"{P}/cmo/1/restore", {"base": "3", "revision": "1"})
    assert answer.status_code == 302
    assert compared(as_(cast.viewer), "from=1&to=4").count("<ins>E") == 0
