"""Owns the offline page of the API: the schema, drawn by our own template, without a script from elsewhere."""

from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.generic import View

from realist_eval.docs_samples import as_text, body_sample, call, resolved, sample
from realist_eval.openapi import schema

_SAID = {"200": "As asked.", "201": "Made."}


@method_decorator(login_not_required, name="dispatch")
class ApiDocs(View):
    """`/api/v1/docs/`."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "groups": groups(), "operations": drawn(get_language() or ""), "info": schema()["info"],
            "root": request.build_absolute_uri("/api/v1"),
        }  # fmt: skip
        return render(request, "api_docs.html", context)


@lru_cache(maxsize=1)
def groups() -> list[dict[str, Any]]:
    return _groups(schema())


@lru_cache(maxsize=4)
def drawn(language: str) -> SafeString:
    """The operations as HTML: long, alike for everybody, and drawn in a third of a second."""
    return render_to_string("programmes/_api_groups.html", {"groups": groups()})


def _groups(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations by the noun in their address, in the order of the schema."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in document["paths"].items():
        noun = _noun(address)
        for method, operation in methods.items():
            groups.setdefault(noun, []).append(_operation(address, method, operation, document))
    return [{"noun": noun, "operations": operations} for noun, operations in groups.items()]


def _noun(address: str) -> str:
    parts = [part for part in address.split("/") if part and not part.startswith("{")][2:]
    return (parts[1] if len(parts) > 1 else parts[0]) if parts else "start"


def _operation(address: str, method: str, operation: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    written = [found.get("value") for found in body.get("examples", {}).values()]
    sent = (written[0] if written else body_sample(body["schema"], document)) if body.get("schema") else None
    parameters = operation.get("parameters", [])
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "address": address,
        "summary": operation.get("summary", ""),
        "about": operation.get("description", ""),
        "parameters": [{**parameter, "type": _type(parameter.get("schema", {}), document)} for parameter in parameters],
        "body": _properties(body.get("schema", {}), document),
        "sent": "" if sent is None else as_text(sent),
        "answers": [_answer(code, answer, document) for code, answer in operation["responses"].items()],
        "call": call(address, method.upper(), parameters, sent),
    }


def _answer(code: str, answer: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """One answer; only those that went well have their fields and an example, problems all look alike."""
    content = answer.get("content", {})
    first: dict[str, Any] = next(iter(content.values()), {})
    shown = first.get("schema") if code.startswith("2") else None
    is_json = "application/json" in content
    return {
        "code": code,
        "said": answer.get("description", "") or _SAID.get(code, ""),
        "fields": _fields(content, document) if shown else [],
        "example": as_text(sample(shown, document)) if shown and is_json else "",
    }


def _fields(content: dict[str, Any], document: dict[str, Any]) -> list[dict[str, Any]]:
    found: dict[str, Any] = next(iter(content.values()), {})
    return _properties(found.get("schema", {}), document)


def _properties(schema_part: dict[str, Any], document: dict[str, Any]) -> list[dict[str, Any]]:
    whole = resolved(schema_part, document)
    needed = whole.get("required", [])
    return [
        {"name": name, "type": _type(found, document), "needed": name in needed, "said": found.get("description", "")}
        for name, found in whole.get("properties", {}).items()
    ]


def _type(part: dict[str, Any], document: dict[str, Any]) -> str:
    found = resolved(part, document)
    if "enum" in found:
        return " | ".join(str(value) for value in found["enum"])
    if found.get("type") == "array":
        return f"list of {_type(found.get('items', {}), document)}"
    kind = found.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(kind)
    return found.get("format", kind) if kind == "string" else str(kind)
