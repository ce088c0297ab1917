"""After ``migrate`` alone the site stands; reversing gives Wagtail's own defaults back."""

import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from wagtail.models import (
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from mindlab.editorial.models import EditorialReviewTask, ScientificReviewTask
from mindlab.home.models import HomePage
from mindlab.home.site_setup import ensure_site
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

TABLES = (
    Group,
    Group.permissions.through,
    GroupPagePermission,
    GroupCollectionPermission,
    Workflow,
    Task,
    WorkflowTask,
    WorkflowPage,
    GroupApprovalTask,
    GroupApprovalTask.groups.through,
    Page,
    Site,
)
FRESH_KEYS = {Group.permissions.through, GroupApprovalTask.groups.through}
"""Tables whose own keys mean nothing to anyone."""


def contents():
    rows = {}
    for model in TABLES:
        fields = [
            f.attname for f in model._meta.concrete_fields if model not in FRESH_KEYS or f.attname != "id"
        ]
        rows[model._meta.label] = sorted(map(str, model.objects.values_list(*fields)))
    return rows


def shape():
    """What people see of the set-up, without keys and dates."""
    return {
        "pages": list(
            Page.objects.order_by("path").values_list("title", "slug", "url_path", "depth", "numchild")
        ),
        "groups": sorted(Group.objects.values_list("name", "permissions__codename")),
        "pages of groups": sorted(
            GroupPagePermission.objects.values_list("group__name", "page__title", "permission__codename")
        ),
        "workflows": list(
            WorkflowTask.objects.order_by("workflow__name", "sort_order").values_list(
                "workflow__name", "task__name"
            )
        ),
        "workflow pages": sorted(WorkflowPage.objects.values_list("page__slug", "workflow__name")),
        "sites": list(Site.objects.values_list("hostname", "root_page__slug", "is_default_site")),
    }


def test_the_site_stands_after_migrate_alone():
    assert [page.slug for page in HomePage.objects.get().get_children()] == [
        "topics",
        "articles",
        "glossary",
        "brief",
        "people",
    ]
    assert sorted(Group.objects.values_list("name", flat=True)) == [
        "Editors",
        "Scientific reviewers",
        "Writers",
    ]
    assert EditorialReviewTask.objects.get().groups.get().name == "Editors"
    assert ScientificReviewTask.objects.get().groups.get().name == "Scientific reviewers"
    assert Site.objects.get().root_page.specific == HomePage.objects.get()
    assert not GroupPagePermission.objects.filter(page__depth=1).exists()
    assert not Page.objects.filter(slug="home").exists()
    assert not Task.objects.filter(name="Moderators approval").exists()
    assert Page.find_problems() == ([], [], [], [], [])


def test_ensure_site_is_idempotent_on_todays_models():
    call_command("ensure_site")
    before = contents()
    ensure_site(apps)
    call_command("ensure_site")
    assert contents() == before


def test_ensure_site_makes_what_was_deleted_again():
    before = shape()
    Group.objects.filter(name="Writers").delete()
    Workflow.objects.all().delete()
    call_command("ensure_site")
    assert shape() == before


def historical_apps():
    return MigrationLoader(connection).project_state([("home", "0002_ensure_site")]).apps


def test_backward_and_forward_again():
    migration = importlib.import_module("mindlab.home.migrations.0002_ensure_site")
    ours = shape()
    migration.backwards(historical_apps(), None)
    theirs = contents()
    assert sorted(Group.objects.values_list("name", flat=True)) == ["Editors", "Moderators"]
    assert Page.objects.get(depth=2).title == "Welcome to your new Wagtail site!"
    assert Page.objects.get(depth=2).pk == Site.objects.get().root_page_id
    assert Page.find_problems() == ([], [], [], [], [])
    assert GroupApprovalTask.objects.get().groups.get().name == "Moderators"

    migration.forwards(historical_apps(), None)
    assert shape() == ours
    assert Page.find_problems() == ([], [], [], [], [])

    migration.backwards(historical_apps(), None)
    assert contents() == theirs


def test_a_site_in_use_is_not_reversed():
    make_article()
    migration = importlib.import_module("mindlab.home.migrations.0002_ensure_site")
    with pytest.raises(Exception, match="Pages stand below"):
        migration.backwards(historical_apps(), None)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_migrations_run_backward_and_forward():
    ours = shape()
    for target in ("0001_initial", "0002_ensure_site"):
        MigrationExecutor(connection).migrate([("home", target)])
    assert shape() == ours


def test_writers_add_sources_and_change_none_that_published_claims_cite():
    writer = make_user(groups=("Writers",))
    assert writer.has_perm("evidence.add_source")
    assert not writer.has_perm("evidence.change_source")
