"""Owns the addresses of the pages that weigh evidence: maps, why a statement is believed, the interview guide."""

from django.urls import path

import cmo.addresses  # noqa: F401  (teaches Django what a number looks like)
from cmo.views import confirming, evidence_maps, excerpts_found, guides

urlpatterns = [
    path("evidence/excerpts", excerpts_found.ExcerptsFound.as_view(), name="excerpts-found"),
    path("evidence/excerpts.csv", excerpts_found.ExcerptsFile.as_view(kind="csv"), name="excerpts-csv"),
    path("evidence/excerpts.json", excerpts_found.ExcerptsFile.as_view(kind="json"), name="excerpts-json"),
    path("evidence/maps", evidence_maps.EvidenceMaps.as_view(), name="evidence-maps"),
    path("evidence/guide", guides.InterviewGuide.as_view(), name="interview-guide"),
    path("b/<number:number>/confirm-again", confirming.ConfirmAgain.as_view(), name="bearing-confirm-again"),
    path("s/<number:number>/why", evidence_maps.Why.as_view(), name="statement-why"),
]
