"""Redirects lead on from addresses that nothing answers at, and from no others."""

import pytest
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def lead_away(client, path):
    client.force_login(make_user("editor", groups=("Editors",)))
    client.post(
        reverse("wagtailredirects:add"),
        {"old_path": path, "is_permanent": "on", "redirect_link": "https://example.org/"},
    )
    client.logout()


def test_one_person_leads_no_reader_away_from_a_public_page(client, open_gate):
    article = make_article("The page", live=True)
    lead_away(client, article.url)
    assert Redirect.objects.count() == 1
    assert client.get(article.url).status_code == 200
    without_slash = article.url.rstrip("/")
    assert client.get(without_slash).headers["Location"] == article.url


@pytest.mark.parametrize("address", ["/old/place/", "/old/place", "/old/place?from=mail"])
def test_an_address_of_old_leads_on(client, address):
    lead_away(client, "/old/place/")
    answer = client.get(address, follow=False)
    while answer.headers["Location"].startswith("/"):
        answer = client.get(answer.headers["Location"])
    assert answer.headers["Location"] == "https://example.org/"
