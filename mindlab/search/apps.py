"""The configuration of the search app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """One search over all kinds of page."""

    name = "mindlab.search"
    default_auto_field = "django.db.models.BigAutoField"
