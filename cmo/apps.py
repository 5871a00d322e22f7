"""Registers the app."""

from django.apps import AppConfig


class CmoConfig(AppConfig):
    name = "cmo"
    verbose_name = "Theory"
