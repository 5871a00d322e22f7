"""Claims about matrices: page and API tell the same, and those of a snapshot count as those of now did."""

from typing import Any

import pytest

from cmo.models import Configuration, Element
from cmo.reading.matrices import COLUMNS, matrices_of
from cmo.reading.matrices_then import matrices_then
from cmo.reading.theory_at import TheoryAt
from cmo.rules.configuring import configure, turn_configuration
from cmo.rules.introducing import introduce, turn_element
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.standing import Placed
from cmo.rules.stating import retire
from tests.factories import many_statements, many_themes
from tests.pages import text
from tests.structure_factories import many_configurations

A, P = "/api/v1/programmes/cse-test", "/p/cse-test"


@pytest.fixture
def full(programme: Any, cast: Any, actor: Any) -> Any:
    """45 configurations with shared elements, themes of both kinds, something lone, something retired of each kind."""
    themes = many_themes(programme, cast.lead, 5)
    statements = many_statements(programme, cast.lead, 50, themes=themes)
    many_configurations(programme, cast.lead, 45, statements=statements, themes=themes)
    by = actor(cast.lead)
    introduce(programme, by=by, kind="outcome", text="Nobody leads here")
    configure(programme, by=by, words={"nickname": "Bare"}, elements=[Placed("outcome", text="Nobody says why")])
    gone = introduce(programme, by=by, kind="context", text="Gone by now")
    turn_element(gone, by=by, base=1, retired=True)
    retire(statements[2], by=by, base=statements[2].revision_number, reason="It was said twice.")
    one = Configuration.objects.get(programme=programme, number=7)
    turn_configuration(one, by=by, base=one.revision_number, retired=True, reason="It was said twice.")
    return programme


@pytest.mark.parametrize("page", [1, 2])
def test_those_of_a_theory_at_a_moment_count_as_those_of_now(full, page):
    now, then = matrices_of(full, page).as_json(), matrices_then(TheoryAt(full), page).as_json()
    assert then == now
    assert all(now["worth_a_look"][kind]["count"] for kind in ("lone", "unexplained", "without_configuration"))
    assert sum(row["total"] for row in now["themes"]) > len(now["configurations"])


def test_the_api_pages_through_the_configurations_in_use(full, api, cast):
    script = api(cast.viewer)
    first = script.get(f"{A}/matrices/").json()
    assert (first["count"], len(first["configurations"]), first["previous"]) == (45, COLUMNS, None)
    second = script.get(first["next"]).json()
    assert [one["configuration"] for one in second["configurations"]] == ["CMO42", "CMO43", "CMO44", "CMO45", "CMO46"]
    assert (second["next"], second["worth_a_look"]) == (None, first["worth_a_look"])
    assert all(len(row["cells"]) == 5 and sum(row["cells"]) == row["total"] for row in second["elements"])
    assert script.get(f"{A}/matrices/?page=3").status_code == 404
    refused = script.get(f"{A}/matrices/?page=none")
    assert (refused.status_code, "page" in refused.json()["errors"]) == (400, True)


def test_the_page_shows_what_the_api_says_now_and_then(full, api, as_, cast, actor):
    script = api(cast.viewer)
    take_snapshot(full, by=actor(cast.lead), name="First", slug="first")
    element = Element.objects.get(programme=full, text="Nobody leads here")
    turn_element(element, by=actor(cast.lead), base=1, retired=True)
    for asked, lone in (("", 0), ("?snapshot=first", 1)):
        told = script.get(f"{A}/matrices/{asked}").json()
        page = as_(cast.viewer).get(f"{P}/matrices{asked}")
        said = text(page)
        assert told["worth_a_look"]["lone"]["count"] == lone
        assert ("Elements outside every configuration" in said) == bool(lone)
        for row in told["elements"][:3]:
            assert " ".join(f"{row['element']} {row['text']}".split()) in said
        assert f'href="{P}/cmo/1{asked}"' in page.content.decode()


def test_a_snapshot_before_any_configuration_says_so(programme, as_, cast, actor):
    take_snapshot(programme, by=actor(cast.lead), name="First", slug="first")
    page = as_(cast.editor).get(f"{P}/matrices?snapshot=first")
    assert "None was in use when this snapshot was taken." in text(page)
    assert "cmo/new" not in page.content.decode().partition("<main")[2].partition("</main>")[0]
