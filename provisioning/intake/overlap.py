"""The same talk exported twice, perhaps by two programs: each message counts once, as often as one export has it.

Two messages are the same when their text is and their times are within a minute: some exports have no seconds. Only
whole exports can repeat one another, so what one of them says twice within a minute stays twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from provisioning.importers.item import Item

SHORTEST = 2
"""Characters; shorter texts, at the minute, are the same by chance."""
MINUTE = len("2019-02-04T21:03")
DAY = len("2019-02-04")

Key = bytes


class Overlap:
    """Takes files one after the other, and lets through what was in none before."""

    def __init__(self) -> None:
        self._seen: dict[Key, int] = {}

    def fresh(self, items: Iterable[Item]) -> Iterator[tuple[Item, bool]]:
        """Each item of a file, and whether it is new."""
        here: dict[Key, int] = {}
        for item in items:
            key = _key(item)
            if key is None:
                yield item, True
                continue
            here[key] = here.get(key, 0) + 1
            yield item, here[key] > self._seen.get(key, 0)
        for key, times in here.items():
            self._seen[key] = max(times, self._seen.get(key, 0))


def _key(item: Item) -> Key | None:
    """None for what has no time or hardly any text. Mails and letters are told by their whole text and day."""
    start = item.when.start
    exact = item.kind == "message"
    if len(item.text) < SHORTEST or len(start) < (MINUTE if exact else DAY):
        return None
    told = f"{item.kind}\0{start[: MINUTE if exact else DAY]}\0{' '.join(item.text.split())}"
    return hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=12).digest()


def in_order(paths: Sequence[tuple[str, int]]) -> list[str]:
    """Files with their numbers of items -> those with most items first: a partial export repeats a whole one."""
    return [path for path, _ in sorted(paths, key=lambda pair: (-pair[1], pair[0]))]
