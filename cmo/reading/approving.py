"""Owns which answers count as approvals when they agree: those of who may review now and did not write at the proposal.

The same as rules/reviewing.approvals asks before it accepts, so that no page promises what is then refused.
"""

from django.db.models import Exists, OuterRef, QuerySet

from cmo.models import CoAuthor, Review
from programmes.models import Membership
from programmes.vocabulary import MAY, Verb


def counting(reviews: "QuerySet[Review]") -> "QuerySet[Review]":
    """These answers, each with `.counts`; in the same query."""
    may = Membership.objects.filter(
        programme=OuterRef("proposal__programme"), person=OuterRef("reviewer"), role__in=MAY[Verb.REVIEW],
        person__is_active=True,
    )  # fmt: skip
    wrote = CoAuthor.objects.agreed().filter(proposal=OuterRef("proposal"), person=OuterRef("reviewer"))
    return reviews.annotate(counts=Exists(may) & ~Exists(wrote))
