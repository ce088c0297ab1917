"""The configuration of the core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What the whole site shares."""

    name = "mindlab.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Draw diagrams as their page is published, name its kind of page, add the house's checks."""
        from wagtail.signals import page_published

        from mindlab.core import checks, kinds
        from mindlab.core.models import ContributorPage
        from mindlab.core.signal_handlers import on_published

        page_published.connect(on_published, dispatch_uid="draw_diagrams")
        kinds.register(kinds.Kind("person", ContributorPage, lambda page: page.role, order=4))
        checks.register_all()
