"""Owns the examples of the API page: bodies, answers and calls, made from the schema where none is written there."""

import json
from typing import Any

# What a field of this name holds, so that examples read like the thing itself.
_NAMED: dict[str, Any] = {
    "slug": "cse-wales", "title": "CSE guidance in Wales", "label": "S2", "number": 2, "area": "implementation",
    "wording": "If managers talk the guidance through, then practitioners use it, because they see what it changes.",
    "if": "managers talk the guidance through", "then": "practitioners use it", "because": "they see what it changes",
    "reason": "Sharper after the team meeting", "themes": ["O1", "G4"], "theme": "O1", "code": "O1", "parent": "O",
    "name": "Communication", "username": "editor", "by": "editor", "role": "editor",
    "revision": 3, "count": 1, "next": None, "previous": None, "summary": "What helps the guidance into practice?",
    "phase": "refining", "kind": "refining", "state": "open", "from": 1, "to": 3, "via": "browser",
    "configurations": ["CMO3"], "statements": ["S7"], "element": "E12", "outcome": "E12", "favoured": "CMO3",
    "configuration": "CMO3", "nickname": "Time to explain", "text": "managers have time to explain it",
    "record": "S2", "change": "reworded", "errors": {"wording": ["Write something here; it is empty."]},
}  # fmt: skip
_BY_FORMAT = {
    "date-time": "2026-11-23T09:00:00Z", "date": "2026-11-23", "uuid": "0b8e3c1e-7a54-4c0e-9d0e-0f6f3a1c2d4e",
    "uri": "https://tybed.example.org/api/v1/",
}  # fmt: skip
_BY_TYPE = {"integer": 1, "number": 1.5, "boolean": True, "string": "…", "null": None}
_IN_ADDRESS = {
    "slug": "cse-wales", "number": "2", "phase": "refining", "area": "implementation", "label": "O1", "revision": "2",
}  # fmt: skip
_WORTH_SENDING = {"wording", "themes", "reason", "title", "name", "code", "summary"}
DEEPEST = 4


def resolved(part: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """A piece of schema with its reference followed."""
    reference = part.get("$ref") or next((inner.get("$ref") for inner in part.get("allOf", [])), None)
    if reference:
        found: dict[str, Any] = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
        return found
    return part


def sample(part: dict[str, Any], document: dict[str, Any], *, name: str = "", depth: int = 0) -> Any:
    """A value that fits a piece of schema; lists hold one row."""
    found = resolved(part, document)
    for key in ("example", "default"):
        if key in found:
            return found[key]
    if "enum" in found:
        return _NAMED[name] if _NAMED.get(name) in found["enum"] else found["enum"][0]
    kind = found.get("type", "object" if "properties" in found else "string")
    if isinstance(kind, list):
        kind = kind[0]
    if depth > DEEPEST:
        return {} if kind == "object" else [] if kind == "array" else "…"
    if kind == "object":
        fields = found.get("properties", {})
        inner = {field: sample(value, document, name=field, depth=depth + 1) for field, value in fields.items()}
        return inner or _fitting(name, dict) or {}
    if kind == "array":
        known = _fitting(name, list)
        return known if known is not None else [sample(found.get("items", {}), document, depth=depth + 1)]
    known = _fitting(name, {"integer": int, "string": str, "number": (int, float)}.get(kind, bool))
    if known is not None or name in {"next", "previous"}:
        return known
    return _BY_FORMAT.get(found.get("format", ""), _BY_TYPE.get(kind))


def body_sample(part: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """What one would send: the fields that are needed, and those that are sent most."""
    found = resolved(part, document)
    wanted = _WORTH_SENDING | set(found.get("required", []))
    fields = {name: value for name, value in found.get("properties", {}).items() if name in wanted}
    return {name: sample(value, document, name=name) for name, value in fields.items()}


def _fitting(name: str, kind: Any) -> Any:
    value = _NAMED.get(name)
    return value if isinstance(value, kind) else None


def as_text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def call(address: str, method: str, parameters: list[dict[str, Any]], body: Any) -> str:
    """A curl line that can be pasted; `$TYBED` and `$TOKEN` are set once, at the top of the page."""
    for name, value in _IN_ADDRESS.items():
        address = address.replace("{" + name + "}", value)
    headers = {parameter["name"] for parameter in parameters if parameter.get("in") == "header"}
    lines = ["curl" if method == "GET" else f"curl -X {method}", '-H "Authorization: Token $TOKEN"']
    if "If-Match" in headers:
        lines.append("-H 'If-Match: \"3\"'")
    if "Idempotency-Key" in headers:
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if body is not None:
        lines += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(body, ensure_ascii=False)}'"]
    needed = [
        parameter["name"] for parameter in parameters if parameter.get("in") == "query" and parameter.get("required")
    ]
    query = "&".join(f"{name}={_NAMED.get(name, 1)}" for name in needed)
    return " \\\n  ".join([*lines, f'"$TYBED{address.removeprefix("/api/v1")}{"?" if query else ""}{query}"'])
