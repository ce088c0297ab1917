"""The configuration of the articles app."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """Articles and the hubs of their topics."""

    name = "articles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the floors below what only this one can count, and name its kinds of page."""
        from articles.counting import articles_of_topic
        from articles.mentions import about
        from articles.models import ArticlePage, TopicPage
        from glossary import mentions
        from mindlab.core import kinds
        from mindlab.reading import live_values

        mentions.register(about)
        live_values.register_counter(articles_of_topic)
        kinds.register(kinds.Kind("article", ArticlePage, lambda page: page.deck, order=2))
        kinds.register(kinds.Kind("topic", TopicPage, lambda page: page.deck, order=3))
