"""Owns the addresses of lineage, below a programme."""

from django.urls import path

import cmo.addresses  # noqa: F401  (teaches Django what a number looks like)
from cmo.views import lineage

OF_STATEMENTS, OF_CONFIGURATIONS = {"of": "statement"}, {"of": "configuration"}

urlpatterns = [
    path("lineage", lineage.Timeline.as_view(), name="lineage"),
    path("lineage/<number:number>/undo", lineage.Undo.as_view(), name="lineage-undo"),
    path("theory/merge", lineage.Merge.as_view(), OF_STATEMENTS, name="statements-merge"),
    path("s/<number:number>/split", lineage.Split.as_view(), OF_STATEMENTS, name="statement-split"),
    path("s/<number:number>/replace", lineage.Replace.as_view(), OF_STATEMENTS, name="statement-replace"),
    path("s/<number:number>/refine", lineage.Refine.as_view(), OF_STATEMENTS, name="statement-refine"),
    path("cmo/merge", lineage.Merge.as_view(), OF_CONFIGURATIONS, name="configurations-merge"),
    path("cmo/<number:number>/split", lineage.Split.as_view(), OF_CONFIGURATIONS, name="configuration-split"),
    path("cmo/<number:number>/replace", lineage.Replace.as_view(), OF_CONFIGURATIONS, name="configuration-replace"),
    path("cmo/<number:number>/refine", lineage.Refine.as_view(), OF_CONFIGURATIONS, name="configuration-refine"),
]
