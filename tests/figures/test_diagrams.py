import re
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from mindlab.figures import diagrams
from mindlab.figures.diagrams import DiagramError, describe, draw, key, with_prefix
from mindlab.figures.engine import Engine, EngineError, EngineTimeoutError
from mindlab.figures.svg import SVG, UnsafeSVGError, clean_svg
from tests.shared import needs_shared, shared_path

REWARD = """\
graph TD
A[Cue] --> B["Ventral tegmental area (VTA)"]
B --> C{Better than expected?}
C -->|yes| D[Dopamine burst]
C -->|no| E[Dopamine dip]
D --> F[Learn] & G[Approach]
"""
SHAPES = """\
flowchart LR
  subgraph cortex [Cortex]
   a_b(Round) --> B([Stadium]) --> c[[Sub]] & d[(Store)]
  end
  B -. maybe .-> e((Circle))
  e ==>|p < 0.05| f>Flag]
  f --- g{{Hexagon}}
  g <--> h[/Slanted/]
  h --x i{Long<br/>or short?}
  i -- "yes, #quot;so#quot;" --> j(((Double)))
  i --> k["`**bold** and _slanted_`"]
  k --> cortex
  style B fill:#f00
"""
STATES = (
    "stateDiagram-v2\n[*] --> Rest\nRest --> Fire : threshold\nstate Fire {\n [*] --> Rise\n}\nFire --> [*]\n"
)
TALK = (
    "sequenceDiagram\nparticipant P as Patient\nP->>T: Question\nNote over P,T: pause\n"
    "alt safe\nT-->>P: Answer\nend\n"
)
SHARES = 'pie title Cells\n"Excitatory" : 80\n"Inhibitory" : 20\n'
ALL_KINDS = [REWARD, SHAPES, STATES, TALK, SHARES]

# The tests that look at one drawing from several sides draw it once.
drawn_once = cache(draw)


def elements(svg):
    return list(etree.fromstring(svg).iter())


def ids(svg):
    return [element.get("id") for element in elements(svg) if element.get("id")]


def references(svg):
    found = re.findall(r"url\(#([^)]+)\)", svg)
    return found + [
        element.get("aria-labelledby") for element in elements(svg) if element.get("aria-labelledby")
    ]


def boxes(svg):
    return [element for element in elements(svg) if "diagram-node" in element.get("class", "").split()]


def lines(svg):
    return [element for element in elements(svg) if "diagram-edge" in element.get("class", "").split()]


def squeezed(element):
    return "".join("".join(element.itertext()).split())


def assert_harmless(svg):
    assert "style" not in {name for element in elements(svg) for name in element.attrib}
    names = {etree.QName(element).localname for element in elements(svg)}
    assert names <= {"svg", "g", "defs", "marker", "title", "path", "rect", "circle", "ellipse", "line",
                     "polyline", "polygon", "text", "tspan"}  # fmt: skip
    for element in elements(svg):
        assert element.tag.startswith(f"{{{SVG}}}")
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert "href" not in name
            assert "javascript" not in value.lower()
            assert "//" not in value
            if "url(" in value:
                assert re.fullmatch(r"url\(#[\w-]+\)", value)


@needs_shared
def test_the_seed_shows_15_labels_and_15_edges_in_drawing_and_text():
    source = "\n".join(
        (shared_path() / "seeds" / "001_7226313fa858474f.txt").read_text(encoding="utf-8").split("\n")[11:27]
    )
    drawing = draw(source)
    labels = set(re.findall(r'[A-O][\[{]"?([^"\]}]+)"?[\]}]', source))
    assert len(labels) == 15
    assert {squeezed(box) for box in boxes(drawing.svg)} == {"".join(label.split()) for label in labels}
    assert len(boxes(drawing.svg)) == len(lines(drawing.svg)) == 15
    text = " ".join(describe(drawing))
    assert all(label in text for label in labels)
    connections = [s for s in describe(drawing) if " leads to " in s or ": if " in s]
    assert sum(sum(s.count(label) for label in labels) - 1 for s in connections) == 15
    assert "Congruence Check: if Congruent, Parasympathetic Activation; if Incongruent, Sympathetic" in text
    assert_harmless(drawing.svg)
    assert drawing.width <= 350
    assert len(drawing.svg) < 12_000


def test_a_flowchart_is_told_from_start_to_end():
    assert describe(drawn_once(REWARD)) == (
        "It starts at Cue.",
        "Cue leads to Ventral tegmental area (VTA).",
        "Ventral tegmental area (VTA) leads to Better than expected?.",
        "Better than expected?: if yes, Dopamine burst; if no, Dopamine dip.",
        "Dopamine burst leads to Learn and Approach.",
        "It ends at Dopamine dip, Learn and Approach.",
    )


def test_shapes_arrows_and_frames_are_told():
    drawing = drawn_once(SHAPES)
    assert describe(drawing) == (
        "Cortex holds Round, Stadium, Sub and Store.",
        "It starts at Round.",
        "Round leads to Stadium.",
        "Stadium leads to Sub, Store and Circle (maybe).",
        "Circle leads to Flag (p < 0.05).",
        "Flag is joined to Hexagon.",
        "Hexagon leads, both ways, to Slanted.",
        "Slanted leads to Long or short? (crossed arrow).",
        'Long or short? leads to Double (yes, "so") and bold and slanted.',
        "bold and slanted leads to Cortex.",
        "It ends at Sub, Store and Double.",
    )
    assert "line 13" in drawing.notices[0]
    assert not re.search("f00|red", drawing.svg)


def test_a_wide_flowchart_is_turned_and_says_so():
    chain = "\n".join(f"N{n}[Region number {n}] --> N{n + 1}" for n in range(6))
    drawing = draw(f"graph LR\n{chain}\nN6[Last region]")
    assert drawing.width < 680
    assert "top to bottom" in drawing.notices[0]
    assert draw("graph LR\nA --> B").notices == ()


def test_states_sequences_and_pies_have_a_text_equivalent():
    assert describe(drawn_once(STATES)) == (
        "Fire holds Rise.",
        "Start leads to Rest.",
        "Rest leads to Fire (threshold).",
        "Start of Fire leads to Rise.",
        "Fire leads to End.",
    )
    assert describe(drawn_once(TALK)) == (
        "Patient to T: Question.",
        "Note: pause.",
        "If safe:",
        "T to Patient: Answer.",
        "The alternatives end.",
    )
    assert describe(drawn_once(SHARES)) == ("Excitatory: 80 (80%).", "Inhibitory: 20 (20%).")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((12.5, 87, 0.5), ("13%", "87%", "less than 1%")),
        ((1, 7), ("13%", "88%")),
        ((2.675, 97.325), ("3%", "97%")),
        ((1, 1, 1), ("33%", "33%", "33%")),
        ((5, 95, 0), ("5%", "95%", "0%")),
        ((1, 199), ("less than 1%", "100%")),
    ],
)
def test_a_pie_says_the_shares_that_its_drawing_shows(values, said):
    names = "abc"[: len(values)]
    drawing = draw(
        "pie\n" + "\n".join(f'"{name}" : {value}' for name, value in zip(names, values, strict=True))
    )
    assert describe(drawing) == tuple(
        f"{name}: {value:g} ({share})." for name, value, share in zip(names, values, said, strict=True)
    )
    drawn = [words for words in etree.fromstring(drawing.svg).itertext() if words.strip().endswith("%")]
    # Below one in a hundred no slice is drawn.
    assert [words.strip() for words in drawn] == [
        share for share in said if share not in {"0%", "less than 1%"}
    ]


@pytest.mark.parametrize("source", ALL_KINDS)
def test_every_kind_is_harmless_and_names_itself(source):
    drawing = drawn_once(source)
    assert_harmless(drawing.svg)
    root = etree.fromstring(drawing.svg)
    assert root.get("role") == "img"
    title = next(e for e in root.iter(f"{{{SVG}}}title"))
    assert title.text == drawing.title != ""
    assert title.get("id") == root.get("aria-labelledby")
    box = [float(part) for part in root.get("viewBox").split()]
    assert box[2:] == pytest.approx([drawing.width, drawing.height], abs=0.01)


@pytest.mark.parametrize("source", ALL_KINDS)
def test_two_figures_on_a_page_share_no_id_and_every_reference_resolves(source):
    svg = drawn_once(source).svg
    one, two = with_prefix(svg, "block-1"), with_prefix(svg, "block-2")
    assert ids(one)
    assert set(ids(one)).isdisjoint(ids(two))
    for figure in (one, two):
        assert len(ids(figure)) == len(set(ids(figure)))
        assert set(references(figure)) <= set(ids(figure))


@pytest.mark.parametrize("prefix", ["", "1a", 'a" onload="x', "a b", "é"])
def test_a_prefix_that_is_no_id_is_refused(prefix):
    with pytest.raises(ValueError, match="cannot begin an id"):
        with_prefix(f'<svg xmlns="{SVG}"/>', prefix)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "is empty"),
        ("  \n", "is empty"),
        ("graph TD", "shows nothing yet"),
        ("Hello\nworld", "Line 1: this is no Mermaid diagram"),
        ("graph TD\nA --> B\nB ===> > C\nC --> D", "line 3, “B ===> > C”"),
        ("graph TD\nA[Insula (anterior)] --> B", "line 2, “A[Insula (anterior)] --> B”"),
        ("graph TD\n%% one\n%% two\nA --> B\nB ===> > C", "line 5, “B ===> > C”"),
        (
            "%% one\n\n\n  %% two\ngraph TD\n\n\n%% three\n%%\nA --> B\nB ===> > C\nC --> D",
            "line 11, “B ===> > C”",
        ),
        ("---\ntitle: Cells\n---\n%% one\ngraph TD\nA --> B\nB ===> > C", "line 7, “B ===> > C”"),
        ('pie\n%% one\n"a" : 5\n%% two\n"b" : x', 'line 5, “"b" : x”'),
        ("graph TD\n%% one\nA --> end\nB --> C", "line 3, “A --> end”. “end” is a word of Mermaid's own"),
        ("graph TD\nend --> B", "write “End”, or name the box otherwise"),
        ("graph TD\nA --> end[The end]", "“end” is a word of Mermaid's own"),
        ("sequenceDiagram\nparticipant end\nend->>B: hi", "“end” is a word of Mermaid's own"),
        ("graph TD\nsubgraph one\nA --> B\nend\nend", "line 5, “end”. This “end” closes nothing"),
        ("graph TD\nA[x --> B", "a bracket or quotation mark that is not closed"),
        ("gantt\ntitle A\nsection S\nTask :a1, 2024-01-01, 3d", "does not draw Mermaid's kind “gantt”"),
        ("%%{init: {'htmlLabels': true}}%%\ngraph TD\nA-->B", "Line 1: the site sets the look"),
        ("graph TD\n%%{init: {'securityLevel': 'loose'}}%%\nA-->B", "Line 2: the site sets the look"),
        ("---\nconfig:\n  theme: dark\n---\ngraph TD\nA-->B", "Line 2: the site sets the look"),
        ("---\ntitle: x\ngraph TD\nA-->B", "Line 3"),
        ('graph TD\nA-->B\nclick A href "https://example.org"', "Line 3: a diagram carries no links"),
        ("graph TD\nA-->B\nclick A call steal()", "Line 3: a diagram carries no links"),
        ('graph TD\nA-->B; click A "https://example.org"', "carries no links"),
        ("sequenceDiagram\nA->>B: x\nlink A: y @ https://example.org", "Line 3: a diagram carries no links"),
        ('graph TD\nA["`[x](https://example.org)`"] --> B', "Line 2: a diagram carries no links"),
        ('graph TD\nA["javascript:alert(1)"] --> B', "Line 2: a diagram carries no script"),
        ('graph TD\nA["<img src=x onerror=alert(1)>"] --> B', "Line 2: HTML (<img"),
        ('graph TD\nA["<script>alert(1)</script>"] --> B', "Line 2: HTML (<script>)"),
        ('graph TD\nA["<svg onload=alert(1)"] --> B', "Line 2: HTML (<svg"),
        ('graph TD\nA@{ img: "https://example.org/x.png" } --> B', "Line 2: a diagram carries no pictures"),
        ("graph TD\nA[x\x07y] --> B", "Line 2: it holds a hidden control"),
        ("graph TD\nA[\ud800] --> B", "Line 2: it holds a hidden control"),
        ("graph TD\n" + "A --> B\n" * 3000, "may have 20,000"),
        ("graph TD\n" + "\n".join(f"N{n} --> N{n + 1}" for n in range(100)), "101 boxes"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(source, sentence):
    with pytest.raises(DiagramError) as refused:
        draw(source)
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")
    assert isinstance(key(source), str)


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("#lt;img src=x onerror=1#gt;", "<img src=x onerror=1>"),
        ("#60;b#62;", "<b>"),
        ("p < 0.05 & q > 1", "p < 0.05 & q > 1"),
        ("p > 0.05", "p > 0.05"),
        ("t<2 ms, n>30", "t<2 ms, n>30"),
        ("μg/dL → 5-HT₂ₐ — “ok”", "μg/dL → 5-HT₂ₐ — “ok”"),
        ("&xxe; %file; ]]>", "&xxe; %file; ]]>"),
        ("url(https:evil) style=x", "url(https:evil) style=x"),
    ],
)
def test_labels_are_words_and_nothing_else(label, shown):
    drawing = draw(f'graph TD\nA["{label}"] --> B')
    assert_harmless(drawing.svg)
    assert drawing.nodes[0].label == shown
    assert squeezed(boxes(drawing.svg)[0]) == "".join(shown.split())


def test_an_svg_from_anywhere_is_held_to_the_list():
    raw = f"""<svg xmlns="{SVG}" xmlns:x="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" onload="a()">
      <style>rect{{fill:url(https://evil)}}</style><script>a()</script><image x:href="https://evil"/>
      <foreignObject><p xmlns="http://www.w3.org/1999/xhtml">p</p></foreignObject>
      <a href="javascript:a()"><rect width="1" style="fill:red" onclick="a()" fill="url(https://evil)"/></a>
      <use href="https://evil#x"/><animate attributeName="href" values="javascript:a()"/>
      <path d="M0 0" marker-end="url(https://evil#a)"/><path d="url(https://evil)"/><set onbegin="a()"/>
      <p xmlns="http://www.w3.org/1999/xhtml" onclick="a()">p</p><text>kept</text></svg>"""
    cleaned = clean_svg(raw, title='"><script>', marks={}).markup
    assert_harmless(cleaned)
    assert "evil" not in cleaned
    assert [etree.QName(e).localname for e in elements(cleaned)] == [
        "svg",
        "title",
        "rect",
        "path",
        "path",
        "text",
    ]


@pytest.mark.parametrize(
    "raw",
    [
        f'<!DOCTYPE svg [<!ENTITY x "y">]><svg xmlns="{SVG}" viewBox="0 0 1 1">&x;</svg>',
        f'<svg xmlns="{SVG}" viewBox="0 0 1 1"><g></svg>',
        f'<svg xmlns="{SVG}"/>',
        '<html viewBox="0 0 1 1"/>',
    ],
)
def test_what_is_no_plain_svg_is_refused(raw):
    with pytest.raises(UnsafeSVGError):
        clean_svg(raw, title="x", marks={})


def test_the_same_source_gives_the_same_bytes_from_many_threads_and_engines(monkeypatch):
    sources = [REWARD, STATES] * 2
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(draw, sources))
    assert found[0] == found[2]
    assert found[1] == found[3]
    monkeypatch.setattr(diagrams, "_engine", Engine())
    assert draw(REWARD.replace("\n", "\r\n")) == found[0]
    assert threading.active_count() < 50


def test_the_key_changes_with_source_engine_and_theme(monkeypatch):
    keys = [key("graph TD\nA-->B"), key("graph TD\nA-->C")]
    monkeypatch.setattr(diagrams, "ENGINE_VERSION", "0")
    keys.append(key("graph TD\nA-->B"))
    monkeypatch.setattr(diagrams, "THEME", "0")
    keys.append(key("graph TD\nA-->B"))
    assert all(re.fullmatch("[0-9a-f]{64}", found) for found in keys)
    assert all(one != two for one, two in pairwise(keys))
    assert key("graph TD\r\nA-->B\r\n") == key("graph TD\nA-->B")


def test_a_drawing_that_takes_too_long_is_ended_and_the_next_one_works():
    engine = Engine()
    request = {"source": REWARD, "config": {"htmlLabels": False}}
    with pytest.raises(EngineTimeoutError):
        engine.ask(request, seconds=0.05)
    assert engine.ask(request)["svg"].startswith("<svg")
    engine.close()
    assert engine.ask({**request, "model": True})["model"]["kind"] == "flowchart-v2"
    with pytest.raises(EngineError, match="line 2"):
        engine.ask({**request, "source": "graph TD\nA[x (y)] --> B", "model": True})
    engine.close()


def test_our_shortcut_through_the_engine_changes_no_byte_of_its_drawing():
    import mermaidx

    config = {"htmlLabels": False, "theme": "base"}
    ours = Engine()
    assert (
        ours.ask({"source": REWARD, "config": config})["svg"] == mermaidx.render(REWARD, config=config).svg()
    )
    ours.close()


@pytest.mark.browser
@pytest.mark.parametrize("face", ["DejaVu Sans", "Arial", "Verdana"])
def test_labels_fit_their_boxes_and_a_strict_policy_is_kept(browser, face):
    css = (Path(__file__).resolve().parents[2] / "static/css/diagram.css").read_text(encoding="utf-8")
    policy = "default-src 'none'; style-src 'self'"
    figures = "".join(with_prefix(drawn_once(source).svg, f"f{n}") for n, source in enumerate(ALL_KINDS))
    page = browser.new_page(viewport={"width": 390, "height": 800})
    refused = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    style = f":root {{ --sans: '{face}', sans-serif; --ink: black }} {css}"
    page.route("**/d.css", lambda route: route.fulfill(body=style, content_type="text/css"))
    page.route(
        "**/page",
        lambda route: route.fulfill(
            body=f'<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/d.css">{figures}',
            content_type="text/html",
            headers={"Content-Security-Policy": policy},
        ),
    )
    page.goto("http://diagrams.test/page")
    room = page.evaluate("""() => [...document.querySelectorAll('.diagram-node')].flatMap((node) => {
        const text = node.querySelector('text');
        if (!text) return [];
        const shape = node.querySelector('rect, polygon, circle, path').getBoundingClientRect();
        const words = text.getBoundingClientRect();
        return [Math.min(words.left - shape.left, shape.right - words.right,
                         words.top - shape.top, shape.bottom - words.bottom)];
    })""")
    sizes = page.evaluate(
        "[...document.querySelectorAll('text')].map((text) => parseFloat(getComputedStyle(text).fontSize))"
    )
    page.close()
    assert len(room) > 15
    assert min(room) > 0
    assert min(sizes) >= 14
    assert refused == []
