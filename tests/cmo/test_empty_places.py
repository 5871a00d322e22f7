"""Claims about places where nothing is yet: they say so truly, and offer the first act to whoever may do it."""

from typing import Any

import pytest

from cmo.models import Bearing
from cmo.rules.excerpting import Said, add_excerpt
from programmes.rules.sourcing import add_source
from tests.pages import main_of, text
from tests.weighed_factories import many_bearings, some_sites

P = "/p/cse-test"
HEARD = "Every statement has evidence from several sources, and every site has been heard."
WRITE, PROPOSE, SOURCE = f'href="{P}/s/new"', f'href="{P}/s/propose"', f'href="{P}/sources/new"'


def acts(answer: Any) -> tuple[bool, bool, bool]:
    """Whether the page offers to write a statement, to propose one, to add a source."""
    main = main_of(answer)
    return WRITE in main, PROPOSE in main, SOURCE in main


@pytest.mark.parametrize(
    ("who", "writes", "proposes"), [("editor", True, False), ("contributor", False, True), ("viewer", False, False)]
)
@pytest.mark.parametrize(
    ("path", "said", "evidence"),
    [
        ("evidence/maps", "There is no statement in use yet for which evidence could be missing.", True),
        ("evidence/guide", "There is no statement in use yet to ask about.", False),
        ("lineage", "Nothing has been stated yet", False),
    ],
)
def test_a_place_without_statements_leads_to_the_first(
    programme, as_, cast, path, said, evidence, who, writes, proposes
):
    answer = as_(getattr(cast, who)).get(f"{P}/{path}")
    assert said in text(answer)
    assert acts(answer) == (writes, proposes, evidence and writes)
    assert HEARD not in text(answer)


def test_that_nothing_lacks_evidence_is_said_of_statements_alone(programme, as_, cast, statement):
    guide = f'href="{P}/evidence/guide"'
    assert guide not in main_of(as_(cast.viewer).get(f"{P}/evidence/maps"))
    many_bearings(statement(), cast.editor, 8, sites=some_sites(programme, "LA1", "LA2"))
    many = as_(cast.viewer).get(f"{P}/evidence/maps")
    assert (guide in main_of(many), "There is no statement in use yet" in text(many)) == (True, False)


@pytest.mark.parametrize(
    ("n", "said"), [(5, "1 of 5 excerpts challenges it."), (6, "2 of 6 excerpts challenge it.")]
)
def test_how_many_excerpts_challenge_is_said_in_number(programme, as_, cast, statement, n, said):
    many_bearings(statement(), cast.editor, n, sites=some_sites(programme, "LA1", "LA2"))
    if n == 5:  # of five, two challenge it
        Bearing.objects.filter(number=5).update(stance="supports")
    for address in ("evidence/maps", ""):
        assert said in text(as_(cast.viewer).get(f"{P}/{address}"))


@pytest.mark.parametrize(("who", "adds"), [("editor", True), ("viewer", False)])
def test_excerpts_that_are_not_there_yet_are_no_fault_of_a_filter(programme, as_, cast, actor, who, adds):
    client = as_(getattr(cast, who))
    empty = client.get(f"{P}/evidence/excerpts")
    assert "No excerpt yet" in text(empty)
    assert "No excerpt meets all of this" not in text(empty)
    assert acts(empty) == (False, False, adds)
    for query in ("search=none", "state=retired", "linked=true"):
        filtered = client.get(f"{P}/evidence/excerpts?{query}")
        assert "No excerpt meets all of this" in text(filtered), query
        assert f'<a class="btn btn--s" href="{P}/evidence/excerpts">Show all</a>' in filtered.content.decode()
    source = add_source(programme, by=actor(cast.editor), kind="interview", pseudonym="LA1-SW1")
    begun = client.get(f"{P}/evidence/excerpts")
    assert ("Choose a source to take excerpts from" in text(begun), acts(begun)[2]) == (adds, False)
    assert f'href="{P}/evidence"' in main_of(begun)
    add_excerpt(source, by=actor(cast.editor), said=Said(text="We hear of it late."))
    assert "No excerpt" not in text(client.get(f"{P}/evidence/excerpts"))


def test_a_timeline_without_a_moment_of_a_kind_leads_back_to_all(programme, as_, cast, statement):
    statement()
    page = as_(cast.viewer).get(f"{P}/lineage?what=merged")
    assert "Nothing of this kind so far." in text(page)
    assert f'<a class="btn btn--s" href="{P}/lineage">Show all</a>' in page.content.decode()


@pytest.mark.parametrize(
    ("who", "act"), [("editor", "cmo/new"), ("contributor", "cmo/propose"), ("viewer", "theory")]
)
def test_matrices_without_a_configuration_lead_to_the_first(programme, as_, cast, who, act):
    page = as_(getattr(cast, who)).get(f"{P}/matrices")
    assert "No configuration yet" in text(page)
    main = main_of(page)
    offered = [path for path in ("cmo/new", "cmo/propose", "theory") if f'href="{P}/{path}"' in main]
    assert offered == list(dict.fromkeys([act, "theory"]))


def test_sources_without_site_or_role_are_called_by_one_word_everywhere(programme, as_, cast, statement):
    one = statement()
    some_sites(programme, "LA1")
    many_bearings(one, cast.editor, 2)
    programme.sources.update(role="")
    for path in ("s/1", "s/1/why"):
        page = text(as_(cast.viewer).get(f"{P}/{path}"))
        assert ("no site" in page, "no role" in page, "not said" in page) == (True, True, False), path
