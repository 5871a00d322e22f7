"""Owns what an example tells of its team: proposals, answers, decisions, a thread and a meeting, step by step."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cmo.models import Comment, Configuration, Proposal, Statement, TheoryArea
from cmo.reading.verdicts import judged_record
from cmo.rules.composing import Words
from cmo.rules.configuring import revise_configuration
from cmo.rules.descending import Piece, merge
from cmo.rules.descent import Seen
from cmo.rules.discussing import say
from cmo.rules.exemplifying_evidence import Step
from cmo.rules.judging import judge
from cmo.rules.meeting import record_meeting
from cmo.rules.proposing import propose, submit
from cmo.rules.reviewing import answer, decide
from cmo.rules.stating import restore, revise, state
from programmes.access import Actor
from programmes.models import Notice, Person, Programme, Theme

CHANGED = ("wording", "because", "change")


class Team:
    """Does the steps of a file, each by the rule and at the time that it names."""

    def __init__(self, programme: Programme, people: Mapping[str, Person]) -> None:
        self.programme, self.people = programme, people
        self.proposals: dict[str, Proposal] = {}
        self.comments: dict[str, Comment] = {}

    def steps(self, told: list[dict[str, Any]]) -> list[Step]:
        """(time, what is done then) of each step."""
        acts: dict[str, Callable[[dict[str, Any], Actor], object]] = {
            "propose": self._propose, "answer": self._answer, "decide": self._decide, "revise": self._revise,
            "say": self._say, "meet": self._meet, "merge": self._merge, "spell": self._spell, "state": self._state,
            "restore": self._restore, "judge": self._judge,
        }  # fmt: skip
        return [
            (step["at"], partial(acts[step["do"]], step, Actor(self.people[step["by"]], via="example", at=step["at"])))
            for step in told
        ]

    def leave_unmailed(self) -> None:
        """They are there to be read in the app; nobody is written to about what an example tells."""
        for told in Notice.objects.filter(programme=self.programme, mailed=None):
            Notice.objects.filter(pk=told.pk).update(mailed=told.at)

    def _statement(self, label: str) -> Statement:
        return Statement.objects.select_related("programme").get(programme=self.programme, number=int(label[1:]))

    def _propose(self, step: dict[str, Any], by: Actor) -> None:
        base = self._statement(step["record"]).revision_number
        change = {"record": step["record"], "base": base, **{name: step[name] for name in CHANGED if name in step}}
        made = propose(self.programme, by=by, title=step["title"], reason=step["reason"].strip(), changes=[change])
        self.proposals[step["name"]] = submit(made, by=by, base=1)

    def _answer(self, step: dict[str, Any], by: Actor) -> None:
        on = self.proposals[step["name"]]
        answer(on, by=by, answer=step["answer"], reason=step["reason"].strip(), seen=on.seen)

    def _decide(self, step: dict[str, Any], by: Actor) -> None:
        on = self.proposals[step["name"]]
        decide(on, by=by, decision=step["decision"], reason=step["reason"].strip(), seen=on.seen)

    def _revise(self, step: dict[str, Any], by: Actor) -> None:
        now = self._statement(step["record"])
        words = Words(wording=step["wording"].strip())
        revise(now, by=by, base=now.revision_number, words=words, change="refined", reason=step["reason"])

    def _say(self, step: dict[str, Any], by: Actor) -> None:
        answered = self.comments.get(step.get("reply_to", ""))
        text = step["text"].strip().replace("@editor", f"@{self.people['editor'].username}")
        made = say(self._statement(step["record"]), by=by, text=text, part=step.get("part", ""), reply_to=answered)
        self.comments[step.get("name", "")] = made

    def _meet(self, step: dict[str, Any], by: Actor) -> None:
        record_meeting(
            self.programme, by=by, title=step["title"], notes=step["notes"].strip(),
            there=[self.people[who].username for who in step["there"]],
            decided=[self.proposals[name].number for name in step["decided"]],
        )  # fmt: skip

    def _merge(self, step: dict[str, Any], by: Actor) -> None:
        found = [self._statement(label) for label in step["records"]]
        words = Words(wording=step["wording"].strip())
        content = Piece(words, themes=self._themes(step))
        seen = [Seen(one, one.revision_number) for one in found]
        merge(self.programme, by=by, ancestors=seen, content=content, reason=step["reason"].strip())

    def _spell(self, step: dict[str, Any], by: Actor) -> None:
        now = Configuration.objects.select_related("programme").get(
            programme=self.programme, number=int(step["record"][3:])
        )
        statements = [self._statement(label) for label in step["statements"]]
        revise_configuration(now, by=by, base=now.revision_number, statements=statements, reason=step["reason"])

    def _state(self, step: dict[str, Any], by: Actor) -> None:
        area = TheoryArea.objects.get(programme=self.programme, slug=step["area"])
        words = Words(wording=step["wording"].strip())
        state(self.programme, by=by, words=words, area=area, themes=self._themes(step), reason=step["reason"].strip())

    def _restore(self, step: dict[str, Any], by: Actor) -> None:
        now = self._statement(step["record"])
        reason = step["reason"].strip()
        restore(now, by=by, base=now.revision_number, revision=step["revision"], reason=reason)

    def _judge(self, step: dict[str, Any], by: Actor) -> None:
        record = judged_record(self.programme, step["record"])
        record.programme = self.programme
        rationale, team = step["rationale"].strip(), step.get("team", False)
        bearings = step.get("bearings", [])
        judge(record, by=by, verdict=step["verdict"], rationale=rationale, team=team, bearings=bearings)

    def _themes(self, step: dict[str, Any]) -> list[Theme]:
        found = {theme.code: theme for theme in Theme.objects.filter(programme=self.programme, code__in=step["themes"])}
        return [found[code] for code in step["themes"]]
