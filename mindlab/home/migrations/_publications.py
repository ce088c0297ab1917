"""Publication rows for what was public before they were written, frozen.

Works on historical models. What can be known is read from the rows and from the review records;
what cannot is marked: a publication without a full set of approvals has the basis "unknown", and
a file whose bytes nobody had written down, an empty digest.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.fields import StreamField

from mindlab.home.migrations._digests import BOOKKEEPING, new_digest, new_digests, old_digest

STEPS = {
    "articles.ArticlePage": ["editorial", "scientific"],
    "articles.TopicPage": ["editorial", "scientific"],
    "glossary.ConceptPage": ["editorial", "scientific"],
    "newsletter.IssuePage": ["editorial"],
}
MATERIAL = {
    "image": (
        "core.SiteImage",
        (
            "file_sha256 title description credit licence source_url "
            "focal_point_x focal_point_y focal_point_width focal_point_height"
        ),
    ),
    "document": ("core.SiteDocument", "file_sha256 title"),
    "topic": ("core.Topic", "name slug"),
    "contributor": ("core.ContributorPage", "title credentials is_fictitious"),
    "source": (
        "evidence.Source",
        "type title authors container_title publisher year volume issue page doi pmid url",
    ),
}
LINK = re.compile(r'<a\b(?=[^>]*\blinktype="(page|document)")[^>]*\bid="(\d+)"')
COUNT = re.compile(r'<embed\b(?=[^>]*\bembedtype="live-count")[^>]*\btopic="(\d+)"')
CHOOSERS = {"image": "image", "page": "page", "document": "document", "topic": "topic"}
"""Names of fields of blocks that hold the key of a thing, with its kind."""


def write_publications(apps: Any) -> None:
    """Give the records today's digests, and write the publication of each page that is public."""
    for label, steps in STEPS.items():
        model = apps.get_model(label)
        for page in model.objects.order_by("pk").iterator(chunk_size=100):
            data = data_of(page)
            restamp(apps, model, page, data, old_digest, new_digest)
            if page.live:
                _write(apps, model, page, data, steps)
    # Pages that others link to have their publications only now.
    for shown in apps.get_model("editorial", "ShownThing").objects.filter(kind="page", digest=""):
        target = apps.get_model("editorial", "Publication").objects.filter(page_id=shown.key, until=None)
        digest = target.values_list("digest", flat=True).first()
        if digest:
            shown.digest = digest
            shown.save()
        else:
            shown.delete()


def remove_publications(apps: Any) -> None:
    """Remove the publications, and give the records the digests that they had before."""
    apps.get_model("editorial", "Publication").objects.all().delete()
    for label in STEPS:
        model = apps.get_model(label)
        for page in model.objects.order_by("pk").iterator(chunk_size=100):
            restamp(apps, model, page, data_of(page), new_digest, old_digest)


def restamp(apps: Any, model: Any, page: Any, data: Any, before: Any, after: Any) -> None:
    """Write the digest of another rule into the records and snapshots of the same content."""
    records = apps.get_model("editorial", "ReviewRecord").objects.filter(page_id=page.pk)
    snapshots = apps.get_model("newsletter", "IssueSnapshot").objects.filter(issue_id=page.pk)
    if not records.exists() and not snapshots.exists():
        return
    revisions = apps.get_model("wagtailcore", "Revision").objects.filter(
        object_id=str(page.pk), base_content_type__app_label="wagtailcore", base_content_type__model="page"
    )
    contents = [data, *(revision.content for revision in revisions.order_by("pk").iterator(chunk_size=20))]
    for digest, new in {before(model, content): after(model, content) for content in contents}.items():
        records.filter(digest=digest).update(digest=new)
        snapshots.filter(revision_digest=digest).update(revision_digest=new)


def data_of(row: Model) -> dict[str, Any]:
    """Return the content of a row with its child rows as a revision stores it."""
    data: dict[str, Any] = {"pk": row.pk}
    for field in row._meta.fields:
        value = getattr(row, field.attname)
        data[field.name] = json.dumps(list(value.raw_data)) if isinstance(field, StreamField) else value
    for relation in get_all_child_relations(type(row)):
        children = relation.related_model._base_manager.filter(**{relation.field.name: row.pk})
        data[relation.get_accessor_name()] = [data_of(child) for child in children.order_by("pk")]
    plain: dict[str, Any] = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    return plain


def _write(apps: Any, model: Any, page: Any, data: Any, steps: list[str]) -> None:
    source, slug = page, ""
    while source.alias_of_id:
        source = model.objects.get(pk=source.alias_of_id)
        slug = source.slug
    approvals = _approvals(apps, source.pk, new_digest(model, {**data, **({"slug": slug} if slug else {})}))
    given = [approvals[step] for step in steps if step in approvals]
    now = timezone.now()
    publication = apps.get_model("editorial", "Publication").objects.create(
        page_id=page.pk,
        page_uuid=page.translation_key,
        page_title=page.title,
        url_path=page.url_path,
        first_published_at=page.first_published_at,
        revision_id=page.live_revision_id,
        steps=steps,
        one_person=len({record.account_name for record in given}) < len(given),
        basis="rebuilt" if len(given) == len(steps) else "unknown",
        approved_by=[_copied(record) for record in given],
        since=page.last_published_at or page.first_published_at or now,
        **new_digests(model, data),
    )
    publication.approvals.set(given)
    shown = _things(apps, set(_keys(model, data, BOOKKEEPING)))
    thing_model = apps.get_model("editorial", "ShownThing")
    thing_model.objects.bulk_create(thing_model(publication=publication, **thing) for thing in shown)
    if len(given) == len(steps):
        _say_what_was_shown(given, shown)


def _approvals(apps: Any, page_id: int, digest: str) -> dict[str, Any]:
    records = apps.get_model("editorial", "ReviewRecord").objects.filter(page_id=page_id, digest=digest)
    newest = {record.step: record for record in records.order_by("decided_at", "pk")}
    return {step: record for step, record in newest.items() if record.decision == "approved"}


def _copied(record: Any) -> dict[str, str]:
    return {
        "record": str(record.uuid),
        "step": record.step,
        "name": record.reviewer_name,
        "account": record.account_name,
        "decided_at": record.decided_at.isoformat(),
    }


def _say_what_was_shown(records: list[Any], shown: list[dict[str, Any]]) -> None:
    """Let approvals of what is public be for the things as they stand, so that it may come back unchanged."""
    known = [thing for thing in shown if thing["kind"] != "page" and thing["digest"]]
    material = [[thing["kind"], thing["key"], thing["digest"]] for thing in known]
    for record in records:
        if record.shown is None:
            record.shown = material
            record.save()


def _keys(model: Any, data: Any, ignored: frozenset[str] = frozenset()) -> Iterator[tuple[str, int]]:
    """Give kind and key of all that serialised content points at."""
    for field in model._meta.fields:
        value = data.get(field.name)
        if (
            value in (None, "")
            or field.name in ignored
            or field.primary_key
            or isinstance(field, ParentalKey)
        ):
            continue
        if field.many_to_one or field.one_to_one:
            kind = _kind_of(field.related_model)
            yield from [(kind, int(value))] if kind else []
        else:
            yield from _in_text(json.loads(value) if isinstance(field, StreamField) else value)
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        for child in () if name in ignored else data.get(name, ()):
            yield from _keys(relation.related_model, child)


def _kind_of(model: Any) -> str:
    label = model._meta.label
    kinds = {material: kind for kind, (material, _fields) in MATERIAL.items()}
    is_page = label == "wagtailcore.Page" or any(
        p._meta.label == "wagtailcore.Page" for p in model._meta.parents
    )
    return kinds.get(label) or ("page" if is_page else "")


def _in_text(value: Any) -> Iterator[tuple[str, int]]:
    if isinstance(value, str) and "<" in value:
        yield from ((kind, int(key)) for kind, key in LINK.findall(value))
        yield from (("topic", int(key)) for key in COUNT.findall(value))
    elif isinstance(value, list):
        for part in value:
            yield from _in_text(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name in CHOOSERS and isinstance(part, int):
                yield CHOOSERS[name], part
            else:
                yield from _in_text(part)


def _things(apps: Any, keys: set[tuple[str, int]]) -> list[dict[str, Any]]:
    things = [
        _thing(kind, row, fields.split())
        for kind, (label, fields) in MATERIAL.items()
        for row in apps.get_model(label).objects.filter(pk__in=[key for k, key in keys if k == kind])
    ]
    pages = apps.get_model("wagtailcore", "Page").objects.filter(
        pk__in=[key for kind, key in keys if kind == "page"], live=True
    )
    return things + [{"kind": "page", "key": p.pk, "digest": "", "label": p.title} for p in pages]


def _thing(kind: str, row: Any, fields: list[str]) -> dict[str, Any]:
    has_unknown_file = "file_sha256" in fields and not row.file_digest
    said = {name: row.file_digest if name == "file_sha256" else _said(getattr(row, name)) for name in fields}
    text = json.dumps([kind, said], cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    label = str(getattr(row, "name", "") or row.title)
    return {
        "kind": kind,
        "key": row.pk,
        "digest": "" if has_unknown_file else digest,
        "label": label[:255],
    }


def _said(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
