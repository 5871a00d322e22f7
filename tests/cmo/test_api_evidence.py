"""Claims about evidence over the API: shapes, filters, tags, what is refused, and what a retried request does."""

import pytest

from cmo.models import Bearing, Excerpt
from cmo.rules.composing import Words
from cmo.rules.configuring import configure
from cmo.rules.introducing import introduce
from cmo.rules.proposing import propose
from cmo.rules.standing import Placed
from cmo.rules.stating import revise
from programmes.models import Source
from tests.people import actor, script_of, stating

BASE = "/api/v1/programmes/cse-test"


class Script:
    """`post("excerpts/", …)` and the like as the editor: the answer's body, its status checked."""

    def __init__(self, cast):
        self.knocks = script_of(cast.editor)

    def get(self, path, status=200, **headers):
        answer = self.knocks.get(f"{BASE}/{path}", **headers)
        assert answer.status_code == status, answer.content
        self.tag = answer.headers.get("ETag", "")
        return answer.json() if answer.content else None

    def send(self, method, path, body=None, status=None, **headers):
        answer = getattr(self.knocks, method)(f"{BASE}/{path}", body or {}, format="json", **headers)
        assert answer.status_code == (status or (201 if method == "post" else 200)), answer.content
        self.tag, self.headers = answer.headers.get("ETag", ""), answer.headers
        return answer.json()

    def post(self, path, code=201, /, **body):
        return self.send("post", path, body, code)

    def labels(self, path):
        return [row["label"] for row in self.get(path)["results"]]


def gather(made):
    """Two sites; Q1 and Q2 at LA1, a document Q3; X1 (O1.1) and X2 of Q1, X3 of Q2; bearings on S1, S2 and CMO1."""
    by, script, statement = actor(made.cast.editor), Script(made.cast), stating(made)
    for name in ("LA1", "LA2"):
        script.post("sites/", name=name)
    for n, role in ((1, "Social worker"), (2, "Team manager")):
        script.post("sources/", kind="interview", pseudonym=f"LA1-{n}", role=role, site="la1", dated="2021-05")
    script.post("sources/", kind="document", citation="Guidance, 2021")
    script.post("excerpts/", source="Q1", text="We hear of it late.", themes=["O1.1"], locator="p. 4")
    script.post("excerpts/", source="Q1", text="It came by mail.", signed_site="LA2", status="implied")
    script.post("excerpts/", source="Q2", text="I told them in May.", original="Dywedais.")
    statement()
    statement("If told, then known.")
    trust = introduce(made.programme, by=by, kind="mechanism", text="Trust")
    configure(made.programme, by=by, elements=[Placed("mechanism", trust)])
    script.post("bearings/", excerpt="X1", on="S1", part="because", stance="challenges", note="Habit.")
    script.post("bearings/", excerpt="X1", on="S2", stance="supports")
    script.post("bearings/", excerpt="X3", on="CMO1/E1", stance="supports", confidence="low", inferred=True)
    script.post("bearings/", excerpt="X3", on="CMO1/C-M", stance="unclear")


GROUND = {"gathered": gather}


@pytest.fixture
def gathered(cast, themes):
    return Script(cast)


def test_the_shapes_that_scripts_rely_on(gathered):
    source = gathered.get("sources/1/")
    assert {name: source[name] for name in ("label", "kind", "pseudonym", "role", "site", "dated", "state")} == {
        "label": "Q1", "kind": "interview", "pseudonym": "LA1-1", "role": "Social worker", "site": "la1",
        "dated": "2021-05", "state": "current",
    }  # fmt: skip
    assert (source["excerpts"], source["bearings"], source["transcript"]) == (2, 2, False)
    excerpt = gathered.get("excerpts/2/")
    wanted = {
        "number": 2, "label": "X2", "source": "Q1", "text": "It came by mail.", "original": "", "locator": "",
        "themes": [], "status": "implied", "signed_site": "la2", "warnings": ["site"], "bearings": [], "site": "la1",
    }  # fmt: skip
    assert {name: excerpt[name] for name in wanted} == wanted
    bearing = gathered.get("bearings/1/")
    wanted = {
        "label": "B1", "excerpt": "X1", "on": "S1", "part": "because", "stance": "challenges", "note": "Habit.",
        "inferred": False, "confidence": "", "confidence_reason": "", "made_against": 1, "stale": False, "by": "editor",
    }  # fmt: skip
    assert {name: bearing[name] for name in wanted} == wanted
    assert [row["on"] for row in gathered.get("bearings/")["results"]] == ["S1", "S2", "CMO1/E1", "CMO1/C-M"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["X1", "X2", "X3"]), ("source=Q1", ["X1", "X2"]), ("source=Q1,Q2&ordering=-number", ["X3", "X2", "X1"]),
        ("site=la1", ["X1", "X2", "X3"]), ("site=la2", []), ("site=none", []), ("role=team manager", ["X3"]),
        ("kind=document", []), ("theme=O", ["X1"]), ("theme=P", []), ("status=implied", ["X2"]),
        ("stance=supports", ["X1", "X3"]), ("on=S1", ["X1"]), ("on=S1&stance=supports", []), ("on=S2", ["X1"]),
        ("on=CMO1", ["X3"]), ("on=CMO1/E1", ["X3"]), ("on=E1", ["X3"]), ("on=S1/then", []), ("linked=false", ["X2"]),
        ("search=late", ["X1"]), ("search=dywedais", ["X3"]), ("state=retired", []),
    ],
)  # fmt: skip
def test_excerpts_are_filtered(gathered, query, found):
    assert gathered.labels(f"excerpts/?{query}") == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["B1", "B2", "B3", "B4"]), ("stance=supports", ["B2", "B3"]), ("on=S1", ["B1"]), ("on=CMO1", ["B3", "B4"]),
        ("on=CMO1/C-M", ["B4"]), ("theme=O", ["B1", "B2"]), ("role=Team manager", ["B3", "B4"]),
        ("excerpt=X3", ["B3", "B4"]), ("inferred=true", ["B3"]), ("confidence=none", ["B1", "B2", "B4"]),
        ("stale=true", []), ("stale=false&source=Q2", ["B3", "B4"]), ("search=may", ["B3", "B4"]),
    ],
)  # fmt: skip
def test_bearings_are_filtered(gathered, query, found):
    assert gathered.labels(f"bearings/?{query}") == found


def test_sources_are_filtered_and_counted_in_a_table(gathered):
    assert gathered.labels("sources/?kind=interview&ordering=-number") == ["Q2", "Q1"]
    assert gathered.labels("sources/?search=guidance") == ["Q3"]
    table = gathered.get("sources/sample/?kind=interview")
    assert [(row["role"], row["total"]) for row in table["roles"]] == [("Social worker", 1), ("Team manager", 1)]
    assert table["roles"][0]["sites"][0] == {"site": "la1", "sources": 1, "small": True}
    assert (table["total"], table["small_group"]) == (2, 5)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("excerpts/?site=nowhere", "site"), ("excerpts/?theme=Z9", "theme"), ("bearings/?on=Z9", "on"),
        ("bearings/?stance=likes", "stance"), ("sources/?ordering=size", "ordering"),
        ("excerpts/?colour=red", "colour"),
        ("excerpts/?source=7", "source"), ("bearings/?on=S99", "on"), ("excerpts/?phase=none-such", "phase"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_by_name(gathered, path, field):
    assert list(gathered.get(path, 400)["errors"]) == [field]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("excerpts/", {"source": "Q9", "text": "Late."}, "source"),
        ("excerpts/", {"source": "Q1", "text": " "}, "text"),
        ("excerpts/", {"source": "Q1", "text": "Late.", "themes": ["Z9"]}, "themes"),
        ("excerpts/", {"source": "Q1", "text": "Late.", "start": 1}, "start"),
        ("excerpts/", {"source": "Q1", "text": "Late.", "colour": "red"}, "colour"),
        ("bearings/", {"excerpt": "X9", "on": "S1", "stance": "supports"}, "excerpt"),
        ("bearings/", {"excerpt": "X1", "on": "P1", "stance": "supports"}, "on"),
        ("bearings/", {"excerpt": "X1", "on": "CMO1/E9", "stance": "supports"}, "on"),
        ("bearings/", {"excerpt": "X2", "on": "S1", "stance": "likes"}, "stance"),
        ("bearings/", {"excerpt": "X2", "on": "S1", "stance": "supports", "made_against": 7}, "made_against"),
        ("sources/", {"kind": "interview"}, "pseudonym"), ("sites/", {"name": "LA1"}, "name"),
        ("sources/", {"kind": "interview", "pseudonym": "Z", "site": "nowhere"}, "site"),
        ("sources/", {"kind": "interview", "pseudonym": "Z", "phase": "nowhere"}, "phase"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_refused_by_name_and_nothing_is_stored(gathered, path, body, field):
    before = (Source.objects.count(), Excerpt.objects.count(), Bearing.objects.count())
    assert list(gathered.post(path, 400, **body)["errors"]) == [field]
    assert (Source.objects.count(), Excerpt.objects.count(), Bearing.objects.count()) == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("sites/la1/", {"note": "North."}), ("sources/1/", {"role": "Student"}), ("excerpts/1/", {"locator": "p. 9"}),
        ("bearings/1/", {"stance": "nuances"}), ("sources/1/transcript/", {"text": ""}),
    ],
)  # fmt: skip
def test_changes_need_the_revision_that_was_seen(gathered, path, body):
    gathered.send("patch", path, body, 428)
    answer = gathered.send("patch", path, body, 412, HTTP_IF_MATCH='"9"')
    assert answer["current"]["revision"] == 1
    gathered.get(path)
    tag = gathered.tag
    done = gathered.send("patch", path, body, HTTP_IF_MATCH=tag)
    assert done["revision"] == (1 if "text" in body else 2), "an empty transcript was empty before"


def test_a_tag_moves_with_all_that_shows(gathered, actor, cast):
    gathered.get("excerpts/2/")
    tag = gathered.tag
    gathered.get("excerpts/2/", 304, HTTP_IF_NONE_MATCH=tag)
    gathered.post("bearings/", excerpt="X2", on="S1", stance="supports")
    assert gathered.get("excerpts/2/", HTTP_IF_NONE_MATCH=tag)["bearings"] == ["B5"]


def test_a_bearing_grows_stale_and_is_confirmed(gathered, programme, actor, cast):
    claim = programme.statements.get(number=1)
    gathered.get("bearings/1/")
    tag = gathered.tag
    revise(claim, by=actor(cast.editor), base=1, words=Words(wording="If met, then heard."), reason="Shorter.")
    assert gathered.get("bearings/1/", HTTP_IF_NONE_MATCH=tag)["stale"] is True
    assert gathered.labels("bearings/?stale=true") == ["B1"]
    gathered.send("post", "bearings/1/confirm/", {"seen": 1}, 400, HTTP_IF_MATCH=gathered.tag or '"1"')
    done = gathered.send("post", "bearings/1/confirm/", {"seen": 2}, 200, HTTP_IF_MATCH='"1"')
    assert (done["stale"], done["made_against"], done["revision"]) == (False, 2, 2)
    rows = gathered.get("bearings/1/revisions/")["results"]
    assert [(row["change"], row["made_against"]) for row in rows] == [("confirmed", 2), ("new", 1)]


def test_what_is_retired_counts_no_longer_and_comes_back(gathered):
    gathered.send("delete", "excerpts/1/", None, HTTP_IF_MATCH='"1"')
    assert gathered.labels("bearings/") == ["B3", "B4"]
    assert gathered.labels("bearings/?state=retired") == ["B1", "B2"]
    gathered.send("post", "excerpts/1/restore/", {}, 200, HTTP_IF_MATCH='"2"')
    assert gathered.labels("bearings/") == ["B1", "B2", "B3", "B4"]
    assert [row["change"] for row in gathered.get("excerpts/1/revisions/")["results"]] == ["restored", "retired", "new"]


def test_excerpts_of_a_retired_source_are_no_longer_in_use(gathered):
    of_one = gathered.labels("excerpts/?source=Q1")
    others = [label for label in gathered.labels("excerpts/") if label not in of_one]
    gathered.send("delete", "sources/1/", None, HTTP_IF_MATCH='"1"')
    assert (gathered.labels("excerpts/"), gathered.labels("excerpts/?state=retired")) == (others, of_one)
    assert gathered.labels("excerpts/?source=Q1") == of_one != []
    assert gathered.labels("excerpts/?state=current,retired") == sorted([*of_one, *others])


def test_a_retried_create_is_done_once(gathered):
    body = {"source": "Q1", "text": "Once."}
    one, two = (gathered.send("post", "excerpts/", body, HTTP_IDEMPOTENCY_KEY="k1") for _at in (1, 2))
    assert one == two
    assert gathered.headers["Idempotency-Replayed"] == "true"
    assert Excerpt.objects.filter(text="Once.").count() == 1


def test_many_are_pasted_and_said_before(gathered):
    text = "We hear of it late.\n\nIt is gone. (p. 7, LA2, O4)\n\nWrite to a@b.example."
    dry = gathered.send("post", "excerpts/paste/?dry_run=1", {"source": "Q1", "text": text}, 200)
    assert (dry["dry_run"], dry["excerpts"]) == (True, [])
    assert [(one["known_as"], one["locator"], one["signed_site"], one["themes"]) for one in dry["read"]] == [
        (["X1"], "", None, []), ([], "p. 7", "la2", ["O4"]), ([], "", None, []),
    ]  # fmt: skip
    assert dry["read"][2]["warnings"] == ["email"]
    assert Excerpt.objects.count() == 3
    assert gathered.send("post", "excerpts/paste/", {"source": "Q1", "text": text})["excerpts"] == ["X4", "X5"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"text": "x" * 20_001}, "This is 20001 characters long; at most 20000 fit here."),
        ({"text": f"One.\n\n{'x' * 20_001}"}, "Excerpt 2: This is 20001 characters long; at most 20000 fit here."),
        ({"text": "One.", "reason": "x" * 20_001}, "reason"),
    ],
    ids=["one", "the second", "its reason"],
)
def test_a_dry_run_of_a_paste_refuses_what_the_real_one_refuses(gathered, body, said):
    ways = ("excerpts/paste/?dry_run=1", "excerpts/paste/")
    dry, real = (gathered.send("post", way, {"source": "Q1", **body}, 400) for way in ways)
    assert dry["errors"] == real["errors"]
    assert said in str(dry["errors"])
    assert Excerpt.objects.count() == 3


def test_a_plan_is_set_against_what_was_collected(gathered):
    empty = gathered.get("configurations/1/evidence/")
    assert (empty["lines"], empty["revision"], empty["sources"]) == ([], 0, 1)
    lines = [{"sources": 2, "kind": "interview", "role": "team manager"}, {"sources": 1, "site": "la2"}]
    gathered.send("patch", "configurations/1/evidence/", {"lines": lines}, 428)
    done = gathered.send("patch", "configurations/1/evidence/", {"lines": lines}, HTTP_IF_MATCH='"0"')
    assert [(row["collected"], row["missing"]) for row in done["lines"]] == [(1, 1), (0, 1)]
    gathered.send("patch", "configurations/1/evidence/", {"lines": []}, 412, HTTP_IF_MATCH='"0"')


def test_a_proposal_cites_what_it_rests_on(gathered, programme, actor, cast):
    propose(programme, by=actor(cast.editor), changes=[{"change": "new", "wording": "If so, then so."}], reason="So.")
    assert gathered.post("proposals/1/cites/", 200, cites=["b1", "X3", "X1"])["cites"] == ["X1", "X3", "B1"]
    assert gathered.get("proposals/1/cites/") == {"proposal": "P1", "cites": ["X1", "X3", "B1"]}
    assert list(gathered.post("proposals/1/cites/", 400, cites=["S1"])["errors"]) == ["cites"]
    assert list(gathered.post("proposals/1/cites/", 400, cites=["X99"])["errors"]) == ["cites"]


def test_what_a_paste_does_not_take_in_is_said(gathered):
    text = "text;speaker;site\nNew one.;SW2;LA9\nWe hear of it late.;SW2;\n"
    done = gathered.send("post", "excerpts/paste/", {"source": "Q1", "text": text})
    assert (done["columns"], done["known"], done["excerpts"]) == (["speaker"], ["X1"], ["X4"])
    assert [(one["unknown_site"], one["beyond"]) for one in done["read"]] == [("LA9", []), ("", [])]


def test_pasting_what_is_there_already_adds_nothing_and_says_so(gathered):
    done = gathered.send("post", "excerpts/paste/", {"source": "Q1", "text": "We hear of it late."}, 200)
    assert (done["excerpts"], done["known"], done["dry_run"]) == ([], ["X1"], False)
    assert Excerpt.objects.count() == 3
