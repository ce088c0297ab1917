"""What no XML can hold is gone from a text before it is saved, in every field of every model."""

import json

import pytest
from django.apps import apps
from django.db import models
from django.db.models.signals import pre_save
from django.urls import reverse
from lxml import etree
from wagtail.blocks import RichTextBlock
from wagtail.fields import StreamField
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from articles.models import ArticleIndexPage, ArticlePage
from mindlab.core.printable import LEFT_ALONE, UNPRINTABLE, on_save, printable, printable_data, text_fields
from mindlab.evidence.models import Claim, Source
from mindlab.newsletter.snapshots import export
from tests.factories import make_article, make_concept, make_issue, make_topic, make_user

pytestmark = pytest.mark.django_db

ODD = "One\x0btwo\x0cthree\x1efour\x1ffive\x00\x08\ufffe\uffff\ud800 \U0001f9e0"
CLEAN = "One two three\u2011fourfive \U0001f9e0"
LINES = "One\ntwo\nthree\u2011fourfive \U0001f9e0"
MODELS = [m for m in apps.get_models() if m._meta.app_label not in LEFT_ALONE and text_fields(m)]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (ODD, CLEAN),
        ("A\tB\nC\rD", "A\tB\nC\rD"),
        ("\u0085\u2028\ufffd\ufeff\U0010fffe", "\u0085\u2028\ufffd\ufeff\U0010fffe"),
        ("", ""),
    ],
)
def test_what_stays_and_what_goes(text, kept):
    assert printable(text) == kept
    etree.fromstring(f"<p>{kept}</p>".encode())


def odd_value(field):
    if isinstance(field, StreamField):
        blocks = field.stream_block.child_blocks.items()
        texts = [name for name, block in blocks if isinstance(block, RichTextBlock)]
        return field.to_python(json.dumps([{"type": name, "value": f"<p>{ODD}</p>"} for name in texts]))
    if isinstance(field, models.JSONField):
        return {"names": [{"family": ODD}], ODD: [ODD, 3, None]}
    return ODD


def stored(row, field):
    if isinstance(field, StreamField):
        return json.dumps(json.loads(field.value_to_string(row)), ensure_ascii=False)
    if isinstance(field, models.JSONField):
        return json.dumps(field.value_from_object(row), ensure_ascii=False)
    return field.value_from_object(row)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_text_field_of_every_model_is_cleaned_in_front_of_save(model):
    row = model()
    for field in text_fields(model):
        setattr(row, field.attname, odd_value(field))
    assert any(connected[0][0] == f"printable:{model._meta.label}" for connected in pre_save.receivers)
    on_save(model, row)
    for field in text_fields(model):
        text = stored(row, field)
        assert text
        assert not UNPRINTABLE.search(text), field
        assert "fourfive" in text


def test_all_our_models_with_texts_are_among_them():
    ours = {m for m in apps.get_models() if m.__module__.startswith(("mindlab.", "articles.", "glossary."))}
    assert {model for model in ours if text_fields(model)} <= set(MODELS)


def test_paragraphs_of_plain_text_stay_apart_and_titles_on_one_line():
    page = make_article(ODD, deck=ODD)
    page.refresh_from_db()
    assert (page.title, page.draft_title, page.deck) == (CLEAN, CLEAN, LINES)


def test_rows_and_drafts_too():
    source = Source.objects.create(title=ODD, authors=[{"family": ODD}])
    page = make_article(live=False)
    page.claims = [Claim(text=ODD, note=f"<p>{ODD}</p>")]
    page.deck = ODD
    revision = page.save_revision()
    assert revision.content["claims"][0]["text"] == LINES
    assert revision.content["claims"][0]["note"] == f"<p>{CLEAN}</p>"
    assert printable_data(revision.content) == revision.content
    assert source.authors == [{"family": CLEAN}]
    assert make_topic("Sleep\x0band\ufffe dreams").name == "Sleep and dreams"


def test_a_form_of_the_admin_with_odd_characters_everywhere(client):
    client.force_login(make_user(is_superuser=True))
    rows = dict.fromkeys(("credits", "measurements", "comments"), inline_formset([]))
    # No browser sends a lone half of a pair, but within the JSON of rich text; and Django refuses NUL.
    odd = ODD.replace("\x00", "").replace("\ud800", "")
    body = [
        ("text", rich_text(f"<p>{odd}</p>")),
        ("quote", {"text": rich_text(f"<p>{odd}</p>"), "attribution": odd}),
        ("diagram", {"caption": odd, "source": f"graph TD\nA[{odd}] --> B"}),
    ]
    claim = {"text": odd, "kind": "study", "standing": "unchecked", "citations": inline_formset([])}
    claim["note"] = rich_text(f"<p>{odd}\ud800</p>")
    data = {"title": odd, "slug": "", "deck": odd, "topics": odd, "body": streamfield(body), **rows}
    data |= {"claims": inline_formset([claim]), "seo_title": odd, "search_description": odd}
    index = ArticleIndexPage.objects.get()
    address = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", index.pk])
    assert client.post(address, nested_form_data(data)).status_code == 302
    page = ArticlePage.objects.get()
    for said in (page.serializable_data(), page.get_latest_revision().content):
        plain = json.loads(json.dumps(said, default=str))
        assert printable_data(plain) == plain
        assert printable_data(json.loads(said["body"])) == json.loads(said["body"])
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


def stored_before(page, **fields):
    type(page).objects.filter(pk=page.pk).update(**fields)


def test_feed_export_and_previews_bear_what_older_rows_hold(client, open_gate):
    article, concept = (
        make_article("Article", live=True, topics=("Sleep",)),
        make_concept("Concept", live=True),
    )
    stored_before(article, title="An\x0barticle", deck="A deck\x0cbroken\ufffe")
    stored_before(concept, title="A\x0bconcept", definition="<p>Broken\x0cin two.</p>")
    etree.fromstring(client.get("/feed/").content)
    picks = [
        {"type": "pick", "value": {"page": page.pk, "title": "", "deck": ""}} for page in (article, concept)
    ]
    issue = make_issue(7, contents=picks, subject="A\x0bsubject", live=True)
    snapshot = export(issue)
    assert "An article" in snapshot.html
    assert not UNPRINTABLE.search(snapshot.html + snapshot.text)
    issue.subject = issue.preheader = "Typed\x0band not saved\ufffe"
    issue.contents = [
        *picks,
        {"type": "pick", "value": {"page": article.pk, "title": "A\x0bt", "deck": "A\x1ed"}},
    ]
    for mode, _label in issue.preview_modes:
        response = issue.make_preview_request(preview_mode=mode)
        assert response.status_code == 200
        assert "Typed and not saved" in response.content.decode()
        assert not mode or not UNPRINTABLE.search(response.content.decode())
