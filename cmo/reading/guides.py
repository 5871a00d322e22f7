"""Owns what a teacher–learner interview guide shows: chosen statements as they read now, told plainly, with what is
asked about each. Four queries, however many are chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from cmo import wording as parsing
from cmo.guiding import Aim, Told, closing, noted, opening, tell
from cmo.models import ConfigurationRevision, ConfigurationStatement, Statement, StatementRevision
from cmo.reading.configurations import statements_named
from cmo.rules.answering import Answer
from cmo.rules.excerpting import Said
from cmo.vocabulary import State
from programmes.models import Programme
from programmes.reading.team import phase_now, phases_of
from programmes.vocabulary import Limit, PhaseKind

MOST = 30  # statements in one guide; nobody is asked about more in one sitting


@dataclass(frozen=True, slots=True)
class Asked:
    """One statement of a guide, in the wording of the revision that is told."""

    number: int
    revision: int
    wording: str
    told: Told

    @property
    def label(self) -> str:
        return f"S{self.number}"

    def as_json(self) -> dict[str, Any]:
        return {
            "statement": self.label, "revision": self.revision, "wording": self.wording,
            "plainly": self.told.plainly, "otherwise": self.told.otherwise,
            "prompts": [prompt.as_json() for prompt in self.told.prompts],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guide:
    """An interview guide for a phase of one kind."""

    kind: PhaseKind
    opening: list[str]
    asked: list[Asked]
    closing: list[str]

    @property
    def labels(self) -> str:
        return ",".join(one.label for one in self.asked)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value, "opening": self.opening, "statements": [one.as_json() for one in self.asked],
            "closing": self.closing,
        }  # fmt: skip


def kind_of_guide(programme: Programme, given: str) -> PhaseKind:
    """The kind of phase asked for, else that of the open phase, else refining. Raises ValidationError (kind)."""
    if given:
        if given not in PhaseKind.values:
            known = ", ".join(PhaseKind.values)
            raise ValidationError({"kind": _("Ask for one of: %(known)s.") % {"known": known}})
        return PhaseKind(given)
    now = phase_now(phases_of(programme))
    return PhaseKind(now[1].kind) if now else PhaseKind.REFINING


def guide_for(programme: Programme, labels: Sequence[str], *, kind: str = "") -> Guide:
    """The guide to these statements ("S7"), each once and in this order. Raises ValidationError (statements, kind)."""
    wanted = list(dict.fromkeys(labels))
    if not wanted:
        raise ValidationError({"statements": _("Choose at least one statement for the guide.")})
    if len(wanted) > MOST:
        raise ValidationError({"statements": _("Choose at most %(n)s statements for one guide.") % {"n": MOST}})
    asks = kind_of_guide(programme, kind)
    found = statements_named(programme, wanted)
    for one in found:
        if one.state == State.RETIRED:
            said = _("%(label)s is retired; choose statements in use.") % {"label": one.label}
            raise ValidationError({"statements": said})
    plain = _plain_sentences([one.pk for one in found])
    return Guide(asks, opening(), [_asked(one, plain.get(one.pk, []), asks) for one in found], closing())


def _asked(statement: Statement, otherwise: Sequence[str], kind: PhaseKind) -> Asked:
    if_, then, because, _rest = parsing.texts(statement.wording, statement.parts)
    told = tell(statement.wording, if_=if_, then=then, because=because, otherwise=otherwise, kind=kind)
    return Asked(statement.number, statement.revision_number, statement.wording, told)


def _plain_sentences(statements: Sequence[int]) -> dict[int, list[str]]:
    """{statement: the plain sentences of the configurations in use that spell it out}; one query.

    A sentence that was written before the statement read as it does is left out: it would tell people the old theory.
    """
    found: dict[int, list[str]] = {}
    spelled = ConfigurationStatement.objects.filter(statement__in=statements).exclude(configuration__plain="")
    current = spelled.exclude(configuration__state=State.RETIRED).order_by("configuration__number")
    same = ConfigurationRevision.objects.filter(
        configuration=OuterRef("configuration"), plain=OuterRef("configuration__plain")
    )
    read = StatementRevision.objects.filter(statement=OuterRef("statement"), at__lte=OuterRef("plain_since"))
    current = current.annotate(
        plain_since=Subquery(same.order_by("number").values("at")[:1]),
        wording_then=Subquery(read.order_by("-number").values("wording")[:1]),
    )
    current = current.filter(wording_then=F("statement__wording"))
    for statement, plain in current.values_list("statement", "configuration__plain"):
        found.setdefault(statement, []).append(plain)
    return found


def answers_in(programme: Programme, given: Sequence[dict[str, Any]], *, locator: str = "") -> list[Answer]:
    """Answers as the rule takes them, of what a form or a body says; one query. The note keeps what was asked.
    Raises ValidationError (statement, aim)."""
    labels = list(dict.fromkeys(one["statement"] for one in given))
    known = dict(zip(labels, statements_named(programme, labels, field="statement"), strict=True))
    return [
        Answer(
            known[one["statement"]], one["revision"], one["text"], one["stance"], one.get("part", ""),
            _note(one.get("aim", ""), one.get("note", "")), one.get("locator", locator),
        )
        for one in given
    ]  # fmt: skip


def others_in(given: Sequence[dict[str, Any]], *, locator: str = "") -> list[Said]:
    """Answers to the questions at the end, as the rule takes them. They are about no statement and have no note, so
    where they stand in the source says what was asked. Raises ValidationError (question)."""
    asked = closing()
    found = []
    for one in given:
        if not 1 <= one["question"] <= len(asked):
            said = _("Write the number of a question at the end, from 1 to %(n)s.")
            raise ValidationError({"question": said % {"n": len(asked)}})
        where = one.get("locator", locator).strip()
        after = f"{_('Answer to:')} {asked[one['question'] - 1]}"
        whole = f"{where}. {after}" if where else after
        found.append(Said(text=one["text"], locator=whole if len(whole) <= Limit.TITLE else where))
    return found


def _note(aim: str, note: str) -> str:
    if not aim:
        return note
    if aim not in Aim.values:
        raise ValidationError({"aim": _("Choose one of %(known)s.") % {"known": ", ".join(Aim.values)}})
    return noted(Aim(aim), note)


def offered(programme: Programme) -> list[tuple[str, str]]:
    """(label, wording) of the statements in use that a guide can be made of, in the order of the theory; one query."""
    rows = Statement.objects.of(programme).current().order_by("area_position", "number")[:200]
    return [(f"S{number}", wording) for number, wording in rows.values_list("number", "wording")]
