"""Claims about comparisons of themes: a theme is itself whatever it is called, and a reason is told for what it did."""

import csv
import io

import pytest

from cmo.comparison_files import dossier_of
from cmo.exports.changes import as_csv, as_html, as_markdown
from cmo.models import Statement
from cmo.reading.comparison import Comparison
from cmo.reading.snapshots import find_snapshot
from cmo.reading.theory_at import TheoryAt
from cmo.rules.arranging import add_area
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.framing import set_slots
from cmo.rules.introducing import introduce
from cmo.rules.recoding import merge_theme
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.standing import Placed
from cmo.rules.stating import restore, retire, revise, state
from programmes.models import Theme
from programmes.rules.classifying import edit_theme, move_theme


@pytest.fixture
def lead(cast, actor):
    return actor(cast.lead)


@pytest.fixture
def loose(themes):
    return themes["Covid-19"]


@pytest.fixture
def theory(programme, themes, loose, lead):
    """S1 with O4 and P6, S2 with O4 and a theme without a code, frozen as "Initial"."""
    for at, carried in enumerate(([themes["O4"], themes["P6"]], [themes["O4"], loose]), start=1):
        state(programme, by=lead, words=Words(wording=f"If {at}, then so, because it is."), themes=carried)
    take_snapshot(programme, by=lead, name="Initial")
    return programme


def at_now(programme, number):
    return Statement.objects.select_related("programme").get(programme=programme, number=number)


def theme_now(theme):
    return Theme.objects.select_related("programme", "parent").get(pk=theme.pk)


def edited(theme, lead, **words):
    now = theme_now(theme)
    return edit_theme(now, by=lead, base=now.revision_number, reason="The book says so.", **words)


def retag(programme, lead, number, carried, reason):
    now = at_now(programme, number)
    return revise(now, by=lead, base=now.revision_number, themes=carried, reason=reason)


def compared(programme, new=None):
    later = find_snapshot(programme, new) if new else None
    return Comparison(TheoryAt(programme, find_snapshot(programme, "initial")), TheoryAt(programme, later))


def told(found):
    return [(row.labels[0], row.kind.value, row.reason) for row in found.statements.rows]


def test_a_theme_recoded_renamed_or_moved_is_the_theme_it_was(theory, themes, loose, lead, api, cast):
    edited(themes["O4"], lead, code="O10")
    edited(loose, lead, name="The pandemic")
    moved = theme_now(themes["P6"])
    move_theme(moved, by=lead, base=moved.revision_number, parent=theme_now(themes["O"]), reason="Nearer.")
    take_snapshot(theory, by=lead, name="Recoded")
    still = [("S1", "unchanged", ""), ("S2", "unchanged", "")]
    assert (told(compared(theory)), told(compared(theory, "recoded"))) == (still, still)
    body = api(cast.viewer).get(f"/api/v1/programmes/{theory.slug}/snapshots/initial/compare/recoded/").json()
    assert [row["kind"] for row in body["rows"]] == ["unchanged"] * 2
    assert (body["rows"][0]["before"][0]["themes"], body["rows"][0]["after"][0]["themes"]) == (
        ["O4", "P6"], ["O10", "P6"],
    )  # fmt: skip


def test_a_merge_of_themes_is_the_codebooks_act_and_not_the_statements(theory, themes, lead):
    now = theme_now(themes["P6"])
    merge_theme(now, by=lead, base=now.revision_number, into=theme_now(themes["O4"]), reason="One idea.")
    assert told(compared(theory)) == [("S1", "unchanged", ""), ("S2", "unchanged", "")]
    retag(theory, lead, 1, [theme_now(themes["O4"]), theme_now(themes["C2"])], "It is about demand.")
    [row, _other] = compared(theory).statements.rows
    assert (row.kind.value, row.reason) == ("retagged", "It is about demand.")
    assert [(theme.kind, theme.said, theme.once) for theme in row.themes] == [("kept", "O4", ""), ("come", "C2", "")]


def test_reasons_are_of_the_acts_that_brought_the_change_about(theory, themes, lead):
    retire(at_now(theory, 1), by=lead, base=1, reason="Set aside.")
    restore(at_now(theory, 1), by=lead, base=2, reason="Back again.")
    retag(theory, lead, 1, [theme_now(themes["C2"])], "It is about demand.")
    area = add_area(theory, by=lead, title="Trust")
    revise(at_now(theory, 1), by=lead, base=4, area=area, reason="Belongs there.")
    revise(at_now(theory, 2), by=lead, base=1, area=area, reason="This one too.")
    assert told(compared(theory)) == [("S1", "retagged", "It is about demand."), ("S2", "moved", "This one too.")]
    retire(at_now(theory, 2), by=lead, base=2, reason="Nobody said so.")
    restore(at_now(theory, 2), by=lead, base=3, reason="LA2 did.")
    retire(at_now(theory, 2), by=lead, base=4, reason="They took it back.")
    assert told(compared(theory))[1] == ("S2", "retired", "They took it back.")


def test_a_role_called_otherwise_is_no_change_of_a_configuration(programme, lead):
    element = introduce(programme, by=lead, kind="context", text="People meet.")
    configure(programme, by=lead, words={"nickname": "Doors"}, elements=[Placed("context", element)])
    take_snapshot(programme, by=lead, name="Initial")
    chosen = [("outcome", ""), ("context", "Circumstance"), ("mechanism", "")]
    set_slots(programme, by=lead, base=1, slots=chosen)
    assert [row.kind.value for row in compared(programme).configurations.rows] == ["unchanged"]


def test_every_format_says_which_themes_a_statement_carried(theory, themes, loose, lead, cast, as_, api):
    edited(themes["O4"], lead, code="O10")
    retag(theory, lead, 2, [theme_now(themes["O4"]), theme_now(themes["P6"])], "LA2 taught us.")
    found = compared(theory)
    row = list(csv.DictReader(io.StringIO(as_csv(dossier_of(found)).decode("utf-8-sig"))))[1]
    assert (row["change"], row["themes_before"], row["themes_after"]) == ("retagged", "O4; Covid-19", "O10; P6")
    marked = "Themes: O10 (O4 before), <del>Covid-19</del>, <ins>P6</ins>"
    assert marked in as_markdown(dossier_of(found)).decode()
    assert marked in as_html(dossier_of(found)).decode()
    page = as_(cast.viewer).get(f"/p/{theory.slug}/phases?from=initial&to=working").content.decode()
    assert page.count(marked) == 1
    body = api(cast.viewer).get(f"/api/v1/programmes/{theory.slug}/snapshots/initial/compare/working/").json()
    assert [(one["themes_gone"], one["themes_come"]) for one in body["rows"]] == [([], []), ([loose.label], ["P6"])]


def test_a_statement_that_was_reworded_says_its_other_themes_too(theory, themes, lead, cast, as_):
    revise(at_now(theory, 1), by=lead, base=1, words=Words(wording="If one, then so."), themes=[themes["C2"]],
           reason="Said better.")  # fmt: skip
    [row, _other] = compared(theory).statements.rows
    assert (row.kind.value, row.reason) == ("reworded", "Said better.")
    page = as_(cast.viewer).get(f"/p/{theory.slug}/phases?from=initial&to=working").content.decode()
    assert "Themes: <del>O4</del>, <del>P6</del>, <ins>C2</ins>" in page
