"""Both databases find words by their stems and leave none out, and PostgreSQL has the index it searches by."""

from typing import Any

from django.db import migrations

COPY = (
    "INSERT INTO wagtailsearch_indexentry_fts(rowid, title, body, autocomplete)"
    " SELECT id, title, body, autocomplete FROM wagtailsearch_indexentry"
)
MAKE = "CREATE VIRTUAL TABLE wagtailsearch_indexentry_fts USING fts5(autocomplete, body, title%s)"
WITH_STEMS = ", tokenize='porter unicode61 remove_diacritics 2'"
STATEMENTS = {
    "sqlite": (
        ("DROP TABLE wagtailsearch_indexentry_fts", MAKE % WITH_STEMS, COPY),
        ("DROP TABLE wagtailsearch_indexentry_fts", MAKE % "", COPY),
    ),
    "postgresql": (
        (
            "CREATE TEXT SEARCH DICTIONARY mindlab_stem (TEMPLATE = snowball, LANGUAGE = english)",
            "CREATE TEXT SEARCH CONFIGURATION mindlab (COPY = pg_catalog.english)",
            "ALTER TEXT SEARCH CONFIGURATION mindlab ALTER MAPPING REPLACE english_stem WITH mindlab_stem",
            "CREATE INDEX mindlab_search_words ON wagtailsearch_indexentry USING gin ((title || body))",
        ),
        (
            "DROP INDEX mindlab_search_words",
            "DROP TEXT SEARCH CONFIGURATION mindlab",
            "DROP TEXT SEARCH DICTIONARY mindlab_stem",
        ),
    ),
}
"""For each database, the statements forwards and backwards."""


def forwards(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, 0)


def backwards(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, 1)


def _run(schema_editor: Any, way: int) -> None:
    for statement in STATEMENTS.get(schema_editor.connection.vendor, ((), ()))[way]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("wagtailsearch", "0010_add_text_fields")]

    operations = [migrations.RunPython(forwards, backwards)]
