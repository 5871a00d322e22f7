"""Claims about the two doors: what a page does and what the API does leave the same behind, and refuse in one voice."""

import html
import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from cmo.models import Statement, StatementRevision, Tally, ThemeUse, TheoryArea
from cmo.ticking import mark_of
from programmes.models import AuditEvent, Phase, Programme, SearchDocument, Theme, ThemeRevision
from programmes.vocabulary import NEEDS, Verb
from tests.worlds import client

UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WORDS = ("code", "name", "definition", "use_when", "not_when", "example", "colour", "retired")
TEXT = "If a rota is kept, then nobody waits, because roles are clear."
SHOWN = f"1.{mark_of('If one, then one.', [], None)} 2.{mark_of('If two, then two.', ['O4'], None)}"  # by a preview


@dataclass(frozen=True, slots=True)
class Act:
    """One act by both doors: routes with what goes into them. `form` may hold callables of the world."""

    page: str
    api: str
    form: dict[str, Any]
    body: dict[str, Any] = field(default_factory=dict)
    at: Any = None  # what the address names beside the programme: for the page, and for the API
    label: Any = None
    base: int | None = None
    method: str = "POST"
    verb: Verb = Verb.WRITE


def by_page(w: Any, act: Act, who: str = "lead") -> Any:
    at = [getattr(w, act.at) if isinstance(act.at, str) and hasattr(w, act.at) else act.at] if act.at else []
    form = {key: value(w) if callable(value) else value for key, value in act.form.items()}
    if act.base:
        form["about-base" if act.page == "programme-about" else "base"] = act.base
    return client(w, who, "session", api=False).post(reverse(act.page, args=[w.own.slug, *at]), form)


def by_api(w: Any, act: Act, who: str = "lead") -> Any:
    label = act.label if act.label is not None else act.at
    at = [getattr(w, label) if isinstance(label, str) and hasattr(w, label) else label] if label else []
    url = reverse(f"api:{act.api}", args=[w.own.slug, *at])
    headers = {"HTTP_IF_MATCH": f'"{act.base}"'} if act.base else {}
    knocks = client(w, who, "token")
    return knocks.generic(act.method, url, json.dumps(act.body), content_type="application/json", **headers)


def left_behind(w: Any) -> dict[str, Any]:
    """Everything the programme holds, by names, without ids and times."""
    mine = {"programme": w.own.pk}
    themes = {theme.pk: theme.label for theme in Theme.objects.all()}
    areas = {area.pk: area.slug for area in TheoryArea.objects.all()} | {0: "", None: ""}
    found = {
        "programme": Programme.objects.filter(pk=w.own.pk).values_list(
            "title", "summary", "intervention", "revision_number", "last_statement"
        ),
        "statements": [
            (s.number, s.wording, s.parts, s.parts_by_hand, areas[s.area_id], s.area_position, s.state, s.lacks,
                s.folded,
             s.sameness, s.cites, s.origin_id, s.revision_number, s.updated_by_id,
             sorted(themes[pk] for pk in s.taggings.values_list("theme", flat=True)))
            for s in Statement.objects.filter(**mine).order_by("number")
        ],
        "revisions": [
            (r.statement.number, r.number, r.wording, r.parts, r.parts_by_hand, areas[r.area_id], r.state, r.change,
             r.restores, r.reason, r.author_id, r.phase_id,
             sorted(themes[pk] for pk in r.taggings.values_list("theme", flat=True)))
            for r in StatementRevision.objects.filter(statement__programme=w.own).order_by("statement__number",
                "number")
        ],
        "themes": [
            (*(getattr(t, name) for name in WORDS), t.position, t.path.count("/"), t.revision_number,
             themes.get(t.parent_id), themes.get(t.merged_into_id))
            for t in Theme.objects.filter(**mine).order_by("pk")
        ],
        "theme revisions": [
            (r.number, *(getattr(r, name) for name in WORDS), themes.get(r.parent_id), themes.get(r.merged_into_id),
             r.change, r.reason, r.author_id, r.phase_id)
            for r in ThemeRevision.objects.filter(theme__programme=w.own).order_by("theme", "number")
        ],
        "areas": TheoryArea.objects.filter(**mine).values_list(
            "slug", "title", "description", "position", "retired", "revision_number"
        ),
        "phases": Phase.objects.filter(**mine).values_list(
            "slug", "kind", "title", "about", "position", "state", "opened", "closed", "revision_number"
        ),
        "tally": sorted(
            (areas[t.area_key], t.state, t.origin_key, t.lacks, t.n) for t in Tally.objects.filter(**mine, n__gt=0)
        ),
        "uses": sorted(
            (themes[u.theme_id], areas[u.area_key], u.n)
            for u in ThemeUse.objects.filter(theme__programme=w.own, n__gt=0)
        ),
        "found by search": SearchDocument.objects.filter(**mine).order_by("kind", "key").values_list(
            "kind", "label", "title", "body", "retired"
        ),
        "log": AuditEvent.objects.filter(**mine).order_by("number").values_list(
            "number", "verb", "record", "detail", "reason", "actor"
        ),
    }  # fmt: skip
    known = {theme.label for theme in w.known}
    return {
        name: [UID.sub(lambda hit: hit.group() if hit.group() in known else "A NEW ID", repr(row)) for row in rows]
        for name, rows in found.items()
    }


ACTS = {
    "state a sentence": Act(
        "statement-new", "statements",
        {"mode": "sentence", "wording": TEXT, "theme": ["O4", "C2"], "area": "trust", "state": "agreed",
         "cites": "Figure 2, 4", "reason": "A meeting."},
        {"wording": TEXT, "themes": ["O4", "C2"], "area": "trust", "state": "agreed", "cites": "Figure 2, 4",
         "reason": "A meeting."},
    ),
    "state three parts": Act(
        "statement-new", "statements",
        {"mode": "parts", "if": "a rota is kept", "then": "nobody waits", "because": "roles are clear",
            "state": "draft"},
        {"if": "a rota is kept", "then": "nobody waits", "because": "roles are clear"},
    ),
    "state without a because": Act(
        "statement-new", "statements", {"mode": "sentence", "wording": "If so, then so.\r\nSecond line"},
        {"wording": "If so, then so.\r\nSecond line"},
    ),
    "revise the words": Act(
        "statement-edit", "statement",
        {"mode": "sentence", "wording": TEXT, "theme": "O4", "reason": "Shorter.", "change": "refined"},
        {"wording": TEXT, "themes": ["O4"], "reason": "Shorter.", "change": "refined"}, at=1, base=2, method="PATCH",
    ),
    "revise one part": Act(
        "statement-edit", "statement",
        {"mode": "parts", "if": "met often", "then": "trusted by all", "because": "seen", "theme": "O4"},
        {"if": "met often", "then": "trusted by all", "because": "seen", "themes": ["O4"]}, at=1, base=2,
            method="PATCH",
    ),
    "mark the parts by hand": Act(
        "statement-parts", "statement",
        {"then": "they are trusted", "if": "a worker stays", "because": "", "reason": "Read so."},
        {"wording": "If a worker stays, then they are trusted.", "then": "they are trusted", "if": "a worker stays",
         "because": "", "reason": "Read so."}, at=2, base=1, method="PATCH",
    ),
    "change the themes": Act(
        "statement-edit", "statement",
        {"mode": "sentence", "wording": "If met often, then trusted, because seen.", "theme": ["C2", "{loose}"]},
        {"themes": ["C2", "{loose}"]}, at=1, base=2, method="PATCH",
    ),
    "move to another area": Act(
        "statement-edit", "statement",
        {"mode": "sentence", "wording": "If met often, then trusted, because seen.", "theme": "O4", "area": "empty"},
        {"area": "empty"}, at=1, base=2, method="PATCH",
    ),
    "agree": Act(
        "statement-edit", "statement",
        {"mode": "sentence", "wording": "If met often, then trusted, because seen.", "theme": "O4", "state": "agreed"},
        {"state": "agreed"}, at=1, base=2, method="PATCH",
    ),
    "save without a change": Act(
        "statement-edit", "statement",
        {"mode": "sentence", "wording": "If met often, then trusted, because seen.", "theme": "O4", "area": "trust",
         "state": "draft", "reason": "None."},
        {"wording": "If met often, then trusted, because seen.", "themes": ["O4"], "area": "trust", "state": "draft",
         "reason": "None."}, at=1, base=2, method="PATCH",
    ),
    "retire": Act("statement-retire", "statement", {"reason": "Doubled."}, {"reason": "Doubled."}, at=1, base=2,
                  method="DELETE"),
    "restore a retired one": Act("statement-restore", "restore", {"reason": "Needed."}, {"reason": "Needed."}, at=3,
        base=2),
    "restore an old wording": Act(
        "statement-restore", "restore", {"revision": 1, "reason": "Better."}, {"revision": 1, "reason": "Better."},
            at=1, base=2
    ),
    "paste a table": Act(
        "paste", "paste",
        {"do": "add", "text": f"Codes\tStatement\nO4, C2\t{TEXT}\n\tWhen so, then so.", "reason": "Workshop.",
            "area": "trust"},
        {"text": f"Codes\tStatement\nO4, C2\t{TEXT}\n\tWhen so, then so.", "reason": "Workshop.", "area": "trust"},
    ),
    "paste some lines": Act(
        "paste", "paste",
        {"do": "add", "shown": SHOWN, "take": ["2"], "text": "If one, then one.\nIf two, then two. (O4)"},
        {"text": "If one, then one.\nIf two, then two. (O4)", "lines": [2]},
    ),
    "tag many": Act(
        "tag-many", "tag", {"pick": ["1:2", "2:1"], "theme": ["C2", "O1"], "reason": "Round two."},
        {"statements": [{"number": 1, "revision": 2}, {"number": 2, "revision": 1}], "add": ["C2", "O1"],
         "reason": "Round two."},
    ),
    "take themes off many": Act(
        "tag-many", "tag", {"pick": ["1:2", "2:1"], "theme": "O4", "do": "remove"},
        {"statements": [{"number": 1, "revision": 2}, {"number": 2, "revision": 1}], "remove": ["O4"]},
    ),
    "add a theme": Act(
        "theme-add", "themes",
        {"code": "O9", "name": "Rotas", "definition": "Who is on.", "use_when": "a", "not_when": "b", "example": "c",
         "parent": lambda w: w.uid, "reason": "Missed."},
        {"code": "O9", "name": "Rotas", "definition": "Who is on.", "use_when": "a", "not_when": "b", "example": "c",
         "parent": "O4", "reason": "Missed."}, verb=Verb.CLASSIFY,
    ),
    "add a theme without a code": Act(
        "theme-add", "themes", {"name": "Rain"}, {"name": "Rain"}, verb=Verb.CLASSIFY
    ),
    "edit and recode a theme": Act(
        "theme-save", "theme", {"code": "O4b", "name": "Training", "definition": "New.", "reason": "Clearer."},
        {"code": "O4b", "definition": "New.", "reason": "Clearer."}, at="uid", label="label", base=1, method="PATCH",
        verb=Verb.CLASSIFY,
    ),
    "move a theme": Act(
        "theme-move", "theme", {"parent": lambda w: w.uid_other, "reason": "Belongs there."},
        {"parent": "O1", "reason": "Belongs there."}, at="uid", label="label", base=1, method="PATCH",
            verb=Verb.CLASSIFY,
    ),
    "make a theme a category": Act(
        "theme-move", "theme", {"parent": ""}, {"parent": None}, at="uid", label="label", base=1, method="PATCH",
        verb=Verb.CLASSIFY,
    ),
    "merge themes": Act(
        "theme-merge", "theme-merge",
        {"into": lambda w: w.uid_other, "seen": lambda w: w.uid_other, "reason": "The same."},
        {"into": "O1", "reason": "The same."}, at="uid", label="label", base=1, verb=Verb.CLASSIFY,
    ),
    "retire a theme": Act("theme-retire", "theme", {"reason": "Unused."}, {"reason": "Unused."}, at="uid",
        label="label",
                          base=1, method="DELETE", verb=Verb.CLASSIFY),
    "restore a theme": Act("theme-restore", "theme-restore", {"reason": "Used."}, {"reason": "Used."}, at="uid_old",
                           label="label_old", base=2, verb=Verb.CLASSIFY),
    "add an area": Act("area-add", "areas", {"title": "Rotas", "description": "Who."}, {"title": "Rotas",
        "description": "Who."}),
    "rename an area": Act("area-save", "area", {"title": "Faith", "description": ""}, {"title": "Faith",
        "description": ""},
                          at="area", base=1, method="PATCH"),
    "retire an area": Act("area-retire", "area", {}, {}, at="area_empty", base=1, method="DELETE"),
    "restore an area": Act("area-restore", "area-restore", {}, {}, at="area_old", base=2),
    "describe": Act("programme-about", "programme", {"about-title": "T", "about-summary": "S",
        "about-intervention": "I"},
                    {"title": "T", "summary": "S", "intervention": "I"}, base=1, method="PATCH", verb=Verb.MANAGE),
    "plan a phase": Act("phase-plan", "phases", {"phase-title": "More", "phase-kind": "refining", "phase-about": "A."},
                        {"title": "More", "kind": "refining", "about": "A."}, verb=Verb.MANAGE),
    "close a phase": Act("phase-close", "phase-close", {"reason": "Done."}, {"reason": "Done."}, at="phase", base=2,
                         verb=Verb.MANAGE),
}  # fmt: skip


def spelt(w: Any, act: Act) -> Act:
    """The act with the id of the loose theme put where it is asked for."""
    def put(value: Any) -> Any:
        if isinstance(value, list):
            return [put(inner) for inner in value]
        return value.replace("{loose}", str(w.loose)) if isinstance(value, str) else value

    return Act(act.page, act.api, {k: put(v) for k, v in act.form.items()}, {k: put(v) for k, v in act.body.items()},
               act.at, act.label, act.base, act.method, act.verb)  # fmt: skip


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_both_doors_leave_the_same_behind(act, world):
    world.known, world.loose = list(Theme.objects.all()), world.themes["Covid-19"].uid
    act, was, left = spelt(world, act), left_behind(world), []
    for door, ok in ((by_page, {302}), (by_api, {200, 201})):
        with transaction.atomic():
            answer = door(world, act)
            assert answer.status_code in ok, answer.content.decode()[:3000]
            left.append(left_behind(world))
            transaction.set_rollback(True)
        assert left_behind(world) == was
    assert left[0] == left[1]
    assert (left[0] == was) == (act is ACTS.get("save without a change") or "None." in str(act.form))


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("who", ["viewer", "contributor"])
def test_both_doors_refuse_a_role_in_the_same_words(act, who, world):
    world.known, world.loose = list(Theme.objects.all()), world.themes["Covid-19"].uid
    act, was = spelt(world, act), left_behind(world)
    page, api = by_page(world, act, who), by_api(world, act, who)
    sentence = str(NEEDS[act.verb])
    assert (page.status_code, api.status_code) == (403, 403)
    assert api.json()["detail"] == sentence
    assert sentence in html.unescape(page.content.decode())
    assert left_behind(world) == was


LONG = "x" * 20_001
SENTENCE = {"mode": "sentence", "theme": "O4"}
REFUSED = {
    "an empty wording": ("state a sentence", {"wording": " "}, {"wording": " "}, "Write something here; it is empty."),
    "three empty parts": ("state three parts", {"if": "", "then": "", "because": ""}, {"if": "", "then": "",
        "because": ""},
                          "Write something here; it is empty."),
    "a wording too long": ("state a sentence", {"wording": LONG}, {"wording": LONG},
                           "This is 20001 characters long; at most 20000 fit here."),
    "a control character": ("state a sentence", {"wording": "If\x07so"}, {"wording": "If\x07so"},
                            "Take out the character at position 3 (U+0007); it cannot be stored."),
    "an unknown code": ("state a sentence", {"theme": "04"}, {"themes": ["04"]},
                        "There is no code “04” in the codebook. Did you mean O4?"),
    "a retired theme": ("state a sentence", {"theme": "P6"}, {"themes": ["P6"]},
        "P6 Relationships is retired; choose another."),
    "an empty wording in an edit": ("revise the words", {"wording": ""}, {"wording": ""},
        "Write something here; it is empty."),
    "a part that is not there": ("mark the parts by hand", {"then": "something else"}, {"then": "something else"},
                                 "These words do not stand in the wording; copy them from it exactly."),
    "a reason too long": ("retire", {"reason": "x" * 2001}, {"reason": "x" * 2001},
                          "This is 2001 characters long; at most 2000 fit here."),
    "no such revision": ("restore an old wording", {"revision": 77}, {"revision": 77},
                         "Say which revision to restore, between 1 and 2."),
    "nothing to paste": ("paste a table", {"text": " "}, {"text": " "}, "Write something here; it is empty."),
    "a code that is taken": ("add a theme", {"code": "o1"}, {"code": "o1"},
        "O1 is the code of “Leadership”; choose another."),
    "neither code nor name": ("add a theme", {"code": "", "name": ""}, {"code": "", "name": ""},
                              "Give a code or a name; a theme needs one of them."),
    "a code with a space": ("add a theme", {"code": "O 9"}, {"code": "O 9"},
                            "A code has no comma, no space and no slash, so that it can stand in a line and in an "
                            "address."),
    "a recoding to a taken code": ("edit and recode a theme", {"code": "C2"}, {"code": "C2"},
                                   "C2 is the code of “Local demand”; choose another."),
    "a theme under itself": ("move a theme", {"parent": lambda w: w.uid}, {"parent": "O4"},
                             "O4 Training cannot stand under itself or its own sub-theme."),
    "a merge into itself": ("merge themes", {"into": lambda w: w.uid, "seen": lambda w: w.uid}, {"into": "O4"},
                            "A theme cannot be merged into itself."),
    "an area without a title": ("add an area", {"title": " "}, {"title": " "}, "Write something here; it is empty."),
    "a programme without a title": ("describe", {"about-title": " "}, {"title": " "},
        "Write something here; it is empty."),
}  # fmt: skip


@pytest.mark.parametrize(("of", "form", "body", "sentence"), REFUSED.values(), ids=REFUSED)
def test_both_doors_refuse_bad_input_in_the_same_words(of, form, body, sentence, world):
    world.known, world.loose = list(Theme.objects.all()), world.themes["Covid-19"].uid
    act, was = ACTS[of], left_behind(world)
    bad = Act(act.page, act.api, act.form | form, act.body | body, act.at, act.label, act.base, act.method, act.verb)
    page, api = by_page(world, bad), by_api(world, bad)
    assert (page.status_code, api.status_code) == (422, 400)
    assert [sentence] in api.json()["errors"].values()
    assert sentence in html.unescape(page.content.decode())
    assert left_behind(world) == was


STALE = [name for name, act in ACTS.items() if act.base]


@pytest.mark.parametrize("name", STALE)
def test_both_doors_refuse_what_started_from_an_older_revision(name, world):
    world.known, world.loose = list(Theme.objects.all()), world.themes["Covid-19"].uid
    act, was = spelt(world, ACTS[name]), left_behind(world)
    late = Act(act.page, act.api, act.form, act.body, act.at, act.label, act.base + 7, act.method, act.verb)
    page, api = by_page(world, late), by_api(world, late)
    assert (page.status_code, api.status_code) == (409, 412)
    current = api.json()["current"]
    assert current["revision"] == act.base
    assert api["ETag"].startswith(f'"{act.base}')
    assert left_behind(world) == was
