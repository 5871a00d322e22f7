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
from cmo.rules.exemplifying_evidence import Evidence
from cmo.rules.exemplifying_structure import Structure
from cmo.rules.exemplifying_team import Team
from cmo.rules.snapshotting import close_and_keep
from cmo.rules.stating import revise, state
from cmo.vocabulary import State
from programmes.access import Actor
from programmes.models import Person, Phase, Programme, Theme
from programmes.rules.classifying import add_theme
from programmes.rules.founding import found
from programmes.rules.membering import add_member
from programmes.rules.phasing import open_phase, plan_phase

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
    _turn(phases, about["phases"], "", steps[0][2]["phase"], people["lead"])
    themes = _themes(programme, lead, codebook["themes"])
    evidence = Evidence(programme, _read(here, "evidence.toml"), people=people, themes=themes)
    statements = _tell(programme, people, about["phases"], phases, areas, themes, steps, evidence)
    told = _read(here, "configurations.toml")
    structure = Structure(programme, told, people=people, themes=themes, statements=statements)
    team = Team(programme, people)
    acts = [
        *structure.steps(),
        *evidence.steps_in(structure.configurations, structure.elements),
        *team.steps(_read(here, "team.toml")["steps"]),
    ]
    for _at, act in sorted(acts, key=lambda step: step[0]):  # so that the numbers of the log grow with its times
        act()
    team.leave_unmailed()
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
        themes[theme.code or theme.name] = theme
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
    evidence: Evidence,
) -> dict[int, Statement]:
    """State and revise the statements in the order of time, and between that link to them what was collected."""
    statements: dict[int, Statement] = {}
    linking = sorted(evidence.steps_on(statements), key=lambda step: step[0], reverse=True)
    now = steps[0][2]["phase"]
    evidence.collect(at=steps[0][0] - timedelta(days=7), phase=phases[now])
    for at, number, entry in steps:
        while linking and linking[-1][0] <= at:
            linking.pop()[1]()
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
    for _at, act in reversed(linking):
        act()
    return statements


def _turn(phases: dict[str, Phase], timetable: list[dict[str, Any]], old: str, new: str, lead: Person) -> None:
    """Close the phase `old` and open the phase `new` on the days of the timetable."""
    days = {entry["kind"]: entry for entry in timetable}
    if old:
        closed = days[old]["closed"]
        by = Actor(lead, via="example", at=make_aware(datetime.combine(closed, time(17))))
        close_and_keep(
            phases[old], by=by, base=phases[old].revision_number, on=closed, name=days[old]["snapshot"],
            description=days[old]["snapshot_for"].strip(), reason=days[old]["closed_why"].strip(),
        )  # fmt: skip
    opened = days[new]["opened"]
    by = Actor(lead, via="example", at=make_aware(datetime.combine(opened, time(9))))
    open_phase(phases[new], by=by, base=phases[new].revision_number, on=opened)
