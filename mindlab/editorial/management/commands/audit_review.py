"""Find public pages that the review has not approved as they stand."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Page, get_page_models

from mindlab.core.pages import ReviewedPage
from mindlab.editorial.publications import not_as_published


class Command(BaseCommand):
    """Compare every live page of a reviewed type with its publication.

    It finds what SQL, ``queryset.update`` and the like have done past the gate. Exit code 1 when
    there is anything to tell.
    """

    help = "List live pages whose present text has not passed the review; exit 1 if there are any."

    def handle(self, *args: Any, **options: Any) -> None:
        checked = found = 0
        for model in get_page_models():
            if not issubclass(model, ReviewedPage):
                continue
            for page in model.objects.filter(live=True).order_by("path").iterator(chunk_size=100):
                checked += 1
                missing = not_as_published(page)
                if missing:
                    found += 1
                    self.stdout.write(self.line(page, missing))
        summary = f"{checked} live pages checked, {found} without a full set of approvals."
        if found:
            raise CommandError(summary)
        self.stdout.write(summary)

    def line(self, page: Page, missing: list[str]) -> str:
        """Return one page's line of the report: key, type, address and what is missing."""
        return f"{page.pk}\t{page._meta.verbose_name}\t{page.url_path}\t{'; '.join(missing)}"
