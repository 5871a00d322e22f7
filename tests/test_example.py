"""Claims about the Welsh example: what the paper shows is all there, worded by us, and loaded once by the rules."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cmo.models import DemiRegularity, Link, RivalGroup, Statement, StatementRevision, TheoryArea
from cmo.reading.configurations import configuration_rows, configurations_of, ripples_of
from cmo.reading.elements import element_rows, elements_of
from cmo.reading.slots import slots_of
from cmo.rules.recounting import drift
from programmes.models import AuditEvent, Membership, Person, Phase, Programme, Theme
from tests.worlds import stored

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
def demo(db: Any, settings: Any, capsys: Any) -> str:
    """What `manage.py demo --no-serve` prints."""
    settings.DEMO_PASSWORD = "demo-pass-1234"
    call_command("demo", "--no-serve")
    return str(capsys.readouterr().out)


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


def test_the_statements_are_the_twelve_of_figure_2(wales):
    rows = list(Statement.objects.filter(programme=wales).order_by("number"))
    assert [row.number for row in rows] == list(range(1, 13))
    carried = {row.number: sorted(row.taggings.values_list("theme__code", flat=True)) for row in rows}
    assert carried == {number: sorted(codes.split()) for number, codes in CARRIED.items()}
    assert [row.cites for row in rows] == [f"Figure 2, statement {number}" for number in range(1, 13)]
    assert [row.number for row in rows if not row.wording.startswith(("If ", "When "))] == []
    assert [row.number for row in rows if row.lacks] == [8, 10]  # left without a because, as their history says


def test_they_stand_in_three_areas(wales):
    areas = TheoryArea.objects.filter(programme=wales).values_list("title", flat=True)
    assert list(areas) == ["Policy nature and development", "Implementation plans", "Organisational context"]
    stood = dict(Statement.objects.filter(programme=wales).order_by("number").values_list("number", "area__position"))
    assert list(stood.values()) == [1] * 5 + [2] * 3 + [3] * 4


def test_there_is_a_configuration_for_each_statement(wales):
    rows = configuration_rows(configurations_of(wales), slots_of(wales))
    assert [[number for number, _wording in row.statements] for row in rows] == [[n] for n in range(1, 13)]
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
    assert Link.objects.filter(programme=wales).count() == 4
    assert RivalGroup.objects.get(programme=wales).members.count() == 2
    assert DemiRegularity.objects.get(programme=wales).members.count() == 3
    assert wales.configurations.get(number=12).revision_number == 2


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
    for path in ("", "theory", "codebook", "areas", "settings", "theory/paste", *(f"s/{at}" for at in range(1, 13))):
        assert browser.get(f"/p/cse-wales/{path}").status_code == 200


def test_statements_by_theme_are_those_of_the_paper(wales, api):
    script = api(Person.objects.get(username="viewer"))
    for code in sorted({code for codes in CARRIED.values() for code in codes.split()}):
        found = script.get("/api/v1/programmes/cse-wales/statements/", {"theme": code}).json()
        wanted = [number for number, codes in CARRIED.items() if code in codes.split()]
        assert [row["number"] for row in found["results"]] == wanted, code
