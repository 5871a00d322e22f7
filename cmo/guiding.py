"""Owns the words of a teacher–learner interview guide: how a statement is told plainly, and what is asked about it.

In a realist interview the interviewer teaches the theory and the interviewee, who now knows what is under test,
teaches where it holds, where it fails and what is missing (Pawson and Tilley 1997; how the questions change from
gleaning to refining to consolidating theory after Manzano 2016, doi 10.1177/1356389016638615). The wording is ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.vocabulary import PhaseKind


class Aim(TextChoices):
    """What a question is after."""

    CONFIRM = "confirm", gettext_lazy("Does it hold?")
    FALSIFY = "falsify", gettext_lazy("Where does it fail?")
    REFINE = "refine", gettext_lazy("What would make it truer?")


# What an answer to each usually is of the statement; whoever writes it down may say otherwise.
STANCE_OF = {Aim.CONFIRM: "supports", Aim.FALSIFY: "challenges", Aim.REFINE: "nuances"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What to ask, and to what end."""

    aim: Aim
    ask: str

    @property
    def stance(self) -> str:
        return STANCE_OF[self.aim]

    def as_json(self) -> dict[str, Any]:
        return {"aim": self.aim.value, "ask": self.ask, "stance": self.stance}


@dataclass(frozen=True, slots=True)
class Told:
    """A statement as it is told: in plain words, in other words where a configuration has some, and what is asked."""

    plainly: str
    otherwise: list[str]
    prompts: list[Prompt]


def noted(aim: Aim, note: str = "") -> str:
    """What an answer answers, for the note beside it; a note of whoever wrote it down follows."""
    return f"{_('Answer to:')} {aim.label} {note}".rstrip()


def plainly(wording: str, *, if_: str, then: str, because: str) -> str:
    """The statement as somebody would say it across a table. A sentence without parts is told as it stands."""
    if not (if_ and then):
        return wording.strip()
    told = _("We have come to think that if %(if)s, then %(then)s.") % {"if": if_, "then": then}
    if because:
        told += " " + _("We think this is because %(because)s.") % {"because": because}
    return told


def tell(
    wording: str, *, if_: str, then: str, because: str, otherwise: Sequence[str] = (), kind: str = PhaseKind.REFINING
) -> Told:
    """The statement told plainly, with the questions of an interview in a phase of this kind."""
    asked = {PhaseKind.GLEANING: _gleaning, PhaseKind.CONSOLIDATING: _consolidating}.get(PhaseKind(kind), _refining)
    order = list(Aim)
    return Told(
        plainly(wording, if_=if_, then=then, because=because), list(otherwise),
        sorted([*asked(), *_why(because)], key=lambda prompt: order.index(prompt.aim)),
    )  # fmt: skip


def _gleaning() -> list[Prompt]:
    return [
        Prompt(Aim.CONFIRM, _("How do things go here, when it is like that? Tell me about the last time.")),
        Prompt(Aim.FALSIFY, _("Can you think of a place or a person for whom it went quite differently?")),
        Prompt(Aim.REFINE, _("What would a stranger have to know about this place to see why it goes as it does?")),
    ]


def _refining() -> list[Prompt]:
    return [
        Prompt(Aim.CONFIRM, _("Does that fit what you have seen? Tell me about one time when it went so.")),
        Prompt(Aim.FALSIFY, _("When did it begin like that and end differently? What was different that time?")),
        Prompt(Aim.FALSIFY, _("Who would tell me that we have this wrong, and what would they say?")),
        Prompt(Aim.REFINE, _("For whom is it so, and for whom not?")),
        Prompt(Aim.REFINE, _("You know this better than we do: how would you put it, to be right for your place?")),
    ]


def _consolidating() -> list[Prompt]:
    return [
        Prompt(Aim.CONFIRM, _("Others told us this too. Which part of it would you sign without a second thought?")),
        Prompt(Aim.FALSIFY, _("I will tell you what speaks against it. Would you side with that, and why?")),
        Prompt(Aim.REFINE, _("If we could change one word before we report it, which should it be?")),
    ]


def _why(because: str) -> list[Prompt]:
    """About the mechanism, which nobody sees: what people were given and what went on in their minds."""
    if not because:
        return [Prompt(Aim.REFINE, _("We cannot say yet why it is so. What do you think makes people act that way?"))]
    return [
        Prompt(Aim.CONFIRM, _("Is that the reason, as you see it? What went through your mind at the time?")),
        Prompt(Aim.FALSIFY, _("Might there be another reason for the same thing? Which would you bet on?")),
    ]


def opening() -> list[str]:
    """What the interviewer says before the first statement."""
    return [
        _("I will tell you what we think happens and why, one idea at a time. It is our idea and may be wrong."),
        _("You know the work. I would rather hear where we are mistaken than that you agree."),
        _("You need not answer, and can stop at any time. Nobody is named in what we write."),
    ]


def closing() -> list[str]:
    """What the interviewer asks at the end."""
    return [
        _("What did I not ask about that matters more than all of this?"),
        _("Whom should we talk to who sees it differently?"),
    ]
