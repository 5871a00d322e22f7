"""Claims about bad input to the API of the structure: one clear sentence, by its field, and nothing is stored."""

from typing import Any

import pytest

from cmo.models import Element
from tests.cmo.test_api_structure import A, sent
from tests.looking import stored
from tests.worlds import client

LONG = "x" * 1_000_000
CONTEXT = {"element": "E1", "role": "context"}
ELEMENTS: dict[str, tuple[Any, str]] = {
    "an unknown element": ([{"element": "E99", "role": "context"}], "There is no element E99 in this programme."),
    "a foreign element": ([{"element": "E5", "role": "context"}], "There is no element E5 in this programme."),
    "no label": ([{"element": "1", "role": "context"}], "Write a label such as E12, not “1”."),
    "a number for a label": ([{"element": 1, "role": "context"}], "entry 1, element: Write text here."),
    "a retired element": ([{"element": "E4", "role": "context"}],
                          "Element 1: E4 is retired; choose another or restore it."),
    "an element twice": ([CONTEXT, CONTEXT], "E1 stands twice as Context; name it once."),
    "new words twice": ([{"text": "the same", "role": "context"}, {"text": "The same.", "role": "context"}],
                        "“The same.” stands twice as Context; name it once."),
    "an unknown role": ([{"element": "E1", "role": "cause"}], "Element 1: Choose a role: context, mechanism,"),
    "a role that is not in use": ([{"text": "x", "role": "actor"}],
                                  "Element 1: this programme does not use the role Actor, only Context, Mechanism,"),
    "no role": ([{"element": "E1"}], "entry 1, role: This field is required."),
    "neither element nor text": ([{"role": "context"}], "Element 1: Write something here; it is empty."),
    "both": ([{"element": "E1", "text": "other", "role": "context"}], "Element 1: give `element`, or the `text`"),
    "a strength for a context": ([{**CONTEXT, "activation": "weak"}], "Element 1: Only a mechanism fires;"),
    "an unknown strength": ([{"text": "x", "role": "mechanism", "activation": "mad"}],
                            "Element 1: Say how strongly it fires: dormant, weak,"),
    "61 elements": ([{"text": f"number {at}", "role": "context"} for at in range(61)], "A configuration may hold"),
    "a NUL": ([{"text": "a\x00b", "role": "context"}], "Element 1: Take out the character at position 2"),
    "a megabyte": ([{"text": LONG, "role": "context"}], "Element 1: This is 1000000 characters long; at most 5000"),
    "a megabyte of local words": ([{**CONTEXT, "wording": LONG}], "This is 1000000 characters long; at most 5000"),
    "no list": ("E1", "Send a list of elements, each as a JSON object."),
    "an object for a list": ({"element": "E1"}, "Send a list of elements, each as a JSON object."),
    "no object": (["E1"], "Element 1: send it as a JSON object with a role and an element or a text."),
    "an unknown field": ([{**CONTEXT, "strength": 1}],
                         "entry 1, strength: There is no field “strength” to write; known are: element,"),
    "half the positions": ([{**CONTEXT, "position": 1}, {"text": "x", "role": "outcome"}],
                           "Give every element its position, or none of them."),
    "position nought": ([{**CONTEXT, "position": 0}], "entry 1, position: Write a whole number from 1."),
}  # fmt: skip


def refused(world: Any, method: str, path: str, body: Any, tag: str = "") -> tuple[dict[str, Any], int]:
    """({field: sentences}, status); all that is stored stayed as it was."""
    was = stored()
    answer = sent(client(world, "lead", "token"), method, path, body, tag=tag)
    assert answer["Content-Type"] == "application/problem+json"
    assert stored() == was
    return answer.json().get("errors", {}), answer.status_code


@pytest.mark.parametrize(("elements", "sentence"), ELEMENTS.values(), ids=ELEMENTS)
def test_elements_of_a_configuration_are_refused(elements, sentence, world):
    for method, path, tag in (("post", "configurations/", ""), ("patch", "configurations/1/", '"2"'),
                              ("post", "statements/1/spell-out/", "")):  # fmt: skip
        errors, status = refused(world, method, path, {"elements": elements}, tag)
        assert (status, list(errors)) == (400, ["elements"])
        assert errors["elements"][0].startswith(sentence)
        assert len(errors["elements"]) == 1


OTHERS: dict[str, tuple[str, str, Any, str, str, str]] = {
    "an unknown statement": ("post", "configurations/", {"statements": ["S99"]}, "", "statements",
                             "There is no statement S99 in this programme."),
    "a foreign statement": ("post", "configurations/", {"statements": ["S5"]}, "", "statements",
                            "There is no statement S5 in this programme."),
    "a retired statement": ("post", "configurations/", {"statements": ["S3"]}, "", "statements",
                            "S3 is retired; choose another or restore it."),
    "a foreign area": ("post", "configurations/", {"area": "secret-area"}, "", "area",
                       "There is no theory area “secret-area”; known are: trust, empty, old."),
    "a megabyte of plain words": ("post", "configurations/", {"plain": LONG}, "", "plain",
                                  "This is 1000000 characters long; at most 20000 fit here."),
    "a state of its own": ("post", "configurations/", {"state": "retired"}, "", "state",
                           "Choose draft or agreed; retire and restore are acts of their own."),
    "a retired one to spell out": ("post", "statements/3/spell-out/", {}, "", "statements", "S3 is retired;"),
    "an unknown field": ("post", "configurations/", {"links": []}, "", "links", "There is no field “links” to write;"),
    "an element without text": ("post", "elements/", {"kind": "context"}, "", "text", "This field is required."),
    "an empty text": ("post", "elements/", {"kind": "context", "text": " "}, "", "text",
                      "Write something here; it is empty."),
    "an unknown kind": ("post", "elements/", {"kind": "theme", "text": "x"}, "", "kind",
                        "Choose one of context, mechanism, outcome,"),
    "a trait of another kind": ("post", "elements/", {"kind": "context", "text": "x", "sign": "positive"}, "", "sign",
                                "This does not describe elements of the kind Context; leave it empty."),
    "an unknown trait": ("patch", "elements/3/", {"level": "nano"}, '"2"', "level", "Choose one of micro, meso,"),
    "intended in words": ("post", "elements/", {"kind": "outcome", "text": "x", "intended": "true"}, "", "intended",
                          "Write true, false or null."),
    "an unknown code": ("post", "elements/", {"kind": "context", "text": "x", "themes": ["04"]}, "", "themes",
                        "There is no code “04” in the codebook. Did you mean O4?"),
    "a NUL in a text": ("patch", "elements/3/", {"text": "a\x00"}, '"2"', "text", "Take out the character at"),
    "a megabyte of text": ("patch", "elements/3/", {"text": LONG}, '"2"', "text", "This is 1000000 characters long;"),
    "retiring what stands somewhere": ("delete", "elements/1/", {}, '"1"', "state",
                                       "E1 stands in CMO1; take it out there first."),
    "retyping to nothing": ("post", "elements/1/retype/", {"kind": "x"}, '"1"', "kind", "Choose one of context,"),
    "retyping a retired one": ("post", "elements/4/retype/", {"kind": "actor"}, '"2"', "state", "E4 is retired;"),
    "restoring nothing": ("post", "elements/3/restore/", {}, '"2"', "revision",
                          "Say which revision to restore, between 1 and 2."),
    "restoring what never was": ("post", "configurations/1/restore/", {"revision": 9}, '"2"', "revision",
                                 "Say which revision to restore, between 1 and 2."),
    "an old revision of a retired one": ("post", "configurations/3/restore/", {"revision": 1}, '"2"', "state",
                                         "CMO3 is retired; restore it first."),
    "a link to itself": ("post", "links/", {"kind": "rival", "from": "CMO1", "to": "CMO1"}, "", "to",
                         "Link it to another configuration."),
    "a link to a foreign one": ("post", "links/", {"kind": "rival", "from": "CMO1", "to": "CMO5"}, "", "to",
                                "There is no configuration CMO5 in this programme."),
    "a link from a retired one": ("post", "links/", {"kind": "rival", "from": "CMO3", "to": "CMO1"}, "", "from",
                                  "CMO3 is retired; restore it first."),
    "a link of no kind": ("post", "links/", {"kind": "x", "from": "CMO1", "to": "CMO2"}, "", "kind",
                          "Choose one of ripple, rival, nested, contradicts, contrasts."),
    "a ripple that is none": ("post", "links/", {"kind": "ripple", "from": "CMO2", "to": "CMO1", "element": "E2"}, "",
                              "element", "E2 is no outcome of CMO2, so nothing ripples there."),
    "a ripple without its element": ("post", "links/", {"kind": "ripple", "from": "CMO1", "to": "CMO2"}, "", "element",
                                     "Name the element"),
    "a rival through an element": ("post", "links/", {"kind": "rival", "from": "CMO1", "to": "CMO2", "element": "E2"},
                                   "", "element", "Only a ripple runs through an element; leave it empty."),
    "a link said before": ("post", "links/", {"kind": "contrasts", "from": "CMO2", "to": "CMO1"}, "", "to",
                           "L2 says this already; change it there."),
    "a link without its end": ("post", "links/", {"kind": "rival", "from": "CMO1"}, "", "to", "This field is"),
    "a verdict without its reason": ("patch", "rival-groups/1/", {"verdict": "none"}, '"1"', "rationale",
                                     "Give the reason of the verdict."),
    "a favourite from outside": ("patch", "rival-groups/1/",
                                 {"verdict": "one", "favoured": "CMO1", "configurations": ["CMO2"], "rationale": "x"},
                                 '"1"', "favoured", "CMO1 is not in the group."),
    "a foreign rival": ("post", "rival-groups/", {"title": "x", "configurations": ["CMO5"]}, "", "configurations",
                        "There is no configuration CMO5 in this programme."),
    "a context for an outcome": ("patch", "rival-groups/1/", {"outcome": "E1"}, '"1"', "outcome",
                                 "E1 is no outcome; retype it, or name another."),
    "a pattern without words": ("post", "demi-regularities/", {"text": ""}, "", "text",
                                "Write something here; it is empty."),
    "slots of no role": ("patch", "slots/", {"slots": [{"role": "cause"}]}, '"1"', "slots",
                         "Choose roles out of context,"),
    "slots twice": ("patch", "slots/", {"slots": [{"role": "context"}, {"role": "context"}]}, '"1"', "slots",
                    "Name each role once."),
    "slots without a role": ("patch", "slots/", {"slots": [{"label": "x"}]}, '"1"', "slots",
                             "entry 1, role: This field is required."),
    "no slots": ("patch", "slots/", {}, '"1"', "slots", "Give a preset, or the slots themselves."),
    "an unknown preset": ("patch", "slots/", {"preset": "x"}, '"1"', "preset", "Choose one of cmo,"),
}  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "tag", "field", "sentence"), OTHERS.values(), ids=OTHERS)
def test_it_is_refused_by_its_field(method, path, body, tag, field, sentence, world):
    errors, status = refused(world, method, path, body, tag)
    assert (status, list(errors), len(errors[field])) == (400, [field], 1)
    assert errors[field][0].startswith(sentence)


STALE = ("elements/3/", "configurations/1/", "links/2/", "rival-groups/1/", "demi-regularities/1/", "slots/")


@pytest.mark.parametrize("path", STALE)
def test_a_change_from_an_older_revision_is_answered_with_the_current_one(path, world):
    was = stored()
    script = client(world, "lead", "token")
    late = sent(script, "patch", path, {}, tag='"77-1"')
    assert (late.status_code, late.json()["current"], stored() == was) == (412, script.get(f"{A}/{path}").json(), True)
    assert late["ETag"] == script.get(f"{A}/{path}")["ETag"]
    for missing in ("", "*"):
        assert sent(script, "patch", path, {}, tag=missing).status_code == 428


def test_retyping_to_the_same_changes_nothing(world):
    was = stored()
    same = sent(client(world, "lead", "token"), "post", "elements/1/retype/", {"kind": "context"}, tag='"1"')
    assert (same.status_code, same.json()["revision"], stored() == was) == (200, 1, True)


def test_strange_text_comes_back_as_it_was_sent(programme, cast, api):
    script = api(cast.editor)
    for text in ("<script>alert(1)</script> & \"quotes\" 'too'", "\u202eright to left\u202c", "e\u0301lan 👩🏽‍🔬",
                 "x" * 5000):  # fmt: skip
        made = sent(script, "post", "elements/", {"kind": "unsure", "text": text})
        assert (made.status_code, made.json()["text"]) == (201, text)
    assert Element.objects.count() == 4
