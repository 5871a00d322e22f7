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
from cmo.models.draft import Draft
from cmo.models.element import Element, ElementRevision, ElementRevisionTheme, ElementTheme
from cmo.models.link import DemiRegularity, Link, RivalGroup
from cmo.models.map_position import MapPosition
from cmo.models.revision import RevisionTheme, StatementRevision
from cmo.models.statement import Statement, StatementTheme
from cmo.models.tally import Tally, ThemeUse

__all__ = [
    "Configuration",
    "ConfigurationElement",
    "ConfigurationRevision",
    "ConfigurationRevisionElement",
    "ConfigurationRevisionStatement",
    "ConfigurationStatement",
    "Counter",
    "DemiRegularity",
    "Draft",
    "Element",
    "ElementRevision",
    "ElementRevisionTheme",
    "ElementTheme",
    "Link",
    "MapPosition",
    "RevisionTheme",
    "RivalGroup",
    "SlotSetting",
    "Statement",
    "StatementRevision",
    "StatementTheme",
    "Tally",
    "ThemeUse",
    "TheoryArea",
]
