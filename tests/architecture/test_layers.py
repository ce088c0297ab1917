"""The floors of the house: imports run downward, in code and in strings, and what is pure stands alone."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.architecture.layers import ROOT, floors, upward

PACKAGES = sorted(set().union(*floors()) - {"mindlab.urls"})
PURE = {"mindlab.figures"}
"""Packages on a floor of their own that are no app: they know neither Django nor Wagtail."""


def modules(package):
    return sorted((ROOT / package.replace(".", "/")).rglob("*.py"))


def test_imports_run_downward():
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_every_app_of_ours_stands_in_the_contract():
    inside = [config for config in apps.get_app_configs() if ROOT in Path(config.path).parents]
    ours = {config.name for config in inside if ROOT / ".venv" not in Path(config.path).parents}
    assert ours == set(PACKAGES) - PURE
    assert ours <= set(settings.INSTALLED_APPS)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_string_names_a_higher_floor(package):
    found = {
        str(path.relative_to(ROOT)): lines
        for path in modules(package)
        if (lines := upward(path.read_text(encoding="utf-8"), package))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        'apps.get_model("articles", "ArticlePage")',
        'apps.get_model("articles.articlepage")',
        'models.ForeignKey("articles.ArticlePage", on_delete=models.CASCADE)',
        'models.ForeignKey(to="articles.ArticlePage", on_delete=models.CASCADE)',
        'ParentalKey("articles.articlepage")',
        'import_string("mindlab.editorial.publishing.publish_reviewed")',
        'PATH = "mindlab.editorial.publishing"',
        'subpage_types = ["articles.ArticlePage"]',
        "settings.WAGTAIL_FINISH_WORKFLOW_ACTION",
        'getattr(settings, "WAGTAIL_FINISH_WORKFLOW_ACTION")',
    ],
)
def test_a_string_that_names_a_higher_floor_is_found(source):
    assert upward(source, "glossary") != []


@pytest.mark.parametrize(
    "source",
    [
        'models.ForeignKey("core.SiteImage", on_delete=models.PROTECT)',
        'models.ForeignKey("glossary.ConceptPage", on_delete=models.CASCADE)',
        'template = "articles/article_page.html"',
        'NAME = "articles.html"',
        '"""See mindlab.editorial.publishing."""',
        "settings.WAGTAILIMAGES_IMAGE_MODEL",
    ],
)
def test_other_strings_are_left_alone(source):
    assert upward(source, "glossary") == []


def test_neighbours_do_not_name_one_another():
    assert upward('get_model("newsletter.IssuePage")', "mindlab.importer") != []


def test_packages_have_an_empty_init():
    paths = [
        path for name in ("mindlab", "articles", "glossary") for path in (ROOT / name).rglob("__init__.py")
    ]
    assert len(paths) > len(PACKAGES)
    assert [str(path.relative_to(ROOT)) for path in paths if path.stat().st_size] == []


@pytest.mark.parametrize("package", sorted({"mindlab.importer.parsers", *PURE}))
def test_pure_packages_load_neither_django_nor_wagtail(package):
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules(package)]
    names = [name.removesuffix(".__init__") for name in names]
    code = f"""
import importlib, sys
for name in {names!r}:
    importlib.import_module(name)
print(sorted({{"django", "wagtail"}} & set(sys.modules)))
"""
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.stdout.strip() == "[]", result.stderr
