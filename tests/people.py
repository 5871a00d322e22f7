"""Owns the cast, the small programme with its codebook, and the programme of strangers that tests stand on, and how
statements and areas come into it.

All of it is made by the same rules that pages and API call.
"""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from rest_framework.test import APIClient

from cmo.models import Statement, TheoryArea
from cmo.rules.arranging import add_area
from cmo.rules.composing import Words
from cmo.rules.stating import state
from programmes.access import Actor
from programmes.models import Person, Programme, Theme
from programmes.rules.classifying import add_theme
from programmes.rules.founding import found
from programmes.rules.issuing_tokens import issue_token
from programmes.rules.membering import add_member
from programmes.rules.phasing import open_phase

PASSWORD = "pass-for-tests-1"
NAMES = {
    "lead": "Lena Lead",
    "editor": "Edda Editor",
    "contributor": "Conor Contributor",
    "viewer": "Vera Viewer",
    "outsider": "Otto Outsider",
}
# (code, name, code of the theme above); the last has no code.
CODEBOOK = (
    ("C", "Contexts", ""),
    ("C2", "Local demand", "C"),
    ("O", "Organisation", ""),
    ("O1", "Leadership", "O"),
    ("O1.1", "Visible leaders", "O1"),
    ("O4", "Training", "O"),
    ("P", "Practice", ""),
    ("P6", "Relationships", "P"),
    ("", "Covid-19", ""),
)


def actor(person: Person, **more: Any) -> Actor:
    """Who acts in a call of a rule."""
    return Actor(person=person, **more)


def enlist(username: str, name: str = "", email: str = "") -> Person:
    """An account with the password of the tests."""
    first, _space, last = (name or username.title()).partition(" ")
    return Person.objects.create_user(
        username=username, email=email or f"{username}@example.org", password=PASSWORD, first_name=first, last_name=last
    )


def enlist_cast() -> SimpleNamespace:
    return SimpleNamespace(**{username: enlist(username, name) for username, name in NAMES.items()})


def found_programme(cast: SimpleNamespace) -> Programme:
    """cse-test with the cast as members; its gleaning phase is open."""
    lead = actor(cast.lead)
    made = found(by=lead, title="Exploitation services", slug="cse-test", summary="What works for whom.")
    for role in ("editor", "contributor", "viewer"):
        add_member(made, by=lead, who=role, role=role)
    open_phase(made.phases.select_related("programme").get(slug="gleaning"), by=lead, base=1)
    return made


def add_codebook(programme: Programme, cast: SimpleNamespace) -> dict[str, Theme]:
    """{code: theme}; the loose theme stands under its name."""
    made: dict[str, Theme] = {}
    for code, name, above in CODEBOOK:
        made[code or name] = add_theme(programme, by=actor(cast.lead), parent=made.get(above), code=code, name=name)
    return made


def found_elsewhere() -> Programme:
    """A programme that nobody of the cast belongs to; it has its own `.lead`, `.area`, `.theme` and `.statement`."""
    lead = enlist("stranger", "Sten Stranger")
    made: Any = found(by=actor(lead), title="Somebody else's", slug="other-test")
    made.lead = lead
    made.area = add_area(made, by=actor(lead), title="Secret area")
    made.theme = add_theme(made, by=actor(lead), code="X1", name="Secret theme")
    made.statement = state(
        made, by=actor(lead), words=Words(wording="If secret, then hidden, because foreign."), themes=[made.theme]
    )
    return made


WORDING = "If a worker stays with the family, then they are trusted, because trust grows with time."


def stating(made: Any) -> Callable[..., Statement]:
    """`add("If …", themes=["O4"])` states it in `made.programme`, by the editor unless `by` says who."""

    def add(wording: str = WORDING, *, themes: Sequence[str] = (), by: Person | None = None, **more: Any) -> Statement:
        carried = [made.themes[code] for code in themes]
        by_whom = actor(by or made.cast.editor)
        return state(made.programme, by=by_whom, words=Words(wording=wording), themes=carried, **more)

    return add


def adding_areas(made: Any) -> Callable[..., TheoryArea]:
    """`add("Trust")` adds a theory area to `made.programme`."""

    def add(title: str = "Trusted relationships", **more: Any) -> TheoryArea:
        return add_area(made.programme, by=actor(made.cast.editor), title=title, **more)

    return add


def script_of(person: Person | None = None, token: str | None = None, *, read_only: bool = False) -> APIClient:
    """A script with a token of theirs, with this one, or with none."""
    client = APIClient()
    if person is not None and token is None:
        _made, token = issue_token(by=actor(person, via="tests"), name="tests", read_only=read_only)
    if token is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client
