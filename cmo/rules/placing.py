"""Owns where a person puts configurations on their own map: put one somewhere, or forget all places of a layout.

Reading is enough for it, as it changes nothing that others see; the log does not hear of it.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cmo.figures.drawing import LAYOUTS
from cmo.models import Configuration, MapPosition
from programmes.access import Actor, require
from programmes.models import Programme
from programmes.rules.holding import hold
from programmes.vocabulary import Verb

FARTHEST = 200_000  # pixels


@transaction.atomic
def put_on_map(configuration: Configuration, *, by: Actor, layout: str, x: int, y: int) -> MapPosition:
    """Remember where this person wants a configuration in one layout. Raises ValidationError (layout, x, y)."""
    programme = configuration.programme
    require(by, Verb.READ, programme)
    _known(layout)
    for name, value in (("x", x), ("y", y)):
        if not 0 <= value <= FARTHEST:
            said = _("Put it between 0 and %(most)s, not at %(value)s.")
            raise ValidationError({name: said % {"most": FARTHEST, "value": value}})
    hold(programme)
    position, _made = MapPosition.objects.update_or_create(
        person=by.person, programme=programme, layout=layout, configuration=configuration, defaults={"x": x, "y": y}
    )
    return position


@transaction.atomic
def forget_places(programme: Programme, *, by: Actor, layout: str) -> int:
    """Let every configuration stand where the layout puts it; how many had been moved."""
    require(by, Verb.READ, programme)
    _known(layout)
    gone, _each = MapPosition.objects.filter(person=by.person, programme=programme, layout=layout).delete()
    return gone


def _known(layout: str) -> None:
    if layout not in LAYOUTS:
        said = _("There is no layout “%(layout)s”; known are: %(known)s.")
        raise ValidationError({"layout": said % {"layout": layout[:60], "known": ", ".join(LAYOUTS)}})
