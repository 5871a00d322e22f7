"""Owns the addresses of phases, verdicts, snapshots and comparisons."""

from django.urls import path

import cmo.addresses  # noqa: F401  (teaches Django what a number looks like)
from cmo.views import phases, snapshots, verdicts

urlpatterns = [
    path("phases", phases.Phases.as_view(), name="phases"),
    path("phases/changes.<str:kind>", phases.Changes.as_view(), name="phases-changes"),
    path("settings/phases/<slug:phase>/close", phases.ClosePhase.as_view(), name="phase-close"),
    path("snapshots", phases.TakeSnapshot.as_view(), name="snapshots"),
    path("snapshots/<slug:snapshot>", snapshots.SnapshotPage.as_view(), name="snapshot"),
    path("snapshots/<slug:snapshot>/canonical.json", snapshots.Canonical.as_view(), name="snapshot-canonical"),
    path("verdicts", verdicts.Verdicts.as_view(), name="verdicts"),
    path(
        "s/<number:number>/verdicts", verdicts.OnRecord.as_view(), {"of": "statement"}, name="statement-verdicts"
    ),
    path(
        "cmo/<number:number>/verdicts",
        verdicts.OnRecord.as_view(),
        {"of": "configuration"},
        name="configuration-verdicts",
    ),
]
