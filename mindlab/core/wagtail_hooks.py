"""What core adds to the admin."""

from wagtail.snippets.models import register_snippet

from mindlab.core.snippets import TopicViewSet

register_snippet(TopicViewSet)
