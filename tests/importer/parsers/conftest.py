"""How many examples the property tests try: HYPOTHESIS_PROFILE=long for an hour of them."""

import os

from hypothesis import settings

settings.register_profile("quick", max_examples=150, deadline=None)
settings.register_profile("long", max_examples=20_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
