"""The four accounts of a site that somebody tries out.

They have no e-mail address, so that nothing is ever sent to a person who does not exist.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from mindlab.home.site_setup import EDITORS, SCIENTIFIC_REVIEWERS, WRITERS
from mindlab.users.models import User


@dataclass(frozen=True, slots=True)
class DemoUser:
    """An account to make: its groups decide what it may do."""

    username: str
    first_name: str
    last_name: str
    does: str
    groups: tuple[str, ...] = ()
    administrator: bool = False


DEMO_USERS = (
    DemoUser("writer", "Ottoline", "Vask", "writes and submits", (WRITERS,)),
    DemoUser("editor", "Tamsin", "Orrell", "takes the editorial review", (EDITORS,)),
    DemoUser("reviewer", "Emeric", "Thornquay", "takes the scientific review", (SCIENTIFIC_REVIEWERS,)),
    DemoUser("admin", "Ada", "Minister", "administers the site", administrator=True),
)


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password that was just made; it is stored nowhere and shown once."""

    user: DemoUser
    password: str


def ensure_demo_users() -> list[NewPassword]:
    """Make the accounts that are missing and return their passwords; leave the others alone."""
    made = []
    for demo in DEMO_USERS:
        if get_user_model().objects.filter(username=demo.username).exists():
            continue
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        user = User(
            username=demo.username,
            first_name=demo.first_name,
            last_name=demo.last_name,
            is_staff=demo.administrator,
            is_superuser=demo.administrator,
        )
        user.set_password(password)
        user.save()
        user.groups.set(Group.objects.filter(name__in=demo.groups))
        made.append(NewPassword(demo, password))
    return made
