"""Documents of our own making, flattened in many ways, with the structure each was made from.

`essay` and `concept` draw every choice (words, style of headings, marks, furniture, damage) from a
seed. `f1` compares a parsed tree with the structure, as in-order units of one type and text.
"""

import random
from dataclasses import dataclass, field

from tests.importer.parsers.damage import CODECS, damage
from tests.importer.parsers.flattened_words import (
    CATCHWORDS,
    DEFINITIONS,
    DIAGRAMS,
    FURNITURE,
    GLOSSED,
    HEADINGS,
    ITEMS,
    LABELS,
    NAMES,
    PICTURES,
    QUESTIONS,
    SENTENCES,
    SHORT,
    STRAYS,
    TIES,
    TITLES,
)

MARKS = ["-", "-", "-", "*", "•", "•", "–"]


@dataclass
class Made:
    """A flattened text with what it was made from."""

    text: str
    name: str
    title: str | None = None
    deck: str | None = None
    count: int | None = None
    units: list = field(default_factory=list)
    furniture: list = field(default_factory=list)
    kinds: set = field(default_factory=set)

    def gold(self):
        """The structure in the schema of gold documents."""
        blocks = []
        for kind, text in self.units:
            if kind == "item":
                blocks.append({"type": "list", "items": [text]})
            elif kind == "relation":
                target, gloss = text.split(" :: ", 1)
                blocks.append({"type": "relation", "target": target, "text": gloss})
            else:
                blocks.append({"type": kind, "text": text})
        blocks += [{"type": "furniture", "text": line} for line in self.furniture]
        form = "concept" if "concept" in self.kinds else "essay"
        return {
            "title": self.title,
            "deck": self.deck,
            "declared_count": self.count,
            "tags": [form],
            "blocks": blocks,
        }


def sentence_case(words):
    first, *rest = words.split(" ")
    return " ".join([first, *(w if w.isupper() or any(c.isdigit() for c in w) else w.lower() for w in rest)])


HEADING_STYLES = {
    "title": lambda words, number: words,
    "sentence": lambda words, number: sentence_case(words),
    "capitals": lambda words, number: words.upper(),
    "numbered": lambda words, number: f"{number}. {words}",
    "numbered-sentence": lambda words, number: f"{number}. {sentence_case(words)}",
    "colon": lambda words, number: words + ":",
    "question": lambda words, number: words,
}


def _paragraph(rng):
    return " ".join(rng.sample(SENTENCES, rng.randint(2, 6)))


def _count_line(rng, number):
    return rng.choice(
        [
            f"{number} articles",
            f"{number} Articles",
            f"Articles: {number}",
            f"{number} posts",
            f"{number} entries",
            f"Articles ({number})",
            f"{number} stories",
            "1 article",
        ]
    )


def essay(seed):
    """A hub or an essay: title, perhaps deck and count, headings, prose, perhaps lists and furniture."""
    rng = random.Random(seed)  # noqa: S311 - it draws words for tests
    style = rng.choice([*HEADING_STYLES, "mixed"])
    made = Made(
        "", f"{rng.randrange(1000):03d}_{rng.randrange(16**8):08x}.txt", kinds={"essay", f"heads:{style}"}
    )
    made.title = rng.choice(TITLES)
    out = [made.title, ""]
    if rng.random() < 0.6:
        made.deck = rng.choice(SENTENCES) + ("" if rng.random() < 0.5 else " " + rng.choice(SHORT))
        made.kinds.add("deck")
        if rng.random() < 0.8:
            line = _count_line(rng, rng.randint(2, 60))
            made.count = int("".join(c for c in line if c.isdigit()))
            out += [made.deck, "", line, *[""] * rng.choice([1, 2, 5])]
            made.kinds.add("count")
        else:
            out += [made.deck, ""]
            made.kinds.add("deck-alone")
    pool = QUESTIONS if style == "question" else HEADINGS
    heads = rng.sample(pool, rng.randint(3, 7))
    gap = [""] if rng.random() < 0.85 else []
    mark = rng.choice(MARKS[:-1])
    for _ in range(rng.randint(1, 2)):
        _add(made, out, "paragraph", _paragraph(rng) + " " + _paragraph(rng), gap)
    for number, words in enumerate(heads, 1):
        shape = HEADING_STYLES[style if style != "mixed" else rng.choice(["title", "sentence"])]
        _add(made, out, "heading", shape(words, number), gap)
        if rng.random() < 0.12 and style in ("title", "sentence", "mixed"):
            made.kinds.add("subheads")
            _add(made, out, "heading", rng.choice([one for one in LABELS if one not in heads]), gap)
        if rng.random() < 0.1:
            made.kinds.add("list-first")
            _list(made, out, rng.sample(ITEMS, rng.randint(2, 6)), lambda n: mark + " ")
            out += gap
        for part in range(rng.randint(1, 3)):
            _add(made, out, "paragraph", _paragraph(rng), gap)
            if part == 0:
                _extra(rng, made, out, mark, gap)
    _tail(rng, made, out)
    return _finish(rng, made, out)


def _extra(rng, made, out, mark, gap):
    """What stands between paragraphs now and then: a list, a quotation, a short line."""
    chance = rng.random()
    if chance < 0.12:
        _add(
            made, out, "paragraph", rng.choice(["The steps are these:", "Three things follow from it:"]), gap
        )
        _list(made, out, rng.sample(ITEMS, rng.randint(2, 6)), lambda n: mark + " ")
        out += gap
    elif chance < 0.2:
        _list(made, out, rng.sample(ITEMS, rng.randint(2, 5)), lambda n: f"{n}. ")
        out += gap
    elif chance < 0.28:
        _add(made, out, "paragraph", f"“{rng.choice(SENTENCES)}” — {rng.choice(NAMES)}", gap)
    elif chance < 0.36:
        _add(
            made, out, "paragraph", "Watch this video to learn about " + rng.choice(ITEMS).lower() + ".", gap
        )
    elif chance < 0.48:
        _add(made, out, "paragraph", rng.choice(SHORT), gap)
    elif chance < 0.53:
        _add(made, out, "mermaid", rng.choice(DIAGRAMS), gap)
    elif chance < 0.57:
        _add(made, out, "paragraph", f"— {rng.choice(NAMES)}", gap)
    elif chance < 0.61:
        _add(made, out, "paragraph", f"Figure {rng.randint(1, 9)}. {rng.choice(ITEMS)}", gap)
    elif chance < 0.64:
        made.kinds.add("stray")
        _add(made, out, "paragraph", rng.choice(STRAYS), gap)


def _tail(rng, made, out):
    if rng.random() < 0.7:
        lines = rng.choice(list(FURNITURE.values()))
        made.kinds.add("furniture")
        made.furniture = list(lines)
        blank = rng.choice([1, 1, 2, 4])
        out += [""] * blank
        apart = rng.random() < 0.7
        for line in lines:
            out += [line, ""] if apart else [line]
    elif rng.random() < 0.4:
        made.kinds.add("trap")
        _add(made, out, "heading", "Latest Articles", [""])
        for _ in range(3):
            _add(made, out, "paragraph", _paragraph(rng) + " " + _paragraph(rng), [""])


def _add(made, out, kind, text, gap):
    made.units.append((kind, text))
    out += [text, *gap]


def _list(made, out, items, mark):
    for number, words in enumerate(items, 1):
        made.units.append(("item", words))
        out.append(mark(number) + words)


LABEL_STYLES = {
    "colon": lambda words, number: words + ":",
    "bare": lambda words, number: words,
    "sentence-colon": lambda words, number: sentence_case(words) + ":",
    "numbered-colon": lambda words, number: f"{number}. {words}:",
}


def concept(seed):
    """A glossary entry, mostly without its title: definition, labels with lists, ties to other concepts."""
    rng = random.Random(seed)  # noqa: S311 - it draws words for tests
    made = Made("", f"{rng.randrange(1000):03d}_{rng.randrange(16**8):08x}.txt", kinds={"concept"})
    made.title, first = rng.choice(DEFINITIONS)
    style = rng.choice(["colon", "colon", "colon", *LABEL_STYLES])
    nested = style == "colon" and rng.random() < 0.5
    made.kinds |= {"nested" if nested else "flat", f"labels:{style}"}
    mark = rng.choice(MARKS)
    out = []
    gap = [""] if rng.random() < 0.25 else []
    if rng.random() < 0.1:
        made.kinds.add("written-title")
        out += [made.title, *gap]
    _add(made, out, "paragraph", first + " " + " ".join(rng.sample(SENTENCES, rng.randint(1, 3))), gap)
    for _ in range(rng.choice([0, 0, 1, 3])):
        _add(made, out, "paragraph", rng.choice(PICTURES), gap)
    facts = rng.choice([ITEMS, ITEMS, ITEMS, GLOSSED, CATCHWORDS])
    made.kinds.add({id(ITEMS): "plain-items", id(GLOSSED): "hyphen-items"}.get(id(facts), "colon-items"))
    labels = rng.sample(LABELS, rng.randint(4, 9))
    for number, label in enumerate(labels, 1):
        _add(made, out, "heading", LABEL_STYLES[style](label, number), gap)
        if nested:
            for inner in rng.sample([one for one in LABELS if one not in labels], rng.randint(1, 3)):
                out.append("-")
                made.units.append(("heading", inner + ":"))
                out.append(inner + ":")
                _list(made, out, rng.sample(facts, rng.randint(2, 5)), lambda n: mark + " ")
        else:
            _list(made, out, rng.sample(facts, rng.randint(2, 7)), lambda n: mark + " ")
        out += gap
        _aside(rng, made, out, mark, gap)
    _ties(rng, made, out, mark, gap)
    return _finish(rng, made, out)


def _aside(rng, made, out, mark, gap):
    """What interrupts the labels of a concept now and then."""
    chance = rng.random()
    if chance < 0.1:
        _add(made, out, "paragraph", rng.choice(["The circuit evaluates:", "It depends on:"]), [])
        _list(made, out, rng.sample(ITEMS, rng.randint(2, 5)), lambda n: mark + " ")
    elif chance < 0.2:
        made.kinds.add("diagram")
        _add(made, out, "mermaid", rng.choice(DIAGRAMS), gap)
    elif chance < 0.3:
        _add(made, out, "paragraph", rng.choice(SENTENCES), gap)
    elif chance < 0.4 and not gap:
        # a heading of the second level was lost, and its list goes on without a label
        _list(made, out, rng.sample(ITEMS, rng.randint(2, 5)), lambda n: mark + " ")
    elif chance < 0.45:
        _list(made, out, ["Several forms are known:", *rng.sample(ITEMS, 3)], lambda n: mark + " ")
    elif chance < 0.5:
        made.kinds.add("numbered")
        _list(made, out, rng.sample(ITEMS, rng.randint(2, 5)), lambda n: f"{n}. ")


def _ties(rng, made, out, mark, gap):
    if rng.random() < 0.1:
        return
    separator = rng.choice([" — ", " — ", " — ", " – ", " - ", ": "])
    made.kinds.add("ties:" + separator.strip())
    if separator != " — " or rng.random() < 0.2:
        label = rng.choice(["Related Concepts:", "See also:", "Connections:", "Related concepts:"])
        _add(made, out, "heading", label, gap)
    capitals = rng.random() < 0.25
    made.kinds.add("ties-capitals" if capitals else "ties-small")
    for term, gloss in rng.sample(TIES, rng.randint(5, min(14, len(TIES)))):
        named = term[:1].upper() + term[1:] if capitals else term
        made.units.append(("relation", f"{named} :: {gloss}"))
        out.append(f"{mark} {named}{separator}{gloss}")


def _finish(rng, made, out):
    lines = "\n".join(out).rstrip("\n").split("\n")
    if rng.random() < 0.5:
        made.kinds.add("damage")
        codec = rng.choice(sorted(CODECS))
        for index in rng.sample(range(len(lines)), min(len(lines), 12)):
            if not lines[index].isascii():
                lines[index] = _damaged(rng, lines[index], codec)
    made.text = "\n".join(lines) + "\n"
    return made


def _damaged(rng, line, codec):
    words = line.split(" ")
    hit = [n for n, word in enumerate(words) if not word.isascii()]
    chosen = rng.choice(hit)
    words[chosen] = damage(words[chosen], codec)
    return " ".join(words)


def units(tree):
    """The units of a parsed document's tree, as (type, text)."""
    found = []
    for block in tree["blocks"]:
        if block["type"] == "list":
            found += [("item", item["text"]) for item in block["items"]]
        elif block["type"] == "relation":
            found.append(("relation", f"{block['target']} :: {block['text']}"))
        elif block["type"] != "furniture":
            found.append((block["type"], block["text"]))
    return found


def _key(unit):
    kind, text = unit
    text = " ".join(text.lower().split())
    if kind == "heading":
        text = text.lstrip("0123456789. ").rstrip(":")
    return kind, text


def matched(expected, got):
    """The pairs of the longest in-order matching of units."""
    left, right = [_key(u) for u in expected], [_key(u) for u in got]
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            same = table[i + 1][j + 1] + 1 if left[i] == right[j] else 0
            table[i][j] = max(same, table[i + 1][j], table[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if left[i] == right[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def f1(expected, got):
    return 2 * len(matched(expected, got)) / max(1, len(expected) + len(got))
