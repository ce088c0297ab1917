import pytest
from django.core.management import call_command
from wagtail.models import Site


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://mindlab.example", ("mindlab.example", 443)),
        ("http://localhost:8001", ("localhost", 8001)),
    ],
)
def test_site_takes_the_address_of_the_settings(settings, capsys, address, expected):
    settings.SITE_URL = address
    call_command("ensure_site")
    site = Site.objects.get(is_default_site=True)
    assert (site.hostname, site.port) == expected
    assert site.root_url == address
    assert address in capsys.readouterr().out
