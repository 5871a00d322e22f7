"""Owns the addresses of the theory's side of the API."""

from django.urls import path

import cmo.addresses  # noqa: F401  (teaches Django what a number and a label look like)
from cmo.api import bulk, codebook, exporting, statements

urlpatterns = [
    path("areas/", codebook.Areas.as_view(), name="areas"),
    path("areas/<slug:area>/", codebook.OneArea.as_view(), name="area"),
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
    path("export/", exporting.Export.as_view(), name="export"),
]
