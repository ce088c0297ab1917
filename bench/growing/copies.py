"""A site of any size, made of the sample library by copying rows with SQL.

Saving a hundred thousand pages would take days; copying takes minutes, and leaves out what only saving
knows: the texts of revisions and the index of references are not copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction

ARTICLES, CONCEPTS, PEOPLE, ISSUES = 1_000_000, 5_000_000, 6_000_000, 7_000_000
"""Where the keys of copied pages begin, by kind; those of their revisions are the same."""
PRIVATE_ARTICLES, PRIVATE_CONCEPTS = 40, 10
RELATIONS = 20
"""Edges that lead from each concept to others; as many lead to it."""
PERSONS, NUMBERS = 30, 30
SMALL_TOPICS = 30
RARE = 21
"""Articles under the topic that hardly any is under; they are the oldest that are public."""
GLOSS = "'<p>How the two are tied.</p>'"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database says what the two say differently."""

    uuid: str
    ago: str
    """The moment ``{}`` minutes before the first of January 2027."""


DIALECTS = {
    "sqlite": Dialect("lower(hex(randomblob(16)))", "datetime('2027-01-01', '-' || ({}) || ' minutes')"),
    "postgresql": Dialect(
        "gen_random_uuid()", "(timestamptz '2027-01-01 00:00+00' - ({}) * interval '1 minute')"
    ),
}


def grow(articles: int) -> None:
    """Add to a site with the sample library ``articles`` public articles, and concepts, people and issues.

    Concepts are a fifth of the articles, at least 60 and at most 2,000. A third of the articles is under a
    topic that has no hub, a third under one that has, a third names one person.
    """
    from mindlab.core import listed

    concepts = min(max(60, articles // 5), 2_000)
    with transaction.atomic():
        _count_to(max(articles + PRIVATE_ARTICLES, concepts + PRIVATE_CONCEPTS))
        people = _Copies("people", PEOPLE, 1, PERSONS)
        people.pages(_model("core.ContributorPage"), "'Person ' || n.i")
        article = _Copies("articles", ARTICLES, 1, articles + PRIVATE_ARTICLES)
        article.pages(_model("articles.ArticlePage"), "'Article ' || n.i || ' on the brain'")
        concept = _Copies("concepts", CONCEPTS, 1, concepts + PRIVATE_CONCEPTS)
        letter = f"substr('{LETTERS}', n.i % 26 + 1, 1)"
        concept.pages(_model("glossary.ConceptPage"), f"{letter} || 'oncept ' || n.i")
        issue = _Copies("issues", ISSUES, 1, NUMBERS)
        issue.pages(_model("newsletter.IssuePage"), "'Brief ' || n.i", number="n.i + 1")
        _rows_of_texts((article, concept))
        _bylines(article, concept)
        _topics(articles, article, concept)
        _relations(concepts, concept)
        for copies in (people, article, concept, issue):
            _review(copies)
            _index(copies)
        _private(articles, concepts)
        for copies in (people, article, concept, issue):
            copies.forget()
        _execute("DROP TABLE growth_numbers")
        listed.rebuild()


def analyse() -> None:
    """Let the database count its rows, as it does by itself on a site that grows slowly."""
    _execute("ANALYZE")


def _execute(statement: str, parameters: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _model(label: str) -> Any:
    from django.apps import apps

    return apps.get_model(label)


def _dialect() -> Dialect:
    return DIALECTS[connection.vendor]


def _count_to(most: int) -> None:
    _execute("CREATE TABLE growth_numbers (i integer PRIMARY KEY)")
    _execute(
        "INSERT INTO growth_numbers WITH RECURSIVE counted(i) AS"  # noqa: S608
        f" (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < {most}) SELECT i FROM counted"
    )


def _insert(model: Any, source: str, values: Mapping[str, str], *, keyed: bool = False) -> None:
    """Copy rows of a model: ``source`` joins ``src``, the rows, to ``n``, the copies wanted of them."""
    columns = {
        field.column: f"src.{connection.ops.quote_name(field.column)}"
        for field in model._meta.local_concrete_fields
        if keyed or not isinstance(field, models.AutoField)
    }
    columns.update({model._meta.get_field(name).column: value for name, value in values.items()})
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    _execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(columns.values())} FROM {table} src {source}")  # noqa: S608


class _Copies:
    """The copies of the sample pages of one kind: a table of their numbers, keys and sources."""

    def __init__(self, name: str, keys: int, first: int, last: int) -> None:
        self.table = f"growth_{name}"
        self.keys, self.first, self.last = keys, first, last

    def pages(self, model: Any, title: str, **values: str) -> None:
        """Copy the pages themselves, evenly from all published samples of the type, below one index."""
        from wagtail.models import Page, Revision

        self.model = model
        samples = list(model.objects.live().order_by("pk").values_list("pk", flat=True))
        index = model.objects.get(pk=samples[0]).get_parent()
        _execute(f"CREATE TABLE {self.table} (i integer PRIMARY KEY, pk bigint, source bigint)")
        choice = " ".join(f"WHEN {place} THEN {pk}" for place, pk in enumerate(samples))
        _execute(
            f"INSERT INTO {self.table} SELECT i, i + {self.keys}, CASE i % {len(samples)} {choice} END"  # noqa: S608
            f" FROM growth_numbers WHERE i BETWEEN {self.first} AND {self.last}"
        )
        _execute(f"CREATE INDEX {self.table}_source ON {self.table} (source)")
        place = "n.i + 2000"
        digits = " || ".join(
            f"substr('{DIGITS}', ({place}) / {36**power} % 36 + 1, 1)" for power in (3, 2, 1, 0)
        )
        slug = values.get("number", "'copy-' || n.i")
        when = _dialect().ago.format("n.i")
        _insert(
            Revision,
            f"JOIN wagtailcore_page p ON p.live_revision_id = src.id JOIN {self.on('p.id = n.source')}",
            {"id": "n.pk", "object_id": "CAST(n.pk AS varchar)", "content": "'{}'", "created_at": when},
            keyed=True,
        )
        _insert(
            Page,
            f"JOIN {self.on('src.id = n.source')}",
            {
                "id": "n.pk",
                "path": f"'{index.path}' || {digits}",
                "title": title,
                "draft_title": title,
                "slug": f"CAST({slug} AS varchar)",
                "url_path": f"'{index.url_path}' || CAST({slug} AS varchar) || '/'",
                "translation_key": _dialect().uuid,
                "first_published_at": when,
                "last_published_at": when,
                "latest_revision_created_at": when,
                "live_revision": "n.pk",
                "latest_revision": "n.pk",
            },
            keyed=True,
        )
        _insert(
            model,
            f"JOIN {self.on('src.page_ptr_id = n.source')}",
            {"page_ptr": "n.pk", **values, **self._own()},
            keyed=True,
        )
        Page.objects.filter(pk=index.pk).update(numchild=3_000 + self.last)

    def _own(self) -> dict[str, str]:
        return {"user": "NULL"} if self.table == "growth_people" else {}

    def on(self, condition: str) -> str:
        """Return the table of copies joined on a condition."""
        return f"{self.table} n ON {condition}"

    def rows(self, model: Any, parent: str, **values: str) -> None:
        """Copy the rows that hang on the pages by the foreign key ``parent``."""
        column = connection.ops.quote_name(model._meta.get_field(parent).column)
        _insert(model, f"JOIN {self.on(f'src.{column} = n.source')}", {parent: "n.pk", **values})

    def forget(self) -> None:
        """Drop the table of numbers and keys."""
        _execute(f"DROP TABLE {self.table}")


def _rows_of_texts(kinds: tuple[_Copies, ...]) -> None:
    from mindlab.evidence.models import Citation, Claim, Measurement

    for copies in kinds:
        own = {"id": "src.id + n.pk * 100", "stated_on": "n.pk", "uuid": _dialect().uuid}
        joined = f"JOIN {copies.on('src.stated_on_id = n.source')}"
        _insert(Claim, joined, own, keyed=True)
        _insert(Measurement, joined, {**own, "id": "src.id + n.pk * 100"}, keyed=True)
        claims = (
            "JOIN evidence_claim claim ON claim.id = src.claim_id"
            f" JOIN {copies.on('claim.stated_on_id = n.source')}"
        )
        _insert(Citation, claims, {"claim": "src.claim_id + n.pk * 100"})
    concepts = kinds[1]
    concepts.rows(_model("glossary.ConceptAlias"), "concept", name="'Alias ' || n.i || ' of ' || src.name")


def _bylines(articles: _Copies, concepts: _Copies) -> None:
    """A third of the articles names the first person copied, every page one of the others."""
    for copies, label in ((articles, "articles_articlecredit"), (concepts, "glossary_conceptcredit")):
        for person, wanted in (
            (f"{PEOPLE} + 2 + n.i % {PERSONS - 1}", "1 = 1"),
            (f"{PEOPLE} + 1", "n.i % 3 = 0"),
        ):
            _execute(
                f"INSERT INTO {label} (sort_order, role, contributor_id, page_id)"  # noqa: S608
                f" SELECT 0, 'author', {person}, n.pk FROM {copies.table} n WHERE {wanted}"
            )


def _topics(number: int, articles: _Copies, concepts: _Copies) -> None:
    from mindlab.core.models import Topic

    broad = Topic.objects.create(name="Broad", slug="broad").pk
    rare = Topic.objects.create(name="Rare", slug="rare").pk
    hub = _model("articles.TopicPage").objects.live().order_by("pk")[0].topic_id
    small = [Topic.objects.create(name=f"Small {i}", slug=f"small-{i}").pk for i in range(SMALL_TOPICS)]
    choice = " ".join(f"WHEN {place} THEN {pk}" for place, pk in enumerate(small))
    wanted = (
        (str(broad), "n.i % 3 = 1"),
        (str(hub), "n.i % 3 = 2"),
        (f"CASE n.i % {SMALL_TOPICS} {choice} END", "1 = 1"),
        (str(rare), f"n.i BETWEEN {number - RARE + 1} AND {number}"),
    )
    tables = ((articles, "articles_articletopic"), (concepts, "glossary_concepttopic"))
    for copies, table in tables:
        for topic, condition in wanted:
            _execute(
                f"INSERT INTO {table} (content_object_id, tag_id)"  # noqa: S608
                f" SELECT n.pk, {topic} FROM {copies.table} n WHERE {condition}"
            )


def _relations(number: int, concepts: _Copies) -> None:
    """Tie each concept to the twenty that follow it, and let each want one that nobody has written."""
    other = f"{CONCEPTS} + 1 + (n.i + step.i * 2 - 1) % {number + PRIVATE_CONCEPTS}"
    _execute(
        "INSERT INTO glossary_relationedge (source_id, target_id, kind, direction, gloss, relation_uuid)"  # noqa: S608
        f" SELECT n.pk, {other}, '', '', {GLOSS}, {_dialect().uuid}"
        f" FROM {concepts.table} n JOIN growth_numbers step ON step.i <= {RELATIONS}"
    )
    for target, term, steps in ((other, "''", RELATIONS), ("NULL", "'Wanted term ' || n.i", 1)):
        _execute(
            "INSERT INTO glossary_relation"  # noqa: S608
            " (sort_order, uuid, term, gloss, kind, direction, concept_id, target_id)"
            f" SELECT step.i, {_dialect().uuid}, {term}, {GLOSS}, '', '', n.pk, {target}"
            f" FROM {concepts.table} n JOIN growth_numbers step ON step.i <= {steps}"
        )


def _review(copies: _Copies) -> None:
    """Copy what the review and the admin keep of a page: records, publications, workflows, the log."""
    from wagtail.models import PageLogEntry

    from mindlab.editorial.models import Publication, ReviewRecord, ShownThing

    uuid, when = _dialect().uuid, _dialect().ago.format("n.i")
    own = {"page": "n.pk", "revision": "n.pk", "uuid": uuid}
    keyed = {"id": "src.id + n.pk * 100", **own}
    records = f"JOIN {copies.on('src.page_id = n.source')}"
    _insert(ReviewRecord, records, {**keyed, "decided_at": when}, keyed=True)
    standing = f"{records} AND src.until IS NULL"
    _insert(Publication, standing, {**keyed, "since": when}, keyed=True)
    shown = (
        "JOIN editorial_publication pub ON pub.id = src.publication_id AND pub.until IS NULL"
        f" JOIN {copies.on('pub.page_id = n.source')}"
    )
    _insert(ShownThing, shown, {"publication": "src.publication_id + n.pk * 100"})
    approvals = Publication.approvals.through
    links = {
        "publication": "src.publication_id + n.pk * 100",
        "reviewrecord": "src.reviewrecord_id + n.pk * 100",
    }
    _insert(approvals, shown, links)
    _insert(PageLogEntry, records, {**own, "timestamp": when})


def _index(copies: _Copies) -> None:
    from wagtail.search.models import IndexEntry

    title = "(SELECT title FROM wagtailcore_page WHERE id = n.pk)"
    if connection.vendor == "postgresql":
        title = f"setweight(to_tsvector({title}), 'A')"
        body = "src.body"
    else:
        body = "substr(src.body, 1, 1000)"
    column = connection.ops.quote_name("object_id")
    _insert(
        IndexEntry,
        f"JOIN {copies.on(f'src.{column} = CAST(n.source AS varchar)')} JOIN wagtailcore_page page"
        " ON page.id = n.source AND page.content_type_id = src.content_type_id",
        {"object_id": "CAST(n.pk AS varchar)", "title": title, "body": body},
    )


def _private(articles: int, concepts: int) -> None:
    for first, last in (
        (ARTICLES + articles + 1, ARTICLES + articles + PRIVATE_ARTICLES),
        (CONCEPTS + concepts + 1, CONCEPTS + concepts + PRIVATE_CONCEPTS),
    ):
        _execute(
            "INSERT INTO wagtailcore_pageviewrestriction (page_id, restriction_type, password)"  # noqa: S608
            f" SELECT id, 'login', '' FROM wagtailcore_page WHERE id BETWEEN {first} AND {last}"
        )
