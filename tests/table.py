"""Owns the table of access: for each route and method who may, and a request that does it in `world`.

`manage.py routes` says which rows there must be; tests/test_access.py and tests/test_pages.py walk them.
"""

import json
from io import StringIO
from typing import Any

from django.core.management import call_command

from cmo.rules.linking import turn_link
from programmes.models import Membership
from programmes.rules.phasing import close_phase
from programmes.vocabulary import Verb
from tests.discussion_table import DISCUSSION
from tests.evidence_table import EVIDENCE_API, EVIDENCE_PAGES
from tests.lineage_table import LINEAGE
from tests.meeting_table import MEETINGS
from tests.phase_table import PHASES
from tests.review_api_table import REVIEW_API
from tests.review_table import REVIEWS
from tests.rows import (
    ANYONE,
    CLASSIFY,
    MANAGE,
    NEW,
    PERSON,
    READ,
    WORLD,
    WRITE,
    Row,
)
from tests.rows import base as _base
from tests.rows import form as _form
from tests.rows import get as _get
from tests.rows import just as _just
from tests.rows import page as _page
from tests.rows import send as _send
from tests.weighed_table import WEIGHED


def routes() -> list[dict[str, Any]]:
    """What `manage.py routes --json` says."""
    said = StringIO()
    call_command("routes", "--json", stdout=said)
    return list(json.loads(said.getvalue()))


def _roles(w: WORLD) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for member in Membership.objects.filter(programme=w.own).select_related("person"):
        role = "contributor" if member.person.username == "spare" else member.role
        found |= {f"r-role-{member.pk}": role, f"r-was-{member.pk}": member.role}
    return found


def _close(w: WORLD) -> None:
    phase = w.own.phases.get(slug="gleaning")
    close_phase(phase, by=w.by_lead, base=phase.revision_number, reason="It is done.")


S, S2, GONE = (("number", "number"),), (("number", "plain"),), (("number", "gone"),)
UID, UID_OLD = (("uid", "uid"),), (("uid", "uid_old"),)
LABEL, LABEL_OLD = (("label", "label"),), (("label", "label_old"),)
AREA, AREA_EMPTY, AREA_OLD = (("area", "area"),), (("area", "area_empty"),), (("area", "area_old"),)
PHASE, PK = (("phase", "phase"),), (("pk", "pk"),)


PUBLIC = [
    _page("/healthz", ANYONE),  # these two have no name
    _page("/readyz", ANYONE),
    _page("help", ANYONE),
    _page("accessibility", ANYONE),
    _page("api-docs", ANYONE),
    _get("schema", ANYONE),
    _page("sign-in", ANYONE, signed_in=302),
    _form("sign-in", ANYONE, _just(username="spare", password="pass-for-tests-1")),
    Row("sign-in", "PUT", ANYONE, signed_in=302),
    _page("password-forgotten", ANYONE),
    _form("password-forgotten", ANYONE, _just(email="nobody@example.org")),
    Row("password-forgotten", "PUT", ANYONE),
    _page("password-asked", ANYONE),
    _page("password-new", ANYONE, at=(("uidb64", "nobody"), ("token", "nobody"))),
    _form("password-new", ANYONE, _just(new_password1="x"), 200, at=(("uidb64", "nobody"), ("token", "nobody"))),
    Row("password-new", "PUT", ANYONE, at=(("uidb64", "nobody"), ("token", "nobody"))),
    _page("appearance", ANYONE, 302),
    _form("appearance", ANYONE, _just(scheme="dark")),
]
INVITED = {"username": "guest", "password": "quite-another-1", "password_again": "quite-another-1"}
PUBLIC += [
    _page("invitation", ANYONE, at=(("secret", "secret"),)),
    _form("invitation", ANYONE, _just(**INVITED), signed_in=422, at=(("secret", "secret"),)),
]
OWN = [
    _form("account-mails", PERSON, _just(mails="daily")),
    _form("notices-read", PERSON),
    _get("notices", PERSON),
    _send("POST", "notices-read", PERSON, _just()),
    _send("POST", "invitation-accept", PERSON, _just(secret="no such"), 400, writes=False),
    _form("sign-out", PERSON, writes=False),
    _page("home", PERSON),
    _page("account", PERSON),
    _form("account", PERSON, lambda w: {"first_name": "New", "last_name": "Name", "email": w.email, "keys": "alt"}),
    _page("account-password", PERSON, 302),
    _form("account-password", PERSON, _just(
        old_password="pass-for-tests-1", new_password1="quite-another-1", new_password2="quite-another-1")),
    _page("account-tokens", PERSON),
    _form("account-tokens", PERSON, _just(name="a script", days="30", may="read"), 200),
    _page("token-revoke", PERSON, 302, at=PK),
    _form("token-revoke", PERSON, at=PK),
    _page("search-all", PERSON, query="q=trust"),
    _page("programme-new", PERSON),
    _form("programme-new", PERSON, _just(title="A new one", codebook="categories")),
    _get("index", PERSON),
    _get("programmes", PERSON),
    _get("search-all", PERSON, query="q=trust"),
    _send("POST", "programmes", PERSON, _just(title="A new one"), 201),
]  # fmt: skip
INVITATION, MEMBER = (("invitation", "invitation"),), (("username", "spare"),)
NOTICE, ROW = (("notice", "notice"),), (("row", "log_row"),)
TEAM = [
    _page("invitations", READ, 302),
    _form("invitations", MANAGE, _just(**{"i-email": "one@example.net, two@example.net", "i-role": "viewer"})),
    _page("invitation-again", READ, 302, at=INVITATION),
    _form("invitation-again", MANAGE, at=INVITATION),
    _page("invitation-withdraw", READ, 302, at=INVITATION),
    _form("invitation-withdraw", MANAGE, at=INVITATION),
    _form("notice-open", READ, at=NOTICE),
    _page("log-take-out", MANAGE, at=ROW),
    _form("log-take-out", MANAGE, _just(why="A name."), at=ROW),
    _send("POST", "change-redact", MANAGE, _just(why="A name."), at=ROW),
    _send("POST", "members", MANAGE, _just(username="outsider", role="viewer"), 201),
    _get("member", at=MEMBER),
    _send("PATCH", "member", MANAGE, _just(role="contributor"), at=MEMBER, base="viewer"),
    _send("DELETE", "member", MANAGE, None, 204, at=MEMBER, base="viewer"),
    _get("invitations"),
    _send("POST", "invitations", MANAGE, _just(email="one@example.net", role="viewer"), 201),
    _send("DELETE", "invitation", MANAGE, None, 204, at=INVITATION),
    _send("POST", "invitation-send", MANAGE, _just(), at=INVITATION),
    _page("settings", READ),
    _page("log-csv", READ),
    _page("log-json", READ),
    _page("members", READ, 302),
    _form("members", MANAGE, _just(**{"m-who": "outsider", "m-role": "viewer"})),
    _page("roles", READ, 302),
    _form("roles", MANAGE, _roles),
    _page("member-remove", READ, 302),
    _form("member-remove", MANAGE, _just(username="spare")),
    _page("programme-about", READ, 302),
    _form("programme-about", MANAGE, _just(**{"about-title": "Renamed", "about-base": 1})),
    _page("phase-plan", READ, 302),
    _form("phase-plan", MANAGE, _just(**{"phase-title": "Another", "phase-kind": "refining"})),
    _page("phase-open", READ, 302, at=PHASE),
    _form("phase-open", MANAGE, _base(3, reason="More to glean."), at=PHASE, before=_close),
    _page("phase-close", READ, 302, at=PHASE),
    _form("phase-close", MANAGE, _base(2, reason="It is done."), at=PHASE),
    _get("programme"),
    _send("PATCH", "programme", MANAGE, _just(title="Renamed"), base=1),
    _get("phases"),
    _send("POST", "phases", MANAGE, _just(title="Another", kind="refining"), 201),
    _get("phase", at=PHASE),
    _send("POST", "phase-open", MANAGE, _just(reason="More to glean."), at=PHASE, base=3, before=_close),
    _send("POST", "phase-close", MANAGE, _just(reason="It is done."), at=PHASE, base=2),
    _get("members"),
    _get("changes"),
]
THEORY = [
    _page("overview", READ),
    _page("workbench", READ),
    _page("search", READ, query="q=trust"),
    _page("paste", WRITE),
    _form("paste", WRITE, _just(text=NEW, do="add")),
    _page("tag-many", READ, 302),
    _form("tag-many", WRITE, _just(pick="2:1", theme="O4")),
    _page("statement-new", WRITE),
    _form("statement-new", WRITE, _just(wording=NEW, mode="sentence", theme="O4", area="trust", state="draft")),
    _form("statement-new-draft", Verb.PROPOSE, _just(wording=NEW), 204),
    _form("statement-new-preview", READ, _just(wording=NEW), 200, writes=False),
    _page("statement", READ, at=S),
    _page("statement-edit", WRITE, at=S),
    _form("statement-edit", WRITE, _base(2, wording=NEW, mode="sentence", theme="O4", area="trust"), at=S),
    _page("statement-row", READ, 302, at=S),
    _form("statement-draft", Verb.PROPOSE, _base(2, wording=NEW), 204, at=S),
    _form("statement-preview", READ, _just(wording=NEW), 200, at=S, writes=False),
    _page("statement-merge", READ, 302, at=S),
    _form("statement-merge", WRITE, _base(2, started=1, mine=NEW, **{"pick-if": "mine"}), at=S),
    _form("statement-merge-draft", WRITE, _base(2, started=1, mine=NEW), 204, at=S),
    _page("statement-retire", READ, 302, at=S),
    _page("statement-restore", READ, 302, at=S),
    _page("statement-parts", READ, 302, at=S),
    _form("statement-retire", WRITE, _base(2, reason="Doubled."), at=S),
    _form("statement-restore", WRITE, _base(2, revision=1), at=S),
    _form("statement-parts", WRITE, _base(1, then="they are trusted"), at=S2),
    _get("search", query="q=trust"),
    _get("statements"),
    _send("POST", "statements", WRITE, _just(wording=NEW, themes=["O4"], area="trust"), 201),
    _send("POST", "paste", WRITE, _just(text=NEW), 201),
    _send("POST", "tag", WRITE, _just(statements=[{"number": 2, "revision": 1}], add=["O4"])),
    _get("statement", at=S),
    _send("PATCH", "statement", WRITE, _just(wording=NEW), at=S, base=2),
    _send("DELETE", "statement", WRITE, _just(reason="Doubled."), at=S, base=2),
    _get("revisions", at=S),
    _get("history", at=S),
    _get("revision", at=(*S, ("revision", "revision"))),
    _get("diff", at=S),
    _send("POST", "restore", WRITE, _just(), at=GONE, base=2),
    _get("export", query="as=csv"),
]
CODEBOOK = [
    _page("codebook", READ),
    _form("theme-add", CLASSIFY, lambda w: {"code": "O9", "name": "New", "parent": w.uid}),
    _form("theme-add-here", CLASSIFY, _just(**{"new-code": "O9", "new-name": "New"}), 200),
    _form("theme-save", CLASSIFY, _base(1, code="O4", name="Better name"), at=UID),
    _form("theme-move", CLASSIFY, _base(1, parent=""), at=UID),
    _form("theme-shift", CLASSIFY, _base(1, step="-1"), at=UID),
    _form("theme-merge", CLASSIFY, lambda w: {"base": 1, "into": w.uid_other, "seen": w.uid_other}, at=UID),
    _form("theme-retire", CLASSIFY, _base(1), at=UID),
    _form("theme-restore", CLASSIFY, _base(2), at=UID_OLD),
    _get("themes"),
    _send("POST", "themes", CLASSIFY, _just(code="O9", name="New", parent="O4"), 201),
    _get("theme", at=LABEL),
    _send("PATCH", "theme", CLASSIFY, _just(name="Better name", parent="C"), at=LABEL, base=1),
    _send("DELETE", "theme", CLASSIFY, _just(), at=LABEL, base=1),
    _send("POST", "theme-restore", CLASSIFY, _just(), at=LABEL_OLD, base=2),
    _send("POST", "theme-merge", CLASSIFY, _just(into="O1"), at=LABEL, base=1),
    _get("theme-revisions", at=LABEL),
]
AREAS = [
    _page("areas", READ),
    _form("area-add", WRITE, _just(title="Another area")),
    _form("area-save", WRITE, _base(1, title="Better title"), at=AREA),
    _form("area-shift", WRITE, _base(1, step="1"), at=AREA),
    _form("area-retire", WRITE, _base(1), at=AREA_EMPTY),
    _form("area-restore", WRITE, _base(2), at=AREA_OLD),
    _get("areas"),
    _send("POST", "areas", WRITE, _just(title="Another area"), 201),
    _get("area", at=AREA),
    _send("PATCH", "area", WRITE, _just(title="Better title"), at=AREA, base=1),
    _send("DELETE", "area", WRITE, _just(), at=AREA_EMPTY, base=1),
    _send("POST", "area-restore", WRITE, _just(), at=AREA_OLD, base=2),
]


def _of(name: str) -> tuple[tuple[str, str], ...]:
    return (("number", name),)


E1, LONE, E_GONE = _of("element"), _of("lone"), _of("element_gone")
CMO, CMO_GONE, LINK, LINK_GONE = _of("cmo"), _of("cmo_gone"), _of("link"), _of("link_gone")
RIVALS, RIVALS_GONE, PATTERN, PATTERN_GONE = _of("rivals"), _of("rivals_gone"), _of("pattern"), _of("pattern_gone")
REVISION = (("revision", "revision"),)
STRUCTURE_API = [
    _get("elements"),
    _send("POST", "elements", WRITE, _just(kind="context", text="a door is open", themes=["O4"]), 201),
    _get("element-suggest", query="q=time"),
    _get("element", at=E1),
    _send("PATCH", "element", WRITE, _just(text="said otherwise"), at=LONE, base=2),
    _send("DELETE", "element", WRITE, _just(reason="Doubled."), at=LONE, base=2),
    _get("element-near", at=E1),
    _get("element-revisions", at=LONE),
    _get("element-revision", at=(*LONE, *REVISION)),
    _get("element-diff", at=LONE),
    _send("POST", "element-restore", WRITE, _just(), at=E_GONE, base=2),
    _send("POST", "element-retype", WRITE, _just(kind="actor"), at=E1, base=1),
    _get("configurations"),
    _send("POST", "configurations", WRITE, _just(elements=[{"element": "E1", "role": "context"}]), 201),
    _send("POST", "spell-out", WRITE, _just(), 201, at=S2),
    _get("configuration", at=CMO),
    _send("PATCH", "configuration", WRITE, _just(plain="In one sentence."), at=CMO, base=2),
    _send("DELETE", "configuration", WRITE, _just(reason="Doubled."), at=CMO, base=2),
    _get("configuration-revisions", at=CMO),
    _get("configuration-revision", at=(*CMO, *REVISION)),
    _get("configuration-diff", at=CMO),
    _send("POST", "configuration-restore", WRITE, _just(), at=CMO_GONE, base=2),
    _get("matrices"),
    _get("links"),
    _send("POST", "links", WRITE, lambda w: {"kind": "nested", "from": "CMO1", "to": "CMO2"}, 201),
    _get("link", at=LINK),
    _send("PATCH", "link", WRITE, _just(label="otherwise"), at=LINK, base=1),
    _send("DELETE", "link", WRITE, _just(), at=LINK, base=1),
    _send("POST", "link-restore", WRITE, _just(), at=LINK_GONE, base=2),
    _get("rival-groups"),
    _send("POST", "rival-groups", WRITE, _just(title="Rivals", configurations=["CMO1"]), 201),
    _get("rival-group", at=RIVALS),
    _send("PATCH", "rival-group", WRITE, _just(title="Better title"), at=RIVALS, base=1),
    _send("DELETE", "rival-group", WRITE, _just(), at=RIVALS, base=1),
    _send("POST", "rival-group-restore", WRITE, _just(), at=RIVALS_GONE, base=2),
    _get("demi-regularities"),
    _send("POST", "demi-regularities", WRITE, _just(text="A pattern", configurations=["CMO1"]), 201),
    _get("demi-regularity", at=PATTERN),
    _send("PATCH", "demi-regularity", WRITE, _just(text="Better said"), at=PATTERN, base=1),
    _send("DELETE", "demi-regularity", WRITE, _just(), at=PATTERN, base=1),
    _send("POST", "demi-regularity-restore", WRITE, _just(), at=PATTERN_GONE, base=2),
    _get("map", query="as=svg"),
    _get("slots"),
    _send("PATCH", "slots", MANAGE, _just(preset="icmo"), base=1),
]


def _silence(w: WORLD) -> None:
    """Nobody says anything about the ripple any more; it goes on."""
    said = w.own.links.get(number=w.link_ripple)
    turn_link(said, by=w.by_lead, base=1, retired=True)


LINK_AT, TWO = (*CMO, ("link", "link")), "CMO1, CMO2"
_SLOTS = {"slot-context": "E1", "slot-mechanism": "Trust grows", "slot-outcome": ""}
STRUCTURE_PAGES = [
    _page("configurations", READ),
    _page("configuration-new", WRITE, query="from=S1"),
    _form("configuration-new", WRITE, _just(nickname="Another", **_SLOTS)),
    _page("configuration", READ, at=CMO),
    _page("configuration-edit", WRITE, at=CMO),
    _form("configuration-edit", WRITE, _base(2, nickname="Another", **_SLOTS), at=CMO),
    _form("configuration-new-draft", Verb.PROPOSE, _just(nickname="Half a", **_SLOTS), 204),
    _form("configuration-draft", Verb.PROPOSE, _base(2, nickname="Half a", **_SLOTS), 204, at=CMO),
    _page("configuration-retire", READ, 302, at=CMO),
    _form("configuration-retire", WRITE, _base(2, reason="Doubled."), at=CMO),
    _page("configuration-restore", READ, 302, at=CMO),
    _form("configuration-restore", WRITE, _base(2), at=CMO_GONE),
    _page("link-state", READ, 302, at=CMO),
    _form("link-state", WRITE, _just(kind="nested", to="CMO2"), at=CMO),
    _page("ripple-describe", READ, 302, at=CMO),
    _form("ripple-describe", WRITE, _just(source="CMO1", to="CMO2", element="E2", label="so"), at=CMO, before=_silence),
    _page("link-describe", READ, 302, at=LINK_AT),
    _form("link-describe", WRITE, _base(1, label="as"), at=LINK_AT),
    _page("link-retire", READ, 302, at=LINK_AT),
    _form("link-retire", WRITE, _base(1), at=LINK_AT),
    _page("map", READ, query="at=CMO1"),
    _form("map-place", READ, _just(layout="ripple", node="CMO1", x="20", y="30")),
    _page("elements", READ),
    _page("element-suggest", READ, query="text=time"),
    _page("element-new", WRITE),
    _form("element-new", WRITE, _just(kind="outcome", text="Another", sign="positive")),
    _page("element", READ, at=E1),
    _page("element-edit", WRITE, at=E1),
    _form("element-edit", WRITE, _base(1, text="Another", theme="O4"), at=E1),
    _form("element-new-draft", Verb.PROPOSE, _just(kind="outcome", text="Half a"), 204),
    _form("element-draft", Verb.PROPOSE, _base(1, text="Half a", theme="O4"), 204, at=E1),
    _page("element-retype", READ, 302, at=E1),
    _form("element-retype", WRITE, _base(1, kind="setting"), at=E1),
    _page("element-retire", READ, 302, at=E1),
    _form("element-retire", WRITE, _base(2), at=LONE),
    _page("element-restore", READ, 302, at=E1),
    _form("element-restore", WRITE, _base(2, revision=1), at=LONE),
    _page("rival-new", WRITE, query="with=CMO1,CMO2"),
    _form("rival-new", WRITE, _just(title="Another", configurations=TWO)),
    _page("rival", READ, at=RIVALS),
    _page("rival-edit", WRITE, at=RIVALS),
    _form("rival-edit", WRITE, _base(1, title="Another", configurations=TWO), at=RIVALS),
    _page("rival-turn", READ, 302, at=RIVALS),
    _form("rival-turn", WRITE, _base(1, to="retired"), at=RIVALS),
    _page("pattern-new", WRITE),
    _form("pattern-new", WRITE, _just(text="Another", configurations=TWO)),
    _page("pattern", READ, at=PATTERN),
    _page("pattern-edit", WRITE, at=PATTERN),
    _form("pattern-edit", WRITE, _base(1, text="Another", configurations=TWO), at=PATTERN),
    _page("pattern-turn", READ, 302, at=PATTERN),
    _form("pattern-turn", WRITE, _base(1, to="retired"), at=PATTERN),
    _page("matrices", READ),
    _page("slots", READ),
    _form("slots", MANAGE, _base(1, preset="icmo")),
]
ROWS = [*PUBLIC, *OWN, *TEAM, *THEORY, *CODEBOOK, *AREAS, *STRUCTURE_PAGES, *STRUCTURE_API, *LINEAGE,
    *REVIEWS, *REVIEW_API, *DISCUSSION, *MEETINGS, *EVIDENCE_API, *EVIDENCE_PAGES, *WEIGHED, *PHASES]
BY_KEY = {row.key: row for row in ROWS}
