"""The tree, groups and workflow stand after ``manage.py migrate`` alone."""

from django.db import migrations

from mindlab.home import site_setup, wagtail_defaults


def forwards(apps, schema_editor):
    wagtail_defaults.put_aside(apps)
    site_setup.ensure_site(apps)


def backwards(apps, schema_editor):
    wagtail_defaults.restore(apps)


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
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0001_initial"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
