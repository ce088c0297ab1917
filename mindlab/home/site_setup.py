"""The tree, the groups and the review workflows that a MindLAB site stands on.

The first migration makes them as they were when it was released; ``ensure_site`` adds what is new
since then, and what was deleted, to any site: ``manage.py ensure_site`` after each ``migrate``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from articles.models import ArticleIndexPage, TopicIndexPage
from glossary.edges import tie_all
from glossary.models import GlossaryIndexPage
from mindlab.core import listed
from mindlab.core.models import ContributorIndexPage
from mindlab.editorial.tasks import EditorialReviewTask, ReviewTask, ScientificReviewTask
from mindlab.home.models import HomePage
from mindlab.newsletter.models import BriefIndexPage

WRITERS = "Writers"
EDITORS = "Editors"
SCIENTIFIC_REVIEWERS = "Scientific reviewers"
GROUPS = (WRITERS, EDITORS, SCIENTIFIC_REVIEWERS)

REVIEW_WORKFLOW = "Editorial and scientific review"
ISSUE_WORKFLOW = "Editorial review of an issue"
PERSON_WORKFLOW = "Editorial review of a person"


@dataclass(frozen=True, slots=True)
class IndexPage:
    """An index page under the home page, and the workflow of the pages below it."""

    model: type[Page]
    slug: str
    title: str
    in_menus: bool = True
    workflow: str = REVIEW_WORKFLOW


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the review: its task, what editors call it, and the group that takes it."""

    task: type[ReviewTask]
    name: str
    group: str


INDEX_PAGES = (
    IndexPage(TopicIndexPage, "topics", "Topics"),
    IndexPage(ArticleIndexPage, "articles", "Articles"),
    IndexPage(GlossaryIndexPage, "glossary", "Glossary"),
    IndexPage(BriefIndexPage, "brief", "The Intelligence Brief", workflow=ISSUE_WORKFLOW),
    IndexPage(ContributorIndexPage, "people", "People", in_menus=False, workflow=PERSON_WORKFLOW),
)

EDITORIAL = Step(EditorialReviewTask, "Editorial review", EDITORS)
SCIENTIFIC = Step(ScientificReviewTask, "Scientific review", SCIENTIFIC_REVIEWERS)

WORKFLOWS: dict[str, tuple[Step, ...]] = {
    REVIEW_WORKFLOW: (EDITORIAL, SCIENTIFIC),
    ISSUE_WORKFLOW: (EDITORIAL,),
    PERSON_WORKFLOW: (EDITORIAL,),
}
"""The steps of each workflow, in order: the ``required_steps`` of the pages that take it."""

PAGE_PERMISSIONS = {
    WRITERS: ("add_page",),
    EDITORS: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}
"""Permissions on the home page and below, by group. The gate makes "publish" conditional for
reviewed types; scientific reviewers open what is in their task and need no permission."""

COLLECTION_PERMISSIONS = {
    WRITERS: ("add_image", "choose_image", "add_document", "choose_document"),
    EDITORS: (
        "add_image",
        "change_image",
        "choose_image",
        "add_document",
        "change_document",
        "choose_document",
    ),
}
"""Permissions on all images and documents, by group. Wagtail asks for those on its own models, whatever
models ``WAGTAILIMAGES_IMAGE_MODEL`` and ``WAGTAILDOCS_DOCUMENT_MODEL`` name."""

COLLECTION_APPS = {"image": "wagtailimages", "document": "wagtaildocs"}

MODEL_PERMISSIONS = {
    WRITERS: (("evidence", "source", "add"),),
    EDITORS: (
        ("evidence", "source", "add"),
        ("evidence", "source", "change"),
        ("evidence", "source", "delete"),
        ("core", "topic", "add"),
        ("core", "topic", "change"),
        ("core", "briefsettings", "change"),
        ("importer", "importrun", "view"),
        ("editorial", "publication", "view"),
        ("editorial", "reviewrecord", "view"),
        ("editorial", "materialchange", "change"),
        ("wagtailredirects", "redirect", "add"),
        ("wagtailredirects", "redirect", "change"),
        ("wagtailredirects", "redirect", "delete"),
    ),
    SCIENTIFIC_REVIEWERS: (
        ("evidence", "source", "add"),
        ("evidence", "source", "change"),
        ("editorial", "publication", "view"),
        ("editorial", "reviewrecord", "view"),
        ("editorial", "materialchange", "change"),
    ),
}


def ensure_site() -> None:
    """Make what is missing of tree, groups, workflows and ties, and the lists anew; change nothing else."""
    home = ensure_home()
    pages = {index: ensure_index_page(home, index) for index in INDEX_PAGES}
    for name in GROUPS:
        ensure_group(name, home)
    for index, page in pages.items():
        if index.workflow:
            ensure_workflow(index.workflow, page)
    tie_all()
    listed.rebuild()


def ensure_home() -> HomePage:
    """Return the home page, made if there is none and set as the root of the default site."""
    home = HomePage.objects.order_by("path").first()
    if home is None:
        home = add_page(Page.get_first_root_node(), HomePage(title="MindLAB", slug="mindlab"))
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        site = Site(hostname="localhost", port=80, site_name="MindLAB", is_default_site=True)
    if not HomePage.objects.filter(pk=site.root_page_id).exists():
        site.root_page, site.site_name = home, "MindLAB"
        site.save()
    return home


def ensure_index_page(home: HomePage, index: IndexPage) -> Page:
    """Return the one index page of its type, made under the home page if there is none."""
    page = index.model.objects.order_by("path").first()
    if page is None:
        page = index.model(title=index.title, slug=index.slug, show_in_menus=index.in_menus)
        add_page(HomePage.objects.get(pk=home.pk), page)
    return page


def add_page(parent: Page, page: Any) -> Any:
    """Insert a live page as the last child of ``parent``, and return it."""
    page.first_published_at = page.last_published_at = timezone.now()
    return parent.add_child(instance=page)


def ensure_group(name: str, home: HomePage) -> None:
    """Make a group if there is none of that name, and give it what it may do."""
    group = Group.objects.get_or_create(name=name)[0]
    group.permissions.add(permission("wagtailadmin", "access_admin"))
    for app, model, action in MODEL_PERMISSIONS.get(name, ()):
        group.permissions.add(permission(app, f"{action}_{model}"))
    for codename in PAGE_PERMISSIONS.get(name, ()):
        GroupPagePermission.objects.get_or_create(
            group=group, page_id=home.pk, permission=permission("wagtailcore", codename)
        )
    for codename in COLLECTION_PERMISSIONS.get(name, ()):
        app = COLLECTION_APPS[codename.split("_")[1]]
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=permission(app, codename)
        )


def permission(app: str, codename: str) -> Permission:
    """Return the permission of an app by its code name."""
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def ensure_workflow(name: str, page: Page) -> None:
    """Give the workflow that stands on an index page, else the one of that name, the steps it lacks."""
    standing = WorkflowPage.objects.filter(page_id=page.pk).select_related("workflow").first()
    if standing is None:
        workflow = Workflow.objects.filter(name=name, active=True).first() or Workflow.objects.create(
            name=name
        )
        standing = WorkflowPage.objects.create(page_id=page.pk, workflow=workflow)
    add_missing_tasks(standing.workflow, [ensure_task(step) for step in WORKFLOWS[name]])


def ensure_task(step: Step) -> ReviewTask:
    """Return the one task of a step, made for its group if there is none."""
    task = step.task.objects.order_by("pk").first()
    if task is None:
        task = step.task.objects.create(name=step.name)
        task.groups.add(Group.objects.get(name=step.group))
    return task


def add_missing_tasks(workflow: Workflow, tasks: list[ReviewTask]) -> None:
    """Put each task that a workflow lacks behind the one before it; all that stands there keeps its order."""
    rows = list(WorkflowTask.objects.filter(workflow=workflow).order_by("sort_order", "pk"))
    place = 0
    for task in tasks:
        found = [number for number, row in enumerate(rows) if row.task_id == task.pk]
        if not found:
            rows.insert(place, WorkflowTask(workflow=workflow, task_id=task.pk))
        place = (found or [place])[0] + 1
    if all(row.pk for row in rows):
        return
    for order, row in enumerate(rows):
        if row.sort_order != order:
            row.sort_order = order
            row.save()
