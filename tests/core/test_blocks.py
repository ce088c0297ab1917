import re
import uuid

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from mindlab.core.blocks import BodyBlock
from mindlab.core.models import Diagram
from mindlab.reading.contents import body_of
from mindlab.reading.pages import Reading
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def block(kind, value):
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def item(value):
    return {"type": "item", "value": value, "id": str(uuid.uuid4())}


def show(*blocks, **context):
    body = body_of(BodyBlock().to_python(list(blocks)))
    html = render_to_string("components/body.html", {"body": body, "reading": Reading(), **context})
    assert "style=" not in html
    return re.sub(r">\s+<", "><", html)


def test_headings_keep_their_ids_and_skip_no_level():
    first, second, third = (
        block("heading", {"text": text, "level": level})
        for text, level in (("One &amp; only", "2"), ("Deep", "4"), ("Two", "2"))
    )
    body = body_of(BodyBlock().to_python([first, second, third]))
    assert [(entry.text, entry.level) for entry in body.contents] == [
        ("One & only", 2),
        ("Deep", 3),
        ("Two", 2),
    ]
    html = show(first, second, third)
    assert f'<h2 class="heading-2" id="b-{first["id"]}">One &amp; only</h2>' in html
    assert f'<h3 class="heading-3" id="b-{second["id"]}">Deep</h3>' in html


def test_headings_begin_below_the_section_they_stand_in():
    stream = BodyBlock().to_python([block("heading", {"text": "A", "level": "2"})])
    assert body_of(stream, top_level=3).contents[0].level == 3


def test_lists_nest_by_depth():
    items = [
        item({"text": text, "depth": depth})
        for text, depth in (("a", "0"), ("b", "1"), ("c", "2"), ("d", "0"))
    ]
    html = show(block("list", {"ordered": True, "items": items}))
    ol = '<ol class="list">'
    assert f"{ol}<li>a{ol}<li>b{ol}<li>c</li></ol></li></ol></li><li>d</li></ol>" in html


def test_a_list_that_begins_indented_loses_nothing():
    html = show(block("list", {"ordered": False, "items": [item({"text": "deep", "depth": "2"})]}))
    assert "<li>deep</li>" in html


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("note", "Note"),
        ("caution", "Caution"),
        ("testimony", "Testimony"),
        ("sponsored", "Sponsored"),
        ("sales", "Offer for sale"),
    ],
)
def test_each_kind_of_callout_says_what_it_is(kind, label):
    html = show(block("callout", {"kind": kind, "title": "", "text": "<p>Words.</p>"}))
    assert f"<span>{label}</span>" in html
    assert f"callout-{kind}" in html


def test_a_table_names_its_header_cells():
    value = {
        "data": [["Drug", "Dose"], ["<b>A</b>", "24 IU"]],
        "first_row_is_table_header": True,
        "first_col_is_header": True,
        "table_header_choice": "both",
        "table_caption": "Doses",
    }
    html = show(block("table", value))
    assert "<caption>Doses</caption>" in html
    assert html.count('scope="col"') == 2
    assert re.search(r'<th scope="row"\s*>&lt;b&gt;A&lt;/b&gt;</th>', html)


def test_a_quote_key_facts_and_a_call_to_action_show():
    html = show(
        block("quote", {"text": "<p>The map.</p>", "attribution": "A. Korzybski"}),
        block("key_facts", {"title": "", "facts": [item("One fact.")]}),
        block("cta", {"text": "Read on.", "label": "Open", "page": None, "url": "https://example.org/"}),
    )
    assert "<blockquote><p>The map.</p></blockquote><figcaption>A. Korzybski</figcaption>" in html
    assert "<li><div>One fact.</div></li>" in html
    assert '<a class="button" href="https://example.org/">Open</a>' in html


def test_two_figures_of_one_diagram_share_no_id_and_carry_a_text_equivalent():
    value = {"caption": "Steps", "source": "graph TD\nA[First] -->|then| B[Second]"}
    html = show(block("diagram", value), block("diagram", value))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids)) > 2
    assert html.count("Read as text") == 2
    assert "First" in html.split("<details")[1]
    assert Diagram.objects.count() == 1


def test_a_diagram_that_cannot_be_drawn_shows_its_source(django_assert_num_queries):
    broken = block("diagram", {"caption": "", "source": "graph TD\nA[<unclosed --> "})
    html = show(broken)
    assert '<pre class="diagram-source" tabindex="0"><code>graph TD' in html
    assert "&lt;unclosed" in html
    with django_assert_num_queries(1):
        show(broken)


def test_measurements_show_only_where_the_page_states_some():
    value = {"title": "Measured", "caption": ""}
    assert "Measured" not in show(block("measurements", value))


def test_every_block_can_be_previewed(client, admin_client):
    body = BodyBlock()
    for name, child in body.child_blocks.items():
        assert child.is_previewable, name
        response = admin_client.get(reverse("wagtailadmin_block_preview"), {"id": child.definition_prefix})
        html = response.content.decode()
        assert response.status_code == 200, name
        assert "css/site.css" in html
        words = re.sub(r"<[^>]*>|\s", "", html.partition("<main")[2].partition(">")[2])
        assert len(words) > 5, name


def test_previews_are_for_people_who_signed_in(client):
    make_user("reader")
    address = reverse("wagtailadmin_block_preview")
    assert client.get(address).status_code == 302
