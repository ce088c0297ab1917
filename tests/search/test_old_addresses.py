"""Addresses that no page has: cases, other and old names lead to public pages, and to nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from glossary.models import ConceptAlias, ConceptPage
from tests.factories import make_article, make_concept, make_contributor, make_hub, make_topic

pytestmark = pytest.mark.usefixtures("open_gate")


def concept(title, *names, live=True, private=False):
    page = make_concept(title, private=private)
    page.other_names = [ConceptAlias(name=name, sort_order=n) for n, name in enumerate(names)]
    revision = page.save_revision()
    if live:
        revision.publish()
    return page


def leads(client, address):
    """Where an address leads: a path, or the status where it leads nowhere else."""
    response = client.get(address)
    return response.headers["Location"] if response.status_code == 301 else response.status_code


def test_another_case_leads_to_the_page(client):
    page = concept("Oxytocin")
    article = make_article("On stress", live=True, topics=("Stress",))
    slug = page.slug
    assert leads(client, f"/glossary/{slug.title()}/") == page.url
    assert leads(client, f"/Glossary/{slug.upper()}/?from=mail") == f"{page.url}?from=mail"
    assert leads(client, article.url.upper()) == article.url
    assert leads(client, "/topics/Stress/") == "/topics/stress/"
    assert leads(client, "/Topics/Stress/articles/") == "/topics/stress/articles/"
    assert leads(client, "/Search/?q=Stress") == "/search/?q=Stress"
    assert leads(client, "/GLOSSARY/") == "/glossary/"


@pytest.mark.parametrize(
    "name",
    ["ltp", "LTP", "long-term-potentiation", "Long_term_potentiations", "delta9-thc", "δ9-thc", "sigma"],
)
def test_a_name_leads_to_its_concept(client, name):
    ltp = concept("Long-term potentiation", "LTP")
    thc = concept("Δ9-THC")
    renamed = concept("Sigma")
    renamed.title, renamed.slug = "Spindle", renamed.slug
    renamed.save_revision().publish()
    expected = thc if "thc" in name else renamed if name == "sigma" else ltp
    assert leads(client, f"/glossary/{name}/") == expected.url


def test_an_address_that_was_given_up_leads_to_the_new_one(client, django_capture_on_commit_callbacks):
    page = concept("Spindle")
    old = page.url
    page.slug = "sigma-burst"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert leads(client, old) == "/glossary/sigma-burst/"
    assert leads(client, old.upper()) == "/glossary/sigma-burst/"


def test_the_name_of_a_topic_leads_to_it(client):
    topic = make_topic("Sleep")
    topic.name = "Sleep and dreams"
    topic.save()
    make_article(live=True, topics=("Sleep and dreams",))
    assert leads(client, "/topics/sleep-and-dreams/") == "/topics/sleep/"
    make_hub("The night", topic=make_topic("Dark"), live=True)
    assert leads(client, "/topics/the-night/") == "/topics/dark/"


def test_what_is_hidden_is_led_to_by_no_address(client, django_capture_on_commit_callbacks):
    draft = concept("Draft thing", "DT", live=False)
    private = concept("Private thing", "PT", private=True)
    withdrawn = concept("Withdrawn thing", "WT")
    ConceptPage.objects.get(pk=withdrawn.pk).unpublish()
    make_article("Draft article", topics=("Draft topic",))
    make_hub("Draft hub", topic=make_topic("Unseen"))
    make_hub("Private hub", topic=make_topic("Unheard"), live=True, private=True)
    hidden = make_article("Hidden article", live=True, private=True, topics=("Private topic",))
    moved = concept("Moved")
    old = moved.url
    moved.slug = "moved-here"
    with django_capture_on_commit_callbacks(execute=True):
        moved.save_revision().publish()
    assert leads(client, old) == "/glossary/moved-here/"
    PageViewRestriction.objects.create(page=moved, restriction_type=PageViewRestriction.LOGIN)
    Redirect.add_redirect("/by-hand", redirect_to=draft)
    Redirect.add_redirect("/to-a-path", redirect_to=private.url)
    Redirect.add_redirect("/to-a-topic", redirect_to="/topics/private-topic/")
    names = ("dt", "draft-thing", "pt", "private-thing", "wt", "withdrawn-thing", "Moved")
    addresses = [
        *(f"/glossary/{name}/" for name in names),
        *(page.url.upper() for page in (draft, private, withdrawn, hidden)),
        *("/topics/Draft-topic/", "/topics/draft-hub/", "/topics/private-hub/", "/topics/Unheard/"),
        *("/topics/Private-Topic/", old, "/by-hand/", "/to-a-path/", "/to-a-topic/", "/Admin/nothing/"),
    ]
    assert {address: leads(client, address) for address in addresses} == dict.fromkeys(addresses, 404)


def test_redirects_of_editors_lead_on(client):
    page = concept("Spindle")
    Redirect.add_redirect("/old-page.html", redirect_to=page)
    Redirect.add_redirect("/away", redirect_to="https://example.org/")
    Redirect.add_redirect("/for-now", redirect_to=page.url, is_permanent=False)
    assert leads(client, "/old-page.html") == page.url
    assert leads(client, "/Old-Page.html") == page.url
    assert leads(client, "/away/") == "https://example.org/"
    assert client.get("/for-now/").status_code == 302


def test_a_name_that_means_two_is_left_to_the_reader(client):
    first, second = concept("Area postrema", "AP"), concept("Action potential", "AP")
    response = client.get("/glossary/ap/")
    assert response.status_code == 404
    html = response.content.decode()
    assert first.url in html
    assert second.url in html


@pytest.mark.parametrize("address", ["/glossary/a%00b/", f"/{'a' * 900}/", "/glossary//", "/%C3%A9/", "/*/"])
def test_odd_addresses_lead_nowhere(client, address):
    assert leads(client, address) == 404


def test_looking_writes_nothing(client):
    concept("Long-term potentiation", "LTP")
    with CaptureQueriesContext(connection) as asked:
        for address in ("/glossary/ltp/", "/Glossary/", "/nothing/of/the/kind/", "/topics/none/"):
            client.get(address)
    words = {query["sql"].split()[0] for query in asked.captured_queries}
    assert words <= {"SELECT", "WITH", "SAVEPOINT", "RELEASE"}
    assert client.post("/glossary/ltp/").status_code in {403, 404, 405}


def test_the_page_that_says_so_names_public_pages_by_the_words_of_the_address(client):
    page = make_article("Sleep spindles at night", live=True)
    person = make_contributor("Ada Spindle")
    make_article("Sleep spindles, draft")
    make_article("Sleep spindles, private", live=True, private=True)
    response = client.get("/articles/2019/sleep_spindles-at-night-2.html")
    html = response.content.decode()
    assert response.status_code == 404
    assert f'href="{page.url}"' in html
    assert "draft" not in html
    assert "private" not in html
    assert 'value="2019 sleep spindles at night 2"' in html
    assert f'href="{person.url}"' in client.get("/people/spindle-ada/").content.decode()
    assert "Pages that its words find" not in client.get("/qqqq/").content.decode()
    assert "Pages that its words find" not in client.get("/static/spindles.js").content.decode()


def test_no_other_middleware_leads_from_old_addresses(settings):
    classes = {name: import_string(name) for name in settings.MIDDLEWARE}
    leading = [name for name, each in classes.items() if RedirectMiddleware in getattr(each, "__mro__", ())]
    assert leading == ["mindlab.search.old_addresses.OldAddressMiddleware"]
