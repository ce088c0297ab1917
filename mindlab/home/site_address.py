"""The address that Wagtail believes the site to have, kept in step with ``SITE_URL``."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Site

PORTS = {"http": 80, "https": 443}


def address_default_site() -> str:
    """Give the default site the host and port of ``SITE_URL`` and return the address.

    Sitemaps and the admin's links to published pages are made from it.
    """
    parts = urlsplit(settings.SITE_URL)
    host, port = parts.hostname or "localhost", parts.port or PORTS.get(parts.scheme, 80)
    site = Site.objects.get(is_default_site=True)
    if (site.hostname, site.port) != (host, port):
        site.hostname, site.port = host, port
        site.save()
    return str(site.root_url)
