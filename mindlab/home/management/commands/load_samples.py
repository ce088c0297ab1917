"""``manage.py load_samples``: demo users and the sample library, for a site that is tried out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mindlab.home import demo_users, sample_library


class Command(BaseCommand):
    """Make the demo users and load what is missing of the sample library."""

    help = "Makes the demo users (passwords are printed once) and loads the sample library."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run both steps; a second call changes nothing."""
        new = demo_users.ensure_demo_users()
        try:
            sample_library.load(self.say)
        except sample_library.SampleLibraryError as error:
            raise CommandError(str(error)) from error
        finally:
            self.show(new)

    def show(self, new: list[demo_users.NewPassword]) -> None:
        """Print the passwords that were just made."""
        if new:
            self.stdout.write("Demo users; their passwords are shown this once:")
        for each in new:
            self.say(f"  {each.user.username:<10}{each.password:<24}{each.user.does}")

    def say(self, line: str) -> None:
        """Print one line of progress at once."""
        self.stdout.write(line)
        self.stdout.flush()
