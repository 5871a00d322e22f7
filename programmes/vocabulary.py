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
    EVIDENCE = "evidence"
    REVIEW = "review"
    MANAGE = "manage"


EVERYONE = frozenset(Role)
MAY: dict[Verb, frozenset[Role]] = {
    Verb.READ: EVERYONE,
    Verb.COMMENT: EVERYONE - {Role.VIEWER},
    Verb.PROPOSE: EVERYONE - {Role.VIEWER},
    Verb.WRITE: frozenset({Role.EDITOR, Role.LEAD}),
    Verb.CLASSIFY: frozenset({Role.EDITOR, Role.LEAD}),
    Verb.EVIDENCE: frozenset({Role.EDITOR, Role.LEAD}),
    Verb.REVIEW: frozenset({Role.EDITOR, Role.LEAD}),
    Verb.MANAGE: frozenset({Role.LEAD}),
}

DOES = {
    Verb.READ: _("Read the theory, its history, the codebook and the audit log, and export them"),
    Verb.COMMENT: _("Comment"),
    Verb.PROPOSE: _("Propose changes"),
    Verb.WRITE: _("Write, tag, retire and restore statements, and arrange theory areas"),
    Verb.CLASSIFY: _("Change the codebook"),
    Verb.EVIDENCE: _("Add sites, sources and excerpts, and link them to the theory"),
    Verb.REVIEW: _("Review what others propose"),
    Verb.MANAGE: _("Manage members, phases and what is said about the programme"),
}
NEEDS = {
    Verb.READ: _("Only members can read this programme."),
    Verb.COMMENT: _("Viewers read the theory; to comment you need to be a contributor. Ask a lead of this programme."),
    Verb.PROPOSE: _("Viewers read the theory; to propose you need to be a contributor. Ask a lead of this programme."),
    Verb.WRITE: _("Only editors and leads write the theory. Ask a lead of this programme to change your role."),
    Verb.CLASSIFY: _("Only editors and leads change the codebook. Ask a lead of this programme to change your role."),
    Verb.EVIDENCE: _("Only editors and leads add and link evidence. Ask a lead of this programme to change your role."),
    Verb.REVIEW: _("Only editors and leads review proposals. Ask a lead of this programme to change your role."),
    Verb.MANAGE: _(
        "Only leads manage members, phases and settings, and take words out for good. Ask a lead of this programme."
    ),
}
NO_EVIDENCE = _("You read this programme without its evidence. Ask a lead of this programme to change that.")
NOT_YOURS_TO_SHOW = _(
    "You read this programme without its evidence, so you cannot show it to anybody. Ask a lead who sees it."
)
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


class SourceKind(TextChoices):
    """What evidence comes from."""

    INTERVIEW = "interview", _("Interview")
    FOCUS_GROUP = "focus_group", _("Focus group")
    OBSERVATION = "observation", _("Observation")
    DOCUMENT = "document", _("Document")
    SURVEY = "survey", _("Survey or routine data")
    LITERATURE = "literature", _("Literature")
    EVENT = "event", _("Stakeholder event")


class Grade(TextChoices):
    """How far something goes, in words: an appraisal of a source, the confidence in a bearing. Empty: not said."""

    LOW = "low", _("Low")
    MODERATE = "moderate", _("Moderate")
    HIGH = "high", _("High")


# What a source is appraised for (Pawson 2006 and the RAMESES standards: relevance and rigour; richness after Booth et
# al. 2013, doi 10.1186/1471-2288-13-118).
APPRAISED = ("relevance", "richness", "rigour")


class EvidenceChange(TextChoices):
    """What one revision of a source, an excerpt or a bearing did."""

    NEW = "new", _("New")
    EDITED = "edited", _("Edited")
    CONFIRMED = "confirmed", _("Confirmed again")
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
    "invited": _("invited"),
    "invited again": _("invited again"),
    "invitation withdrawn": _("invitation withdrawn"),
    "redacted": _("words taken out"),
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
    "merged into one": _("merged into one"),
    "split into several": _("split into several"),
    "replaced": _("replaced"),
    "refined into another": _("refined into another"),
    "lineage undone": _("lineage undone"),
    "commented": _("commented"),
    "comment edited": _("comment edited"),
    "thread resolved": _("thread resolved"),
    "thread reopened": _("thread reopened"),
    "memo written": _("memo written"),
    "memo changed": _("memo changed"),
    "memo shared": _("memo shared"),
    "memo made private": _("memo made private"),
    "memo retired": _("memo retired"),
    "memo restored": _("memo restored"),
    "meeting recorded": _("meeting recorded"),
    "meeting planned": _("meeting planned"),
    "meeting changed": _("meeting changed"),
    "meeting concluded": _("meeting concluded"),
    "meeting retired": _("meeting retired"),
    "meeting restored": _("meeting restored"),
    "digest mailed": _("digest mailed"),
    "round opened": _("round opened"),
    "round answered": _("round answered"),
    "proposal drafted": _("proposal drafted"),
    "proposal rewritten": _("draft of a proposal rewritten"),
    "proposal sent": _("proposal laid before the team"),
    "proposal revised": _("proposal revised"),
    "coauthors named": _("co-authors of a proposal named"),
    "coauthor agreed": _("said to have written the proposal too"),
    "coauthor declined": _("said not to have written the proposal"),
    "proposal rebased": _("proposal brought onto a new version"),
    "proposal withdrawn": _("proposal withdrawn"),
    "answered": _("proposal answered"),
    "proposal accepted": _("proposal accepted"),
    "proposal refused": _("proposal refused"),
    "round closed": _("round closed"),
    "confirmed": _("confirmed again"),
    "site added": _("site added"),
    "site changed": _("site changed"),
    "site retired": _("site retired"),
    "site restored": _("site restored"),
    "transcript kept": _("transcript kept"),
    "transcript taken out": _("transcript taken out"),
    "evidence planned": _("evidence planned"),
    "evidence cited": _("evidence cited"),
    "evidence withheld": _("evidence withheld"),
    "evidence shown": _("evidence shown"),
    "priorities marked": _("priorities marked"),
    "snapshot taken": _("snapshot taken"),
    "verdict recorded": _("verdict recorded"),
    "verdict stated": _("verdict stated for the team"),
    "verdict changed": _("verdict changed"),
}
# What a notice says, by its kind; mails say the same, so that no text of anybody leaves with them.
NOTICED = {
    "proposal": _("%(on)s waits for your answer"),
    "answer": _("%(on)s was answered"),
    "decision": _("%(on)s was decided"),
    "coauthor": _("You are named as a co-author of %(on)s; say whether you are"),
    "coauthor answered": _("Whom you named as a co-author of %(on)s has answered"),
    "mention": _("You are mentioned on %(on)s"),
    "reply": _("A reply on %(on)s"),
    "comment": _("A comment on %(on)s"),
    "meeting": _("The record of a meeting: %(on)s"),
    "round": _("%(on)s asks what you think"),
    "round closed": _("The answers of %(on)s can be read"),
    "joined": _("Your invitation was accepted"),
}
TOLD_OTHERWISE = _("News of %(on)s")
ASKED = "proposal"  # the kind of notice that asks for what the queue of reviews holds as well
# By which way; a token's name follows it.
WAYS = {"browser": _("browser"), "command": _("command"), "mail": _("mail"), "example": _("example")}


# Why a page or a route does not answer `?snapshot=`, and what to ask instead; the same words at both doors.
NOT_THEN = _(
    "A snapshot does not keep this; ask for its statements, configurations, elements, map, matrices, codebook,"
    " verdicts or lineage, or leave “snapshot” out for what stands now."
)
NO_EVIDENCE_THEN = _(
    "A snapshot keeps how much evidence there was, not the sources, excerpts and links themselves; ask for its"
    " statements or configurations, which say how much, or leave “snapshot” out for the evidence as it stands now."
)
NO_HISTORY_THEN = _(
    "Revisions never change, so they are the same whichever snapshot is asked for; leave “snapshot” out to read them,"
    " or ask for the record itself as it then was."
)
NO_WRITING_THEN = _(
    "A snapshot keeps the theory to be read, never to be changed or discussed; leave “snapshot” out to work on what"
    " stands now."
)


class Limit:
    """How many characters each kind of text may have; named in the refusal."""

    TITLE = 200
    SLUG = 60
    CODE = 40
    NAME = 200
    LONG = 4000
    ELEMENT = 5000
    REASON = 2000
    WORDING = 20_000
    QUESTION = 20_000
    THEMES_PER_PROGRAMME = 5000
    EXCERPT = 20_000
    TRANSCRIPT = 1_000_000
