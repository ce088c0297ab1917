"""Web pages of an old site: the article, what the page says about it, and the furniture around it."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from . import roles
from .assembly import plain_paragraphs
from .document import Furniture, Guess, Heading, Kind, LeftOut, Lines, Paragraph, ParsedDocument
from .errors import DocumentError
from .front_matter import iso_date
from .html_article import Page, measure
from .html_blocks import Element, HtmlReader, parse_tree, words_of

_SITE = re.compile(r"\s+[|–—·•»:-]\s+[^|–—·•»]{2,60}$")
_STANDFIRST = re.compile(
    r"\b(standfirst|sub-?title|dek|deck|lede|article-lead|p-summary|article-intro|tagline)\b", re.IGNORECASE
)
MAX_COMMENT = 2_000
"""Characters of a comment that the report shows."""
MAX_TAGS = 200_000
"""Pages with more tags are read without them: a tree of them would need gigabytes."""
_ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_AUTHORS = ".//a[@rel='author'] | .//*[contains(@class, 'p-author')]"
_LETTER = re.compile(r"\w")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Meta:
    """What the head of a page, and the marks in its body, say about the article."""

    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()


def parse_html(text: str, name: str, kind: Kind | None = None) -> ParsedDocument:
    """The article of a web page as a document tree; ``name`` is its path, ``kind`` what it is, if known.

    What surrounds the article becomes `Furniture` with a reason, scripts become `LeftOut`. Raises
    `DocumentError` when the page has no words.
    """
    if text.count("<") > MAX_TAGS:
        return _plain(text, name, kind)
    root = parse_tree(text) if text.strip() else None
    body = next(iter(root.iter("body")), root) if root is not None else None
    if body is None or not _LETTER.search("".join(body.itertext())):
        raise DocumentError("The page has no words in it.")
    page = measure(body)
    meta = _meta(root, page)
    read = HtmlReader(0, page.reason).read(body)
    furniture = [block for block in read.blocks if isinstance(block, Furniture)]
    outline = roles.Outline([block for block in read.blocks if not isinstance(block, Furniture)], kind=kind)
    _set_title(outline, page, meta, name)
    _set_deck(outline, page, meta)
    roles.find_count(outline)
    roles.find_kind(outline)
    if outline.kind == "concept":
        roles.assign_sections(outline)
    blocks = heapq.merge(outline.blocks, furniture, key=lambda block: block.lines.first)
    return ParsedDocument(
        kind=outline.kind or "article",
        title=outline.title,
        title_lines=outline.title_lines,
        deck=outline.deck,
        deck_lines=outline.deck_lines,
        declared_count=outline.count,
        blocks=tuple(blocks),
        text=text,
        tags=meta.tags,
        authors=meta.authors,
        dates=meta.dates,
        links=read.links,
        guesses=tuple(outline.guesses),
        left_out=(*read.left_out, *_comments(text)),
    )


def _comments(text: str) -> Iterator[LeftOut]:
    """The comments of a page that have words, by their lines."""
    line, done = 1, 0
    while (start := text.find("<!--", done)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        line += text.count("\n", done, start)
        height = text.count("\n", start, end)
        words = " ".join(text[start + 4 : end].split())
        if _LETTER.search(words):
            yield LeftOut(words[:MAX_COMMENT], "a comment in the source", Lines(line, line + height))
        line, done = line + height, end


def _plain(text: str, name: str, kind: Kind | None) -> ParsedDocument:
    """A page of too many tags as its lines of words."""
    stripped = _ANY_TAG.sub(_blank, text)
    outline = roles.Outline([*plain_paragraphs(unescape(stripped))], kind=kind or "article")
    if not outline.blocks:
        raise DocumentError("The page has no words in it.")
    roles.find_title(outline, name)
    warning = "The page has too many elements to be read as HTML; its words were read line by line."
    return ParsedDocument(
        kind=outline.kind or "article",
        title=outline.title,
        blocks=tuple(outline.blocks),
        text=text,
        guesses=tuple(outline.guesses),
        warnings=(warning,),
    )


def _blank(match: re.Match[str]) -> str:
    return " " + "\n" * match.group().count("\n")


def _set_title(outline: roles.Outline, page: Page, meta: Meta, name: str) -> None:
    """Title from the article's own h1, else an h1 above it, else what the head of the page says."""
    own = [block.text for block in outline.blocks if isinstance(block, Heading) and block.level == 1]
    if any(_is_like(words, meta.title) for words in own):
        roles.find_title(outline, name)
        if outline.title is not None:
            return
    above = [words for element in page.body.iter("h1") if (words := words_of(element))]
    title = above[0] if len(above) == 1 and _is_like(above[0], meta.title) else meta.title
    if title:
        outline.title = title
        roles.find_title(outline, name)
        if outline.title_lines is None:
            reason = "The article has no heading of its own; the page calls itself so."
            outline.guesses.append(Guess("title", title, 0.85, reason))
    else:
        roles.find_title(outline, name)


def _is_like(heading: str, title: str) -> bool:
    """Whether a heading may be the title of a page that calls itself so; the old site's name is not."""
    words, others = set(_WORD.findall(heading.lower())), set(_WORD.findall(title.lower()))
    return not others or not words or 2 * len(words & others) >= min(len(words), len(others))


def _set_deck(outline: roles.Outline, page: Page, meta: Meta) -> None:
    """Deck from an element that is named as one near the head, else by form, else the description."""
    for number, element in enumerate(page.article.iter()):
        if number > 80:
            break
        names = (
            f"{element.get('class') or ''} {element.get('data-field') or ''} {element.get('itemprop') or ''}"
        )
        if isinstance(element.tag, str) and element.tag != "a" and _STANDFIRST.search(names[:300]):
            words = words_of(element)
            for index, block in enumerate(outline.blocks[:4]):
                same = isinstance(block, (Heading, Paragraph)) and " ".join(block.text.split()) == words
                if same and len(words) <= roles.MAX_DECK and len(outline.blocks) > 1:
                    outline.deck, outline.deck_lines = words, block.lines
                    del outline.blocks[index]
                    return
    roles.find_deck(outline)
    first = next((block.text for block in outline.blocks if isinstance(block, Paragraph)), "")
    stem = meta.description.rstrip(".… ")[:80].casefold()
    opens = " ".join(first.split()).casefold().startswith(stem)
    if outline.deck is None and stem and not opens and len(meta.description) <= roles.MAX_DECK:
        reason = "The page's own description, which search engines show, is taken for the standfirst."
        outline.deck = meta.description
        outline.guesses.append(Guess("deck", meta.description, 0.6, reason))


def _meta(root: Element, page: Page) -> Meta:
    values: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        key = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if content := " ".join((element.get("content") or "").split()):
            values.setdefault(key, []).append(content[:2000])
    title = next((words_of(element) for element in root.iter("title") if words_of(element)), "")
    titles = [*values.get("og:title", []), *values.get("citation_title", [])]
    authors = [
        *values.get("author", []),
        *values.get("article:author", []),
        *values.get("citation_author", []),
    ]
    authors += [words_of(element) for element in page.article.xpath(_AUTHORS)]
    tags = [*values.get("article:tag", []), *_keywords(values)]
    tags += [words_of(e) for e in page.article.xpath(".//a[@rel='tag'] | .//a[contains(@class, 'p-tag')]")]
    return Meta(
        title=titles[0] if titles else _SITE.sub("", title),
        description=next(iter([*values.get("description", []), *values.get("og:description", [])]), ""),
        authors=tuple(dict.fromkeys(name for name in authors if name and "://" not in name)),
        dates=tuple(_dates(values, page)),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
    )


def _keywords(values: dict[str, list[str]]) -> list[str]:
    return [word.strip() for line in values.get("keywords", []) for word in line.split(",") if word.strip()][
        :30
    ]


def _dates(values: dict[str, list[str]], page: Page) -> Iterator[tuple[str, str]]:
    published = ("article:published_time", "datepublished", "date", "dc.date", "citation_publication_date")
    found = next((values[key][0] for key in published if key in values), "")
    if not found:
        times = page.article.xpath(".//time[@datetime]")
        found = times[0].get("datetime") if times else ""
    if date := iso_date(found):
        yield "date", date
    updated = next((values[key][0] for key in ("article:modified_time", "datemodified") if key in values), "")
    if date := iso_date(updated):
        yield "updated", date
