"""Which recordings, photographs and films messages carried: their exact time, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import msgspec

from provisioning.importers.item import Item


class Carried(msgspec.Struct, frozen=True):
    """What a message says of a file that came with it."""

    told: str
    """The file's name within the shoebox"""
    speaker: str
    name: str
    start: str
    """As `When.start`"""
    confidence: float
    path: str
    """Where the message stands"""
    line: int
    chat: str


def carried(items: Iterable[Item], files: Iterable[str]) -> dict[str, Carried]:
    """File -> the first message that carried it. Exports name attachments by paths of a phone: what counts is the
    file's name, and, where several files are called so, how much of the path before it agrees. What stays in doubt is
    left alone."""
    by_name: dict[str, list[str]] = {}
    for told in files:
        by_name.setdefault(_name(told), []).append(told)
    found: dict[str, Carried] = {}
    for item in items:
        if not item.attachment:
            continue
        told = _match(item, by_name)
        if told and told not in found:
            when, where = item.when, item.where
            found[told] = Carried(
                told, item.speaker, item.name, when.start, when.confidence, where.path, where.line, item.chat
            )
    return dict(sorted(found.items()))


def _match(item: Item, by_name: Mapping[str, list[str]]) -> str:
    candidates = by_name.get(_name(item.attachment), [])
    if len(candidates) < 2:
        return candidates[0] if candidates else ""
    within = f"{item.where.path}!/{item.where.line}/"
    inside = [told for told in candidates if told.startswith(within)]
    if inside:
        return inside[0]
    wanted = _parts(item.attachment)
    beside = _parts(item.where.path)[1:]
    scores = {told: (_agreeing(wanted, _parts(told)), _shared(beside, _parts(told)[1:])) for told in candidates}
    best = max(scores.values())
    winners = [told for told, score in scores.items() if score == best]
    return winners[0] if len(winners) == 1 else ""


def _name(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/").split("!/")[-1]).name.lower()


def _parts(path: str) -> list[str]:
    """From the file upward."""
    return [part for part in reversed(path.lower().replace("\\", "/").replace("!/", "/").split("/")) if part]


def _agreeing(one: list[str], other: list[str]) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _shared(one: list[str], other: list[str]) -> int:
    return len(set(one) & set(other))
