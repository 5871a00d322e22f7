"""Owns what the small world holds of evidence: sites, sources, excerpts, bearings, a plan and citations."""

from typing import Any

from cmo.rules.evidencing import On, link_excerpt, turn_bearing
from cmo.rules.excerpting import Said, add_excerpt, turn_excerpt, turn_source
from cmo.rules.planning_evidence import Planned, plan_evidence
from programmes.rules.siting import add_site, turn_site
from programmes.rules.sourcing import add_source
from tests.people import actor


def furnish_evidence(own: Any, other: Any, people: dict[str, Any], stranger: Any, theme: Any) -> dict[str, Any]:
    """Q1 with X1, which B1 links to S1; each second one is retired, and so is the site `old-la`; la2 has no source.

    Elsewhere are five of each, so that number 5 is there, and not in the own programme.
    """
    by = actor(people["editor"])
    first = add_site(own, by=by, name="LA1")
    add_site(own, by=by, name="LA2")
    turn_site(add_site(own, by=by, name="Old LA"), by=by, base=1, retired=True)
    source = add_source(own, by=by, kind="interview", pseudonym="LA1-SW1", role="Social worker", site=first)
    turn_source(add_source(own, by=by, kind="interview", pseudonym="LA1-SW2"), by=by, base=1, retired=True)
    excerpt = add_excerpt(source, by=by, said=Said("They hear of it late.", locator="p. 4", themes=[theme]))
    gone = add_excerpt(source, by=by, said=Said("Words that were taken back."))
    turn_excerpt(gone, by=by, base=1, retired=True)
    claim = own.statements.get(number=1)
    bearing = link_excerpt(excerpt, by=by, on=On(claim), stance="supports", note="Said outright")
    turn_bearing(link_excerpt(excerpt, by=by, on=On(claim, "then"), stance="unclear"), by=by, base=1, retired=True)
    planned = [Planned(3, "interview", "Social worker", first)]
    plan_evidence(own.configurations.get(number=1), by=by, base=0, lines=planned)
    theirs = add_site(other, by=stranger, name="Secret site")
    for at in range(1, 6):
        foreign = add_source(other, by=stranger, kind="interview", pseudonym=f"Secret-{at}", site=theirs)
        said = add_excerpt(foreign, by=stranger, said=Said(f"Secret words {at}."))
        link_excerpt(said, by=stranger, on=On(other.statements.get(number=1)), stance="supports")
    return {
        "site": first.slug, "site_free": "la2", "site_old": "old-la", "source": source.number, "source_gone": 2,
        "excerpt": excerpt.number, "excerpt_gone": gone.number, "bearing": bearing.number, "bearing_gone": 2,
    }  # fmt: skip
