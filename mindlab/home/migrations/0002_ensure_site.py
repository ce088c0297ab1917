"""The tree, groups and workflow stand after ``manage.py migrate`` alone."""

from django.db import migrations

from mindlab.home import site_setup


def forwards(apps, schema_editor):
    site_setup.ensure_site(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("articles", "0003_initial"),
        ("glossary", "0001_initial"),
        ("core", "0002_initial"),
        ("evidence", "0001_initial"),
        ("editorial", "0002_initial"),
        ("importer", "0002_initial"),
        ("newsletter", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailredirects", "0001_initial"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
