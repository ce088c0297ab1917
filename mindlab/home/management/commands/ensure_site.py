"""Make what is missing of the tree, the groups and the review workflow."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from mindlab.home.site_setup import ensure_site


class Command(BaseCommand):
    """Run the set-up that ``migrate`` runs, on a site where something was deleted since."""

    help = "Make what is missing of the tree, the groups and the review workflow; change nothing else."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            ensure_site(apps)
        self.stdout.write("The tree, the groups and the review workflow stand.")
