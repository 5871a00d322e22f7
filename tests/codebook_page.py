"""Owns how tests use the codebook page: send its forms, read its tree."""

import re
from html import unescape
from typing import Any

from django.urls import reverse

from programmes.models import Theme

HERE = "/p/cse-test/codebook"


def send(client: Any, theme: Theme, act: str, **given: Any) -> Any:
    url = reverse(f"theme-{act}", args=["cse-test", theme.uid])
    return client.post(url, {"base": now(theme).revision_number, **given})


def words(theme: Theme, **changed: str) -> dict[str, str]:
    names = ("code", "name", "definition", "use_when", "not_when", "example")
    return {**{name: getattr(now(theme), name) for name in names}, "reason": "", **changed}


def now(theme: Theme) -> Theme:
    return Theme.objects.select_related("parent", "programme").get(pk=theme.pk)


def rows(answer: Any) -> list[str]:
    """The codes of the tree from top to bottom."""
    listed = re.findall(r'class="cb__name"[^>]*>(.*?)</a>', answer.content.decode(), flags=re.S)
    return [unescape(re.sub(r"<[^>]+>", "", name)).replace(" the category itself", "").strip() for name in listed]
