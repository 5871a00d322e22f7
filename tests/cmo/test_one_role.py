"""Claims about roles: typed with other capitals or blanks they are one, wherever they are counted, filtered or
compared."""

import csv
import io

import pytest

from cmo.reading.evidence_plan import plan_of
from cmo.reading.grounds import grounds_of
from cmo.reading.heat import by_role_and_statement
from cmo.rules.configuring import configure
from cmo.rules.planning_evidence import Planned, plan_evidence
from programmes.source_roles import role_key, spellings
from tests.evidence_factories import a_bearing, a_source, an_excerpt
from tests.weighed_factories import some_sites

P, A = "/p/cse-test", "/api/v1/programmes/cse-test"
TYPED = ("Senior practitioner", "senior practitioner", "SENIOR  PRACTITIONER", " Senior practitioner ")


@pytest.fixture
def claim(programme, statement, cast, actor):
    """S1 and CMO1, each with an excerpt of four sources whose role was typed in four ways."""
    [site] = some_sites(programme, "LA1")
    made = statement("If told by email, then few know, because nobody has time.")
    configuration = configure(programme, by=actor(cast.editor), words={"nickname": "Mail"})
    for at, role in enumerate(TYPED, start=1):
        excerpt = an_excerpt(a_source(programme, cast.editor, at, site=site, role=role), cast.editor, at)
        a_bearing(excerpt, cast.editor, made, at)
        a_bearing(excerpt, cast.editor, configuration, at + len(TYPED))
    made.programme.last_source = len(TYPED)
    type(programme).objects.filter(pk=programme.pk).update(last_source=len(TYPED))
    made.configuration = configuration
    return made


def test_case_and_blanks_do_not_tell_roles_apart():
    assert {role_key(role) for role in TYPED} == {"senior practitioner"}
    assert role_key("Gweithiwr cymdeithasol ") != role_key("Gweithiwr")
    assert spellings(["", " Nurse", "nurse", "GP"]) == {"": "", "nurse": "Nurse", "gp": "GP"}


def test_a_role_is_one_row_in_every_count(claim):
    assert [(one.name, one.counted.sources, one.people) for one in grounds_of(claim).roles] == [
        ("Senior practitioner", 4, 4),
    ]  # fmt: skip
    heat, _count = by_role_and_statement(claim.programme)
    assert [(row.head.name, row.head.people, row.cells[0].sources) for row in heat.rows] == [
        ("Senior practitioner", 4, 4),
    ]  # fmt: skip


def test_a_plan_counts_whoever_it_asks_for(claim, cast, actor):
    line = Planned(5, role="senior Practitioner")
    plan_evidence(claim.configuration, by=actor(cast.editor), base=0, lines=[line])
    assert [row.collected for row in plan_of(claim.configuration).rows] == [4]


def test_doors_and_files_tell_one_role(claim, cast, as_, api):
    script, browser = api(cast.viewer), as_(cast.viewer)
    [row] = script.get(f"{A}/evidence/maps/").json()["roles"]["rows"]
    assert (row["name"], row["cells"][0]["sources"]) == ("Senior practitioner", 4)
    [group] = script.get(f"{A}/statements/1/grounds/").json()["roles"]
    assert (group["role"], group["sources"], group["of_sources"]) == ("Senior practitioner", 4, 4)
    [line] = script.get(f"{A}/sources/sample/").json()["roles"]
    assert (line["role"], line["total"]) == ("Senior practitioner", 4)
    for role in ("senior practitioner", " SENIOR practitioner", row["key"]):
        assert script.get(f"{A}/excerpts/", {"role": role}).json()["count"] == 4
    assert script.get(f"{A}/excerpts/", {"role": "practitioner"}).json()["count"] == 0
    page = browser.get(f"{P}/s/1/why").content.decode()
    assert page.count('<th scope="row">Senior practitioner</th>') == 1
    maps = browser.get(f"{P}/evidence/maps").content.decode()
    assert maps.count('<th scope="row">Senior practitioner') == 1
    found = browser.get(f"{P}/evidence/sample.csv").content.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(found))] == ["Role", "Senior practitioner", "All"]


def test_a_form_offers_each_role_once(claim, cast, as_):
    page = as_(cast.editor).get(f"{P}/sources/new").content.decode()
    assert page.count('<option value="Senior practitioner">') == 1
    assert "senior practitioner" not in page
