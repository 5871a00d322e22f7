"""Owns the addresses of configurations, elements, links, gatherings, matrices and slots, below a programme."""

from django.urls import path

import cmo.addresses  # noqa: F401  (teaches Django what a number looks like)
from cmo.views import configurations, configuring, drafting, elements, gatherings, links, matrices, slots, theory_map

urlpatterns = [
    path("cmo", configurations.Configurations.as_view(), name="configurations"),
    path("cmo/new", configuring.NewConfiguration.as_view(), name="configuration-new"),
    path("cmo/new/draft", drafting.KeepConfigurationDraft.as_view(), name="configuration-new-draft"),
    path("cmo/slots", slots.SlotSettingPage.as_view(), name="slots"),
    path("cmo/<number:number>", configurations.ConfigurationPage.as_view(), name="configuration"),
    path("cmo/<number:number>/edit", configuring.EditConfiguration.as_view(), name="configuration-edit"),
    path("cmo/<number:number>/draft", drafting.KeepConfigurationDraft.as_view(), name="configuration-draft"),
    path("cmo/<number:number>/retire", configurations.RetireConfiguration.as_view(), name="configuration-retire"),
    path("cmo/<number:number>/restore", configurations.RestoreConfiguration.as_view(), name="configuration-restore"),
    path("cmo/<number:number>/link", links.StateLink.as_view(), name="link-state"),
    path("cmo/<number:number>/ripple", links.DescribeRipple.as_view(), name="ripple-describe"),
    path("cmo/<number:number>/link/<number:link>", links.DescribeLink.as_view(), name="link-describe"),
    path("cmo/<number:number>/link/<number:link>/retire", links.RetireLink.as_view(), name="link-retire"),
    path("elements", elements.Elements.as_view(), name="elements"),
    path("elements/suggest", elements.Suggest.as_view(), name="element-suggest"),
    path("e/new", elements.NewElement.as_view(), name="element-new"),
    path("e/new/draft", drafting.KeepElementDraft.as_view(), name="element-new-draft"),
    path("e/<number:number>", elements.ElementPage.as_view(), name="element"),
    path("e/<number:number>/edit", elements.EditElement.as_view(), name="element-edit"),
    path("e/<number:number>/draft", drafting.KeepElementDraft.as_view(), name="element-draft"),
    path("e/<number:number>/retype", elements.Retype.as_view(), name="element-retype"),
    path("e/<number:number>/retire", elements.RetireElement.as_view(), name="element-retire"),
    path("e/<number:number>/restore", elements.RestoreElement.as_view(), name="element-restore"),
    path("map", theory_map.TheMap.as_view(), name="map"),
    path("map/place", theory_map.PutOnMap.as_view(), name="map-place"),
    path("rivals/new", gatherings.NewRivals.as_view(), name="rival-new"),
    path("rivals/<number:number>", gatherings.RivalPage.as_view(), name="rival"),
    path("rivals/<number:number>/edit", gatherings.EditRivals.as_view(), name="rival-edit"),
    path("rivals/<number:number>/turn", gatherings.TurnRivals.as_view(), name="rival-turn"),
    path("patterns/new", gatherings.NewPattern.as_view(), name="pattern-new"),
    path("patterns/<number:number>", gatherings.PatternPage.as_view(), name="pattern"),
    path("patterns/<number:number>/edit", gatherings.EditPattern.as_view(), name="pattern-edit"),
    path("patterns/<number:number>/turn", gatherings.TurnPattern.as_view(), name="pattern-turn"),
    path("matrices", matrices.Matrices.as_view(), name="matrices"),
]
