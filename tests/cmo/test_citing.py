"""Claims about what a proposal cites, on its page: shown with its words, said by its authors, not there for all."""

import pytest

from cmo.models import Citation
from cmo.rules.evidencing import On, link_excerpt
from cmo.rules.excerpting import Said, add_excerpt
from cmo.rules.proposing import propose, submit
from cmo.rules.reviewing import answer
from programmes.models import AuditEvent, Membership
from programmes.rules.sourcing import add_source

HERE = "/p/cse-test/proposals/1"
WORDS = "We heard of it in the corridor."


@pytest.fixture
def proposed(programme, statement, actor, cast):
    """P1 of the contributor on S1; X1 and its link B1 to S1."""
    by, one = actor(cast.editor), statement()
    source = add_source(programme, by=by, kind="interview", pseudonym="LA1-SW1", role="Social worker")
    excerpt = add_excerpt(source, by=by, said=Said(text=WORDS))
    link_excerpt(excerpt, by=by, on=On(one), stance="supports")
    change = {"record": "S1", "base": 1, "change": "reworded", "wording": "If a worker stays, then trust grows."}
    made = propose(programme, by=actor(cast.contributor), changes=[change], reason="Shorter.")
    return submit(made, by=actor(cast.contributor), base=made.revision_number)


def sent(knocks, proposal, cites):
    return knocks.post(f"{HERE}/cite", {"base": proposal.revision_number, "cites": cites})


def test_what_it_cites_stands_on_its_page_with_the_words(proposed, as_, cast):
    mine = as_(cast.contributor)
    assert "It cites no excerpt." in mine.get(HERE).content.decode()
    assert sent(mine, proposed, "x1, B1").status_code == 302
    shown = as_(cast.viewer).get(HERE).content.decode()
    assert shown.count(WORDS) == 2
    assert "Supports" in shown
    assert 'name="cites"' not in shown
    assert 'value="X1, B1"' in mine.get(HERE).content.decode()
    assert sent(mine, proposed, "").status_code == 302
    assert not Citation.objects.exists()


@pytest.mark.parametrize("typed", ["S1", "X99", "X1, B7", "what they said"])
def test_what_is_no_evidence_is_refused_and_what_was_typed_comes_back(proposed, as_, cast, typed):
    answer = sent(as_(cast.contributor), proposed, typed)
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode()
    assert not Citation.objects.exists()


def test_only_its_authors_say_what_it_cites(proposed, as_, cast):
    assert sent(as_(cast.lead), proposed, "X1").status_code == 403
    assert sent(as_(cast.viewer), proposed, "X1").status_code == 403
    assert sent(as_(cast.outsider), proposed, "X1").status_code == 404


def test_who_sees_no_evidence_reads_no_word_of_it(proposed, as_, cast):
    sent(as_(cast.contributor), proposed, "X1 B1")
    Membership.objects.filter(person=cast.editor).update(no_evidence=True)
    shown = as_(cast.editor).get(HERE).content.decode()
    assert WORDS not in shown
    assert "Evidence it cites" not in shown
    assert as_(cast.editor).post(f"{HERE}/cite", {"base": 1, "cites": "X1"}).status_code == 404
    assert not AuditEvent.objects.filter(detail__icontains="corridor").exists()


def test_what_was_answered_keeps_what_it_cites_until_it_is_revised(proposed, as_, cast, actor):
    mine = as_(cast.contributor)
    sent(mine, proposed, "X1")
    proposed.refresh_from_db()
    answer(proposed, by=actor(cast.editor), answer="agree", reason="So.", seen=proposed.seen)
    refused = sent(mine, proposed, "B1")
    assert refused.status_code == 422
    assert "revise it before you change what it cites" in refused.content.decode()
    assert [one.excerpt_id is not None for one in Citation.objects.all()] == [True]
