"""The configuration of the newsletter app."""

from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    """The Intelligence Brief."""

    name = "mindlab.newsletter"
    default_auto_field = "django.db.models.BigAutoField"
