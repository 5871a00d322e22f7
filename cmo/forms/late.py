"""Owns a form that came too late: what was typed and what others saved meanwhile, put together in the same form. Where
both gave a field other values, it asks which: neither stands until somebody chooses."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from django import forms
from django.utils.translation import gettext as _

from cmo.forms.together import SEVERAL, Field, Merged, Values, put_fields_together
from programmes.remembering import as_typed, object_in

AnyForm = TypeVar("AnyForm", bound=forms.BaseForm)
THEIRS, MINE = "theirs", "mine"


class Asked(forms.TypedChoiceField):
    """A field that two people gave other values: theirs or mine, and what is chosen is read as the field itself would.

    The buttons say "theirs" and "mine", so that an empty value can be chosen as well.
    """

    widget = forms.RadioSelect

    def __init__(self, field: forms.Field, theirs: str, mine: str) -> None:
        called = called_in(field)
        values = {THEIRS: theirs, MINE: mine}
        shown = {side: called.get(value, value) or _("empty") for side, value in values.items()}
        super().__init__(
            label=field.label, coerce=lambda side: field.clean(values[side]),
            choices=[
                (THEIRS, _("Theirs: %(value)s") % {"value": shown[THEIRS]}),
                (MINE, _("Mine: %(value)s") % {"value": shown[MINE]}),
            ],
            error_messages={"required": _("You both changed this; choose theirs or yours.")},
        )  # fmt: skip
        self.called = called


def called_in(field: forms.Field) -> dict[str, str]:
    """What the values of a field are called."""
    if isinstance(field, Asked):
        return field.called
    if isinstance(field, forms.BooleanField):
        return {"on": _("yes"), "": _("no")}
    choices: Iterable[tuple[Any, Any]] = getattr(field, "choices", ())
    return {str(value): str(label) for value, label in choices}


def ask_again(form: forms.BaseForm) -> None:
    """Put the questions that a form was sent with in the place of their fields; call it when it has all fields."""
    if not form.is_bound:
        return
    sent = cast(Any, form.data).get(form.add_prefix("asked"), "")
    pairs = {name: pair for name, pair in object_in(sent).items() if name in form.fields and _is_pair(pair)}
    if pairs:
        form.fields["asked"] = forms.CharField(required=False, widget=forms.HiddenInput)
    for name, (theirs, mine) in pairs.items():
        form.fields[name] = Asked(form.fields[name], theirs, mine)


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair)


def revision_then(history: Sequence[Any], number: int) -> Any:
    """The revision that a form began with, out of all of them, the latest first."""
    return next((one for one in history if one.number <= number), history[-1])


def _as(way: str, value: Any) -> Any:
    """The same, read as a list where there are several, whatever a hidden field may hold."""
    if way == SEVERAL:
        return as_typed(value) if isinstance(value, list) else []
    return as_typed("" if isinstance(value, list) else value)


def put_form_together(
    form: forms.BaseForm,
    ways: Mapping[str, str],
    base: Values,
    theirs: Values,
    *,
    mine: Values | None = None,
    names: Mapping[str, Mapping[str, str]] | None = None,
    labels: Mapping[str, Any] | None = None,
) -> Merged:
    """Both edits of a valid form in one; `ways` {field: how it is put together}. `mine` says what was typed where that
    is not what the field holds, `names` and `labels` what values and fields are called where the form does not say."""
    given: dict[str, Any] = {**form.cleaned_data, **(mine or {})}
    fields: dict[str, Field] = {}
    for name in (one for one in ways if one in form.fields):
        field = form.fields[name]
        called = (names or {}).get(name) or called_in(field)
        fields[name] = Field((labels or {}).get(name, field.label), ways[name], called)
    sides = [{name: _as(ways[name], side[name]) for name in fields if name in side} for side in (base, theirs, given)]
    return put_fields_together(fields, *sides, asks=True)


def data_of(form: forms.BaseForm, merged: Merged, **now: Any) -> Any:
    """What a form holds with both edits in it, to be sent again; `now` are `base` and, if it has that, `shown`."""
    data = cast(Any, form.data).copy()
    for name, value in {**merged.written, **now}.items():
        key = form.add_prefix(name)
        if isinstance(value, list) and isinstance(form.fields[name], forms.MultipleChoiceField):
            data.setlist(key, value)
        else:
            data[key] = ", ".join(value) if isinstance(value, list) else str(value)
    for name in merged.asked:
        data.pop(form.add_prefix(name), None)
    data[form.add_prefix("asked")] = json.dumps(merged.asked, ensure_ascii=False) if merged.asked else ""
    return data


def unanswered(form: AnyForm) -> AnyForm:
    """The form as it is first shown with both edits in it: what it asks is not answered yet, and that is no mistake."""
    form.full_clean()
    form.errors.clear()
    return form
