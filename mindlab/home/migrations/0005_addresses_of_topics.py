"""Every topic gets the key of its name, and one without an address an address.

Where one name was given to several topics the oldest gets the key: nothing is merged, because pages that
passed their review show them. What was approved and published with a topic that had no address counts with
the address that it has now. Reversed, the addresses stay, because readers may go by them.
"""

import itertools
from typing import Any

from django.db import migrations

from mindlab.home.migrations import _topics


def forwards(apps: Any, schema_editor: Any) -> None:
    topics = apps.get_model("core", "Topic").objects
    given = set()
    for topic in topics.order_by("pk").iterator(chunk_size=500):
        key = _topics.name_key(topic.name)
        if key not in given:
            given.add(key)
            topics.filter(pk=topic.pk).update(key=key)
        if not topic.slug:
            give_address(apps, topic)


def give_address(apps: Any, topic: Any) -> None:
    topics, wanted = apps.get_model("core", "Topic").objects, _topics.slug_of(topic.name, topic.pk)
    names = itertools.chain([wanted], (f"{wanted}-{number}" for number in itertools.count(2)))
    slug = next(name for name in names if not topics.filter(slug=name).exists())
    topics.filter(pk=topic.pk).update(slug=slug)
    before, after = _topics.digest_of(topic.name, ""), _topics.digest_of(topic.name, slug)
    shown = apps.get_model("editorial", "ShownThing").objects
    shown.filter(kind="topic", key=topic.pk, digest=before).update(digest=after)
    old, new = ["topic", topic.pk, before], ["topic", topic.pk, after]
    for record in apps.get_model("editorial", "ReviewRecord").objects.exclude(shown=None).iterator():
        if old in record.shown:
            record.shown = [new if row == old else row for row in record.shown]
            record.save(update_fields=["shown"])


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0004_publications_of_people"),
        ("core", "0004_topic_key"),
        ("editorial", "0004_changes_that_wait"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
