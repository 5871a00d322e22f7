"""Owns how operations are described in the OpenAPI schema, so that each view says it in one line."""

from collections.abc import Sequence
from typing import Any

from django.utils.text import slugify
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from programmes.serializers import Problem, paged_of

_SAID = {
    400: "Not accepted; `errors` names the fields.",
    401: "No token, no session, or one that is no longer valid.",
    403: "A member, but the role (or a read-only token) does not allow it.",
    404: "Nothing here, or nothing that you may see.",
    410: "Carried out before under this Idempotency-Key; words of its answer were taken out, or your sight changed.",
    412: "The record moved on; `current` is what it is now.",
    413: "Larger than the server takes.",
    415: "The body is not JSON.",
    422: "The Idempotency-Key came with another request before.",
    428: "If-Match is missing.",
    429: "Too many tries; Retry-After says when to come again.",
}
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=False, description="The ETag of the record as you read it."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="An ETag; 304 when the record is still the same."
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A key of your own; the same request sent again is not done again.",
)
PAGES = [
    OpenApiParameter("page", OpenApiTypes.INT, description="From 1."),
    OpenApiParameter("page_size", OpenApiTypes.INT, description="Rows a page; at most 200."),
]


def problems(*codes: int) -> dict[Any, Any]:
    return {
        (code, "application/problem+json"): OpenApiResponse(Problem, description=_SAID[code])
        for code in (401, 404, *codes)
    }


def _described(
    summary: str,
    answers: dict[Any, Any],
    *,
    body: Any = None,
    parameters: Sequence[Any] = (),
    examples: Sequence[OpenApiExample] = (),
    about: str = "",
    **more: Any,
) -> Any:
    return extend_schema(
        operation_id=slugify(summary).replace("-", "_"),
        summary=summary,
        description=about or summary + ".",
        request=body,
        responses=answers,
        parameters=list(parameters),
        examples=list(examples),
        **more,
    )


def lists(
    summary: str, row: Any, *, query: Sequence[Any] = (), pages: bool = True, whole: bool = False, **more: Any
) -> Any:
    """A list: `count, next, previous, results`; with `whole`, `row` is the whole answer and says so itself."""
    answers = {200: row if whole else paged_of(row), **problems(400)}
    return _described(summary, answers, parameters=[*query, *(PAGES if pages else [])], **more)


def shows(summary: str, record: Any, **more: Any) -> Any:
    """One record with its ETag."""
    answers = {200: record, 304: OpenApiResponse(description="Not modified."), **problems(400)}
    return _described(summary, answers, parameters=[IF_NONE_MATCH, *more.pop("query", ())], **more)


def creates(
    summary: str, body: Any, record: Any, *, answer: int = 201, stale: bool = False, tries: bool = False, **more: Any
) -> Any:
    """A POST that makes a record; with `answer=200` one that does something without asking for a revision; with
    `stale` its body says which revisions were seen, with `tries` they are counted."""
    more_answers = [*([412] if stale else []), *([429] if tries else [])]
    answers = {answer: record, **problems(400, 403, 410, 413, 415, 422, *more_answers)}
    return _described(summary, answers, body=body, parameters=[IDEMPOTENCY_KEY, *more.pop("query", ())], **more)


def acts(summary: str, body: Any, record: Any, *, answer: int = 200, **more: Any) -> Any:
    """A POST that does something to a record whose revision was seen."""
    answers = {answer: record, **problems(400, 403, 410, 412, 413, 415, 422, 428)}
    return _described(summary, answers, body=body, parameters=[IF_MATCH, IDEMPOTENCY_KEY], **more)


def changes(summary: str, body: Any, record: Any, **more: Any) -> Any:
    """A PATCH of a record whose revision was seen."""
    answers = {200: record, **problems(400, 403, 412, 413, 415, 428)}
    return _described(summary, answers, body=body, parameters=[IF_MATCH], **more)


def retires(summary: str, record: Any, **more: Any) -> Any:
    """A DELETE: the record is retired and stays readable."""
    answers = {200: record, **problems(400, 403, 412, 428)}
    return _described(summary, answers, parameters=[IF_MATCH], **more)


def removes(summary: str, *, stale: bool = False, **more: Any) -> Any:
    """A DELETE of what keeps no history of its own; the log tells of it. `stale`: what was seen may have changed."""
    answers = {204: OpenApiResponse(description="Done."), **problems(400, 403, 415, *([412, 428] if stale else []))}
    return _described(summary, answers, parameters=[IF_MATCH] if stale else [], **more)
