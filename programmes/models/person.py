"""Owns the account of a person: who signs in, and how the pages look to them."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Person(AbstractUser):
    """Somebody with an account. What they may do is said by their memberships, never by `is_staff`."""

    class Scheme(models.TextChoices):
        SYSTEM = "", _("System")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Keys(models.TextChoices):
        FOCUS = "focus", _("work while a list has focus")
        ALT = "alt", _("only together with Alt")
        OFF = "off", _("off")

    class Mails(models.TextChoices):
        AT_ONCE = "at once", _("at once")
        DAILY = "daily", _("once a day, together")
        OFF = "off", _("never")

    scheme = models.CharField(max_length=5, choices=Scheme, blank=True, default=Scheme.SYSTEM)
    keys = models.CharField(max_length=5, choices=Keys, default=Keys.FOCUS)
    mails = models.CharField(max_length=7, choices=Mails, default=Mails.AT_ONCE)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="one_account_per_email"),
            models.UniqueConstraint(Lower("username"), name="one_account_per_name_in_any_case"),
        ]

    @property
    def name(self) -> str:
        return self.get_full_name() or self.username

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()
