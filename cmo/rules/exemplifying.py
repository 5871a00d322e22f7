"""Owns the loading of an example programme from its readable files, by the same rules as everything else."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.timezone import make_aware

from cmo.models import Statement, TheoryArea
from cmo.rules.arranging import add_area
from cmo.rules.composing import Words
from cmo.rules.exemplifying_structure import Structure
from cmo.rules.stating import revise, state
from cmo.vocabulary import State
from programmes.access import Actor
from programmes.models import Person, Phase, Programme, Theme
from programmes.rules.classifying import add_theme
from programmes.rules.founding import found
from programmes.rules.membering import add_member
from programmes.rules.phasing import close_phase, open_phase, plan_phase

HERE = Path(__file__).resolve().parent.parent / "example"
WORDS = ("definition", "use_when", "not_when", "example")


def _read(folder: Path, name: str) -> dict[str, Any]:
    with (folder / name).open("rb") as file:
        return tomllib.load(file)


@transaction.atomic
def load_example(people: Mapping[str, Person], *, folder: str = "wales") -> Programme:
    """Load the example of `folder` with `people` ({role: account}, a lead and an editor among them) as its members.

    Every step carries the time and the author that the files give it, so that the history reads as it happened.
    """
    here = HERE / folder
    about, codebook, theory = (_read(here, f"{name}.toml") for name in ("programme", "codebook", "statements"))
    steps = _steps(theory["statements"])
    start = make_aware(datetime.combine(about["phases"][0]["opened"], time(9)))
    lead = Actor(people["lead"], via="example", at=start)
    programme = found(
        by=lead,
        slug=about["slug"],
        title=about["title"],
        summary="\n\n".join(about[key].strip() for key in ("question", "summary", "source")),
        intervention=about["intervention"].strip(),
        phases=False,
    )
    for role in ("editor", "contributor", "viewer"):
        add_member(programme, by=lead, who=people[role].username, role=role)
    phases = {entry["kind"]: _phase(programme, lead, entry) for entry in about["phases"]}
    areas = {
        entry["slug"]: add_area(programme, by=lead, title=entry["title"], slug=entry["slug"],
                                description=entry["description"].strip())
        for entry in about["areas"]
    }  # fmt: skip
    themes = _themes(programme, lead, codebook["themes"])
    statements = _tell(programme, people, about["phases"], phases, areas, themes, steps)
    told = _read(here, "configurations.toml")
    Structure(programme, told, people=people, themes=themes, statements=statements).write()
    return programme


def _phase(programme: Programme, lead: Actor, entry: dict[str, Any]) -> Phase:
    return plan_phase(
        programme, by=lead, kind=entry["kind"], slug=entry["kind"], title=entry["title"], about=entry["about"].strip()
    )


def _themes(programme: Programme, lead: Actor, entries: list[dict[str, Any]]) -> dict[str, Theme]:
    themes: dict[str, Theme] = {}
    for at, entry in enumerate(entries):
        by = replace(lead, at=lead.now() + timedelta(minutes=at))
        words = {key: entry.get(key, "").strip() for key in WORDS}
        parent = themes.get(entry["parent"])
        theme = add_theme(
            programme, by=by, parent=parent, code=entry["code"], name=entry["name"],
            position=None if parent else at + 1,  # the categories stand as in the figure, not by their letters
            **words,
        )  # fmt: skip
        if theme.code:
            themes[theme.code] = theme
    return themes


def _steps(statements: list[dict[str, Any]]) -> list[tuple[datetime, int, dict[str, Any]]]:
    """(time, statement number, entry) of every first wording and every later change, in the order of time."""
    found: list[tuple[datetime, int, dict[str, Any]]] = []
    for statement in statements:
        found.append((statement["at"], statement["number"], statement))
        found += [(change["at"], statement["number"], change) for change in statement.get("revisions", [])]
    return sorted(found, key=lambda step: step[:2])


def _tell(
    programme: Programme,
    people: Mapping[str, Person],
    timetable: list[dict[str, Any]],
    phases: dict[str, Phase],
    areas: dict[str, TheoryArea],
    themes: dict[str, Theme],
    steps: list[tuple[datetime, int, dict[str, Any]]],
) -> dict[int, Statement]:
    statements: dict[int, Statement] = {}
    now = ""
    for at, number, entry in steps:
        if entry["phase"] != now:
            _turn(phases, timetable, now, entry["phase"], people["lead"])
            now = entry["phase"]
        by = Actor(people[entry["by"]], via="example", at=at)
        given: dict[str, Any] = {"reason": entry["reason"].strip()}
        if "wording" in entry:
            given["words"] = Words(wording=entry["wording"].strip())
        if "themes" in entry:
            given["themes"] = [themes[code] for code in entry["themes"]]
        if "state" in entry:
            given["state"] = State(entry["state"])
        if number not in statements:
            made = state(programme, by=by, area=areas[entry["area"]], cites=entry["cites"], **given)
            if made.number != number:
                raise ValueError(f"Statement {number} of the example is stated out of order.")
            statements[number] = made
        else:
            change = entry["change"] if "wording" in entry else ""
            statements[number] = revise(
                statements[number], by=by, base=statements[number].revision_number, change=change, **given
            )
    return statements


def _turn(phases: dict[str, Phase], timetable: list[dict[str, Any]], old: str, new: str, lead: Person) -> None:
    """Close the phase `old` and open the phase `new` on the days of the timetable."""
    days = {entry["kind"]: entry for entry in timetable}
    if old:
        closed = days[old]["closed"]
        by = Actor(lead, via="example", at=make_aware(datetime.combine(closed, time(17))))
        close_phase(phases[old], by=by, base=phases[old].revision_number, on=closed)
    opened = days[new]["opened"]
    by = Actor(lead, via="example", at=make_aware(datetime.combine(opened, time(9))))
    open_phase(phases[new], by=by, base=phases[new].revision_number, on=opened)
