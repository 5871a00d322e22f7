"""Owns the merge of two themes: the codebook's half is classifying's, the tags of the theory follow here."""

from django.db import transaction
from django.utils.translation import gettext as _

from cmo.models import Statement
from cmo.rules.stating import retag_after_merge
from programmes.access import Actor
from programmes.models import Theme
from programmes.rules.classifying import close_into


@transaction.atomic
def merge_theme(theme: Theme, *, by: Actor, base: int, into: Theme, reason: str = "") -> Theme:
    """Merge `theme` into `into`: every statement that carries it carries `into` instead, with a revision that says so.

    Its code stays as another name of `into`. Raises ValidationError (into), Stale, PermissionDenied; all or nothing.
    """
    closed = close_into(theme, by=by, base=base, into=into, reason=reason)
    said = _("%(theme)s was merged into %(into)s.") % {"theme": closed, "into": into}
    why = f"{said} {reason}".strip()
    carrying = Statement.objects.filter(taggings__theme=closed).select_related("programme").order_by("number")
    for statement in list(carrying):
        retag_after_merge(statement, by=by, old=closed, new=into, reason=why[:2000])
    return closed
