"""Claims about stems: the forms of a word share one, and they are those of the paper, as SQLite's stemmer has it."""

import re
import sqlite3
from pathlib import Path

import pytest

from programmes.stemming import porter, stem

HERE = Path(__file__).resolve().parents[2]
ENDINGS = (
    "", "s", "es", "ies", "ed", "eed", "ing", "y", "ly", "ational", "tional", "enci", "anci", "izer", "bli", "alli",
    "entli", "eli", "ousli", "ization", "ation", "ator", "alism", "iveness", "fulness", "ousness", "aliti", "iviti",
    "biliti", "logi", "icate", "ative", "alize", "iciti", "ical", "ful", "ness", "al", "ance", "ence", "er", "ic",
    "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize", "e", "ll",
)  # fmt: skip
BEGINNINGS = ("tr", "hop", "syz", "commun", "relat", "oper", "fizz", "say", "tall", "yell", "ow", "enjoy", "a", "bb")
FAMILIES = (
    "trust trusts trusted trusting", "policy policies", "family families", "manage manages managed manager managers"
    " managing management", "organisation organisations organise organised organising organization organize organizing",
    "practitioner practitioners", "exploit exploited exploiting exploitation", "child childs", "prioritise prioritize",
    "relationship relationships", "guidance", "analyse analyze analyses",
)  # fmt: skip


@pytest.mark.parametrize("words", FAMILIES)
def test_forms_of_a_word_share_a_stem(words):
    assert len({stem(word) for word in words.split()}) == 1


def test_words_of_two_letters_numbers_and_other_alphabets_stay_as_they_are():
    for word in ("", "a", "is", "s7", "2019", "o3", "ŵythnos", "доверие", "信頼"):
        assert stem(word) == word


def test_stems_are_those_of_the_stemmer_that_sqlite_brings():
    text = " ".join(path.read_text() for path in sorted((HERE / "docs").glob("*.md")))
    words = {word for word in re.findall("[a-z]+", text.lower()) if 3 <= len(word) <= 60}
    words |= {f"{first}{last}" for first in BEGINNINGS for last in ENDINGS}
    asked = sorted(word for word in words if len(word) > 2)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE said USING fts5 (word, tokenize = 'porter ascii')")
    connection.execute("CREATE VIRTUAL TABLE known USING fts5vocab (said, instance)")
    connection.executemany("INSERT INTO said (rowid, word) VALUES (?, ?)", enumerate(asked))
    theirs = dict(connection.execute("SELECT doc, term FROM known").fetchall())
    connection.close()
    assert len(asked) > 2000
    assert [(word, porter(word), theirs[at]) for at, word in enumerate(asked) if porter(word) != theirs[at]] == []
