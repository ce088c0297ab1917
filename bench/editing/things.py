"""Edits of what pages show: images, documents, sources, topics, people, settings, collections."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from taggit.models import TagBase
from wagtail.models import Collection, CollectionViewRestriction

from bench.editing.edits import Steps, edit
from bench.editing.site import Person, Site, place_of
from mindlab.core.models import BriefSettings, ContributorPage, SiteDocument, SiteImage, Topic
from mindlab.evidence.models import Source

IMAGE_WORDS = ("title", "description", "credit", "licence", "source_url")
FOCUS = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


def image_form(image: SiteImage, **changed: Any) -> dict[str, Any]:
    """Return what the form of an image posts, with some fields changed."""
    words = {name: str(getattr(image, name) or "") for name in (*IMAGE_WORDS, *FOCUS)}
    return {**words, "tags": "", "collection": str(image.collection_id), **changed}


def words_for(site: Site, name: str) -> str:
    """Return new words for a field."""
    return f"https://example.org/{site.mark()}" if name == "source_url" else f"Words {site.mark()}"


@edit("image", 6)
def change_the_words_of_an_image(site: Site, person: Person) -> Steps:
    """Change its title, description, credit, licence or source."""
    if image := site.pick(SiteImage):
        yield [place_of(image)]
        name = site.chance.choice(IMAGE_WORDS)
        data = image_form(image, **{name: words_for(site, name)})
        person.client.post(reverse("wagtailimages:edit", args=[image.pk]), data)


@edit("image", 6)
def replace_the_file_of_an_image(site: Site, person: Person) -> Steps:
    """Upload another file under an image."""
    if image := site.pick(SiteImage):
        yield [place_of(image)]
        mark, data = site.observer.picture()
        file = SimpleUploadedFile(f"{mark}.png", data, "image/png")
        person.client.post(reverse("wagtailimages:edit", args=[image.pk]), image_form(image, file=file))


@edit("image", 2)
def move_the_focal_point(site: Site, person: Person) -> Steps:
    """Change what is kept when an image is cropped."""
    if image := site.pick(SiteImage):
        yield [place_of(image)]
        point = {name: str(site.chance.randint(2, 12)) for name in FOCUS}
        person.client.post(reverse("wagtailimages:edit", args=[image.pk]), image_form(image, **point))


@edit("image", 2)
def upload_an_image(site: Site, person: Person) -> Steps:
    """Add an image."""
    collection = Collection.get_first_root_node()
    if SiteImage.objects.count() < 20:
        yield [("siteimage", 0)]
        mark, data = site.observer.picture()
        file = SimpleUploadedFile(f"{mark}.png", data, "image/png")
        form = image_form(SiteImage(collection=collection), title=f"Image {site.mark()}", file=file)
        person.client.post(reverse("wagtailimages:add"), form)


@edit("image", 2)
def delete_an_image(site: Site, person: Person) -> Steps:
    """Delete an image, by itself or in bulk."""
    image = site.pick(SiteImage)
    if image and SiteImage.objects.count() > 4:
        yield [place_of(image)]
        single = reverse("wagtailimages:delete", args=[image.pk])
        bulk = reverse("wagtail_bulk_action", args=["core", "siteimage", "delete"]) + f"?id={image.pk}"
        person.client.post(site.chance.choice([single, bulk]))


@edit("image", 3)
def change_an_image_by_code(site: Site, person: Person) -> Steps:
    """Save an image with other words or another file, past the admin."""
    if image := site.pick(SiteImage):
        yield [place_of(image)]
        if site.chance.random() < 0.5:
            mark, data = site.observer.picture()
            image.file = ImageFile(ContentFile(data), name=f"{mark}.png")
        else:
            name = site.chance.choice(IMAGE_WORDS)
            setattr(image, name, words_for(site, name))
        image.save()


@edit("document", 4)
def change_a_document(site: Site, person: Person) -> Steps:
    """Change the name of a document, or its file."""
    if document := site.pick(SiteDocument):
        yield [place_of(document)]
        data = {"title": document.title, "tags": "", "collection": str(document.collection_id)}
        if site.chance.random() < 0.5:
            data["title"] = f"Document {site.mark()}"
        else:
            file = SimpleUploadedFile(f"{site.next_slug()}.txt", site.mark().encode(), "text/plain")
            data["file"] = file
        person.client.post(reverse("wagtaildocs:edit", args=[document.pk]), data)


@edit("document", 1)
def delete_a_document(site: Site, person: Person) -> Steps:
    """Delete a document."""
    if SiteDocument.objects.count() > 1:
        document = site.pick(SiteDocument)
        yield [place_of(document)]
        person.client.post(reverse("wagtaildocs:delete", args=[document.pk]))


@edit("document", 1)
def change_a_document_by_code(site: Site, person: Person) -> Steps:
    """Save a document with another file, past the admin."""
    if document := site.pick(SiteDocument):
        yield [place_of(document)]
        document.file.save(f"{site.next_slug()}.txt", ContentFile(site.mark().encode()), save=True)


SOURCE_FIELDS = ("type", "title", "container_title", "publisher", "year", "volume", "issue", "page", "url")


@edit("source", 7)
def change_a_source(site: Site, person: Person) -> Steps:
    """Change the title, the authors or the journal of a source."""
    if source := site.pick(Source):
        yield [place_of(source)]
        data = {name: str(getattr(source, name) or "") for name in (*SOURCE_FIELDS, "doi", "pmid")}
        authors = f'[{{"family": "{site.mark()}", "given": "B."}}]'
        data["authors"] = '[{"family": "Same", "given": "A."}]'
        change = {"title": f"Source {site.mark()}", "container_title": site.mark(), "authors": authors}
        name = site.chance.choice(list(change))
        data[name] = change[name]
        person.client.post(reverse("wagtailsnippets_evidence_source:edit", args=[source.pk]), data)


@edit("source", 3)
def change_a_source_by_code(site: Site, person: Person) -> Steps:
    """Save a source with another title, past the admin."""
    if source := site.pick(Source):
        yield [place_of(source)]
        source.title = f"Source {site.mark()}"
        source.save(update_fields=site.chance.choice([None, ["title"]]))


@edit("source", 1)
def delete_a_source(site: Site, person: Person) -> Steps:
    """Delete a source and make another."""
    if source := site.pick(Source):
        yield [place_of(source)]
        person.client.post(reverse("wagtailsnippets_evidence_source:delete", args=[source.pk]))
        if Source.objects.count() < 4:
            site.new_source()


@edit("topic", 5)
def rename_a_topic(site: Site, person: Person) -> Steps:
    """Give a topic another name, in the admin or by code."""
    if topic := site.pick(Topic):
        yield [place_of(topic)]
        name = f"Topic {site.mark()}"
        if site.chance.random() < 0.6:
            person.client.post(reverse("wagtailsnippets_core_topic:edit", args=[topic.pk]), {"name": name})
        else:
            topic.name = name
            topic.save()


@edit("topic", 2)
def merge_topics(site: Site, person: Person) -> Steps:
    """Put all that is under one topic under another, and delete the first."""
    one, other = site.pick(Topic, hub=None), site.pick(Topic)
    if one and one != other and Topic.objects.count() > 2:
        yield [place_of(one), place_of(other)]
        # Whole or not at all: where the first may not be deleted, nothing is put under the other.
        with transaction.atomic():
            for relation in Topic._meta.related_objects:
                if relation.field.name == "tag":
                    relation.related_model._base_manager.filter(tag=one).update(tag=other)
            one.delete()


@edit("topic", 1)
def add_a_topic(site: Site, person: Person) -> Steps:
    """Make a topic."""
    if Topic.objects.count() < 8:
        yield [("topic", 0)]
        new: TagBase = Topic(name=f"Topic {site.mark()}", slug=site.next_slug())
        new.save()


@edit("topic", 1)
def delete_a_topic(site: Site, person: Person) -> Steps:
    """Delete a topic."""
    topic = site.pick(Topic)
    if topic and Topic.objects.count() > 3:
        yield [place_of(topic)]
        person.client.post(reverse("wagtailsnippets_core_topic:delete", args=[topic.pk]))


@edit("settings", 4)
def change_the_settings(site: Site, person: Person) -> Steps:
    """Change what the site says about the Brief, in the admin or by code."""
    settings = BriefSettings.objects.get()
    yield [place_of(settings)]
    blurb = f"Words {site.mark()}."
    if site.chance.random() < 0.6:
        data = {"name": settings.name, "blurb": blurb, "sender_address": settings.sender_address}
        person.client.post(reverse("wagtailsettings:edit", args=["core", "briefsettings", settings.pk]), data)
    else:
        settings.blurb = blurb
        settings.save()


@edit("collection", 2)
def move_into_a_collection(site: Site, person: Person) -> Steps:
    """Make a private collection, or move an image or a document into one or out of it."""
    root = Collection.get_first_root_node()
    closed = Collection.objects.filter(depth=2).first()
    row = site.pick(site.chance.choice([SiteImage, SiteDocument]))
    if row is None:
        return
    yield [place_of(row)]
    if closed is None:
        closed = root.add_child(name="Closed")
        CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    target = closed if row.collection_id == root.pk else root
    label = row._meta
    address = reverse("wagtail_bulk_action", args=[label.app_label, label.model_name, "add_to_collection"])
    person.client.post(f"{address}?id={row.pk}", {"collection": str(target.pk)})


@edit("contributor", 3)
def change_a_person_by_code(site: Site, person: Person) -> Steps:
    """Save a person's page with another name, past the editor."""
    if page := site.pick(ContributorPage):
        yield [place_of(page)]
        page.title = f"Person {site.mark()}"
        page.save()
