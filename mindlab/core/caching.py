"""A cache that helps and that no page needs: while its server is away, nothing is found in it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

SECONDS_TO_ANSWER = 0.5
"""What a page waits for the server, once."""
SECONDS_OF_REST = 5.0
"""How long it is not asked again after it failed, so that one page does not wait for it ten times."""


class HelpfulClient(RedisCacheClient):
    """Answers as an empty cache does while the server is away, full, or still reading its data."""

    def __init__(self, *args: Any, **options: Any) -> None:
        waits = {"socket_connect_timeout": SECONDS_TO_ANSWER, "socket_timeout": SECONDS_TO_ANSWER}
        super().__init__(*args, **{**waits, "retry": Retry(NoBackoff(), 0), **options})
        self._rests_until = 0.0

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return self._asked(lambda: super(HelpfulClient, self).add(key, value, timeout), False)

    def get(self, key: Any, default: Any) -> Any:
        return self._asked(lambda: super(HelpfulClient, self).get(key, default), default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._asked(lambda: super(HelpfulClient, self).set(key, value, timeout), None)

    def touch(self, key: Any, timeout: Any) -> bool:
        return self._asked(lambda: super(HelpfulClient, self).touch(key, timeout), False)

    def get_many(self, keys: Any) -> dict[Any, Any]:
        return self._asked(lambda: super(HelpfulClient, self).get_many(keys), {})

    def has_key(self, key: Any) -> bool:
        return self._asked(lambda: super(HelpfulClient, self).has_key(key), False)

    def incr(self, key: Any, delta: int) -> int:
        found = self._asked(lambda: super(HelpfulClient, self).incr(key, delta), None)
        if found is None:
            raise ValueError(f"Key '{key}' not found.")
        return found

    def set_many(self, data: Any, timeout: Any) -> None:
        self._asked(lambda: super(HelpfulClient, self).set_many(data, timeout), None)

    # What is to be forgotten is tried at once, whatever happened before: it must not be found later.

    def delete(self, key: Any) -> bool:
        return self._asked(lambda: super(HelpfulClient, self).delete(key), False, rests=False)

    def delete_many(self, keys: Any) -> None:
        self._asked(lambda: super(HelpfulClient, self).delete_many(keys), None, rests=False)

    def clear(self) -> bool:
        return self._asked(super().clear, False, rests=False)

    def _asked(self, ask: Callable[[], Answer], otherwise: Answer, *, rests: bool = True) -> Answer:
        if rests and time.monotonic() < self._rests_until:
            return otherwise
        try:
            return ask()
        except (RedisError, OSError) as error:
            self._rests_until = time.monotonic() + SECONDS_OF_REST
            log.warning("The cache does not answer, and pages are made without it: %s", error)
            return otherwise


class HelpfulCache(RedisCache):
    """Django's cache in Redis, whose failures cost time and no page."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = HelpfulClient
