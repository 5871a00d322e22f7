"""The tables of the theory's side, one file a noun."""

from cmo.models.area import TheoryArea
from cmo.models.configuration import (
    Configuration,
    ConfigurationElement,
    ConfigurationRevision,
    ConfigurationRevisionElement,
    ConfigurationRevisionStatement,
    ConfigurationStatement,
    Counter,
    SlotSetting,
)
from cmo.models.discussion import Comment, CommentRevision, Memo, MemoLink, MemoRevision, Mention
from cmo.models.draft import Draft
from cmo.models.element import Element, ElementRevision, ElementRevisionTheme, ElementTheme
from cmo.models.evidence import (
    Bearing,
    BearingRevision,
    Citation,
    EvidencePlan,
    Excerpt,
    ExcerptRevision,
    ExcerptRevisionTheme,
    ExcerptTheme,
    PlannedEvidence,
    RevisionCitation,
)
from cmo.models.lineage import Descent, DescentLine
from cmo.models.link import DemiRegularity, Link, RivalGroup
from cmo.models.map_position import MapPosition
from cmo.models.meeting import (
    Attendance,
    Meeting,
    MeetingDecision,
    MeetingRevision,
    Priority,
    PriorityAnswer,
    PriorityItem,
    PriorityRound,
)
from cmo.models.proposal import CoAuthor, Outcome, Proposal, ProposalRound, ProposalTarget, Review, RoundCites
from cmo.models.revision import RevisionTheme, StatementRevision
from cmo.models.snapshot import (
    Snapshot,
    SnapshotConfiguration,
    SnapshotElement,
    SnapshotPart,
    SnapshotStatement,
    SnapshotTheme,
    SnapshotVerdict,
)
from cmo.models.statement import Statement, StatementTheme
from cmo.models.tally import Tally, ThemeUse
from cmo.models.verdict import Verdict, VerdictBearing, VerdictRevision

__all__ = [
    "Attendance",
    "Bearing",
    "BearingRevision",
    "Citation",
    "CoAuthor",
    "Comment",
    "CommentRevision",
    "Configuration",
    "ConfigurationElement",
    "ConfigurationRevision",
    "ConfigurationRevisionElement",
    "ConfigurationRevisionStatement",
    "ConfigurationStatement",
    "Counter",
    "DemiRegularity",
    "Descent",
    "DescentLine",
    "Draft",
    "Element",
    "ElementRevision",
    "ElementRevisionTheme",
    "ElementTheme",
    "EvidencePlan",
    "Excerpt",
    "ExcerptRevision",
    "ExcerptRevisionTheme",
    "ExcerptTheme",
    "Link",
    "MapPosition",
    "Meeting",
    "MeetingDecision",
    "MeetingRevision",
    "Memo",
    "MemoLink",
    "MemoRevision",
    "Mention",
    "Outcome",
    "PlannedEvidence",
    "Priority",
    "PriorityAnswer",
    "PriorityItem",
    "PriorityRound",
    "Proposal",
    "ProposalRound",
    "ProposalTarget",
    "Review",
    "RevisionCitation",
    "RevisionTheme",
    "RivalGroup",
    "RoundCites",
    "SlotSetting",
    "Snapshot",
    "SnapshotConfiguration",
    "SnapshotElement",
    "SnapshotPart",
    "SnapshotStatement",
    "SnapshotTheme",
    "SnapshotVerdict",
    "Statement",
    "StatementRevision",
    "StatementTheme",
    "Tally",
    "ThemeUse",
    "TheoryArea",
    "Verdict",
    "VerdictBearing",
    "VerdictRevision",
]
