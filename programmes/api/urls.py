"""Owns the addresses of the team's side of the API."""

from django.urls import path

from programmes.api import programmes as api

urlpatterns = [
    path("", api.Index.as_view(), name="index"),
    path("programmes/", api.Programmes.as_view(), name="programmes"),
    path("programmes/<slug:slug>/", api.OneProgramme.as_view(), name="programme"),
    path("programmes/<slug:slug>/phases/", api.Phases.as_view(), name="phases"),
    path("programmes/<slug:slug>/phases/<slug:phase>/", api.OnePhase.as_view(), name="phase"),
    path("programmes/<slug:slug>/phases/<slug:phase>/open/", api.OpenPhase.as_view(), name="phase-open"),
    path("programmes/<slug:slug>/phases/<slug:phase>/close/", api.ClosePhase.as_view(), name="phase-close"),
    path("programmes/<slug:slug>/members/", api.Members.as_view(), name="members"),
    path("programmes/<slug:slug>/changes/", api.Changes.as_view(), name="changes"),
]
