"""Owns the one tree of API addresses, and the schema; the offline page stands in urls.py, as pages link to it."""

from django.urls import include, path

from cmo.api.search import SearchAll
from realist_eval.openapi import Schema

app_name = "api"
urlpatterns = [
    path("", include("programmes.api.urls")),
    path("search/", SearchAll.as_view(), name="search-all"),
    path("programmes/<slug:slug>/", include("cmo.api.urls")),
    path("schema/", Schema.as_view(), name="schema"),
]
