"""Owns the loading of an example's elements, configurations and what joins them, by the same rules as all else."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from cmo.models import Configuration, Element, Statement
from cmo.rules.configuring import configure, revise_configuration
from cmo.rules.exemplifying_evidence import Step
from cmo.rules.gathering import gather_rivals, note_pattern
from cmo.rules.introducing import introduce
from cmo.rules.linking import link
from cmo.rules.standing import Placed
from cmo.vocabulary import MECHANISMS, TRAITS, Slot
from programmes.access import Actor
from programmes.models import Person, Programme, Theme

ROLES = (Slot.CONTEXT, Slot.MECHANISM, Slot.OUTCOME)


class Structure:
    """The structure of one example while it is written: elements by key, configurations by statement number."""

    def __init__(
        self,
        programme: Programme,
        told: dict[str, Any],
        *,
        people: Mapping[str, Person],
        themes: dict[str, Theme],
        statements: dict[int, Statement],
    ) -> None:
        self.programme, self.told, self.people = programme, told, people
        self.themes, self.statements = themes, statements
        self.elements: dict[str, Element] = {}
        self.configurations: dict[int, Configuration] = {}

    def steps(self) -> list[Step]:
        """(time, what is done then) of everything that the file tells."""
        steps = [(entry["at"], self._configure, entry) for entry in self.told["configurations"]]
        for entry in self.told["configurations"]:
            steps += [
                (change["at"], self._revise, {**change, "statement": entry["statement"]})
                for change in entry.get("revisions", [])
            ]
        acts = {"links": self._link, "rivals": self._gather, "patterns": self._note}
        steps += [(entry["at"], act, entry) for key, act in acts.items() for entry in self.told.get(key, [])]
        return [(at, partial(act, entry)) for at, act, entry in steps]

    def _by(self, entry: dict[str, Any]) -> Actor:
        return Actor(self.people[entry["by"]], via="example", at=entry["at"])

    def _element(self, key: str, by: Actor) -> Element:
        if key not in self.elements:
            told = self.told["elements"][key]
            self.elements[key] = introduce(
                self.programme, by=by, kind=told["kind"], text=told["text"],
                traits={trait: told[trait] for trait in TRAITS if trait in told},
                themes=[self.themes[code] for code in told.get("themes", [])],
            )  # fmt: skip
        return self.elements[key]

    def _configure(self, entry: dict[str, Any]) -> None:
        by = self._by(entry)
        fires = entry.get("activation", "")
        placed = [
            Placed(role.value, self._element(key, by), activation=fires if role in MECHANISMS else "")
            for role in ROLES
            for key in entry.get(role.value, [])
        ]
        statement = self.statements[entry["statement"]]
        told = ("nickname", "plain", "testing")
        words: dict[str, str] = {word: entry[word].strip() for word in told if word in entry}
        self.configurations[entry["statement"]] = configure(
            self.programme, by=by, words=words, elements=placed, statements=[statement], area=statement.area,
            reason=entry.get("reason", "").strip(),
        )  # fmt: skip

    def _revise(self, entry: dict[str, Any]) -> None:
        made = self.configurations[entry["statement"]]
        placed = [
            Placed(one.role, one.element, wording=one.wording,
                   activation=entry["activation"] if one.role in MECHANISMS else "")
            for one in made.placings.select_related("element").order_by("position")
        ]  # fmt: skip
        self.configurations[entry["statement"]] = revise_configuration(
            made, by=self._by(entry), base=made.revision_number, elements=placed, reason=entry["reason"].strip()
        )

    def _link(self, entry: dict[str, Any]) -> None:
        link(
            self.programme, by=self._by(entry), kind=entry["kind"],
            source=self.configurations[entry["from"]], target=self.configurations[entry["to"]],
            element=self.elements[entry["element"]] if "element" in entry else None,
            name=entry["label"], note=entry.get("note", "").strip(),
        )  # fmt: skip

    def _gather(self, entry: dict[str, Any]) -> None:
        gather_rivals(
            self.programme, by=self._by(entry), title=entry["title"], verdict=entry["verdict"],
            members=[self.configurations[number] for number in entry["members"]], rationale=entry["rationale"].strip(),
        )  # fmt: skip

    def _note(self, entry: dict[str, Any]) -> None:
        words = {word: entry[word] for word in ("text", "moderators", "boundaries", "counterexamples")}
        members = [self.configurations[number] for number in entry["members"]]
        note_pattern(self.programme, by=self._by(entry), members=members, **words)
