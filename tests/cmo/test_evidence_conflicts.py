"""Claims about two edits of one excerpt, source or bearing: both stand in one form, and neither takes the other's
fields back."""

import json

import pytest

from cmo.models import Bearing, Excerpt
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.excerpting import Said, add_excerpt, turn_excerpt
from programmes.models import Site, Source
from tests.evidence_factories import interviewed
from tests.pages import fields_of, text
from tests.two_browsers import Two

P = "/p/cse-test"


@pytest.fixture
def by(cast, actor):
    return actor(cast.editor)


@pytest.fixture
def source(programme, by):
    return interviewed(programme, by, "LA2")


@pytest.fixture
def excerpt(source, by, themes):
    said = Said("The team meets weekly in one place", locator="p. 3", themes=[themes["C2"]])
    return add_excerpt(source, by=by, said=said)


@pytest.fixture
def two(as_, cast):
    return Two(as_(cast.editor), as_(cast.lead), P)


def carried():
    return set(Excerpt.objects.get().themes.values_list("code", flat=True))


def test_fields_of_an_excerpt_that_only_one_of_two_changed_are_theirs(excerpt, two):
    two.open("x/1/edit")
    two.they_save(
        original="Mae'r tîm yn cwrdd",
        signed_site="la2",
        themes="C2, O4",
        text="The whole team meets weekly in one place",
    )
    fields = two.i_save(
        409, locator="p. 4", status="implied", themes="", text="The team meets weekly in one room", reason="Misheard"
    )
    assert "saved version 2 while you were writing" in two.page
    assert "You began with version 1." in two.page
    for words in ("<ins>whole </ins>", "<del>place</del><ins>room</ins>", "they changed it", "you changed it"):
        assert words in two.page, words
    assert fields["text"] == ["The whole team meets weekly in one room"]
    assert (fields["locator"], fields["original"], fields["reason"]) == (["p. 4"], ["Mae'r tîm yn cwrdd"], ["Misheard"])
    assert (fields["signed_site"], fields["status"], fields["base"]) == (["la2"], ["implied"], ["2"])
    assert fields["themes"] == ["O4"]
    assert Excerpt.objects.get().revision_number == 2
    two.i_save(302, fields)
    now = Excerpt.objects.get()
    assert (now.original, now.signed_site, now.locator, now.status) == (
        "Mae'r tîm yn cwrdd", Site.objects.get(slug="la2"), "p. 4", "implied",
    )  # fmt: skip
    assert (now.text, carried(), now.revision_number) == ("The whole team meets weekly in one room", {"O4"}, 3)


def test_what_both_changed_of_an_excerpt_is_chosen_before_it_is_saved(excerpt, two):
    two.open("x/1/edit")
    two.they_save(text="The team meets daily in one place", status="anticipated", signed_site="la2")
    fields = two.i_save(409, text="The team meets monthly in one place", status="implied")
    assert fields["text"] == ["The team meets ⟦theirs: daily ¦ mine: monthly⟧ in one place"]
    assert "status" not in fields
    assert "You both changed 2 things" in two.page
    assert "Choose one of the two in the form below." in two.page
    assert "There is a problem" not in two.page
    for words in ("Theirs: Anticipated", "Mine: Implied"):
        assert words in two.page, words
    again = two.i_save(422, fields, text="The team meets daily in one place")
    assert "choose theirs or yours" in two.page
    assert "Mine: Implied" in two.page
    assert again["base"] == ["2"]
    again = two.i_save(422, fields, status="mine")
    assert "still marked" in two.page
    assert (again["status"], again["text"]) == (["mine"], fields["text"])
    two.i_save(302, again, text="The team meets daily in one place")
    now = Excerpt.objects.get()
    assert (now.text, now.status, now.signed_site.slug) == ("The team meets daily in one place", "implied", "la2")


def test_a_third_edit_meanwhile_is_put_together_with_what_was_chosen(excerpt, two):
    two.open("x/1/edit")
    two.they_save(status="anticipated")
    fields = two.i_save(409, status="implied", locator="p. 4")
    two.fields = fields_of(two.page, two.at)
    two.they_save(base="2", status="theirs", locator="p. 3", original="Wythnosol")
    again = two.i_save(409, fields, status="mine")
    assert (again["status"], again["original"], again["locator"]) == (["implied"], ["Wythnosol"], ["p. 4"])
    two.i_save(302, again)
    now = Excerpt.objects.get()
    assert (now.status, now.original, now.locator, now.revision_number) == ("implied", "Wythnosol", "p. 4", 4)


def test_what_was_typed_of_an_excerpt_that_was_retired_meanwhile_is_still_there(excerpt, two, by):
    two.open("x/1/edit")
    turn_excerpt(excerpt, by=by, base=1, retired=True)
    assert two.i_save(409, text="Mine.")["text"] == ["Mine."]
    assert "X1 was retired meanwhile" in text(two.answer)


def test_fields_of_a_source_that_only_one_of_two_changed_are_theirs(source, two):
    two.open("q/1/edit")
    two.they_save(site="la2", dated="2021-05", relevance="high", relevance_reason="In post for years")
    fields = two.i_save(409, role="Team manager", note="Consent given", richness="low", richness_reason="Short.")
    assert "Relevance: why" in two.page
    two.i_save(302, fields)
    now = Source.objects.get()
    assert (now.site.slug, now.dated, now.relevance, now.relevance_reason) == (
        "la2", "2021-05", "high", "In post for years",
    )  # fmt: skip
    assert (now.role, now.note, now.richness) == ("Team manager", "Consent given", "low")


def test_what_both_gave_a_source_is_asked_for_with_both_shown(source, two):
    two.open("q/1/edit")
    two.they_save(site="la2", dated="2021", kind="document")
    fields = two.i_save(409, site="", dated="2022", kind="observation")
    assert not {"site", "dated", "kind"} & fields.keys()
    for words in ("Theirs: LA2", "Mine: no site", "Theirs: 2021", "Mine: 2022", "Mine: Observation"):
        assert words in text(two.answer), words
    two.i_save(422, fields, site="mine", dated="theirs")
    assert Source.objects.get().revision_number == 2
    two.i_save(302, fields, site="mine", dated="theirs", kind="theirs")
    now = Source.objects.get()
    assert (now.site, now.dated, now.kind) == (None, "2021", "document")


def test_fields_of_a_bearing_are_put_together_and_its_stance_is_asked_for(excerpt, statement, two, by):
    link_excerpt(excerpt, by=by, on=On(statement()), stance="supports", note="It says so")
    two.open("b/1/edit")
    two.they_save(stance="challenges", inferred="on", confidence="high", confidence_reason="Three said so")
    fields = two.i_save(409, stance="nuances", note="It says so twice")
    assert "stance" not in fields
    assert (fields["inferred"], fields["confidence"]) == (["on"], ["high"])
    two.i_save(302, fields, stance="theirs")
    now = Bearing.objects.get()
    assert (now.stance, now.note, now.inferred, now.confidence, now.confidence_reason) == (
        "challenges", "It says so twice", True, "high", "Three said so",
    )  # fmt: skip


@pytest.mark.parametrize(
    "asked", ["{", "[]", '{"kind": "a"}', '{"nothing": ["a", "b"]}', '{"kind": [1, 2]}', "[" * 5000]
)
def test_a_question_that_nobody_asked_is_not_heard(source, two, asked):
    two.open("q/1/edit")
    two.i_save(302, asked=asked, role="Team manager")
    assert Source.objects.get().role == "Team manager"


def test_hostile_words_in_a_question_are_text(source, two):
    two.open("q/1/edit")
    two.i_save(422, asked=json.dumps({"kind": ["<script>theirs</script>", "<img src=x>"]}))
    assert "<script>theirs" not in two.page
    assert "<img src=x>" not in two.page


def test_words_with_hostile_marks_are_shown_as_text(excerpt, two):
    two.open("x/1/edit")
    two.they_save(text='<script>alert("theirs")</script>', locator="<b>p. 1</b>")
    two.i_save(409, text="<img src=x onerror=mine>")
    assert "<script>alert" not in two.page
    assert "<img src=x" not in two.page
