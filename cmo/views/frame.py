"""Owns what the frame of a page says about the theory: its sections with their counts, the open phase, what waits."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from cmo.reading.counts import frame_sizes, waiting_for
from programmes.reading.team import evidence_shown, phase_now, phases_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor; asks the database only for what the page's template uses."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {}
    programme = getattr(request, "programme", None)
    if programme is None:
        return {"waiting": SimpleLazyObject(lambda: waiting_for(person))}
    sizes = cache(lambda: frame_sizes(programme, person))
    return {
        "waiting": SimpleLazyObject(lambda: sizes()[-1]),
        "sections": SimpleLazyObject(lambda: _sections(programme, *sizes()[:-1])),
        "phase_now": SimpleLazyObject(lambda: _phase_now(programme)),
    }


def _sections(
    programme: Any, statements: int, configurations: int, themes: int, proposals: int, excerpts: int
) -> list[dict[str, Any]]:
    """The pages of a programme; `key` is the letter after g, `name` what a page calls itself in `current`."""
    rows = [
        ("overview", "o", _("Overview"), None),
        ("workbench", "t", _("Theory"), statements),
        ("configurations", "f", _("Configurations"), configurations),
        ("reviews", "r", _("Reviews"), proposals),
        ("map", "m", _("Map"), None),
        ("phases", "p", _("Phases"), None),
        ("codebook", "c", _("Codebook"), themes),
        *([("evidence", "e", _("Evidence"), excerpts)] if evidence_shown(programme) else []),
        ("threads", "d", _("Discussion"), None),
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
