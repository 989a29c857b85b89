"""conversation.mp4: the frames that the face showed, drawn again from its log, with the room's sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from device.face import record, video
from device.face.likeness import best_portrait
from device.face.scenes.photographs import Photographs
from device.persona.unpacked import Persona


def make_film(persona: Persona, frames: Path, origin: float, room: Path, out: Path, say: Callable[[str], None]) -> None:
    """Writes the film of a conversation that began at `origin` s; both voices come from the middle."""
    log = record.load(frames)
    portrait = best_portrait(persona.folder, persona.file.person.name, log.size)
    stereo = video.read_wave(room)
    mono = video.Wave(stereo.pcm.sum(axis=0, keepdims=True).clip(-1, 1), stereo.rate)
    say(f"drawing the film ({mono.seconds:.0f} s of it)")
    photographs = Photographs(persona.folder, log.size, at_once=True)
    video.write(out, log, portrait, origin, mono, photographs=photographs)
