"""The lock that everything which changes a page takes first, so that changes come one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction
from wagtail.models import Page

_within = ContextVar("within", default=False)


@contextmanager
def whole() -> Iterator[None]:
    """Do a change whole or not at all; parts of it that are such changes themselves set no savepoint.

    What fails in a part ends the change: it is caught outside of it, or around an ``atomic()`` within.
    """
    is_part = _within.get()
    token = _within.set(True)
    try:
        with transaction.atomic(savepoint=not is_part):
            yield
    finally:
        _within.reset(token)


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
