"""Owns the merge of two themes: the codebook's half is classifying's, the tags of the theory follow here."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from cmo.models import Statement, StatementTheme
from cmo.rules.chronicling import EXCERPTS
from cmo.rules.excerpting import retagged_excerpts
from cmo.rules.introducing import ELEMENTS, retagged_elements
from cmo.rules.keeping import Written, write
from cmo.rules.tallying import Place
from cmo.vocabulary import Change
from programmes.access import Actor
from programmes.models import Theme
from programmes.rules.classifying import close_into
from programmes.vocabulary import Limit


@transaction.atomic
def merge_theme(theme: Theme, *, by: Actor, base: int, into: Theme, reason: str = "") -> Theme:
    """Merge `theme` into `into`: what carries it carries `into` instead, with a revision that says so.

    Its code stays as another name of `into`. Raises ValidationError (into), Stale, PermissionDenied; all or nothing.
    """
    closed = close_into(theme, by=by, base=base, into=into, reason=reason)
    said = _("%(theme)s was merged into %(into)s.") % {"theme": closed, "into": into}
    why = f"{said} {reason}".strip()
    why = why[: Limit.REASON]
    write(closed.programme, by=by, rows=list(_retagged(closed, into, why)))
    ELEMENTS.write(closed.programme, by=by, rows=list(retagged_elements(closed, into, why)))
    EXCERPTS.write(closed.programme, by=by, rows=list(retagged_excerpts(closed, into, why)))
    return closed


def _retagged(old: Theme, new: Theme, why: str) -> Iterator[Written]:
    """Every statement that carries `old`, with `new` in its place."""
    tags = Prefetch("taggings", StatementTheme.objects.order_by("pk"))
    carrying = Statement.objects.filter(taggings__theme=old).order_by("number").prefetch_related(tags)
    for now in carrying:
        held = [tag.theme_id for tag in now.taggings.all()]
        carried = list(dict.fromkeys(new.pk if theme == old.pk else theme for theme in held))
        yield Written(now, Change.RETAGGED, why, carried, Place.of(now), held)
