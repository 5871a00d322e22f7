"""Owns the one tree of addresses, and what is shown when nothing in it fits."""

from django.urls import include, path

from realist_eval.docs_page import ApiDocs
from realist_eval.health import alive, ready

urlpatterns = [
    path("api/v1/docs/", ApiDocs.as_view(), name="api-docs"),
    path("api/v1/", include("realist_eval.api")),
    path("healthz", alive),
    path("readyz", ready),
    path("", include("programmes.urls")),
    path("", include("cmo.urls")),
]
handler400 = "programmes.views.errors.unreadable"
handler403 = "programmes.views.errors.refused"
handler404 = "realist_eval.handlers.missing"
handler500 = "realist_eval.handlers.broken"
