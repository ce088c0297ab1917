import codecs

import pytest

from mindlab.importer.parsers.decoding import decode, strip_controls
from mindlab.importer.parsers.errors import DocumentError

SENTENCE = "The naïve brain weighs 1,4 kg — more or less.\nTwo lines."


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (SENTENCE.encode(), "utf-8"),
        (codecs.BOM_UTF8 + SENTENCE.encode(), "utf-8"),
        (SENTENCE.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + SENTENCE.encode("utf-16-be"), "utf-16"),
        (SENTENCE.encode("utf-16-le"), "utf-16-le"),
        (SENTENCE.encode("utf-16-be"), "utf-16-be"),
        (SENTENCE.encode("utf-32"), "utf-32"),
        (SENTENCE.encode("cp1252"), "windows-1252"),
    ],
)
def test_text_is_read_in_every_encoding(data, encoding):
    decoded = decode(data)
    assert decoded.text == SENTENCE
    assert decoded.encoding == encoding


def test_a_legacy_file_says_so():
    assert "Windows-1252" in decode(SENTENCE.encode("cp1252")).warnings[0]
    assert decode("Müller, garçon, Ångström, 5 µm, 20 °C, ½".encode("latin-1")).encoding == "windows-1252"


def test_line_ends_and_control_characters():
    decoded = decode(b"a\r\nb\rc\x00d\x07e\n")
    assert decoded.text == "a\nb\ncde\n"
    assert decoded.warnings == ("2 control characters removed.",)


def test_control_characters_that_no_repair_needed_are_removed():
    assert strip_controls("a\x81b\x85c\x00d") == "ab cd"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty."),
        (b" \r\n\t\n", "The file is empty."),
        (codecs.BOM_UTF8, "The file is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "The file is not text: it looks like a PNG image."),
        (b"PK\x03\x04rest", "The file is not text: it looks like a zip archive or an office document."),
        (bytes(range(256)) * 20, "The file is not text: it looks like binary data."),
        (b"\x00\x01\x02\x03abc" * 50, "The file is not text: it holds too many control characters."),
        (
            "Sound line.\nsynapse – ".encode() + b"\xe2\x80 cut",
            "The text is not valid UTF-8: line 2 is damaged.",
        ),
        (b"One.\nNeurons \xc3\x28 fire \xff\xfe.", "The text is not valid UTF-8: line 2 is damaged."),
        ("Größe".encode() + b"\nTwo\nGr\xf6\xdfe", "The text is not valid UTF-8: line 3 is damaged."),
        (codecs.BOM_UTF16_LE + b"a\x00b", "The text is not valid UTF-16: line 1 is damaged."),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(data, message):
    with pytest.raises(DocumentError) as caught:
        decode(data)
    assert caught.value.message == str(caught.value) == message
