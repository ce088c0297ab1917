"""What documents bring that no page may hold."""

import json

import pytest
from django.test import Client

from mindlab.core.models import SiteImage
from mindlab.importer.models import SourceDocument
from tests.importer.helpers import line_of, outcomes, page_of, run, write
from tests.importer.test_command import PNG

pytestmark = pytest.mark.django_db

MARKDOWN = """# <script>alert(1)</script>Title

A [bad link](javascript:alert(1)), [another](JaVaScRiPt:alert(1)), [data](data:text/html;base64,xx),
[spaced](java&#10;script:alert(1)), <a href="vbscript:x" onclick="alert(1)">raw</a>,
<img src=x onerror=alert(1)>, <embed embedtype="live-count" topic="1" none="<b>"/> and
<a linktype="page" id="2">trick</a>, <a href="document:x" linktype="document" id="1">other</a>.

<script>alert(2)</script>
<iframe src="https://evil.example/"></iframe>
<svg onload="alert(3)"><script>alert(4)</script></svg>

> <b onmouseover="alert(5)">quote</b>

| a<script>alert(6)</script> | b |
|---|---|
| <img src=x onerror=alert(7)> | [x](javascript:1) |

```mermaid
%%{init: {"securityLevel": "loose"}}%%
graph TD
A --> B
click A "javascript:alert(8)"
click B call evil()
```
"""

FORBIDDEN = (
    "<script",
    "<svg",
    "<iframe",
    "<img",
    "onclick",
    "onerror",
    "onmouseover",
    "onload",
    "javascript:",
    "vbscript:",
    "data:text",
    "embedtype",
    "linktype",
)


def rich_texts(value):
    """Every rich text of a page's streams; diagrams and tables are plain text, escaped when shown."""
    for block in value:
        if block["type"] not in ("diagram", "table"):
            yield json.dumps(block["value"], ensure_ascii=False)


def test_nothing_of_it_is_stored(tmp_path):
    write(tmp_path, a_md=MARKDOWN)
    assert outcomes(run(tmp_path)) == {"a.md": "created"}
    page = page_of("a.md")
    stored = " ".join(rich_texts(page.body.raw_data)).lower().replace("&lt;", "[")
    for word in FORBIDDEN:
        assert word not in stored, word
    diagram = next(block for block in page.body.raw_data if block["type"] == "diagram")
    assert diagram["value"]["source"] == "graph TD\nA --> B"
    left = " ".join(entry.text for entry in line_of(run_again(tmp_path), "a.md").left_out)
    assert "click A" in left
    assert "securityLevel" in left


def run_again(folder):
    SourceDocument.objects.all().delete()
    return run(folder)


def test_it_is_shown_escaped_in_the_editor(tmp_path, admin_client):
    write(tmp_path, a_md=MARKDOWN)
    run(tmp_path)
    html = admin_client.get(f"/admin/pages/{page_of('a.md').pk}/edit/").content.decode()
    assert "<script>alert(" not in html
    assert "onerror=alert" not in html.replace("&lt;img src=x onerror=alert", "")


def test_control_characters_are_never_stored(tmp_path):
    text = "# Ti\x00tle\x07\n\nWo\x00rds\x1b[31m with \x85 and \u2028 and \ufeff signs.\n\n- it\x01em\n"
    write(tmp_path, a_md=text.encode())
    report = run(tmp_path)
    assert report.exit_code == 0
    page, document = page_of("a.md"), SourceDocument.objects.get()
    stored = page.title + json.dumps(page.body.get_prep_value(), ensure_ascii=False) + document.text
    assert not [sign for sign in stored if ord(sign) < 32 and sign not in "\n\t"]
    assert page.title == "Title"


def test_control_characters_that_front_matter_spells_out(tmp_path):
    bad = "a\\u0000b\\ud800c\\u001bd"
    keys = ("title", "deck", "tags", "aliases", "authors", "date", "slug", "anything")
    matter = ", ".join(f'"{key}": "{bad} {key}"' for key in keys)
    write(
        tmp_path,
        a_md="{" + matter + "}\n\nSee [[x%00y]] and [z](q%00r.md).\n",
        b_md='---\ntitle: "x\\0y"\n---\nW.\n',
    )
    assert outcomes(run(tmp_path)) == {"a.md": "created", "b.md": "created"}
    assert page_of("a.md").title == "abcd title"
    assert page_of("b.md").title == "xy"


def test_images_are_checked_imported_once_and_asked_about(tmp_path):
    write(
        tmp_path / "in",
        a_md="# One\n\n![Two dots](img/dots.png)\n\n![](img/copy.png)\n\n![[dots.png]]\n",
        b_md="# Two\n\nWords.\n\n![Same](./img/dots.png)\n\n![Vector](x.svg)\n\n![Fake](fake.png)\n\n![Remote](https://example.org/x.png)\n\n![Out](../secret.png)\n",
        img__dots_png=PNG,
        img__copy_png=PNG,
        fake_png=b"<svg onload=alert(1)>",
        x_svg=b"<svg/>",
    )
    write(tmp_path, secret_png=PNG + b"secret")
    report = run(tmp_path / "in")
    assert SiteImage.objects.count() == 1
    line = line_of(report, "b.md")
    reasons = {entry.text.split()[0]: entry.reason for entry in line.left_out}
    assert "SVG" in reasons["x.svg"]
    assert "no image" in reasons["fake.png"]
    assert "not fetched" in reasons["https://example.org/x.png"]
    assert "beside" in reasons["../secret.png"]
    asked = [question.value for question in line_of(report, "a.md").questions if question.what == "alt text"]
    assert asked == ["img/copy.png", "dots.png"]
    image = next(block for block in page_of("b.md").body.raw_data if block["type"] == "image")
    assert image["value"]["image"] == {
        "image": SiteImage.objects.get().pk,
        "alt_text": "Same",
        "decorative": False,
    }
    run(tmp_path / "in")
    assert SiteImage.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "[" * 50_000,
        "> " * 5_000 + "deep",
        "\n".join(f"# Heading {number}" for number in range(3_000)),
        "\n".join(f"- {'  ' * min(number, 300)}item" for number in range(2_000)),
        "- a: &a [x]\n" * 100,
    ],
    ids=["one line", "brackets", "nested", "headings", "lists", "yaml"],
)
def test_monsters_end_as_an_outcome(tmp_path, text):
    write(tmp_path, a_md=text, b_md="# Sound\n\nWords.\n")
    assert outcomes(run(tmp_path))["b.md"] == "created"


def test_a_document_that_cannot_be_written_takes_no_other_with_it(tmp_path, monkeypatch):
    write(tmp_path, a_md="# Bad\n\nWords.\n", b_md="# Good\n\nWords.\n")
    from mindlab.importer import pages

    before = pages.write

    def fail(page, draft, contributors):
        before(page, draft, contributors)
        if draft.title == "Bad":
            page.title = None

    monkeypatch.setattr(pages, "write", fail)
    report = run(tmp_path)
    assert outcomes(report) == {"a.md": "failed", "b.md": "created"}
    assert report.exit_code == 1
    assert SourceDocument.objects.count() == 1
    monkeypatch.undo()
    assert outcomes(run(tmp_path)) == {"a.md": "created", "b.md": "unchanged"}


@pytest.fixture
def admin_client(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("root", "root@example.org", "password"))
    return client
