"""Claims about a theory of 2,000 elements and one that loops: it opens filtered, and every walk ends."""

from typing import Any

import pytest

from cmo.models import Element
from cmo.rules.arranging import add_area
from cmo.rules.configuring import configure
from cmo.rules.introducing import introduce
from cmo.rules.standing import Placed
from cmo.views import theory_map
from tests.pages import text
from tests.structure_factories import many_configurations

PAGE = "/p/cse-test/map"
API = "/api/v1/programmes/cse-test/map/"


def shown(answer: Any) -> list[str]:
    return sorted(one["id"] for one in answer.json()["configurations"])


def test_two_thousand_elements_open_filtered_and_are_walked_step_by_step(programme, cast, actor, as_, api):
    by = actor(cast.editor)
    areas = [add_area(programme, by=by, title=f"Area {at}") for at in range(1, 21)]
    many_configurations(programme, cast.editor, 1400, areas=areas)
    n = Element.objects.count()
    assert n > 2000
    page, script = as_(cast.viewer), api(cast.viewer)
    opened = page.get(PAGE)
    assert f"{n} elements are too many for one drawing; here is “Area 1”" in text(opened)
    assert opened.content.decode().count("data-cmo=") == 70
    assert len(opened.content) < 1_500_000
    everything = page.get(f"{PAGE}?state=draft,agreed")
    assert everything.content.decode().count("data-cmo=") == theory_map.MOST
    near = [set(shown(script.get(f"{API}?focus=CMO700&depth={depth}"))) for depth in (1, 2, 3)]
    assert {"CMO700"} < near[0] <= near[1] <= near[2]
    assert len(near[2]) < 20
    assert len(script.get(API).json()["nodes"]) == n
    assert script.get(f"{API}?focus=CMO700&depth=4").status_code == 400


@pytest.mark.parametrize("length", [1, 2, 3, 40])
def test_a_theory_that_loops_is_walked_once_round(length, programme, cast, actor, as_, api):
    by = actor(cast.editor)
    joints = [introduce(programme, by=by, kind="outcome", text=f"change {at}") for at in range(length)]
    for at in range(length):
        standing = [Placed("context", joints[at]), Placed("outcome", joints[(at + 1) % length])]
        configure(programme, by=by, elements=standing)
    whole = sorted(f"CMO{at + 1}" for at in range(length))
    script = api(cast.viewer)
    assert shown(script.get(f"{API}?chain=CMO1")) == whole
    told = [edge for edge in script.get(API).json()["edges"] if edge["kind"] == "ripple"]
    assert len(told) == length
    for depth in (1, 2, 3):
        assert len(shown(script.get(f"{API}?focus=CMO1&depth={depth}"))) == min(length, 1 + 2 * depth)
    for query in ("chain=CMO1", "focus=E1&depth=3", "layout=area", "at=CMO1"):
        assert as_(cast.viewer).get(f"{PAGE}?{query}").status_code == 200
    for name in ("svg", "graphml", "dot", "mermaid", "csv"):
        assert script.get(f"{API}?as={name}&chain=CMO1").status_code == 200
