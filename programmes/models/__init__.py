"""The tables of the team's side, one file a noun."""

from programmes.models.answered import AnsweredRequest
from programmes.models.audit import AuditEvent, AuditHead
from programmes.models.codebook import Theme, ThemeRevision
from programmes.models.fieldwork import Site, Source, SourceRevision, Transcript
from programmes.models.invitation import Invitation
from programmes.models.notice import Notice, OutgoingMail
from programmes.models.person import Person
from programmes.models.phase import Phase
from programmes.models.programme import Membership, Programme
from programmes.models.redaction import Redaction
from programmes.models.search import SearchDocument, SearchWord
from programmes.models.token import ApiToken
from programmes.models.tries import Tries

__all__ = [
    "AnsweredRequest",
    "ApiToken",
    "AuditEvent",
    "AuditHead",
    "Invitation",
    "Membership",
    "Notice",
    "OutgoingMail",
    "Person",
    "Phase",
    "Programme",
    "Redaction",
    "SearchDocument",
    "SearchWord",
    "Site",
    "Source",
    "SourceRevision",
    "Theme",
    "ThemeRevision",
    "Transcript",
    "Tries",
]
