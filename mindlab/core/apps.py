"""The configuration of the core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What the whole site shares."""

    name = "mindlab.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Guard plain pages, name its kind of page, add the checks."""
        from django.db.models.signals import pre_save
        from wagtail.models import Page

        from mindlab.core import checks, kinds
        from mindlab.core.models import ContributorPage
        from mindlab.core.pages import guard_base_page

        pre_save.connect(guard_base_page, sender=Page, dispatch_uid="guard_base_page")
        kinds.register(kinds.Kind("person", ContributorPage, lambda page: page.role, order=4))
        checks.register_all()
