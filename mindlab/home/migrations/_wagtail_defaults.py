"""Wagtail's own groups, workflow and welcome page: put aside by migration 0002, restored by its reversal.

Frozen with its release. It works on historical models, so it only uses plain fields and managers. What
is in use by now (a group with members, a workflow with states, a welcome page that was built upon) stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.migrations.exceptions import IrreversibleError

from mindlab.home.migrations import _initial_site

EDITORS = _initial_site.EDITORS
MODERATORS = "Moderators"
MODERATORS_TASK = "Moderators approval"
MODERATORS_WORKFLOW = "Moderators approval"
WELCOME_SLUG = "home"

Rows = dict[str, list[dict[str, Any]]]
"""By "app.Model", the rows with all their columns, and the keys on the other side of "many"."""


def put_aside(apps: Any) -> None:
    """Remove Wagtail's defaults and remember them row by row; the Editors keep their group."""
    rows: Rows = {}
    _retire_workflow(apps, rows)
    _retire_groups(apps, rows)
    _retire_welcome_page(apps, rows)
    plain = json.loads(json.dumps(rows, cls=DjangoJSONEncoder))
    apps.get_model("home", "RetiredDefaults").objects.create(rows=plain)


def restore(apps: Any) -> None:
    """Remove what ``ensure_site`` made, and put Wagtail's defaults back as they were.

    Raises:
        IrreversibleError: when pages stand below the index pages.
    """
    retired = apps.get_model("home", "RetiredDefaults").objects.order_by("-pk").first()
    if retired is None:
        raise IrreversibleError("Nothing says what the set-up put aside.")
    _remove_workflows(apps)
    _remove_pages_and_groups(apps, retired.rows)
    for label, rows in retired.rows.items():
        for row in rows:
            _insert(apps.get_model(label), row)
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    _count_children(apps, root)
    retired.delete()


def _remember(rows: Rows, queryset: Any, many: Iterable[str] = ()) -> list[Any]:
    """Keep all columns of the rows, and return the objects."""
    found = list(queryset.order_by("pk"))
    for instance in found:
        row = {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}
        for name in many:
            row[name] = list(getattr(instance, name).order_by("pk").values_list("pk", flat=True))
        rows.setdefault(instance._meta.label, []).append(row)
    return found


def _insert(model: Any, row: dict[str, Any]) -> None:
    names = {field.attname for field in model._meta.concrete_fields}
    instance = model.objects.filter(pk=row.get(model._meta.pk.attname)).first()
    if instance is None:
        instance = model.objects.create(**{name: value for name, value in row.items() if name in names})
    else:
        model.objects.filter(pk=instance.pk).update(**{n: v for n, v in row.items() if n in names})
    for name in row.keys() - names:
        getattr(instance, name).set(row[name])


def _retire_workflow(apps: Any, rows: Rows) -> None:
    workflows = apps.get_model("wagtailcore", "Workflow").objects.filter(
        name=MODERATORS_WORKFLOW, workflow_states=None
    )
    tasks = apps.get_model("wagtailcore", "GroupApprovalTask").objects.filter(
        name=MODERATORS_TASK, task_states=None
    )
    for workflow in _remember(rows, workflows):
        _remember(rows, apps.get_model("wagtailcore", "WorkflowPage").objects.filter(workflow=workflow))
    for task in _remember(rows, tasks, many=["groups"]):
        _remember(rows, apps.get_model("wagtailcore", "WorkflowTask").objects.filter(task_id=task.pk))
    workflows.delete()
    tasks.delete()


def _retire_groups(apps: Any, rows: Rows) -> None:
    groups = apps.get_model("auth", "Group").objects
    page_permissions = apps.get_model("wagtailcore", "GroupPagePermission").objects
    collection_permissions = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    editors = groups.filter(name=EDITORS)
    moderators = groups.filter(name=MODERATORS, user=None)
    _remember(rows, editors, many=["permissions"])
    _remember(rows, moderators, many=["permissions"])
    names = [*editors.values_list("name", flat=True), *moderators.values_list("name", flat=True)]
    for manager in (page_permissions, collection_permissions):
        theirs = manager.filter(group__name__in=names)
        _remember(rows, theirs)
        theirs.delete()
    moderators.delete()


def _retire_welcome_page(apps: Any, rows: Rows) -> None:
    pages = apps.get_model("wagtailcore", "Page").objects
    welcome = pages.filter(
        depth=2,
        slug=WELCOME_SLUG,
        numchild=0,
        content_type__app_label="wagtailcore",
        content_type__model="page",
    )
    _remember(rows, welcome)
    sites = apps.get_model("wagtailcore", "Site").objects.filter(root_page__in=welcome)
    for site in _remember(rows, sites):
        home = _initial_site.ensure_home(apps)
        apps.get_model("wagtailcore", "Site").objects.filter(pk=site.pk).update(root_page_id=home.pk)
    welcome.delete()
    _count_children(apps, pages.get(depth=1))


def _count_children(apps: Any, parent: Any) -> None:
    pages = apps.get_model("wagtailcore", "Page").objects
    children = pages.filter(path__startswith=parent.path, depth=parent.depth + 1).count()
    pages.filter(pk=parent.pk).update(numchild=children)


def _remove_workflows(apps: Any) -> None:
    names = (_initial_site.REVIEW_WORKFLOW, _initial_site.ISSUE_WORKFLOW)
    apps.get_model("wagtailcore", "Workflow").objects.filter(name__in=names).delete()
    for name in ("EditorialReviewTask", "ScientificReviewTask"):
        apps.get_model("editorial", name).objects.all().delete()


def _remove_pages_and_groups(apps: Any, rows: Rows) -> None:
    pages = apps.get_model("wagtailcore", "Page").objects
    home = apps.get_model("home", "HomePage").objects.order_by("path").first()
    if home is not None:
        below = pages.filter(path__startswith=home.path, depth__gt=home.depth + 1)
        if below.exists():
            raise IrreversibleError("Pages stand below the index pages: remove them first.")
        kept = {row["id"]: row["root_page_id"] for row in rows.get("wagtailcore.Site", [])}
        sites = apps.get_model("wagtailcore", "Site").objects
        for row in rows.get("wagtailcore.Page", []):
            _insert(apps.get_model("wagtailcore", "Page"), row)
        for key, root_page_id in kept.items():
            sites.filter(pk=key).update(root_page_id=root_page_id)
        sites.filter(root_page_id=home.pk).delete()
        pages.filter(path__startswith=home.path).delete()
    ours = (_initial_site.WRITERS, _initial_site.SCIENTIFIC_REVIEWERS)
    apps.get_model("auth", "Group").objects.filter(name__in=ours).delete()
    for name in ("GroupPagePermission", "GroupCollectionPermission"):
        apps.get_model("wagtailcore", name).objects.filter(group__name=EDITORS).delete()
