"""Owns how a refusal is answered over the API: problem details (RFC 9457), one sentence saying what to do.

One of the two files that translate refusals (the other is views/base.py); nothing else does.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from programmes.refusals import KeyReused, NotThen, Stale, is_busy, messages_of

CONTENT_TYPE = "application/problem+json"
WHOLE = "non_field_errors"  # how a serializer names what is wrong with a body as a whole
TITLES = {
    400: "Not accepted",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    406: "Not available in that form",
    410: "Not given again",
    412: "The record moved on",
    413: "Too large",
    415: "Not JSON",
    422: "The key was used before",
    428: "Say which revision you saw",
    429: "Too many requests",
    503: "Busy",
}


class PreconditionRequired(exceptions.APIException):
    status_code = 428
    default_detail = "Send If-Match with the ETag of the record as you read it."


def problem(code: int, detail: str, **more: Any) -> Response:
    """A problem-details answer: type, title, status, detail, and what else a script can use."""
    body = {"type": "about:blank", "title": TITLES.get(code, "Not done"), "status": code, "detail": detail, **more}
    return Response(_sayable(body), status=code, content_type=CONTENT_TYPE)


def _sayable(said: Any) -> Any:
    """The same with half characters written out: a refusal may quote what came in, and those cannot be sent."""
    if isinstance(said, dict):
        return {_sayable(name): _sayable(value) for name, value in said.items()}
    if isinstance(said, list):
        return [_sayable(value) for value in said]
    return said.encode("utf-8", "backslashreplace").decode() if isinstance(said, str) else said


def answer_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. An unknown error is left to Django: it is logged and answered by server_error."""
    set_rollback()
    match error:
        case ValidationError():
            errors = messages_of(error)
            return problem(400, _first(errors), errors=errors)
        case exceptions.ValidationError():
            errors = _drf_messages(error.detail)
            return problem(400, _first(errors), errors=errors)
        case PermissionDenied():
            return problem(403, str(error) or _("You may not do this."))
        case NotThen():
            said = _("%(label)s was not part of this snapshot; leave “snapshot” out to see it as it is now.")
            return problem(404, said % {"label": error.label})
        case Http404() | exceptions.NotFound():
            return problem(404, _("There is nothing here, or nothing that you may see."))
        case RequestDataTooBig():
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024)
            said = _("The request is larger than %(n)s MB; send fewer records at once.")
            return problem(413, said % {"n": limit})
        case KeyReused():
            return problem(422, _("This Idempotency-Key came with another request before; choose a new key."))
        case Stale():
            view = context["view"]
            current, tag = view.now_of(error.record)
            said = _("The record moved on since you read it; compare with “current” and send your change again.")
            answer = problem(412, error.said or said, current=current, **view.beside_now(error.record))
            answer["ETag"] = tag
            return answer
        case OperationalError() if is_busy(error):
            reads = context["request"].method in {"GET", "HEAD", "OPTIONS"}
            wrote = _("Others are writing to this programme; nothing was saved. Send it again in a moment.")
            answer = problem(503, _("The database is busy. Ask again in a moment.") if reads else wrote)
            answer["Retry-After"] = "5"
            return answer
        case exceptions.NotAuthenticated():
            said = _("Send “Authorization: Token …” with the request; tokens are made on the account page.")
            answer = problem(error.status_code, said)
            answer["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
            return answer
        case exceptions.NotAcceptable():
            return problem(406, _("Answers are JSON; ask for application/json, or leave Accept out."))
        case exceptions.APIException():
            answer = problem(error.status_code, str(error.detail))
            if getattr(error, "auth_header", None):
                answer["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
            if getattr(error, "wait", None):
                answer["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
            return answer
    return None


def _drf_messages(detail: Any) -> dict[str, list[str]]:
    if isinstance(detail, dict):
        return {("detail" if name == WHOLE else str(name)): list(_sentences(said)) for name, said in detail.items()}
    return {"detail": list(_sentences(detail))}


def _sentences(said: Any, where: str = "") -> Iterator[str]:
    """Each sentence, with the place inside of a field that it is about: "entry 2, position: Write a whole number."."""
    if isinstance(said, dict):
        for name, inner in said.items():
            yield from _sentences(inner, _place(where, name))
    elif isinstance(said, list | tuple):
        for at, inner in enumerate(said):
            yield from _sentences(inner, _place(where, at) if isinstance(inner, dict) else where)
    else:
        yield f"{where}: {said}" if where else str(said)


def _place(where: str, part: str | int) -> str:
    """`where`, and a part of that: a field by its name, an entry of a list counted from one."""
    if part in {WHOLE, "detail"}:
        return where
    named = part if isinstance(part, str) else _("entry %(n)s") % {"n": part + 1}
    return f"{where}, {named}" if where else named


def _first(errors: dict[str, list[str]]) -> str:
    name, said = next(iter(errors.items()), ("detail", [_("This was not accepted.")]))
    return said[0] if name == "detail" else f"{name}: {said[0]}"


__all__ = ["PreconditionRequired", "answer_problem", "problem", "status"]
