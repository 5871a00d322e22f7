"""Owns the addresses of the yardsticks, in front of the app's own."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from bench import yardsticks

urlpatterns = [
    path("bench/bare", login_not_required(yardsticks.bare)),
    path("bench/raw/<slug:slug>", login_not_required(yardsticks.raw)),
    path("bench/stock/<slug:slug>", login_not_required(yardsticks.Stock.as_view())),
    path("bench/dump/<slug:slug>", login_not_required(yardsticks.dump)),
    path("", include("realist_eval.urls")),
]
handler403 = "programmes.views.errors.refused"
handler404 = "programmes.views.errors.missing"
handler500 = "programmes.views.errors.broken"
