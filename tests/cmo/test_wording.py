"""Claims about finding the parts of a wording and changing them without losing a character."""

import json
import string
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cmo import connectives
from cmo.wording import (
    NotInWording,
    Overlap,
    Part,
    Span,
    checks,
    compose,
    find_parts,
    mark,
    pack,
    part_text,
    remainder,
    rewrite,
    split,
    unpack,
)

RESERVED = {word for keys in connectives.KEYS.values() for key in keys for word in key.split()} | {
    "so",
    "not",
    "of",
}
KEYWORDS = [*sorted(RESERVED), "If", "When", "Then", "Because", "as", "since", *",.;()“”\n"]
WORD = st.text(string.ascii_lowercase, min_size=1, max_size=8).filter(lambda word: word not in RESERVED)
WORDS = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
MAYBE = st.one_of(st.just(""), WORDS)
ANY = st.text(st.characters(codec=None), max_size=80)
PIECES = st.lists(
    st.one_of(
        st.sampled_from(KEYWORDS),
        st.sampled_from(
            [" ", "\n", ", ", ". ", "; ", "e.g. ", "However, ", "- ", "\u202e", "\ud800", "\0", "👩‍👧", "1.5"]
        ),
        WORD,
    ),
    max_size=40,
).map(" ".join)
WORDING = st.one_of(ANY, PIECES)

LEADER = "If a lead practitioner chairs the meeting, then the team tries the tool because it looks safe."


def parts(wording):
    spans = find_parts(wording)
    return tuple(part_text(wording, spans, part) for part in Part)


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        (LEADER, ("a lead practitioner chairs the meeting", "the team tries the tool", "it looks safe")),
        (
            "When rules clash, it is likely that the nearer one wins because staff know who wrote it.",
            ("rules clash", "it is likely that the nearer one wins", "staff know who wrote it"),
        ),
        (
            "If nurses are keen on the tool, then they will hear of it and show it, which will spread it.",
            (
                "nurses are keen on the tool",
                "they will hear of it and show it, which will spread it",
                "",
            ),
        ),
        (
            "If wards feel safe / open, then staff more often see the tool as fitting for their work.",
            ("wards feel safe / open", "staff more often see the tool as fitting for their work", ""),
        ),
        (
            "If partners (e.g. schools) take part in a 2.5 hour day, then it sticks because there is buy-in.",
            ("partners (e.g. schools) take part in a 2.5 hour day", "it sticks", "there is buy-in"),
        ),
        (
            "If it asks for values, then it is not used as intended because staff, as a rule, have theirs.",
            ("it asks for values", "it is not used as intended", "staff, as a rule, have theirs"),
        ),
        (
            "UNLESS leaders agree THEN nothing moves BECAUSE nobody dares",
            ("leaders agree", "nothing moves", "nobody dares"),
        ),
        ("Where possible, staff rotate.", ("possible", "staff rotate", "")),
        (
            "If managers, practitioners and police train together, uptake rises.",
            ("managers, practitioners and police train together", "uptake rises", ""),
        ),
        (
            "Because staff feel safe, if a leader asks, then they tell.",
            ("a leader asks", "they tell", "staff feel safe"),
        ),
        (
            "If teams meet, because they trust each other, then they share.",
            ("teams meet", "they share", "they trust each other"),
        ),
        (
            "If staff leave because of workload, then uptake falls because of fear.",
            ("staff leave because of workload", "uptake falls", "fear"),
        ),
        (
            "Unless leaders agree, nothing moves, as they hold the budget.",
            ("leaders agree", "nothing moves", "they hold the budget"),
        ),
        (
            "If leaders agree, then it moves, since they hold the budget.",
            ("leaders agree", "it moves", "they hold the budget"),
        ),
        ("If leaders agree, then it moves, since 2019.", ("leaders agree", "it moves, since 2019", "")),
        (
            "If so, then notes as well as forms, such as these, last as long as needed.",
            ("so", "notes as well as forms, such as these, last as long as needed", ""),
        ),
        ("When leads write the plan so that all know it", ("leads write the plan", "all know it", "")),
        (
            "If leads write the plan so that all know it, then it holds.",
            ("leads write the plan so that all know it", "it holds", ""),
        ),
        ("If leads act, then all join so that it lasts.", ("leads act", "all join so that it lasts", "")),
        (
            "If they plan and then act, then it holds, not because of rules but because they care.",
            ("they plan and then act", "it holds, not because of rules but", "they care"),
        ),
        (
            "If teams meet, they then agree because they then feel safe.",
            ("teams meet", "they then agree", "they then feel safe"),
        ),
        (
            "If teams meet, then they agree partly because they feel safe.",
            ("teams meet", "they agree", "they feel safe"),
        ),
        (
            "If teams meet (if asked, then twice because of noise), they agree.",
            ("teams meet (if asked, then twice because of noise)", "they agree", ""),
        ),
        (
            "If teams meet. Then they agree. This is because they feel safe.",
            ("teams meet", "they agree", "they feel safe"),
        ),
        ("“If teams meet, then they agree.”", ("teams meet", "they agree", "")),
        ("S7: 1) If teams meet, then they agree.", ("teams meet", "they agree", "")),
        (
            "If teams and if so leads meet, then even if late, as if asked, they agree.",
            ("teams and if so leads meet", "even if late, as if asked, they agree", ""),
        ),
        (
            "Os yw timau yn cwrdd, yna maent yn cytuno oherwydd eu bod yn ddiogel.",
            ("yw timau yn cwrdd", "maent yn cytuno", "eu bod yn ddiogel"),
        ),
        (
            "Pan fydd timau yn cwrdd, yna maent yn cytuno gan fod amser.",
            ("fydd timau yn cwrdd", "maent yn cytuno", "amser"),
        ),
        ("Teams agree because they feel safe.", ("", "", "they feel safe")),
        ("Even if teams meet, then nothing moves.", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_the_parts_are_found_as_a_reader_would_find_them(wording, expected):
    assert parts(wording) == expected


@pytest.mark.parametrize(
    "wording",
    [
        "If it rains, then we stay. However, if it snows, then we go because we like it.",
        "If it rains, then we stay; but if it snows, then we go because we like it.",
        "- If it rains, then we stay\n- If it snows, then we go because we like it",
        "If it rains (see fig. 2), then we stay. if it snows, then we go because we like it.",
    ],
)
def test_a_second_if_makes_further_spans_and_is_advised(wording):
    spans = find_parts(wording)
    assert [str(span.part) for span in spans] == ["if", "then", "if", "then", "because"]
    assert part_text(wording, spans, Part.THEN) == "we stay … we go"
    assert checks(wording, spans, theme_count=2) == ["several-claims"]


def test_the_comma_stays_with_the_words_and_the_full_stop_with_the_last_part():
    assert split(LEADER, find_parts(LEADER)) == [
        ("if.key", "If "),
        ("if", "a lead practitioner chairs the meeting, "),
        ("then.key", "then "),
        ("then", "the team tries the tool "),
        ("because.key", "because "),
        ("because", "it looks safe."),
    ]


def test_what_is_not_parsed_is_shown():
    wording = "Note well. If it rains, then we stay. We saw this twice."
    spans = find_parts(wording)
    assert remainder(wording, spans) == "Note well. … We saw this twice."
    assert checks(wording, spans, theme_count=0) == ["no-because", "no-themes", "unparsed"]
    assert checks("Rain.", (), theme_count=1) == ["no-if", "no-then", "no-because", "unparsed"]


@settings(deadline=None, max_examples=400)
@given(WORDING)
@example("If(if [then, because")
@example("because, because\nIf,")
@example("\ud800If\0then\u202ebecause")
def test_no_character_is_lost_and_spans_are_in_order(wording):
    spans = find_parts(wording)
    assert "".join(text for _, text in split(wording, spans)) == wording
    cursor = 0
    for span in spans:
        assert cursor <= span.key[0] <= span.key[1] <= span.words[0] <= span.words[1] <= len(wording)
        assert wording[span.key[1] : span.words[0]].strip() == ""
        cursor = span.words[1]
    assert unpack(json.loads(json.dumps(pack(spans)))) == spans


@settings(deadline=None)
@given(ANY, st.lists(st.tuples(st.sampled_from(Part), *[st.integers(-5, 90)] * 4)))
def test_spans_of_another_wording_still_lose_no_character(wording, rows):
    spans = [Span(part, (a, b), (c, d)) for part, a, b, c, d in rows]
    assert "".join(text for _, text in split(wording, spans)) == wording


@settings(deadline=None, max_examples=300)
@given(MAYBE, MAYBE, MAYBE)
def test_composed_parts_are_found_again(if_, then, because):
    assert parts(compose(if_, then, because)) == (if_, then, because)


def test_compose_does_not_double_what_is_typed():
    assert compose("X", "Y", "Z") == "If X, then Y, because Z."
    assert compose("When X,", "then Y;", "because of Z.") == "When X, then Y; because of Z."
    assert compose(then="Y.", because="Z!") == "Then Y, because Z!"
    assert compose("", " ", "") == ""


@settings(deadline=None, max_examples=300)
@given(MAYBE, MAYBE, MAYBE, MAYBE, MAYBE, MAYBE)
def test_rewritten_parts_are_found_again(a, b, c, x, y, z):
    wording = compose(a, b, c)
    assert parts(rewrite(wording, find_parts(wording), if_=x, then=y, because=z)) == (x, y, z)


@settings(deadline=None, max_examples=200)
@given(WORDING)
def test_rewriting_nothing_changes_nothing(wording):
    spans = find_parts(wording)
    same = {f"{part}_" if part is Part.IF else str(part): part_text(wording, spans, part) for part in Part}
    assert rewrite(wording, spans) == wording
    assert rewrite(wording, spans, **same) == wording


@pytest.mark.parametrize(
    ("wording", "given_parts", "expected"),
    [
        (
            LEADER,
            {"then": "all try it"},
            "If a lead practitioner chairs the meeting, then all try it because it looks safe.",
        ),
        ("1)  If A ;then B  because C !", {"because": "D"}, "1)  If A ;then B  because D"),
        ("If A, then B.", {"because": "C"}, "If A, then B, because C."),
        ("If A because C.", {"then": "B"}, "If A, then B because C."),
        ("If A, then B, because C.", {"then": ""}, "If A, because C."),
        ("If A, then B, because C.", {"because": ""}, "If A, then B."),
        ("If A, then B because C.", {"if_": "When D"}, "When D, then B because C."),
        ("- then B", {"if_": "A"}, "- If A, then B"),
        ("If A, then B. However, if C, then D.", {"if_": "X … Y"}, "If X, then B. However, if Y, then D."),
        ("If A, then B. However, if C, then D.", {"if_": "X"}, "If X, then B. However, if C, then D."),
        ("Teams try it.", {"because": "C"}, "Teams try it, because C."),
        ("", {"if_": "A", "because": "C"}, "If A, because C."),
        ("If A.", {"if_": ""}, ""),
    ],
)
def test_rewriting_keeps_every_other_character(wording, given_parts, expected):
    assert rewrite(wording, find_parts(wording), **given_parts) == expected


def test_parts_marked_by_hand_take_their_connectives():
    wording = "We think teams, if they meet often, will share, as they trust more."
    spans = mark(wording, if_="they meet often", then="will share", because="they trust more")
    assert pack(spans) == [["if", 16, 18, 19, 34], ["then", 36, 36, 36, 46], ["because", 48, 50, 51, 66]]
    assert remainder(wording, spans) == "We think teams, … , … , … ."


def test_a_repeated_text_is_marked_behind_its_connective():
    wording = "they act; if they act, then they act because they act"
    spans = mark(wording, if_="they act", then="they act", because="they act")
    assert [wording[slice(*span.key)] for span in spans] == ["if", "then", "because"]


def test_text_that_is_not_in_the_wording_is_refused_with_its_part():
    with pytest.raises(NotInWording) as refusal:
        mark(LEADER, if_="a lead practitioner", because="it looks  safe")
    assert refusal.value.part is Part.BECAUSE


def test_overlapping_parts_are_refused():
    with pytest.raises(Overlap):
        mark(LEADER, if_="chairs the meeting", then="the meeting, then")


@settings(deadline=None)
@given(WORDING.filter(lambda text: text.strip()), st.data())
def test_any_piece_of_a_wording_can_be_marked(wording, data):
    start = data.draw(st.integers(0, len(wording) - 1))
    piece = wording[start : data.draw(st.integers(start + 1, len(wording)))]
    spans = mark(wording, because=piece)
    assert "".join(text for _, text in split(wording, spans)) == wording
    assert len(spans) == bool(piece.strip())


@pytest.mark.parametrize("rows", [[["why", 0, 1, 2, 3]], [["if", 0, 1]], [["if", "x", 1, 2, 3]]])
def test_rows_of_another_shape_are_refused(rows):
    with pytest.raises(ValueError):
        unpack(rows)


@pytest.mark.parametrize(
    "unit", ["if ", ",", "because ", " ", '"', "e.g. ", "; if", "(", ". ", "\n• ", "a, ", "so that "]
)
def test_hostile_text_takes_time_in_proportion_to_its_length(unit):
    def seconds(length):
        wording = "If " + unit * (length // len(unit))
        started = time.process_time()
        spans = find_parts(wording)
        checks(wording, spans, theme_count=0)
        return time.process_time() - started

    assert seconds(400_000) < 4 * seconds(200_000) + 0.5
