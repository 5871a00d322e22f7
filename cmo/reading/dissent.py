"""Owns which answers to a proposal stand to be read: the last of each person, and the dissent that they gave before.

Who disagreed and then answered otherwise did disagree: the record of the argument says both.
"""

from collections.abc import Iterable
from typing import Any

from cmo.models import Review
from cmo.team_words import Answer

DISSENT = (Answer.DISAGREE, Answer.AGREE_WITH_CHANGES)


def answers_told(reviews: Iterable[Review]) -> list[Any]:
    """The last answer of each person, and before it their last dissent; each with `.then`, the answer that took its
    place. In the order in which they were given.

    Changes that somebody wanted are no dissent any more once they agree: those were made.
    """
    given: dict[int, list[Any]] = {}
    for review in sorted(reviews, key=lambda one: one.number):
        given.setdefault(review.reviewer_id, []).append(review)
    told = []
    for mine in given.values():
        last = mine[-1]
        last.then = None
        told.append(last)
        kept = DISSENT if last.answer != Answer.AGREE else (Answer.DISAGREE,)
        before = [one for one in mine if one.answer in kept]
        if last.answer not in DISSENT and before:
            before[-1].then = last
            told.append(before[-1])
    return sorted(told, key=lambda one: one.number)


def dissent_told(reviews: Iterable[Review]) -> list[Any]:
    """Who did not agree, in the end or before they answered otherwise; it stays to be read after the decision."""
    return [one for one in answers_told(reviews) if one.answer in DISSENT]
