"""The site that ``migrate`` sets up, its reversal to Wagtail's defaults, and what ``ensure_site`` adds."""

import importlib
import os
import subprocess
import sys

import pytest
from django.conf import settings
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
from mindlab.home import site_setup
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


def test_the_site_stands():
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
    ensure_site()
    call_command("ensure_site")
    assert contents() == before


def test_ensure_site_makes_what_was_deleted_again():
    before = shape()
    Group.objects.filter(name="Writers").delete()
    Workflow.objects.all().delete()
    call_command("ensure_site")
    assert shape() == before


def test_each_workflow_has_the_steps_that_its_pages_require():
    for index in site_setup.INDEX_PAGES:
        for model in index.model.allowed_subpage_models():
            steps = tuple(step.task.step for step in site_setup.WORKFLOWS.get(index.workflow, ()))
            assert steps == getattr(model, "required_steps", ()), model


def steps_of(workflow):
    return list(workflow.workflow_tasks.order_by("sort_order").values_list("task__name", "sort_order"))


@pytest.fixture
def workflow():
    return Workflow.objects.get(name=site_setup.REVIEW_WORKFLOW)


@pytest.fixture
def legal(workflow):
    """A task of the house's own, which an administrator put between the two steps."""
    task = GroupApprovalTask.objects.create(name="Legal review")
    workflow.workflow_tasks.filter(task__name="Scientific review").update(sort_order=7)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=3)
    return task


@pytest.mark.parametrize("missing", ["Editorial review", "Scientific review"])
def test_a_step_that_a_standing_workflow_lacks_is_put_in_its_place_once(workflow, legal, missing):
    Workflow.objects.filter(pk=workflow.pk).update(name="How we review")
    issues = Workflow.objects.get(name=site_setup.ISSUE_WORKFLOW)
    names = {"Editorial review": ["Editorial review", "Legal review", "Scientific review"]}
    # Behind the step before it: where the administrator's own task stands, too, nobody can know.
    names["Scientific review"] = ["Editorial review", "Scientific review", "Legal review"]
    workflow.workflow_tasks.filter(task__name=missing).delete()
    for _ in range(2):
        ensure_site()
        assert steps_of(workflow) == [(name, order) for order, name in enumerate(names[missing])]
        assert steps_of(issues) == [("Editorial review", 0)]
        others = [site_setup.ISSUE_WORKFLOW, site_setup.PERSON_WORKFLOW]
        assert sorted(Workflow.objects.values_list("name", flat=True)) == sorted([*others, "How we review"])


def test_a_new_step_of_the_review_reaches_a_standing_workflow_with_its_task_and_group(workflow):
    ScientificReviewTask.objects.all().delete()
    assert steps_of(workflow) == [("Editorial review", 0)]
    ensure_site()
    assert steps_of(workflow) == [("Editorial review", 0), ("Scientific review", 1)]
    assert ScientificReviewTask.objects.get().groups.get().name == "Scientific reviewers"


def test_what_an_administrator_changed_of_a_complete_workflow_stays(workflow, legal):
    WorkflowTask.objects.filter(workflow=workflow, task__name="Scientific review").update(sort_order=1)
    WorkflowTask.objects.filter(workflow=workflow, task__name="Editorial review").update(sort_order=9)
    Task.objects.filter(name="Editorial review").update(name="Language")
    EditorialReviewTask.objects.get().groups.add(Group.objects.get(name="Writers"))
    before = contents()
    ensure_site()
    assert contents() == before


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
    ensure_site()
    assert shape() == ours
    assert Page.find_problems() == ([], [], [], [], [])

    migration.backwards(historical_apps(), None)
    assert contents() == theirs


def test_a_site_in_use_is_not_reversed():
    make_article()
    migration = importlib.import_module("mindlab.home.migrations.0002_ensure_site")
    with pytest.raises(Exception, match="Pages stand below"):
        migration.backwards(historical_apps(), None)


@pytest.fixture
def later(monkeypatch):
    """The living set-up as a later release may leave it: with a type of page that no database has yet."""

    class LaterIndexPage:
        objects = property(lambda self: pytest.fail("a migration ran the living set-up"))

    later = site_setup.IndexPage(LaterIndexPage(), "later", "Later")
    monkeypatch.setattr(site_setup, "INDEX_PAGES", (*site_setup.INDEX_PAGES, later))
    monkeypatch.setattr(site_setup, "ensure_site", lambda: pytest.fail("a migration ran the living set-up"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_migrations_run_backward_and_forward():
    ours = shape()
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("home")
    for targets in ([("home", "0001_initial")], latest, [("home", None)], latest):
        MigrationExecutor(connection).migrate(targets)
    ensure_site()
    assert shape() == ours


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_migrations_run_forward_whatever_the_living_set_up_holds(later):
    ours = shape()
    for target in ("0001_initial", "0002_ensure_site"):
        MigrationExecutor(connection).migrate([("home", target)])
    assert shape()["pages"] == ours["pages"]
    assert set(shape()["groups"]) <= set(ours["groups"])


EMPTY_DATABASE = """
import sys

import django

django.setup()
from django.core.management import call_command
from wagtail.models import Page

from mindlab.home import site_setup

later = site_setup.IndexPage(type("LaterIndexPage", (), {}), "later", "Later")
site_setup.INDEX_PAGES = (*site_setup.INDEX_PAGES, later)
call_command("migrate", verbosity=0)
print(*Page.objects.order_by("path").values_list("slug", flat=True))
"""


@pytest.mark.slow
def test_an_empty_database_is_migrated_whatever_the_living_set_up_holds():
    environment = {
        **os.environ,
        "DATABASE_URL": "sqlite://:memory:",
        "DJANGO_SETTINGS_MODULE": "mindlab.settings.test",
    }
    result = subprocess.run(
        [sys.executable, "-c", EMPTY_DATABASE],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.split() == [
        "root",
        "mindlab",
        "topics",
        "articles",
        "glossary",
        "brief",
        "people",
    ], result.stderr


def test_writers_add_sources_and_change_none_that_published_claims_cite():
    writer = make_user(groups=("Writers",))
    assert writer.has_perm("evidence.add_source")
    assert not writer.has_perm("evidence.change_source")
