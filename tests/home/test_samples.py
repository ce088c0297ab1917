"""The sample library: the manifest and the documents agree, and every source was seen where it says."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mindlab.importer.parsers.document import Furniture, Mermaid, Relation
from mindlab.importer.parsers.parse import parse

SAMPLES = Path(__file__).resolve().parents[2] / "mindlab" / "home" / "samples"
DOI = re.compile(r"\b10\.\d{4,9}/[^\s`\"<>]+[^\s`\"<>.,;]")
SECTIONS = {"definition", "plain_words", "mechanism", "practice", "key_facts", "relations"}
REPAIRS = {"â€™": "’", "Ã¡": "á", "Ã¼": "ü", "Î¼": "μ"}


def repaired(path: str) -> str:
    """Return a document with the faults put right that the samples carry on purpose."""
    text = (SAMPLES / path).read_text("utf-8")
    for bad, good in REPAIRS.items():
        text = text.replace(bad, good)
    return text


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return tomllib.loads((SAMPLES / "manifest.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def texts(manifest: dict[str, Any]) -> dict[str, str]:
    return {row["path"]: repaired(row["path"]) for row in manifest["documents"]}


def test_every_file_is_named_once_and_every_name_is_a_file(manifest: dict[str, Any]) -> None:
    named = Counter(row["path"] for row in manifest["documents"])
    there = {path.name for path in SAMPLES.glob("*-*.*")}
    assert set(named) == there
    assert set(named.values()) == {1}


def test_there_is_enough_for_a_living_site(manifest: dict[str, Any]) -> None:
    kinds = Counter(row["kind"] for row in manifest["documents"])
    assert set(kinds) == {"topic", "article", "concept"}
    assert kinds["topic"] >= 2
    assert kinds["article"] >= 5
    assert kinds["concept"] >= 8
    endings = {(row["kind"], Path(row["path"]).suffix) for row in manifest["documents"]}
    assert {("topic", ".txt"), ("article", ".md"), ("article", ".txt")} <= endings
    assert {("concept", ".md"), ("concept", ".txt")} <= endings


def test_all_contributors_say_that_they_are_fictitious(manifest: dict[str, Any]) -> None:
    people = manifest["contributors"]
    assert {person["role"] for person in people} == {"author", "editor", "reviewer"}
    for person in people:
        assert person["fictitious"] is True
        assert "fictitious" in person["bio"]


def test_credits_name_contributors_and_nobody_reviews_what_they_wrote(manifest: dict[str, Any]) -> None:
    names = {person["name"] for person in manifest["contributors"]}
    for row in manifest["documents"]:
        assert row["authors"], row["path"]
        assert row["reviewers"], row["path"]
        assert set(row["authors"]) | set(row["reviewers"]) <= names, row["path"]
        assert not set(row["authors"]) & set(row["reviewers"]), row["path"]


def test_every_topic_of_an_article_has_a_hub(manifest: dict[str, Any]) -> None:
    hubs = [row["topics"] for row in manifest["documents"] if row["kind"] == "topic"]
    assert all(len(topics) == 1 for topics in hubs)
    known = {topics[0] for topics in hubs}
    assert "Oxytocin" in known
    for row in manifest["documents"]:
        assert set(row["topics"]) <= known, row["path"]
        assert row["topics"] or row["kind"] == "concept", row["path"]


def test_front_matter_agrees_with_the_manifest(manifest: dict[str, Any], texts: dict[str, str]) -> None:
    for row in manifest["documents"]:
        if not row["path"].endswith(".md"):
            continue
        head = texts[row["path"]].split("---\n")[1]
        assert f"title: {row['title']}\n" in head
        if row["kind"] == "article":
            for value in row["topics"] + row["authors"]:
                assert f"  - {value}\n" in head, row["path"]


def test_the_issue_points_at_documents(manifest: dict[str, Any]) -> None:
    issue = manifest["issue"]
    paths = {row["path"] for row in manifest["documents"]}
    assert issue["number"] == 1
    assert issue["subject"]
    assert issue["preheader"]
    assert issue["introduction"]
    assert len(issue["picks"]) >= 3
    assert {pick["path"] for pick in issue["picks"]} <= paths
    assert issue["call_to_action"]["target"] in paths


def test_every_doi_is_recorded_with_the_place_where_it_was_seen(manifest: dict[str, Any]) -> None:
    entries = (SAMPLES / "SOURCES.md").read_text("utf-8").split("\n## ")[1:]
    recorded: dict[str, str] = {}
    for entry in entries:
        match = re.search(r"- DOI: `([^`]+)`", entry)
        assert "\n- Seen: " in entry, entry
        if match:
            recorded[match[1]] = entry
    used = {doi for path in SAMPLES.glob("*-*.*") for doi in DOI.findall(path.read_text("utf-8"))}
    declared = {source["doi"]: source for source in manifest["sources"] if "doi" in source}
    assert used <= set(declared)
    assert set(declared) == set(recorded)
    for doi, source in declared.items():
        assert source["title"] in recorded[doi]
        assert str(source["year"]) in recorded[doi]
    assert len(entries) == len(manifest["sources"])


def test_every_citation_has_a_source_and_every_source_is_cited(
    manifest: dict[str, Any], texts: dict[str, str]
) -> None:
    cited = {path: set(_citations(text)) for path, text in texts.items()}
    known = {(source["authors"][0]["family"], str(source["year"])) for source in manifest["sources"]}
    assert set().union(*cited.values()) == known
    for source in manifest["sources"]:
        key = (source["authors"][0]["family"], str(source["year"]))
        assert source["used_in"] == sorted(path for path, keys in cited.items() if key in keys)


def test_claims_are_words_of_the_text(manifest: dict[str, Any], texts: dict[str, str]) -> None:
    sources = {source["id"] for source in manifest["sources"]}
    assert manifest["claims"]
    for claim in manifest["claims"]:
        assert texts[claim["file"]].count(claim["text"]) == 1, claim["text"]
        assert {citation["source"] for citation in claim["citations"]} <= sources


def test_measurements_hold_a_value_or_a_range_that_the_text_states(
    manifest: dict[str, Any], texts: dict[str, str]
) -> None:
    sources = {source["id"] for source in manifest["sources"]}
    for row in manifest["measurements"]:
        assert ("value" in row) != ("low" in row and "high" in row), row
        assert row.get("source", next(iter(sources))) in sources
        if "low" in row:
            assert row["low"] < row["high"]
        if "low" in row and row["unit"] and row["unit"] != "h":
            assert f"{row['low']}–{row['high']} {row['unit']}" in texts[row["file"]], row


def test_most_relations_lead_to_concepts_of_the_library(
    manifest: dict[str, Any], texts: dict[str, str]
) -> None:
    concepts = [row for row in manifest["documents"] if row["kind"] == "concept"]
    titles = {row["title"].casefold() for row in concepts}
    titles |= {alias.casefold() for row in concepts for alias in row.get("aliases", [])}
    covered = wanted = 0
    for row in concepts:
        targets = _relations(texts[row["path"]])
        assert len(targets) >= 6, row["path"]
        assert len(set(targets)) == len(targets), row["path"]
        covered += sum(target.casefold() in titles for target in targets)
        wanted += sum(target.casefold() not in titles for target in targets)
    assert covered > 3 * wanted > 0


def test_the_faults_are_there_and_few() -> None:
    faults = Counter(
        bad
        for path in SAMPLES.glob("*-*.txt")
        for bad in REPAIRS
        for _ in range(path.read_text("utf-8").count(bad))
    )
    assert set(faults) == set(REPAIRS)
    assert sum(faults.values()) <= 6
    for path in SAMPLES.glob("*-*.md"):
        assert not any(bad in path.read_text("utf-8") for bad in REPAIRS), path.name


def test_the_importer_reads_each_document_as_what_it_is(manifest: dict[str, Any]) -> None:
    drawn = 0
    for row in manifest["documents"]:
        tree = parse((SAMPLES / row["path"]).read_bytes(), row["path"])
        assert (tree.kind, tree.title) == (row["kind"], row["title"])
        assert not tree.warnings, row["path"]
        drawn += sum(isinstance(block, Mermaid) for block in tree.blocks)
        if row["kind"] == "topic":
            assert tree.declared_count is not None
            assert f"\nWhat the {tree.declared_count.value} Articles " in tree.text
            assert sum(isinstance(block, Furniture) for block in tree.blocks) == 3
        elif row["kind"] == "concept":
            assert {block.section for block in tree.blocks} == SECTIONS, row["path"]
            targets = [block.target for block in tree.blocks if isinstance(block, Relation)]
            assert sorted(targets) == sorted(_relations(repaired(row["path"])))
        if row["kind"] != "concept":
            assert tree.deck, row["path"]
    assert drawn == 2


def _citations(text: str) -> list[tuple[str, str]]:
    """Return the first author and the year of each "(Author et al., year)" in a text."""
    name = r"(?:De )?[A-Z][^\W\d_]+"
    return re.findall(rf"({name})(?: et al\.| & {name})?, ((?:19|20)\d\d)\b", text)


def _relations(text: str) -> list[str]:
    """Return the terms of the relations that end a concept."""
    if "## Related concepts" in text:
        return re.findall(r"^- \[\[([^\]]+)\]\] — ", text.split("## Related concepts")[1], re.MULTILINE)
    run: list[str] = []
    for line in reversed(text.rstrip().splitlines()):
        match = re.match(r"- ([^—]+) — ", line)
        if match is None:
            break
        run.append(match[1])
    return run
