"""Owns what the names written in texts (S7, CMO3 v2, @lena) lead to: the records and members that there are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Lower
from django.urls import reverse

from cmo.models import Bearing, CoAuthor, Configuration, Element, Excerpt, Proposal, Statement
from cmo.references import LETTERS, Piece, names_in, records_in
from programmes.models import Membership, Person, Programme, Source

MODELS: dict[str, Any] = {
    "statement": Statement, "configuration": Configuration, "element": Element, "proposal": Proposal,
}  # fmt: skip
OF_EVIDENCE: dict[str, Any] = {"excerpt": Excerpt, "bearing": Bearing, "source": Source}


@dataclass(frozen=True, slots=True)
class Known:
    """What the names in some texts lead to, in one programme, for one reader."""

    slug: str = ""
    records: dict[tuple[str, int], int] = field(default_factory=dict)  # to the revision that each is at
    names: frozenset[str] = frozenset()  # of members, in small letters
    me: str = ""

    def url(self, piece: Piece) -> str:
        """The address of what a piece names, "" when there is no such record or revision."""
        newest = self.records.get((piece.kind, piece.number))
        if newest is None or piece.revision > newest:
            return ""
        return record_url(self.slug, piece.kind, piece.number, piece.revision)

    def member(self, piece: Piece) -> bool:
        return piece.name.lower() in self.names


def known_in(programme: Programme, person: Person, texts: Iterable[str]) -> Known:
    """What these texts name; one query, none where they name nothing. A programme that was not read for somebody who
    sees its evidence holds none."""
    texts = list(texts)
    named = {one for text in texts for one in records_in(text)}
    names = {name for text in texts for name in names_in(text)}
    rows: list[QuerySet[Any, Any]] = []
    for kind, model in (MODELS if getattr(programme, "withheld", True) else MODELS | OF_EVIDENCE).items():
        numbers = sorted({number for other, number in named if other == kind})[:500]
        if numbers:
            found = model._default_manager.filter(programme=programme, number__in=numbers).order_by()
            if kind == "proposal":
                found = found.filter(seen_by(person))
            at = F("round") if kind == "proposal" else F("revision_number")
            named_so = Cast("number", CharField(max_length=200))
            rows.append(found.values_list(Value(kind, CharField(max_length=20)), named_so, Cast(at, CharField())))
    if names:
        members = Membership.objects.filter(programme=programme).annotate(name=Lower("person__username")).order_by()
        found = members.filter(name__in=sorted(names)[:500])
        none = Value("0", CharField())
        rows.append(found.values_list(Value("person", CharField(max_length=20)), Cast("name", CharField()), none))
    told = list(rows[0].union(*rows[1:], all=True)) if rows else []
    return Known(
        programme.slug,
        {(kind, int(number)): int(revision) for kind, number, revision in told if kind != "person"},
        frozenset(name for kind, name, _none in told if kind == "person"),
        person.username.lower(),
    )


def seen_by(person: Person, at: str = "") -> Q:
    """Proposals that a member sees: what was never sent is there for those who write it. `at` leads to them, such as
    "proposal__"."""
    own = Q(**{f"{at}author": person}) | Q(**{f"{at}pk__in": CoAuthor.objects.filter(person=person).values("proposal")})
    return Q(**{f"{at}sent__isnull": False}) | own


def record_url(slug: str, kind: str, number: int, revision: int = 0) -> str:
    """The page of a record; with a revision, the place of that in its history."""
    url = reverse(kind, args=[slug, number])
    return f"{url}?older={revision}#v{revision}" if revision and kind not in ("proposal", *OF_EVIDENCE) else url


def label_of(kind: str, number: int) -> str:
    return f"{next(letters for letters, name in LETTERS.items() if name == kind)}{number}"
