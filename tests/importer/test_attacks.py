"""Hostile documents through the whole command, into stored drafts and rendered previews."""

import io
import json
import re
import time
import zipfile

import pytest
from lxml import html
from wagtail.models import Page, Revision

from articles.models import ArticlePage
from mindlab.importer.models import SourceDocument
from tests.factories import make_article
from tests.importer.helpers import line_of, page_of, run, write
from tests.importer.test_command import command
from tests.importer.test_hostile import MARKDOWN

pytestmark = pytest.mark.django_db

HTML = """<!doctype html><html><head><title>Harm</title><script>alert(1)</script>
<meta http-equiv="refresh" content="0;url=javascript:alert(2)"><base href="https://evil.example/"></head>
<body onload="alert(3)"><article><h1 onclick="alert(4)">Harm <script>alert(5)</script></h1>
<p style="background:url(javascript:alert(6))">Words <a href="javascript:alert(7)">bad</a>
<a href="&#106;avascript:alert(8)">worse</a> <a href="java\tscript:alert(9)">tab</a>
<a href="data:text/html,<script>alert(10)</script>">data</a> <a linktype="page" id="1">trick</a>
<a linktype="document" id="1">file</a> <embed embedtype="image" id="1" format="x" alt="y">
<embed embedtype="media" url="https://evil.example/"> <embed embedtype="live-count" topic="1">
<img src="x" onerror="alert(11)"> <b onmouseover=alert(12)>bold</b></p>
<svg onload="alert(13)"><script>alert(14)</script>
<a xlink:href="javascript:alert(15)"><text>t</text></a></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(16)&gt;">
<iframe srcdoc="<script>alert(17)</script>"></iframe><object data="javascript:alert(18)"></object>
<form action="javascript:alert(19)"><button formaction="javascript:alert(20)">Go</button></form>
<noscript><p title="</noscript><img src=x onerror=alert(21)>"></noscript>
<blockquote onclick="alert(22)"><p>Quote &lt;script&gt;alert(23)&lt;/script&gt;</p></blockquote>
<ul><li onclick="alert(24)">Item <a href="vbscript:alert(25)">x</a></li></ul>
<table onclick="alert(26)"><tr><th>A</th></tr><tr><td><script>alert(27)</script>B</td></tr></table>
<pre><code class="language-mermaid">graph TD
A["<img src=x onerror=alert(28)>"] --> B
click A "javascript:alert(29)"
style A fill:url(javascript:alert(30))
</code></pre></article></body></html>"""


def word_file(body, more=(), head="<?xml version='1.0'?>"):
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        text = f'{head}<w:document xmlns:w="{words}" xmlns:r="{links}"><w:body>{body}</w:body></w:document>'
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", text)
        for name, content in more:
            archive.writestr(name, content)
    return stream.getvalue()


def paragraph(text):
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" '
    'Target="javascript:alert(1)" TargetMode="External"/></Relationships>'
)
WORD = word_file(
    paragraph("Harm &lt;script&gt;alert(1)&lt;/script&gt;")
    + '<w:p><w:hyperlink r:id="r1"><w:r><w:t>bad link</w:t></w:r></w:hyperlink></w:p>'
    + paragraph("&lt;img src=x onerror=alert(2)&gt; and words enough to make a paragraph of it."),
    [("word/_rels/document.xml.rels", LINKS)],
)


def assert_harmless(page):
    """Nothing that runs is in the rendered preview, or in any text the page stores."""
    response = page.make_preview_request()
    assert response.status_code == 200
    for element in html.document_fromstring(response.content.decode()).iter():
        if not isinstance(element.tag, str):
            continue
        assert not [name for name in element.attrib if name.lower().startswith("on")], element.attrib
        assert element.tag not in ("iframe", "object", "embed", "base", "math"), element.tag
        if element.tag == "script":
            assert element.get("src") or element.get("type") == "application/json", element.text
        for name in ("href", "src", "action", "formaction", "xlink:href", "srcdoc"):
            address = "".join((element.get(name) or "").split()).lower()
            assert not address.startswith(("javascript:", "data:", "vbscript:")), address
            assert "evil.example" not in address
        assert "alert" not in (element.get("style") or "")
    stored = json.dumps(page.latest_revision.content)
    assert "embedtype" not in stored
    assert not re.search(r"linktype=\W*document", stored)


@pytest.mark.parametrize(
    "harm",
    [
        '<p><a href="javascript:alert(1)">x</a></p>',
        '<p onclick="alert(1)">x</p>',
        "<p><script>alert(1)</script></p>",
        '<p><embed embedtype="image" id="1"/></p>',
    ],
)
def test_harm_in_a_draft_would_be_seen(harm):
    with pytest.raises(AssertionError):
        assert_harmless(make_article(body=[{"type": "text", "value": harm}]))


@pytest.mark.parametrize(
    ("name", "content"), [("a.md", MARKDOWN), ("a.html", HTML), ("a.docx", WORD), ("a.txt", MARKDOWN)]
)
@pytest.mark.parametrize("kind", ["article", "concept", "topic"])
def test_nothing_that_runs_reaches_a_preview(tmp_path, name, content, kind):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert command(tmp_path, "--kind", kind)[0] == 0
    page = page_of(name)
    assert not page.live
    assert_harmless(page)


KEYS = {
    "slug": "../evil",
    "url_path": "/evil/",
    "path": "00010001",
    "depth": 1,
    "numchild": 99,
    "id": 1,
    "pk": 1,
    "page_ptr": 1,
    "live": True,
    "published": True,
    "draft": False,
    "status": "publish",
    "owner": "admin",
    "owner_id": 1,
    "locked": True,
    "go_live_at": "2020-01-01",
    "expire_at": "2020-01-01",
    "first_published_at": "2020-01-01",
    "content_type": 1,
    "translation_key": "00000000-0000-0000-0000-000000000000",
    "latest_revision": 1,
    "alias_of": 1,
    "parent": 1,
    "search_description": "Evil.",
    "template": "evil.html",
}


@pytest.mark.parametrize(
    "matter",
    [
        "---\n"
        + "".join(f"{key}: {json.dumps(value)}\n" for key, value in KEYS.items())
        + "title: Mine\n---\n",
        "+++\n"
        + "".join(f"{key} = {json.dumps(value)}\n" for key, value in KEYS.items())
        + 'title = "Mine"\n+++\n',
        json.dumps({**KEYS, "title": "Mine"}) + "\n\n",
    ],
    ids=["yaml", "toml", "json"],
)
def test_front_matter_sets_nothing_but_what_it_may(tmp_path, matter):
    before = {page.pk: page.path for page in Page.objects.all()}
    write(tmp_path, a_md=matter + "\nWords of the text.\n")
    report = run(tmp_path)
    page = page_of("a.md")
    assert (page.title, page.slug, page.depth, page.numchild) == ("Mine", "mine", 4, 0)
    assert (page.live, page.locked, page.owner.username) == (False, False, "importer")
    assert (page.go_live_at, page.expire_at, page.first_published_at, page.alias_of) == (None,) * 4
    assert page.search_description == ""
    assert str(page.translation_key) != KEYS["translation_key"]
    assert page.latest_revision.object_id == str(page.pk)
    assert {entry.pk: entry.path for entry in Page.objects.exclude(pk=page.pk)} == before
    left = " ".join(entry.text for entry in line_of(report, "a.md").left_out)
    assert not [key for key in KEYS if key not in left]


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    "matter",
    [
        f"---\n{BOMB}title: Mine\n---\n",
        "---\ntitle: !!python/object/apply:os.system ['touch harm']\n---\n",
        "---\ntitle: Mine\na: " + "[" * 3000 + "]" * 3000 + "\n---\n",
        "+++\na = " + "[" * 3000 + "]" * 3000 + "\n+++\n",
        '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}\n\n",
        "---\ntitle: &t [*t]\n---\n",
        "---\ndate: 99999-99-99\nauthors: {a: {b: c}}\ntags: 7\naliases: [[1], {}, null, true]\n---\n",
    ],
    ids=["laughs", "python", "deep yaml", "deep toml", "deep json", "circle", "wrong types"],
)
def test_front_matter_that_attacks_its_reader(tmp_path, matter, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, a_md=matter + "\nWords of the text.\n", b_md="# Sound\n\nWords.\n")
    began = time.monotonic()
    report = run(tmp_path)
    assert time.monotonic() - began < 20
    assert line_of(report, "b.md").outcome == "created"
    assert line_of(report, "a.md").outcome in ("created", "failed")
    assert not (tmp_path / "harm").exists()


ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (word_file(paragraph("&secret;"), head=ENTITIES), "entities"),
        (word_file(paragraph("Words."), [("word/x.xml", b"0" * 60_000_000)]), "unpacks to far more"),
        (word_file(paragraph("Words."), [("../../evil.xml", b"<x/>")]), ""),
        (b"PK\x03\x04 no archive", "Word file"),
    ],
    ids=["entities", "bomb", "paths", "broken"],
)
def test_word_files_that_attack_their_reader(tmp_path, content, reason):
    write(tmp_path / "in", a_docx=content, b_md="# Sound\n\nWords.\n")
    status, out, _ = command(tmp_path / "in")
    assert status == (1 if reason else 0)
    assert reason in out
    assert "root:" not in out
    assert ArticlePage.objects.filter(title="Sound").exists()
    assert not (tmp_path / "evil.xml").exists()
    assert not [revision for revision in Revision.objects.all() if "root:" in json.dumps(revision.content)]


def test_links_to_other_files_read_nothing(tmp_path):
    write(tmp_path, secret_md="# Secret\n\nTop secret.\n")
    targets = ["../secret.md", "/etc/passwd", "file:///etc/passwd", "..\\secret.md", "%2e%2e%2fsecret.md"]
    text = "# One\n\n" + "\n\n".join(f"[x]({target}) ![[{target}]]" for target in targets) + "\n"
    report = run(write(tmp_path / "in", a_md=text))
    assert report.exit_code == 0
    stored = json.dumps(page_of("a.md").latest_revision.content) + SourceDocument.objects.get().text
    assert "Top secret" not in stored
    assert "root:" not in stored
