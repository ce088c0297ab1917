"""What the migrations make of ties and titles of concepts that were public before them."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from glossary.models import PublicTitle, RelationEdge
from tests.factories import make_concept
from tests.glossary.test_edges import glosses, live

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_gate")]


def migration(name):
    apps = MigrationLoader(connection).project_state([("glossary", name)]).apps
    return import_module(f"glossary.migrations.{name}"), apps


def test_every_relation_to_a_public_concept_gets_an_edge_and_public_titles_are_kept():
    amygdala, draft = live("Amygdala"), make_concept("Draft")
    relations = ((amygdala, "quiets it"), (amygdala, "grows it"), (draft, "waits for it"))
    oxytocin = live("Oxytocin", relations=relations)
    RelationEdge.objects.filter(gloss="grows it").delete()
    PublicTitle.objects.all().delete()
    module, apps = migration("0003_titles_and_ties_of_public_concepts")
    for _ in range(2):
        module.forwards(apps, None)
        assert glosses(oxytocin) == {"Amygdala": (["quiets it", "grows it"], [])}
        titles = PublicTitle.objects.order_by("title").values_list("title", flat=True)
        assert list(titles) == ["Amygdala", "Oxytocin"]


def test_going_back_keeps_the_oldest_edge_of_a_kind():
    amygdala = live("Amygdala")
    live("Oxytocin", relations=((amygdala, "quiets it"), (amygdala, "grows it")))
    module, apps = migration("0002_one_edge_a_relation")
    module.one_a_relation(apps, None)
    assert RelationEdge.objects.count() == 2
    module.one_of_a_kind(apps, None)
    assert [edge.gloss for edge in RelationEdge.objects.all()] == ["quiets it"]
