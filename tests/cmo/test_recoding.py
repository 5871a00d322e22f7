"""Claims about what happens to the theory when the codebook changes: tags follow, and history says so."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cmo.models import Statement, StatementTheme, ThemeUse
from cmo.reading.codebook import count_under, uses_of
from cmo.reading.history import history_of
from cmo.rules.recoding import merge_theme
from cmo.rules.stating import restore, retire, revise
from programmes.models import Theme
from programmes.reading.codebook import Codes, find_theme
from programmes.refusals import Stale
from programmes.rules.classifying import add_theme, edit_theme, move_theme, restore_theme, retire_theme
from programmes.rules.founding import describe


@pytest.fixture
def by(cast: Any, actor: Any) -> Any:
    return actor(cast.editor)


def tags(statement: Statement) -> set[str]:
    return set(StatementTheme.objects.filter(statement=statement).values_list("theme__code", flat=True))


def counted(programme: Any) -> dict[int, int]:
    """Uses as the records say, for comparing with the tally."""
    found: dict[int, int] = {}
    for tag in StatementTheme.objects.filter(statement__programme=programme).exclude(statement__state="retired"):
        found[tag.theme_id] = found.get(tag.theme_id, 0) + 1
    return found


def tallied(programme: Any) -> dict[int, int]:
    return {theme: n for theme, n in uses_of(programme).items() if n}


def test_the_statements_follow_a_merge_with_a_revision_that_says_so(programme, themes, statement, by, cast):
    only, both, neither = statement(themes=["O4"]), statement(themes=["O4", "O1"]), statement(themes=["C2"])
    merge_theme(themes["O4"], by=by, base=1, into=themes["O1"], reason="They say the same.")
    assert [tags(found) for found in (only, both, neither)] == [{"O1"}, {"O1"}, {"C2"}]
    newest = history_of(Statement.objects.get(pk=only.pk))[0]
    assert newest.revision.number == 2
    assert newest.revision.change == "retagged"
    assert newest.revision.reason == "O4 Training was merged into O1 Leadership. They say the same."
    assert newest.revision.author == cast.editor
    assert [tag.code for tag in newest.themes] == ["O1"]
    assert newest.revision.wording == only.wording
    assert Statement.objects.get(pk=neither.pk).revision_number == 1


def test_in_a_reviewed_programme_the_tags_of_an_agreed_statement_follow_and_its_history_says_who_merged_what(
    programme, themes, statement, cast, api, as_, actor
):
    statement(themes=["O4"], state="agreed")
    describe(programme, by=actor(cast.lead), base=1, agreement="reviewed")
    script, here = api(cast.editor), "/api/v1/programmes/cse-test/"
    change = {"themes": ["O1"], "reason": "So."}
    refused = script.patch(f"{here}statements/1/", change, format="json", HTTP_IF_MATCH='"1"')
    assert refused.status_code == 403
    merged = script.post(f"{here}themes/O4/merge/", {"into": "O1", "reason": "One idea."}, format="json",
                         HTTP_IF_MATCH='"1"')  # fmt: skip
    assert merged.status_code == 200
    told = script.get(f"{here}statements/1/").json()
    assert (told["themes"], told["state"], told["revision"]) == (["O1"], "agreed", 2)
    last = script.get(f"{here}statements/1/revisions/2/").json()
    assert (last["author"], last["change"]) == ("editor", "retagged")
    assert last["reason"] == f"{themes['O4']} was merged into {themes['O1']}. One idea."
    shown = as_(cast.viewer).get("/p/cse-test/s/1").content.decode()
    assert last["reason"] in shown
    assert shown.count(cast.editor.name) > 1


def test_counts_are_right_after_a_merge(programme, themes, statement, area, by):
    first, second = area("Plans"), area("Trust")
    statement(themes=["O4"], area=first)
    statement(themes=["O4", "O1"], area=first)
    statement(themes=["O4"], area=second)
    gone = statement(themes=["O4"], area=second)
    retire(gone, by=by, base=1)
    merge_theme(themes["O4"], by=by, base=1, into=themes["O1"])
    assert tallied(programme) == counted(programme) == {themes["O1"].pk: 3}
    by_area = ThemeUse.objects.filter(theme=themes["O1"]).values_list("area_key", "n")
    assert dict(by_area) == {first.pk: 2, second.pk: 1}
    assert tags(gone) == {"O1"}


def test_the_old_code_goes_on_as_another_name(programme, themes, statement, by):
    merge_theme(themes["O4"], by=by, base=1, into=themes["O1"])
    assert Codes(programme).get("o4") == themes["O1"]
    made = revise(statement(themes=["C2"]), by=by, base=1, themes=Codes(programme).find(["O4", "O1"]))
    assert tags(made) == {"O1"}


def test_what_stood_below_a_merged_theme_moves_along(themes, by):
    merge_theme(themes["O1"], by=by, base=1, into=themes["O4"], reason="One theme.")
    child = find_theme(themes["O4"].programme, "O1.1")
    assert child.parent == themes["O4"]
    assert child.path == f"{themes['O4'].path}{child.pk}/"


@pytest.mark.parametrize(
    ("what", "into", "sentence"),
    [
        ("O1", "O1", "A theme cannot be merged into itself."),
        ("O1", "O1.1", "O1.1 Visible leaders stands below O1 Leadership; merge it upwards instead."),
        ("O1", "P6", "Only themes in use can be merged; restore the retired one first."),
    ],
)
def test_a_merge_that_makes_no_sense_changes_nothing(themes, statement, by, what, into, sentence):
    made = statement(themes=["O1"])
    retire_theme(themes["P6"], by=by, base=1)
    with pytest.raises(ValidationError) as refused:
        merge_theme(themes[what], by=by, base=1, into=themes[into])
    assert refused.value.message_dict == {"into": [sentence]}
    assert tags(made) == {"O1"}
    assert Theme.objects.get(pk=themes["O1"].pk).retired is False


def test_a_merge_sees_that_the_branch_has_moved_since_it_was_read(themes, by):
    one = find_theme(themes["O1"].programme, "O1")
    move_theme(themes["O"], by=by, base=1, parent=themes["P"])  # new paths for all below, old revisions
    with pytest.raises(ValidationError):
        merge_theme(one, by=by, base=1, into=themes["O1.1"])


def test_a_merge_into_a_theme_of_another_programme_is_refused(other_programme, themes, by):
    with pytest.raises(ValidationError) as refused:
        merge_theme(themes["O4"], by=by, base=1, into=other_programme.theme)
    assert refused.value.message_dict == {"into": ["There is no such theme in this codebook."]}


def test_a_stale_merge_changes_nothing(themes, statement, by):
    made = statement(themes=["O4"])
    edit_theme(find_theme(themes["O4"].programme, "O4"), by=by, base=1, name="Courses")
    with pytest.raises(Stale):
        merge_theme(themes["O4"], by=by, base=1, into=themes["O1"])
    assert tags(made) == {"O4"}


def test_a_merge_needs_the_right(themes, statement, cast, actor):
    made = statement(themes=["O4"])
    with pytest.raises(PermissionDenied):
        merge_theme(themes["O4"], by=actor(cast.contributor), base=1, into=themes["O1"])
    assert tags(made) == {"O4"}


def test_a_restored_theme_comes_back_without_what_followed_it_elsewhere(programme, themes, statement, by):
    made = statement(themes=["O4"])
    gone = merge_theme(themes["O4"], by=by, base=1, into=themes["O1"])
    back = restore_theme(gone, by=by, base=gone.revision_number)
    assert back.merged_into is None
    assert tags(made) == {"O1"}
    assert Codes(programme).get("O4") == back


def test_an_old_revision_comes_back_with_what_its_theme_was_merged_into(themes, statement, by):
    made = statement(themes=["O4"])
    merge_theme(themes["O4"], by=by, base=1, into=themes["O1"])
    revise(Statement.objects.get(pk=made.pk), by=by, base=2, themes=[themes["C2"]])
    restore(Statement.objects.get(pk=made.pk), by=by, base=3, revision=1)
    assert tags(made) == {"O1"}


def test_recoding_and_moving_keep_the_tags(programme, themes, statement, by):
    made = statement(themes=["O1.1"])
    edit_theme(themes["O1.1"], by=by, base=1, code="L1", name="Leaders who are seen")
    move_theme(themes["O1"], by=by, base=1, parent=themes["P"])
    assert tags(made) == {"L1"}
    assert Statement.objects.get(pk=made.pk).revision_number == 1
    assert tallied(programme) == counted(programme)
    assert count_under(find_theme(programme, "P")) == 1
    assert count_under(find_theme(programme, "O")) == 0


def test_a_statement_under_two_themes_of_a_branch_counts_once(programme, themes, statement):
    statement(themes=["O1", "O1.1", "O4"])
    statement(themes=["O4"])
    assert count_under(find_theme(programme, "O")) == 2


def test_a_retired_theme_stays_where_it_is_and_joins_nothing_new(themes, statement, by):
    made = statement(themes=["O4"])
    retire_theme(themes["O4"], by=by, base=1)
    themes["O4"].refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        statement(themes=["O4"])
    assert refused.value.message_dict == {"themes": ["O4 Training is retired; choose another."]}
    kept = revise(made, by=by, base=1, themes=[themes["O4"], themes["C2"]])
    assert tags(kept) == {"O4", "C2"}
    revise(kept, by=by, base=2, themes=[themes["C2"]])
    with pytest.raises(ValidationError):
        revise(kept, by=by, base=3, themes=[themes["O4"], themes["C2"]])


def test_a_merge_of_themes_in_two_branches_counts_in_the_branch_it_went_to(programme, themes, statement, by):
    statement(themes=["P6"])
    add_theme(programme, by=by, parent=themes["C"], code="C9")
    merge_theme(themes["P6"], by=by, base=1, into=find_theme(programme, "C9"))
    assert (count_under(find_theme(programme, "P")), count_under(find_theme(programme, "C"))) == (0, 1)
