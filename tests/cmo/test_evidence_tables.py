"""Claims about the tables of evidence: what the database itself refuses, and when a claim was reworded since."""

import pytest
from django.db import IntegrityError, transaction

from cmo.models import Bearing, Citation
from cmo.rules.composing import Words
from cmo.rules.configuring import configure, revise_configuration
from cmo.rules.introducing import introduce, revise_element
from cmo.rules.proposing import propose
from cmo.rules.standing import Placed
from cmo.rules.stating import revise
from programmes.models import Site
from tests.evidence_factories import a_bearing, a_source, an_excerpt, linked


def refused(name, act):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


@pytest.fixture
def placed(programme, cast, actor):
    """A configuration, its mechanism, and another element."""
    by = actor(cast.lead)
    one, other = (introduce(programme, by=by, kind="mechanism", text=text) for text in ("Trust", "Fear"))
    return configure(programme, by=by, elements=[Placed("mechanism", one)]), one, other


def test_a_bearing_is_on_one_record_and_names_a_part_of_it(statement, placed, cast):
    claim, (configuration, element, _other) = statement(), placed
    excerpt = an_excerpt(a_source(claim.programme, cast.lead), cast.lead)

    def on(where, **more):
        return lambda: a_bearing(excerpt, cast.lead, where, **more)

    refused("a_bearing_is_on_one_record", on(claim, configuration=configuration))
    refused("a_bearing_is_on_one_record", on(claim, statement=None))
    refused("a_bearing_names_a_part_of_its_record", on(configuration, part="because"))
    refused("a_bearing_names_a_part_of_its_record", on(claim, element=element))
    refused("a_bearing_names_a_part_of_its_record", on(claim, join="C-M"))
    refused("a_bearing_is_on_element_or_join", on(configuration, element=element, join="C-M"))
    refused("stance_is_known", on(claim, stance="likes"))
    refused("join_is_known", on(configuration, join="O-C"))
    assert not Bearing.objects.exists()


def test_one_person_links_a_passage_to_a_claim_once(statement, placed, cast):
    claim, (configuration, element, other) = statement(), placed
    excerpt = an_excerpt(a_source(claim.programme, cast.lead), cast.lead)
    first = a_bearing(excerpt, cast.lead, claim)
    refused("(linked_once_to_a_statement|UNIQUE)", lambda: a_bearing(excerpt, cast.lead, claim, 2))
    a_bearing(excerpt, cast.lead, claim, 2, part="because")
    a_bearing(excerpt, cast.editor, claim, 3, stance="challenges")
    Bearing.objects.filter(pk=first.pk).update(retired=True)
    a_bearing(excerpt, cast.lead, claim, 4)
    whole = [
        a_bearing(excerpt, cast.lead, configuration, 5),
        a_bearing(excerpt, cast.lead, configuration, 6, join="C-M"),
    ]
    parts = [
        a_bearing(excerpt, cast.lead, configuration, 7 + at, element=one) for at, one in enumerate((element, other))
    ]
    for one in whole + parts:
        again = {"element": one.element, "join": one.join}
        refused("(linked_once_to|UNIQUE)", lambda again=again: a_bearing(excerpt, cast.lead, configuration, 9, **again))


def test_sources_and_sites_are_named_once(programme, cast):
    source = a_source(programme, cast.lead)
    again = {"created": source.created, "updated": source.updated, "programme": programme}
    refused("(pseudonym_once|UNIQUE)", lambda: a_source(programme, cast.lead, 2, pseudonym="la1-sw1"))
    refused("(source_number_once|UNIQUE)", lambda: a_source(programme, cast.lead, 1, pseudonym="LA2-SW1"))
    refused("source_has_a_pseudonym", lambda: a_source(programme, cast.lead, 2, pseudonym=""))
    refused("rigour_is_a_grade", lambda: a_source(programme, cast.lead, 2, rigour="superb"))
    a_source(programme, cast.lead, 2, pseudonym="", citation="Guidance, 2021")
    a_source(programme, cast.lead, 3, pseudonym="", citation="Guidance, 2021")
    Site.objects.create(slug="la1", name="LA1", **again)
    refused("(site_name_once|UNIQUE)", lambda: Site.objects.create(slug="la-1", name="la1", **again))
    refused("excerpt_ends", lambda: an_excerpt(source, cast.lead, start=4, end=4))
    refused("excerpt_has_a_text", lambda: an_excerpt(source, cast.lead, text=""))


def test_a_proposal_cites_an_excerpt_or_a_bearing(statement, cast, actor):
    claim = statement()
    _source, excerpt, bearing = linked(claim, cast.lead)
    change = {"change": "new", "wording": "If told, then known."}
    proposal = propose(claim.programme, by=actor(cast.lead), changes=[change], reason="So it was said.")
    Citation.objects.create(proposal=proposal, excerpt=excerpt)
    Citation.objects.create(proposal=proposal, bearing=bearing)
    refused("(bearing_once|UNIQUE)", lambda: Citation.objects.create(proposal=proposal, bearing=bearing))
    refused("a_citation_is_of_one", lambda: Citation.objects.create(proposal=proposal))


def stale():
    return {one.label for one in Bearing.objects.with_stale() if one.stale}


def test_stale_are_bearings_on_words_that_changed_since(statement, placed, cast, actor):
    by, claim, (configuration, element, other) = actor(cast.lead), statement(), placed
    _source, excerpt, _bearing = linked(claim, cast.lead)
    a_bearing(excerpt, cast.lead, configuration, 2)
    a_bearing(excerpt, cast.lead, configuration, 3, element=element)
    a_bearing(excerpt, cast.lead, configuration, 4, join="C-M")
    assert stale() == set()
    claim = revise(claim, by=by, base=1, state="agreed")
    assert stale() == set(), "it says what it said"
    revise(claim, by=by, base=2, words=Words(wording="If told, then known."), reason="Shorter.")
    assert stale() == {"B1"}
    revise_configuration(configuration, by=by, base=1, words={"narrative": "As told in May."})
    assert stale() == {"B1"}
    revise_element(other, by=by, base=1, text="Dread")
    assert stale() == {"B1"}, "it stands in no configuration"
    revise_element(element, by=by, base=1, text="Trust grows")
    assert stale() == {"B1", "B2", "B3", "B4"}
