"""What becomes of a title in an address."""

import pytest

from mindlab.importer.slugs import base_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Mirror neurons", "mirror-neurons"),
        ("μ-Opioid", "m-opioid"),
        ("???", "document"),
        ("", "document"),
        ("Search", "search-document"),
        ("Überall", "uberall"),
    ],
)
def test_addresses(title, slug):
    assert base_slug(title) == slug


def test_long_addresses_end_with_a_word():
    assert base_slug("word " * 60).endswith("-word")
    assert len(base_slug("x" * 5000)) == 100
