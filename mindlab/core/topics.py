"""Topics by their names: one topic for all spellings of a name, whoever gives it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from modelcluster.contrib.taggit import ClusterTaggableManager, _ClusterTaggableManager
from taggit.models import NaturalKeyManager

from mindlab.core.names import name_key
from mindlab.core.printable import printable


class TopicQuerySet(QuerySet[Any]):
    """Topics, found by name whatever its spelling."""

    def called(self, name: str) -> Any:
        """Return the topic of that name, the first of several that older sites made, or None.

        Rows that were loaded raw may have no key, and are found by their very name.
        """
        return self.filter(Q(key=name_key(name)) | Q(name=name)).order_by("pk").first()

    def named(self, name: str) -> Any:
        """Return the topic of that name, made where there is none."""
        name = printable(name)[:100].strip()
        return self.called(name) or self.get_or_create(key=name_key(name), defaults={"name": name})[0]


TopicManager = NaturalKeyManager.from_queryset(TopicQuerySet)


class TopicsOfPage(_ClusterTaggableManager):
    """The topics of one page: which names are alike is not left to the database, as taggit leaves it."""

    def _to_tag_model_instances(self, tags: Iterable[Any], tag_kwargs: Any = None) -> list[Any]:
        topics = self.through.tag_model()._default_manager
        found = (topics.named(tag) if isinstance(tag, str) else tag for tag in tags)
        return list(dict.fromkeys(found))


class TopicsField(ClusterTaggableManager):
    """The field of a page's topics; in migrations it is the field it is made from."""

    def __get__(self, instance: Any, model: Any) -> TopicsOfPage:
        return TopicsOfPage(
            through=self.through, model=model, instance=instance, prefetch_cache_name=self.name
        )

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "modelcluster.contrib.taggit.ClusterTaggableManager", args, kwargs
