"""Claims about the rows of the workbench: what may be done there and by which key, and what the evidence comes to."""

import re

import pytest

from cmo.rules.discussing import say
from cmo.rules.stating import retire
from programmes.models import Membership, Programme
from tests.weighed_factories import many_bearings, some_sites

P = "/p/cse-test"


@pytest.fixture
def row(as_, cast):
    """row(who) is the row of S1 as a member reads it."""

    def read(who):
        page = as_(getattr(cast, who)).get(f"{P}/theory?state=draft,agreed,retired").content.decode()
        return " ".join(page[page.index('id="s1"') : page.index("</li>", page.index("stmt__acts"))].split())

    return read


def acts(row):
    """{key: (address, words)} of the acts of a row."""
    told = row[row.index("stmt__acts") :]
    found = re.findall(r'<a href="([^"]+)"[^>]*aria-keyshortcuts="([a-z])"[^>]*>(.*?)</a>', told)
    return {key: (address, re.sub("<[^>]+>", "", words)) for address, key, words in found}


EDIT, PROPOSE = ("e", (f"{P}/s/1/edit", "Edit S1")), ("p", (f"{P}/s/1/propose", "Propose S1"))
COMMENT, LINK = ("c", (f"{P}/s/1#text-S1", "Comment S1")), ("l", (f"{P}/evidence/excerpts?for=S1", "Link evidence S1"))


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("lead", [EDIT, PROPOSE, COMMENT, LINK]), ("editor", [EDIT, PROPOSE, COMMENT, LINK]),
        ("contributor", [PROPOSE, COMMENT]), ("viewer", []),
    ],
)  # fmt: skip
def test_a_row_offers_each_act_to_whoever_may_with_its_key(who, may, statement, row):
    statement()
    assert acts(row(who)) == dict(may)


def test_a_retired_statement_is_only_talked_about(statement, row, actor, cast):
    retire(statement(), by=actor(cast.editor), base=1)
    assert list(acts(row("editor"))) == ["c"]


def test_a_row_says_how_often_it_was_commented_on(statement, row, actor, cast):
    say(statement(), by=actor(cast.lead), text="Why so?")
    assert acts(row("viewer")) == {}
    assert acts(row("contributor"))["c"][1] == "Comment S1 1"


def test_counts_and_sites_are_there_to_be_seen(programme, statement, row, cast):
    one = statement()
    many_bearings(one, cast.editor, 2, sites=some_sites(programme, "LA1", "LA2", "LA10", "LA9")[:2])
    shown = row("viewer")
    assert '<p class="verdict__n">support 1, challenge 1</p>' in shown
    silent = '<span class="site site--none">{}<span class="vh"> says nothing</span></span>'
    sites = " ".join(['<span class="site">LA1</span>', '<span class="site">LA2</span>',
                      silent.format("LA10"), silent.format("LA9")])  # fmt: skip
    assert f'<p class="verdict__sites">{sites}</p>' in shown


def test_of_many_sites_some_are_named_and_the_others_counted(programme, statement, row, cast):
    many_bearings(statement(), cast.editor, 1, sites=some_sites(programme, *(f"LA{n}" for n in range(1, 10)))[:1])
    shown = row("viewer")
    assert (shown.count('class="site'), " +3</p>" in shown) == (6, True)


def test_who_sees_no_evidence_sees_neither_counts_nor_sites_in_a_row(programme, statement, row, cast):
    many_bearings(statement(), cast.editor, 2, sites=some_sites(programme, "LA1", "LA2")[:1])
    Membership.objects.filter(person=cast.editor).update(no_evidence=True)
    shown = row("editor")
    assert "verdict" not in shown
    assert "LA1" not in shown
    assert list(acts(shown)) == ["e", "p", "c"]


def test_sites_of_another_programme_are_not_among_them(programme, statement, row, cast):
    other = Programme.objects.create(slug="other", title="Other", created=programme.created, updated=programme.created)
    some_sites(other, "LA7")
    many_bearings(statement(), cast.editor, 1, sites=some_sites(programme, "LA1"))
    assert "LA7" not in row("viewer")
