"""Where an address leads that no page has: old addresses, other names, other cases; to public pages alone.

An address that would lead to a draft or a private page leads nowhere, or it would tell of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from articles.models import TopicIndexPage, topics_listed
from glossary.models import ConceptAlias, ConceptPage, GlossaryIndexPage, PublicTitle
from glossary.terms import singular
from mindlab.core.privacy import is_restricted
from mindlab.core.search_words import compounds

LONGEST = 500
"""Characters of an address that is looked up; longer ones are nobody's link."""
SERVED_BY_PAGES = "wagtail_serve"


class OldAddressMiddleware(RedirectMiddleware):
    """Redirects from addresses that no page has; Wagtail's own leads to private pages and drafts, too."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Redirect where a view has no such page, before the page that says so is made."""
        return _redirect(request) if isinstance(exception, Http404) else None

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """Redirect where no view has the address, or one answers that there is no page."""
        if response.status_code != 404 or hasattr(request, "led_nowhere"):
            return response
        return _redirect(request) or response


def _redirect(request: HttpRequest) -> HttpResponse | None:
    if request.method not in {"GET", "HEAD"} or len(request.path) > LONGEST or "\0" in request.path:
        return None
    for find in (_kept, _in_lower_case, _by_name):
        if (found := find(request)) and found[0] != request.get_full_path():
            address, is_permanent = found
            response = HttpResponseRedirect(address)
            response.status_code = 301 if is_permanent else 302
            return response
    request.led_nowhere = True  # type: ignore[attr-defined]
    return None


Found = tuple[str, bool]
"""An address, and whether it is there to stay."""


def _kept(request: HttpRequest) -> Found | None:
    """Return where the redirects lead that editors made, and Wagtail when an address changed."""
    full, bare = request.get_full_path(), request.path
    for path in dict.fromkeys((full, bare, full.lower(), bare.lower())):
        redirect = get_redirect(request, Redirect.normalise_path(path, decode_unicode=False))
        if redirect is not None:
            return (redirect.link, redirect.is_permanent) if _is_public(request, redirect) else None
    return None


def _is_public(request: HttpRequest, redirect: Redirect) -> bool:
    if redirect.redirect_page_id:
        return _readable(redirect.redirect_page_id)
    link = urlsplit(redirect.redirect_link)
    return bool(redirect.redirect_link) and (bool(link.netloc) or _answers(request, link.path))


def _in_lower_case(request: HttpRequest) -> Found | None:
    path = request.path.lower()
    if path == request.path or _is_of_a_file(path) or not _answers(request, path):
        return None
    query = request.META.get("QUERY_STRING", "")
    return quote(path, safe="/") + (f"?{query}" if query else ""), True


def _is_of_a_file(path: str) -> bool:
    """Return whether ``path`` names a document: its case is its own, and who may read it decides its view."""
    try:
        return resolve(path).url_name == "wagtaildocs_serve"
    except Resolver404:
        return False


def _answers(request: HttpRequest, path: str) -> bool:
    """Return whether something public stands at ``path``."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if match.url_name != SERVED_BY_PAGES:
        return not path.startswith(reverse("wagtailadmin_home"))
    site = Site.find_for_request(request)
    if site is None:
        return False
    try:
        page, _args, _kwargs = site.root_page.specific.route(
            request, [part for part in path.split("/") if part]
        )
    except Http404:
        return False
    return _readable(page.pk)


def _readable(pk: int) -> bool:
    return Page.objects.live().filter(pk=pk).exclude(is_restricted()).exists()


def _by_name(request: HttpRequest) -> Found | None:
    """Return the page that bears the name at the end of the address, in the index where it is looked for."""
    *above, name = [part for part in request.path.split("/") if part] or [""]
    key = address_key(name)
    if len(above) != 1 or not key:
        return None
    index = Page.objects.live().filter(slug=above[0].lower(), depth=3).exclude(is_restricted()).first()
    find = _NAMED.get(index.specific_class) if index is not None else None
    address = find(key) if find else None
    return (address, True) if address else None


def _concept(key: str) -> str | None:
    """Return the address of the public concept of that title, other name or former title, if it is one."""
    public = ConceptPage.objects.published()
    for names in (
        public.values_list("title", "pk"),
        ConceptAlias.objects.filter(concept__in=public).values_list("name", "concept_id"),
        PublicTitle.objects.filter(concept__in=public).values_list("title", "concept_id"),
    ):
        bearers = {pk for name, pk in names if address_key(name) == key}
        if bearers:
            # Where a name may mean two, the page that says so lists both.
            return public.get(pk=bearers.pop()).url if len(bearers) == 1 else None
    return None


def _topic(key: str) -> str | None:
    """Return the address of the topic of that name, if a public hub, article or concept is under it."""
    for listed in topics_listed():
        if key in {address_key(listed.topic.name), address_key(listed.title)}:
            return reverse(SERVED_BY_PAGES, args=[f"topics/{listed.topic.slug}/"])
    return None


_NAMED: dict[Any, Callable[[str], str | None]] = {GlossaryIndexPage: _concept, TopicIndexPage: _topic}


@lru_cache(maxsize=50_000)
def address_key(name: str) -> str:
    """Return what is compared of a name and the end of an address: its words, each in the singular."""
    return " ".join(singular(word) for word in _words(compounds(name.replace("_", " "))))


def _words(parts: Iterable[tuple[str, ...]]) -> Iterable[str]:
    return (word for words in parts for word in words)
