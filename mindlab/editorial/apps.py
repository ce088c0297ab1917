"""The configuration of the editorial app."""

from django.apps import AppConfig


class EditorialConfig(AppConfig):
    """The review."""

    name = "mindlab.editorial"
    default_auto_field = "django.db.models.BigAutoField"
