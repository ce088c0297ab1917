"""Decisions: about a text under review, and about a change to something that public pages show."""

from __future__ import annotations

import json
from typing import Any

from django.urls import NoReverseMatch, reverse
from wagtail.models import Page, TaskState

from bench.editing.edits import Steps, edit
from bench.editing.observer import STEPS, Place, marks_in
from bench.editing.pages import in_review, url
from bench.editing.site import Person, Site, place_of
from mindlab.editorial.models import MaterialChange


def shown_to(site: Site, page: Any) -> set[str]:
    """Return the marks that somebody sees who reads the newest text of a page: its words, its preview."""
    revision = page.latest_revision
    answer = revision.as_object().make_preview_request()
    return marks_in(json.dumps(revision.content)) | site.observer.marks_of_answer(answer)


def fit_to_decide(site: Site, page: Any, state: Any) -> Person | None:
    """Return somebody, by chance, who wrote none of a page's newest text and may take its step."""
    step = getattr(state.task.specific, "step", "")
    place = place_of(page)
    marks = marks_in(json.dumps(page.latest_revision.content))
    authors = {key for mark in marks for key in site.observer.put[place].get(mark, {})}
    fit = [each for each in site.people if step in each.steps and each.key not in authors]
    return site.chance.choice(fit) if fit else None


def open_page(site: Site) -> tuple[Any, Any, set[str]] | None:
    """Open a page that is under review; return it with its task state and what one sees there."""
    page = in_review(site)
    state = page.current_workflow_task_state if page else None
    return (page, state, shown_to(site, page)) if state else None


def decide(site: Site, person: Person, page: Any, state: Any, shown: set[str], action: str) -> None:
    """Take the step that a task state is of, in one of the admin's ways, and note what was agreed to."""
    if site.chance.random() < 0.3:
        more = {"action-workflow-action": "1", "workflow-action-name": action}
        now = Page.objects.get(pk=page.pk).specific
        site.edit(person, now, **more, **{"workflow-task-state": str(state.pk)})
    else:
        person.client.post(url("workflow_action", page.pk, action, state.pk), {"comment": ""})
    state.refresh_from_db()
    is_taken = state.status == TaskState.STATUS_APPROVED and state.finished_by_id == person.key
    step = getattr(state.task.specific, "step", "")
    if is_taken and step in person.steps:
        site.observer.agree(person.key, place_of(page), {step}, shown)


@edit("page", 26, is_decision=True)
def approve(site: Site, person: Person) -> Steps:
    """Approve a text just read, mostly as somebody who may."""
    if opened := open_page(site):
        page, state, shown = opened
        yield [place_of(page)]
        fit = fit_to_decide(site, page, state) if site.chance.random() < 0.8 else None
        decide(site, fit or person, page, state, shown, "approve")


@edit("page", 3, is_decision=True)
def request_changes(site: Site, person: Person) -> Steps:
    """Ask for changes to a text under review."""
    if opened := open_page(site):
        page, state, shown = opened
        yield [place_of(page)]
        decide(site, person, page, state, shown, "reject")


@edit("page", 4, is_decision=True)
def approve_late(site: Site, person: Person) -> Steps:
    """Approve a text that somebody changed after it was opened."""
    if opened := open_page(site):
        page, state, shown = opened
        yield [place_of(page)]
        fit = fit_to_decide(site, page, state) or person
        other = site.chance.choice([each for each in site.people if each is not fit])
        site.edit(other, page, title=f"Late {site.mark()}")
        site.observer.note(other.key, [place_of(page)])
        decide(site, fit, page, state, shown, "approve")


@edit("page", 3, is_decision=True)
def approve_twice(site: Site, person: Person) -> Steps:
    """Send an approval twice."""
    if opened := open_page(site):
        page, state, shown = opened
        yield [place_of(page)]
        fit = fit_to_decide(site, page, state) or person
        for _ in range(2):
            decide(site, fit, page, state, shown, "approve")


# --- Changes that wait for a second person. ---


def place_of_change(change: MaterialChange) -> Place:
    """Return the place that a change is to."""
    from mindlab.core.shown import material

    row = material()[change.kind]._base_manager.filter(pk=change.key).first()
    return place_of(row) if row is not None else (change.kind, change.key)


def shown_in_change(site: Site, person: Person, change: MaterialChange) -> set[str]:
    """Return the marks on the page that shows a change to who decides, with those of its file."""
    answer = person.client.get(reverse("material_change", args=[change.uuid]))
    if answer.status_code != 200:
        return set()
    found = marks_in(answer.content.decode())
    address = reverse("material_change_file", args=[change.uuid])
    if change.file and address in answer.content.decode():
        file = person.client.get(address)
        found |= site.observer.marks_of_file(b"".join(file)) if file.status_code == 200 else set()
    return found


@edit("change", 12, is_decision=True)
def decide_on_a_change(site: Site, person: Person) -> Steps:
    """Accept, decline or withdraw a change that waits, as anybody."""
    change = site.pick(MaterialChange, status=MaterialChange.Status.WAITING)
    if change is None or not can_change_wait():
        return
    place = place_of_change(change)
    yield [place]
    shown = shown_in_change(site, person, change)
    way = site.chance.choice(["accept", "accept", "accept", "decline", "withdraw"])
    person.client.post(reverse(f"material_change_{way}", args=[change.uuid]), {"comment": ""})
    change.refresh_from_db()
    is_taken = change.status == MaterialChange.Status.ACCEPTED and change.decided_by_id == person.key
    if is_taken and person.steps:
        site.observer.note(site.proposers.get(change.pk, person.key), [place])
        site.observer.agree(person.key, place, STEPS["contributorpage"], shown)


def can_change_wait() -> bool:
    """Return whether the site has addresses for changes that wait."""
    try:
        reverse("material_changes")
    except NoReverseMatch:
        return False
    return True
