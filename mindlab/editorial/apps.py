"""The configuration of the editorial app."""

from django.apps import AppConfig


class EditorialConfig(AppConfig):
    """The review; it registers the gate that core asks."""

    name = "mindlab.editorial"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import pre_delete
        from wagtail.models import Page

        from mindlab.core import gate
        from mindlab.editorial.gate import ReviewGate
        from mindlab.editorial.material import guard
        from mindlab.editorial.signal_handlers import end_publication, follow_text

        gate.register(ReviewGate())
        gate.text_saved.connect(follow_text, dispatch_uid="mindlab.editorial.follow_text")
        pre_delete.connect(end_publication, sender=Page, dispatch_uid="mindlab.editorial.end_publication")
        guard.connect()
