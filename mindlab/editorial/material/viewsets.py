"""How topics and sources are listed and edited in the admin."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.snippets.views.snippets import SnippetViewSet

from mindlab.core.models import Topic
from mindlab.editorial.material.edit_views import SnippetDeleteView, SnippetEditView
from mindlab.evidence.models import Source


class TopicViewSet(SnippetViewSet):
    """Topics: tags with an address of their own, before and after they have a hub."""

    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    menu_order = 250
    add_to_admin_menu = True
    list_display: ClassVar[list[str]] = ["name", "slug"]
    search_fields: ClassVar[list[str]] = ["name"]
    edit_view_class = SnippetEditView
    delete_view_class = SnippetDeleteView
    panels: ClassVar[list[Panel]] = [
        FieldPanel("name"),
        # The address of a topic stays when its name changes, so that no link to it breaks.
        FieldPanel("slug", read_only=True),
    ]


class SourceViewSet(SnippetViewSet):
    """Sources: shared by all the claims that cite them."""

    model = Source
    edit_view_class = SnippetEditView
    delete_view_class = SnippetDeleteView
