"""Owns the addresses of the theory's side of the API."""

from django.urls import path

import cmo.addresses  # noqa: F401  (teaches Django what a number and a label look like)
from cmo.api import bulk, codebook, configurations, elements, exporting, links, search, statements, theory_map

urlpatterns = [
    path("areas/", codebook.Areas.as_view(), name="areas"),
    path("areas/<slug:area>/", codebook.OneArea.as_view(), name="area"),
    path("areas/<slug:area>/restore/", codebook.RestoreArea.as_view(), name="area-restore"),
    path("themes/", codebook.Themes.as_view(), name="themes"),
    path("themes/<label:label>/", codebook.OneTheme.as_view(), name="theme"),
    path("themes/<label:label>/restore/", codebook.RestoreTheme.as_view(), name="theme-restore"),
    path("themes/<label:label>/merge/", codebook.MergeTheme.as_view(), name="theme-merge"),
    path("themes/<label:label>/revisions/", codebook.ThemeRevisions.as_view(), name="theme-revisions"),
    path("statements/", statements.Statements.as_view(), name="statements"),
    path("statements/paste/", bulk.Paste.as_view(), name="paste"),
    path("statements/tag/", bulk.Tag.as_view(), name="tag"),
    path("statements/<number:number>/", statements.OneStatement.as_view(), name="statement"),
    path("statements/<number:number>/revisions/", statements.Revisions.as_view(), name="revisions"),
    path("statements/<number:number>/history/", statements.History.as_view(), name="history"),
    path("statements/<number:number>/revisions/<number:revision>/", statements.OneRevision.as_view(), name="revision"),
    path("statements/<number:number>/diff/", statements.Diff.as_view(), name="diff"),
    path("statements/<number:number>/restore/", statements.Restore.as_view(), name="restore"),
    path("statements/<number:number>/spell-out/", configurations.SpellOut.as_view(), name="spell-out"),
    path("elements/", elements.Elements.as_view(), name="elements"),
    path("elements/suggest/", elements.Suggest.as_view(), name="element-suggest"),
    path("elements/<number:number>/", elements.OneElement.as_view(), name="element"),
    path("elements/<number:number>/near/", elements.Near.as_view(), name="element-near"),
    path("elements/<number:number>/revisions/", elements.ElementRevisions.as_view(), name="element-revisions"),
    path(
        "elements/<number:number>/revisions/<number:revision>/",
        elements.OneElementRevision.as_view(),
        name="element-revision",
    ),
    path("elements/<number:number>/diff/", elements.ElementDiff.as_view(), name="element-diff"),
    path("elements/<number:number>/restore/", elements.RestoreElement.as_view(), name="element-restore"),
    path("elements/<number:number>/retype/", elements.Retype.as_view(), name="element-retype"),
    path("configurations/", configurations.Configurations.as_view(), name="configurations"),
    path("configurations/<number:number>/", configurations.OneConfiguration.as_view(), name="configuration"),
    path(
        "configurations/<number:number>/revisions/",
        configurations.ConfigurationRevisions.as_view(),
        name="configuration-revisions",
    ),
    path(
        "configurations/<number:number>/revisions/<number:revision>/",
        configurations.OneConfigurationRevision.as_view(),
        name="configuration-revision",
    ),
    path(
        "configurations/<number:number>/diff/", configurations.ConfigurationDiff.as_view(), name="configuration-diff"
    ),
    path(
        "configurations/<number:number>/restore/",
        configurations.RestoreConfiguration.as_view(),
        name="configuration-restore",
    ),
    path("links/", links.Links.as_view(), name="links"),
    path("links/<number:number>/", links.OneLink.as_view(), name="link"),
    path("links/<number:number>/restore/", links.RestoreLink.as_view(), name="link-restore"),
    path("rival-groups/", links.RivalGroups.as_view(), name="rival-groups"),
    path("rival-groups/<number:number>/", links.OneRivalGroup.as_view(), name="rival-group"),
    path("rival-groups/<number:number>/restore/", links.RestoreRivalGroup.as_view(), name="rival-group-restore"),
    path("demi-regularities/", links.DemiRegularities.as_view(), name="demi-regularities"),
    path("demi-regularities/<number:number>/", links.OneDemiRegularity.as_view(), name="demi-regularity"),
    path(
        "demi-regularities/<number:number>/restore/",
        links.RestoreDemiRegularity.as_view(),
        name="demi-regularity-restore",
    ),
    path("slots/", links.ProgrammeSlots.as_view(), name="slots"),
    path("map/", theory_map.Map.as_view(), name="map"),
    path("search/", search.Search.as_view(), name="search"),
    path("export/", exporting.Export.as_view(), name="export"),
]
