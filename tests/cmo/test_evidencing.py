"""Claims about evidence: sources, excerpts and bearings are written by their rules alone, each with its history."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cmo.models import Bearing, BearingRevision, Excerpt, ExcerptRevision
from cmo.rules.chronicling import sealed
from cmo.rules.citing_in_proposals import cite
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.evidencing import On, change_bearing, confirm_bearing, link_excerpt, turn_bearing
from cmo.rules.excerpting import (
    Said,
    add_excerpt,
    add_excerpts,
    change_excerpt,
    keep_transcript,
    turn_excerpt,
    turn_source,
)
from cmo.rules.introducing import introduce
from cmo.rules.planning_evidence import Planned, plan_evidence
from cmo.rules.proposing import propose
from cmo.rules.recoding import merge_theme
from cmo.rules.standing import Placed
from cmo.rules.stating import retire, revise
from programmes.models import AuditEvent, Programme, SourceRevision, Transcript
from programmes.refusals import Stale
from programmes.rules.founding import describe
from programmes.rules.membering import withhold_evidence
from programmes.rules.recording import seal
from programmes.rules.siting import add_site, change_site, turn_site
from programmes.rules.sourcing import add_source, change_source
from tests.looking import stored

MARKER = "xylograph"


@pytest.fixture
def by(cast, actor):
    return actor(cast.editor)


@pytest.fixture
def sites(programme, by):
    return [add_site(programme, by=by, name=name) for name in ("LA1", "LA2")]


@pytest.fixture
def source(programme, by, sites):
    return add_source(programme, by=by, kind="interview", pseudonym="LA1-SW1", role="Social worker", site=sites[0])


@pytest.fixture
def excerpt(source, by):
    return add_excerpt(source, by=by, said=Said("We hear of it late."))


def refused(field, act):
    with pytest.raises(ValidationError) as refusal:
        act()
    assert list(refusal.value.message_dict) == [field]
    return refusal.value.message_dict[field][0]


def last_row():
    event = AuditEvent.objects.order_by("-pk").first()
    return event.verb, event.record, event.detail


# ---- sites and sources


def test_a_site_is_named_once_and_retired_when_nothing_needs_it(programme, by, sites, source):
    assert refused("name", lambda: add_site(programme, by=by, name="la1")).startswith("There is a site")
    renamed = change_site(sites[1], by=by, base=1, name="Second", position=9)
    assert (renamed.slug, renamed.name, renamed.position, renamed.revision_number) == ("la2", "Second", 9, 2)
    refused("state", lambda: turn_site(sites[0], by=by, base=1, retired=True))
    gone = turn_site(renamed, by=by, base=2, retired=True)
    assert last_row() == ("site retired", "site la2", {})
    refused("site", lambda: change_source(source, by=by, base=1, site=gone))
    with pytest.raises(Stale):
        change_site(sites[1], by=by, base=1, name="Third")


def test_a_source_has_a_history_and_the_log_does_not_name_it(programme, by, source):
    changed = change_source(
        source, by=by, base=1, dated="2021-05", relevance="high", relevance_reason="She leads it.", note=MARKER
    )
    assert (changed.label, changed.revision_number, changed.dated, changed.relevance) == ("Q1", 2, "2021-05", "high")
    assert change_source(changed, by=by, base=2, dated="2021-05").revision_number == 2, "nothing changed"
    refused("rigour_reason", lambda: change_source(changed, by=by, base=2, rigour="low"))
    refused("relevance_reason", lambda: change_source(changed, by=by, base=2, relevance_reason=" "))
    turn_source(changed, by=by, base=2, retired=True, reason="Withdrawn.")
    rows = SourceRevision.objects.order_by("number").values_list("change", "pseudonym", "retired", "note")
    assert list(rows) == [
        ("new", "LA1-SW1", False, ""), ("edited", "LA1-SW1", False, MARKER), ("retired", "LA1-SW1", True, MARKER),
    ]  # fmt: skip
    assert last_row() == ("retired", "Q1", {"revision": 3, "change": "retired"})
    seals = set(AuditEvent.objects.exclude(seals="").values_list("seals", flat=True))
    assert {seal(one, uid=str(source.uid)) for one in SourceRevision.objects.all()} <= seals
    second = add_source(programme, by=by, kind="document", citation="Guidance, 2021")
    assert (second.label, second.name) == ("Q2", "Guidance, 2021")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("pseudonym", {"pseudonym": ""}), ("dated", {"dated": "May 2021"}), ("dated", {"dated": "2021-13"}),
        ("rigour", {"rigour": "superb"}), ("kind", {"kind": "rumour"}), ("note", {"note": "a\x00b"}),
    ],
)  # fmt: skip
def test_what_a_source_is_not(source, by, field, said):
    refused(field, lambda: change_source(source, by=by, base=1, **said))


def test_a_pseudonym_is_given_once(programme, source, by):
    said = refused("pseudonym", lambda: add_source(programme, by=by, kind="interview", pseudonym="la1-sw1"))
    assert said == "Q1 has this pseudonym already; choose another."


def test_viewers_and_contributors_write_no_evidence(programme, statement, source, excerpt, cast, actor):
    claim = statement()
    for who in (cast.viewer, cast.contributor):
        for act in (
            lambda by: add_site(programme, by=by, name="LA9"),
            lambda by: add_source(programme, by=by, kind="interview", pseudonym="LA9-SW1"),
            lambda by: add_excerpt(source, by=by, said=Said("Late.")),
            lambda by: link_excerpt(excerpt, by=by, on=On(claim), stance="supports"),
        ):
            with pytest.raises(PermissionDenied, match="Only editors and leads add and link evidence"):
                act(actor(who))


def test_an_editor_without_evidence_writes_none(programme, source, cast, actor, by):
    withhold_evidence(programme, by=actor(cast.lead), username="editor", withheld=True)
    assert last_row() == ("evidence withheld", "member editor", {})
    with pytest.raises(PermissionDenied, match="without its evidence"):
        add_excerpt(source, by=by, said=Said("Late."))
    with pytest.raises(PermissionDenied):
        withhold_evidence(programme, by=by, username="editor", withheld=False)


# ---- excerpts


def test_many_excerpts_come_all_or_none(source, themes, sites, by):
    one = Said("One.", themes=[themes["O4"]], locator="p. 4")
    two = Said("Two.", signed_site=sites[1], status="anticipated")
    first, second = add_excerpts(source, by=by, said=[one, two])
    assert (first.label, second.label) == ("X1", "X2")
    assert [tag.theme.code for tag in first.taggings.all()] == ["O4"]
    assert (first.signed_site, second.signed_site, second.status) == (None, sites[1], "anticipated")
    told = refused("text", lambda: add_excerpts(source, by=by, said=[Said("Three."), Said("  ")]))
    assert told.startswith("Excerpt 2:")
    assert Excerpt.objects.count() == 2


def test_a_sign_of_the_sources_own_site_is_none(source, sites, by):
    assert add_excerpt(source, by=by, said=Said("Late.", signed_site=sites[0])).signed_site is None


def test_an_excerpt_has_a_history_with_its_themes(excerpt, themes, by):
    changed = change_excerpt(excerpt, by=by, base=1, text="We heard late.", themes=[themes["O4"], themes["P6"]])
    change_excerpt(changed, by=by, base=2, themes=[themes["P6"]])
    turned = turn_excerpt(changed, by=by, base=3, retired=True)
    refused("state", lambda: change_excerpt(turned, by=by, base=4, text="Anything"))
    turn_excerpt(turned, by=by, base=4, retired=False)
    rows = [
        (one.number, one.change, one.text, sorted(tag.theme.code for tag in one.taggings.all()))
        for one in ExcerptRevision.objects.order_by("number")
    ]
    assert rows == [
        (1, "new", "We hear of it late.", []), (2, "edited", "We heard late.", ["O4", "P6"]),
        (3, "edited", "We heard late.", ["P6"]), (4, "retired", "We heard late.", ["P6"]),
        (5, "restored", "We heard late.", ["P6"]),
    ]  # fmt: skip
    with pytest.raises(Stale):
        change_excerpt(excerpt, by=by, base=1, text="Mine")


def test_tags_follow_a_merge_of_themes(excerpt, themes, by, cast, actor):
    change_excerpt(excerpt, by=by, base=1, themes=[themes["O4"]])
    merge_theme(themes["O4"], by=actor(cast.lead), base=1, into=themes["P6"])
    excerpt.refresh_from_db()
    assert [tag.theme.code for tag in excerpt.taggings.all()] == ["P6"]
    assert excerpt.revision_number == 3


def test_a_transcript_is_kept_where_a_lead_allows_it(programme, source, excerpt, by, cast, actor):
    text = "By email. We hear of it late. And then?"
    refused("text", lambda: keep_transcript(source, by=by, base=1, text=text))
    describe(programme, by=actor(cast.lead), base=Programme.objects.get().revision_number, transcripts=True)
    kept = keep_transcript(source, by=by, base=1, text=text)
    excerpt.refresh_from_db()
    assert text[excerpt.start : excerpt.end] == excerpt.text
    picked = add_excerpt(kept, by=by, said=Said("By email.", start=0, end=9))
    assert (picked.start, picked.end) == (0, 9)
    refused("start", lambda: add_excerpt(kept, by=by, said=Said("By email.", start=1, end=10)))
    assert last_row()[0] == "new"
    gone = keep_transcript(kept, by=by, base=2, text="")
    assert last_row() == ("transcript taken out", "Q1", {"revision": 3, "change": "edited"})
    assert not Transcript.objects.exists()
    assert Excerpt.objects.filter(start=None, end=None).count() == 2
    assert gone.revision_number == 3


# ---- bearings


def test_a_bearing_is_linked_changed_and_retired(statement, excerpt, by):
    claim = statement()
    made = link_excerpt(excerpt, by=by, on=On(claim, part="because"), stance="challenges", note=MARKER, inferred=True)
    assert (made.label, made.part, made.made_against, made.revision_number) == ("B1", "because", 1, 1)
    changed = change_bearing(made, by=by, base=1, stance="nuances", confidence="low", confidence_reason="One voice.")
    assert change_bearing(changed, by=by, base=2, stance="nuances").revision_number == 2, "nothing changed"
    gone = turn_bearing(changed, by=by, base=2, retired=True)
    refused("state", lambda: change_bearing(gone, by=by, base=3, note=""))
    turn_bearing(gone, by=by, base=3, retired=False)
    rows = BearingRevision.objects.order_by("number").values_list("change", "stance", "confidence", "retired")
    assert list(rows) == [
        ("new", "challenges", "", False), ("edited", "nuances", "low", False), ("retired", "nuances", "low", True),
        ("restored", "nuances", "low", False),
    ]  # fmt: skip
    seals = set(AuditEvent.objects.exclude(seals="").values_list("seals", flat=True))
    assert {sealed(one, made) for one in BearingRevision.objects.all()} <= seals
    with pytest.raises(Stale):
        turn_bearing(made, by=by, base=1, retired=True)


def test_a_passage_bears_on_elements_and_joins(programme, excerpt, by):
    one, other = (introduce(programme, by=by, kind="mechanism", text=text) for text in ("Trust", "Fear"))
    configuration = configure(programme, by=by, elements=[Placed("mechanism", one)])
    labels = [
        link_excerpt(excerpt, by=by, on=on, stance="supports") and on.label
        for on in (On(configuration), On(configuration, element=one), On(configuration, join="C-M"))
    ]
    assert labels == ["CMO1", "CMO1/E1", "CMO1/C-M"]
    refused("on", lambda: link_excerpt(excerpt, by=by, on=On(configuration, element=other), stance="supports"))
    refused("on", lambda: link_excerpt(excerpt, by=by, on=On(configuration, join="O-C"), stance="supports"))
    refused("part", lambda: link_excerpt(excerpt, by=by, on=On(configuration, part="if"), stance="supports"))


def test_one_links_a_passage_once_and_another_may_judge_otherwise(statement, excerpt, by, cast, actor):
    claim = statement()
    link_excerpt(excerpt, by=by, on=On(claim), stance="supports")
    said = refused("on", lambda: link_excerpt(excerpt, by=by, on=On(claim), stance="unclear"))
    assert said == "B1 links this excerpt to the same place already; change that."
    link_excerpt(excerpt, by=actor(cast.lead), on=On(claim), stance="challenges")
    assert list(Bearing.objects.values_list("stance", flat=True)) == ["supports", "challenges"]


def test_what_is_retired_is_not_linked(statement, source, excerpt, by):
    claim = statement()
    kept = statement("If kept, then used.")
    retire(claim, by=by, base=1, reason="Gone.")
    refused("on", lambda: link_excerpt(excerpt, by=by, on=On(claim), stance="supports"))
    turn_source(source, by=by, base=1, retired=True)
    refused("excerpt", lambda: link_excerpt(excerpt, by=by, on=On(kept), stance="supports"))


def test_a_stale_bearing_is_confirmed_against_what_was_read(statement, excerpt, by):
    claim = statement()
    made = link_excerpt(excerpt, by=by, on=On(claim), stance="supports")
    revise(claim, by=by, base=1, words=Words(wording="If told, then known."), reason="Shorter.")
    assert [one.stale for one in Bearing.objects.with_stale()] == [True]
    refused("seen", lambda: confirm_bearing(made, by=by, base=1, seen=1))
    confirmed = confirm_bearing(made, by=by, base=1, seen=2)
    assert (confirmed.made_against, confirmed.revision_number) == (2, 2)
    assert [one.stale for one in Bearing.objects.with_stale()] == [False]
    assert last_row() == ("confirmed", "B1", {"revision": 2, "change": "confirmed"})


def test_evidence_is_planned_and_cited(programme, excerpt, statement, sites, by):
    claim, configuration = statement(), configure(programme, by=by, words={"plain": "Late news."})
    plan = plan_evidence(configuration, by=by, base=0, lines=[Planned(3, "interview", "Social worker", sites[0])])
    assert [line.sources for line in plan.lines.all()] == [3]
    said = refused("lines", lambda: plan_evidence(configuration, by=by, base=1, lines=[Planned(1), Planned(0)]))
    assert said.startswith("Line 2:")
    with pytest.raises(Stale):
        plan_evidence(configuration, by=by, base=0, lines=[])
    assert not plan_evidence(configuration, by=by, base=1, lines=[]).lines.exists()
    bearing = link_excerpt(excerpt, by=by, on=On(claim), stance="supports")
    proposal = propose(programme, by=by, changes=[{"change": "new", "wording": "If told, then known."}], reason="Said.")
    cite(proposal, by=by, excerpts=[excerpt], bearings=[bearing])
    assert last_row() == ("evidence cited", "P1", {"cites": ["B1", "X1"]})
    assert proposal.citations.count() == 2
    cite(proposal, by=by, excerpts=[excerpt])
    assert [one.excerpt for one in proposal.citations.all()] == [excerpt]


def test_what_was_said_is_stored_with_the_evidence_alone(source, statement, by):
    """Not in the log, not in a notice or a mail, not in a remembered answer."""
    made = add_excerpt(source, by=by, said=Said(f"The {MARKER}.", original=f"Y {MARKER}."))
    link_excerpt(made, by=by, on=On(statement()), stance="supports", note=f"On {MARKER}s.")
    held = {table for table, rows in stored().items() if MARKER in json.dumps(rows, default=str)}
    searched = {"programmes_searchdocument", "programmes_searchword"}
    if held:  # digests say nothing on PostgreSQL
        assert held - searched - {table for table in held if "searchindex" in table} == {
            "cmo_excerpt", "cmo_excerptrevision", "cmo_bearing", "cmo_bearingrevision",
        }  # fmt: skip
    assert not any(MARKER in json.dumps(event.detail) + event.reason for event in AuditEvent.objects.all())
