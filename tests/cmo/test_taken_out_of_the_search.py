"""Claims about the search once words are taken out for good: neither its vocabulary nor its index holds them."""

import pytest

from cmo.rules.discussing import edit_comment, say
from cmo.rules.excerpting import Said, add_excerpt
from cmo.rules.noting import change_memo, write_memo
from cmo.rules.redacting import take_out
from cmo.rules.withdrawing import withdraw_excerpt, withdraw_source
from programmes.models import AuditEvent, SearchWord
from programmes.reading.searching import search
from programmes.rules.sourcing import add_source
from tests.conftest import actor
from tests.programmes.test_redacting import everything, whole

pytestmark = pytest.mark.django_db
SURNAME = "quibblesworth"
SAID = f"{SURNAME.title()} said so, lately."


@pytest.fixture
def lead(cast):
    return actor(cast.lead)


def take_out_all(programme, lead):
    rows = AuditEvent.objects.filter(programme=programme).exclude(verb="redacted").order_by("number")
    for verb in ("commented", "comment edited", "memo written", "memo changed"):
        for number in list(rows.filter(verb=verb).values_list("number", flat=True)):
            take_out(programme, by=lead, number=number, why="It names a participant.")


def knows(programme, word):
    return SearchWord.objects.filter(programme=programme, word=word).exists()


def test_a_name_taken_out_of_a_comment_is_in_no_row_of_the_search(programme, statement, lead):
    statement("If told lately, then known.")
    said = say(statement(), by=lead, text=SAID)
    assert (knows(programme, SURNAME), SURNAME in everything()) == (True, True)
    take_out_all(programme, lead)
    assert said
    assert SURNAME not in everything().lower()
    assert not knows(programme, "said")
    assert knows(programme, "lately")  # another record says it
    assert [hit.label for hit in search(programme, "late").page.rows] == ["S1"]
    assert whole()


def test_a_name_in_an_earlier_text_is_in_no_row_of_the_search_either(programme, statement, lead):
    edit_comment(say(statement(), by=lead, text=SAID), by=lead, base=1, text="Somebody said so.")
    change_memo(write_memo(programme, by=lead, title="Thought", text=SAID, shared=True), by=lead, base=1, text="None.")
    take_out_all(programme, lead)
    assert SURNAME not in everything().lower()
    assert whole()


@pytest.mark.parametrize("of_source", [False, True])
def test_what_is_withdrawn_is_in_no_row_of_the_search(of_source, programme, lead):
    source = add_source(programme, by=lead, kind="interview", pseudonym="LA1-SW1")
    excerpt = add_excerpt(source, by=lead, said=Said(text=SAID))
    if of_source:
        withdraw_source(source, by=lead, why="They asked for it.")
    else:
        withdraw_excerpt(excerpt, by=lead, why="They asked for it.")
    assert SURNAME not in everything().lower()
    assert whole()
