"""Owns the words of the team's side: roles, verbs, what a role may do, phases, and the limits of what may be typed."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a member is in one programme; each role may do all that the one before it may."""

    VIEWER = "viewer", _("Viewer")
    CONTRIBUTOR = "contributor", _("Contributor")
    EDITOR = "editor", _("Editor")
    LEAD = "lead", _("Lead")


class Verb(StrEnum):
    """What can be asked for; every rule asks for exactly one of these."""

    READ = "read"
    COMMENT = "comment"
    PROPOSE = "propose"
    WRITE = "write"
    CLASSIFY = "classify"
    REVIEW = "review"
    MANAGE = "manage"


EVERYONE = frozenset(Role)
MAY: dict[Verb, frozenset[Role]] = {
    Verb.READ: EVERYONE,
    Verb.COMMENT: EVERYONE - {Role.VIEWER},
    Verb.PROPOSE: EVERYONE - {Role.VIEWER},
    Verb.WRITE: frozenset({Role.EDITOR, Role.LEAD}),
    Verb.CLASSIFY: frozenset({Role.EDITOR, Role.LEAD}),
    Verb.REVIEW: frozenset({Role.EDITOR, Role.LEAD}),
    Verb.MANAGE: frozenset({Role.LEAD}),
}

DOES = {
    Verb.READ: _("Read the theory, its history, the codebook and the audit log, and export them"),
    Verb.COMMENT: _("Comment"),
    Verb.PROPOSE: _("Propose changes"),
    Verb.WRITE: _("Write, tag, retire and restore statements, and arrange theory areas"),
    Verb.CLASSIFY: _("Change the codebook"),
    Verb.REVIEW: _("Review what others propose"),
    Verb.MANAGE: _("Manage members, phases and what is said about the programme"),
}
NEEDS = {
    Verb.READ: _("Only members can read this programme."),
    Verb.COMMENT: _("Viewers read the theory; to comment you need to be a contributor. Ask a lead of this programme."),
    Verb.PROPOSE: _("Viewers read the theory; to propose you need to be a contributor. Ask a lead of this programme."),
    Verb.WRITE: _("Only editors and leads write the theory. Ask a lead of this programme to change your role."),
    Verb.CLASSIFY: _("Only editors and leads change the codebook. Ask a lead of this programme to change your role."),
    Verb.REVIEW: _("Only editors and leads review proposals. Ask a lead of this programme to change your role."),
    Verb.MANAGE: _("Only leads manage members, phases and settings. Ask a lead of this programme."),
}
READ_ONLY_TOKEN = _("This token may only read. Make a token that may write on your account page.")


class Agreement(TextChoices):
    """How changes of the theory are agreed in a programme."""

    DIRECT = "direct", _("Editors change the theory directly")
    REVIEWED = "reviewed", _("Changes of agreed records go through review")


class PhaseKind(TextChoices):
    """The steps of a realist evaluation, in order (Pawson and Tilley's cycle as the RAMESES II standards name it)."""

    GLEANING = "gleaning", _("Gleaning")
    REFINING = "refining", _("Refining")
    CONSOLIDATING = "consolidating", _("Consolidating")


class PhaseState(TextChoices):
    """Where a phase stands; at most one of a programme is open."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class ThemeChange(TextChoices):
    """What one revision of a theme did."""

    NEW = "new", _("New")
    EDITED = "edited", _("Edited")
    RECODED = "recoded", _("Recoded")
    MOVED = "moved", _("Moved")
    MERGED = "merged", _("Merged")
    RETIRED = "retired", _("Retired")
    RESTORED = "restored", _("Restored")


# What the audit log says was done. Its rows keep the key; who reads them reads the words in their own language.
LOGGED = {
    "founded": _("founded"),
    "described": _("described"),
    "phase planned": _("phase planned"),
    "phase opened": _("phase opened"),
    "phase closed": _("phase closed"),
    "joined": _("joined"),
    "role changed": _("role changed"),
    "left": _("left"),
    "removed": _("removed"),
    "area added": _("area added"),
    "area renamed": _("area renamed"),
    "area moved": _("area moved"),
    "area retired": _("area retired"),
    "area restored": _("area restored"),
    "new": _("new"),
    "edited": _("edited"),
    "recoded": _("recoded"),
    "moved": _("moved"),
    "merged": _("merged"),
    "retired": _("retired"),
    "restored": _("restored"),
    "reworded": _("reworded"),
    "refined": _("refined"),
    "split": _("split"),
    "retagged": _("retagged"),
    "reviewed": _("reviewed without change"),
    "agreed": _("agreed"),
    "reopened": _("back to draft"),
    "marked": _("parts marked by hand"),
    "retyped": _("retyped"),
    "rearranged": _("elements changed"),
    "linked": _("linked"),
    "link described": _("link described"),
    "link retired": _("link retired"),
    "link restored": _("link restored"),
    "slots set": _("slots set"),
    "rivals gathered": _("rivals gathered"),
    "rivals changed": _("rivals changed"),
    "rivals retired": _("rivals retired"),
    "rivals restored": _("rivals restored"),
    "pattern noted": _("pattern noted"),
    "pattern changed": _("pattern changed"),
    "pattern retired": _("pattern retired"),
    "pattern restored": _("pattern restored"),
}
# By which way; a token's name follows it.
WAYS = {"browser": _("browser"), "command": _("command"), "mail": _("mail"), "example": _("example")}


class Limit:
    """How many characters each kind of text may have; named in the refusal."""

    TITLE = 200
    SLUG = 60
    CODE = 40
    NAME = 200
    LONG = 4000
    REASON = 2000
    WORDING = 20_000
    QUESTION = 20_000
    THEMES_PER_PROGRAMME = 5000
