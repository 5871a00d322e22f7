"""Claims about the map: what is drawn for a question, by page and API alike, large maps, and places of one's own."""

import csv
import json
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from PIL import Image

from cmo.figures import configuration_svg
from cmo.models import Configuration, ConfigurationElement, Element, MapPosition
from cmo.reading.configurations import configuration_row, ripples_of
from cmo.reading.slots import slots_of
from cmo.reading.theory_map import graph_of
from cmo.rules.configuring import configure, turn_configuration
from cmo.rules.indexing import element_entry
from cmo.rules.introducing import introduce
from cmo.rules.linking import link
from cmo.rules.placing import forget_places, put_on_map
from cmo.rules.standing import Placed
from cmo.views import theory_map
from programmes.models import AuditEvent
from programmes.rules.indexing import index
from tests.pages import text

PAGE = "/p/cse-test/map"
API = "/api/v1/programmes/cse-test/map/"


@pytest.fixture
def theory(programme: Any, cast: Any, actor: Any, area: Any, themes: Any, statement: Any) -> Any:
    """CMO1 → CMO2 → CMO3 → CMO2 by ripples, CMO4 alone and contradicting CMO1, CMO5 retired."""
    by = actor(cast.editor)
    one = area("Trust")

    def element(kind: str, words: str, **more: Any) -> Element:
        return introduce(programme, by=by, kind=kind, text=words, **more)

    door = element("context", "A door is open", traits={"polarity": "facilitating"}, themes=[themes["O4"]])
    visit = element("outcome", "Families visit", traits={"sign": "positive"})
    trust = element("outcome", "Trust grows", traits={"sign": "negative"}, themes=[themes["O1.1"]])
    why = element("mechanism", "They are greeted")

    def made(*placed: tuple[str, Element], **more: Any) -> Configuration:
        return configure(programme, by=by, elements=[Placed(role, found) for role, found in placed], **more)

    said = statement(themes=["C2"])
    first = made(("context", door), ("mechanism", why), ("outcome", visit), area=one, words={"nickname": "Greeting"})
    second = made(("context", visit), ("outcome", trust), statements=[said])
    third = made(("context", trust), ("outcome", visit))
    fourth = made(("context", door), state="agreed")
    gone = made(("context", door))
    turn_configuration(gone, by=by, base=1, retired=True)
    link(programme, by=by, kind="contradicts", source=fourth, target=first)
    return SimpleNamespace(first=first, second=second, third=third, fourth=fourth, by=by)


def drawn(answer: Any) -> list[str]:
    return [one["id"] for one in answer.json()["configurations"]]


QUESTIONS = {
    "": ["CMO1", "CMO2", "CMO3", "CMO4"],
    "area=trusted&area=trust": None,
    "area=trust": ["CMO1"],
    "area=none": ["CMO2", "CMO3", "CMO4"],
    "theme=O": ["CMO1", "CMO2", "CMO3", "CMO4"],
    "theme=O1": ["CMO2", "CMO3"],
    "theme=C2": ["CMO2"],
    "sign=negative": ["CMO2"],
    "state=agreed": ["CMO4"],
    "state=retired": ["CMO5"],
    "phase=gleaning": ["CMO1", "CMO2", "CMO3", "CMO4"],
    "phase=refining": [],
    "search=GREETED": ["CMO1"],
    "incomplete=outcome": ["CMO4"],
    "focus=E4": ["CMO1"],
    "focus=E4&depth=2": ["CMO1", "CMO2", "CMO3", "CMO4"],
    "focus=CMO3": ["CMO1", "CMO2", "CMO3"],
    "chain=CMO1": ["CMO1", "CMO2", "CMO3"],
    "chain=cmo4": ["CMO4"],
    "chain=CMO1&sign=negative": ["CMO2"],
    "configuration=CMO3": ["CMO3"],
    "configuration=CMO5": ["CMO5"],
    "statement=S1": ["CMO2"],
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_page_and_api_draw_the_same_for_a_question(question, theory, cast, api, as_):
    answer, page = api(cast.viewer).get(f"{API}?{question}"), as_(cast.viewer).get(f"{PAGE}?{question}&rest=hide")
    if QUESTIONS[question] is None:
        assert (answer.status_code, page.status_code) == (400, 400)
        assert answer.json()["errors"]["area"][0] in text(page)
        return
    assert drawn(answer) == QUESTIONS[question]
    body = page.content.decode()
    assert [f"CMO{n}" for n in range(1, 9) if f'data-cmo="{n}"' in body] == QUESTIONS[question]
    assert [f"CMO{n}" for n in range(1, 9) if f'<th scope="row"><a href="/p/cse-test/cmo/{n}"' in body] == (
        QUESTIONS[question]
    )


REFUSED = {
    "focus=E99": ("focus", "There is no E99 in this programme."),
    "focus=7": ("focus", "Write a label such as E12, not “7”."),
    "chain=CMO99": ("chain", "There is no configuration CMO99 in this programme."),
    "configuration=E1": ("configuration", "Write a label such as CMO12, not “E1”."),
    "focus=E1&depth=4": ("depth", "There is no depth “4”; known are: 1, 2, 3."),
    "layout=round": ("layout", "There is no layout “round”; known are: ripple, area."),
    "rest=blur": ("rest", "There is no rest “blur”; known are: fade, hide."),
    "theme=ZZ": ("theme", "There is no code “ZZ” in the codebook."),
    "as=gif": ("as", "There is no format “gif”; known are: svg, png, graphml, dot, mermaid, csv, json."),
}


@pytest.mark.parametrize("question", REFUSED)
def test_a_question_without_an_answer_is_refused_in_one_sentence_by_both_doors(question, theory, cast, api, as_):
    name, said = REFUSED[question]
    answer, page = api(cast.viewer).get(f"{API}?{question}"), as_(cast.viewer).get(f"{PAGE}?{question}")
    assert (answer.status_code, page.status_code) == (400, 400)
    assert answer.json()["errors"] == {name: [said]}
    assert said in text(page)


def test_the_api_refuses_what_it_does_not_know_by_name(theory, cast, api):
    assert "colour" in api(cast.viewer).get(f"{API}?colour=red").json()["errors"]


def test_the_map_as_json_holds_elements_configurations_and_edges(theory, cast, api):
    said = api(cast.viewer).get(API).json()
    assert said["nodes"][0] == {
        "id": "E1", "kind": "context", "text": "A door is open", "polarity": "facilitating", "sign": "", "level": "",
        "state": "draft", "themes": ["O4"], "configurations": ["CMO1", "CMO4"], "lone": False,
    }  # fmt: skip
    assert said["configurations"][0] == {
        "id": "CMO1", "nickname": "Greeting", "area": "trust", "phase": "gleaning", "state": "draft", "statements": [],
        "elements": [
            {"element": "E1", "role": "context", "text": "A door is open", "activation": ""},
            {"element": "E4", "role": "mechanism", "text": "They are greeted", "activation": ""},
            {"element": "E2", "role": "outcome", "text": "Families visit", "activation": ""},
        ],
    }  # fmt: skip
    edges = [
        (edge["from"], edge["to"], edge["kind"], edge["element"] or edge["configuration"]) for edge in said["edges"]
    ]
    assert edges == [
        ("E1", "E4", "leads", "CMO1"), ("E4", "E2", "leads", "CMO1"), ("E2", "E3", "leads", "CMO2"),
        ("E3", "E2", "leads", "CMO3"), ("CMO1", "CMO2", "ripple", "E2"), ("CMO2", "CMO3", "ripple", "E3"),
        ("CMO3", "CMO2", "ripple", "E2"), ("CMO4", "CMO1", "contradicts", None),
    ]  # fmt: skip


def test_the_graph_has_the_ripples_that_lists_show(theory, programme):
    graph = graph_of(programme, slots_of(programme))
    found = [(tie.source, tie.target, f"E{tie.element}") for tie in graph.ties if tie.ripple]
    assert found == [(one.source, one.target, one.element.label) for one in ripples_of(programme)]


FILES = {
    "svg": (b"<svg ", "image/svg+xml"),
    "png": (b"\x89PNG", "image/png"),
    "graphml": (b"<?xml", "application/graphml+xml"),
    "dot": (b"digraph", "text/vnd.graphviz; charset=utf-8"),
    "mermaid": (b"flowchart LR", "text/plain; charset=utf-8"),
    "csv": (b'\xef\xbb\xbf"configuration"', "text/csv; charset=utf-8"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_the_same_by_page_and_api_and_twice(name, theory, cast, api, as_):
    question = f"?as={name}&chain=CMO1&layout=area"
    page, answer = as_(cast.viewer).get(PAGE + question), api(cast.viewer).get(API + question)
    assert page.content == answer.content == as_(cast.lead).get(PAGE + question).content
    start, content_type = FILES[name]
    assert answer.content.startswith(start)
    assert page["Content-Type"] == answer["Content-Type"] == content_type
    suffix = "mmd" if name == "mermaid" else name
    assert f'filename="cse-test-map.{suffix}"' in answer["Content-Disposition"]
    if name == "csv":
        rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
        assert [row["configuration"] for row in rows] == ["CMO1"] * 3 + ["CMO2"] * 2 + ["CMO3"] * 2


def test_a_file_that_cannot_be_made_says_why_once_on_the_page(theory, cast, as_):
    answer = as_(cast.viewer).get(f"{PAGE}?as=svg&focus=CMO99")
    assert answer.status_code == 400
    assert answer.content.decode().count("There is no CMO99 in this programme.") == 1


def test_the_rest_is_pale_in_a_drawing_and_left_out_of_data(theory, cast, api):
    script = api(cast.viewer)
    faded = script.get(f"{API}?as=svg&area=trust&rest=fade").content.decode()
    assert "CMO 4" in faded
    assert faded.count('opacity="0.28"') == 3 + 4 + 1  # configurations, what joins them, the words at it
    assert drawn(script.get(f"{API}?area=trust&rest=fade")) == ["CMO1"]


def test_a_configuration_has_a_figure_of_its_own(theory, programme):
    row = configuration_row(theory.first, slots_of(programme))
    made = configuration_svg(row)
    assert made == configuration_svg(row)
    assert '<title id="t">CMO 1: Greeting</title>' in made
    assert "Context: A door is open. Mechanism: They are greeted. Outcome: Families visit." in made


def test_the_record_beside_the_map_is_there_without_scripts(theory, cast, as_):
    page = as_(cast.viewer)
    body = page.get(f"{PAGE}?at=CMO1").content.decode()
    assert 'class="cfg--on cfg"' in body
    assert "CMO 1: Greeting" in body.partition("data-map-side")[2]
    assert "Families visit" in text(page.get(f"{PAGE}?at=E2", HTTP_HX_REQUEST="true"))
    assert "Nothing selected" in text(page.get(f"{PAGE}?at=zzz"))
    assert page.get(f"{PAGE}?at=CMO99").status_code == 404


def test_the_rest_of_the_question_stays_in_every_link(theory, cast, as_):
    body = as_(cast.viewer).get(f"{PAGE}?chain=CMO1&depth=2&search=%22%3E%3Cb%3E").content.decode()
    assert "<b>" not in body.partition("data-map ")[2].partition("</svg>")[0]
    assert 'value="&quot;&gt;&lt;b&gt;"' in body


def test_a_page_without_configurations_offers_the_first_act(programme, cast, as_):
    page = as_(cast.viewer).get(PAGE)
    assert page.status_code == 200
    assert "There is no configuration yet" in text(page)


# ---- large maps


@pytest.fixture
def large(programme: Any, cast: Any, area: Any) -> int:
    """Enough configurations for a page not to draw them all; most stand in "Crowded"."""
    crowded, other = area("Crowded"), area("Other")
    n = theory_map.MOST + 30
    common = {"created": programme.created, "updated": programme.created, "updated_by": cast.editor}
    elements = Element.objects.bulk_create(
        Element(programme=programme, number=at, kind="context", text=f"Words {at}", folded=f"words {at}", **common)
        for at in range(1, n + 1)
    )
    index(programme, map(element_entry, elements))
    made = Configuration.objects.bulk_create(
        Configuration(programme=programme, number=at, area=[crowded, other, crowded][at % 3], **common)
        for at in range(1, n + 1)
    )
    ConfigurationElement.objects.bulk_create(
        ConfigurationElement(configuration=one, element=element, role="context", position=1)
        for one, element in zip(made, elements, strict=True)
    )
    return n


def test_a_large_map_opens_on_its_densest_area_and_says_so(large, cast, as_, api):
    page = as_(cast.viewer).get(PAGE)
    assert f"{large} elements are too many for one drawing; here is “Crowded”" in text(page)
    assert page.content.decode().count("data-cmo=") == 120
    assert len(api(cast.viewer).get(API).json()["configurations"]) == large


def test_a_question_that_is_still_too_large_draws_the_first_and_says_so(large, cast, as_):
    page = as_(cast.viewer).get(f"{PAGE}?search=words&rest=fade")
    assert f"the first {theory_map.MOST} of {large} configurations are drawn" in text(page)
    assert page.content.decode().count("data-cmo=") == theory_map.MOST


def test_a_drawing_beyond_the_limit_is_refused_with_what_to_do(large, cast, api, monkeypatch):
    monkeypatch.setattr("cmo.map_question.LARGEST", 100)
    said = api(cast.viewer).get(f"{API}?as=png").json()["errors"]["as"]
    assert said == ["A drawing holds at most 100 configurations, and these are 180. Choose an area or a theme."]
    assert api(cast.viewer).get(f"{API}?as=graphml").status_code == 200


def test_a_picture_of_a_large_map_stays_within_its_pixels(large, cast, api):
    with Image.open(BytesIO(api(cast.viewer).get(f"{API}?as=png").content)) as picture:
        assert picture.width * picture.height <= 12_100_000


# ---- places of one's own


def place(client: Any, **data: Any) -> Any:
    return client.post(f"{PAGE}/place", {"layout": "ripple", "node": "CMO1", "x": "500", "y": "700", **data})


def test_somebody_moves_a_configuration_for_themselves_alone(theory, cast, as_):
    mine, others = as_(cast.viewer), as_(cast.lead)
    entries = AuditEvent.objects.count()
    assert place(mine, HTTP_HX_REQUEST="true").status_code in (204, 302)
    place(mine, x="510")
    assert 'transform="translate(510 700)" data-cmo="1"' in mine.get(PAGE).content.decode()
    assert "Put all back" in text(mine.get(PAGE))
    assert "translate(510 700)" not in mine.get(f"{PAGE}?layout=area").content.decode()
    assert "translate(510 700)" not in others.get(PAGE).content.decode()
    assert MapPosition.objects.count() == 1
    assert AuditEvent.objects.count() == entries


def test_a_button_moves_it_without_a_script_and_leads_back(theory, cast, as_):
    page = as_(cast.viewer)
    answer = place(page, go="left", back="chain=CMO1&at=CMO1")
    assert answer["Location"] == f"{PAGE}?chain=CMO1&at=CMO1#side"
    assert MapPosition.objects.get().x == 460
    place(page, go="up", x="0", y="3")
    assert (MapPosition.objects.get().x, MapPosition.objects.get().y) == (0, 0)


def test_all_is_put_back_in_one_layout(theory, cast, as_, programme):
    page = as_(cast.viewer)
    place(page)
    place(page, layout="area")
    put_on_map(theory.second, by=theory.by, layout="ripple", x=1, y=2)
    page.post(f"{PAGE}/place", {"layout": "ripple", "reset": "1"})
    left = set(MapPosition.objects.values_list("person__username", "layout"))
    assert left == {("viewer", "area"), ("editor", "ripple")}
    assert forget_places(programme, by=theory.by, layout="ripple") == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"x": "-1"}, "Write a whole number of pixels, not “-1”."),
        ({"x": "1e9"}, "Write a whole number of pixels, not “1e9”."),
        ({"y": "9999999"}, "Put it between 0 and 200000, not at 9999999."),
        ({"layout": "round"}, "There is no layout “round”; known are: ripple, area."),
        ({"node": "E1"}, "Write a label such as CMO12, not “E1”."),
    ],
)
def test_a_place_that_there_is_not_is_refused_and_nothing_kept(data, said, theory, cast, as_):
    answer = place(as_(cast.viewer), **data)
    assert (answer.status_code, answer.content.decode()) == (422, said)
    assert not MapPosition.objects.exists()


def test_a_place_is_refused_to_outsiders_and_foreign_configurations_are_not_there(theory, cast, as_, actor):
    assert place(as_(cast.outsider)).status_code == 404
    assert place(as_(cast.viewer), node="CMO99").status_code == 404
    with pytest.raises(PermissionDenied):
        put_on_map(theory.first, by=actor(cast.outsider), layout="ripple", x=1, y=1)
    with pytest.raises(ValidationError):
        put_on_map(theory.first, by=theory.by, layout="ripple", x=-1, y=1)


def test_words_of_the_theory_are_text_on_the_page(programme, cast, actor, as_, api):
    hostile = '<script>alert(1)</script>" onload="x" \u202e & <!--'
    configure(programme, by=actor(cast.editor), elements=[Placed("context", text=hostile)], words={"nickname": hostile})
    body = as_(cast.viewer).get(f"{PAGE}?at=CMO1").content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert(1)" in body
    assert json.loads(api(cast.viewer).get(API).content)["nodes"][0]["text"] == hostile
