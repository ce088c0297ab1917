"""The configuration of the core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What the whole site shares."""

    name = "mindlab.core"
    default_auto_field = "django.db.models.BigAutoField"
