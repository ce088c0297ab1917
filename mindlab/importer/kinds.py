"""The kinds of document: for each, the pages it becomes and what an import writes on them."""

from __future__ import annotations

from dataclasses import dataclass

from wagtail.models import Page

from articles.models import (
    ArticleCredit,
    ArticleIndexPage,
    ArticlePage,
    TopicCredit,
    TopicIndexPage,
    TopicPage,
)
from glossary.models import ConceptCredit, ConceptPage, GlossaryIndexPage
from mindlab.core.models import Credit
from mindlab.core.pages import ReviewedPage


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind of document."""

    noun: str
    """How a sentence to an editor names its page, with the article."""
    page: type[ReviewedPage]
    parent: type[Page]
    """The index that drafts go under."""
    credit: type[Credit]
    fields: tuple[str, ...]
    """The text fields an import writes; one that a draft does not have becomes empty."""
    streams: tuple[str, ...]
    children: tuple[str, ...] = ()
    """The child rows an import writes beside credits, as a revision names them."""

    @property
    def written(self) -> tuple[str, ...]:
        """The names, in a revision's content, of all that an import writes."""
        common = ("title", "originally_published", "originally_updated", "original_byline", "credits")
        return (*common, *self.fields, *self.streams, *self.children)


KINDS: dict[str, DocumentKind] = {
    "article": DocumentKind(
        noun="an article",
        page=ArticlePage,
        parent=ArticleIndexPage,
        credit=ArticleCredit,
        fields=("deck",),
        streams=("body",),
        children=("tagged_items",),
    ),
    "topic": DocumentKind(
        noun="a topic hub",
        page=TopicPage,
        parent=TopicIndexPage,
        credit=TopicCredit,
        fields=("deck", "essay_title"),
        streams=("body",),
    ),
    "concept": DocumentKind(
        noun="a concept",
        page=ConceptPage,
        parent=GlossaryIndexPage,
        credit=ConceptCredit,
        fields=("definition", "plain_words"),
        streams=("mechanism", "practice", "key_facts"),
        children=("tagged_items", "other_names", "relations"),
    ),
}


def kind_of_page(model: type[Page]) -> DocumentKind:
    """Return the kind of document that becomes pages of ``model``.

    Raises LookupError when none does.
    """
    for kind in KINDS.values():
        if kind.page is model:
            return kind
    raise LookupError(f"No document becomes a {model.__name__}.")
