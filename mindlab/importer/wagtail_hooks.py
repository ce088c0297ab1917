"""What the importer adds to the admin: the name of its own action in a page's history."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from mindlab.importer.applying import PROPOSE


@hooks.register("register_log_actions")
def register_propose(actions: LogActionRegistry) -> None:
    """Name the proposed revision in the history, where it can be compared and accepted."""
    actions.register_action(PROPOSE, _("Propose from import"), _("Proposed by an import: compare and accept"))
