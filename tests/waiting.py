"""Waiting for what a browser set off, by its effect and not by the clock."""

import time

PATIENCE = 90
"""Seconds; a loaded machine takes its time, a failing test may."""


def wait_until(check):
    """Return once ``check()`` holds; fail when it has not for a long time."""
    end = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < end, "what was waited for did not happen"
        time.sleep(0.1)
