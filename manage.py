#!/usr/bin/env python
"""Run Django's and MindLAB's own commands: ``python manage.py help`` lists them."""

import os
import sys


def main() -> None:
    """Start Django's command line with the development settings unless others are named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mindlab.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
