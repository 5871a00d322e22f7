"""Owns the acts on links from the page of a configuration: state one, say something about it or a ripple, retire it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmo.forms.gathering import LinkForm, RelabelForm, TurnForm
from cmo.reading.configurations import configurations_named
from cmo.reading.elements import element_named
from cmo.reading.structure_pages import find_link_at
from cmo.rules.linking import link, relabel_link, turn_link
from cmo.views.configurations import ActOnConfiguration
from cmo.vocabulary import LinkKind
from programmes.remembering import as_typed
from programmes.views.base import take_refusal

TYPED = ("label", "note", "source", "to", "element")


class StateLink(ActOnConfiguration):
    """A link to another configuration; refused, the page shows the form with what was typed."""

    def post(self, request: HttpRequest, number: int, **more: Any) -> HttpResponse:
        form = LinkForm(request.POST, auto_id="link-%s")
        from_here = self.here(number)
        if form.is_valid():
            try:
                return self.done_once(lambda: self.act(from_here, form.cleaned_data))
            except ValidationError as refusal:
                take_refusal(form, refusal)
        return self.configuration_page(number, status=422, link_form=form)

    def act(self, configuration: Any, given: dict[str, Any], **more: Any) -> HttpResponse:
        target = configurations_named(self.programme, [given["to"]], field="to")[0]
        made = link(
            self.programme, by=self.actor, kind=given["kind"], source=configuration, target=target,
            name=given["label"], note=given["note"],
        )  # fmt: skip
        said = _("%(link)s is stated: %(here)s and %(there)s.")
        return self.back(
            configuration, said % {"link": made.label, "here": configuration.label, "there": target.label}
        )


class _Describing(ActOnConfiguration):
    """Refused or late, what was typed stands open in the form of the same link."""

    form_class = RelabelForm

    def refused(self, number: int, form: Any, said: list[str], status: int = 422) -> HttpResponse:
        sent = self.request.POST
        typed: dict[str, Any] = {name: as_typed(sent.get(name, "")) for name in TYPED}
        began = {name: as_typed(sent[f"was_{name}"]) for name in TYPED if status == 409 and f"was_{name}" in sent}
        describing = {**typed, "number": self.kwargs.get("link", 0), "began": began}
        return self.configuration_page(number, status=status, problems=said, describing=describing)


class DescribeLink(_Describing):
    """What stands at a link that is stated."""

    def act(self, configuration: Any, given: dict[str, Any], **more: Any) -> HttpResponse:
        stated = find_link_at(self.programme, configuration, more["link"])
        base = given["base"] or stated.revision_number
        done = relabel_link(stated, by=self.actor, base=base, name=given["label"], note=given["note"])
        return self.back(configuration, _("%(link)s says so now.") % {"link": done.label})


class DescribeRipple(_Describing):
    """What stands at a ripple about which nobody has said anything yet."""

    def act(self, configuration: Any, given: dict[str, Any], **more: Any) -> HttpResponse:
        ends = configurations_named(self.programme, [given["source"], given["to"]], field="to")
        if configuration not in ends:
            raise ValidationError({"to": _("Load the page again: this ripple does not touch the configuration.")})
        made = link(
            self.programme, by=self.actor, kind=LinkKind.RIPPLE.value, source=ends[0], target=ends[1],
            element=element_named(self.programme, given["element"]), name=given["label"], note=given["note"],
        )  # fmt: skip
        return self.back(configuration, _("%(link)s says so now.") % {"link": made.label})


class RetireLink(ActOnConfiguration):
    form_class = TurnForm

    def act(self, configuration: Any, given: dict[str, Any], **more: Any) -> HttpResponse:
        stated = find_link_at(self.programme, configuration, more["link"])
        done = turn_link(stated, by=self.actor, base=given["base"], retired=True, reason=given["reason"])
        return self.back(configuration, _("%(link)s is retired.") % {"link": done.label})
