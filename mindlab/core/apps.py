"""The configuration of the core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What the whole site shares."""

    name = "mindlab.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Guard pages, their rows and exports, clean texts, give tags addresses, add the checks."""
        from django.apps import apps
        from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
        from taggit.models import Tag
        from wagtail.models import Page, PageViewRestriction
        from wagtail.signals import post_page_move, pre_page_move

        from mindlab.core import checks, indexing, listed, printable, privacy
        from mindlab.core.addresses import guard_move, guard_slug
        from mindlab.core.child_rows import guard_all
        from mindlab.core.pages import ReviewedPage, follow_base_page, guard_base_page, guard_row
        from mindlab.core.slugs import address_tag
        from mindlab.core.spreadsheets import guard_exports

        # First of all: what follows judges the text that is written.
        printable.connect()
        pre_save.connect(address_tag, sender=Tag, dispatch_uid="address_tag")
        pre_save.connect(guard_base_page, sender=Page, dispatch_uid="guard_base_page")
        post_save.connect(follow_base_page, sender=Page, dispatch_uid="follow_base_page")
        for model in apps.get_models():
            if issubclass(model, ReviewedPage):
                pre_save.connect(guard_row, sender=model, dispatch_uid=f"guard_row:{model._meta.label}")
                pre_delete.connect(listed.take_out, sender=model, dispatch_uid=f"unlist:{model._meta.label}")
                post_delete.connect(indexing.forget, sender=model, dispatch_uid=f"forget:{model._meta.label}")
            elif issubclass(model, Page):
                pre_save.connect(guard_slug, sender=model, dispatch_uid=f"guard_slug:{model._meta.label}")
        pre_page_move.connect(guard_move, dispatch_uid="guard_move")
        post_page_move.connect(privacy.forget, dispatch_uid="forget_private")
        for signal in (post_save, post_delete):
            signal.connect(privacy.forget, sender=PageViewRestriction, dispatch_uid="forget_private")
            signal.connect(
                listed.restriction_changed, sender=PageViewRestriction, dispatch_uid="relist_private"
            )
        post_page_move.connect(listed.page_moved, dispatch_uid="relist_moved")
        guard_all()
        guard_exports()
        checks.register_all()
