"""Front matter: three syntaxes, what it may set, and what it may not do to the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindlab.importer.parsers.document import Lines
from mindlab.importer.parsers.front_matter import read_front_matter

YAML = "---\ntitle: Sleep\ntags: [a, b]\ndate: 2024-02-03\nkind: concept\n---\nbody\n"
TOML = '+++\ntitle = "Sleep"\ntags = ["a", "b"]\ndate = 2024-02-03\nkind = "concept"\n+++\nbody\n'
JSON = '{\n"title": "Sleep",\n"tags": ["a", "b"],\n"date": "2024-02-03",\n"kind": "concept"\n}\nbody\n'


@pytest.mark.parametrize("text", [YAML, TOML, JSON])
def test_three_syntaxes_say_the_same(text):
    matter = read_front_matter(text)
    assert (matter.title, matter.tags, matter.kind) == ("Sleep", ("a", "b"), "concept")
    assert matter.dates == (("date", "2024-02-03"),)
    assert matter.lines == Lines(1, 6)
    assert matter.body == "\n" * 6 + "body\n"


def test_front_matter_under_a_heading():
    matter = read_front_matter("# Motor control\n\n---\ntitle: Motor Control\n---\n\ntext")
    assert matter.title == "Motor Control"
    assert matter.body == "# Motor control\n\n\n\n\n\ntext"


@pytest.mark.parametrize("key", ["slug", "owner", "live", "url", "permalink", "depth", "path", "draft", "id"])
def test_keys_that_the_site_decides_are_refused_by_name(key):
    matter = read_front_matter(f"---\ntitle: T\n{key}: value\n---\n")
    (left,) = matter.left_out
    assert left.text == f"{key}: value"
    assert left.reason == "front matter may not set this; the site decides it"
    assert left.lines == Lines(3, 3)


def test_the_first_of_several_decks_is_taken_and_the_others_are_kept_as_left_out():
    matter = read_front_matter("---\nsubtitle: One\ndescription: Two\n---\n")
    assert matter.deck == "One"
    assert [left.text for left in matter.left_out] == ["description: Two"]


def test_authors_in_their_many_forms():
    matter = read_front_matter("---\nauthors:\n  - name: A. One\n    email: x\n  - B. Two\n---\n")
    assert matter.authors == ("A. One", "B. Two")
    assert read_front_matter("---\nauthor: A. One, B. Two\n---\n").authors == ("A. One", "B. Two")


def test_wikilinks_in_lists_survive_yaml():
    assert read_front_matter("---\naliases:\n  - '[[Sleep]]'\n---\n").aliases == ("Sleep",)


def test_damaged_yaml_is_read_line_by_line_with_a_warning():
    matter = read_front_matter("---\ntitle: Sleep: a history\ntags: [a, b]\naliases:\n  - x\n---\nbody")
    assert (matter.title, matter.tags, matter.aliases) == ("Sleep: a history", ("a", "b"), ("x",))
    assert matter.warnings


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nA paragraph between rules.\n\n---\n",
        "---\n# A heading between rules\n---\ntext",
        "---\n- a list\n---\n",
        "{not json}\ntext",
        "no front matter\n---\na: b\n---\n",
    ],
)
def test_what_only_looks_like_front_matter_stays_in_the_text(text):
    assert read_front_matter(text).body == text


@pytest.mark.parametrize(
    "source",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "a: !!python/object/apply:os.system ['true']",
        "a: " + "[" * 2000 + "]" * 2000,
        "a: " + "{a: " * 500,
        "? - x\n: y",
        "2024-13-45: x\ndate: 2024-13-45",
    ],
)
def test_yaml_that_would_do_harm_does_none(source):
    matter = read_front_matter(f"---\n{source}\n---\nbody")
    assert matter.body.endswith("body")
    assert all(len(str(value)) < 10_000 for _, value in matter.fields)


@given(st.text(max_size=120), st.sampled_from(["---", "+++"]))
def test_any_front_matter_is_read(source, fence):
    text = f"{fence}\n{source}\n{fence}\nbody"
    matter = read_front_matter(text)
    assert matter.body.endswith("body")
    assert matter.body.count("\n") == text.count("\n")


def test_a_title_that_yaml_takes_for_a_number_or_a_day_is_a_title():
    assert read_front_matter("---\ntitle: 1984\n---\nWords.\n").title == "1984"
    assert read_front_matter("---\ntitle: 2021-05-01\n---\nWords.\n").title == "2021-05-01"


def test_keys_that_come_twice_are_reported_with_what_was_put_aside():
    matter = read_front_matter("---\ntitle: One\ntitle: Two\ntags: [a]\n---\nWords.\n")
    assert matter.title == "Two"
    assert any("title: One" in warning for warning in matter.warnings)


def test_authors_in_mappings_are_persons_and_the_rest_of_them_is_left_out():
    text = (
        "---\nauthors:\n  - name: Jane Roe\n    affiliation: Porto\n  - given: Bob\n    family: Smith\n"
        "  - name: {first: Zoe, last: Ma}\n---\nWords.\n"
    )
    matter = read_front_matter(text)
    assert matter.authors == ("Jane Roe", "Bob Smith", "Zoe Ma")
    assert ["affiliation: Porto" in left.reason for left in matter.left_out] == [True]
