"""The configuration of the home app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The home page, the set-up of a site, the sample library."""

    name = "mindlab.home"
    default_auto_field = "django.db.models.BigAutoField"
