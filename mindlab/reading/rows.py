"""Several lists of rows in one SQL statement, each as a JSON array.

A page shows many short lists (names, topics, bylines, claims, sources). Asked for one by one they
take a statement each; as sub-selects of one statement they take one.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import Count, F, Field, JSONField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


class Rows(Subquery):
    """The rows of a queryset as a JSON array of arrays; ``build`` makes model instances of them.

    ``fields`` names the columns to bring, by default all. ``joined`` maps a foreign key to the
    columns of the row it points at, so that following it later takes no query.
    """

    output_field = JSONField()

    def __init__(
        self,
        queryset: QuerySet[Any],
        fields: Iterable[str] = (),
        joined: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self.model = queryset.model
        self.own = _columns(self.model, fields)
        self.joined = {
            name: _columns(_target(self.model, name), columns) for name, columns in (joined or {}).items()
        }
        paths = [field.attname for field in self.own]
        paths += [f"{name}__{field.attname}" for name, columns in self.joined.items() for field in columns]
        self.width = len(paths)
        super().__init__(queryset.values(**{f"c{i}": F(path) for i, path in enumerate(paths)}))

    def as_sql(self, compiler: Any, connection: Any, template: Any = None, **extra: Any) -> Any:
        columns = ", ".join(f"listed.c{i}" for i in range(self.width))
        if connection.vendor == "postgresql":
            array = f"COALESCE(jsonb_agg(jsonb_build_array({columns})), '[]')"
        else:
            array = f"json_group_array(json_array({columns}))"
        # No value of a user is part of the statement's text: the columns are numbered aliases.
        template = f"(SELECT {array} FROM (%(subquery)s) AS listed)"  # noqa: S608
        return super().as_sql(compiler, connection, template, **extra)

    def build(self, rows: Iterable[list[Any]] | None) -> list[Any]:
        """Return an instance for each row; columns that were not brought are deferred."""
        # A list that can hold nothing (an empty "in") is null in the database.
        return [self._instance(row) for row in rows or ()]

    def _instance(self, row: list[Any]) -> Any:
        instance = _from_columns(self.model, self.own, row)
        start = len(self.own)
        for name, columns in self.joined.items():
            part = row[start : start + len(columns)]
            start += len(columns)
            missing = part[0] is None
            setattr(
                instance, name, None if missing else _from_columns(_target(self.model, name), columns, part)
            )
        return instance


def gather(lists: Mapping[str, Any]) -> dict[str, Any]:
    """Evaluate all expressions in one statement; a ``Rows`` gives instances, another its value."""
    # Some row has to be there to select them beside: content types always are, and are few.
    found = ContentType.objects.order_by("pk").values_list(*lists.values())[:1].get()
    return {
        name: expression.build(value) if isinstance(expression, Rows) else value
        for (name, expression), value in zip(lists.items(), found, strict=True)
    }


def number_of(queryset: QuerySet[Any]) -> Coalesce:
    """Return the number of a queryset's rows as an expression."""
    counted = queryset.order_by().annotate(all_alike=Value(1)).values("all_alike")
    return Coalesce(Subquery(counted.annotate(number=Count("pk", distinct=True)).values("number")), 0)


def remember(page: Any, relations: Mapping[str, list[Any]]) -> None:
    """Make a page answer for its child relations from memory, as it does in a preview.

    For reading only: a page that is saved afterwards would write these rows back.
    """
    for name, rows in relations.items():
        page.__dict__.setdefault("_cluster_related_objects", {})[name] = rows


def _target(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name).related_model


def _columns(model: type[models.Model], names: Iterable[str]) -> list[Field[Any, Any]]:
    wanted = set(names)
    # The key comes first: a row that is not there is known by it.
    keys = [field for field in model._meta.concrete_fields if field.primary_key or field.name == "id"]
    rest = [
        field
        for field in model._meta.concrete_fields
        if field not in keys and (not wanted or field.name in wanted)
    ]
    return [*keys, *rest]


def _from_columns(model: type[models.Model], columns: list[Field[Any, Any]], row: list[Any]) -> Any:
    values = {field.attname: _python_value(field, value) for field, value in zip(columns, row, strict=False)}
    names = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    return model.from_db("default", names, [values[name] for name in names])


def _python_value(field: Field[Any, Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(field, JSONField):
        # SQLite keeps JSON as text; PostgreSQL gives a string that is one.
        is_text = connection.vendor == "sqlite" and isinstance(value, str)
        return json.loads(value) if is_text else value
    if isinstance(value, float):
        return Decimal(str(value)) if isinstance(field, models.DecimalField) else value
    if isinstance(field, models.DateTimeField):
        moment = datetime.datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    if field.is_relation:
        return value
    return field.to_python(value)
