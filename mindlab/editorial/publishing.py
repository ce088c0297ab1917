"""What happens at the last approval. Imported while Wagtail's models load: no model at the top."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied


def publish_reviewed(workflow_state: Any, user: Any = None) -> None:
    """Publish the text that was reviewed, or give it its date; the page asks the gate again.

    The approval is what gives the right to publish, so no other right is asked of the last
    reviewer. Pages that no review is prescribed for go the way Wagtail has for them.

    Raises:
        PermissionDenied: when the reviewed text is not the newest.
        mindlab.core.gate.PublicationRefused: when the gate does not agree.
    """
    from mindlab.core.pages import ReviewedPage

    page = workflow_state.content_object
    revision = page.get_latest_revision()
    if not issubclass(getattr(page, "specific_class", type(page)), ReviewedPage):
        revision.publish(user=user)
        return
    if workflow_state.current_task_state.revision_id != revision.pk:
        raise PermissionDenied(f"“{page.title}” has a newer text than the one that was reviewed.")
    revision.publish(user=user, skip_permission_checks=True)
