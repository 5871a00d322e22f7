"""Owns the order in which a picker shows the themes that are chosen: that of a statement's row."""

from collections.abc import Iterable
from typing import Any

from django import template

from programmes.natural import natural

register = template.Library()


@register.filter
def chosen(themes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The chosen ones of a picker's themes, by code; those without one last, by name."""
    found = [theme for theme in themes if theme["chosen"]]
    return sorted(found, key=lambda theme: (not theme["code"], natural(theme["code"] or theme["name"])))
