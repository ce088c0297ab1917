"""Make what is missing of the tree, the groups and the review workflow, and the lists of pages anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from mindlab.home.site_address import address_default_site
from mindlab.home.site_setup import ensure_site


class Command(BaseCommand):
    """Add what is new or was deleted since ``migrate`` set the site up, and follow it when it has moved."""

    help = (
        "Make what is missing of the tree, the groups and the workflow; give the site the address SITE_URL."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            ensure_site()
            address = address_default_site()
        with connection.cursor() as cursor:
            # How many rows there are decides which index a database reads.
            cursor.execute("ANALYZE")
        self.stdout.write(f"The tree, the groups and the review workflow stand; the site is at {address}.")
