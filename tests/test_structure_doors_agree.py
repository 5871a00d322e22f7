"""Claims about the two doors to the theory's structure: they leave the same behind, and refuse in one voice."""

import html
from typing import Any

import pytest
from django.db import transaction

from cmo.models import (
    Configuration,
    ConfigurationRevision,
    Counter,
    DemiRegularity,
    Element,
    ElementRevision,
    Link,
    RivalGroup,
    SlotSetting,
)
from cmo.vocabulary import TRAITS
from programmes.models import AuditEvent, Programme
from programmes.vocabulary import NEEDS, Verb
from tests.test_doors_agree import Act, by_api, by_page

WORDS = ("nickname", "plain", "narrative", "testing", "state")
SAID = ("kind", "text", *TRAITS, "formal_theory", "state")
EVENT = ("number", "change", "restores", "reason", "author_id", "phase_id")


def left_behind(w: Any) -> dict[str, list[Any]]:
    """All that the programme holds of its structure, by numbers and names, without ids and times."""
    mine = {"programme": w.own}
    configurations = Configuration.objects.filter(**mine).select_related("area")
    of_configurations = ConfigurationRevision.objects.filter(configuration__programme=w.own)
    ends = ("number", "kind", "source__number", "target__number", "element__number", "name", "note", "retired")
    return {
        "version": list(Programme.objects.filter(pk=w.own.pk).values_list("structure_version", "codebook_version")),
        "elements": [
            (*_of(one, ("number", *SAID, "folded", "sameness", "revision_number", "updated_by_id")), _themes(one))
            for one in Element.objects.filter(**mine)
        ],
        "element revisions": [
            (one.element.number, *_of(one, (*EVENT, *SAID)), _themes(one))
            for one in ElementRevision.objects.filter(element__programme=w.own).order_by("element__number", "number")
        ],
        "configurations": [
            (*_of(one, ("number", *WORDS, "revision_number", "updated_by_id", "origin_id")), str(one.area), *_hung(one))
            for one in configurations
        ],
        "configuration revisions": [
            (one.configuration.number, *_of(one, (*EVENT, *WORDS)), str(one.area), *_hung(one))
            for one in of_configurations.order_by("configuration__number", "number")
        ],
        "links": list(Link.objects.filter(**mine).values_list(*ends, "revision_number", "updated_by")),
        "rivals": [
            (*_of(one, ("number", "title", "verdict", "rationale", "retired", "revision_number")),
             str(one.outcome), str(one.favoured), _members(one))
            for one in RivalGroup.objects.filter(**mine)
        ],
        "patterns": [
            (*_of(one, ("number", "text", "moderators", "boundaries", "counterexamples", "retired", "revision_number")),
             _members(one))
            for one in DemiRegularity.objects.filter(**mine)
        ],
        "slots": list(SlotSetting.objects.filter(**mine).values_list("slots", "revision_number")),
        "counters": list(Counter.objects.filter(**mine).order_by("kind").values_list("kind", "last")),
        "log": list(AuditEvent.objects.filter(**mine).order_by("number").values_list(
            "number", "verb", "record", "detail", "reason", "actor")),
    }  # fmt: skip


def _of(one: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in names)


def _themes(one: Any) -> list[str]:
    return sorted(one.taggings.values_list("theme__code", flat=True))


def _members(one: Any) -> list[int]:
    return list(one.members.order_by("number").values_list("number", flat=True))


def _hung(one: Any) -> tuple[list[Any], list[int]]:
    placed = one.placings.order_by("position").values_list(
        "element__number", "role", "position", "wording", "activation"
    )
    return list(placed), sorted(one.spellings.values_list("statement__number", flat=True))


ACTS = {
    "introduce an element": Act(
        "element-new", "elements",
        {"kind": "outcome", "text": "calm", "sign": "positive", "intended": "unintended", "proximity": "distal",
         "level": "micro", "theme": ["O4"], "formal_theory": "F", "state": "agreed", "reason": "R"},
        {"kind": "outcome", "text": "calm", "sign": "positive", "intended": False, "proximity": "distal",
         "level": "micro", "themes": ["O4"], "formal_theory": "F", "state": "agreed", "reason": "R"},
    ),
    "revise an element": Act(
        "element-edit", "element",
        {"text": "otherwise", "mechanism": "reasoning", "theme": ["C2"], "state": "draft", "reason": "R"},
        {"text": "otherwise", "mechanism": "reasoning", "themes": ["C2"], "reason": "R"},
        at="lone", base=2, method="PATCH",
    ),
    "retype an element": Act("element-retype", "element-retype", {"kind": "mechanism", "reason": "R"},
                             {"kind": "mechanism", "reason": "R"}, at="element", base=1),
    "retire an element": Act("element-retire", "element", {"reason": "R"}, {"reason": "R"}, at="lone", base=2,
                             method="DELETE"),
    "restore a retired element": Act("element-restore", "element-restore", {}, {}, at="element_gone", base=2),
    "restore an older text": Act("element-restore", "element-restore", {"revision": 1, "reason": "R"},
                                 {"revision": 1, "reason": "R"}, at="lone", base=2),
    "make a configuration": Act(
        "configuration-new", "configurations",
        {"nickname": "N", "plain": "P", "narrative": "Told", "testing": "T", "area": "trust", "statements": "S1, S2",
         "slot-context": "E1\nE2 in our words", "slot-mechanism": "a new one [weak]", "state": "draft", "reason": "R"},
        {"nickname": "N", "plain": "P", "narrative": "Told", "testing": "T", "area": "trust",
         "statements": ["S1", "S2"], "reason": "R",
         "elements": [{"element": "E1", "role": "context"},
                      {"element": "E2", "role": "context", "wording": "in our words"},
                      {"text": "a new one", "role": "mechanism", "activation": "weak"}]},
    ),
    "revise a configuration": Act(
        "configuration-edit", "configuration",
        {"nickname": "N", "statements": "S1", "slot-context": "E1", "slot-outcome": "another outcome\nE2",
         "state": "agreed", "reason": "R"},
        {"nickname": "N", "state": "agreed", "reason": "R",
         "elements": [{"element": "E1", "role": "context"}, {"text": "another outcome", "role": "outcome"},
                      {"element": "E2", "role": "outcome"}]},
        at="cmo", base=2, method="PATCH",
    ),
    "retire a configuration": Act("configuration-retire", "configuration", {"reason": "R"}, {"reason": "R"}, at="cmo",
                                  base=2, method="DELETE"),
    "restore a retired configuration": Act("configuration-restore", "configuration-restore", {"reason": "R"},
                                           {"reason": "R"}, at="cmo_gone", base=2),
    "restore an older make-up": Act("configuration-restore", "configuration-restore", {"revision": 1}, {"revision": 1},
                                    at="cmo", base=2),
    "state a link": Act("link-state", "links", {"kind": "nested", "to": "CMO2", "label": "in", "note": "N"},
                        {"kind": "nested", "from": "CMO1", "to": "CMO2", "label": "in", "note": "N"}, at="cmo",
                        label=""),
    "gather rivals": Act(
        "rival-new", "rival-groups",
        {"title": "T", "configurations": "CMO1, CMO2", "outcome": "E2", "verdict": "one", "favoured": "CMO1",
         "rationale": "Seen", "reason": "R"},
        {"title": "T", "configurations": ["CMO1", "CMO2"], "outcome": "E2", "verdict": "one", "favoured": "CMO1",
         "rationale": "Seen", "reason": "R"},
    ),
    "revise rivals": Act(
        "rival-edit", "rival-group", {"title": "T", "configurations": "CMO1", "verdict": "open", "reason": "R"},
        {"title": "T", "configurations": ["CMO1"], "outcome": None, "reason": "R"}, at="rivals", base=1, method="PATCH",
    ),
    "retire rivals": Act("rival-turn", "rival-group", {"reason": "R"}, {"reason": "R"}, at="rivals", base=1,
                         method="DELETE"),
    "restore rivals": Act("rival-turn", "rival-group-restore", {"to": "current"}, {}, at="rivals_gone", base=2),
    "note a pattern": Act(
        "pattern-new", "demi-regularities",
        {"text": "T", "configurations": "CMO1", "moderators": "M", "boundaries": "B", "counterexamples": "C"},
        {"text": "T", "configurations": ["CMO1"], "moderators": "M", "boundaries": "B", "counterexamples": "C"},
    ),
    "revise a pattern": Act(
        "pattern-edit", "demi-regularity", {"text": "T", "configurations": "CMO1, CMO2", "boundaries": "B"},
        {"text": "T", "boundaries": "B"}, at="pattern", base=1, method="PATCH",
    ),
    "retire a pattern": Act("pattern-turn", "demi-regularity", {}, {}, at="pattern", base=1, method="DELETE"),
    "set slots by a preset": Act("slots", "slots", {"preset": "icamo"}, {"preset": "icamo"}, base=1, method="PATCH",
                                 verb=Verb.MANAGE),
}  # fmt: skip


def knock(w: Any, door: Any, act: Act, who: str = "lead") -> Any:
    """The page of some acts stands at a record that their route of the API does not name."""
    api = door is by_api and act.label == ""
    return door(w, Act(**{**{name: getattr(act, name) for name in act.__slots__}, "at": None}) if api else act, who)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_both_doors_leave_the_same_behind(act, world):
    was, left = left_behind(world), []
    for door, ok in ((by_page, {302}), (by_api, {200, 201})):
        with transaction.atomic():
            answer = knock(world, door, act)
            assert answer.status_code in ok, answer.content.decode()[:3000]
            left.append(left_behind(world))
            transaction.set_rollback(True)
        assert left_behind(world) == was
    assert left[0] == left[1]
    assert left[0] != was


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_both_doors_refuse_a_role_in_the_same_words(act, world):
    was, sentence = left_behind(world), str(NEEDS[act.verb])
    for who in ("viewer", "contributor"):
        page, api = knock(world, by_page, act, who), knock(world, by_api, act, who)
        assert (page.status_code, api.status_code) == (403, 403)
        assert api.json()["detail"] == sentence
        assert sentence in html.unescape(page.content.decode())
    assert left_behind(world) == was


REFUSED = {
    "an empty text": ("introduce an element", {"text": " "}, {"text": " "}, "Write something here; it is empty."),
    "an unknown code": ("revise an element", {"theme": ["04"]}, {"themes": ["04"]},
                        "There is no code “04” in the codebook. Did you mean O4?"),
    "a megabyte": ("introduce an element", {"text": "x" * 1_000_000}, {"text": "x" * 1_000_000},
                   "This is 1000000 characters long; at most 5000 fit here."),
    "an unknown statement": ("make a configuration", {"statements": "S99"}, {"statements": ["S99"]},
                             "There is no statement S99 in this programme."),
    "an unknown element": ("make a configuration", {"slot-context": "E99"},
                           {"elements": [{"element": "E99", "role": "context"}]},
                           "There is no element E99 in this programme."),
    "an element twice": ("make a configuration", {"slot-context": "E1\nE1"},
                         {"elements": [{"element": "E1", "role": "context"}] * 2},
                         "E1 stands twice as Context; name it once."),
    "a link to itself": ("state a link", {"to": "CMO1"}, {"to": "CMO1"}, "Link it to another configuration."),
    "a link to a foreign one": ("state a link", {"to": "CMO5"}, {"to": "CMO5"},
                                "There is no configuration CMO5 in this programme."),
    "a verdict without its reason": ("gather rivals", {"rationale": ""}, {"rationale": ""},
                                     "Give the reason of the verdict."),
    "a context as the outcome": ("gather rivals", {"outcome": "E1"}, {"outcome": "E1"},
                                 "E1 is no outcome; retype it, or name another."),
    "an empty pattern": ("note a pattern", {"text": ""}, {"text": ""}, "Write something here; it is empty."),
    "no such revision": ("restore an older text", {"revision": 77}, {"revision": 77},
                         "Say which revision to restore, between 1 and 2."),
}  # fmt: skip


@pytest.mark.parametrize(("of", "form", "body", "sentence"), REFUSED.values(), ids=REFUSED)
def test_both_doors_refuse_bad_input_in_the_same_words(of, form, body, sentence, world):
    act, was = ACTS[of], left_behind(world)
    bad = Act(act.page, act.api, act.form | form, act.body | body, act.at, act.label, act.base, act.method, act.verb)
    page, api = knock(world, by_page, bad), knock(world, by_api, bad)
    assert (page.status_code, api.status_code) == (422, 400)
    assert [sentence] in api.json()["errors"].values()
    assert sentence in html.unescape(page.content.decode())
    assert left_behind(world) == was


STALE = [name for name, act in ACTS.items() if act.base]


@pytest.mark.parametrize("name", STALE)
def test_both_doors_refuse_what_started_from_an_older_revision(name, world):
    act, was = ACTS[name], left_behind(world)
    late = Act(act.page, act.api, act.form, act.body, act.at, act.label, act.base + 7, act.method, act.verb)
    page, api = knock(world, by_page, late), knock(world, by_api, late)
    assert (page.status_code, api.status_code) == (409, 412)
    assert api.json()["current"]["revision"] == act.base
    assert left_behind(world) == was
