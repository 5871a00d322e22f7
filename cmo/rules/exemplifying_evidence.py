"""Owns the loading of an example's sites, sources, excerpts and bearings, by the same rules as all else, each step at
its time: what was judged before a statement moved on shows that it did."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cmo.models import Bearing, Configuration, Element, Excerpt, Statement
from cmo.rules.evidencing import On, confirm_bearing, link_excerpt
from cmo.rules.excerpting import Said, add_excerpt
from programmes.access import Actor
from programmes.models import Person, Phase, Programme, Site, Source, Theme
from programmes.rules.siting import add_site
from programmes.rules.sourcing import add_source

Step = tuple[datetime, Callable[[], object]]


class Evidence:
    """The evidence of one example while it is written: sites by name, sources and excerpts by key."""

    def __init__(
        self, programme: Programme, told: dict[str, Any], *, people: Mapping[str, Person], themes: dict[str, Theme]
    ) -> None:
        self.programme, self.told, self.people, self.themes = programme, told, people, themes
        self.sites: dict[str, Site] = {}
        self.sources: dict[str, Source] = {}
        self.excerpts: dict[str, Excerpt] = {}

    def collect(self, *, at: datetime, phase: Phase) -> None:
        """Sites, sources and excerpts, as they were collected in `phase`, from `at` on."""
        lead, editor = (Actor(self.people[who], via="example", at=at) for who in ("lead", "editor"))
        for entry in self.told["sites"]:
            self.sites[entry["name"]] = add_site(self.programme, by=lead, name=entry["name"], note=entry["about"])
        for site in self.sites:
            for entry in self.told["people"]:
                for n in range(1, entry[site] + 1):
                    name = f"{site}-{entry['short']}{n}"
                    self.sources[name] = add_source(
                        self.programme, by=editor, kind="interview", pseudonym=name, role=entry["role"],
                        site=self.sites[site], phase=phase,
                    )  # fmt: skip
        for entry in self.told["documents"]:
            self.sources[entry["key"]] = add_source(
                self.programme, by=editor, kind=entry["kind"], pseudonym=entry["title"], phase=phase,
                citation=entry["citation"].strip(),
            )  # fmt: skip
        for minutes, entry in enumerate(self.told["excerpts"]):
            by = Actor(self.people["editor"], via="example", at=at + timedelta(minutes=minutes))
            signed = self.sites[entry["site"]] if "site" in entry else None
            themes = [self.themes[key] for key in entry["themes"]]
            said = Said(
                text=entry["text"].strip(), locator=entry["where"], themes=themes, signed_site=signed,
                status=entry.get("status", "observed"),
            )  # fmt: skip
            self.excerpts[entry["key"]] = add_excerpt(self.sources[entry["source"]], by=by, said=said)

    def steps_on(self, statements: dict[int, Statement]) -> list[Step]:
        """The times at which the excerpts were linked to statements, and confirmed again, with what is done then."""

        def claim(place: str) -> On:
            label, _slash, part = place.partition("/")
            return On(statements[int(label[1:])], part=part)

        return self._steps("S", claim)

    def steps_in(self, configurations: dict[int, Configuration], elements: dict[str, Element]) -> list[Step]:
        """The same of what bears on configurations, their elements and joins."""

        def claim(place: str) -> On:
            label, _slash, part = place.partition("/")
            made = configurations[int(label[3:])]
            return On(made, element=elements[part]) if part in elements else On(made, join=part)

        return self._steps("CMO", claim)

    def _steps(self, letters: str, claim: Callable[[str], On]) -> list[Step]:
        found: list[Step] = []
        for entry in self.told["excerpts"]:
            for bears in entry["bears"]:
                if bears["on"].startswith(letters):
                    link = _Link(self, entry["key"], bears, claim)
                    found.append((bears["at"], link.make))
                    if "again" in bears:
                        found.append((bears["again"], link.confirm))
        return found


class _Link:
    """One bearing of the file: made once, perhaps confirmed later."""

    def __init__(self, evidence: Evidence, excerpt: str, told: dict[str, Any], claim: Callable[[str], On]) -> None:
        self.evidence, self.excerpt, self.told, self.claim = evidence, excerpt, told, claim
        self.made: Bearing | None = None

    def _by(self, at: str) -> Actor:
        return Actor(self.evidence.people[self.told["by"]], via="example", at=self.told[at])

    def make(self) -> None:
        told = self.told
        self.made = link_excerpt(
            self.evidence.excerpts[self.excerpt], by=self._by("at"), on=self.claim(told["on"]), stance=told["stance"],
            note=told.get("note", ""), inferred=told.get("inferred", False), confidence=told.get("confidence", ""),
            confidence_reason=told.get("why", ""),
        )  # fmt: skip

    def confirm(self) -> None:
        assert self.made is not None
        self.made = confirm_bearing(self.made, by=self._by("again"), base=self.made.revision_number)
