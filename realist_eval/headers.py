"""Owns what every answer and every log line carries: the request's id and the headers that Django leaves out."""

import logging
import secrets
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestId:
    """Gives each request a short id; it stands in the answer, in the logs and on the error page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        made = secrets.token_hex(4)
        request.id = f"{made[:4]}-{made[4:]}"  # type: ignore[attr-defined]
        request_id.set(request.id)  # type: ignore[attr-defined]
        answer = self._refused(request) or self.get_response(request)
        answer["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return answer

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        """What no browser sends and what breaks further in: another charset than UTF-8, a session key that is none."""
        charset = (request.content_params or {}).get("charset", "utf-8").strip("\"'").lower()
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if key and not (key.isascii() and key.isalnum()):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        if charset in {"utf-8", "utf8", "us-ascii"}:
            return None
        return HttpResponse("Send text as UTF-8.\n", status=400, content_type="text/plain; charset=utf-8")


class AnswerHeaders:
    """Keeps answers out of caches and other sites' pages; static files never come this far."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        answer.headers.setdefault("Cache-Control", "no-store, private")
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        answer.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        return answer


class LineFormatter(logging.Formatter):
    """One line a record: time in UTC, level, request id, logger, message. Arguments of requests are not logged."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(request_id)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        """The traceback; of a database's error its first line alone, as the others quote rows: what people wrote."""
        told: list[str] = []
        known: set[int] = set()
        error = ei[1]
        while error is not None and id(error) not in known:
            known.add(id(error))
            said = str(error).partition("\n")[0] if _of_a_database(error) else str(error)
            lines = "".join(traceback.format_tb(error.__traceback__))
            told.append(f"{lines}{type(error).__module__}.{type(error).__qualname__}: {said}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n\n".join(reversed(told))


def _of_a_database(error: BaseException) -> bool:
    return any(kind.__name__ == "Error" for kind in type(error).__mro__)  # as PEP 249 calls it, for Django and drivers


def static_headers(headers: Any, path: str, url: str) -> None:
    """What WhiteNoise sends with a static file, which no other middleware sees."""
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
