"""Claims about the pages of configurations: the form one element a line, conflicts, links, matrices, slots, areas."""

import json
import re
from typing import Any

import pytest

from cmo.models import Configuration, Element, Link
from cmo.reading.configurations import configuration_row
from cmo.reading.slots import slots_of
from cmo.rules.framing import set_slots
from cmo.rules.introducing import introduce, revise_element, turn_element
from cmo.rules.stating import retire
from tests.pages import text

P = "/p/cse-test"


@pytest.fixture
def editor(cast: Any, as_: Any) -> Any:
    return as_(cast.editor)


@pytest.fixture
def made(programme: Any, editor: Any) -> Configuration:
    """CMO1 with E1 as context, E2 as mechanism, E3 as outcome."""
    lines = {"slot-context": "A worker stays", "slot-mechanism": "Trust grows [strong]", "slot-outcome": "Doors open"}
    assert editor.post(f"{P}/cmo/new", {"nickname": "Staying", **lines}).status_code == 302
    return Configuration.objects.get(programme=programme, number=1)


def form_of(client: Any, url: str) -> dict[str, str]:
    """The fields of the form of a configuration as the page shows them."""
    page = client.get(url).content.decode()
    return fields_in(page)


def fields_in(page: str) -> dict[str, str]:
    page = page[page.index('class="mt measure-w stack cfgform"') :]
    found = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL))
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] not in ("nonce", "csrfmiddlewaretoken"):
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    plain = {"&quot;": '"', "&#x27;": "'", "&amp;": "&", "&lt;": "<", "&gt;": ">"}
    for name, value in found.items():
        for code, letter in plain.items():
            value = value.replace(code, letter)
        found[name] = value
    return found


def standing(configuration: Configuration) -> list[tuple[str, str, str, str]]:
    row = configuration_row(Configuration.objects.select_related("programme").get(pk=configuration.pk),
        slots_of(configuration.programme))
    return [(one.role.value, one.label, one.text, one.activation) for one in row.placed]


# ---- the form


def test_each_line_is_an_element_and_a_strength_stands_at_its_end(made):
    assert standing(made) == [
        ("context", "E1", "A worker stays", ""),
        ("mechanism", "E2", "Trust grows", "strong"),
        ("outcome", "E3", "Doors open", ""),
    ]


def test_a_form_saved_as_it_was_opened_changes_nothing(made, editor):
    answer = editor.post(f"{P}/cmo/1/edit", form_of(editor, f"{P}/cmo/1/edit"), follow=True)
    assert "Nothing changed in CMO1." in answer.content.decode()
    made.refresh_from_db()
    assert made.revision_number == 1


def test_a_label_shares_an_element_and_other_words_are_the_configurations_own(made, editor):
    editor.post(f"{P}/cmo/new", {"slot-context": "E3\nE1 a worker who stays", "slot-outcome": "E3 doors stand open"})
    second = Configuration.objects.get(number=2)
    assert standing(second) == [
        ("context", "E3", "Doors open", ""),
        ("context", "E1", "a worker who stays", ""),
        ("outcome", "E3", "doors stand open", ""),
    ]
    assert Element.objects.get(number=1).text == "A worker stays"


def test_words_that_an_element_got_meanwhile_do_not_become_the_configurations_own(made, editor, cast, actor):
    fields = form_of(editor, f"{P}/cmo/1/edit")
    element = Element.objects.select_related("programme").get(number=1)
    revise_element(element, by=actor(cast.lead), base=1, text="A worker stays for years")
    editor.post(f"{P}/cmo/1/edit", {**fields, "slot-outcome": "E3 Doors open\nFamilies talk"})
    placing = made.placings.get(role="context")
    assert (placing.wording, placing.element.text) == ("", "A worker stays for years")


def test_own_words_go_when_the_label_stands_alone(made, editor):
    editor.post(f"{P}/cmo/1/edit", {**form_of(editor, f"{P}/cmo/1/edit"), "slot-context": "E1 own words"})
    assert made.placings.get(role="context").wording == "own words"
    editor.post(f"{P}/cmo/1/edit", {**form_of(editor, f"{P}/cmo/1/edit"), "slot-context": "E1"})
    assert made.placings.get(role="context").wording == ""


def test_an_element_of_several_lines_keeps_them_when_the_form_is_saved(made, editor, programme, cast, actor):
    introduce(programme, by=actor(cast.editor), kind="context", text="One line\nand another")
    editor.post(f"{P}/cmo/1/edit", {**form_of(editor, f"{P}/cmo/1/edit"), "slot-context": "E4"})
    fields = form_of(editor, f"{P}/cmo/1/edit")
    assert fields["slot-context"] == "E4 One line and another"
    editor.post(f"{P}/cmo/1/edit", {**fields, "nickname": "Other"})
    assert made.placings.get(role="context").wording == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("E99", "There is no element E99 in this programme."),
        ("E1\nE1 again", "stands twice as Context"),
        ("E5", "There is no element E5"),
    ],
)
def test_a_line_that_cannot_be_taken_is_refused_and_everything_typed_comes_back(
    typed, said, made, editor, other_programme
):
    sent = {**form_of(editor, f"{P}/cmo/1/edit"), "slot-context": typed, "narrative": "A long story"}
    answer = editor.post(f"{P}/cmo/1/edit", sent)
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert fields_in(page)["slot-context"] == typed
    assert fields_in(page)["narrative"] == "A long story"
    made.refresh_from_db()
    assert made.revision_number == 1


def test_a_statement_that_was_retired_meanwhile_is_not_dropped(made, editor, statement, cast, actor):
    one, two = statement(), statement("If so, then so, because so.")
    editor.post(f"{P}/cmo/1/edit", {**form_of(editor, f"{P}/cmo/1/edit"), "statements": "S1, S2"})
    retire(two, by=actor(cast.editor), base=1)
    fields = form_of(editor, f"{P}/cmo/1/edit")
    assert fields["statements"] == "S1"
    editor.post(f"{P}/cmo/1/edit", {**fields, "statements": ""})
    assert [spelled.statement_id for spelled in made.spellings.all()] == [two.pk]
    assert one.pk != two.pk


def test_what_stands_in_a_role_outside_the_setting_keeps_its_field(made, editor, programme, cast, actor):
    set_slots(programme, by=actor(cast.lead), base=1, preset="resource-reasoning")
    fields = form_of(editor, f"{P}/cmo/1/edit")
    assert fields["slot-mechanism"] == "E2 Trust grows [strong]"
    assert fields["slot-resource"] == ""
    del fields["slot-mechanism"]  # a form that was opened before
    editor.post(f"{P}/cmo/1/edit", {**fields, "slot-resource": "Time"})
    assert {role for role, *_rest in standing(made)} == {"context", "resource", "mechanism", "outcome"}


def test_a_configuration_of_a_statement_begins_with_what_was_found_in_it(programme, editor, statement, area):
    statement(area=area("Trust"))
    fields = form_of(editor, f"{P}/cmo/new?from=S1")
    assert fields["slot-context"] == "a worker stays with the family"
    assert fields["slot-mechanism"].startswith("trust grows with time")
    assert (fields["statements"], fields["area"]) == ("S1", "trust")
    answer = editor.post(f"{P}/cmo/new", {**fields, "slot-context": "a worker stays\nthe family is known"}, follow=True)
    assert answer.status_code == 200
    page = editor.get(f"{P}/s/1").content.decode()
    assert "the family is known" in page
    assert f"{P}/cmo/1" in page


def test_a_new_element_that_repeats_another_is_pointed_out(made, editor):
    answer = editor.post(f"{P}/cmo/new", {"slot-context": "a worker stays."}, follow=True)
    assert "E4 says nearly the same as E1" in answer.content.decode()


def test_elements_like_what_is_typed_are_suggested_with_where_they_stand(made, editor):
    page = editor.get(f"{P}/elements/suggest", {"text": "worker stays", "role": "context"}).content.decode()
    assert 'data-line="E1 A worker stays"' in page
    assert "CMO1" in page


# ---- two edits of one


def both(editor: Any, lead: Any, theirs: dict[str, str], mine: dict[str, str]) -> Any:
    fields = form_of(editor, f"{P}/cmo/1/edit")
    assert lead.post(f"{P}/cmo/1/edit", {**fields, **theirs}).status_code == 302
    return editor.post(f"{P}/cmo/1/edit", {**fields, **mine})


def test_a_save_that_comes_late_shows_both_edits_in_one_form_and_saves_nothing(made, editor, cast, as_):
    answer = both(
        editor, as_(cast.lead),
        {"slot-context": "E1 A worker stays\nTime is given", "narrative": "Told"},
        {"slot-mechanism": "E2 Trust grows [weak]", "plain": "In short"},
    )  # fmt: skip
    fields = fields_in(answer.content.decode())
    assert answer.status_code == 409
    assert fields["slot-context"] == "E1 A worker stays\nE4 Time is given"
    assert fields["slot-mechanism"] == "E2 Trust grows [weak]"
    assert (fields["narrative"], fields["plain"], fields["base"]) == ("Told", "In short", "2")
    made.refresh_from_db()
    assert made.revision_number == 2
    editor.post(f"{P}/cmo/1/edit", fields)
    assert [label for _role, label, *_rest in standing(made)] == ["E1", "E4", "E2", "E3"]
    assert standing(made)[2][3] == "weak"


def test_what_both_changed_must_be_chosen_before_it_is_saved(made, editor, cast, as_):
    answer = both(editor, as_(cast.lead), {"nickname": "Staying long"}, {"nickname": "Staying on"})
    fields = fields_in(answer.content.decode())
    assert "theirs: long" in fields["nickname"]
    refused = editor.post(f"{P}/cmo/1/edit", fields)
    assert (refused.status_code, "still marked" in refused.content.decode()) == (422, True)


# ---- acts


def test_retired_and_restored_with_its_history(made, editor):
    editor.post(f"{P}/cmo/1/retire", {"base": "1", "reason": "Doubled."})
    assert "retired" in editor.get(f"{P}/cmo/1").content.decode()
    editor.post(f"{P}/cmo/1/restore", {"base": "2"})
    editor.post(f"{P}/cmo/1/edit", {**form_of(editor, f"{P}/cmo/1/edit"), "slot-context": ""})
    page = editor.get(f"{P}/cmo/1").content.decode()
    assert "no context yet" in page
    editor.post(f"{P}/cmo/1/restore", {"base": "4", "revision": "1"})
    assert [label for _role, label, *_rest in standing(made)] == ["E1", "E2", "E3"]


def test_a_nesting_reads_from_both_ends_and_does_not_go_round(made, editor):
    editor.post(f"{P}/cmo/new", {"slot-context": "A second one"})
    editor.post(f"{P}/cmo/2/link", {"kind": "nested", "to": "CMO1"})
    refused = editor.post(f"{P}/cmo/1/link", {"kind": "nested", "to": "CMO2"})
    assert (refused.status_code, "CMO2 is nested in CMO1 already" in refused.content.decode()) == (422, True)
    assert Link.objects.count() == 1
    listed = text(editor.get(f"{P}/cmo"))
    assert "nested in CMO1" in listed
    assert "holds nested in it CMO2" in listed
    assert "Holds nested in it CMO2" in text(editor.get(f"{P}/map?at=CMO1"))


def test_a_role_that_is_not_in_use_is_refused_in_the_form(made, editor):
    answer = editor.post(f"{P}/cmo/new", {"slot-context": "Time", "slot-actor": "A manager"})
    assert answer.status_code == 422
    assert "this programme does not use the role Actor, only Context, Mechanism, Outcome" in answer.content.decode()
    assert Configuration.objects.count() == 1


def test_links_are_stated_described_and_retired(made, editor):
    editor.post(f"{P}/cmo/new", {"slot-context": "E3"})
    assert editor.post(f"{P}/cmo/1/link", {"kind": "rival", "to": "CMO1"}).status_code == 422
    assert editor.post(f"{P}/cmo/1/link", {"kind": "rival", "to": "nonsense"}).status_code == 422
    editor.post(f"{P}/cmo/1/link", {"kind": "rival", "to": "CMO2"})
    editor.post(f"{P}/cmo/2/link/1", {"base": "1", "label": "which first"})
    editor.post(f"{P}/cmo/2/ripple", {"source": "CMO1", "to": "CMO2", "element": "E3", "label": "opens"})
    page = editor.get(f"{P}/cmo/1").content.decode()
    assert "which first" in page
    assert "opens" in page
    assert editor.post(f"{P}/cmo/1/link/1/retire", {"base": "1"}).status_code == 409
    editor.post(f"{P}/cmo/1/link/1/retire", {"base": "2"})
    assert [link.retired for link in Link.objects.order_by("number")] == [True, False]


def test_retyping_says_which_configurations_follow_and_moves_them(made, editor):
    assert "CMO1" in editor.get(f"{P}/e/1").content.decode()
    editor.post(f"{P}/e/1/retype", {"base": "1", "kind": "mechanism"})
    assert [role for role, label, *_rest in standing(made) if label == "E1"] == ["mechanism"]


def test_an_element_that_moved_on_keeps_what_was_typed(made, editor, cast, actor):
    element = Element.objects.select_related("programme").get(number=1)
    revise_element(element, by=actor(cast.lead), base=1, text="Theirs")
    answer = editor.post(f"{P}/e/1/edit", {"base": "1", "text": "Mine"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ">⟦theirs: Theirs ¦ mine: Mine⟧</textarea>" in page.replace("\n", "")
    assert "You both changed 1 thing" in page


# ---- lists, matrices, slots, areas


def test_lone_elements_come_first_and_are_flagged(made, editor, programme, cast, actor):
    introduce(programme, by=actor(cast.editor), kind="outcome", text="Nobody leads here")
    page = editor.get(f"{P}/elements").content.decode()
    assert page.index('id="e4"') < page.index('id="e1"')
    assert "in no configuration" in page
    assert 'id="e1"' not in editor.get(f"{P}/elements?lone=true").content.decode()


def test_the_list_filters_by_gap_and_words(made, editor):
    editor.post(f"{P}/cmo/new", {"slot-context": "Nobody asks"})
    page = editor.get(f"{P}/cmo?incomplete=mechanism").content.decode()
    assert ('id="cmo2"' in page, 'id="cmo1"' in page) == (True, False)
    assert 'id="cmo1"' in editor.get(f"{P}/cmo?search=trust").content.decode()
    assert editor.get(f"{P}/cmo?area=nowhere-at-all").status_code == 200


def test_matrices_count_and_point_out_what_is_worth_a_look(made, editor, statement):
    statement()
    editor.post(f"{P}/cmo/new", {"slot-context": "Nobody asks"})
    page = editor.get(f"{P}/matrices").content.decode()
    for said in ("Contexts that lead nowhere", "Statements without a configuration", "Configurations without a"):
        assert said in page
    assert "Outcomes never explained" not in page


def test_leads_alone_set_the_slots_and_reorder_without_a_script(programme, editor, cast, as_):
    lead = as_(cast.lead)
    order = {"base": "1", "role": ["context", "mechanism", "outcome"], "label": ["", "Why", ""]}
    on = {"on": ["context", "mechanism", "outcome"]}
    moved = lead.post(f"{P}/cmo/slots", {**order, **on, "do": "down:context"}).content.decode()
    assert moved.index('value="mechanism"') < moved.index('value="context"')
    assert [slot.role.value for slot in slots_of(programme).rows] == ["context", "mechanism", "outcome"]
    assert editor.post(f"{P}/cmo/slots", {**order, **on}).status_code == 403
    lead.post(f"{P}/cmo/slots", {**order, "on": ["mechanism", "outcome"], "do": "save"})
    assert [slot.label for slot in slots_of(programme).rows] == ["Why", "Outcome"]
    assert lead.post(f"{P}/cmo/slots", {**order, **on, "do": "save"}).status_code == 409


def test_an_area_that_holds_configurations_is_not_retired(programme, editor, area):
    area("Trust")
    editor.post(f"{P}/cmo/new", {"slot-context": "Nobody asks", "area": "trust"})
    refused = editor.post(f"{P}/areas/trust/retire", {"base": "1"})
    assert (refused.status_code, "Move the configurations of Trust" in refused.content.decode()) == (422, True)


def test_hostile_words_are_text(made, editor):
    words = "<script>alert(1)</script> \u202eright to left “quotes” & ' \""
    editor.post(f"{P}/cmo/1/edit", {**form_of(editor, f"{P}/cmo/1/edit"), "slot-context": words, "nickname": words})
    for url in ("/cmo", "/cmo/1", "/cmo/1/edit", "/elements", "/e/4", "/matrices"):
        page = editor.get(f"{P}{url}").content.decode()
        assert "<script>alert" not in page
    assert json.loads(form_of(editor, f"{P}/cmo/1/edit")["shown"])["context/4"].startswith("<script>")


def test_a_retired_element_may_not_join_by_its_label(made, editor, programme, cast, actor):
    gone = introduce(programme, by=actor(cast.editor), kind="context", text="Gone by now")
    turn_element(gone, by=actor(cast.editor), base=1, retired=True)
    answer = editor.post(f"{P}/cmo/new", {"slot-context": "E4"})
    assert (answer.status_code, "E4 is retired" in answer.content.decode()) == (422, True)
