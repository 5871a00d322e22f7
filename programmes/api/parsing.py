"""Owns how a request's JSON is read: strictly, and within bounds."""

import json
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 12


class StrictJSONParser(JSONParser):
    """JSON in UTF-8 without duplicate keys, NaN, numbers over 64 bits or more than 12 levels; each is refused."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        raw = stream.read()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ParseError(_("The request is not UTF-8.")) from error
        try:
            found = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        except json.JSONDecodeError as error:
            said = _("This is not JSON: line %(line)s, column %(column)s.")
            raise ParseError(said % {"line": error.lineno, "column": error.colno}) from error
        if _depth(found) > DEEPEST:
            raise ParseError(_("The JSON is nested too deeply."))
        return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _value in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ParseError(_("“%(name)s” stands twice in the JSON.") % {"name": twice[:60]})
    return found


def _no_constant(name: str) -> Any:
    raise ParseError(_("%(name)s is not a JSON number.") % {"name": name})


def _integer(digits: str) -> int:
    if len(digits) > 19:
        raise ParseError(_("The number %(digits)s… is too large.") % {"digits": digits[:12]})
    return int(digits)


def _depth(value: Any) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        found, depth = waiting.pop()
        if isinstance(found, dict | list):
            deepest = max(deepest, depth)
            waiting.extend((inner, depth + 1) for inner in (found.values() if isinstance(found, dict) else found))
    return deepest
