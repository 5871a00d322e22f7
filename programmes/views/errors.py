"""Owns what is shown when a page cannot be: the sentence that says why, and who can help.

Addresses of the API that lead nowhere are answered here too, in the API's own form.
"""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from programmes.reading.team import leads_of
from programmes.refusals import NotThen
from programmes.views.carrying import Kept, kept_of, words_of

ANONYMOUS = AnonymousUser()


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: a member, but not in that role; the leads of the programme are named."""
    programme = getattr(request, "programme", None)  # set only once it is known to be visible
    context = {
        "said": str(exception),
        "programme": programme,
        "leads": leads_of(programme) if programme is not None else [],
        "frame": "base.html" if programme is None else "programme.html",
        "words": _typed(request),
    }
    return render(request, "403.html", context, status=403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: what is missing and what belongs to others look the same. What is in the programme, but was not in a
    snapshot of it, is named: the address was read by somebody who sees it."""
    if _for_scripts(request):
        return _problem(404, _("Not found"), _("There is nothing here, or nothing that you may see."))
    programme = getattr(request, "programme", None)
    context = {
        "programme": programme,
        "frame": "base.html" if programme is None else "programme.html",
        "not_then": exception if isinstance(exception, NotThen) and programme is not None else None,
    }
    return render(request, "404.html", context, status=404)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: too large, or nothing that a browser sends; the request itself is not to be trusted further."""
    if _for_scripts(request):
        return _problem(400, _("Not accepted"), _("This request could not be read."))
    return HttpResponse(loader.render_to_string("400.html"), status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """500: needs neither the database nor a session, and holds even when the templates do not."""
    number = getattr(request, "id", "")
    said = _("Something went wrong on the server. It has been logged as %(id)s.") % {"id": number}
    if _for_scripts(request):
        return _problem(500, _("Something went wrong"), said)
    try:
        return HttpResponse(loader.render_to_string("500.html", {"id": number}), status=500)
    except Exception:
        return HttpResponse(said, status=500, content_type="text/plain; charset=utf-8")


def _typed(request: HttpRequest) -> Kept:
    """What a member wrote in a form that may not be taken from them (any more), to be copied; it is not lost."""
    if request.method != "POST" or not getattr(request, "user", ANONYMOUS).is_authenticated:
        return []
    try:
        return words_of(kept_of(request))
    except (SuspiciousOperation, UnreadablePostError):  # too large, or cut off: nothing of it can be read
        return []


def _for_scripts(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") and not request.path.startswith("/api/v1/docs")


def _problem(code: int, title: str, detail: str) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": code, "detail": detail}
    return JsonResponse(body, status=code, content_type="application/problem+json")
