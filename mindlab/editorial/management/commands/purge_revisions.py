"""Delete old revisions that nothing needs any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Page, Revision


class Command(BaseCommand):
    """Wagtail's command, held back from what the review stands on.

    Kept are revisions that are live, newest or scheduled, those a task of the review was about,
    and all since a page's last publication: they say whose work the text is.
    """

    help = "Delete revisions that are not live, newest, scheduled, reviewed, or newer than what is public."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--days", type=int, default=0, help="Only revisions older than so many days.")

    def handle(self, *args: Any, **options: Any) -> None:
        page = Page.objects.annotate(key=Cast("pk", CharField())).filter(key=OuterRef("object_id"))
        needed = page.filter(
            Q(live_revision=OuterRef("pk"))
            | Q(latest_revision=OuterRef("pk"))
            | Q(last_published_at=None)
            | Q(live_revision=None, last_published_at__lt=OuterRef("created_at"))
            | Q(live_revision__created_at__lt=OuterRef("created_at"))
        )
        old = (
            Revision.page_revisions.filter(approved_go_live_at=None, task_states=None)
            .exclude(Exists(needed))
            .filter(created_at__lt=timezone.now() - timedelta(days=options["days"]))
            .order_by(F("created_at"), "pk")
        )
        count = 0
        for revision in old.iterator():
            revision.delete()
            count += 1
        self.stdout.write(f"{count} revisions deleted.")
