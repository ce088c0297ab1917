"""What a person may do with a page, where publishing is decided by the review."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from wagtail.models import PagePermissionTester

from mindlab.core import gate


class SitePagePermissionTester(PagePermissionTester):
    """Refuses to create and publish in one go where the pages below are reviewed."""

    def can_publish_subpage(self) -> bool:
        return bool(super().can_publish_subpage()) and not self._subpages_are_reviewed()

    def may_set_dates(self) -> bool:
        """Return whether this person decides when the page becomes public and when it is taken down."""
        return bool(self.user.is_active and (self.user.is_superuser or "publish" in self.permissions))

    def _subpages_are_reviewed(self) -> bool:
        models = self.page.specific_class.creatable_subpage_models()
        return any(getattr(model, "required_steps", ()) for model in models)


class ReviewedPagePermissionTester(SitePagePermissionTester):
    """Makes the right to publish conditional on the gate's verdict about the latest text."""

    page: Any

    def can_publish(self) -> bool:
        return self._holds_publish and self._latest_text_is_approved

    def can_set_view_restrictions(self) -> bool:
        return self._holds_publish

    def can_unschedule(self) -> bool:
        return self._holds_publish

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Answer as Wagtail does, without its queries about pages below, of which there are none."""
        if not self.page.is_leaf():
            return bool(super().can_delete(ignore_bulk))
        if not self.user.is_active:
            return False
        if self.user.is_superuser:
            return True
        if self.page.live and "publish" not in self.permissions:
            return False
        return "change" in self.permissions or (
            "add" in self.permissions and self.page.owner_id == self.user.pk
        )

    @cached_property
    def _holds_publish(self) -> bool:
        return bool(super().can_publish())

    @property
    def _latest_text_is_approved(self) -> bool:
        """Ask once for each revision: the answer changes when a newer one is saved."""
        verdicts: dict[Any, bool] = self.__dict__.setdefault("_verdicts", {})
        revision_id = self.page.latest_revision_id
        if revision_id not in verdicts:
            revision = self.page.get_latest_revision()
            verdicts[revision_id] = revision is not None and gate.verdict(revision.as_object()).agrees
        return verdicts[revision_id]
