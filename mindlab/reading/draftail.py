"""The live count in the rich text editor: its form, its button, and how it is stored."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from draftjs_exporter.dom import DOM
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.admin.rich_text.converters.html_to_contentstate import InlineEntityElementHandler
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.rich_text.feature_registry import FeatureRegistry

from mindlab.core.models import Topic
from mindlab.reading.live_values import FEATURE, LiveCountEmbedHandler

ENTITY = "LIVE_COUNT"


class LiveCountForm(forms.Form):
    """What an editor says about a live count: whose articles, and the words for each case."""

    topic = forms.ModelChoiceField(
        queryset=Topic.objects.order_by("name"),
        label=gettext_lazy("Topic"),
        help_text=gettext_lazy("The published articles under this topic are counted."),
    )
    many = forms.CharField(
        label=gettext_lazy("For two or more"),
        initial="{count} articles",
        help_text=gettext_lazy("{count} stands for the number."),
    )
    one = forms.CharField(label=gettext_lazy("For one"), initial="one article")
    none = forms.CharField(
        label=gettext_lazy("For none"),
        required=False,
        help_text=gettext_lazy("Leave empty to show nothing: a heading then stays away with its section."),
    )

    def clean_many(self) -> str:
        """Refuse a form for many without the number."""
        value: str = self.cleaned_data["many"]
        if "{count}" not in value:
            raise forms.ValidationError(
                _("Write {count} where the number goes, for example “{count} articles”.")
            )
        return value


@permission_required("wagtailadmin.access_admin", login_url="wagtailadmin_login")
def choose_live_count(request: HttpRequest) -> HttpResponse:
    """Ask for a topic and the forms, and hand them to the editor."""
    data = request.POST if request.method == "POST" else None
    initial = {name: request.GET[name] for name in ("topic", "many", "one", "none") if name in request.GET}
    form = LiveCountForm(data, initial=initial or None, prefix="live-count")
    if form.is_valid():
        forms_of_count = {name: form.cleaned_data[name] for name in ("none", "one", "many")}
        chosen = {"topic": str(form.cleaned_data["topic"].pk), "name": form.cleaned_data["topic"].name}
        return render_modal_workflow(
            request, None, None, None, json_data={"step": "chosen", "result": {**chosen, **forms_of_count}}
        )
    return render_modal_workflow(
        request, "reading/admin/choose_live_count.html", None, {"form": form}, json_data={"step": "choose"}
    )


class LiveCountElementHandler(InlineEntityElementHandler):
    """Reads a stored token into the editor, as words that cannot be edited letter by letter."""

    mutability = "IMMUTABLE"

    def __init__(self) -> None:
        super().__init__(ENTITY)

    def handle_starttag(self, name: str, attrs: Any, state: Any, contentstate: Any) -> None:
        super().handle_starttag(name, attrs, state, contentstate)
        state.current_block.text += dict(attrs).get("many") or "{count}"

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, str]:
        return {name: attrs.get(name, "") for name in ("topic", "none", "one", "many")}


def live_count_element(props: dict[str, Any]) -> Any:
    """Write the token from the editor's entity; its words come from the forms, not the text."""
    forms_of_count = {name: props.get(name) or "" for name in ("topic", "none", "one", "many")}
    return DOM.create_element("embed", {"embedtype": FEATURE, **forms_of_count})


def register(features: FeatureRegistry) -> None:
    """Add the feature to Wagtail's registry."""
    features.register_editor_plugin(
        "draftail",
        FEATURE,
        EntityFeature(
            {
                "type": ENTITY,
                "icon": "order",
                "description": gettext_lazy("Live count of articles"),
                "formUrl": reverse_lazy("choose_live_count"),
            },
            js=["wagtailadmin/js/modal-workflow.js", "js/live-count.js"],
        ),
    )
    features.register_converter_rule(
        "contentstate",
        FEATURE,
        {
            "from_database_format": {f'embed[embedtype="{FEATURE}"]': LiveCountElementHandler()},
            "to_database_format": {"entity_decorators": {ENTITY: live_count_element}},
        },
    )
    features.register_embed_type(LiveCountEmbedHandler)
