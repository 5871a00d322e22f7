"""Owns how it is said what is worth a look in a text: signs of who somebody is, another site. Never an error."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmo.models import Excerpt
from cmo.reading.evidence import ELSEWHERE, ExcerptRow
from programmes.revealing import EMAIL, NAME, PHONE, POSTCODE

WARNED = {
    NAME: gettext_lazy("may hold a name"),
    EMAIL: gettext_lazy("holds an e-mail address"),
    PHONE: gettext_lazy("may hold a phone number"),
    POSTCODE: gettext_lazy("may hold a postcode"),
    ELSEWHERE: gettext_lazy("is signed with another site than its source’s"),
}


def warned(kinds: Iterable[str]) -> str:
    """What is worth a look in a text, as the end of a sentence that begins with what it is; "" when nothing is."""
    said = [str(WARNED[kind]) for kind in kinds]
    if len(said) < 2:
        return "".join(said)
    return _("%(some)s and %(last)s") % {"some": ", ".join(said[:-1]), "last": said[-1]}


def excerpts_warned(excerpts: Iterable[Excerpt]) -> list[str]:
    """A sentence for each excerpt in which something is worth a look: X9 may hold a name."""
    found = ((one.label, warned(ExcerptRow(one, []).warnings)) for one in excerpts)
    return [_("%(label)s %(said)s.") % {"label": label, "said": said} for label, said in found if said]
