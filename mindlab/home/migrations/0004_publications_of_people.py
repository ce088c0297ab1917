"""People who are public get a publication row, and the Brief's settings stand among what its pages show.

Who approved the person, nothing on record says. Of pages that two people approved before settings
were written down, the settings as they stand are what they saw.
"""

from typing import Any

from django.db import migrations

from mindlab.home.migrations import _publications

SHOW_THE_BRIEF = ("articles.TopicPage", "newsletter.IssuePage")


def forwards(apps: Any, schema_editor: Any) -> None:
    people = apps.get_model("core", "ContributorPage")
    for page in people.objects.filter(live=True).order_by("pk").iterator(chunk_size=100):
        _publications._write(apps, people, page, _publications.data_of(page), ["editorial"])
    settings = [_settings(row) for row in apps.get_model("core", "BriefSettings").objects.order_by("pk")]
    thing = apps.get_model("editorial", "ShownThing")
    for publication in _of_the_brief(apps):
        thing.objects.bulk_create(thing(publication=publication, **row) for row in settings)
        for record in publication.approvals.all():
            if record.shown is not None:
                record.shown = [
                    *record.shown,
                    *([row["kind"], row["key"], row["digest"]] for row in settings),
                ]
                record.save()


def backwards(apps: Any, schema_editor: Any) -> None:
    people = apps.get_model("core", "ContributorPage").objects.values("pk")
    apps.get_model("editorial", "Publication").objects.filter(page_id__in=people).delete()
    apps.get_model("editorial", "ShownThing").objects.filter(kind="brief").delete()
    for publication in _of_the_brief(apps):
        for record in publication.approvals.all():
            if record.shown is not None:
                record.shown = [row for row in record.shown if row[0] != "brief"]
                record.save()


def _of_the_brief(apps: Any) -> Any:
    publications = apps.get_model("editorial", "Publication").objects.filter(until=None)
    pages = [
        key for label in SHOW_THE_BRIEF for key in apps.get_model(label).objects.values_list("pk", flat=True)
    ]
    return publications.filter(page_id__in=pages).order_by("pk")


def _settings(row: Any) -> dict[str, Any]:
    return _publications._thing("brief", row, ["name", "blurb", "sender_address"])


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0003_publications_of_public_pages"),
        ("articles", "0003_tie_to_topics_and_contributors"),
        ("core", "0003_digests_of_files"),
        ("editorial", "0003_publications"),
        ("newsletter", "0002_picks_of_any_kind"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
