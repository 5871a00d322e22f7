"""Claims about the Welsh example: what the paper shows is all there, worded by us, and loaded once by the rules."""

import os
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cmo.models import (
    Bearing,
    Comment,
    DemiRegularity,
    Excerpt,
    Link,
    Meeting,
    Proposal,
    RivalGroup,
    Statement,
    StatementRevision,
    TheoryArea,
)
from cmo.reading.comparison import Comparison
from cmo.reading.configurations import configuration_rows, configurations_of, ripples_of
from cmo.reading.elements import element_rows, elements_of
from cmo.reading.grounds import people_of
from cmo.reading.slots import slots_of
from cmo.reading.snapshots import find_snapshot
from cmo.reading.statements import rows_with_numbers
from cmo.reading.theory_at import TheoryAt
from cmo.reading.verdicts import verdict_table
from cmo.rules.carrying_out import moved_since
from cmo.rules.recounting import drift
from programmes.models import AuditEvent, Membership, Person, Phase, Programme, Source, Theme
from tests.looking import stored

# Figure 2 of the paper: the codes of the 12 statements, as printed.
CARRIED = dict(enumerate(
    ("I2 O4 P5", "G4 I2", "P6", "G4 P6", "G4 P6", "P2 O1", "O1 O4", "I2 O4 P5", "O4", "O4 P6", "C2 O1", "C2 O4"),
        start=1
))  # fmt: skip
# Figure 1: how many themes stand in each category, and the three themes with sub-themes.
THEMES = {"C": 3, "I": 9, "O": 8, "P": 7, "G": 7}
SUB_THEMES = {"O1": 3, "O3": 13, "O4": 5}
LOOSE = ["CSE and CCE", "Covid-19"]


@pytest.fixture
def demo(stands: Any, settings: Any) -> str:
    """What `manage.py demo --no-serve` prints; it stands in the database."""
    settings.DEMO_PASSWORD = "demo-pass-1234"
    return str(stands.printed)


@pytest.fixture
def wales(demo: str) -> Programme:
    return Programme.objects.get(slug="cse-wales")


def below(theme: Theme) -> int:
    return Theme.objects.filter(parent=theme).count()


def test_the_codebook_is_figure_1(wales):
    themes = list(Theme.objects.filter(programme=wales, retired=False))
    tops = [theme for theme in themes if theme.depth == 0]
    assert {theme.code: below(theme) for theme in tops if theme.code} == THEMES
    assert sorted(theme.name for theme in tops if not theme.code) == LOOSE
    assert {theme.code: below(theme) for theme in themes if theme.depth == 1 and below(theme)} == SUB_THEMES
    assert [sum(theme.depth == depth for theme in themes) for depth in range(4)] == [5 + 2, 34, 21, 0]
    codes = [f"{letter}{at}" for letter, n in THEMES.items() for at in range(1, n + 1)]
    codes += [f"{code}.{at}" for code, n in SUB_THEMES.items() for at in range(1, n + 1)]
    assert sorted(theme.code for theme in themes if theme.code) == sorted([*THEMES, *codes])


def test_every_code_stands_under_the_one_it_says(wales):
    for theme in Theme.objects.filter(programme=wales).exclude(code="").select_related("parent"):
        stem = theme.code.rpartition(".")[0] or (theme.code[0] if len(theme.code) > 1 else "")
        assert (theme.parent.code if theme.parent else "") == stem


@pytest.fixture
def initial(wales: Programme) -> TheoryAt:
    """The theory that the gleaning phase closed with."""
    return TheoryAt(wales, find_snapshot(wales, "initial-programme-theory"))


def test_the_statements_are_the_twelve_of_figure_2(initial):
    rows = initial.statements
    assert [row.number for row in rows] == list(range(1, 13))
    carried = {row.number: sorted(tag.code for tag in row.themes) for row in rows}
    assert carried == {number: sorted(codes.split()) for number, codes in CARRIED.items()}
    assert [row.cites for row in rows] == [f"Figure 2, statement {number}" for number in range(1, 13)]
    assert [row.number for row in rows if not row.wording.startswith(("If ", "When "))] == []
    assert [row.number for row in rows if row.lacks] == [8, 10]  # left without a because, as their history says


def test_they_carry_the_same_codes_still_and_later_ones_cite_no_figure(wales):
    rows = list(Statement.objects.filter(programme=wales).order_by("number"))
    carried = {row.number: sorted(row.taggings.values_list("theme__code", flat=True)) for row in rows}
    assert {number: carried[number] for number in CARRIED} == {
        number: sorted(codes.split()) for number, codes in CARRIED.items()
    }
    assert [(row.number, row.cites) for row in rows if row.number not in CARRIED] == [(13, ""), (14, "")]
    assert [row.number for row in rows if row.state == "retired"] == [6, 8]  # merged into S13


def test_they_stand_in_three_areas(wales, initial):
    areas = TheoryArea.objects.filter(programme=wales).values_list("title", flat=True)
    assert list(areas) == ["Policy nature and development", "Implementation plans", "Organisational context"]
    places = {slug: at for at, slug in enumerate(initial.area_titles, start=1)}
    assert [places[row.area] for row in initial.statements] == [1] * 5 + [2] * 3 + [3] * 4


def test_the_way_to_the_refined_theory_has_every_kind_of_row(wales, initial):
    table = Comparison(initial, TheoryAt(wales)).statements
    became: dict[str, list[str]] = {}
    for row in table.rows:
        became.setdefault(row.kind.value, []).append(" ".join(row.labels))
    assert became == {
        "refined": [f"S{n} S{n}" for n in (1, 2, 3, 5, 7, 9, 10, 12)], "refuted": ["S4 S4"], "merged": ["S6 S8 S13"],
        "unchanged": ["S11 S11"], "new": ["S14"],
    }  # fmt: skip
    assert all(row.reasons or row.kind == "unchanged" for row in table.rows)
    said = {row.labels[0]: row.verdict.verdict for row in table.rows if row.verdict}
    assert (said["S4"], said["S11"], said["S14"], said["S10"]) == ("refuted", "reviewed", "new", "not_tested")
    differing = [row for row in verdict_table(wales, wales.phases.get(slug="refining")).statements if row.differs]
    assert [row.record.label for row in differing] == ["S4", "S10"]


def test_verdicts_of_the_team_name_the_links_that_they_rest_on(wales):
    """On the record itself or on what it was merged from; what is refuted rests on what challenges it."""
    stances = {f"B{one.number}": one.stance for one in Bearing.objects.of(wales)}
    on = {f"B{one.number}": (one.statement or one.configuration).label for one in Bearing.objects.of(wales)}
    lines = {line.record: line for line in TheoryAt(wales).verdicts if line.team}
    resting = {label: line.bearings for label, line in lines.items() if line.bearings}
    assert set(resting) == {"S1", "S3", "S4", "S5", "S7", "S9", "S11", "S13", "CMO5"}
    for label, bearings in resting.items():
        assert {on[one] for one in bearings} <= ({"S6", "S8"} if label == "S13" else {label})
    assert {stances[one] for one in resting["S4"]} == {"challenges"}
    for label in ("S5", "CMO5"):
        assert {stances[one] for one in resting[label]} == {"supports"}


def test_there_is_a_configuration_for_each_statement(wales):
    rows = configuration_rows(configurations_of(wales), slots_of(wales))
    spelled = [[number for number, _wording in row.statements] for row in rows]
    assert spelled == [[{6: 13, 8: 13}.get(n, n)] for n in range(1, 13)]
    assert {row.label: row.incomplete for row in rows if row.incomplete} == {
        "CMO8": ["mechanism"], "CMO10": ["mechanism"],  # as their statements lack a because
    }  # fmt: skip
    assert all(row.configuration.plain and row.configuration.nickname for row in rows)
    assert {(one.source, one.target) for one in ripples_of(wales)} == {(8, 7), (7, 9), (12, 11)}
    shared = [row for row in element_rows(elements_of(wales)) if len(row.configurations) > 1]
    assert [row.element.text for row in shared if row.element.kind == "context"] == [
        "National and local policy pull in different directions",
        "Managers talk the guidance through in team meetings, on a case that the team has in hand",
        "Practitioners reflect with colleagues and managers while the guidance comes in",
        "Meetings between agencies work the guidance through on real cases while it is introduced",
    ]
    assert not any(row.lone for row in element_rows(elements_of(wales)))
    assert Link.objects.filter(programme=wales).count() == 5
    mirror = Link.objects.get(programme=wales, source__number=2, target__number=4)
    assert (mirror.kind, mirror.name) == ("contrasts", "mirror pair: in step, at odds")
    assert RivalGroup.objects.get(programme=wales).members.count() == 2
    assert DemiRegularity.objects.get(programme=wales).members.count() == 3
    assert wales.configurations.get(number=12).revision_number == 2


def test_the_team_argues_over_it(wales):
    rows = {one.number: one for one in Proposal.objects.filter(programme=wales)}
    assert {number: one.state for number, one in rows.items()} == {
        1: "accepted", 2: "refused", 3: "open", 4: "open",
    }  # fmt: skip
    assert rows[2].decision_reason.startswith("Refused. S11 is about learning side by side")
    assert list(rows[3].reviews.values_list("answer", flat=True)) == ["disagree"]
    assert moved_since(rows[4]) == ["S12"]
    accepted = rows[1].outcomes.get()
    assert accepted.statement.revisions.get(number=accepted.revision).author == rows[1].author
    opening = Comment.objects.get(programme=wales, opening=None)
    assert (opening.resolved, opening.replies.count()) == (None, 1)
    meeting = Meeting.objects.get(programme=wales)
    assert sorted(meeting.decisions.values_list("proposal__number", flat=True)) == [1, 2]


def test_gleaning_is_closed_and_refining_open(wales):
    phases = list(Phase.objects.filter(programme=wales).values_list("kind", "state"))
    assert phases[:2] == [("gleaning", "closed"), ("refining", "open")]
    assert {state for _kind, state in phases[2:]} <= {"planned"}


def test_history_is_not_empty_and_every_later_version_says_why(wales):
    later = StatementRevision.objects.filter(statement__programme=wales, number__gt=1)
    revised = set(later.values_list("statement__number", flat=True))
    assert len(revised) >= 3
    assert later.filter(reason="").count() == 0
    assert later.values("author").distinct().count() >= 2
    for number in revised:
        times = list(
            StatementRevision.objects.filter(statement__programme=wales, statement__number=number)
            .order_by("number")
            .values_list("at", flat=True)
        )
        assert times == sorted(set(times))
    phases = set(later.values_list("phase__kind", flat=True))
    assert "refining" in phases


def test_the_sign_ins_have_their_roles_and_the_password_given(wales):
    roles = dict(Membership.objects.filter(programme=wales).values_list("person__username", "role"))
    assert roles == {"lead": "lead", "editor": "editor", "contributor": "contributor", "viewer": "viewer"}
    people = {person.username: person.check_password("demo-pass-1234") for person in Person.objects.all()}
    assert people == dict.fromkeys(("lead", "editor", "contributor", "viewer", "outsider"), True)
    assert not Person.objects.filter(is_staff=True).exists()


def test_what_is_printed_is_all_that_one_needs(demo):
    assert "http://127.0.0.1:8000/" in demo
    assert "lead, editor, contributor, viewer, outsider" in demo
    assert "demo-pass-1234" in demo


def test_all_that_is_stored_agrees_with_itself(wales, capsys):
    assert drift(wales) == []
    call_command("check_integrity")
    assert AuditEvent.objects.filter(programme=wales).exclude(via="example").count() == 0


def test_the_numbers_of_its_log_grow_with_its_times(wales):
    rows = list(AuditEvent.objects.filter(programme=wales).order_by("number").values_list("at", "number", "verb"))
    assert len(rows) > 300
    assert [pair for pair in pairwise(rows) if pair[0][0] > pair[1][0]] == []


def test_a_second_run_changes_nothing(demo, wales):
    person = Person.objects.get(username="editor")
    was = stored()
    call_command("demo", "--no-serve")
    assert stored() == was
    assert Person.objects.get(username="editor").password == person.password


def test_a_fixed_password_is_refused_on_a_real_installation(db, settings):
    settings.DEMO_PASSWORD, settings.LOCAL = "demo-pass-1234", False
    with pytest.raises(CommandError, match="DEMO_PASSWORD is for a look on your own machine"):
        call_command("demo", "--no-serve")
    assert not Person.objects.exists()


def test_a_fixed_password_is_refused_by_the_command_itself_when_debug_is_off(tmp_path):
    surroundings = {
        "PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DEBUG": "off", "SECRET_KEY": "k9" * 20 + "Qx7-" * 8,
        "ALLOWED_HOSTS": "tybed.example.org", "EMAIL_URL": "consolemail://",
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "DEMO_PASSWORD": "demo-pass-1234",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "manage.py", "demo", "--no-serve"], env=surroundings, capture_output=True, text=True,
            check=False
    )
    assert done.returncode != 0
    assert "DEMO_PASSWORD" in done.stderr
    assert "demo-pass-1234" not in done.stdout


def test_every_page_of_the_example_opens(wales, as_):
    browser = as_(Person.objects.get(username="lead"))
    for path in ("", "theory", "codebook", "areas", "settings", "theory/paste", "phases", "verdicts",
                 "snapshots/initial-programme-theory", *(f"s/{at}" for at in range(1, 15))):  # fmt: skip
        assert browser.get(f"/p/cse-wales/{path}").status_code == 200


def test_statements_by_theme_are_those_of_the_paper(wales, api):
    script = api(Person.objects.get(username="viewer"))
    for code in sorted({code for codes in CARRIED.values() for code in codes.split()}):
        asked = {"theme": code, "snapshot": "initial-programme-theory"}
        found = script.get("/api/v1/programmes/cse-wales/statements/", asked).json()
        wanted = [number for number, codes in CARRIED.items() if code in codes.split()]
        assert [row["number"] for row in found["results"]] == wanted, code


# Table 1 of the paper: who was interviewed, role by site.
SAMPLE = {
    "Team manager": (3, 2, 0), "Social worker": (2, 2, 6), "Senior practitioner": (1, 0, 2),
    "Placement student": (3, 0, 0), "Support worker": (2, 0, 0),
}  # fmt: skip


def test_the_sample_is_table_1(wales):
    people = people_of(wales)
    assert [name for _pk, _slug, name in people.sites] == ["LA1", "LA2", "LA3"]
    asked = Source.objects.filter(programme=wales, kind="interview")
    found = {
        role: tuple(asked.filter(role=role, site__name=site).count() for site in ("LA1", "LA2", "LA3"))
        for role in SAMPLE
    }
    assert (found, asked.count()) == (SAMPLE, 23)
    assert [people.at[pk] for pk, _slug, _name in people.sites] == [11, 4, 8]
    assert asked.exclude(phase__kind="gleaning").count() == 0
    other = Source.objects.filter(programme=wales).exclude(kind="interview")
    assert [one.name for one in other] == ["Across the 23 interviews"]


def test_the_quotation_that_the_paper_gives_two_sites_is_flagged(wales):
    assert [(one.source.name, one.source.site.name, one.signed_site.name)
            for one in Excerpt.objects.filter(programme=wales).exclude(signed_site=None)] == [
        ("LA2-SW1", "LA2", "LA1"),
    ]  # fmt: skip


def test_statements_rest_on_as_much_as_the_paper_gives_them(wales):
    rows = {row.number: row.evidence for row in rows_with_numbers(wales, range(1, 13), spelled=True)}
    assert {number: str(found.weight) for number, found in rows.items()} == {
        1: "thin", 2: "none", 3: "contested", 4: "challenged", 5: "supported", 6: "supported", 7: "contested",
        8: "thin", 9: "supported", 10: "thin", 11: "thin", 12: "thin",
    }  # fmt: skip
    assert [number for number, found in rows.items() if found.one_source] == [12]
    bearings = Bearing.objects.of(wales).with_stale()
    assert bearings.exclude(note="").count() > 10
    assert {one.stale for one in bearings.filter(statement__number=6)} == {True, False}  # some were confirmed again


def test_passages_stand_at_the_sites_that_the_paper_names(wales):
    said = Excerpt.objects.filter(programme=wales).values_list("source__pseudonym", flat=True)
    named = sorted({name for name in said if name.startswith("LA")})
    assert named == ["LA1-PS1", "LA1-TM1", "LA1-TM3", "LA2-SW1", "LA2-TM2", "LA3-SW3", "LA3-SW6"]
    assert not Excerpt.objects.filter(programme=wales, locator="").exists()


def test_every_page_of_its_evidence_opens(wales, as_):
    browser = as_(Person.objects.get(username="viewer"))
    for path in ("", "evidence/maps", "evidence/guide?statements=S2,S12", *(f"s/{at}/why" for at in range(1, 13)),
                 *(f"cmo/{at}" for at in range(1, 13))):  # fmt: skip
        assert browser.get(f"/p/cse-wales/{path}").status_code == 200
