"""Claims about input: any text is a question, for the search and for the filter, on either database."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cmo.filters import StatementFilter
from cmo.rules.indexing import STATEMENT
from programmes.gate import clean
from programmes.models import SearchDocument
from programmes.reading.searching import holding, search
from programmes.vocabulary import Limit

API = "/api/v1/programmes/cse-test/search/"
PAGE = "/p/cse-test/search"
WORDINGS = (
    "If a worker stays, then families trust them, because trust grows with time.",
    "If NEAR and NOT and OR stand in a sentence, then it is a sentence.",
    "Os ŵyr pawb, yna mae’r “teulu” yn ymddiried – 100 % o’r amser.",
    "אם העובד נשאר, אז המשפחה סומכת עליו",
    "如果工作者留下，那么家庭会信任他们 😀",
)
HOSTILE = (
    '"', '""', "'", "''", "(", "because (", 'x"y', "*", "trust*", "^trust", "trust:", "words:trust", "-trust", "+",
    "NEAR", "NEAR(trust families, 2)", "AND", "OR", "NOT", "trust AND", "AND OR NOT", "a | b", "a & b", "!trust",
    "<->", "a <-> b", ":*", "\\", "\\'", "%", "_", "trust%", "{trust}", "--", "/*", "$1", "%s", "%(q)s", "{0}",
    "trust; DROP TABLE programmes_searchdocument", "😀", "👨\u200d👩\u200d👧", "\u202etrust", "\u200b", "\ufeff",
    "e\u0301", "\u0301", "½ ¼", "ﷺ", "ǅ", "İstanbul", "ß", "\U0010fffd", "_p1a", "_kstatement", "_t", "S1",
    "s99999999999999999999", "trust " * 2000, "x" * 10_000, " ".join(f"w{at}" for at in range(3000)),
    "\t\n trust \n", "٣ ３ ³", "co-operate o'clock", "ŵ", "a" * 61,
)  # fmt: skip
TYPED = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
SIGNS = ("trust", "families", "NEAR", "AND", "OR", "NOT", "S1", "teulu", "😀", "עובד", "worker", *"\"'()*-:&|!\\ %_")
PIECES = st.lists(st.sampled_from(SIGNS), max_size=12)
IN_ONE_WORLD = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # every example asks the same few records and writes none


@pytest.fixture
def theory(programme: Any, themes: Any, statement: Any) -> Any:
    for wording in WORDINGS:
        statement(wording)
    return programme


def asked(theory: Any, text: str) -> None:
    """The question is answered, and every mark stands on letters of what is shown."""
    found = search(theory, text)
    assert len(found.page.rows) == found.page.count <= SearchDocument.objects.count()
    for hit in found.page.rows:
        for shown, marks in ((hit.title, hit.title_marks), (hit.excerpt, hit.excerpt_marks)):
            assert all(0 <= start < end <= len(shown) and shown[start:end].strip() for start, end in marks)
            assert marks == sorted(marks)
    filtered = StatementFilter(QueryDict(mutable=True) | {"search": text}, programme=theory)
    if filtered.form.is_valid():
        assert filtered.count() == len(filtered.rows()) <= len(WORDINGS)


@pytest.mark.parametrize("text", HOSTILE, ids=[repr(text)[:30] for text in HOSTILE])
def test_a_hostile_text_is_a_question_at_every_door(text, theory, cast, api, as_):
    asked(theory, text)
    answer = api(cast.viewer).get(API, {"q": text})
    assert answer.status_code == 200
    assert as_(cast.viewer).get(PAGE, {"q": text}).status_code == 200
    assert answer.json()["count"] == search(theory, text).page.count


@IN_ONE_WORLD
@given(TYPED)
@example("trust\u0000".replace("\u0000", "\u2400"))
def test_any_text_is_a_question(theory, text):
    asked(theory, clean(text, field="q", limit=Limit.QUESTION))


@IN_ONE_WORLD
@given(PIECES)
def test_any_signs_between_words_are_a_question(theory, pieces):
    asked(theory, "".join(pieces))
    asked(theory, " ".join(pieces))


@IN_ONE_WORLD
@given(st.data())
def test_every_word_of_a_record_finds_it_and_so_does_the_beginning_of_one(theory, data):
    wording = data.draw(st.sampled_from(WORDINGS))
    word = data.draw(st.sampled_from([word for word in wording.split() if any(map(str.isalnum, word))]))
    written = data.draw(st.sampled_from([word, word.upper(), word.lower(), f"“{word}”"]))
    assert any(hit.excerpt == wording for hit in search(theory, written).page.rows)
    filtered = StatementFilter(QueryDict(mutable=True) | {"search": written}, programme=theory)
    assert wording in filtered.rows().values_list("wording", flat=True)


@IN_ONE_WORLD
@given(st.data())
def test_every_piece_of_a_word_of_three_letters_or_more_passes_the_filter(theory, data):
    wording = data.draw(st.sampled_from(WORDINGS[:3]))
    word = data.draw(st.sampled_from([word for word in wording.split() if len(word) > 3 and word.isalpha()]))
    first = data.draw(st.integers(0, len(word) - 3))
    piece = word[first : data.draw(st.integers(first + 3, len(word)))]
    filtered = StatementFilter(QueryDict(mutable=True) | {"search": piece}, programme=theory)
    assert wording in filtered.rows().values_list("wording", flat=True)


def test_a_piece_that_fits_too_many_words_narrows_nothing(theory, statement):
    many = " ".join(f"q{chr(97 + at // 26)}{chr(97 + at % 26)}x" for at in range(201))
    last = statement(f"If {many}, then so.")
    assert holding(theory, STATEMENT, "zz").keys == []
    found = StatementFilter(QueryDict("search=q"), programme=theory)
    assert found.count() == len(WORDINGS) + 1
    assert holding(theory, STATEMENT, "qax").keys == holding(theory, STATEMENT, "qa").keys == [last.pk]
