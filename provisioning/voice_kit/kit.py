"""All recordings of a family -> the persona's voice/: originals, interjections, moods, and how its voices speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np

from device.persona import voice_file
from device.persona.voice_file import Interjection, Language, Manner, Original, Spoken, Style, VoiceFile
from device.ports import MIC_RATE, Pcm
from provisioning.voice_kit import moods, originals, person, prosody, sound, stock
from provisioning.voice_kit.encoder import Encoder
from provisioning.voice_kit.heard import Passage, Recording
from provisioning.voice_kit.moods import Delivery
from provisioning.voice_kit.prosody import Prosody
from provisioning.voice_kit.vectors import Vector, unit

LEAST_S = 8.0
"""s of the person's good speech from which a manner is measured."""
MOST_CLIPS = 40
"""Clips that are measured: more change no median."""
STYLE_CLIPS = 3
"""Clips of each mood."""


@dataclass
class Kit:
    """What is being made."""

    voice: Path
    """The folder"""
    known: person.Known
    originals: list[Original] = field(default_factory=list)
    interjections: list[Interjection] = field(default_factory=list)
    languages: dict[Language, Spoken] = field(default_factory=dict)
    manners: dict[Language, Manner] = field(default_factory=dict)
    """Of the stock voices, for hearing A and B, whether or not the persona speaks so"""
    notes: list[str] = field(default_factory=list)


def cut(recordings: Mapping[str, Path], voice: Path, marks: Sequence[person.Mark]) -> Kit:
    """Finds the person, and cuts their sentences and interjections out. `recordings`: folders with recording.json and
    sound.opus."""
    read = {folder: recording_in(folder) for _, folder in sorted(recordings.items())}
    known = person.known(list(read.values()), marks)
    kit = Kit(voice, known)
    if known.person < 0:
        kit.notes.append("nobody speaks in the recordings")
        return kit
    theirs = _moody(person.passages_of(known.voices[known.person], list(read.values())))
    for folder, recording in sorted(read.items(), key=lambda item: item[1].path):
        mine = [passage for of, passage in theirs if of is recording]
        path = folder / "sound.opus"
        if mine and path.is_file():
            kit.originals += originals.write_originals(recording, path, mine, voice)
            kit.interjections += originals.write_interjections(recording, path, mine, voice)
    if known.guessed:
        kit.notes.append("nobody has said whose voice it is: the one who speaks most was taken")
    return kit


def halves(made: Sequence[Original]) -> tuple[list[Original], list[Original]]:
    """Clips that voices are made from, and clips that judge them: of different recordings where there are several, for
    the same person on another day is the harder and truer test."""
    paths = sorted({clip.recording for clip in made})
    if len(paths) > 1:
        judging = set(paths[1::2])
        return [c for c in made if c.recording not in judging], [c for c in made if c.recording in judging]
    return list(made[::2]), list(made[1::2])


def bend(kit: Kit, languages: Sequence[Language], scoring: Encoder, judging: Encoder) -> None:
    """Tier 1: the stock voices bent towards how the person speaks, measured on the clips that do not judge. The persona
    speaks so only where the encoder that takes no part hears that it is more like the person."""
    kept, held = halves(kit.originals)
    if sum(clip.seconds for clip in kept) < LEAST_S:
        kit.notes.append(f"too little clear speech for a manner of speaking: less than {LEAST_S:.0f} s")
        kit.languages |= {language: Spoken(stock.ENGINES[language]) for language in languages}
        return
    whole = prosody.together([measured(kit.voice, clip) for clip in kept[:MOST_CLIPS]], _pauses(kept))
    for language in languages:
        spoken = [measured(kit.voice, c) for c in kept[:MOST_CLIPS] if c.language == language]
        rate = prosody.together(spoken).rate if spoken else 0.0
        of = Prosody(whole.pitch_hz, whole.range_st, rate, whole.pause_s, whole.envelope)
        manner = prosody.towards(of, stock.manner_of(language))
        person, again = (_mean(e, kit, half) for e, half in ((scoring, kept), (judging, held)))
        # How large somebody is, is hard to tell across languages and rooms: with it or without, by ear.
        choices = [manner, msgspec.structs.replace(manner, tract=1.0)]
        best = max(choices, key=lambda choice: _alike(scoring, language, choice, person))
        gained = _alike(judging, language, best, again) > _alike(judging, language, None, again)
        kit.manners[language] = best
        kit.languages[language] = Spoken(stock.ENGINES[language], int(gained), best if gained else None)  # type: ignore[arg-type]
        if not gained:
            kit.notes.append(f"{language}: the stock voice bent towards the person is not more like them")


def _mean(encoder: Encoder, kit: Kit, clips: Sequence[Original]) -> Vector:
    vectors = [encoder.embed(pcm_of(kit.voice, clip)) for clip in clips[:MOST_CLIPS]]
    return unit(np.mean(vectors, axis=0)) if vectors else np.zeros(256, np.float32)


def _alike(encoder: Encoder, language: Language, manner: Manner | None, person: Vector) -> float:
    """How like the person the stock voice is, bent or as it is."""
    said = [encoder.embed(stock.heard(pcm, rate)) for pcm, rate, _ in stock.said(language, manner=manner)]
    return float(unit(np.mean(said, axis=0)) @ person)


def styles(made: Sequence[Original]) -> dict[str, Style]:
    """For each mood the best clips of 3-5 s."""
    low, high = moods.STYLE_S
    found: dict[str, Style] = {}
    for mood in ("calm", "glad", "sad", "lively", "quiet"):
        fitting = [c for c in made if c.mood == mood and low <= c.seconds <= high]
        best = sorted(fitting, key=lambda c: (-c.mos, -c.noise_db, c.file))[:STYLE_CLIPS]
        if best:
            found[mood] = Style(tuple(c.file for c in best))
    return found


def write(kit: Kit) -> None:
    """The indices and voice.toml."""
    file = VoiceFile(1, kit.languages, styles(kit.originals))  # type: ignore[arg-type]
    for name, index in ((voice_file.ORIGINALS, kit.originals), (voice_file.INTERJECTIONS, kit.interjections)):
        path = kit.voice / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(index, order="deterministic"))
    (kit.voice / voice_file.FILE).write_text("\n".join(_toml(msgspec.to_builtins(file))) + "\n", encoding="utf-8")


def measured(voice: Path, clip: Original) -> Prosody:
    """How one clip is spoken."""
    words = clip.words
    gaps = [after[1] - before[2] for before, after in pairwise(words)]
    spoken = words[-1][2] - words[0][1] - sum(gap for gap in gaps if gap > 0.12) if words else clip.seconds
    return prosody.of_sound(pcm_of(voice, clip), MIC_RATE, clip.text, max(spoken, 0.3))


def pcm_of(voice: Path, clip: Original) -> Pcm:
    """A clip at MIC_RATE."""
    return np.concatenate(list(sound.blocks(voice / clip.file, clip.file)))


def recording_in(folder: Path) -> Recording:
    """What `hear` wrote."""
    return msgspec.json.decode((folder / "recording.json").read_bytes(), type=Recording)


def _moody(theirs: Sequence[tuple[Recording, Passage]]) -> list[tuple[Recording, Passage]]:
    """With the mood of each passage; the sound's level was noted when it was heard."""
    spoken = [n for n, (_, p) in enumerate(theirs) if p.kind == "speech" and p.delivery is not None]
    told = moods.moods([_delivery(theirs[n][1], _middle(theirs, theirs[n][0])) for n in spoken])
    moods_of = dict(zip(spoken, told, strict=True))
    return [
        (r, msgspec.structs.replace(p, mood=moods_of[n]) if n in moods_of else p) for n, (r, p) in enumerate(theirs)
    ]


def _delivery(passage: Passage, middle_db: float) -> Delivery:
    given = passage.delivery
    assert given is not None
    return Delivery(given[0], given[1], given[2] - middle_db, given[3])


def _middle(theirs: Sequence[tuple[Recording, Passage]], recording: Recording) -> float:
    levels = [p.delivery[2] for r, p in theirs if r is recording and p.delivery is not None]
    return float(np.median(levels)) if levels else 0.0


def _pauses(clips: Sequence[Original]) -> list[float]:
    return [
        after[1] - before[2] for clip in clips for before, after in pairwise(clip.words) if after[1] - before[2] >= 0.12
    ]


def _toml(table: Mapping[str, object], head: str = "") -> Iterator[str]:
    """A table of plain values as lines of TOML, deeper tables last."""
    plain = {key: value for key, value in table.items() if not isinstance(value, dict) and value is not None}
    if head and (plain or not table):
        yield f"[{head}]"
    for key, value in plain.items():
        yield f"{key} = {msgspec.json.encode(value).decode()}"
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _toml(value, f"{head}.{key}" if head else key)
