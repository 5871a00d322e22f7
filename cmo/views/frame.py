"""Owns what the frame of a page says about the theory: its sections with their counts, the open phase, what waits."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from cmo.reading.counts import drafts_of, frame_sizes
from programmes.reading.team import phase_now, phases_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor; asks the database only for what the page's template uses."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {}
    said: dict[str, Any] = {"waiting": SimpleLazyObject(lambda: drafts_of(person))}
    programme = getattr(request, "programme", None)
    if programme is not None:
        said["sections"] = SimpleLazyObject(lambda: _sections(programme))
        said["phase_now"] = SimpleLazyObject(lambda: _phase_now(programme))
    return said


def _sections(programme: Any) -> list[dict[str, Any]]:
    """The pages of a programme; `key` is the letter after g, `name` what a page calls itself in `current`."""
    statements, configurations, themes = frame_sizes(programme)
    rows = [
        ("overview", "o", _("Overview"), None),
        ("workbench", "t", _("Theory"), statements),
        ("configurations", "f", _("Configurations"), configurations),
        ("map", "m", _("Map"), None),
        ("codebook", "c", _("Codebook"), themes),
        ("settings", "s", _("Settings"), None),
    ]
    return [
        {"name": name, "key": key, "label": label, "count": count, "url": reverse(name, args=[programme.slug])}
        for name, key, label, count in rows
    ]


def _phase_now(programme: Any) -> str:
    phases = phases_of(programme)
    now = phase_now(phases)
    if now is None:
        return _("no phase is open")
    return _("%(phase)s, phase %(at)s of %(n)s") % {"phase": now[1].title, "at": now[0], "n": len(phases)}
