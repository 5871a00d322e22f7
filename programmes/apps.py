"""Registers the app."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate

from programmes.guards import check_guards, lift_guards, put_guards
from programmes.search_index import check_index, put_index


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        # Infrastructure, not business: a later migration that remakes a SQLite table drops its triggers silently.
        pre_migrate.connect(lift_guards, sender=self, dispatch_uid="guards that name another table")
        post_migrate.connect(put_guards, dispatch_uid="append-only guards")
        register(check_guards, Tags.database)
        post_migrate.connect(put_index, dispatch_uid="full-text index")
        register(check_index, Tags.database)
