"""Every relation has an edge of its own, and concepts keep the titles they were public under."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def one_a_relation(apps: Any, schema_editor: Any) -> None:
    _keep_the_oldest(apps, "source_id", "relation_uuid")


def one_of_a_kind(apps: Any, schema_editor: Any) -> None:
    _keep_the_oldest(apps, "source_id", "target_id", "kind")


def _keep_the_oldest(apps: Any, *names: str) -> None:
    edges = apps.get_model("glossary", "RelationEdge").objects
    seen, others = set(), []
    for pk, *key in edges.order_by("pk").values_list("pk", *names):
        if tuple(key) in seen:
            others.append(pk)
        seen.add(tuple(key))
    for start in range(0, len(others), 500):
        edges.filter(pk__in=others[start : start + 500]).delete()


class Migration(migrations.Migration):
    dependencies = [("glossary", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PublicTitle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=255)),
                (
                    "concept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="public_titles",
                        to="glossary.conceptpage",
                    ),
                ),
            ],
            options={
                "verbose_name": "public title",
                "constraints": [models.UniqueConstraint(fields=("concept", "title"), name="one_row_a_title")],
            },
        ),
        migrations.RunPython(one_a_relation, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="relationedge", name="one_edge_of_a_kind"),
        migrations.AddConstraint(
            model_name="relationedge",
            constraint=models.UniqueConstraint(
                fields=("source", "relation_uuid"), name="one_edge_a_relation"
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, one_of_a_kind),
    ]
