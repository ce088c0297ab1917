"""The account of a person who signs in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """An account of our own from the first migration on, because it cannot be changed later."""

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()
