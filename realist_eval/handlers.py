"""Owns what is answered where no view fits or one broke: a page to people, problem details to scripts."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from programmes.api.problems import CONTENT_TYPE, TITLES
from programmes.refusals import is_busy
from programmes.views import errors
from programmes.views.busy import RETRY_AFTER, busy

API = "/api/v1/"


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return _problem(404, TITLES[404], _("There is nothing here, or nothing that you may see."))
    return errors.missing(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database was busy before a view had begun, or after it had ended."""
    error = sys.exception()
    if error is not None and is_busy(error):
        if not request.path.startswith(API):
            return busy(request, error)
        answer = _problem(503, TITLES[503], _("The database is busy; nothing was saved. Send it again in a moment."))
        answer["Retry-After"] = RETRY_AFTER
        return answer
    if request.path.startswith(API):
        said = _("Something went wrong on the server. It has been logged as %(id)s.")
        return _problem(500, _("Not done"), said % {"id": getattr(request, "id", "")})
    return errors.broken(request)


def _problem(code: int, title: str, detail: str) -> HttpResponse:
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": code, "detail": detail}
    return JsonResponse(body, status=code, content_type=CONTENT_TYPE)
