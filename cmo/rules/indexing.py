"""Owns what a search finds of the theory: how each of its records is told to programmes.rules.indexing."""

from collections.abc import Iterator

from cmo.models import Comment, Configuration, Element, Excerpt, Memo, Statement
from cmo.vocabulary import Change, State
from programmes.models import Programme
from programmes.rules.indexing import CHUNK, Entry

STATEMENT, ELEMENT, CONFIGURATION = "statement", "element", "configuration"
COMMENT, MEMO = "comment", "memo"
EXCERPT = "excerpt"
UNSEEN = frozenset({Change.RETAGGED, Change.AGREED, Change.REOPENED, Change.MOVED, Change.MARKED})  # leave its words


def statement_entry(statement: Statement) -> Entry:
    retired = statement.state == State.RETIRED
    return Entry(STATEMENT, statement.pk, str(statement.number), statement.label, "", statement.wording, retired)


def statement_entries(programme: Programme) -> Iterator[Entry]:
    found = Statement.objects.of(programme).order_by("number").only("number", "wording", "state")
    return (statement_entry(statement) for statement in found.iterator(CHUNK))


def element_entry(element: Element) -> Entry:
    retired = element.state == State.RETIRED
    body = "\n\n".join(text for text in (element.text, element.formal_theory) if text)
    return Entry(ELEMENT, element.pk, str(element.number), element.label, "", body, retired)


def element_entries(programme: Programme) -> Iterator[Entry]:
    found = Element.objects.filter(programme=programme).order_by("number")
    return (element_entry(element) for element in found.iterator(CHUNK))


def configuration_entry(configuration: Configuration) -> Entry:
    """What is said of a configuration as a whole; its elements are found under their own labels."""
    one, retired = configuration, configuration.state == State.RETIRED
    body = "\n\n".join(text for text in (one.plain, one.narrative, one.testing) if text)
    return Entry(CONFIGURATION, one.pk, str(one.number), one.label, one.nickname, body, retired)


def configuration_entries(programme: Programme) -> Iterator[Entry]:
    found = Configuration.objects.filter(programme=programme).order_by("number")
    return (configuration_entry(configuration) for configuration in found.iterator(CHUNK))


def comment_entry(comment: Comment) -> Entry:
    """A comment stands under the label of what it is on. Those on proposals that were never sent are told to nobody."""
    on = comment.statement or comment.configuration or comment.proposal
    return Entry(COMMENT, comment.pk, str(comment.number), "", on.label if on else "", comment.text)


def comment_entries(programme: Programme) -> Iterator[Entry]:
    found = Comment.objects.filter(programme=programme).exclude(proposal__isnull=False, proposal__sent=None)
    whole = found.select_related("statement", "configuration", "proposal").order_by("number")
    return (comment_entry(comment) for comment in whole.iterator(CHUNK))


def memo_entry(memo: Memo) -> Entry:
    """A shared memo; private ones are told to nobody."""
    return Entry(MEMO, memo.pk, str(memo.number), "", memo.title, memo.text, memo.retired)


def memo_entries(programme: Programme) -> Iterator[Entry]:
    found = Memo.objects.filter(programme=programme, shared=True).order_by("number")
    return (memo_entry(memo) for memo in found.iterator(CHUNK))


def excerpt_entry(excerpt: Excerpt) -> Entry:
    """An excerpt by its words, translated and original; those who see no evidence do not find it."""
    body = "\n\n".join(text for text in (excerpt.text, excerpt.original) if text)
    retired = excerpt.retired or excerpt.source.retired
    return Entry(EXCERPT, excerpt.pk, str(excerpt.number), excerpt.label, "", body, retired)


def excerpt_entries(programme: Programme) -> Iterator[Entry]:
    found = Excerpt.objects.filter(programme=programme).select_related("source").order_by("number")
    return (excerpt_entry(excerpt) for excerpt in found.iterator(CHUNK))
