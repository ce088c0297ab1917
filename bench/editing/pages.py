"""Edits of pages: in the editor, in the explorer, in bulk, and what follows from the review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Revision, TaskState
from wagtail.test.utils.form_data import rich_text, streamfield

from articles.models import ArticleIndexPage, ArticlePage, TopicPage
from bench.editing.edits import Steps, edit
from bench.editing.site import PAGES, Person, Site, place_of
from glossary.models import ConceptPage
from mindlab.core.models import ContributorPage, SiteDocument, SiteImage
from mindlab.newsletter.models import IssuePage

MOST_PAGES = 60


def changed(site: Site, page: Any) -> dict[str, Any]:
    """Return a field of a page's form with new words in it, or another picture, by chance."""
    model, word = page.specific_class, f"Words {site.mark()}."
    if site.chance.random() < 0.15:
        return {"title": f"Title {site.mark()}"}
    if model is ArticlePage and site.chance.random() < 0.25:
        return {"cover": str(site.pick(SiteImage).pk)}
    if model in (ArticlePage, TopicPage):
        body = streamfield([("text", rich_text(f"<p>{word}</p>")), *_figure(site)])
        return site.chance.choice([{"deck": word}, {"body": body}])
    if model is ConceptPage:
        return {site.chance.choice(["definition", "plain_words"]): rich_text(f"<p>{word}</p>")}
    if model is IssuePage:
        return site.chance.choice([{"subject": word}, {"introduction": rich_text(f"<p>{word}</p>")}])
    return {site.chance.choice(["credentials", "role"]): word}


def _figure(site: Site) -> list[Any]:
    image = site.pick(SiteImage)
    if image is None or site.chance.random() < 0.5:
        return []
    value = {"image": str(image.pk), "alt_text": f"Shows {site.mark()}"}
    return [("image", {"image": value, "caption": rich_text("")})]


def url(name: str, *args: Any) -> str:
    """Return the address of one of the admin's views of pages."""
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def in_review(site: Site) -> Any:
    """Return a page that is under review, by chance."""
    keys = sorted(
        int(key)
        for key in TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).values_list(
            "workflow_state__object_id", flat=True
        )
    )
    return Page.objects.get(pk=site.chance.choice(keys)).specific if keys else None


@edit("page", 14)
def save_a_draft(site: Site, person: Person) -> Steps:
    """Save other words in the editor."""
    if page := site.page():
        yield [place_of(page)]
        site.edit(person, page, **changed(site, page))


@edit("page", 6)
def autosave(site: Site, person: Person) -> Steps:
    """Let the editor save by itself over the newest revision."""
    if page := site.page():
        yield [place_of(page)]
        key = str(page.latest_revision_id)
        more = {"overwrite_revision_id": key, "loaded_revision_id": key, **changed(site, page)}
        site.edit(person, page, autosave=True, **more)


@edit("page", 5)
def publish_in_the_editor(site: Site, person: Person) -> Steps:
    """Publish other words in the editor."""
    if page := site.page():
        yield [place_of(page)]
        site.edit(person, page, **{**changed(site, page), "action-publish": "1"})


@edit("page", 3)
def publish_the_newest_text(site: Site, person: Person) -> Steps:
    """Publish what is there, without a change."""
    if page := site.page():
        yield [place_of(page)]
        site.edit(person, page, **{"action-publish": "1"})


@edit("page", 12)
def submit(site: Site, person: Person) -> Steps:
    """Submit the newest text for review."""
    if page := site.page():
        yield [place_of(page)]
        site.edit(person, page, **{"action-submit": "1"})


@edit("page", 4)
def edit_under_review(site: Site, person: Person) -> Steps:
    """Save other words while the review goes on, or submit them, or begin it anew."""
    if page := in_review(site):
        yield [place_of(page)]
        actions: tuple[dict[str, str], ...] = ({}, {"action-submit": "1"}, {"action-restart-workflow": "1"})
        site.edit(person, page, **{**changed(site, page), **site.chance.choice(actions)})


@edit("page", 2)
def end_the_review(site: Site, person: Person) -> Steps:
    """Cancel the review that goes on."""
    if page := in_review(site):
        yield [place_of(page)]
        site.edit(person, page, **{"action-cancel-workflow": "1"})


@edit("page", 6)
def revert(site: Site, person: Person) -> Steps:
    """Go back to an older revision, as a draft or to publish it."""
    page = site.page()
    revision = site.pick(Revision, object_id=str(page.pk)) if page else None
    if revision:
        yield [place_of(page)]
        draft = revision.as_object()
        action = {"action-publish": "1"} if site.chance.random() < 0.4 else {}
        site.edit(person, page, draft, revision=str(revision.pk), **action)


@edit("page", 4)
def schedule(site: Site, person: Person) -> Steps:
    """Give the newest text a date, and submit or publish it."""
    if page := site.page(ArticlePage, ConceptPage):
        yield [place_of(page)]
        date = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
        action = site.chance.choice(["action-submit", "action-publish"])
        site.edit(person, page, go_live_at=date, **{action: "1"})


@edit("page", 1)
def unschedule(site: Site, person: Person) -> Steps:
    """Take the date of a scheduled revision away."""
    if revision := site.pick(Revision, approved_go_live_at__isnull=False):
        yield [("page", int(revision.object_id))]
        person.client.post(url("revisions_unschedule", revision.object_id, revision.pk))


@edit("page", 2)
def let_dates_come(site: Site, person: Person) -> Steps:
    """Move every date into the past and publish what is due."""
    due = list(Revision.objects.filter(approved_go_live_at__isnull=False))
    if due:
        yield [("page", int(revision.object_id)) for revision in due]
        past = timezone.now() - timedelta(minutes=1)
        for revision in due:
            revision.content["go_live_at"] = past.isoformat()
            Revision.objects.filter(pk=revision.pk).update(content=revision.content, approved_go_live_at=past)
        call_command("publish_scheduled", verbosity=0, stderr=_Nowhere())


class _Nowhere:
    def write(self, *args: Any) -> None:
        """Say nothing: refusals are counted."""


@edit("page", 2)
def unpublish(site: Site, person: Person) -> Steps:
    """Withdraw a page."""
    if page := site.page():
        yield [place_of(page)]
        person.client.post(url("unpublish", page.pk))


@edit("page", 1)
def delete(site: Site, person: Person) -> Steps:
    """Delete a page."""
    page = site.page()
    if page and page.specific_class.objects.count() > 2:
        yield [place_of(page)]
        person.client.post(url("delete", page.pk))


@edit("page", 2)
def move(site: Site, person: Person) -> Steps:
    """Move a page below another one, of its own kind or not."""
    page = site.page()
    parent = site.pick(Page, depth=3)
    if page and parent:
        yield [place_of(page)]
        person.client.post(url("move_confirm", page.pk, parent.pk))


@edit("page", 3)
def copy(site: Site, person: Person) -> Steps:
    """Copy a page, or make an alias of it, and ask for it to be public."""
    page = site.page()
    if page and Page.objects.count() < MOST_PAGES:
        yield [place_of(page)]
        data = {"new_title": f"Copy {site.mark()}", "new_slug": site.next_slug()}
        more = site.chance.choice([{}, {"publish_copies": "on"}, {"alias": "on"}])
        parent = str(page.get_parent().pk)
        person.client.post(url("copy", page.pk), {**data, "new_parent_page": parent, **more})


@edit("page", 3)
def make_an_alias(site: Site, person: Person) -> Steps:
    """Show a public page at a second address."""
    page = site.page(ArticlePage, ConceptPage)
    if page and page.live and Page.objects.count() < MOST_PAGES:
        yield [place_of(page)]
        data = {"new_title": page.title, "new_slug": site.next_slug(), "alias": "on"}
        person.client.post(url("copy", page.pk), {**data, "new_parent_page": str(page.get_parent().pk)})


@edit("page", 1)
def convert_an_alias(site: Site, person: Person) -> Steps:
    """Make an alias a page of its own."""
    if alias := site.pick(Page, alias_of__isnull=False):
        yield [place_of(alias)]
        person.client.post(url("convert_alias", alias.pk))


@edit("page", 2)
def create(site: Site, person: Person) -> Steps:
    """Make a new article and ask for it to be public."""
    if Page.objects.count() < MOST_PAGES:
        index = ArticleIndexPage.objects.get()
        yield [place_of(index)]
        page = ArticlePage.objects.order_by("pk").first()
        if page is not None:
            draft = page.get_latest_revision_as_object()
            new = {"title": f"New {site.mark()}", "slug": site.next_slug(), "deck": site.mark()}
            none = streamfield([("text", rich_text(f"<p>{site.mark()}</p>"))])
            data = site.form(page, ArticlePage(**new, body=[]), body=none, **{"action-publish": "1"})
            del draft
            person.client.post(url("add", "articles", "articlepage", index.pk), data)


@edit("page", 3)
def in_bulk(site: Site, person: Person) -> Steps:
    """Publish, withdraw or move several pages at once."""
    pages = [page for page in (site.page(), site.page()) if page]
    if pages:
        yield [place_of(page) for page in pages]
        action = site.chance.choice(["publish", "publish", "unpublish", "move"])
        ids = "&".join(f"id={page.pk}" for page in pages)
        parent = pages[0].get_parent().pk
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        person.client.post(f"{address}?{ids}", {"include_descendants": "on", "chooser": str(parent)})


@edit("page", 2)
def set_privacy(site: Site, person: Person) -> Steps:
    """Let only those who are signed in read a page, or everybody again."""
    if page := site.page():
        yield [place_of(page)]
        is_private = PageViewRestriction.objects.filter(page=page).exists()
        data = {"restriction_type": "none" if is_private or site.chance.random() < 0.5 else "login"}
        person.client.post(url("set_privacy", page.pk), data)


@edit("page", 1)
def lock(site: Site, person: Person) -> Steps:
    """Lock a page, or unlock it."""
    if page := site.page():
        yield [place_of(page)]
        person.client.post(url("unlock" if page.locked else "lock", page.pk))


@edit("furniture", 2)
def publish_an_index(site: Site, person: Person) -> Steps:
    """Publish other words of the home page or an index, which are no part of the review."""
    page = site.pick(Page, depth__in=[2, 3])
    yield [place_of(page)]
    draft = page.specific.get_latest_revision_as_object()
    draft.title = f"Index {site.mark()}"
    draft.save_revision(user=person.user).publish(user=person.user)


@edit("page", 2)
def purge_revisions(site: Site, person: Person) -> Steps:
    """Delete the revisions that nothing needs any more."""
    if page := site.page():
        yield [place_of(page)]
        call_command("purge_revisions", stdout=_Nowhere())


# --- Richer drafts, saved by code: rows, evidence, names, topics, references. ---


def _relation(site: Site, draft: Any) -> None:
    from glossary.models import Relation

    if isinstance(draft, ConceptPage):
        draft.relations.add(Relation(target=site.pick(ConceptPage), gloss=f"Because {site.mark()}."))


def _claim(site: Site, draft: Any) -> None:
    from mindlab.evidence.models import Citation, Claim, Source

    if hasattr(draft, "claims"):
        claim = Claim(text=f"Claim {site.mark()}", standing="supported")
        claim.citations = [Citation(source=site.pick(Source), locator=site.mark())]
        draft.claims.add(claim)


def _measurement(site: Site, draft: Any) -> None:
    from mindlab.evidence.models import Measurement

    if hasattr(draft, "measurements"):
        draft.measurements.add(Measurement(quantity=f"Rate {site.mark()}", value=3, context=site.mark()))


def _byline(site: Site, draft: Any) -> None:
    if hasattr(draft, "credits"):
        draft.credits.add(draft.credits.model(contributor=site.pick(ContributorPage)))


def _topic(site: Site, draft: Any) -> None:
    from mindlab.core.models import Topic

    if hasattr(draft, "topics"):
        draft.topics.add(site.pick(Topic))


def _text(site: Site, draft: Any) -> None:
    if hasattr(draft, "body"):
        draft.body = site.body(site.pick(SiteImage), site.pick(SiteDocument))


def _fewer(site: Site, draft: Any) -> None:
    for name in ("relations", "claims", "measurements", "credits"):
        rows = list(getattr(draft, name).all()) if hasattr(draft, name) else []
        if len(rows) > 1:
            getattr(draft, name).remove(*rows[1:])


@edit("page", 14)
def save_rows_in_a_draft(site: Site, person: Person) -> Steps:
    """Save a draft with another relation, claim, measurement, byline, topic, text, or with fewer."""
    if page := site.page(*PAGES[:3]):
        yield [place_of(page)]
        draft = page.get_latest_revision_as_object()
        site.chance.choice([_relation, _claim, _measurement, _byline, _topic, _text, _fewer])(site, draft)
        draft.save_revision(user=person.user, clean=False)
