from pathlib import Path

import pytest

from mindlab.importer.parsers.document import (
    Furniture,
    Heading,
    Lines,
    ListBlock,
    Mermaid,
    Paragraph,
    Relation,
)
from mindlab.importer.parsers.flattened.body import looks_flattened, parse_flattened_body
from mindlab.importer.parsers.flattened.concept import parse_flattened_concept
from mindlab.importer.parsers.flattened.topic import parse_flattened_topic
from mindlab.importer.parsers.parse import parse

DOCUMENTS = Path(__file__).resolve().parents[2] / "documents" / "flattened"
PROSE = "A neuron is a cell that listens to thousands of others and speaks to thousands more, day and night."


def read(name):
    return parse((DOCUMENTS / name).read_bytes(), name)


def texts(document, kind):
    return [block.text for block in document.blocks if isinstance(block, kind)]


def test_a_hub_has_title_deck_count_headings_and_furniture():
    document = read("hub-sleep.txt")
    assert document.kind == "topic"
    assert (document.title, document.title_lines) == ("Sleep", Lines(1, 1))
    assert document.deck.startswith("The nightly reset. We look")
    assert document.deck_lines == Lines(3, 3)
    assert (document.declared_count.value, document.declared_count.noun) == (12, "posts")
    assert texts(document, Heading) == [
        "Sleep Is Not Rest — It Is Work",
        "What slow waves carry",
        "Why Do We Dream?",
        "What the 12 Posts in This Section Explore",
    ]
    assert len(texts(document, Paragraph)) == 5
    assert texts(document, Furniture) == [
        "Related posts",
        "Why naps work",
        "The Quiet Hour",
        "A free weekly letter on sleep and the brain, in your inbox every Friday.",
    ]
    assert [g.lines.first for g in document.guesses if g.what == "count"] == [5, 23]


def test_latest_articles_with_long_text_below_is_a_heading():
    document = read("essay-latest.txt")
    assert document.kind == "article"
    assert document.title == "How Memory Forgets"
    assert document.deck is None
    assert texts(document, Heading) == ["Latest Articles"]
    assert texts(document, Furniture) == []


def test_a_concept_gets_its_sections_back():
    document = read("concept-ltp.txt")
    assert document.kind == "concept"
    assert document.title == "Long-term potentiation"
    spans = {g.value: (g.lines.first, g.lines.last) for g in document.guesses if g.what == "section"}
    assert spans == {
        "definition": (1, 1),
        "plain_words": (2, 2),
        "mechanism": (3, 24),
        "practice": (25, 29),
        "key_facts": (30, 33),
        "relations": (34, 38),
    }
    assert [(b.text, b.level) for b in document.blocks if isinstance(b, Heading)] == [
        ("Induction Events", 3),
        ("Signal Flow", 3),
        ("Molecular Players", 3),
        ("Early Phase", 4),
        ("Late Phase", 4),
        ("Treatment Implications", 3),
        ("Cautions for Patients", 3),
    ]
    assert [r.target for r in document.blocks if isinstance(r, Relation)] == [
        "hippocampus",
        "glutamate",
        "NMDA receptor",
        "calcium",
        "memory",
    ]


def test_a_diagram_without_a_fence_ends_where_it_ends():
    (diagram,) = [b for b in read("concept-ltp.txt").blocks if isinstance(b, Mermaid)]
    assert diagram.lines == Lines(8, 14)
    assert diagram.text.startswith("flowchart LR\nA[Glutamate]")
    assert diagram.text.endswith("C\nend")


def test_sentences_that_introduce_stay_paragraphs():
    paragraphs = texts(read("concept-ltp.txt"), Paragraph)
    assert "The synapse then follows:" in paragraphs
    assert "Potentiation needs three things that rarely happen together:" in paragraphs


def test_repairs_are_reported_with_their_lines():
    assert [(r.line, r.after) for r in read("concept-ltp.txt").repairs] == [(33, "μM"), (37, "–")]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("34 articles", 34),
        ("1,204 posts", 1204),
        ("Articles (7)", 7),
        ("3 essays in this section", 3),
        ("5 min read", None),
    ],
)
def test_counts_of_the_old_site(line, value):
    document = parse_flattened_topic(
        f"Sleep\n\nA deck of some words.\n\n{line}\n\n{PROSE}\n\n{PROSE}\n", "x.txt"
    )
    assert (document.declared_count and document.declared_count.value) == value


@pytest.mark.parametrize(
    "tail",
    [
        ["Latest Articles", "The Weekly Signal", "One short letter on the brain — every Thursday."],
        [
            "You may also like",
            "How Memory Forgets",
            "Stay in the loop",
            "Get the weekly digest in your inbox.",
        ],
        ["Read next", "The Chemistry of Rest", "Subscribe to our newsletter", "© 2024 Brain House"],
        ["More from Sleep", "Share this article", "About the author", "Jane Roe writes about sleep."],
        ["The Signal", "Join 12,000 readers of our free weekly newsletter. No spam."],
    ],
)
def test_furniture_of_other_wordings_is_left_out(tail):
    text = f"Sleep\n\n{PROSE}\n\nThe Second Part\n\n{PROSE}\n\n{PROSE}\n\n\n\n" + "\n\n".join(tail)
    document = parse_flattened_topic(text, "x.txt")
    assert texts(document, Furniture) == tail
    assert texts(document, Paragraph) == [PROSE] * 3


@pytest.mark.parametrize(
    "closing", ["Conclusion", "References", "Sources and Further Notes", "Summary", "What Comes Next"]
)
def test_a_last_section_is_not_furniture(closing):
    body = f"{PROSE}\n\nThe Second Part\n\n{PROSE}\n\n{PROSE}"
    text = f"Sleep\n\n{body}\n\n{closing}\n\nSleep matters. Light does too."
    document = parse_flattened_topic(text, "x.txt")
    assert texts(document, Furniture) == []
    assert texts(document, Heading)[-1] == closing


@pytest.mark.parametrize("mark", ["-", "*", "•", "–", "‣", "◦", "+"])
def test_lists_of_any_mark(mark):
    body = parse_flattened_body(f"{mark} one thing\n{mark} another\n\n{PROSE}\n", first_line=11)
    first, second = body.blocks
    assert isinstance(first, ListBlock)
    assert [item.text for item in first.items] == ["one thing", "another"]
    assert (first.lines, second.lines) == (Lines(11, 12), Lines(14, 14))


def test_numbered_lines_are_headings_before_prose_and_items_in_a_row():
    body = parse_flattened_body(
        f"1. First Part\n\n{PROSE}\n\n2. Second Part\n\n{PROSE}\n\n1. wash\n2. rinse\n"
    )
    assert [type(b) for b in body.blocks] == [Heading, Paragraph, Heading, Paragraph, ListBlock]
    assert body.blocks[0].text == "1. First Part"
    assert body.blocks[4].ordered


@pytest.mark.parametrize(
    "line",
    [
        "— Giulio Tononi",
        "By Jane Roe",
        "Figure 1 A neuron",
        "https://example.org/Page",
        "V = I R",
        "It ends in a full stop.",
        "a lower-case line",
        "Disorders of the…",
    ],
)
def test_lines_that_are_no_headings(line):
    body = parse_flattened_body(f"{PROSE}\n\n{line}\n\n{PROSE}\n")
    assert [type(b) for b in body.blocks] == [Paragraph] * 3


def test_a_body_that_lies_flattened_is_known():
    assert looks_flattened(f"First Part\n\n{PROSE}\n")
    assert not looks_flattened(f"## First Part\n\n{PROSE}\n")
    assert not looks_flattened(PROSE)


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("The hippocampus is a curved structure.", "Hippocampus"),
        ("Long-term potentiation (LTP) is a lasting increase.", "Long-term potentiation"),
        ("Synapses can be grouped into categories.", "Synapses"),
        ("In neuroscience, the term engram refers to a trace.", "Engram"),
        ("Neuroplasticity, also known as plasticity, is a property.", "Neuroplasticity"),
        ("Motor control is the regulation of movement.", "Motor control"),
        ("Astrocytes regulate the blood flow.", "Astrocytes"),
        ("This is why it matters.", None),
    ],
)
def test_the_title_is_the_subject_of_the_first_sentence(sentence, title):
    text = f"{sentence}\nParts:\n- one\n- two\n- three\n"
    assert parse_flattened_concept(text, "001_7226313fa858474f.txt").title == title


def test_the_name_of_the_file_confirms_a_title():
    document = parse_flattened_concept("The amygdala is a cluster.\n- one\n", "c04-amygdala.txt")
    assert next(g.confidence for g in document.guesses if g.what == "title") >= 0.95


def test_items_with_dashes_under_a_label_are_no_relations():
    items = "- CA1 — output\n- CA3 — completion\n- EC — gateway\n"
    document = parse_flattened_concept(f"The hippocampus is a structure.\nKey Subregions:\n{items}", "x.txt")
    assert not any(isinstance(b, Relation) for b in document.blocks)


@pytest.mark.parametrize("dash", [" — ", " – ", " -- ", " - ", ": "])
def test_relations_of_any_separator(dash):
    ties = "".join(f"- term {n}{dash}what ties it to the axon\n" for n in "abcdef")
    document = parse_flattened_concept(
        f"The axon is a process.\nClinical Use:\n- One drug helps\n- Another harms\n{ties}Source: a book.\n",
        "x.txt",
    )
    targets = [b.target for b in document.blocks if isinstance(b, Relation)]
    assert targets == [f"term {n}" for n in "abcdef"]


def test_a_count_that_stands_too_deep_costs_no_line():
    lines = [PROSE, PROSE, "It says this:", "Home > Topics", PROSE, PROSE, "34 articles", PROSE]
    document = parse_flattened_topic("\n\n".join(lines), "x.txt")
    held = [block.text for block in document.blocks] + [document.deck, document.title]
    assert all(line in held for line in lines if line != "34 articles" or document.declared_count is None)


def test_the_kind_in_the_name_of_a_file_is_no_word_of_the_title():
    document = parse_flattened_concept("The amygdala is a cluster.\n- one\n", "concept-amygdala.txt")
    assert document.title == "Amygdala"
    assert next(g.confidence for g in document.guesses if g.what == "title") >= 0.95


@pytest.mark.parametrize("last", ["Anatomy of Fear", "Do Fish Feel Fear?"])
def test_titles_with_nothing_below_them_are_teasers_and_a_question(last):
    teasers = ["A Label Nobody Knows", "Sleep and Skill", last]
    document = parse_flattened_topic(
        "\n\n".join(["Sleep", PROSE, "The Parts", PROSE, PROSE, *teasers]), "x.txt"
    )
    assert texts(document, Furniture) == teasers
    assert all(g.confidence < 0.8 for g in document.guesses if g.what == "furniture")


@pytest.mark.parametrize(
    "ending",
    [["1. Encoding", "2. Storage", "3. Recall"], ["The stages are:", "Encoding", "Storage", "Recall"]],
)
def test_lists_at_the_end_are_no_teasers(ending):
    document = parse_flattened_topic(
        "\n\n".join(["Sleep", PROSE, "The Parts", PROSE, PROSE, *ending]), "x.txt"
    )
    assert texts(document, Furniture) == []


def parted(*lines):
    return "\n\n".join(lines)


def body(text):
    return parse_flattened_body(text)


def heads(text):
    return [(b.text, b.level) for b in body(text).blocks if isinstance(b, Heading)]


def sure(text):
    return {g.value: g.confidence for g in body(text).guesses if g.what == "heading"}


def test_numbered_labels_are_headings_with_or_without_a_list_below():
    text = (
        "1. Population Dynamics:\n2. Food Webs:\n3. Data Structures:\n- sparse matrices\n- graphs\n"
        "Steps of the assay:\n1. Wash the slice\n2. Add the dye\n"
    )
    assert heads(text) == [("1. Population Dynamics", 3), ("2. Food Webs", 3), ("3. Data Structures", 3)]
    (ordered,) = [b for b in body(text).blocks if isinstance(b, ListBlock) and b.ordered]
    assert [item.text for item in ordered.items] == ["Wash the slice", "Add the dye"]


@pytest.mark.parametrize(
    "line", ["Links to:", "The model allows for:", "Here is an example:", "There is:", "Or:"]
)
def test_a_line_that_breaks_off_or_opens_a_sentence_introduces_its_list(line):
    text = f"{line}\n- one thing\n- another thing\n\nSecond Order:\n- a third thing\n"
    assert [h for h, _ in heads(text)] == ["Second Order"]


def test_labels_in_sentence_case_beside_titled_ones_introduce():
    text = "".join(
        f"{n}. {title}:\nBasic equations of {word}:\n"
        for n, (title, word) in enumerate(
            [("Growth Rates", "growth"), ("Food Webs", "webs"), ("Flow", "flow")], 1
        )
    )
    assert [h for h, _ in heads(text)] == ["1. Growth Rates", "2. Food Webs", "3. Flow"]


def test_an_outline_gives_levels_and_is_sure():
    text = parted(
        "1. The Clock",
        "1.1 Genes of the Clock",
        PROSE,
        "1.2. Light",
        PROSE,
        "2. Sleep",
        PROSE,
        "10 minutes later",
        PROSE,
    )
    assert heads(text)[:4] == [
        ("1. The Clock", 2),
        ("1.1 Genes of the Clock", 3),
        ("1.2. Light", 3),
        ("2. Sleep", 2),
    ]
    confidence = sure(text)
    assert all(confidence[name] >= 0.9 for name in ("1. The Clock", "1.1 Genes of the Clock", "1.2. Light"))
    assert confidence["10 minutes later"] < 0.8


def test_headings_beside_capitals_stand_below_them_and_are_a_question():
    text = parted("MEMORY SYSTEMS", PROSE, "The Case of Henry M", PROSE, "FORGETTING AND LOSS", PROSE)
    assert heads(text) == [("MEMORY SYSTEMS", 2), ("The Case of Henry M", 3), ("FORGETTING AND LOSS", 2)]
    confidence = sure(text)
    assert confidence["The Case of Henry M"] < 0.8 <= confidence["FORGETTING AND LOSS"]


@pytest.mark.parametrize(
    "label", ["Everyday Connections", "Link to Learning", "Career Connection", "Learning Objectives"]
)
def test_the_stock_label_of_a_box_heads_nothing_and_is_asked_about(label):
    text = parted("First Words", PROSE, label, "Aphasia in Two Languages", PROSE, "Last Words", PROSE)
    assert label not in [h for h, _ in heads(text)]
    assert [g.value for g in body(text).guesses if g.what == "box"] == [label]
    assert sure(text)["Aphasia in Two Languages"] < 0.8 <= sure(text)["Last Words"]


@pytest.mark.parametrize(
    "line", ["Tone (CS) → Salivation (CR)", "Name,Dose,Effect", "I fall in. * * *", "Or"]
)
def test_formulae_rows_and_verse_are_no_headings(line):
    assert heads(parted(PROSE, line, PROSE)) == []


@pytest.mark.parametrize(
    ("sentence", "name", "title", "is_sure"),
    [
        ("Cognitive control refers to acting on goals.", "cognitive-control.txt", "Cognitive control", True),
        ("The HPA axis links brain and glands.", "c07-hpa_axis.txt", "HPA axis", True),
        ("Place coding is a map.", "place-coding-in-bats.txt", "Place coding in bats", False),
        ("Stigmergy is work that leads to work.", "ants-at-work.txt", "Stigmergy", False),
    ],
)
def test_the_name_of_the_file_and_the_first_sentence_give_the_title(sentence, name, title, is_sure):
    text = f"{sentence}\nParts:\n- one part\n- two parts\n- three parts\n"
    document = parse_flattened_concept(text, name)
    assert document.title == title
    assert is_sure == (next(g.confidence for g in document.guesses if g.what == "title") >= 0.9)


def test_ties_to_concepts_are_never_furniture():
    ties = "".join(f"- {term} — what it has to do with it\n" for term in ("soma", "axon", "dendrite", "glia"))
    text = f"A branch is a line of work.\nMaking One:\n- name it\n- switch to it\nMore on branching.\n{ties}"
    document = parse_flattened_concept(text, "branch.txt")
    assert texts(document, Furniture) == []
    assert len(texts(document, Relation)) == 4


def test_capitalised_facts_before_small_terms_are_no_ties():
    facts = "- Smooth Dynamics — handled for all orders\n- Rich Predictions — with velocity\n"
    ties = "".join(f"- {term} — a neighbour of it\n" for term in ("soma", "axon", "Glia", "dendrite"))
    document = parse_flattened_concept(
        f"Inference is a guess that pays.\nParts:\n- one\n{facts}{ties}", "x.txt"
    )
    assert [b.target for b in document.blocks if isinstance(b, Relation)] == [
        "soma",
        "axon",
        "Glia",
        "dendrite",
    ]


def test_teasers_and_the_name_of_a_letter_after_them_are_furniture():
    tail = [
        "Attention",
        "Memory",
        "Emotion",
        "The Synapse Dispatch",
        "A fortnightly note, free, in your inbox.",
    ]
    text = parted("On Sleep", PROSE, "What It Does", PROSE, PROSE, "Keep exploring", *tail)
    assert texts(parse_flattened_topic(text, "x.txt"), Furniture) == ["Keep exploring", *tail]


@pytest.mark.parametrize(
    "tail",
    [
        [
            "Medically checked by Dr. Ida Roe",
            "Last reviewed: 3 May 2021",
            "Not a substitute for medical advice.",
        ],
        ["Image credit: The Museum of Nerves", "First published in the winter issue", "Back to the issue"],
        ["Found this page useful? Buy us a coffee ☕"],
        ["« Older: The Vagus Nerve", "Newer: The Sciatic Nerve »"],
        ["Ana Ruiz", "Ana Ruiz is a writer in Porto.", "Follow Ana on Mastodon @ana", "Comments are closed."],
        ["Edit this page", "12 likes", "Donate now", "Charity no. 1122334"],
        ["This site uses cookies. By continuing to browse you accept them.", "Accept all"],
        ["Press office | +44 1234 | press@nerves.example"],
    ],
)
def test_the_frame_of_other_old_sites_is_found_line_by_line(tail):
    document = parse_flattened_topic(
        parted("On Nerves", PROSE, "What They Carry", PROSE, PROSE, *tail), "x.txt"
    )
    assert texts(document, Furniture) == tail
    assert all(g.confidence < 0.95 for g in document.guesses if g.what == "furniture")


@pytest.mark.parametrize(
    "end",
    [
        ["It was, in the end, a matter of time."],
        ["What would a brain without one do?"],
        ["References", "Ruiz A. The nerve of it. Porto Press, 2014.", "Roe I. Letters on nerves. 1921."],
        ["Acknowledgements", "Ida Roe read every draft and liked none."],
        ["The author thanks the museum for its jars."],
    ],
)
def test_how_texts_end_is_no_furniture(end):
    document = parse_flattened_topic(
        parted("On Nerves", PROSE, "What They Carry", PROSE, PROSE, *end), "x.txt"
    )
    assert texts(document, Furniture) == []


def test_the_frame_above_a_text_leaves_title_deck_and_count():
    lines = [
        "Health | Nerves",
        "On Nerves",
        "Ana Ruiz",
        "May 3, 2021",
        "What they carry, and how fast.",
        "Reading time: 7 minutes",
        "Showing 11 of 11 articles",
    ]
    document = parse_flattened_topic(parted(*lines, PROSE, "What They Carry", PROSE, PROSE), "x.txt")
    assert (document.title, document.deck) == ("On Nerves", "What they carry, and how fast.")
    assert document.declared_count.value == 11
    assert texts(document, Furniture) == [lines[0], lines[2], lines[3], lines[5]]
    assert texts(document, Heading) == ["What They Carry"]


@pytest.mark.parametrize(
    "line", ["(19 articles)", "Browse all 73 articles", "Showing 1–9 of 34 posts", "34 articles"]
)
def test_counts_in_other_words(line):
    document = parse_flattened_topic(parted("On Nerves", "A deck of it.", line, *[PROSE] * 6), "x.txt")
    assert document.declared_count.value in (19, 73, 34)


def test_years_and_roman_numbers_are_headings_and_datelines_are_not():
    text = parted("1873", PROSE, "II. The View From the Nerve", PROSE, "What the Signal is for", PROSE)
    assert [h for h, _ in heads(text)] == ["1873", "II. The View From the Nerve", "What the Signal is for"]
    said = "A nerve is a letter that nobody opens. — Ida Roe"
    assert heads(parted(PROSE, "Porto, 14 November 1921", PROSE, said, PROSE)) == []


def test_ties_that_lost_their_marks_are_ties_and_are_not_joined_as_prose():
    ties = [
        f"{term} — what {term} has to do with the cells of this place" for term in ("axon", "soma", "glia")
    ]
    document = parse_flattened_concept(
        "\n".join(["A cell is a small room.", "It has walls.", *ties]), "cell.txt"
    )
    assert [b.target for b in document.blocks if isinstance(b, Relation)] == ["axon", "soma", "glia"]


def test_a_label_that_is_the_name_of_a_section_is_a_heading_in_any_case():
    text = (
        "A cell is a small room.\nBuilding Plan:\n- walls\n- doors\nKey facts:\n- 10 µm wide\n- 1 nucleus\n"
    )
    document = parse_flattened_concept(text, "cell.txt")
    assert texts(document, Heading) == ["Building Plan", "Key facts"]
    assert document.blocks[-1].section == "key_facts"


@pytest.mark.parametrize(
    "mast",
    [
        "THE SIDE ROOM",
        "Research  Teaching  People",
        "Course home / Module 7",
        "Porto Museum of Nerves",
        "No. 61",
    ],
)
def test_the_name_of_a_site_above_a_title_is_not_the_title(mast):
    text = parted(mast, "The Long Nerve", "What it carries, and how far.", PROSE, "Its Sheath", PROSE, PROSE)
    document = parse_flattened_topic(text, "x.txt")
    assert (document.title, document.deck) == ("The Long Nerve", "What it carries, and how far.")
    assert texts(document, Furniture) == [mast]


def test_a_deck_without_a_full_stop_is_longer_than_a_heading_and_is_a_question():
    deck = "How an escape nerve of the squid became the most studied cell there is"
    document = parse_flattened_topic(
        parted("The Squid", deck, PROSE + PROSE, "Its Sheath", PROSE, PROSE), "x.txt"
    )
    assert document.deck == deck
    assert next(g.confidence for g in document.guesses if g.what == "deck") < 0.8


def test_headings_of_an_author_who_writes_none_large():
    text = parted(
        "the knob and the lamp", PROSE, "what the gorilla knows", PROSE, "look again.", "a blue spot", PROSE
    )
    assert [h for h, _ in heads(text)] == ["the knob and the lamp", "what the gorilla knows", "a blue spot"]
    assert heads(parted(PROSE, "look again", PROSE)) == []


@pytest.mark.parametrize(
    "line",
    ["δ (0.5–4 Hz)", "Taxi!", 'Room 4: "Turn It Down!"', '"Do They Know You?"', "From Worm to Fly to …"],
)
def test_headings_with_signs_at_either_end(line):
    assert [h for h, _ in heads(parted(PROSE, line, PROSE))] == [line]


def test_the_lines_of_a_diagram_are_no_list_that_lost_its_marks():
    text = "mindmap\n  root((Aphasia))\n    Fluent\n    Wernicke\n    Anomic\nKey Figures\n- 100 mV\n- 2 ms\n"
    assert [h for h, _ in heads(text)] == ["Key Figures"]


@pytest.mark.parametrize(
    ("after", "frame"),
    [
        (
            ["Start a trial", "Neighbouring entries: soma · axon"],
            ["Start a trial", "Neighbouring entries: soma · axon"],
        ),
        (["Adapted from the field guide of 2019", "Enrol now"], ["Enrol now"]),
        (["A closing sentence says what it has to say."], []),
    ],
)
def test_what_stands_after_the_ties_of_a_concept(after, frame):
    ties = [f"- {term} — a neighbour of it" for term in ("soma", "axon", "dendrite", "glia", "myelin")]
    document = parse_flattened_concept(
        "\n".join(["A cell is a room.", "- it has walls", *ties, *after]), "cell.txt"
    )
    assert texts(document, Furniture) == frame
    assert len([b for b in document.blocks if isinstance(b, Relation)]) == 5


@pytest.mark.parametrize(
    "label", ["Latest Articles", "Related Reading", "More on This Topic", "Further Reading"]
)
@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n\n\n\n"])
@pytest.mark.parametrize(
    "text", [PROSE * 3, f"{PROSE}\n\n{PROSE * 3}", f"{PROSE * 4}\n\n{PROSE * 5}\n\n{PROSE}"]
)
def test_a_label_with_text_below_it_is_never_where_a_page_is_cut(label, gap, text):
    document = parse_flattened_topic(
        parted("On Nerves", PROSE * 4, "Its Sheath", PROSE * 4) + gap + parted(label, text), "x.txt"
    )
    assert texts(document, Furniture) == []
    assert document.blocks[-1].text.endswith(PROSE)


@pytest.mark.parametrize(
    "title", ["The Trust Hormone", "SLEEP AND MEMORY", "Lessons From a Hospital Ward", "No. 5 Is Alive!"]
)
def test_a_title_with_a_heading_below_it_stays_the_title(title):
    document = parse_flattened_topic(
        parted(title, "What It Does", PROSE * 5, "How It Ends", PROSE * 5), "x.txt"
    )
    assert document.title == title
    assert texts(document, Heading) == ["What It Does", "How It Ends"]
