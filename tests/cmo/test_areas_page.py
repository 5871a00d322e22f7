"""Claims about the page of theory areas."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cmo.models import Statement, TheoryArea
from cmo.reading.areas import counts_by_area
from cmo.rules.arranging import rename_area, shift_area, turn_area
from cmo.rules.stating import retire
from programmes.models import AuditEvent
from tests.factories import many_statements
from tests.pages import main_of, said, text

pytestmark = pytest.mark.usefixtures("contexts")
HERE = "/p/cse-test/areas"
# session, person, programme, areas, counts; three counts of the frame, drafts among them, and its phases
SHOWN = 8


@pytest.fixture
def page(as_: Any, cast: Any, programme: Any) -> Any:
    return as_(cast.editor)


def titles(answer: Any) -> list[str]:
    return [unescape(title) for title in re.findall(r"<h3[^>]*>(.*?)</h3>", answer.content.decode(), flags=re.S)]


def send(client: Any, area: TheoryArea, act: str, **given: Any) -> Any:
    url = reverse(f"area-{act}", args=["cse-test", area.slug])
    return client.post(url, {"base": now(area).revision_number, **given})


def now(area: TheoryArea) -> TheoryArea:
    return TheoryArea.objects.select_related("programme").get(pk=area.pk)


def test_areas_stand_in_order_with_their_statements(page, area, statement, actor, cast, programme):
    plans, trust = area("Plans", description="How it starts."), area("Trust")
    statement(area=plans)
    statement(area=plans)
    gone = statement(area=trust)
    retire(gone, by=actor(cast.editor), base=1)
    statement()
    assert counts_by_area(programme) == {plans.pk: 2, 0: 1}
    answer = page.get(HERE)
    assert titles(answer) == ["Plans", "Trust"]
    assert "How it starts." in text(answer)
    assert '<a href="/p/cse-test/theory?area=plans">2 statements<' in answer.content.decode()
    assert "no statements yet" in text(answer)
    assert "1 statement without an area" in text(answer)


@pytest.mark.parametrize("n", [1, 3, 60])
def test_the_page_asks_the_same_number_of_queries_whatever_its_length(page, area, programme, cast, queries, n):
    areas = [area(f"Area {at}") for at in range(n)]
    many_statements(programme, cast.editor, n, areas=areas)
    with queries(SHOWN):
        page.get(HERE)


def test_an_area_is_added_once_after_the_others(page, area):
    area("Plans")
    given = {"title": "Trust", "description": "Who relies on whom.", "nonce": "n1"}
    first, second = page.post(f"{HERE}/add", given), page.post(f"{HERE}/add", given)
    assert first["Location"] == second["Location"] == f"{HERE}#area-trust"
    assert titles(page.get(HERE)) == ["Plans", "Trust"]


def test_the_first_area_can_be_added(page):
    assert "No theory area is in use." in text(page.get(HERE))
    assert said(page, page.post(f"{HERE}/add", {"title": "Trust"})) == "“Trust” was added after the others."


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("", "Write something here; it is empty."),
        ("a\x00b", "Take out the character at position 2 (U+0000); it cannot be stored."),
        ("t" * 300, "This is 300 characters long; at most 200 fit here."),
    ],
)
@pytest.mark.parametrize("door", ["add", "save"])
def test_bad_words_come_back_with_one_sentence_and_everything_typed(page, area, door, title, sentence):
    plans = area("Plans")
    given = {"title": title, "description": "Typed with care.", "base": "1"}
    answer = page.post(f"{HERE}/add", given) if door == "add" else send(page, plans, "save", **given)
    assert answer.status_code == 422
    form = answer.context["refused"]
    assert form.errors == {"title": [sentence]}
    assert (form["title"].value(), form["description"].value()) == (title, "Typed with care.")
    assert list(TheoryArea.objects.values_list("title", flat=True)) == ["Plans"]


def test_an_area_is_renamed_and_described(page, area):
    plans = area("Plans")
    form = page.get(HERE, {"edit": "plans"}).context["edit"]
    assert form["title"].value() == "Plans"
    answer = send(page, plans, "save", title="Implementation plans", description="How.", reason="Clearer.")
    assert answer["Location"] == f"{HERE}#area-plans"
    assert (now(plans).title, now(plans).description, now(plans).slug) == ("Implementation plans", "How.", "plans")
    assert AuditEvent.objects.get(verb="area renamed").reason == "Clearer."


def test_a_stale_name_comes_back_beside_what_is_saved_now(page, area, actor, cast):
    plans = area("Plans")
    rename_area(now(plans), by=actor(cast.lead), base=1, title="Theirs")
    answer = send(page, plans, "save", base="1", title="Mine", description="Also mine.")
    assert answer.status_code == 409
    form = answer.context["refused"]
    assert (form["title"].value(), form["description"].value(), form["base"].value()) == ("Mine", "Also mine.", "2")
    assert "As saved nowTheirs" in text(answer)
    assert now(plans).title == "Theirs"
    send(page, plans, "save", base=form["base"].value(), title="Mine", description="Also mine.")
    assert now(plans).title == "Mine"


def test_steps_change_the_order_and_return_to_the_button(page, area, statement):
    first, second, third = area("First"), area("Second"), area("Third")
    carried = statement(area=third)
    up = send(page, third, "shift", step="-1")
    assert up["Location"] == f"{HERE}#up-third"
    assert titles(page.get(HERE)) == ["First", "Third", "Second"]
    assert send(page, third, "shift", step="-1")["Location"] == f"{HERE}#area-third"
    assert Statement.objects.get(pk=carried.pk).area_position == now(third).position
    shown = page.get(HERE).content.decode()
    assert ('id="up-third"' in shown, 'id="down-second"' in shown) == (False, False)
    assert now(first).position < now(second).position


def test_a_step_passes_retired_areas_too(page, area, actor, cast):
    first, between, last = area("First"), area("Between"), area("Last")
    turn_area(now(between), by=actor(cast.editor), base=1, retired=True)
    shift_area(now(last), by=actor(cast.editor), base=1, step=-1)
    assert titles(page.get(HERE)) == ["Last", "First", "Between"]
    assert now(first).revision_number == 1


def test_a_retired_area_is_not_moved(page, area, actor, cast):
    area("First")
    gone = area("Gone")
    turn_area(now(gone), by=actor(cast.editor), base=1, retired=True)
    was = list(TheoryArea.objects.values_list("pk", "position", "revision_number"))
    with pytest.raises(ValidationError, match="Gone is retired; restore it first"):
        shift_area(now(gone), by=actor(cast.editor), base=2, step=-1)
    answer = send(page, gone, "shift", step="-1")
    assert answer.status_code == 422
    assert "Gone is retired; restore it first." in text(answer)
    assert list(TheoryArea.objects.values_list("pk", "position", "revision_number")) == was
    assert not AuditEvent.objects.filter(verb="area moved").exists()


def test_retire_and_restore(page, area):
    plans = area("Plans")
    assert said(page, send(page, plans, "retire")) == "“Plans” is retired and can be restored."
    assert now(plans).retired is True
    assert said(page, send(page, plans, "restore")) == "“Plans” is in use again."
    assert now(plans).retired is False


def test_over_the_api_an_area_is_retired_and_restored_with_a_reason(area, cast, api):
    plans, script = area("Plans"), api(cast.editor)
    url = "/api/v1/programmes/cse-test/areas/plans/"
    retired = script.delete(url, {"reason": "Empty."}, format="json", HTTP_IF_MATCH='"1"')
    assert (retired.status_code, retired.json()["retired"], retired["ETag"]) == (200, True, '"2"')
    again = script.delete(url, HTTP_IF_MATCH='"1"')
    assert (again.status_code, again.json()["current"]) == (412, retired.json())
    assert script.post(f"{url}restore/", {}, format="json").status_code == 428
    back = script.post(f"{url}restore/", {"reason": "Needed."}, format="json", HTTP_IF_MATCH='"2"')
    assert (back.status_code, back.json()["retired"], back["ETag"]) == (200, False, '"3"')
    assert now(plans).retired is False
    log = AuditEvent.objects.filter(record="area plans").order_by("number").values_list("verb", "reason")
    assert list(log) == [("area added", ""), ("area retired", "Empty."), ("area restored", "Needed.")]


def test_an_area_with_statements_offers_no_retiring_and_refuses_it(page, area, statement):
    plans = area("Plans")
    statement(area=plans)
    assert "area-retire" not in page.get(HERE).content.decode()
    answer = send(page, plans, "retire")
    assert answer.status_code == 422
    assert "Move the statements of Plans to another area first." in text(answer)
    assert now(plans).retired is False


def test_a_stale_act_is_not_done(page, area, actor, cast):
    plans = area("Plans")
    rename_area(now(plans), by=actor(cast.lead), base=1, title="Theirs")
    answer = send(page, plans, "retire", base="1")
    assert answer.status_code == 409
    assert "Somebody changed “Theirs” while this page was open, so nothing was done." in text(answer)
    assert now(plans).retired is False


@pytest.mark.parametrize("who", ["viewer", "contributor"])
def test_readers_see_the_areas_and_no_button_that_would_refuse(as_, cast, area, who):
    plans = area("Plans")
    client = as_(getattr(cast, who))
    answer = client.get(HERE)
    assert titles(answer) == ["Plans"]
    main = main_of(answer)
    assert "<form" not in main
    assert "edit=" not in main
    assert client.get(HERE, {"edit": "plans"}).status_code == 403
    assert client.post(f"{HERE}/add", {"title": "T"}).status_code == 403
    for act in ("save", "shift", "retire", "restore"):
        assert send(client, plans, act).status_code == 403


def test_foreign_and_missing_look_the_same(as_, cast, page, other_programme):
    stranger = as_(cast.outsider)
    assert stranger.get(HERE).status_code == stranger.get("/p/missing/areas").status_code == 404
    assert page.get("/p/other-test/areas").status_code == 404
    assert page.get(HERE, {"edit": "secret-area"}).status_code == 404
    foreign = reverse("area-save", args=["cse-test", "secret-area"])
    assert page.post(foreign, {"base": "1", "title": "T"}).status_code == 404
