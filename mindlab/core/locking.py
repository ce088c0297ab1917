"""The lock that everything which changes a page takes first, so that changes come one after the other."""

from __future__ import annotations

from django.db import connection, transaction
from wagtail.models import Page


def hold(*page_ids: int) -> None:
    """Hold the rows of these pages until the transaction ends, in the order of their keys.

    Whoever changes a page, its revisions or its review holds its row before reading anything of
    them: nobody then works on what another is replacing, and no two wait for one another. Rows
    that point at the page may be written meanwhile. SQLite lets one transaction write at a time
    and needs nothing more.

    Raises:
        TransactionManagementError: outside a transaction, where nothing would be held.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A page can be held within a transaction only.")
    if connection.features.has_select_for_update:
        rows = Page.objects.select_for_update(no_key=True).filter(pk__in=page_ids).order_by("pk")
        list(rows.values_list("pk"))
