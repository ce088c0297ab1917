"""The configuration of the glossary app."""

from django.apps import AppConfig


class GlossaryConfig(AppConfig):
    """Concepts and how they relate."""

    name = "glossary"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the projection of relations to publication, add the rule about names."""
        from wagtail.signals import page_published, page_unpublished

        from glossary.models import ConceptPage
        from glossary.one_name import title_is_free
        from glossary.signal_handlers import on_published, on_unpublished
        from mindlab.core import blockers

        blockers.register(title_is_free)
        page_published.connect(on_published, sender=ConceptPage)
        page_unpublished.connect(on_unpublished, sender=ConceptPage)
