"""The tables of the team's side, one file a noun."""

from programmes.models.answered import AnsweredRequest
from programmes.models.audit import AuditEvent, AuditHead
from programmes.models.codebook import Theme, ThemeRevision
from programmes.models.person import Person
from programmes.models.phase import Phase
from programmes.models.programme import Membership, Programme
from programmes.models.search import SearchDocument, SearchWord
from programmes.models.token import ApiToken
from programmes.models.tries import Tries

__all__ = [
    "AnsweredRequest",
    "ApiToken",
    "AuditEvent",
    "AuditHead",
    "Membership",
    "Person",
    "Phase",
    "Programme",
    "SearchDocument",
    "SearchWord",
    "Theme",
    "ThemeRevision",
    "Tries",
]
