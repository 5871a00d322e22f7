"""Claims about two edits of one statement put together part by part."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo import connectives
from cmo.aligning import Aligned, Piece, line_up, who_changed
from cmo.wording import Part, compose, find_parts, part_text, remainder

PICKS = ("theirs", "mine", "both", "own", "")
RESERVED = {word for keys in connectives.KEYS.values() for key in keys for word in key.split()} | {"as", "since", "so"}
WORD = st.text(string.ascii_lowercase, min_size=2, max_size=7).filter(lambda word: word not in RESERVED)
WORDS = st.lists(WORD, min_size=1, max_size=5).map(" ".join)
HEADS, JOINTS, TAILS = ["", "However, ", "- "], [", ", " ", "; "], [".", "", " ."]


@st.composite
def wordings(draw, count=3):
    """Wordings of one statement as several people might have it: mostly the same words in the same parts."""
    keys = {part: draw(st.sampled_from(some)) for part, some in KEYS.items()}
    words = {part: draw(WORDS) for part in Part}
    frame = [draw(st.sampled_from(some)) for some in (HEADS, JOINTS, JOINTS, TAILS)]
    made = []
    for _ in range(count):
        change = draw(st.sets(st.sampled_from([*Part, "head", "left out", "key"]), max_size=2))
        said = {part: draw(WORDS) if part in change else words[part] for part in Part}
        if "left out" in change:
            del said[draw(st.sampled_from(list(Part)))]
        opening = {part: draw(st.sampled_from(KEYS[part])) if "key" in change else keys[part] for part in Part}
        head = draw(st.sampled_from(HEADS)) if "head" in change else frame[0]
        pieces = [f"{opening[part]} {text}" for part, text in said.items()]
        made.append(head + pieces[0] + "".join(
            joint + piece for joint, piece in zip(frame[1:3], pieces[1:], strict=False)
        ) + frame[3])  # fmt: skip
    return tuple(made)


KEYS = {Part.IF: ["If", "if", "When"], Part.THEN: ["then"], Part.BECAUSE: ["because", "because of"]}
ANY = st.text(st.characters(codec=None), max_size=60)
PIECES = st.lists(
    st.sampled_from(["If", "then", "because", "a", "trust", "grows", ",", ".", "However,", "\n", "🏴", "(x)", ";"]),
    max_size=14,
).map(" ".join)
LOOSE = st.one_of(ANY, PIECES)
THREE = st.one_of(wordings(), st.tuples(PIECES, PIECES, PIECES), st.tuples(LOOSE, LOOSE, LOOSE))


def up(*three: str) -> Aligned | None:
    return line_up(*((text, find_parts(text)) for text in three))


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@settings(deadline=None, max_examples=300)
@given(THREE)
def test_one_sided_and_equal_changes_are_taken_to_the_last_character(three):
    base, other, _third = three
    for theirs, mine in ((base, other), (other, base), (other, other)):
        if found := up(base, theirs, mine):
            assert found.sentence(found.offered) == other
            assert not any(piece.changed == "both" for piece in found.pieces)


@settings(deadline=None, max_examples=300)
@given(THREE)
def test_each_text_of_a_piece_stands_in_its_wording_with_its_connective(three):
    for piece in getattr(up(*three), "pieces", ()):
        for text, wording in zip((piece.base, piece.theirs, piece.mine), three, strict=True):
            assert (piece.lead + text if text else "") in wording


@settings(deadline=None, max_examples=500)
@given(THREE, st.data())
def test_what_is_chosen_stands_in_the_sentence_in_order_and_nothing_around_it_is_lost(three, data):
    found = up(*three)
    if found is None:
        return
    texts = {}
    for piece in found.pieces:
        text = piece.text(data.draw(st.sampled_from(PICKS)), data.draw(st.sampled_from([None, "own words", ""])))
        texts[piece.part] = piece.mine if text is None else text
    said = found.sentence(texts)
    cursor = 0
    for piece in found.pieces:
        if texts[piece.part]:
            cursor = said.index(texts[piece.part], cursor) + len(texts[piece.part])
    if any(texts.values()):
        assert said.startswith(found.head)
        assert said.endswith(found.tail)
        assert all(letters(joint) in letters(said) for joint in found.joints.values() if all(texts.values()))


@settings(deadline=None, max_examples=300)
@given(THREE)
def test_swapping_the_sides_swaps_what_is_theirs_and_mine_and_nothing_else(three):
    base, theirs, mine = three
    one, two = up(base, theirs, mine), up(base, mine, theirs)
    assert (one is None) == (two is None)
    if one and two:
        swapped = tuple(Piece(piece.part, piece.lead, piece.base, piece.mine, piece.theirs) for piece in two.pieces)
        assert (swapped, one.head, one.tail) == (one.pieces, two.head, two.tail)


@settings(deadline=None, max_examples=300)
@given(st.tuples(WORDS, WORDS, WORDS), WORDS, WORDS, st.permutations(list(Part)))
def test_changes_of_different_parts_are_both_in_the_sentence(words, one, two, parts):
    base = dict(zip(Part, words, strict=True))
    theirs, mine, both = base | {parts[0]: one}, base | {parts[1]: two}, base | {parts[0]: one, parts[1]: two}
    found = up(*(compose(*side.values()) for side in (base, theirs, mine)))
    assert found is not None
    assert found.sentence(found.offered) == compose(*both.values())


@settings(deadline=None, max_examples=300)
@given(st.tuples(WORDS, WORDS, WORDS), WORDS)
def test_a_mechanism_that_one_side_adds_joins_what_the_other_changed(words, other):
    if_, then, because = words
    found = up(compose(if_, then), compose(if_, other), compose(if_, then, because))
    assert found is not None
    assert found.sentence(found.offered) == compose(if_, other, because)


B = "If staff stay, then families trust them, because trust grows with time."


def test_a_part_that_both_changed_in_the_same_words_waits_for_a_choice():
    (piece,) = [piece for piece in up(B, B.replace("stay", "remain"), B.replace("stay", "last")).pieces
                if piece.changed == "both"]  # fmt: skip
    assert (piece.part, piece.lead) == (Part.IF, "If ")
    assert [piece.text(pick) for pick in PICKS] == ["staff remain", "staff last", None, None, None]
    assert piece.text("", "staff remain or last") == "staff remain or last"


def test_own_words_come_before_the_pick_and_words_of_one_side_do_not():
    piece = Piece(Part.IF, "If ", "staff stay", "staff remain", "staff last")
    assert piece.text("theirs", "staff stay on") == "staff stay on"
    assert piece.text("theirs", "staff  last") == "staff remain"
    assert piece.text("theirs", "") == "staff remain"
    assert piece.text("own", "") == ""
    assert piece.text("own", piece.offered) is None, "both readings stand in it still, marked"


def test_own_words_may_bring_their_connective_and_their_full_stop():
    found = up(B, B.replace("stay", "remain"), B.replace("stay", "last"))
    texts = found.offered | {Part.IF: "When staff stay on,", Part.BECAUSE: "because they know them."}
    assert found.sentence(texts) == "When staff stay on, then families trust them, because they know them."


def test_a_part_taken_out_takes_its_connective_along():
    found = up(B, B, B)
    for part, said in {
        Part.IF: "then families trust them, because trust grows with time.",
        Part.THEN: "If staff stay, because trust grows with time.",
        Part.BECAUSE: "If staff stay, then families trust them.",
    }.items():
        assert found.sentence(found.offered | {part: ""}) == said
    assert found.sentence(dict.fromkeys(Part, "")) == ""


@pytest.mark.parametrize(
    "three",
    [
        ("", "If a, then b.", "If a, then c."),
        (B, f"{B} If staff leave, then trust goes.", B),
        (B, f"However, {B}", f"And yet, {B}"),
        ("If a, then b, because c.", "Because c, if a, then b.", "If a, then b, because d."),
    ],
    ids=["no parts", "a part twice", "both changed what stands around", "another order"],
)
def test_what_does_not_line_up_is_chosen_as_a_whole(three):
    assert up(*three) is None


def test_words_between_the_parts_stay_when_a_part_is_taken_out():
    base = "If staff stay, then families trust them. We saw this twice. Because trust grows with time."
    spans = find_parts(base)
    assert remainder(base, spans)
    assert part_text(base, spans, Part.BECAUSE)
    found = up(base, base.replace("stay", "remain"), base)
    assert found.sentence(found.offered) == base.replace("stay", "remain")
    assert "We saw this twice." in found.sentence(found.offered | {Part.THEN: ""})


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "expected"),
    [(1, 1, 1, ""), (1, 2, 1, "theirs"), (1, 1, 2, "mine"), (1, 2, 2, "alike"), (1, 2, 3, "both")],
)
def test_who_changed_something(base, theirs, mine, expected):
    assert who_changed(base, theirs, mine) == expected
