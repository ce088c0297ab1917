"""The configuration of the evidence app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """What statements rest on: sources, claims, measurements."""

    name = "mindlab.evidence"
    default_auto_field = "django.db.models.BigAutoField"
