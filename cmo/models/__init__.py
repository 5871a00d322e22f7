"""The tables of the theory's side, one file a noun."""

from cmo.models.area import TheoryArea
from cmo.models.draft import Draft
from cmo.models.revision import RevisionTheme, StatementRevision
from cmo.models.statement import Statement, StatementTheme
from cmo.models.tally import Tally, ThemeUse

__all__ = [
    "Draft",
    "RevisionTheme",
    "Statement",
    "StatementRevision",
    "StatementTheme",
    "Tally",
    "ThemeUse",
    "TheoryArea",
]
