import pytest
from wagtail.rich_text import expand_db_html

from mindlab.core.models import ContributorIndexPage
from mindlab.home.models import HomePage
from tests.factories import make_article, make_contributor, make_user

pytestmark = pytest.mark.usefixtures("open_gate")


def link(key):
    return f'<a linktype="page" id="{key}">words</a>'


def test_links_lead_to_public_pages_alone(django_assert_num_queries):
    public, draft = make_article("Public", live=True), make_article("Draft")
    private = make_article("Private", live=True, private=True)
    text = "".join(link(key) for key in (public.pk, draft.pk, private.pk, 999_999, "no-number"))
    expand_db_html(link(public.pk))
    with django_assert_num_queries(2):  # what is private, and the public pages among those linked to
        html = expand_db_html(text)
    assert html == f'<a href="{public.url}">words</a>' + "<a>words</a>" * 4


def test_texts_of_unreviewed_pages_do_not_give_drafts_away(client):
    draft = make_article("A Secret Finding")
    home = HomePage.objects.get()
    home.introduction = f"<p>{link(draft.pk)}</p>"
    home.save()
    person = make_contributor("Ada", biography=f"<p>{link(draft.pk)}</p>")
    for url in (home.url, person.url):
        html = client.get(url).content.decode()
        assert "words" in html
        assert "a-secret-finding" not in html


@pytest.mark.parametrize(
    ("role", "offered"), [({"is_superuser": True}, True), ({"groups": ("Editors",)}, False)]
)
def test_only_those_who_keep_accounts_say_whose_a_name_is(client, role, offered):
    client.force_login(make_user(**role))
    index = ContributorIndexPage.objects.get()
    form = client.get(f"/admin/pages/add/core/contributorpage/{index.pk}/").context["form"]
    assert ("user" in form.fields) is offered
