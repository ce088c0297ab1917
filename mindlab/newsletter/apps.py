"""The configuration of the newsletter app."""

from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    """The Intelligence Brief."""

    name = "mindlab.newsletter"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who may see snapshots, before anything asks."""
        from wagtail.permissions import register_permission_policy

        from mindlab.newsletter.models import IssueSnapshot
        from mindlab.newsletter.permissions import SnapshotPermissionPolicy

        register_permission_policy(IssueSnapshot, SnapshotPermissionPolicy(IssueSnapshot))
