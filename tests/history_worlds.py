"""Owns a programme that has a bit of every history: at least two rows in each table that the guards keep."""

from typing import Any

from django.utils import timezone

from cmo.models import (
    Bearing,
    BearingRevision,
    Excerpt,
    ExcerptRevision,
    ExcerptRevisionTheme,
    Meeting,
    MeetingRevision,
    Statement,
)
from cmo.rules.citing import Rests
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.descending import Piece, split
from cmo.rules.descent import Seen
from cmo.rules.discussing import say
from cmo.rules.introducing import introduce
from cmo.rules.judging import judge
from cmo.rules.noting import write_memo
from cmo.rules.proposing import propose, submit
from cmo.rules.redacting import take_out
from cmo.rules.reviewing import decide
from cmo.rules.snapshotting import take_snapshot
from cmo.rules.standing import Placed
from cmo.rules.stating import revise, state
from programmes.access import Actor
from programmes.models import AuditEvent, Person, Programme, SourceRevision, Theme
from tests.evidence_factories import linked


def write_history(programme: Programme, themes: dict[str, Theme], cast: Any) -> None:
    """At least two rows in every guarded table."""
    by = Actor(cast.lead)
    first = state(programme, by=by, words=Words(wording="If told, then known."), themes=[themes["O4"], themes["P6"]])
    second = state(programme, by=by, words=Words(wording="If kept, then known."))
    elements = [introduce(programme, by=by, kind="context", text=text, themes=[themes["O4"]]) for text in "ab"]
    placed = [Placed("context", element) for element in elements]
    configure(programme, by=by, elements=placed, statements=[first, second])
    configure(programme, by=by)
    _what_evidence_there_was(first, themes["O4"], cast.lead)
    rests_on = Rests(list(Excerpt.objects.all()), list(Bearing.objects.all()))
    words = Words(wording="If told, then known, because it was said.")
    revise(first, by=by, base=1, words=words, rests_on=rests_on)
    _what_the_team_said(programme, cast)
    _what_was_frozen(first, by)
    _what_was_taken_out(second, by)


def _what_was_frozen(claim: Statement, by: Actor) -> None:
    """Two verdicts that rest on a bearing, and two snapshots with at least one row of each kind."""
    judge(claim, by=by, verdict="supported", rationale="It held.", bearings=["B1"])
    judge(claim, by=by, verdict="refined", rationale="But for one.", bearings=["B1"], team=True)
    for at in (1, 2):
        take_snapshot(claim.programme, by=by, name=f"Theory {at}")


def _what_the_team_said(programme: Programme, cast: Any) -> None:
    """Two comments, memos, meetings, answers, accepted proposals and splits."""
    by, now = Actor(cast.lead), timezone.now()
    for at in (1, 2):
        made = state(programme, by=by, words=Words(wording=f"If {at} is said, then it is heard."))
        say(made, by=by, text="Is it?")
        write_memo(programme, by=by, title=f"Thought {at}")
        split(Seen(made, 1), by=by, pieces=[Piece(Words(wording=text)) for text in ("If said.", "If heard.")])
        change = {"change": "new", "wording": f"If {at} is proposed, then it is answered."}
        proposal = propose(programme, by=by, changes=[change], reason="Why not.")
        proposal = submit(proposal, by=by, base=1)
        decide(proposal, by=Actor(cast.editor), decision="accept", seen=proposal.seen)
        row = {"title": "May", "held": now.date(), "author": cast.lead}
        meeting = Meeting.objects.create(programme=programme, number=at, created=now, updated=now, **row)
        MeetingRevision.objects.create(meeting=meeting, number=1, at=now, **row)


def _what_evidence_there_was(claim: Statement, theme: Theme, person: Person) -> None:
    """Two revisions each of a source, an excerpt with its theme, and a bearing on `claim`."""
    source, excerpt, bearing = linked(claim, person)
    row: dict[str, Any] = {"author": person, "at": timezone.now()}
    for at in (1, 2):
        SourceRevision.objects.create(source=source, number=at, kind="interview", change="new", **row)
        of = ExcerptRevision.objects.create(
            excerpt=excerpt, source=source, number=at, text="Said.", change="new", **row
        )
        ExcerptRevisionTheme.objects.create(revision=of, theme=theme)
        BearingRevision.objects.create(
            bearing=bearing, number=at, stance="supports", made_against=1, judged=row["at"], change="new", **row
        )


def _what_was_taken_out(made: Statement, by: Actor) -> None:
    """Two rows of the log without the words that they held."""
    for at in (1, 2):
        made = revise(made, by=by, base=at, words=Words(wording=f"If told {at}, then known."), reason="Words.")
        row = AuditEvent.objects.filter(programme=made.programme).latest("number").number
        take_out(made.programme, by=by, number=row, why="They should not be here.")
