"""A person's own account, in which the name that readers see is not theirs to choose."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.forms.account import NameEmailForm
from wagtail.admin.views import account


class GivenNameForm(NameEmailForm):
    """Lets those change a name who may change accounts: what somebody approves is shown under it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.has_perm("users.change_user"):
            return
        for name in ("first_name", "last_name"):
            field = self.fields[name]
            field.disabled, field.required = True, False
            field.help_text = _("Readers see it where you approve something: an administrator changes it.")


class AccountView(account.AccountView):
    """Wagtail's view of one's own account."""

    def get_panels(self) -> list[Any]:
        panels: list[Any] = super().get_panels()
        for panel in panels:
            if isinstance(panel, account.NameEmailSettingsPanel):
                panel.form_class = GivenNameForm
        return panels


account_view = require_admin_access(AccountView.as_view())
