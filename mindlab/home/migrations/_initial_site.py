"""The tree, the groups and the review workflow as migration 0002 makes them, frozen with its release.

What came later is added by ``mindlab.home.site_setup``. This works on historical models, so it only
uses plain fields and managers: pages are placed in the tree by hand, as treebeard's materialised
paths want it (four digits a level). A later migration that takes away a model or a field named here
has to depend on 0002.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

STEP_LENGTH = 4
PATH_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

WRITERS = "Writers"
EDITORS = "Editors"
SCIENTIFIC_REVIEWERS = "Scientific reviewers"

EDITORIAL_TASK = "Editorial review"
SCIENTIFIC_TASK = "Scientific review"
REVIEW_WORKFLOW = "Editorial and scientific review"
ISSUE_WORKFLOW = "Editorial review of an issue"


@dataclass(frozen=True, slots=True)
class IndexPage:
    """An index page under the home page: its model, slug and title."""

    app: str
    model: str
    slug: str
    title: str
    in_menus: bool = True
    workflow: str = REVIEW_WORKFLOW


INDEX_PAGES = (
    IndexPage("articles", "TopicIndexPage", "topics", "Topics"),
    IndexPage("articles", "ArticleIndexPage", "articles", "Articles"),
    IndexPage("glossary", "GlossaryIndexPage", "glossary", "Glossary"),
    IndexPage("newsletter", "BriefIndexPage", "brief", "The Intelligence Brief", workflow=ISSUE_WORKFLOW),
    IndexPage("core", "ContributorIndexPage", "people", "People", in_menus=False, workflow=""),
)

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
    # A change to a source shows at once under every published claim that cites it.
    WRITERS: (("evidence", "source", "add"),),
    EDITORS: (
        ("evidence", "source", "add"),
        ("evidence", "source", "change"),
        ("evidence", "source", "delete"),
        ("core", "topic", "add"),
        ("core", "topic", "change"),
        ("core", "briefsettings", "change"),
        ("importer", "importrun", "view"),
        ("editorial", "reviewrecord", "view"),
        ("wagtailredirects", "redirect", "add"),
        ("wagtailredirects", "redirect", "change"),
        ("wagtailredirects", "redirect", "delete"),
    ),
    SCIENTIFIC_REVIEWERS: (
        ("evidence", "source", "add"),
        ("evidence", "source", "change"),
        ("editorial", "reviewrecord", "view"),
    ),
}


def ensure_site(apps: Any) -> None:
    """Make what is missing of the tree, groups and workflows; change nothing that is there."""
    home = ensure_home(apps)
    for index in INDEX_PAGES:
        ensure_index_page(apps, home, index)
    ensure_groups(apps, home)
    ensure_workflows(apps)


def ensure_home(apps: Any) -> Any:
    """Return the home page, made if there is none and set as the root of the default site."""
    home_model = apps.get_model("home", "HomePage")
    page_model = apps.get_model("wagtailcore", "Page")
    site_model = apps.get_model("wagtailcore", "Site")
    home = home_model.objects.order_by("path").first()
    if home is None:
        root = page_model.objects.get(depth=1)
        home = add_page(apps, root, home_model, title="MindLAB", slug="mindlab")
    site = site_model.objects.filter(is_default_site=True).first()
    if site is None:
        site_model.objects.create(
            hostname="localhost", port=80, site_name="MindLAB", is_default_site=True, root_page_id=home.pk
        )
    elif not home_model.objects.filter(pk=site.root_page_id).exists():
        site_model.objects.filter(pk=site.pk).update(root_page_id=home.pk, site_name="MindLAB")
    return home


def ensure_index_page(apps: Any, home: Any, index: IndexPage) -> Any:
    """Return the one index page of its type, made under the home page if there is none."""
    model = apps.get_model(index.app, index.model)
    page = model.objects.order_by("path").first()
    if page is None:
        parent = apps.get_model("wagtailcore", "Page").objects.get(pk=home.pk)
        page = add_page(apps, parent, model, title=index.title, slug=index.slug, show_in_menus=index.in_menus)
    return page


def add_page(apps: Any, parent: Any, model: Any, *, title: str, slug: str, **fields: Any) -> Any:
    """Insert a live page as the last child of ``parent``."""
    page_model = apps.get_model("wagtailcore", "Page")
    last = (
        page_model.objects.filter(path__startswith=parent.path, depth=parent.depth + 1)
        .order_by("path")
        .last()
    )
    now = timezone.now()
    page = model.objects.create(
        title=title,
        draft_title=title,
        slug=slug,
        path=next_path(parent.path, last.path if last else None),
        depth=parent.depth + 1,
        numchild=0,
        url_path=f"{parent.url_path}{slug}/",
        content_type=content_type(apps, model),
        locale=apps.get_model("wagtailcore", "Locale").objects.order_by("pk").first(),
        live=True,
        first_published_at=now,
        last_published_at=now,
        **fields,
    )
    page_model.objects.filter(pk=parent.pk).update(numchild=parent.numchild + 1)
    parent.numchild += 1
    return page


def next_path(parent_path: str, last_path: str | None) -> str:
    """Return the materialised path after ``last_path``, or the first one under ``parent_path``."""
    if last_path is None:
        return parent_path + "1".rjust(STEP_LENGTH, PATH_DIGITS[0])
    number = int(last_path[-STEP_LENGTH:], 36) + 1
    digits = ""
    while number:
        number, rest = divmod(number, len(PATH_DIGITS))
        digits = PATH_DIGITS[rest] + digits
    return parent_path + digits.rjust(STEP_LENGTH, PATH_DIGITS[0])


def content_type(apps: Any, model: Any) -> Any:
    """Return the content type of a model; ``post_migrate`` may not have made it yet."""
    return apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=model._meta.app_label, model=model._meta.model_name
    )[0]


def ensure_groups(apps: Any, home: Any) -> None:
    """Make the three groups and give them what they may do."""
    group_model = apps.get_model("auth", "Group")
    collection = apps.get_model("wagtailcore", "Collection").objects.order_by("path").first()
    page_permission = apps.get_model("wagtailcore", "GroupPagePermission")
    collection_permission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    for name in (WRITERS, EDITORS, SCIENTIFIC_REVIEWERS):
        group = group_model.objects.get_or_create(name=name)[0]
        group.permissions.add(permission(apps, "wagtailadmin", "admin", "access_admin"))
        for codename in PAGE_PERMISSIONS.get(name, ()):
            page_permission.objects.get_or_create(
                group=group, page_id=home.pk, permission=permission(apps, "wagtailcore", "page", codename)
            )
        for codename in COLLECTION_PERMISSIONS.get(name, ()):
            model = codename.split("_")[1]
            collection_permission.objects.get_or_create(
                group=group,
                collection=collection,
                permission=permission(apps, COLLECTION_APPS[model], model, codename),
            )
        for app, model, action in MODEL_PERMISSIONS.get(name, ()):
            group.permissions.add(permission(apps, app, model, f"{action}_{model}"))


def permission(apps: Any, app: str, model: str, codename: str) -> Any:
    """Return a permission, made if ``post_migrate`` has not made it yet."""
    kind = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)[0]
    return apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename=codename, defaults={"name": f"Can {codename.replace('_', ' ')}"}
    )[0]


def ensure_workflows(apps: Any) -> None:
    """Make the two review tasks, the two workflows, and tie them to the index pages."""
    editorial = ensure_task(apps, "EditorialReviewTask", EDITORIAL_TASK, EDITORS)
    scientific = ensure_task(apps, "ScientificReviewTask", SCIENTIFIC_TASK, SCIENTIFIC_REVIEWERS)
    workflows = {
        REVIEW_WORKFLOW: ensure_workflow(apps, REVIEW_WORKFLOW, (editorial, scientific)),
        ISSUE_WORKFLOW: ensure_workflow(apps, ISSUE_WORKFLOW, (editorial,)),
    }
    workflow_page = apps.get_model("wagtailcore", "WorkflowPage")
    for index in INDEX_PAGES:
        if not index.workflow:
            continue
        page = apps.get_model(index.app, index.model).objects.order_by("path").first()
        if not workflow_page.objects.filter(page_id=page.pk).exists():
            workflow_page.objects.create(page_id=page.pk, workflow=workflows[index.workflow])


def ensure_task(apps: Any, model_name: str, name: str, group_name: str) -> Any:
    """Return the one task of its type, made for its group if there is none."""
    model = apps.get_model("editorial", model_name)
    task = model.objects.order_by("pk").first()
    if task is None:
        task = model.objects.create(name=name, active=True, content_type=content_type(apps, model))
        task.groups.add(apps.get_model("auth", "Group").objects.get(name=group_name))
    return task


def ensure_workflow(apps: Any, name: str, tasks: tuple[Any, ...]) -> Any:
    """Return the workflow of that name with its tasks in order."""
    workflow, created = apps.get_model("wagtailcore", "Workflow").objects.get_or_create(
        name=name, defaults={"active": True}
    )
    if created:
        for order, task in enumerate(tasks):
            apps.get_model("wagtailcore", "WorkflowTask").objects.create(
                workflow=workflow, task_id=task.pk, sort_order=order
            )
    return workflow
