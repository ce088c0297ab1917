"""The configuration of the users app."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    """The people who sign in."""

    name = "mindlab.users"
    default_auto_field = "django.db.models.BigAutoField"
