"""Memories as rows of memory.sqlite. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from device.mind.memory_file import MemoryRow, Origin
from provisioning.memories.find_recordings import MONTHS
from provisioning.memories.kinship import kin_word
from provisioning.memories.memory import Memory, Relative

_KIND = {
    "letter": ("A letter", "信"),
    "mail": ("A mail", "邮件"),
    "message": ("A message", "消息"),
    "recording": ("A recording", "录音"),
    "photo": ("A photograph", "照片"),
}


def rows(
    memories: Iterable[Memory],
    relatives: Sequence[Relative] = (),
    grants: Collection[str] | None = None,
    original: Callable[[str], str] = str,
) -> Iterator[MemoryRow]:
    """A row for each memory that may be used. `grants`: what was agreed to, None all; `original`: a recording's path
    in the shoebox -> its path within the persona, "" where it does not travel."""
    kinship = {name: r.kinship for r in relatives for name in (r.name, *r.words)}
    for memory in memories:
        if grants is not None and memory.grant and memory.grant not in grants:
            continue
        recording = original(memory.recording) if memory.recording else ""
        source = memory.source
        yield MemoryRow(
            id=memory.id,
            language=memory.language,
            text=memory.text,
            gist=gist(memory, kinship),
            question=memory.question,
            origin=Origin(source.path, source.line, source.speaker, memory.confidence, memory.grant, source.told),
            time_text=memory.when_text,
            time_start=memory.when,
            people=memory.people,
            place=memory.place,
            photo=memory.photo,
            sensitivity=memory.sensitivity,
            recording=recording,
            start=source.start if recording else 0.0,
            end=source.end if recording else 0.0,
        )


def gist(memory: Memory, kinship: dict[str, str]) -> str:
    """What kind of thing it is, when it was told, and how those it names are related: a question about "your
    daughter" finds her by it. Nothing for a story."""
    if memory.kind not in _KIND:
        return ""
    chinese = memory.language == "zh"
    told = _told(memory.source.told, chinese)
    named = [f"{p} ({kin_word(kinship[p], memory.language)})" for p in memory.people if kinship.get(p)]
    title = [memory.source.title] if memory.source.title else []
    parts = [_KIND[memory.kind][chinese] + (f" of {told}" if told and not chinese else told), *title, *named]
    return ("，" if chinese else ", ").join(parts)


def _told(told: str, chinese: bool) -> str:
    year, _, month = told[:7].partition("-")
    if chinese:
        return year and f"，{year}年" + (f"{int(month)}月" if month else "")
    return f"{MONTHS[int(month) - 1]} {year}" if month else year
