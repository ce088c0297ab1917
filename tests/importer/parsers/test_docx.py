"""Word files: blocks from mammoth's HTML, and what is refused before it is unpacked."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindlab.importer.parsers.document import Heading, Lines, ListBlock, Paragraph, Table
from mindlab.importer.parsers.docx import parse_docx
from mindlab.importer.parsers.errors import DocumentError
from tests.shared import needs_shared, shared_path

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_file(body, extra=None, prologue="<?xml version='1.0'?>"):
    """The bytes of the smallest Word file with that body."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in (("Title", "Title"), ("H2", "heading 2"), ("Subtitle", "Subtitle"))
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{NAMESPACE}">{styles}</w:styles>',
        "word/document.xml": f'{prologue}<w:document xmlns:w="{NAMESPACE}">'
        f"<w:body>{body}</w:body></w:document>",
        **(extra or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def paragraph(text, style="", bold=False):
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    weight = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f"<w:p>{look}<w:r>{weight}<w:t>{text}</w:t></w:r></w:p>"


def test_a_word_file_becomes_blocks_with_lines_of_its_own_text():
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("Region", "Share"))
    body = (
        paragraph("Sleep", "Title")
        + paragraph("What the night is for.", "Subtitle")
        + paragraph("Deep sleep is slow.", bold=True)
        + paragraph("Rhythms", "H2")
        + f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    )
    document = parse_docx(word_file(body), "sleep.docx")
    assert (document.title, document.deck, document.kind) == ("Sleep", "What the night is for.", "article")
    assert [type(block) for block in document.blocks] == [Paragraph, Heading, Table]
    assert document.blocks[0].html == "<b>Deep sleep is slow.</b>"
    lines = document.text.split("\n")
    assert document.title_lines == Lines(1, 1)
    assert lines[document.blocks[1].lines.first - 1] == "Rhythms"


def bomb():
    return word_file(paragraph("x"), {"word/media/huge.bin": "0" * 60_000_000})


def many_parts():
    return word_file(paragraph("x"), {f"word/p{number}.xml": "<a/>" for number in range(10_001)})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (word_file(paragraph("x"))[:-40], "damaged"),
        (bomb(), "unpacks"),
        (many_parts(), "not a Word file"),
        (word_file(paragraph("".join(f"w{number} " for number in range(1_200_000)))), "too long"),
        (word_file("<w:p>"), "damaged"),
        (word_file(""), "no words"),
        (
            word_file(paragraph("&e;"), prologue="<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"),
            "entities",
        ),
    ],
    ids=[
        "empty",
        "no archive",
        "cut",
        "bomb",
        "many parts",
        "too long",
        "broken xml",
        "no words",
        "entities",
    ],
)
def test_what_is_refused_says_why(data, words):
    with pytest.raises(DocumentError, match=words):
        parse_docx(data, "x.docx")


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=20))
def test_damaged_files_are_read_or_refused(position, damage):
    data = bytearray(word_file(paragraph("Words.")))
    data[position : position + len(damage)] = damage
    try:
        parse_docx(bytes(data), "x.docx")
    except DocumentError:
        return


@needs_shared
@pytest.mark.parametrize(
    ("name", "kind"), [("footnotes", ListBlock), ("simple-list", ListBlock), ("tables", Table)]
)
def test_the_shared_files_are_read(name, kind):
    path = shared_path() / "corpus" / "real" / "docx" / f"mammoth-{name}.docx"
    document = parse_docx(path.read_bytes(), path.name)
    assert any(isinstance(block, kind) for block in document.blocks)


def test_what_mammoth_passes_over_is_written_or_reported():
    maths = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    formula = f'<m:oMath xmlns:m="{maths}"><m:r><m:t>E=</m:t></m:r><m:r><m:t>mc</m:t></m:r></m:oMath>'
    apart = f'<w:p><m:oMathPara xmlns:m="{maths}">{formula}</m:oMathPara></w:p>'
    deleted = "<w:del><w:r><w:delText>struck out</w:delText></w:r></w:del>"
    body = (
        paragraph("Energy", "Title")
        + f"<w:p><w:r><w:t>As in </w:t></w:r>{formula}<w:r><w:t> it is.</w:t></w:r>{deleted}</w:p>"
        + apart
    )
    note = f'<w:comment w:id="1">{paragraph("check it")}</w:comment>'
    extra = {
        "word/comments.xml": f'<w:comments xmlns:w="{NAMESPACE}">{note}</w:comments>',
        "word/header1.xml": f'<w:hdr xmlns:w="{NAMESPACE}">{paragraph("Draft of May")}</w:hdr>',
        "word/footer1.xml": f'<w:ftr xmlns:w="{NAMESPACE}">{paragraph("Page")}</w:ftr>',
    }
    document = parse_docx(word_file(body, extra), "energy.docx")
    assert [block.text for block in document.blocks] == ["As in E=mc it is.", "E=mc"]
    assert {left.text for left in document.left_out} == {"struck out", "check it", "Draft of May", "Page"}
    assert any("look at all 2" in warning for warning in document.warnings)


def test_lists_that_word_nests_by_style_are_nested():
    styles = '<w:style w:type="paragraph" w:styleId="LB2"><w:name w:val="List Bullet 2"/></w:style>'
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    extra = {
        "word/styles.xml": f'<w:styles xmlns:w="{NAMESPACE}">{styles}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{NAMESPACE}">{numbering}</w:numbering>',
    }
    look = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    one, two = (f"<w:p>{look}<w:r><w:t>{word}</w:t></w:r></w:p>" for word in ("one", "two"))
    (items,) = parse_docx(word_file(one + paragraph("under one", "LB2") + two, extra), "list.docx").blocks
    assert [(item.text, item.depth) for item in items.items] == [("one", 0), ("under one", 1), ("two", 0)]


def test_cross_references_keep_their_words():
    field = '<w:fldSimple w:instr="REF x"><w:r><w:t>Figure 1</w:t></w:r></w:fldSimple>'
    body = f"<w:p><w:r><w:t>See </w:t></w:r>{field}<w:r><w:t> above.</w:t></w:r></w:p>"
    (block,) = parse_docx(word_file(body), "x.docx").blocks
    assert block.text == "See Figure 1 above."
