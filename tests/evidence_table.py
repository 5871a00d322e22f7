"""Owns the rows of evidence in the table of access: sites, sources, excerpts, bearings, plans and citations."""

from programmes.vocabulary import Verb
from tests.rows import READ, base, form, get, just, of, page, send

EVIDENCE, PROPOSE, MANAGE = Verb.EVIDENCE, Verb.PROPOSE, Verb.MANAGE


def at(name: str) -> tuple[tuple[str, str], ...]:
    """The part of an address that is the slug of a site."""
    return (("site", name),)


Q, Q_GONE, X, X_GONE, B, B_GONE = (
    of(name) for name in ("source", "source_gone", "excerpt", "excerpt_gone", "bearing", "bearing_gone")
)
CMO = of("cmo")
SAID = {"source": "Q1", "text": "It came by mail.", "locator": "p. 5", "themes": ["O4"]}
JUDGED = {"excerpt": "X1", "on": "S2", "stance": "challenges", "note": "Rather not"}

EVIDENCE_PAGES = [
    page("evidence", READ),
    page("sample-file", READ),
    page("claim-words", READ, 302),
    page("sites", READ),
    form("sites", EVIDENCE, just(**{"new-name": "LA3"})),
    page("site-edit", EVIDENCE, at=at("site")),
    form("site-edit", EVIDENCE, base(1, name="LA1", note="In the north."), at=at("site")),
    page("site-turn", READ, 302, at=at("site_free")),
    form("site-turn", EVIDENCE, base(1, to="retired"), at=at("site_free")),
    page("source-new", EVIDENCE),
    form("source-new", EVIDENCE, just(kind="interview", pseudonym="LA2-SW1")),
    page("source", READ, at=Q),
    page("source-edit", EVIDENCE, at=Q),
    form("source-edit", EVIDENCE, base(1, kind="interview", pseudonym="LA1-SW1", dated="2021"), at=Q),
    page("source-turn", READ, 302, at=Q),
    form("source-turn", EVIDENCE, base(1, to="retired"), at=Q),
    page("source-withdraw", READ, 302, at=Q),
    form("source-withdraw", MANAGE, just(why="They asked us to."), at=Q),
    page("source-transcript", EVIDENCE, at=Q),
    form("source-transcript", EVIDENCE, base(1, text=""), at=Q, writes=False),
    page("excerpt-new", READ, 302, at=Q),
    form("excerpt-new", EVIDENCE, just(**{"x-text": "It came by mail.", "x-status": "observed"}), at=Q),
    page("excerpts-paste", EVIDENCE, at=Q),
    form("excerpts-paste", EVIDENCE, just(text="One.\n\nTwo. (p. 6, O4)", do="add"), at=Q),
    page("excerpt", READ, at=X),
    page("excerpt-edit", EVIDENCE, at=X),
    form("excerpt-edit", EVIDENCE, base(1, text="They hear of it late.", status="observed"), at=X),
    page("excerpt-turn", READ, 302, at=X),
    form("excerpt-turn", EVIDENCE, base(1, to="retired"), at=X),
    page("excerpt-withdraw", READ, 302, at=X),
    form("excerpt-withdraw", MANAGE, just(why="They asked us to."), at=X),
    page("excerpt-link", READ, 302, at=X),
    form("excerpt-link", EVIDENCE, just(**{"b-on": "S2", "b-stance": "challenges"}), at=X),
    page("bearing", READ, at=B),
    page("bearing-edit", EVIDENCE, at=B),
    form("bearing-edit", EVIDENCE, base(1, stance="nuances"), at=B),
    page("bearing-confirm", READ, 302, at=B),
    form("bearing-confirm", EVIDENCE, base(1, seen=2), at=B),
    page("bearing-turn", READ, 302, at=B),
    form("bearing-turn", EVIDENCE, base(1, to="retired"), at=B),
    page("evidence-plan", READ, at=CMO),
    form("evidence-plan", EVIDENCE, base(1, **{"0-sources": "2", "0-kind": "interview"}), at=CMO),
]
EVIDENCE_API = [
    get("sites"),
    send("POST", "sites", EVIDENCE, just(name="LA3"), 201),
    get("site", at=at("site")),
    send("PATCH", "site", EVIDENCE, just(note="In the north."), at=at("site"), base=1),
    send("DELETE", "site", EVIDENCE, just(), at=at("site_free"), base=1),
    send("POST", "site-restore", EVIDENCE, just(), at=at("site_old"), base=2),
    get("sources"),
    send("POST", "sources", EVIDENCE, just(kind="document", citation="Guidance, 2021", site="la1"), 201),
    get("sample"),
    get("source", at=Q),
    send("PATCH", "source", EVIDENCE, just(relevance="high", relevance_reason="She led the work."), at=Q, base=1),
    send("DELETE", "source", EVIDENCE, just(), at=Q, base=1),
    send("POST", "source-restore", EVIDENCE, just(), at=Q_GONE, base=2),
    send("POST", "source-withdraw", MANAGE, just(why="They asked us to."), at=Q),
    get("source-revisions", at=Q),
    get("source-transcript", at=Q),
    send("PATCH", "source-transcript", EVIDENCE, just(text=""), at=Q, base=1, writes=False),
    get("excerpts"),
    send("POST", "excerpts", EVIDENCE, just(**SAID), 201),
    send("POST", "excerpts-paste", EVIDENCE, just(source="Q1", text="One.\n\nTwo. (p. 6, O4)"), 201),
    get("excerpt", at=X),
    send("PATCH", "excerpt", EVIDENCE, just(locator="p. 5"), at=X, base=1),
    send("DELETE", "excerpt", EVIDENCE, just(), at=X, base=1),
    send("POST", "excerpt-restore", EVIDENCE, just(), at=X_GONE, base=2),
    send("POST", "excerpt-withdraw", MANAGE, just(why="They asked us to."), at=X),
    get("excerpt-revisions", at=X),
    get("bearings"),
    send("POST", "bearings", EVIDENCE, just(**JUDGED), 201),
    get("bearing", at=B),
    send("PATCH", "bearing", EVIDENCE, just(stance="nuances"), at=B, base=1),
    send("DELETE", "bearing", EVIDENCE, just(), at=B, base=1),
    send("POST", "bearing-confirm", EVIDENCE, just(seen=2), at=B, base=1),
    send("POST", "bearing-restore", EVIDENCE, just(), at=B_GONE, base=2),
    get("bearing-revisions", at=B),
    get("evidence-planned", at=CMO),
    page("proposal-cite", READ, 302, at=of("proposal")),
    form("proposal-cite", PROPOSE, base(2, cites="X1, B1"), at=of("proposals")),
    get("proposal-cites", at=of("proposal")),
    send("POST", "proposal-cites", PROPOSE, just(cites=["X1", "B1"]), at=of("proposals")),
    send("PATCH", "evidence-planned", EVIDENCE, just(lines=[{"sources": 2, "kind": "interview"}]), at=CMO, base=1),
]
