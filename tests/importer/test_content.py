"""From the document tree to a page's content: nothing is lost on the way, whatever stands where."""

import html
import re
import uuid
from collections import Counter
from pathlib import Path

import pytest

from mindlab.importer.content import build
from mindlab.importer.draft import ConceptAnswer, ImageAnswer
from mindlab.importer.parsers.document import (
    Callout,
    Code,
    DeclaredCount,
    Furniture,
    Heading,
    Image,
    Item,
    Lines,
    ListBlock,
    Mermaid,
    Paragraph,
    ParsedDocument,
    Quote,
    Relation,
    Table,
)
from mindlab.importer.parsers.errors import DocumentError
from mindlab.importer.parsers.parse import parse
from mindlab.importer.sources import DOCUMENT_ENDINGS
from tests.shared import needs_shared, shared_path

SAMPLES = Path(__file__).resolve().parents[2] / "mindlab" / "home" / "samples"
SECTIONS = (None, "definition", "plain_words", "mechanism", "practice", "key_facts", "relations")
ID = uuid.UUID(int=7)


class Knows:
    """Answers from what a test gives it."""

    def __init__(self, topic=None, pages=None, concepts=None):
        self.topic, self.pages, self.concepts = topic, pages or {}, concepts or {}

    def page(self, reference):
        return self.pages.get(reference)

    def concept(self, term):
        return self.concepts.get(term)

    def image(self, source):
        return ImageAnswer(5) if source == "known.png" else ImageAnswer(None, "It is not there.")


def at(line):
    return Lines(line, line)


def every_block(section):
    tag = section or "none"
    return [
        Heading(at(1), text=f"heading{tag} one", level=1, section=section),
        Paragraph(at(2), text=f"paragraph{tag} & <tag>", section=section),
        ListBlock(
            at(3), items=(Item(f"item{tag}", at(3)), Item(f"deep{tag}", at(4), depth=5)), section=section
        ),
        Mermaid(at(5), text=f"graph TD\nnode{tag} --> B\nclick A call{tag}()", section=section),
        Relation(at(6), target=f"target{tag}", text=f"gloss{tag}", section=section),
        Furniture(at(7), text=f"furniture{tag}", reason="why", section=section),
        Quote(at(8), text=f"quote{tag}", attribution=f"speaker{tag}", section=section),
        Callout(at(9), text=f"callout{tag}", title=f"boxtitle{tag}", variant="warning", section=section),
        Table(at(10), rows=((f"head{tag}", "b"), (f"cell{tag}",)), caption=f"caption{tag}", section=section),
        Code(at(11), text=f"code{tag}  <x>\n  y{tag}", section=section),
        Image(at(12), source="known.png", alt=f"alt{tag}", caption=f"figure{tag}", section=section),
        Image(at(13), source=f"lost{tag}.png", alt=f"noalt{tag}", caption=f"lost{tag}", section=section),
    ]


def words(text):
    return Counter(re.findall(r"\w+", text.lower()))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from strings(entry)
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from strings(entry)
    else:
        yield str(value)


TAGS = re.compile(r"</?(?:p|b|i|s|a|code|sub|sup|br|embed)\b[^>]*>")


def said(draft):
    """Every word of a draft and of what was left out of it, as often as it stands there."""
    parts = [draft.title, *draft.other_names, *draft.topics, *draft.authors]
    parts += strings(dict(draft.fields))
    parts += strings({name: [block["value"] for block in stream] for name, stream in draft.streams.items()})
    parts += [f"{relation.term} {relation.gloss}" for relation in draft.relations]
    parts += [entry.text for entry in draft.findings.left_out]
    parts += [change.before for change in draft.findings.substitutions]
    return words("\n".join(html.unescape(TAGS.sub(separator, part)) for part in parts))


def separator(tag):
    return " " if tag[0].startswith(("<br", "<p", "</p")) else ""


def held(block):
    """Every word of a block of the tree."""
    parts = [
        getattr(block, name, "") for name in ("text", "target", "attribution", "title", "caption", "alt")
    ]
    parts += [item.text for item in getattr(block, "items", ())]
    parts += [cell for row in getattr(block, "rows", ()) for cell in row]
    return words("\n".join(parts))


def assert_nothing_lost(document, draft):
    there = said(draft)
    for block in document.blocks:
        missing = held(block) - there
        assert not missing, (block, missing)
    assert not sum(map(held, document.blocks), Counter()) - there


@pytest.mark.parametrize("kind", ["article", "topic", "concept"])
@pytest.mark.parametrize("section", SECTIONS)
def test_no_word_of_any_block_is_lost_in_any_section(kind, section):
    document = ParsedDocument(
        kind=kind,
        title="Title",
        deck="A deck of words.",
        blocks=tuple(every_block(section)),
        text="",
        aliases=("Alias",),
        tags=("Tag",),
        authors=("Author Name",),
        dates=(("date", "2019"), ("reviewed", "2020-01-01")),
        declared_count=DeclaredCount(3, "articles", at(14)),
    )
    draft = build(document, ID, "a.md", Knows(topic=1))
    assert_nothing_lost(document, draft)
    rest = "deck words alias tag author name 2019 2020 3 articles"
    assert not [word for word in rest.split() if word not in said(draft)]


@pytest.mark.parametrize("kind", ["article", "topic", "concept"])
def test_every_block_has_an_id_of_its_own_that_is_the_same_again(kind):
    blocks = tuple(block for section in SECTIONS for block in every_block(section) + every_block(section))
    document = ParsedDocument(kind=kind, title="T", blocks=blocks, text="")
    first, again = (build(document, ID, "a.md", Knows()) for _ in range(2))
    ids = [passage.block_id for passage in first.passages if passage.block_id]
    assert len(ids) == len(set(ids))
    assert ids == [passage.block_id for passage in again.passages if passage.block_id]
    other = build(document, uuid.UUID(int=8), "a.md", Knows())
    assert not set(ids) & {passage.block_id for passage in other.passages}


def test_numbers_of_items_are_kept_where_a_list_is_not_numbered():
    nested = (Item("outer", at(1)), Item("inner", at(2), 1, "", 3))
    later = (Item("fifth", at(4), 0, "", 5), Item("sixth", at(5), 0, "", 6))
    blocks = (ListBlock(at(1), nested), ListBlock(at(4), later, ordered=True))
    document = ParsedDocument(kind="article", title="T", blocks=blocks, text="")
    draft = build(document, ID, "a.md", Knows())
    first, second = (block["value"] for block in draft.streams["body"])
    assert [item["value"]["text"] for item in first["items"]] == ["<p>outer</p>", "<p>3. inner</p>"]
    assert [item["value"]["text"] for item in second["items"]] == ["<p>fifth</p>", "<p>sixth</p>"]
    assert [entry.text for entry in draft.findings.left_out] == ["5."]


def test_headings_begin_under_the_title():
    blocks = tuple(Heading(at(level), text=f"h{level}", level=level) for level in (1, 2, 3, 6))
    draft = build(ParsedDocument(kind="article", title="T", blocks=blocks, text=""), ID, "a.md", Knows())
    assert [block["value"]["level"] for block in draft.streams["body"]] == ["2", "3", "4", "4"]


def test_counts_become_live_where_they_count_what_was_declared():
    blocks = (
        Heading(at(1), text="Essay", level=2),
        Heading(at(2), text="What the 34 Articles Explore", level=2),
        Paragraph(at(3), text="In 34 years, 34 articles; 134 articles; 34 essays."),
    )
    count = DeclaredCount(34, "articles", at(9))
    document = ParsedDocument(kind="topic", title="T", blocks=blocks, text="", declared_count=count)
    body = build(document, ID, "a.md", Knows(topic=3)).streams["body"]
    assert body[0]["value"]["text"] == (
        'What the <embed embedtype="live-count" topic="3" none="" one="{count} Article" '
        'many="{count} Articles"/> Explore'
    )
    assert body[1]["value"] == (
        '<p>In 34 years, <embed embedtype="live-count" topic="3" none="" one="{count} article" '
        'many="{count} articles"/>; 134 articles; 34 essays.</p>'
    )


def test_relations_and_links_are_resolved_or_remembered():
    blocks = (
        Relation(at(1), target="amygdalae", text="x", section="relations"),
        Relation(
            at(2), target="nothing", text="y", html='y <a href="document:b.md">b</a>', section="relations"
        ),
    )
    knows = Knows(concepts={"amygdalae": ConceptAnswer(4, "Amygdala")})
    draft = build(ParsedDocument(kind="concept", title="T", blocks=blocks, text=""), ID, "a.md", knows)
    assert [(relation.target, relation.term) for relation in draft.relations] == [
        (4, "amygdalae"),
        (None, "nothing"),
    ]
    assert [tuple(wanted) for wanted in draft.findings.unresolved] == [
        ("concept", "nothing"),
        ("page", "b.md"),
    ]
    assert draft.findings.substitutions[0].after == "Amygdala"
    assert draft.relations[1].gloss == "<p>y b</p>"


def test_a_document_without_a_title_is_named_by_its_file_and_asked_about():
    document = ParsedDocument(kind="article", title=None, blocks=(Paragraph(at(1), text="x"),), text="x")
    draft = build(document, ID, "some/folder/my_notes.md", Knows())
    assert draft.title == "my notes"
    assert draft.findings.questions[0].what == "title"


@needs_shared
def test_no_word_of_the_shared_documents_is_lost_between_tree_and_draft():
    files = [path for path in sorted(shared_path().rglob("*")) if path.suffix.lower() in DOCUMENT_ENDINGS]
    assert len(files) > 10
    for path in files:
        try:
            document = parse(path.read_bytes(), path.name)
        except DocumentError:
            continue
        assert_nothing_lost(document, build(document, ID, path.name, Knows(topic=1)))


MARKUP = re.compile(r"^\s*\d+[.)](?=\s)|^\s*(?:```|~~~)\w*", re.MULTILINE)
FRONT_MATTER_KEY = re.compile(r"^\w+(?=:)", re.MULTILINE)


def unaccounted(path):
    """The words of a source that stand neither in its draft nor among what was left out."""
    document = parse(path.read_bytes(), path.name)
    draft = build(document, ID, path.name, Knows(topic=1))
    left = " ".join(entry.text for entry in document.left_out)
    raw = " ".join(strings({name: [block["value"] for block in s] for name, s in draft.streams.items()}))
    there = (
        said(draft) + words(left) + words(raw) + words(f"{document.title} {document.deck} {document.kind}")
    )
    head, mark, text = "", "", document.text
    if text.startswith("---\n"):
        head, mark, text = text[4:].partition("\n---\n")
    return set(words(FRONT_MATTER_KEY.sub("", head) + mark + MARKUP.sub("", text))) - set(there)


def test_every_word_of_the_samples_is_in_the_draft_or_left_out():
    files = [
        path for path in sorted(SAMPLES.iterdir()) if path.name.startswith(("article", "concept", "topic"))
    ]
    assert len(files) > 10
    assert {path.name: found for path in files if (found := unaccounted(path))} == {}


def test_a_word_that_is_lost_would_be_seen(tmp_path, monkeypatch):
    path = tmp_path / "a.md"
    path.write_text("# Title\n\nWords and more.\n")
    assert unaccounted(path) == set()
    monkeypatch.setattr("mindlab.importer.sanitise.paragraph", lambda *arguments: "<p>Words</p>")
    assert unaccounted(path) == {"and", "more"}


@needs_shared
def test_every_word_of_the_shared_documents_is_in_the_draft_or_left_out():
    folders = ("seeds", "corpus/flat", "corpus/natural")
    files = [path for folder in folders for path in sorted((shared_path() / folder).glob("*.*"))]
    files = [path for path in files if path.suffix in (".txt", ".md")]
    assert len(files) > 5
    assert {path.name: found for path in files if (found := unaccounted(path))} == {}
