"""The configuration of the evidence app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """What statements rest on: sources, claims, measurements."""

    name = "mindlab.evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the rule about figures of measurements."""
        from mindlab.core import blockers
        from mindlab.evidence.measured import figures_have_values

        blockers.register(figures_have_values)
