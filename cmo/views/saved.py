"""Owns what is said after a save, and what becomes of the draft: gone with a new version; kept where nothing changed
and a reason was given, because no version can hold it."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _


def settled(
    done: Any, base: int, reason: str, *, keep: Callable[[], object], drop: Callable[[], object]
) -> tuple[str, bool]:
    """(what is said of the record `done`, saved from version `base`; whether a draft of it is kept)."""
    label = {"label": done.label, "n": done.revision_number}
    if done.revision_number == base and reason.strip():
        keep()
        return _("Nothing changed in %(label)s, so no version holds your reason; it is kept as a draft.") % label, True
    drop()
    if done.revision_number == base:
        return _("Nothing changed in %(label)s.") % label, False
    return _("%(label)s saved as version %(n)s.") % label, False
