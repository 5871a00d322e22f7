"""Owns the addresses of the pages of evidence."""

from django.urls import path

import cmo.addresses  # noqa: F401  (teaches Django what a number looks like)
from cmo.views import bearings, evidence, excerpts, sources, withdrawing

urlpatterns = [
    path("evidence", evidence.Evidence.as_view(), name="evidence"),
    path("evidence/sample.csv", evidence.SampleFile.as_view(), name="sample-file"),
    path("evidence/claim", excerpts.ClaimWords.as_view(), name="claim-words"),
    path("sites", sources.Sites.as_view(), name="sites"),
    path("sites/<slug:site>/edit", sources.EditSite.as_view(), name="site-edit"),
    path("sites/<slug:site>/turn", sources.TurnSite.as_view(), name="site-turn"),
    path("sources/new", sources.NewSource.as_view(), name="source-new"),
    path("q/<number:number>", evidence.SourcePage.as_view(), name="source"),
    path("q/<number:number>/edit", sources.EditSource.as_view(), name="source-edit"),
    path("q/<number:number>/turn", sources.TurnSource.as_view(), name="source-turn"),
    path("q/<number:number>/withdraw", withdrawing.WithdrawSource.as_view(), name="source-withdraw"),
    path("q/<number:number>/transcript", sources.KeepTranscript.as_view(), name="source-transcript"),
    path("q/<number:number>/excerpt", excerpts.NewExcerpt.as_view(), name="excerpt-new"),
    path("q/<number:number>/paste", excerpts.PasteMany.as_view(), name="excerpts-paste"),
    path("x/<number:number>", excerpts.ExcerptPage.as_view(), name="excerpt"),
    path("x/<number:number>/edit", excerpts.EditExcerpt.as_view(), name="excerpt-edit"),
    path("x/<number:number>/turn", excerpts.TurnExcerpt.as_view(), name="excerpt-turn"),
    path("x/<number:number>/withdraw", withdrawing.WithdrawExcerpt.as_view(), name="excerpt-withdraw"),
    path("x/<number:number>/link", excerpts.LinkExcerpt.as_view(), name="excerpt-link"),
    path("b/<number:number>", bearings.BearingPage.as_view(), name="bearing"),
    path("b/<number:number>/edit", bearings.EditBearing.as_view(), name="bearing-edit"),
    path("b/<number:number>/confirm", bearings.ConfirmBearing.as_view(), name="bearing-confirm"),
    path("b/<number:number>/turn", bearings.TurnBearing.as_view(), name="bearing-turn"),
    path("cmo/<number:number>/evidence", bearings.EvidencePlanPage.as_view(), name="evidence-plan"),
]
