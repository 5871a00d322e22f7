"""Claims about the codebook's rules: its tree, its codes, its order and its history."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from programmes.models import AuditEvent, Theme, ThemeRevision
from programmes.natural import natural
from programmes.reading.codebook import Codes, find_theme, flat, history_of, themes_of, tree
from programmes.refusals import Stale
from programmes.rules.classifying import (
    DEEPEST,
    add_theme,
    close_into,
    edit_theme,
    in_order,
    move_theme,
    restore_theme,
    retire_theme,
    shift_theme,
)
from programmes.vocabulary import ThemeChange


@pytest.fixture
def by(cast: Any, actor: Any) -> Any:
    return actor(cast.editor)


def now(theme: Theme) -> Theme:
    return Theme.objects.select_related("programme", "parent").get(pk=theme.pk)


def said(refused: Any) -> dict[str, list[str]]:
    return refused.value.message_dict


def codes_of(programme: Any) -> list[str]:
    return [theme.code or theme.name for theme in flat(tree(themes_of(programme)))]


# ---- the tree


def test_a_theme_does_not_move_under_its_own_child(themes, by):
    with pytest.raises(ValidationError) as refused:
        move_theme(themes["O"], by=by, base=1, parent=themes["O1.1"])
    assert said(refused) == {"parent": ["O Organisation cannot stand under itself or its own sub-theme."]}
    assert now(themes["O"]).parent is None
    assert ThemeRevision.objects.filter(theme=themes["O"]).count() == 1


def test_a_theme_does_not_move_under_itself(themes, by):
    with pytest.raises(ValidationError):
        move_theme(themes["O1"], by=by, base=1, parent=themes["O1"])


def test_of_two_moves_that_together_make_a_circle_the_second_is_refused(themes, by):
    one, other = now(themes["O1"]), now(themes["O4"])  # both read before either moves, as two people would
    move_theme(one, by=by, base=1, parent=other)
    with pytest.raises(ValidationError) as refused:
        move_theme(other, by=by, base=1, parent=one)
    assert said(refused) == {"parent": ["O4 Training cannot stand under itself or its own sub-theme."]}
    assert now(one).parent == other
    assert now(other).parent == themes["O"]


def test_a_move_takes_the_paths_of_everything_below_along(themes, by):
    move_theme(themes["O1"], by=by, base=1, parent=themes["P6"])
    moved, child = now(themes["O1"]), now(themes["O1.1"])
    assert moved.path == f"{themes['P6'].path}{moved.pk}/"
    assert child.path == f"{moved.path}{child.pk}/"
    assert child.revision_number == 1  # it did not change; what stands above it did
    assert set(Theme.objects.under(themes["P"])) == {themes["P"], themes["P6"], moved, child}
    assert set(Theme.objects.under(themes["O"])) == {themes["O"], themes["O4"]}


def test_a_move_to_where_it_stands_writes_nothing(themes, by):
    move_theme(themes["O1"], by=by, base=1, parent=themes["O"])
    assert now(themes["O1"]).revision_number == 1


def test_a_move_to_the_top_makes_a_category(themes, by):
    move_theme(themes["O1"], by=by, base=1, parent=None)
    assert (now(themes["O1"]).depth, now(themes["O1.1"]).depth) == (0, 1)


def test_a_codebook_ends_at_its_greatest_depth(programme, themes, by):
    deep = themes["O"]
    for level in range(1, DEEPEST + 1):
        deep = add_theme(programme, by=by, parent=deep, name=f"Level {level}")
    with pytest.raises(ValidationError) as refused:
        add_theme(programme, by=by, parent=deep, name="Too deep")
    assert said(refused) == {"parent": [f"A codebook may be {DEEPEST} levels deep."]}
    with pytest.raises(ValidationError):
        move_theme(themes["O1"], by=by, base=1, parent=deep)


def test_a_theme_of_another_programme_is_no_parent(other_programme, themes, by):
    with pytest.raises(ValidationError) as refused:
        move_theme(themes["O1"], by=by, base=1, parent=other_programme.theme)
    assert said(refused) == {"parent": ["There is no such theme in this codebook."]}


# ---- codes


@pytest.mark.parametrize("code", ["O4", "o4"])
def test_a_code_stands_once_in_any_case(programme, themes, by, code):
    with pytest.raises(ValidationError) as refused:
        add_theme(programme, by=by, code=code, name="Another")
    assert said(refused) == {"code": ["O4 is the code of “Training”; choose another."]}
    with pytest.raises(ValidationError):
        edit_theme(themes["O1"], by=by, base=1, code=code)
    assert Theme.objects.filter(code__iexact="o4").count() == 1


def test_a_theme_may_change_the_case_of_its_own_code(themes, by):
    assert edit_theme(themes["O4"], by=by, base=1, code="o4").code == "o4"


def test_two_programmes_may_use_the_same_code(other_programme, themes, by):
    other_programme.theme.refresh_from_db()
    assert edit_theme(themes["O4"], by=by, base=1, code=other_programme.theme.code).code == "X1"


def test_several_themes_stand_without_a_code_and_under_one_name(programme, themes, by):
    add_theme(programme, by=by, parent=themes["O1"], name="Time")
    add_theme(programme, by=by, parent=themes["P6"], name="Time")
    assert Theme.objects.filter(programme=programme, code="", name="Time").count() == 2


CODE_MARKS = "A code has no comma, no space and no slash, so that it can stand in a line and in an address."


@pytest.mark.parametrize(
    ("words", "field", "sentence"),
    [
        ({"code": "", "name": ""}, "name", "Give a code or a name; a theme needs one of them."),
        ({"code": " ", "name": "\n"}, "name", "Give a code or a name; a theme needs one of them."),
        ({"name": "a\x00b"}, "name", "Take out the character at position 2 (U+0000); it cannot be stored."),
        ({"name": "n" * 300}, "name", "This is 300 characters long; at most 200 fit here."),
        ({"code": "O 1"}, "code", CODE_MARKS),
        ({"code": "O/1"}, "code", CODE_MARKS),
        ({"code": "O1,O2"}, "code", CODE_MARKS),
        ({"code": str(uuid4())}, "code", "This code looks like an id of ours; choose a shorter one."),
        ({"code": "O9", "colour": "red"}, "colour", "Write the colour as # and six digits, such as #1b4fc4."),
    ],
)
def test_words_that_cannot_be_kept_are_refused_in_one_sentence(programme, themes, by, words, field, sentence):
    before = Theme.objects.count()
    with pytest.raises(ValidationError) as refused:
        add_theme(programme, by=by, **words)
    assert said(refused) == {field: [sentence]}
    assert Theme.objects.count() == before


def test_both_words_are_not_taken_away(themes, by):
    with pytest.raises(ValidationError) as refused:
        edit_theme(themes["O4"], by=by, base=1, code="", name="")
    assert said(refused) == {"name": ["Give a code or a name; a theme needs one of them."]}


# ---- order


def test_numbers_in_codes_count_as_numbers(programme, themes, by):
    for code in ("O1.10", "O1.9", "O1.2"):
        add_theme(programme, by=by, parent=themes["O1"], code=code)
    assert codes_of(programme) == ["C", "C2", "O", "O1", "O1.1", "O1.2", "O1.9", "O1.10", "O4", "P", "P6", "Covid-19"]
    assert sorted(["O10", "o9", "O9.2", "O9.10"], key=natural) == ["o9", "O9.2", "O9.10", "O10"]


def test_an_order_of_its_own_stays_and_newcomers_stand_last(programme, themes, by):
    shift_theme(themes["O4"], by=by, base=1, step=-1)
    assert codes_of(programme)[2:6] == ["O", "O4", "O1", "O1.1"]
    add_theme(programme, by=by, parent=themes["O"], code="O0")
    assert codes_of(programme)[2:7] == ["O", "O4", "O1", "O1.1", "O0"]
    move_theme(themes["P6"], by=by, base=1, parent=themes["O"])
    assert [theme.code for theme in in_order(Theme.objects.filter(parent=themes["O"]))] == ["O4", "O1", "O0", "P6"]


def test_a_step_over_the_end_writes_nothing(themes, by):
    shift_theme(themes["O1"], by=by, base=1, step=-1)
    assert now(themes["O1"]).revision_number == 1


def test_a_step_passes_retired_neighbours_too(programme, themes, by):
    between = add_theme(programme, by=by, parent=themes["O"], code="O2")
    retire_theme(between, by=by, base=1)
    shift_theme(themes["O4"], by=by, base=1, step=-1)
    assert codes_of(programme)[2:5] == ["O", "O4", "O1"]


def test_a_step_after_somebody_moved_the_theme_elsewhere_is_stale(themes, by):
    seen = now(themes["O4"])
    move_theme(themes["O4"], by=by, base=1, parent=themes["P"])
    with pytest.raises(Stale):
        shift_theme(seen, by=by, base=1, step=1)


# ---- retire and restore


def test_a_theme_with_children_in_use_is_not_retired(themes, by):
    with pytest.raises(ValidationError) as refused:
        retire_theme(themes["O1"], by=by, base=1)
    assert said(refused) == {"state": ["Move or retire the themes below O1 Leadership first."]}


def test_children_are_seen_although_the_branch_moved_since_it_was_read(themes, by):
    seen = now(themes["O1"])
    move_theme(themes["O"], by=by, base=1, parent=themes["P"])  # changes the path of O1, not its revision
    with pytest.raises(ValidationError):
        retire_theme(seen, by=by, base=1)


def test_retire_and_restore(themes, by):
    gone = retire_theme(themes["O1.1"], by=by, base=1, reason="Never used.")
    assert (gone.retired, gone.revision_number) == (True, 2)
    back = restore_theme(gone, by=by, base=2)
    assert (back.retired, back.revision_number) == (False, 3)
    changes = [(step.number, step.change, step.reason) for step in history_of(back)]
    assert changes == [(3, "restored", ""), (2, "retired", "Never used."), (1, "new", "")]


def test_a_theme_is_not_restored_under_a_retired_one(themes, by):
    retire_theme(themes["O1.1"], by=by, base=1)
    seen = now(themes["O1.1"])  # read while its parent was still in use
    retire_theme(themes["O1"], by=by, base=1)
    with pytest.raises(ValidationError) as refused:
        restore_theme(seen, by=by, base=2)
    assert said(refused) == {"state": ["Restore O1 Leadership first; it stands above."]}


def test_nothing_is_added_or_moved_under_a_retired_theme(programme, themes, by):
    retire_theme(themes["O4"], by=by, base=1)
    for act in (
        lambda: add_theme(programme, by=by, parent=themes["O4"], code="O4.1"),
        lambda: move_theme(themes["O1"], by=by, base=1, parent=themes["O4"]),
    ):
        with pytest.raises(ValidationError) as refused:
            act()
        assert said(refused) == {"parent": ["O4 Training is retired; restore it first."]}


# ---- history


def test_every_change_leaves_a_complete_revision_and_a_row_in_the_log(themes, by, cast):
    theme = edit_theme(themes["O4"], by=by, base=1, definition="What is taught.", reason="It had none.")
    theme = edit_theme(theme, by=by, base=2, code="O5", name="Learning")
    theme = move_theme(theme, by=by, base=3, parent=themes["P"], reason="Belongs there.")
    theme = shift_theme(theme, by=by, base=4, step=1)
    kept = [
        (row.number, row.change, row.code, row.name, row.definition, row.parent and row.parent.code, row.reason)
        for row in reversed(history_of(theme))
    ]
    taught = "What is taught."
    assert kept == [
        (1, ThemeChange.NEW, "O4", "Training", "", "O", ""),
        (2, ThemeChange.EDITED, "O4", "Training", taught, "O", "It had none."),
        (3, ThemeChange.RECODED, "O5", "Learning", taught, "O", ""),
        (4, ThemeChange.MOVED, "O5", "Learning", taught, "P", "Belongs there."),
        (5, ThemeChange.MOVED, "O5", "Learning", taught, "P", ""),
    ]
    newest = history_of(theme)[0]
    assert (newest.author, newest.phase.slug, newest.at) == (cast.editor, "gleaning", theme.updated)
    logged = AuditEvent.objects.filter(record__in=["theme O4", "theme O5"]).order_by("number")
    assert list(logged.values_list("verb", flat=True)) == ["new", "edited", "recoded", "moved", "moved"]
    assert logged[1].detail == {"revision": 2, "before": {"definition": ""}, "after": {"definition": taught}}


def test_saving_what_is_there_writes_nothing(themes, by):
    edit_theme(themes["O4"], by=by, base=1, code="O4", name="Training")
    assert now(themes["O4"]).revision_number == 1


def test_an_edit_of_an_older_revision_is_stale_and_writes_nothing(themes, by):
    edit_theme(now(themes["O4"]), by=by, base=1, name="Courses")
    with pytest.raises(Stale) as stale:
        edit_theme(themes["O4"], by=by, base=1, name="Lessons")
    assert (stale.value.record.name, stale.value.record.revision_number, stale.value.base) == ("Courses", 2, 1)
    assert [row.name for row in history_of(themes["O4"])] == ["Courses", "Training"]


# ---- codes as names


def test_a_closed_theme_is_another_name_of_what_it_went_into(programme, themes, by):
    close_into(themes["O4"], by=by, base=1, into=themes["O1"])
    close_into(themes["O1"], by=by, base=1, into=themes["P6"])
    codes = Codes(programme)
    assert [codes.get(label) for label in ("o4", "O1", str(themes["O4"].uid))] == [themes["P6"]] * 3
    assert now(themes["O1.1"]).parent == themes["P6"]
    assert find_theme(programme, "O4") == themes["O4"]


def test_an_unknown_code_is_named_with_the_nearest(programme, themes):
    with pytest.raises(ValidationError) as refused:
        Codes(programme).find(["04"])
    assert said(refused) == {"themes": ["There is no code “04” in the codebook. Did you mean O4?"]}


def test_the_code_of_a_merged_theme_is_not_given_again(programme, themes, by):
    close_into(themes["O4"], by=by, base=1, into=themes["O1"])
    with pytest.raises(ValidationError) as refused:
        add_theme(programme, by=by, code="o4")
    sentence = "O4 was merged and stays as another name of O1 Leadership; choose another code."
    assert said(refused) == {"code": [sentence]}


# ---- who may


@pytest.mark.parametrize("who", ["contributor", "viewer", "outsider"])
def test_only_editors_and_leads_change_the_codebook(programme, themes, cast, actor, who):
    by = actor(getattr(cast, who))
    acts = [
        lambda: add_theme(programme, by=by, code="Z"),
        lambda: edit_theme(themes["O4"], by=by, base=1, name="Z"),
        lambda: move_theme(themes["O4"], by=by, base=1, parent=None),
        lambda: shift_theme(themes["O4"], by=by, base=1, step=-1),
        lambda: retire_theme(themes["O4"], by=by, base=1),
        lambda: restore_theme(themes["O4"], by=by, base=1),
        lambda: close_into(themes["O4"], by=by, base=1, into=themes["O1"]),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert ThemeRevision.objects.exclude(number=1).count() == 0
