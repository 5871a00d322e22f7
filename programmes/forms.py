"""Owns the forms of the team's side: how fields are shown. What may be written is judged by the rules."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, PasswordResetForm, SetPasswordForm
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from programmes.models import Membership, Person, Phase
from programmes.vocabulary import PhaseKind, Role

WITHOUT = _("sees the theory without evidence")
INPUT = {"class": "field__input"}
MAILS = Person.Mails.choices  # how notices come by mail; one button each
PASSWORD_HINT = _("At least 12 characters. Neither your name nor one of the common passwords.")
# Mails are sent beside the answer, so that its time does not tell whether an account was found.
POSTROOM = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


NOT_OFFERED = _("“%(value)s” is not offered here; choose again.")


def dressed(form: forms.BaseForm) -> None:
    """Give every text field and select of a form the look of the design."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs.update({**INPUT, "rows": field.widget.attrs.get("rows", 3)})
        elif not isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
            field.widget.attrs.update(INPUT)


class Dressed(forms.Form):
    """A form that looks like the design. Text is passed on as typed: the rules judge it."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dressed(self)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = NOT_OFFERED


def text(label: Any, *, rows: int = 0, hint: Any = "", required: bool = False, **attrs: Any) -> forms.CharField:
    """A text field that strips nothing."""
    widget: forms.Widget = forms.Textarea(attrs={"rows": rows, **attrs}) if rows else forms.TextInput(attrs=attrs)
    return _AsTyped(label=label, required=required, strip=False, help_text=hint, widget=widget)


class _AsTyped(forms.CharField):
    """Django refuses NUL in its own words; here the gate does."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = []


class SignIn(AuthenticationForm):
    """Name or address, and password. The same words for every failure."""

    error_messages = {
        "invalid_login": _(
            "The name and the password do not belong together. Capital letters matter in the password."
        ),
        "inactive": _("The name and the password do not belong together."),
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, locked: bool = False, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("Name or e-mail address")
        self.fields["username"].widget.attrs.update({"autocomplete": "username", "autofocus": False})
        self.fields["password"].label = _("Password")
        self.fields["password"].required = not locked
        self.locked = locked
        dressed(self)

    def clean(self) -> dict[str, Any]:
        if self.locked:
            raise forms.ValidationError(
                _("Too many guesses for this account. Wait five minutes, or have a new password sent to you.")
            )
        return super().clean()


class PasswordReset(PasswordResetForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        dressed(self)

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        POSTROOM.submit(_in_language, translation.get_language(), super().send_mail, *args, **kwargs)


def _in_language(language: str | None, do: Any, *args: Any, **kwargs: Any) -> None:
    with translation.override(language):
        do(*args, **kwargs)


class NewProgramme(Dressed):
    """Screen 13b: what is needed today is the name."""

    CODEBOOKS = [
        ("categories", _("Begin with five categories: Context, Implementation, Organisation, Personal, Guidance")),
        ("empty", _("Begin without a codebook")),
        ("paste", _("Paste one, a code and a name to a line")),
    ]
    title = text(_("Name"), required=True)
    summary = text(_("The question, for your team and readers"), rows=2)
    intervention = text(_("What is put in place, and for whom"), rows=2)
    areas = text(_("Theory areas"), rows=3, hint=_("Headings under which statements are grouped, one to a line"))
    codebook = forms.ChoiceField(label=_("Codebook"), choices=CODEBOOKS, widget=forms.RadioSelect, initial="categories")
    themes = text(_("Codes to paste"), rows=4, hint=_("Such as: O1 Communication. Read only if you chose to paste."))
    statements = text(
        _("Paste what you have"),
        rows=5,
        hint=_(
            "One statement to a line; “if”, “then” and “because” are recognised. Codes may stand before the words; "
            "those that the codebook lacks are made. Each is kept as a draft."
        ),
    )


class BringsIn(Dressed):
    """Somebody comes in. A lead without `evidence` brings in others without it: the rule's word, said beforehand."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.VIEWER)
    no_evidence = forms.BooleanField(label=WITHOUT, required=False)

    def __init__(self, *args: Any, evidence: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not evidence:
            said = {"initial": True, "disabled": True, "help_text": _("You see no evidence yourself")}
            vars(self.fields["no_evidence"]).update(said)


class NewMember(BringsIn):
    who = text(_("The name they sign in with"), required=True, hint=_("Ask them; they need an account on this server"))


class NewInvitations(BringsIn):
    email = text(
        _("E-mail addresses"), required=True, rows=2, hint=_("One or several, with commas"), autocomplete="off"
    )

    def clean(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["emails"] = re.split(r"[\s,;]+", given.pop("email", "").strip(" \n\r\t,;")) if "email" in given else []
        return given


class InvitedAccount(Dressed):
    """An account for whoever was invited and has none; its address is that of the invitation."""

    username = text(
        _("Name to sign in with"), required=True, hint=_("Without @; the members of your programmes see it"),
        autocomplete="username",
    )  # fmt: skip
    first_name = text(_("First name"), autocomplete="given-name")
    last_name = text(_("Last name"), autocomplete="family-name")
    password = forms.CharField(
        label=_("Password"), help_text=PASSWORD_HINT, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    password_again = forms.CharField(
        label=_("Password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        again = given.pop("password_again", None)
        if "password" in given and again is not None and given["password"] != again:
            self.add_error("password_again", _("This is not the password that you wrote above."))
        return given


class NewToken(Dressed):
    LIVES = [("30", _("30 days")), ("90", _("90 days")), ("365", _("1 year"))]
    MAY = [("read", _("read")), ("write", _("read and write"))]
    name = text(_("Name"), required=True, hint=_("What it is for, such as “Quarto report”"))
    days = forms.ChoiceField(label=_("Lapses after"), choices=LIVES, initial="90")
    may = forms.ChoiceField(label=_("It may"), choices=MAY, initial="read", widget=forms.RadioSelect)


class Profile(Dressed):
    """Who one is to others. Another address could be used to take the account over, so it asks for the password."""

    first_name = text(_("First name"), autocomplete="given-name")
    last_name = text(_("Last name"), autocomplete="family-name")
    email = text(
        _("E-mail address"), hint=_("For sign-in and a forgotten password; nobody else sees it"), autocomplete="email"
    )
    password = forms.CharField(
        label=_("Your password"),
        help_text=_("Only to change the address"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    keys = forms.ChoiceField(
        label=_("Single letters as shortcuts"), choices=Person.Keys.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        shown = {name: getattr(person, name) for name in ("first_name", "last_name", "email", "keys")}
        super().__init__(*args, initial=shown, **kwargs)
        self.person = person

    @property
    def moves_mail(self) -> bool:
        return str(self["email"].value()).strip() != self.person.email

    def clean(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        password = given.pop("password", "")
        if self.moves_mail and not self.person.check_password(password):
            self.add_error("password", _("Write your password to change the address; this is not it, or it is empty."))
        return given


class PasswordChange(PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Your password now")
        self.fields["old_password"].widget.attrs["autofocus"] = False
        _name_new(self)


class PasswordSet(SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_new(self)


def _name_new(form: forms.BaseForm) -> None:
    form.fields["new_password1"].label = _("New password")
    form.fields["new_password1"].help_text = PASSWORD_HINT
    form.fields["new_password2"].label = _("New password again")
    form.fields["new_password2"].help_text = ""
    dressed(form)


class Roles(forms.Form):
    """The roles of all members in one form; beside each stands the role that the page showed.

    A lead without `evidence` cannot show it to anybody.
    """

    def __init__(self, *args: Any, members: list[Membership], evidence: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        for member in members:
            select = forms.Select(attrs={"class": "field__input field__input--s", "form": "roles"})
            label = _("Role of %(name)s") % {"name": member.person.name}
            self.fields[f"role-{member.pk}"] = forms.ChoiceField(
                label=label, choices=Role.choices, initial=member.role, widget=select
            )
            shown = forms.HiddenInput(attrs={"form": "roles"})
            self.fields[f"was-{member.pk}"] = forms.CharField(initial=member.role, required=False, widget=shown)
            without = _("%(name)s sees the theory without evidence") % {"name": member.person.name}
            self.fields[f"without-{member.pk}"] = forms.BooleanField(
                label=without, initial=member.no_evidence, required=False,
                disabled=member.no_evidence and not evidence,
                widget=forms.CheckboxInput(attrs={"form": "roles"}),
            )  # fmt: skip
            hidden = forms.HiddenInput(attrs={"form": "roles"})
            seen = "yes" if member.no_evidence else "no"
            self.fields[f"seen-{member.pk}"] = forms.CharField(initial=seen, required=False, widget=hidden)

    def rows(self) -> Iterator[tuple[Membership, dict[str, forms.BoundField]]]:
        for member in self.members:
            yield member, {name: self[f"{name}-{member.pk}"] for name in ("role", "was", "without", "seen")}

    def withheld(self) -> dict[str, bool]:
        """{username: whether they see the theory without evidence} of those for whom that was changed."""
        chosen = {
            one.person.username: (self.cleaned_data[f"seen-{one.pk}"], self.cleaned_data[f"without-{one.pk}"])
            for one in self.members
        }
        return {username: new for username, (seen, new) in chosen.items() if seen and (seen == "yes") != new}

    def wanted(self) -> dict[str, tuple[str, str]]:
        """{username: (new role, role shown)} of those that were changed."""
        chosen = {
            member.person.username: (self.cleaned_data[f"role-{member.pk}"], self.cleaned_data[f"was-{member.pk}"])
            for member in self.members
        }
        return {username: pair for username, pair in chosen.items() if pair[0] != pair[1]}


class NewPhase(Dressed):
    title = text(_("Name"))
    kind = forms.ChoiceField(label=_("Kind"), choices=PhaseKind.choices)
    about = text(_("What happens in it"), rows=2)


class TurnPhase(Dressed):
    """Closes one phase, or opens it; the ids carry its slug, as several stand on a page.

    Which of the two is said by `closing`, not by the phase: somebody else may have turned it since it was read.
    """

    reason = text(_("Why"), rows=2)
    name = text(
        _("Name of the snapshot"), hint=_("Closing keeps the theory as it stands. Empty: it is named after the phase")
    )
    description = text(_("What the snapshot is for"), rows=2)
    base = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, phase: Phase, closing: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{phase.slug}-%s", initial={"base": phase.revision_number}, **kwargs)
        self.phase, self.closing = phase, closing
        if not closing:
            del self.fields["name"], self.fields["description"]
        if closing:
            self.fields["reason"].help_text = _("Needed: what it has shown, or why it ends now")
        elif phase.state == "closed":
            self.fields["reason"].help_text = _("Needed to open a closed phase again")


__all__ = [
    "MAILS",
    "InvitedAccount",
    "NewInvitations",
    "NewMember",
    "NewPhase",
    "NewProgramme",
    "NewToken",
    "PasswordChange",
    "PasswordReset",
    "PasswordSet",
    "Profile",
    "Roles",
    "SignIn",
    "TurnPhase",
]
