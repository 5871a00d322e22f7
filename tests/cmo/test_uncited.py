"""Claims about what bears on the records of a proposal and is not cited: on its page, in its JSON, in its checks."""

import pytest

from cmo.rules.citing_in_proposals import cite
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.excerpting import Said, add_excerpt
from cmo.rules.proposing import propose, submit
from cmo.rules.reviewing import decide
from programmes.models import Membership
from programmes.rules.siting import add_site
from programmes.rules.sourcing import add_source

PAGE = "/p/cse-test/proposals/1"
DOOR = "/api/v1/programmes/cse-test/proposals/1/"
FOR, AGAINST, ELSEWHERE = "It was met with help.", "You would not bring a doubt there.", "It is another matter."


@pytest.fixture
def around(programme, statement, actor, cast):
    """P1 on S1; X1 (LA1) supports S1 (B1), X2 (LA3) challenges its mechanism (B2); X3 bears on S2; LA2 says nothing."""
    by, one, two = actor(cast.editor), statement("If a, then b, because c."), statement("If d, then e, because f.")
    sites = [add_site(programme, by=by, name=name) for name in ("LA1", "LA2", "LA3")]
    said = [(FOR, sites[0], On(one), "supports"), (AGAINST, sites[2], On(one, "because"), "challenges"),
            (ELSEWHERE, sites[1], On(two), "challenges")]  # fmt: skip
    made = []
    for at, (text, site, on, stance) in enumerate(said, start=1):
        source = add_source(programme, by=by, kind="interview", pseudonym=f"SW{at}", role="Social worker", site=site)
        made.append(add_excerpt(source, by=by, said=Said(text=text, locator=f"paragraph {at}")))
        link_excerpt(made[-1], by=by, on=on, stance=stance)
    change = {"record": "S1", "base": 1, "change": "reworded", "wording": "If a, then b, because g."}
    proposal = propose(programme, by=actor(cast.contributor), changes=[change], reason="Sharper.")
    return submit(proposal, by=actor(cast.contributor), base=proposal.revision_number), made


def shown(client):
    return " ".join(client.get(PAGE).content.decode().split())


def checks(script):
    return {one["check"]: (one["holds"], one["count"], one["names"]) for one in script.get(DOOR).json()["checks"]}


def test_what_is_linked_and_not_cited_stands_on_the_page_with_its_words(around, as_, cast):
    page = shown(as_(cast.viewer))
    left = page[page.index("Not cited, though linked to S1") :]
    assert left.index(AGAINST) < left.index(FOR)  # what speaks against it is read first
    assert "paragraph 2" in left
    assert "Mechanism" in left
    assert "Nothing from LA2 bears on what it changes." in left
    assert ELSEWHERE not in page
    assert "It leaves 1 challenging excerpt uncited" in page
    assert "It cites no evidence" in page
    assert "If, then and because are all stated" in page


def test_the_api_names_them_by_label_and_gives_the_same_checks(around, api, cast):
    script = api(cast.viewer)
    assert script.get(DOOR).json()["uncited"] == ["B1", "B2"]
    assert checks(script) == {
        "parts-stated": (True, 0, []), "reason-given": (True, 0, []), "base-current": (True, 0, []),
        "sites-cited": (False, 0, []), "challenges-cited": (False, 1, []),
    }  # fmt: skip


def test_a_cited_excerpt_is_left_out_no_more(around, api, as_, cast, actor):
    proposal, made = around
    was = api(cast.viewer).get(DOOR)["ETag"]
    cite(proposal, by=actor(cast.contributor), excerpts=[made[1]])
    script = api(cast.viewer)
    now = script.get(DOOR)
    assert (now.json()["uncited"], now["ETag"] != was) == (["B1"], True)
    assert checks(script)["sites-cited"] == (True, 1, ["LA3"])
    assert checks(script)["challenges-cited"] == (True, 0, [])
    page = shown(as_(cast.viewer))
    assert "It cites 1 site: LA3" in page
    assert "It cites every challenging excerpt that is linked" in page


def test_who_sees_no_evidence_reads_neither_words_nor_counts_of_it(around, as_, api, cast):
    Membership.objects.filter(person=cast.viewer).update(no_evidence=True)
    page = shown(as_(cast.viewer))
    for said in (FOR, AGAINST, "Not cited", "uncited", "It cites", "LA2"):
        assert said not in page
    script = api(cast.viewer)
    assert script.get(DOOR).json()["uncited"] is None
    assert list(checks(script)) == ["parts-stated", "reason-given", "base-current"]


def test_a_decided_proposal_shows_what_was_left_out_by_then(around, api, cast, actor):
    proposal, made = around
    decide(proposal, by=actor(cast.lead), decision="refuse", reason="No.", seen=proposal.seen)
    link_excerpt(made[2], by=actor(cast.editor), on=On(made[2].bearings.get().statement, "if"), stance="nuances")
    link_excerpt(made[2], by=actor(cast.editor), on=On(made[0].bearings.get().statement), stance="nuances")
    found = api(cast.viewer).get(DOOR).json()
    assert (found["uncited"], found["checks"]) == (["B1", "B2"], [])
