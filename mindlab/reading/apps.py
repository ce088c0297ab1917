"""The configuration of the reading app."""

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    """Makes pages ready to be read."""

    name = "mindlab.reading"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Draw the diagrams of a page as it is published, and let none be that the engine refused."""
        from wagtail.signals import page_published

        from mindlab.core import blockers
        from mindlab.reading.drawings import refused
        from mindlab.reading.signal_handlers import on_published

        page_published.connect(on_published, dispatch_uid="draw_diagrams")
        blockers.register(refused)
