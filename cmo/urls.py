"""Owns the addresses of the theory's pages."""

from django.urls import include, path

import cmo.addresses  # noqa: F401  (teaches Django what a number and a label look like)
from cmo.views import bulk, conflict, editing, home, overview, redacting, search, statement, workbench

programme = [
    path("", overview.Overview.as_view(), name="overview"),
    path("search", search.Search.as_view(), name="search"),
    path("settings/log/<number:row>/take-out", redacting.TakeOutWords.as_view(), name="log-take-out"),
    path("theory", workbench.Workbench.as_view(), name="workbench"),
    path("theory/paste", bulk.Paste.as_view(), name="paste"),
    path("theory/tag", bulk.TagMany.as_view(), name="tag-many"),
    path("s/new", editing.NewStatement.as_view(), name="statement-new"),
    path("s/new/draft", editing.KeepDraft.as_view(), name="statement-new-draft"),
    path("s/new/preview", editing.Preview.as_view(), name="statement-new-preview"),
    path("s/<number:number>", statement.StatementPage.as_view(), name="statement"),
    path("s/<number:number>/edit", editing.EditStatement.as_view(), name="statement-edit"),
    path("s/<number:number>/row", editing.ShowRow.as_view(), name="statement-row"),
    path("s/<number:number>/draft", editing.KeepDraft.as_view(), name="statement-draft"),
    path("s/<number:number>/preview", editing.Preview.as_view(), name="statement-preview"),
    path("s/<number:number>/merge", conflict.PutTogether.as_view(), name="statement-merge"),
    path("s/<number:number>/merge/draft", conflict.KeepTogether.as_view(), name="statement-merge-draft"),
    path("s/<number:number>/retire", statement.Retire.as_view(), name="statement-retire"),
    path("s/<number:number>/restore", statement.Restore.as_view(), name="statement-restore"),
    path("s/<number:number>/parts", statement.MarkParts.as_view(), name="statement-parts"),
]

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("search", search.SearchAll.as_view(), name="search-all"),
    path("programmes/new", home.NewProgrammePage.as_view(), name="programme-new"),
    path("p/<slug:slug>/", include(programme)),
    path("p/<slug:slug>/", include("cmo.codebook_urls")),
    path("p/<slug:slug>/", include("cmo.structure_urls")),
    path("p/<slug:slug>/", include("cmo.lineage_urls")),
    path("p/<slug:slug>/", include("cmo.review_urls")),
    path("p/<slug:slug>/", include("cmo.discussion_urls")),
    path("p/<slug:slug>/", include("cmo.meeting_urls")),
    path("p/<slug:slug>/", include("cmo.evidence_urls")),
    path("p/<slug:slug>/", include("cmo.weighed_urls")),
    path("p/<slug:slug>/", include("cmo.phase_urls")),
]
