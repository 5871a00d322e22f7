"""Owns how the answers of an interview come back: each becomes an excerpt of its source that bears on the statement it
was given to, if it was given to one, all in one transaction or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Bearing, Excerpt, Statement
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.excerpting import Said, add_excerpts
from programmes.access import Actor, require
from programmes.models import Programme, Source
from programmes.vocabulary import Verb

MOST = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said of a statement, in the wording of the revision that they were told."""

    statement: Statement
    revision: int
    text: str
    stance: str
    part: str = ""
    note: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of answers: the bearings of those to statements, the excerpts of those to none; in their order."""

    bearings: list[Bearing]
    others: list[Excerpt]

    @property
    def excerpts(self) -> list[Excerpt]:
        return [*(one.excerpt for one in self.bearings), *self.others]


@transaction.atomic
def keep_answers(
    programme: Programme, *, by: Actor, source: Source, answers: Sequence[Answer], others: Sequence[Said] = ()
) -> Kept:
    """Answers to statements, then what was said to questions that are about none: excerpts that bear on nothing yet.

    A refusal counts them from 1. Raises ValidationError (answers), PermissionDenied.
    """
    require(by, Verb.EVIDENCE, programme)
    if not answers and not others:
        raise ValidationError({"answers": _("Write down at least one answer.")})
    if len(answers) + len(others) > MOST:
        raise ValidationError({"answers": _("Bring at most %(n)s answers at once.") % {"n": MOST}})
    passages = [*(Said(text=one.text, locator=one.locator) for one in answers), *others]
    try:
        excerpts = add_excerpts(source, by=by, said=passages)
    except ValidationError as error:
        raise _counted(error) from error
    made = []
    for at, (one, excerpt) in enumerate(zip(answers, excerpts, strict=False), start=1):  # others come after them
        try:
            made.append(
                link_excerpt(excerpt, by=by, on=On(one.statement, part=one.part), stance=one.stance, note=one.note,
                             made_against=one.revision)
            )  # fmt: skip
        except ValidationError as error:
            said = _("Answer %(at)s: %(said)s") % {"at": at, "said": " ".join(error.messages)}
            raise ValidationError({"answers": said}) from error
    return Kept(made, excerpts[len(answers) :])


def _counted(error: ValidationError) -> ValidationError:
    """A refusal of excerpts as one of answers; what is wrong with the source stays under its name."""
    told: dict[str, Any] = error.message_dict if hasattr(error, "error_dict") else {"answers": error.messages}
    source = told.pop("source", None)
    if source:
        return ValidationError({"source": source})
    return ValidationError({"answers": [said for found in told.values() for said in found]})
