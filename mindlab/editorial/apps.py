"""The configuration of the editorial app."""

from django.apps import AppConfig


class EditorialConfig(AppConfig):
    """The review; it registers the gate that core asks."""

    name = "mindlab.editorial"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mindlab.core import gate
        from mindlab.editorial.gate import ReviewGate
        from mindlab.editorial.signal_handlers import follow_text

        gate.register(ReviewGate())
        gate.text_saved.connect(follow_text, dispatch_uid="mindlab.editorial.follow_text")
