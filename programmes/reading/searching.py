"""Owns how records are found by words: a bounded number of them ranked, or all of them for a filter.

Any text is a question. It is taken apart into words here, and nothing of it reaches the databases' own query languages.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Upper
from django.http import Http404

from programmes.lexing import LONGEST, sought_in
from programmes.models import Programme, SearchDocument, ThemeRevision
from programmes.ranking import Mark, Sought, excerpt, marks_in, scores
from programmes.reading.paging import Page
from programmes.rules.indexing import THEME, kind_sign, label_folded, scope
from programmes.search_index import DOCUMENTS, WORDS, matching, newest
from programmes.stemming import stem
from programmes.vocabulary import Limit

MOST_WORDS = 20
# Of those that hold every word so many are ranked, the newest: ranking all would take longer as a theory grows.
MOST_RANKED = 200
MOST_FORMS = 50  # words that begin as the one being typed
MOST_KEYS = 500  # of so few the filter is told each: then it looks these up instead of walking along its order
MOST_FITTING = 200  # a piece that fits more words than this narrows a filter by nothing
SHOWN = 260  # characters of an excerpt
_FIELDS = ("pk", "kind", "key", "at", "label", "title", "body", "retired")


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found. Marks are (start, end) in characters, of the title and of the excerpt. `former` is the
    code by which a theme was found that bore it before it was recoded; "" for all others."""

    kind: str
    key: int
    at: str
    label: str
    title: str
    title_marks: list[Mark]
    excerpt: str
    excerpt_marks: list[Mark]
    retired: bool
    former: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. Where `complete` is false more records hold the words than were ranked."""

    question: list[Sought]
    page: Page[Hit]
    complete: bool


def search(
    programme: Programme,
    text: str,
    *,
    kind: str = "",
    page: int = 1,
    size: int = 50,
    among: Collection[str] | None = None,
) -> Found:
    """The records that hold every word of `text`, the best first and the retired last; three queries.

    A record whose label is named comes before all others, then the theme that bore a code named. The last word, and any
    that the programme does not know, may be the beginning of a word. Of `kind` alone, when given, and of the kinds
    `among` alone, for those who see no others. Raises Http404 for a page that is not there.
    """
    words = sought_in(text, MOST_WORDS)
    question = question_of(words, _beginning(programme, words) if words else [])
    kinds = {kind} if kind else among
    keys, complete = in_order(_rows(*candidates(programme, question, text, kinds)), question, text, kinds)
    first = (page - 1) * size
    if page > 1 and first >= len(keys):
        raise Http404("There is no such page.")
    some = list(keys.items())[first : first + size]
    documents = documents_of([pk for pk, _former in some])
    shown = [hit_of(documents[pk], question, former) for pk, former in some if pk in documents]
    return Found(question, Page(shown, len(keys), page, size), complete)


@dataclass(frozen=True, slots=True)
class Holding:
    """The records of one kind that hold what a filter asks for: the keys of few; of many, how to ask for them."""

    kind: str
    keys: list[int] | None
    condition: str = ""
    asked: str = ""  # the parameter of `condition`, for records in use and retired
    in_use: str = ""  # and for those in use alone

    def among(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of `rows` that hold it."""
        if self.keys is not None:
            return rows.filter(pk__in=self.keys)
        matches = RawSQL(self.condition, [self.asked], output_field=BooleanField())
        # Asked row by row: a list in its own order then reads no further than its page.
        return rows.filter(Exists(SearchDocument.objects.filter(matches, kind=self.kind, key=OuterRef("pk"))))

    def count_in_use(self) -> int | None:
        """How many records in use hold it, counted in the index; None where `among` is as quick."""
        if self.keys is not None:
            return None
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {DOCUMENTS} WHERE {self.condition}", [self.in_use])
            return int(cursor.fetchone()[0])


def holding(programme: Programme, kind: str, text: str) -> Holding:
    """The records of a kind, retired ones too, that hold every word of `text` or a word it is a piece of; two queries.

    A text without words is held by nothing.
    """
    words = sought_in(text, MOST_WORDS)
    if not words:
        return Holding(kind, [])
    in_use, retired = (scope(programme, retired=gone) for gone in (False, True))
    wanted: list[Collection[str]] = [*filter(None, fitting(words, _holding(programme, words))), {kind_sign(kind)}]
    condition, asked = matching(connection.vendor, [*wanted, {in_use, retired}])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT key FROM {DOCUMENTS} WHERE {condition} LIMIT {MOST_KEYS + 1}", [asked])
        keys = [key for (key,) in cursor.fetchall()]
    if len(keys) <= MOST_KEYS:
        return Holding(kind, keys)
    return Holding(kind, None, condition, asked, matching(connection.vendor, [*wanted, {in_use}])[1])


def words_in(text: str) -> list[str]:
    """The words of a text that a search looks for."""
    return list(sought_in(text, MOST_WORDS))


def labels_in(text: str) -> list[str]:
    """What of a text may be labels, folded: S7, O3.10."""
    return list(dict.fromkeys(label_folded(piece) for piece in _pieces(text) if len(piece) <= LONGEST))[:MOST_WORDS]


def codes_in(text: str) -> list[str]:
    """What of a text may be codes, in upper case."""
    return list(dict.fromkeys(piece.upper() for piece in _pieces(text) if len(piece) <= Limit.CODE))[:MOST_WORDS]


def _pieces(text: str) -> list[str]:
    return text[:2000].replace(",", " ").replace(";", " ").split()


# ---- the words of a question


def question_of(words: Sequence[str], known: Sequence[str]) -> list[Sought]:
    """What is looked for by `words`, of `known` words that begin as one of them, the shortest first."""
    found = []
    for word in words:
        forms = [other for other in known if other.startswith(word)]
        whole = word in forms and word != words[-1]
        found.append(Sought(word, frozenset() if whole else frozenset(map(stem, forms[:MOST_FORMS]))))
    return found


def _beginning(programme: Programme, words: Sequence[str]) -> list[str]:
    """The words of the programme that begin as one of these, the shortest first."""
    as_bytes = "" if connection.vendor == "sqlite" else ' COLLATE "C"'
    ranges = " OR ".join([f"(word{as_bytes} >= %s AND word{as_bytes} < %s)"] * len(words))
    return _vocabulary(
        programme,
        f"({ranges}) ORDER BY LENGTH(word), word{as_bytes} LIMIT {MOST_WORDS * MOST_FORMS}",
        [end for word in words for end in (word, f"{word}\U0010ffff")],
    )


def _holding(programme: Programme, words: Sequence[str]) -> list[str]:
    """The words of the programme that hold one of these."""
    like = " OR ".join(["word LIKE %s"] * len(words))
    return _vocabulary(programme, f"({like})", [f"{'%' if len(word) > 2 else ''}{word}%" for word in words])


def fitting(words: Sequence[str], known: Collection[str]) -> list[set[str]]:
    """For each of `words` the stems of all `known` that hold it; a piece of one or two letters must begin a word.

    Empty where so many words fit that it would narrow nothing.
    """
    found = []
    for word in words:
        fits = [other for other in known if (word in other if len(word) > 2 else other.startswith(word))]
        found.append({stem(word), *map(stem, fits)} if len(fits) <= MOST_FITTING else set())
    return found


def _vocabulary(programme: Programme, condition: str, given: Iterable[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT word FROM {WORDS} WHERE programme_id = %s AND {condition}", [programme.pk, *given])
        return [word for (word,) in cursor.fetchall()]


# ---- which records


OWN, IN_USE, RETIRED, FORMER = range(4)  # why a document is among the candidates: its label, its words, its old code
_BORE = (
    f"SELECT {FORMER} AS place, d.id, r.code AS words, CAST(r.id AS text) AS kind FROM programmes_themerevision r"
    f" JOIN programmes_theme h ON h.id = r.theme_id JOIN {DOCUMENTS} d ON d.kind = '{THEME}' AND d.key = h.id"
)


def candidates(
    programme: Programme, question: Sequence[Sought], text: str, kinds: Collection[str] | None
) -> tuple[str, list[Any]]:
    """(SQL, its parameters): one query for all documents that may answer, as rows that `in_order` reads; "" when
    nothing is asked. Of in use and retired together no more than MOST_RANKED and one."""
    most = MOST_RANKED + 1  # one more than is used says that there are more
    parts, given = [], list[Any]()
    labels, codes = labels_in(text), codes_in(text)
    if labels:
        parts.append(  # the kind is looked at below: asked for here, it would lead the database to another index
            f"SELECT {OWN} AS place, id, label_folded AS words, kind FROM {DOCUMENTS}"
            f" WHERE programme_id = %s AND label_folded IN ({_marks(labels)})"
        )
        given += [programme.pk, *labels]
    if codes and (kinds is None or THEME in kinds):
        parts.append(f"{_BORE} WHERE h.programme_id = %s AND UPPER(r.code) IN ({_marks(codes)})")
        given += [programme.pk, *codes]
    if question:
        # One after the other: where those in use are as many as will be ranked, no retired one is looked for.
        texts = []
        for place, retired in ((IN_USE, False), (RETIRED, True)):
            sql, asked = newest_of(programme, question, kinds, retired=retired, most=most)
            texts.append(f"SELECT {place} AS place, id, words, '' AS kind FROM ({sql}) AS found{place}")
            given += asked
        parts.append(f"SELECT * FROM ({' UNION ALL '.join(texts)} LIMIT {most:d}) AS texts")
    return " UNION ALL ".join(parts), given


def newest_of(
    programme: Programme, question: Sequence[Sought], kinds: Collection[str] | None, *, retired: bool, most: int
) -> tuple[str, list[Any]]:
    """(SQL, its parameters): the `most` newest documents of a programme that hold every word of a question."""
    wanted = [*(one.stems for one in question), *([set(map(kind_sign, kinds))] if kinds is not None else [])]
    sign = scope(programme, retired=retired)
    return newest(connection.vendor, wanted, programme=programme.pk, retired=retired, sign=sign, most=most)


def _marks(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))


def _rows(sql: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


def in_order(
    rows: Iterable[tuple[Any, ...]], question: Sequence[Sought], text: str, kinds: Collection[str] | None
) -> tuple[dict[int, str], bool]:
    """({document: the former code by which it was named, or ""}, the best first; whether all were ranked) of the rows
    of `candidates`: those whose label is named, those that bore a code named, and the others by how well they answer.
    """
    found: dict[int, list[tuple[int, str]]] = {OWN: [], IN_USE: [], RETIRED: []}
    bore: list[tuple[int, int, str]] = []
    held = set[str]()  # codes that a theme bears now: they are nobody's former ones
    for place, pk, words, kind in rows:
        if place == FORMER:
            bore.append((int(kind), pk, words))
            continue
        if place == OWN and kind == THEME:
            held.add(words)
        if place != OWN or kinds is None or kind in kinds:
            found[place].append((pk, words))
    labels = labels_in(text)
    complete = len(found[IN_USE]) + len(found[RETIRED]) <= MOST_RANKED
    in_use = sorted(found[IN_USE], reverse=True)[:MOST_RANKED]
    retired = sorted(found[RETIRED], reverse=True)[: MOST_RANKED - len(in_use)]
    named = [pk for pk, _label in sorted(found[OWN], key=lambda row: (labels.index(row[1]), row[0]))]
    keys = dict.fromkeys(named, "")
    for pk, code in last_bearers(bore, held):
        keys.setdefault(pk, code)
    for pk in (*ranked(in_use, question), *ranked(retired, question)):
        keys.setdefault(pk, "")
    return keys, complete


def last_bearers(bore: Iterable[tuple[int, int, str]], held: Collection[str]) -> list[tuple[int, str]]:
    """(bearer, code) of each code that nobody bears now (`held`: those that somebody does, folded): who bore it last.

    `bore` are (revision, bearer, code).
    """
    last = {label_folded(code): (pk, code) for _revision, pk, code in sorted(bore)}
    return [bearer for folded, bearer in last.items() if folded not in held]


def bore_until(programme: Programme, text: str, moment: Any) -> list[tuple[int, int, str]]:
    """(revision, theme, code) of all codes named in a text, as themes bore them up to a moment; one query."""
    codes = codes_in(text)
    if not codes:
        return []
    upper = Upper("code")
    found = ThemeRevision.objects.alias(upper=upper).filter(theme__programme=programme, upper__in=codes, at__lte=moment)
    return list(found.values_list("pk", "theme", "code"))


def ranked(rows: Sequence[tuple[int, str]], question: Sequence[Sought]) -> list[int]:
    """The documents in the order of their scores; of equals the newer first."""
    found = zip(scores([words for _pk, words in rows], question), rows, strict=True)
    return [pk for _score, pk in sorted(((score, pk) for score, (pk, _words) in found), reverse=True)]


def documents_of(keys: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """What `hit_of` needs of these documents; one query."""
    return {row[0]: row[1:] for row in SearchDocument.objects.filter(pk__in=keys).values_list(*_FIELDS)}


def hit_of(row: tuple[Any, ...], question: Sequence[Sought], former: str = "") -> Hit:
    """A record as the page shows it, of its kind, key, address, label, title, body and whether it is retired."""
    kind, key, at, label, title, body, retired = row
    shown, marks = excerpt(body, marks_in(body, question), SHOWN)
    return Hit(kind, key, at, label, title, marks_in(title, question), shown, marks, retired, former)
