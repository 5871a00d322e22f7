"""Owns what every page's frame needs beside its own content: how the pages look to this person."""

from typing import Any

from django.http import HttpRequest

SCHEME_COOKIE = "scheme"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `scheme` and `keys`. Strangers keep their scheme in a cookie, as they have no account."""
    person = getattr(request, "user", None)
    if person is not None and person.is_authenticated:
        return {"scheme": person.scheme, "keys": person.keys}
    scheme = request.COOKIES.get(SCHEME_COOKIE, "")
    return {"scheme": scheme if scheme in {"light", "dark"} else "", "keys": "off"}
