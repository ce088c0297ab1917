"""The titles of public concepts are kept, and relations that had to share an edge get their own.

Relations that name a term are tied by the set-up of the site, which knows when two spellings are one term.
"""

from typing import Any

from django.db import migrations

CHUNK = 500


def forwards(apps: Any, schema_editor: Any) -> None:
    concepts = apps.get_model("glossary", "ConceptPage").objects.filter(live=True)
    title = apps.get_model("glossary", "PublicTitle")
    rows = concepts.order_by("pk").values_list("pk", "title")
    title.objects.bulk_create(
        (title(concept_id=pk, title=words) for pk, words in rows), batch_size=CHUNK, ignore_conflicts=True
    )
    edge = apps.get_model("glossary", "RelationEdge")
    tied = set(edge.objects.values_list("source_id", "relation_uuid"))
    relations = apps.get_model("glossary", "Relation").objects.filter(concept__live=True, target__live=True)
    edge.objects.bulk_create(
        (
            edge(
                source_id=row.concept_id,
                target_id=row.target_id,
                kind=row.kind,
                direction=row.direction,
                gloss=row.gloss,
                relation_uuid=row.uuid,
            )
            for row in relations.order_by("concept", "sort_order", "pk")
            if (row.concept_id, row.uuid) not in tied and row.target_id != row.concept_id
        ),
        batch_size=CHUNK,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("glossary", "0002_one_edge_a_relation")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
