"""The configuration of the importer app."""

from django.apps import AppConfig


class ImporterConfig(AppConfig):
    """Documents become drafts."""

    name = "mindlab.importer"
    default_auto_field = "django.db.models.BigAutoField"
