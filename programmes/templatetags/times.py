"""Owns how a moment is written on a page where it is most often a recent one."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime

register = template.Library()


@register.filter
def moment(at: datetime | None) -> str:
    """23 June, 11:00; with its year where that is not this one, since a draft or a notice may wait for long."""
    if at is None:
        return ""
    here = localtime(at)
    return date_format(here, "j F, H:i" if here.year == localtime().year else "j F Y, H:i")
