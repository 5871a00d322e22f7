"""Claims about the rules of statements: numbers, revisions, what each act writes, and the counts after each."""

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection

from cmo.models import Statement, StatementRevision, Tally, ThemeUse
from cmo.rules.arranging import turn_area
from cmo.rules.bulk import Taken, state_all, tag_all
from cmo.rules.composing import Words
from cmo.rules.recounting import drift
from cmo.rules.stating import restore, retire, revise, state
from programmes.access import Actor
from programmes.models import AuditEvent
from programmes.refusals import Stale
from programmes.rules.classifying import retire_theme
from programmes.rules.phasing import close_phase, open_phase

SAID = "If a rota is kept, then nobody waits, because roles are clear."


@pytest.fixture
def by(cast: Any, actor: Any) -> Actor:
    return actor(cast.editor)


def words(text: str) -> Words:
    return Words(wording=text)


def codes(statement: Statement) -> list[str]:
    return sorted(statement.taggings.values_list("theme__code", flat=True))


def history(statement: Statement) -> list[tuple[int, str]]:
    return list(statement.revisions.order_by("number").values_list("number", "change"))


def tally(programme: Any) -> dict[tuple[str, int], int]:
    """{(state, gaps): statements}."""
    found: dict[tuple[str, int], int] = {}
    for row in Tally.objects.filter(programme=programme, n__gt=0):
        found[row.state, row.lacks] = found.get((row.state, row.lacks), 0) + row.n
    return found


def uses(programme: Any) -> dict[str, int]:
    return {row.theme.code: row.n for row in ThemeUse.objects.filter(theme__programme=programme, n__gt=0)}


# ---- new


def test_numbers_go_up_by_one_and_start_at_one(programme, statement):
    assert [statement().number for _ in range(3)] == [1, 2, 3]


def test_two_programmes_count_for_themselves(programme, other_programme, statement):
    assert (statement().number, other_programme.statement.number) == (1, 1)


def test_a_refused_statement_takes_no_number(programme, statement, by):
    with pytest.raises(ValidationError):
        state(programme, by=by, words=words(" "))
    assert statement().number == 1


def test_the_wording_is_kept_exactly_as_typed(programme, by):
    typed = "  If\u00a0a —\tb,\n\nthen “c” 🏴󠁧󠁢󠁷󠁬󠁳󠁿 e\u0301. "
    made = state(programme, by=by, words=words(typed))
    assert Statement.objects.get(pk=made.pk).wording == typed
    assert made.revisions.get().wording == typed


def test_the_first_revision_holds_all_that_was_said(programme, by, cast, themes, area):
    trust = area("Trust")
    made = state(
        programme, by=by, words=words(SAID), themes=[themes["O4"], themes["C2"]], area=trust, state="agreed",
        reason="A meeting.", cites="Figure 2, 4",
    )  # fmt: skip
    first = made.revisions.get()
    assert (first.number, first.change, first.state, first.area, first.reason) == (1, "new", "agreed", trust,
        "A meeting.")
    assert (first.author, first.phase.slug, first.at) == (cast.editor, "gleaning", made.updated)
    assert sorted(first.taggings.values_list("theme__code", flat=True)) == codes(made) == ["C2", "O4"]
    assert made.cites == "Figure 2, 4"


def test_three_parts_make_a_sentence_that_gives_them_back(programme, by):
    made = state(programme, by=by, words=Words(parts={"if": "a", "then": "b", "because": "c"}))
    assert made.wording == "If a, then b, because c."
    assert [part for part, *_at in made.parts] == ["if", "then", "because"]


def test_the_phase_of_origin_stays_and_revisions_take_the_open_one(programme, by, cast, actor, statement):
    made = statement()
    lead = actor(cast.lead)
    close_phase(programme.phases.get(slug="gleaning"), by=lead, base=2, reason="It is done.")
    between = revise(made, by=by, base=1, words=words("If between."))
    open_phase(programme.phases.select_related("programme").get(slug="refining"), by=lead, base=1)
    revise(between, by=by, base=2, words=words("If refined."))
    now = Statement.objects.get(pk=made.pk)
    assert now.origin.slug == "gleaning"
    phases = now.revisions.order_by("number").values_list("phase__slug", flat=True)
    assert list(phases) == ["gleaning", None, "refining"]


@pytest.mark.parametrize(
    ("wording", "themes_", "lacks"), [(SAID, ["O4"], 0), ("If a, then b.", ["O4"], 1), (SAID, [], 2), ("A.", [], 3)]
)
def test_gaps_are_kept_as_bits(wording, themes_, lacks, programme, statement):
    assert statement(wording, themes=themes_).lacks == lacks
    assert tally(programme) == {("draft", lacks): 1}


# ---- revise


REVISIONS: dict[str, tuple[dict[str, Any], str]] = {
    "words": ({"words": words("If other.")}, "reworded"),
    "another claim": ({"words": words("If other."), "change": "refined"}, "refined"),
    "words and themes": ({"words": words("If other."), "themes": ["C2"]}, "reworded"),
    "themes": ({"themes": ["C2"]}, "retagged"),
    "no themes": ({"themes": []}, "retagged"),
    "themes and state": ({"themes": ["C2"], "state": "agreed"}, "retagged"),
    "state": ({"state": "agreed"}, "agreed"),
    "area": ({"area": None}, "moved"),
    "parts by hand": ({"words": Words(wording=SAID, parts={"then": "nobody waits"})}, "marked"),
}


@pytest.mark.parametrize(("given", "change"), REVISIONS.values(), ids=REVISIONS)
def test_each_act_writes_one_revision_one_log_row_and_the_right_counts(
    given, change, programme, by, themes, area, statement
):
    made = statement(SAID, themes=["O4"], area=area("Trust"))
    given = {**given, "themes": [themes[code] for code in given["themes"]]} if "themes" in given else given
    log = AuditEvent.objects.filter(programme=programme).count()
    done = revise(made, by=by, base=1, reason="Because.", **given)
    assert history(done) == [(1, "new"), (2, change)]
    rows = AuditEvent.objects.filter(programme=programme).order_by("number")[log:]
    assert [(row.verb, row.record, row.reason, row.detail) for row in rows] == [
        (change, "S1", "Because.", {"revision": 2, "change": change})
    ]
    assert (done.revision_number, done.updated_by) == (2, by.person)
    assert drift(programme) == []


def test_agreed_goes_back_to_draft_as_an_act_of_its_own(statement, by):
    made = statement(state="agreed")
    assert history(revise(made, by=by, base=1, state="draft")) == [(1, "new"), (2, "reopened")]


NOTHING: dict[str, dict[str, Any]] = {
    "nothing": {},
    "the same words": {"words": words(SAID)},
    "the same parts": {"words": Words(parts={"if": "a rota is kept", "then": "nobody waits"})},
    "the same themes": {"themes": ["O4", "C2"]},
    "the same themes in another order, twice": {"themes": ["C2", "O4", "C2"]},
    "the same state": {"state": "draft"},
    "all of it": {"words": words(SAID), "themes": ["O4", "C2"], "state": "draft", "reason": "None."},
}


@pytest.mark.parametrize("given", NOTHING.values(), ids=NOTHING)
def test_nothing_changed_writes_nothing(given, programme, by, themes, statement):
    made = statement(SAID, themes=["O4", "C2"])
    log = AuditEvent.objects.count()
    given = {**given, "themes": [themes[code] for code in given["themes"]]} if "themes" in given else given
    done = revise(made, by=by, base=1, **given)
    assert (done.revision_number, done.updated) == (1, made.updated)
    assert (StatementRevision.objects.count(), AuditEvent.objects.count()) == (1, log)


def test_one_part_changes_and_the_rest_of_the_sentence_stays(statement, by):
    made = statement("If a rota is kept, then nobody waits, because roles are clear. However, it rains.")
    done = revise(made, by=by, base=1, words=Words(parts={"then": "all are calm"}))
    assert done.wording == "If a rota is kept, then all are calm, because roles are clear. However, it rains."


def test_parts_marked_by_hand_stay_until_the_words_change(statement, by):
    made = statement(SAID)
    marked = revise(made, by=by, base=1, words=Words(wording=SAID, parts={"if": "nobody waits"}))
    assert (marked.parts_by_hand, len(marked.parts)) == (True, 1)
    tagged = revise(marked, by=by, base=2, state="agreed")
    assert tagged.parts_by_hand
    assert not revise(tagged, by=by, base=3, words=words("If new, then new.")).parts_by_hand


def test_a_stale_revision_is_refused_with_the_record_as_it_is(programme, statement, by):
    made = statement()
    revise(made, by=by, base=1, words=words("If second."))
    for act in (lambda: revise(made, by=by, base=1, words=words("If mine.")), lambda: retire(made, by=by, base=1),
                lambda: restore(made, by=by, base=1, revision=1)):  # fmt: skip
        with pytest.raises(Stale) as caught:
            act()
        assert (caught.value.record.wording, caught.value.record.revision_number, caught.value.base) == ("If second.",
            2, 1)
    assert history(made) == [(1, "new"), (2, "reworded")]
    assert drift(programme) == []


def test_a_name_for_the_change_that_is_none_is_refused(statement, by):
    with pytest.raises(ValidationError, match="Call a new wording reworded or refined"):
        revise(statement(), by=by, base=1, words=words("If new."), change="merged")


# ---- retire and restore


def test_a_retired_statement_keeps_its_number_words_themes_and_history(programme, by, statement):
    made = statement(SAID, themes=["O4"])
    done = retire(made, by=by, base=1, reason="Doubled.")
    assert (done.number, done.state, done.wording, codes(done)) == (1, "retired", SAID, ["O4"])
    assert history(done) == [(1, "new"), (2, "retired")]
    assert statement().number == 2
    assert (uses(programme), tally(programme)) == ({}, {("retired", 0): 1, ("draft", 2): 1})
    assert drift(programme) == []


@pytest.mark.parametrize("before", ["draft", "agreed"])
def test_restoring_brings_back_the_state_before(before, programme, by, statement):
    made = retire(statement(SAID, themes=["O4"], state=before), by=by, base=1)
    done = restore(made, by=by, base=2, reason="Needed.")
    assert (done.state, done.revision_number) == (before, 3)
    assert history(done)[-1] == (3, "restored")
    assert (uses(programme), tally(programme)) == ({"O4": 1}, {(before, 0): 1})
    assert drift(programme) == []


def test_a_retired_statement_is_neither_edited_nor_retired_again(statement, by):
    made = retire(statement(), by=by, base=1)
    with pytest.raises(ValidationError, match="S1 is retired; restore it first"):
        revise(made, by=by, base=2, words=words("If new."))
    with pytest.raises(ValidationError, match="S1 is retired already"):
        retire(made, by=by, base=2)
    with pytest.raises(ValidationError, match="Restore S1 first"):
        restore(made, by=by, base=2, revision=1)


def test_restoring_a_revision_brings_words_and_themes_back_but_not_area_and_state(programme, by, themes, area,
    statement):
    made = statement(SAID, themes=["O4"], area=area("One"))
    two = area("Two")
    revise(made, by=by, base=1, words=words("If new."), themes=[themes["C2"]], area=two, state="agreed")
    done = restore(made, by=by, base=2, revision=1, reason="Better.")
    assert (done.wording, codes(done), done.area, done.state) == (SAID, ["O4"], two, "agreed")
    last = done.revisions.first()
    assert (last.number, last.change, last.restores, last.reason) == (3, "restored", 1, "Better.")
    assert drift(programme) == []


def test_restoring_what_stands_writes_nothing(statement, by):
    made = statement(SAID, themes=["O4"])
    assert restore(made, by=by, base=1, revision=1).revision_number == 1
    assert StatementRevision.objects.count() == 1


@pytest.mark.parametrize("revision", [None, 7])
def test_there_must_be_such_a_revision(revision, statement, by):
    with pytest.raises(ValidationError, match="between 1 and 1"):
        restore(statement(), by=by, base=1, revision=revision)


# ---- themes and areas


def test_a_retired_theme_stays_but_does_not_join(by, cast, actor, themes, statement):
    carries, other = statement(themes=["O4"]), statement()
    retire_theme(themes["O4"], by=actor(cast.lead), base=1)
    kept = revise(carries, by=by, base=1, words=words("If new."), themes=[themes["O4"], themes["C2"]])
    assert codes(kept) == ["C2", "O4"]
    with pytest.raises(ValidationError, match="O4 Training is retired"):
        revise(other, by=by, base=1, themes=[themes["O4"]])


def test_a_retired_area_is_no_place_for_a_statement(by, area, statement):
    old = turn_area(area("Old"), by=by, base=1, retired=True)
    with pytest.raises(ValidationError, match="Old is retired"):
        revise(statement(), by=by, base=1, area=old)


def test_nothing_foreign_comes_in(programme, other_programme, by, statement):
    made = statement()
    for given in ({"themes": [other_programme.theme]}, {"area": other_programme.area}):
        with pytest.raises(ValidationError):
            revise(made, by=by, base=1, **given)
        with pytest.raises(ValidationError):
            state(programme, by=by, words=words("If."), **given)
    with pytest.raises(PermissionDenied):
        revise(other_programme.statement, by=by, base=1, words=words("If mine."))
    assert history(other_programme.statement) == [(1, "new")]


@pytest.mark.parametrize("who", ["viewer", "contributor", "outsider"])
def test_only_editors_and_leads_write(who, programme, cast, actor, statement):
    made, by = statement(), actor(getattr(cast, who))
    for act in (
        lambda: state(programme, by=by, words=words("If.")), lambda: revise(made, by=by, base=1, words=words("If.")),
        lambda: retire(made, by=by, base=1), lambda: restore(made, by=by, base=1, revision=1),
        lambda: state_all(programme, by=by, lines=[Taken("If.", [], None)]),
        lambda: tag_all(programme, by=by, picked=[(1, 1)], add=[], remove=[]),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act()
    assert (Statement.objects.count(), history(made)) == (1, [(1, "new")])


# ---- many


def test_many_are_tagged_or_none(programme, by, themes, statement):
    first, second = statement(themes=["C2"]), statement()
    with pytest.raises(ValidationError, match="S2 was changed meanwhile"):
        tag_all(programme, by=by, picked=[(1, 1), (2, 7)], add=[themes["O4"]])
    assert (codes(first), history(first)) == (["C2"], [(1, "new")])
    tag_all(programme, by=by, picked=[(1, 1), (2, 1)], add=[themes["O4"]], remove=[themes["C2"]], reason="Round two.")
    assert (codes(first), codes(second)) == (["O4"], ["O4"])
    assert uses(programme) == {"O4": 2}
    assert drift(programme) == []


def test_many_are_stated_or_none(programme, by, themes):
    lines = [Taken("If one.", [themes["O4"]], None), Taken(" ", [], None)]
    with pytest.raises(ValidationError, match="Statement 2: Write something here"):
        state_all(programme, by=by, lines=lines)
    assert Statement.objects.count() == 0
    made = state_all(programme, by=by, lines=lines[:1] * 3, reason="Workshop.")
    assert [(one.number, one.state) for one in made] == [(1, "draft"), (2, "draft"), (3, "draft")]
    assert drift(programme) == []


@pytest.mark.parametrize("n", [2, 40])
def test_many_are_stated_in_as_many_queries_as_few(n, programme, by, themes, area, queries):
    """Numbers, counts and the end of the log's chain are written once for all: a paste of 2,000 is no crawl."""
    trust = area("Trust")
    lines = [Taken(f"If asked {at}, then heard.", [themes["O4"], themes["C2"]], trust) for at in range(n)]
    with queries(10 if connection.vendor == "postgresql" else 17):  # which takes what waits together at once
        state_all(programme, by=by, lines=lines)
    assert [one.number for one in Statement.objects.order_by("number")] == list(range(1, n + 1))
    assert [event.record for event in AuditEvent.objects.filter(verb="new").order_by("number")][-n:] == [
        f"S{at + 1}" for at in range(n)
    ]
    assert uses(programme) == {"O4": n, "C2": n}
    assert drift(programme) == []
    call_command("check_integrity", stdout=StringIO())


def test_a_statement_that_comes_back_to_a_retired_area_comes_back_without_one(by, area, statement):
    trust = area("Trust")
    made = retire(statement(area=trust), by=by, base=1)
    turn_area(trust, by=by, base=1, retired=True)
    back = restore(made, by=by, base=2)
    assert (back.area, back.state, history(back)[-1]) == (None, "draft", (3, "restored"))
    call_command("check_integrity", stdout=StringIO())


def test_an_old_revision_does_not_bring_retired_themes_back(by, themes, statement):
    made = statement(themes=["O4", "C2"])
    made = revise(made, by=by, base=1, words=words("If asked, then heard."), themes=[themes["C2"]])
    retire_theme(themes["O4"], by=by, base=1)
    back = restore(made, by=by, base=2, revision=1)
    assert codes(back) == ["C2"]
