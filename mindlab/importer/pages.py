"""Puts a draft's content on a page: fields, streams, relations, names, topics, credits."""

from __future__ import annotations

from collections.abc import Mapping

from articles.models import ArticleCredit, ArticlePage, TopicCredit, TopicPage
from glossary.models import ConceptAlias, ConceptCredit, ConceptPage, Relation
from mindlab.core.models import Credit
from mindlab.core.pages import ReviewedPage
from mindlab.importer.draft import Draft
from mindlab.importer.slugs import topic_named

MAX_BYLINE = 255
FIELDS: dict[str, tuple[str, ...]] = {
    "article": ("deck",),
    "topic": ("deck", "essay_title"),
    "concept": ("definition", "plain_words"),
}
"""The text fields an import writes, by kind; one that a draft does not have becomes empty."""
CREDITS: dict[type[ReviewedPage], type[Credit]] = {
    ArticlePage: ArticleCredit,
    TopicPage: TopicCredit,
    ConceptPage: ConceptCredit,
}


def write(page: ReviewedPage, draft: Draft, contributors: Mapping[str, int]) -> None:
    """Set on ``page``, without saving it, everything the draft has."""
    page.title = draft.title
    for name in FIELDS[draft.kind]:
        setattr(page, name, draft.fields.get(name, ""))
    for name in ("originally_published", "originally_updated"):
        setattr(page, name, draft.fields.get(name))
    for name, blocks in draft.streams.items():
        setattr(page, name, blocks)
    _write_credits(page, draft, contributors)
    if isinstance(page, ConceptPage):
        _write_concept(page, draft)
    if isinstance(page, (ArticlePage, ConceptPage)):
        page.topics.set([topic_named(name) for name in draft.topics])


def _write_credits(page: ReviewedPage, draft: Draft, contributors: Mapping[str, int]) -> None:
    """Credit the authors that have a page here; the others stand as the original byline."""
    known = {author: contributors.get(author.casefold()) for author in draft.authors}
    ids = dict.fromkeys(pk for pk in known.values() if pk is not None)
    credit = CREDITS[type(page)]
    page.credits = [credit(contributor_id=pk, sort_order=order) for order, pk in enumerate(ids)]
    unknown = [author for author, pk in known.items() if pk is None]
    page.original_byline = byline(unknown)


def byline(authors: list[str]) -> str:
    """Names in one line of at most 255 characters."""
    line = ", ".join(authors)
    return line if len(line) <= MAX_BYLINE else line[: MAX_BYLINE - 1] + "…"


def _write_concept(page: ConceptPage, draft: Draft) -> None:
    page.other_names = [
        ConceptAlias(name=name, sort_order=order) for order, name in enumerate(draft.other_names)
    ]
    page.relations = [
        Relation(
            uuid=relation.uuid,
            target_id=relation.target,
            term="" if relation.target else relation.term,
            gloss=relation.gloss,
            sort_order=order,
        )
        for order, relation in enumerate(draft.relations)
    ]
