"""How names compare, and what becomes of a name in an address."""

import pytest

from mindlab.importer.names import name_key
from mindlab.importer.slugs import base_slug


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mirror neurons", "mirror neuron"),
        ("Mirror-neuron", "MIRROR NEURONS"),
        ("Hippocampi", "hippocampus"),
        ("basal ganglia", "Basal ganglion"),
        ("amygdalae", "Amygdala"),
        ("therapies", "therapy"),
        ("synapses", "synapse"),
        ("biases", "biase"),
        ("diagnoses", "Diagnoses"),
        ("analyses", "analysis"),
        ("reflexes", "reflex"),
        ("“Trust”", "trust"),
        ("GABA (A)", "gaba (a)"),
    ],
)
def test_the_same_but_for_case_hyphens_and_number(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("stress", "stres"),
        ("thalamus", "thalamu"),
        ("analysis", "analysi"),
        ("CA1", "CA3"),
        ("D1", "D2"),
        ("", "s"),
    ],
)
def test_other_names_stay_apart(one, other):
    assert name_key(one) != name_key(other)


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
