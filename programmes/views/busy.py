"""Owns the answer to a page whose database is busy: one sentence, and the form as it was sent, to be sent again.

It needs neither the database nor a session. The API says the same in problem details, see api/problems.py.
"""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.template import loader
from django.utils.translation import gettext as _

from programmes.refusals import is_busy
from programmes.views.carrying import kept_of, words_of

log = logging.getLogger(__name__)
RETRY_AFTER = "5"  # seconds


class BusyDatabase:
    """Middleware: what a view could not do because the database was busy is answered with its words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return busy(request, error) if is_busy(error) and not request.path.startswith("/api/") else None


def busy(request: HttpRequest, error: BaseException) -> HttpResponse:
    """503 with the form as it was sent. What another site sent is not offered to be sent again."""
    log.warning("The database is busy: %s", str(error).partition("\n")[0])
    said = _("The database is busy. Try again in a moment.")
    if request.method == "POST":
        said = _("The database is busy. Nothing was saved and nothing is lost: try again in a moment.")
    if request.headers.get("HX-Request"):  # the page keeps the form; app.js shows the sentence above it
        answer = HttpResponse(said, status=503, content_type="text/plain; charset=utf-8")
    else:
        ours = request.method == "POST" and getattr(request, "csrf_processing_done", False)
        secret = ours and any("password" in name for name in request.POST)  # without it the form is of no use
        kept = kept_of(request) if ours and not secret else []
        context = {
            "path": request.get_full_path(),
            "slug": request.resolver_match.kwargs.get("slug", "") if request.resolver_match else "",
            "posted": request.method == "POST",
            "kept": kept,
            "words": words_of(kept),
            "csrf_token": get_token(request),
        }
        answer = HttpResponse(loader.render_to_string("503.html", context), status=503)
    answer["Retry-After"] = RETRY_AFTER
    answer["Cache-Control"] = "no-store, private"
    return answer
