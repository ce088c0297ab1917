"""What may and may not be committed, and what templates must not hold."""

import re
import subprocess

import pytest

from tests.architecture.layers import ROOT

TOP_LEVEL = {
    "manage.py", "mindlab", "articles", "glossary", "templates", "static", "tests", "requirements.txt",
    "README.md", "LICENSE", "Makefile", "pyproject.toml", "requirements-dev.txt", "uv.lock", "CHANGELOG.md",
    "CONTRIBUTING.md", "docs", "bench", "deploy",
}  # fmt: skip
GENERATED = re.compile(
    r"(^|/)(\.venv|venv|var|media|node_modules|__pycache__|\.env[^/]*|secret-key)(/|$)|\.(sqlite3?|db|pyc|dump|pem|key)(-\w+)?$"
)
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[abpr]-[A-Za-z0-9-]{10,}"
    r"|django-insecure-[\w!@#$%^&*()+=-]{20,}"
    r"|(?i:secret_key|password|token)[\"']?\s*[:=]\s*[\"'][A-Za-z0-9+/!@#$%^&*()_=-]{32,}[\"']"
)
INLINE = {
    "|safe": re.compile(r"\|\s*safe(seq)?\b|\{%\s*autoescape\s+off"),
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
}
TAGS = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}", re.DOTALL)


def committed():
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted(path for path in listed.split("\0") if path and (ROOT / path).is_file())


def templates():
    return [
        path
        for path in committed()
        if path.endswith((".html", ".txt", ".xml", ".mjml")) and "templates/" in path
    ]


def faults(text):
    # Comments go first, keeping their line breaks: they may speak of what they forbid.
    text = TAGS.sub(lambda match: "\n" * match[0].count("\n"), text)
    return [
        (text.count("\n", 0, match.start()) + 1, name)
        for name, rule in INLINE.items()
        for match in rule.finditer(text)
    ]


def test_the_top_level_holds_what_the_design_names():
    assert {path.split("/")[0] for path in committed() if not path.startswith(".")} <= TOP_LEVEL


def test_nothing_generated_is_committed():
    assert [path for path in committed() if GENERATED.search(path)] == []


@pytest.mark.parametrize(
    "path",
    ["var/mindlab.sqlite3", "x.sqlite3-wal", ".venv/bin/python", ".env", "media/a.png", "mindlab/db.sqlite3"],
)
def test_what_is_generated_is_recognised(path):
    assert GENERATED.search(path)


def test_no_secret_is_committed():
    texts = {path: (ROOT / path).read_bytes().decode(errors="ignore") for path in committed()}
    assert [path for path, text in texts.items() if SECRETS.search(text)] == []


@pytest.mark.parametrize(
    "text", ["-----BEGIN RSA " + "PRIVATE KEY-----", 'SECRET_KEY = "' + "a1B2" * 10 + '"']
)
def test_a_secret_is_recognised(text):
    assert SECRETS.search(text)


def test_templates_hold_nothing_that_a_strict_policy_forbids():
    # Newsletters are styled in place, because mail clients ignore style sheets.
    web = [path for path in templates() if not path.endswith(".mjml")]
    found = {path: faults((ROOT / path).read_text(encoding="utf-8")) for path in web}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "text",
    [
        "{{ body|safe }}",
        "{{ body | safe }}",
        "{% autoescape off %}",
        '<p class="a" style="color: red">',
        "<style>p {}</style>",
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<a href="#" onclick="go()">',
    ],
)
def test_a_fault_in_a_template_is_found(text):
    assert len(faults(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<script src="{% static "a.js" %}" type="module"></script>',
        "{{ data|json_script:'data' }}",
        "{# no |safe #}",
        "{% comment %}no <style>{% endcomment %}",
        "{{ title|safe_title }}",
    ],
)
def test_a_clean_template_passes(text):
    assert faults(text) == []


def test_the_example_environment_names_every_variable_that_the_settings_read():
    settings = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "mindlab" / "settings").glob("*.py")
    )
    read = set(re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z][A-Z0-9_]*)\"", settings))
    example = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    assert read == set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE))
