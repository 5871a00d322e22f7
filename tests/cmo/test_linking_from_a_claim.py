"""Claims about linking evidence from the page of a claim: an excerpt is chosen, the form knows the claim."""

import pytest

from cmo.models import Bearing
from cmo.rules.configuring import configure, turn_configuration
from cmo.rules.excerpting import Said, add_excerpt
from cmo.rules.introducing import introduce
from cmo.rules.standing import Placed
from cmo.rules.stating import retire
from programmes.models import Membership
from programmes.rules.sourcing import add_source
from tests.pages import text

P = "/p/cse-test"
LIST = f"{P}/evidence/excerpts?for=S1"


@pytest.fixture
def there(programme, statement, actor, cast):
    """S1, and X1 that bears on nothing yet."""
    by = actor(cast.editor)
    source = add_source(programme, by=by, kind="interview", pseudonym="SW1", role="Social worker")
    add_excerpt(source, by=by, said=Said(text="We heard of it in the corridor."))
    return statement("If a, then b, because c.")


def body(client, address):
    return " ".join(client.get(address).content.decode().split())


def test_a_statement_leads_to_the_excerpts_and_they_to_the_form(there, as_, cast):
    pages = as_(cast.editor)
    assert f'href="{LIST}" aria-keyshortcuts="l">Link evidence</a>' in body(pages, f"{P}/s/1")
    listed = body(pages, f"{LIST}&search=corridor")
    assert "If a, then b, because c." in listed
    assert f'href="{P}/x/1?for=S1#link">Link to S1' in listed
    assert '<input type="hidden" name="for" value="S1">' in listed  # another filter keeps it
    form = body(pages, f"{P}/x/1?for=S1")
    assert 'value="S1"' in form[form.index('name="b-on"') - 200 : form.index('name="b-on"') + 200]


@pytest.fixture
def spelt_out(there, programme, actor, cast, themes):
    """CMO1 of a context that carries O4 and an outcome that carries O4 and C2."""
    by, found = actor(cast.editor), []
    for kind, said, codes in (("context", "Time", ["O4"]), ("outcome", "It is read", ["O4", "C2"])):
        found.append(introduce(programme, by=by, kind=kind, text=said, themes=[themes[code] for code in codes]))
    placed = [Placed(one.kind, one) for one in found]
    return configure(programme, by=by, elements=placed, words={"nickname": "In time"})


def test_a_configuration_leads_there_and_back_as_a_statement_does(spelt_out, as_, cast):
    pages, found = as_(cast.editor), f"{P}/evidence/excerpts?for=CMO1"
    page = body(pages, f"{P}/cmo/1")
    assert f'href="{found}" aria-keyshortcuts="l">Link evidence</a>' in page
    assert f'href="{found}&amp;theme=C2,O4">Look for passages on the themes of its elements</a>' in page
    listed = body(pages, found)
    assert "In time" in listed
    assert f'href="{P}/x/1?for=CMO1#link">Link to CMO1' in listed
    answer = pages.post(f"{P}/x/1/link", {"b-on": "CMO1", "b-part": "", "b-stance": "supports", "for": "CMO1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{P}/cmo/1#evidence")
    assert Bearing.objects.get().configuration == spelt_out


def test_a_configuration_offers_to_link_to_who_may_and_while_it_is_in_use(spelt_out, as_, cast, actor):
    looks = f'href="{P}/evidence/excerpts?theme=C2,O4">Look for passages'
    for who in (cast.viewer, cast.contributor):
        page = body(as_(who), f"{P}/cmo/1")
        assert ("Link evidence" in page, looks in page) == (False, True)
    turn_configuration(spelt_out, by=actor(cast.editor), base=1, retired=True)
    page = body(as_(cast.editor), f"{P}/cmo/1")
    assert ("Link evidence" in page, looks in page) == (False, True)
    Membership.objects.filter(person=cast.viewer).update(no_evidence=True)
    page = body(as_(cast.viewer), f"{P}/cmo/1")
    assert ("Link evidence" in page, "Look for passages" in page) == (False, False)


def test_once_linked_it_is_shown_on_the_statement(there, as_, cast):
    answer = as_(cast.editor).post(f"{P}/x/1/link", {"b-on": "S1", "b-part": "", "b-stance": "supports", "for": "S1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{P}/s/1#evidence")
    assert Bearing.objects.get().statement == there


def words(client, typed, **more):
    return client.get(f"{P}/evidence/claim", {"b-on": typed}, HTTP_HX_REQUEST="true", **more)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("S1", "S1 If a, then b, because c."), (" s1/because ", "S1 If a, then b, because c."),
        ("CMO1", "CMO1 In time"),
        ("CMO1/E2", "CMO1 In time E2 It is read"), ("CMO1/C-M", "CMO1 In time"), ("", ""), ("  ", ""),
        ("S99", "There is no statement S99 in this programme."), ("<b>", "Write a label such as S12, not “<b>”."),
        ("\0", "Take out the character at position 1 (U+0000); it cannot be stored."),
    ],
)  # fmt: skip
def test_the_words_of_the_claim_that_was_typed_are_told(spelt_out, as_, cast, typed, said):
    answer = words(as_(cast.viewer), typed)
    assert (answer.status_code, text(answer)) == (200, said)
    assert "<html" not in answer.content.decode()


def test_the_words_of_a_claim_are_told_within_its_programme_to_who_links(there, as_, cast, actor):
    assert words(as_(cast.outsider), "S1").status_code == 404
    Membership.objects.filter(person=cast.viewer).update(no_evidence=True)
    assert words(as_(cast.viewer), "S1").status_code == 404
    retire(there, by=actor(cast.editor), base=1)
    assert text(words(as_(cast.editor), "S1")).startswith("S1 It is retired; restore it first.")


def test_without_a_script_the_address_leads_to_the_claim(spelt_out, as_, cast):
    for typed, to in (("S1", f"{P}/s/1"), ("CMO1/E2", f"{P}/cmo/1"), ("S99", f"{P}/evidence")):
        assert as_(cast.viewer).get(f"{P}/evidence/claim", {"b-on": typed})["Location"] == to


def test_a_form_that_names_a_claim_shows_its_words_under_the_field(there, as_, cast):
    pages = as_(cast.editor)
    place = '<p class="hint" id="id_b-on_words" role="status">'
    for address, said in ((f"{P}/x/1", ""), (f"{P}/x/1?for=S1", "<b>S1</b> ")):
        under = body(pages, address).partition(place)[2].partition("</p>")[0]
        assert under.strip().startswith(said) if said else under.strip() == ""
    refused = pages.post(f"{P}/x/1/link", {"b-on": "S1"}).content.decode()
    assert "If a, then b, because c." in refused.partition(place)[2].partition("</p>")[0]


@pytest.mark.parametrize("asked", ["S99", "Q1", "nonsense", "%00"])
def test_what_names_no_claim_is_not_offered(there, as_, cast, asked):
    pages = as_(cast.editor)
    for address in (f"{P}/evidence/excerpts?for={asked}", f"{P}/x/1?for={asked}"):
        answer = pages.get(address)
        assert answer.status_code == 200
        assert "Link to" not in answer.content.decode()


def test_who_links_nothing_is_offered_nothing(there, as_, cast):
    for who in (cast.viewer, cast.contributor):
        assert "Link evidence" not in body(as_(who), f"{P}/s/1")
        assert "Link to S1" not in body(as_(who), LIST)
    Membership.objects.filter(person=cast.editor).update(no_evidence=True)
    assert "Link evidence" not in body(as_(cast.editor), f"{P}/s/1")
    assert as_(cast.editor).get(LIST).status_code == 404
