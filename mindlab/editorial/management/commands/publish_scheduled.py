"""Publish what is due, and go on when one page may not be."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone
from wagtail.management.commands import publish_scheduled
from wagtail.models import Page, Revision

from mindlab.core.locking import hold


class Command(publish_scheduled.Command):
    """Wagtail's command, in which one refused page does not keep the others from their date."""

    help = "Publish pages whose go-live date has come, and unpublish those that have expired."

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dryrun"]:
            super().handle(*args, **options)
            return
        expired = Page.objects.filter(live=True, expire_at__lt=timezone.now()).order_by("expire_at")
        for page_id in list(expired.values_list("pk", flat=True)):
            self.unpublish(page_id)
        due = Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at")
        refused = sum(not self.publish(revision) for revision in list(due))
        if refused:
            raise CommandError(f"{refused} scheduled pages could not be published.")

    @transaction.atomic
    def unpublish(self, page_id: int) -> None:
        """Take down one page, if its time is still over."""
        hold(page_id)
        page = Page.objects.filter(pk=page_id, live=True, expire_at__lt=timezone.now()).first()
        if page is not None:
            page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")

    def publish(self, revision: Revision) -> bool:
        """Publish one revision, or say on stderr why it may not be."""
        try:
            with transaction.atomic():
                if issubclass(revision.content_type.model_class() or Page, Page):
                    hold(int(revision.object_id))
                if Revision.objects.filter(pk=revision.pk, approved_go_live_at__isnull=False).exists():
                    revision.publish(log_action="wagtail.publish.scheduled")
        except PermissionDenied as error:
            self.stderr.write(str(error))
        except ValidationError as error:
            self.stderr.write(f"“{revision.object_str}”: {'; '.join(error.messages)}")
        else:
            return True
        return False
