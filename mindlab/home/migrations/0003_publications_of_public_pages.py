"""What is public already gets its publication row, from the review records; what cannot be known is marked."""

from typing import Any

from django.db import migrations

from mindlab.home.migrations import _publications


def forwards(apps: Any, schema_editor: Any) -> None:
    _publications.write_publications(apps)


def backwards(apps: Any, schema_editor: Any) -> None:
    _publications.remove_publications(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_ensure_site"),
        ("articles", "0003_tie_to_topics_and_contributors"),
        ("core", "0003_digests_of_files"),
        ("editorial", "0003_publications"),
        ("evidence", "0001_initial"),
        ("glossary", "0001_initial"),
        ("newsletter", "0002_picks_of_any_kind"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
