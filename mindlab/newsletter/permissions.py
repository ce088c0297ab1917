"""Who may export issues and see what was exported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy


class SnapshotPermissionPolicy(BasePermissionPolicy):
    """Lets those who publish pages export issues and read snapshots; nobody changes a snapshot."""

    allowed = frozenset({"view", "export"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.allowed and bool(PagePermissionPolicy().user_has_permission(user, "publish"))

    def users_with_any_permission(self, actions: Iterable[str]) -> Any:
        users = PagePermissionPolicy().users_with_permission("publish")
        return users if self.allowed.intersection(actions) else users.none()
