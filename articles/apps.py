"""The configuration of the articles app."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """Articles and the hubs of their topics."""

    name = "articles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the floors below what only this one can count."""
        from articles.mentions import about
        from articles.models import ArticlePage
        from glossary import mentions
        from mindlab.reading import live_values

        mentions.register(about)
        live_values.register_counter(ArticlePage.objects.number_under)
