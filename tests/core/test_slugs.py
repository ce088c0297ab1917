"""What becomes of a title in an address."""

import pytest

from mindlab.core.slugs import base_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Mirror neurons", "mirror-neurons"),
        ("μ-Opioid", "mu-opioid"),
        ("\u00b5-opioid", "mu-opioid"),
        ("β", "beta"),
        ("α-Synuclein", "alpha-synuclein"),
        ("Δ9-THC", "delta9-thc"),
        ("γδ T cells", "gammadelta-t-cells"),
        ("Ψυχή", "psychi"),
        ("睡眠", "shuimian"),
        ("Émotion", "emotion"),
        ("Cafe\u0301", "cafe"),
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
