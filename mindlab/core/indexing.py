"""The indexes of search and references and the lists, brought up to date once for a page and its rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from modelsearch import index
from modelsearch.tasks import insert_or_update_object_task
from wagtail.models import ReferenceIndex

from mindlab.core import listed


def is_held_back() -> bool:
    """Return whether somebody has switched off the index of references, who brings it up to date later."""
    # Here and below: this module of Wagtail's asks for models, and is not to be imported before them.
    from wagtail.signal_handlers import reference_index_auto_update_disabled

    return bool(getattr(reference_index_auto_update_disabled, "value", False))


@contextmanager
def held_back() -> Iterator[None]:
    """Let a page be saved with its rows without an index of the whole for each of them."""
    from wagtail.signal_handlers import disable_reference_index_auto_update

    if is_held_back():
        yield
        return
    with disable_reference_index_auto_update():
        yield


def bring_up_to_date(page: Any) -> None:
    """Index a page, after it has been saved with the rows that it has at hand.

    What it refers to is written at once: it says what may be deleted, and costs less than to put it off.
    """
    insert_or_update_object_task.enqueue(page._meta.app_label, page._meta.model_name, str(page.pk))
    if not is_held_back():
        ReferenceIndex.create_or_update_for_object(page)
    listed.follow(page)


def forget(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Take a page that was deleted out of the index of search."""
    index.remove_object(instance)
