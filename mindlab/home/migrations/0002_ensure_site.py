"""The tree, groups and workflow stand after ``manage.py migrate`` alone."""

from typing import Any

from django.db import migrations

from mindlab.home.migrations import _initial_site, _wagtail_defaults


def forwards(apps: Any, schema_editor: Any) -> None:
    _wagtail_defaults.put_aside(apps)
    _initial_site.ensure_site(apps)


def backwards(apps: Any, schema_editor: Any) -> None:
    _wagtail_defaults.restore(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("articles", "0003_tie_to_topics_and_contributors"),
        ("glossary", "0001_initial"),
        ("core", "0002_tie_to_pages_and_accounts"),
        ("evidence", "0001_initial"),
        ("editorial", "0002_tie_to_pages_and_accounts"),
        ("importer", "0002_tie_to_pages_and_accounts"),
        ("newsletter", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0001_initial"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
