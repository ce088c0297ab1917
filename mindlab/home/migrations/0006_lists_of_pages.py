"""Fill the lists that pages of any number are read from."""

from django.db import migrations

from mindlab.home.migrations._lists import fill


class Migration(migrations.Migration):
    """The lists are emptied with their tables when the migration that made those is taken back."""

    dependencies = [
        ("home", "0005_addresses_of_topics"),
        ("core", "0005_lists_of_pages"),
        ("articles", "0003_tie_to_topics_and_contributors"),
        ("glossary", "0001_initial"),
        ("newsletter", "0002_picks_of_any_kind"),
        ("wagtailcore", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
