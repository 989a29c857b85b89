"""One recording of the family, from its bytes to what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from device.errors import BadInput
from models_quantized import catalog
from provisioning.voice_kit import dates, hear, opus, sound, voices
from provisioning.voice_kit.heard import Passage, Recording
from provisioning.voice_kit.pieces import pieces

SILENT = "nobody speaks in it"


class Piece(msgspec.Struct, frozen=True):
    """What was heard in one piece of a recording."""

    number: int
    passages: tuple[Passage, ...] = ()
    problem: str = ""


def piece(
    path: Path, told: str, number: int, last: bool, using: hear.Engines, languages: Sequence[str] = hear.LANGUAGES
) -> Piece:
    """Hears the piece `number` of a recording, from 0; if it is the `last` one, all that follow too."""
    found: list[Passage] = []
    try:
        for at, (begins, pcm) in enumerate(pieces(sound.blocks(path, told))):
            if at == number or (last and at > number):
                found += hear.passages(pcm, begins, using, languages)
            elif at > number:
                break
    except BadInput as error:
        return Piece(number, tuple(found), error.line())
    return Piece(number, tuple(found))


def joined(path: Path, told: str, heard: Sequence[Piece], seconds: float, date: tuple[str, float]) -> Recording:
    """The recording from its pieces; its voices are told apart and numbered, the one that speaks most first."""
    parts = sorted(heard, key=lambda part: part.number)
    passages = [passage for part in parts for passage in part.passages]
    problem = next((part.problem for part in parts if part.problem), "")
    if not problem and not any(passage.kind == "speech" for passage in passages):
        problem = SILENT
    # A laugh is unlike its own speaker's speech: it joins whoever speaks next to it.
    numbers = voices.group(
        [p.embedding if p.kind == "speech" else () for p in passages], [p.end - p.start for p in passages]
    )
    known = [(p, n) for p, n in zip(passages, numbers, strict=True) if n >= 0]
    told_apart = [
        msgspec.structs.replace(p, voice=n if n >= 0 else _nearest(p, known))
        for p, n in zip(passages, numbers, strict=True)
    ]
    return Recording(told, catalog.sha256_of(path), round(seconds, 3), tuple(told_apart), *date, problem)


def kept(path: Path, told: str, out: Path) -> float:
    """Writes the recording for replay -> its seconds; 0, and no file, where there is no sound in it."""
    try:
        return opus.write(out, sound.blocks(path, told, opus.RATE)) / opus.RATE
    except BadInput:
        out.unlink(missing_ok=True)
        return 0.0


def dated(path: Path, told: str, date: str, confidence: float) -> tuple[str, float]:
    """What is known of the date from elsewhere (the chat that the message is of), or else by itself."""
    return (date, confidence) if date else dates.date_of(path, told)


def _nearest(passage: Passage, known: Sequence[tuple[Passage, int]]) -> int:
    """Whose voice is heard next to a cough: the voice of the passage that is nearest in time."""
    if not known:
        return 0
    return min(known, key=lambda k: max(k[0].start - passage.end, passage.start - k[0].end))[1]
