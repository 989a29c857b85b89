"""What the frame is given to hear in the measurement of wake phrases: calls in many conditions, and hours without any.

Seeded: the same seed gives the same sounds. Levels as `scene.py` has them: speech from 1 m away is AT_1M.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import soxr

from device.bench import noises, speaking_styles
from device.bench.room import SOUND_MPS, Room, convolve
from device.bench.scene import AT_1M, Placed, Scene, in_a_row
from device.ports import MIC_RATE, Pcm
from device.voice.loudness import speech_rms

LEAD_S, TAIL_S = 1.5, 2.5
"""s of the room before and after a call."""
PIECE_S = 60.0
"""s of a piece without a call."""

ROOMS = (
    Room((4.5, 3.6, 2.6), 0.3),
    Room((4.5, 3.6, 2.6), 0.5),
    Room((6.0, 4.5, 2.7), 0.6),
    Room((3.5, 3.0, 2.5), 0.4),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something that a voice says."""

    text: str
    language: str
    voice: str
    pcm: Pcm
    """At MIC_RATE."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Under which somebody calls."""

    person_m: float = 1.0
    noise: str = "quiet"
    noise_dbfs: float = -62.0
    style: str = "spoken"
    """One of speaking_styles.STYLES."""
    sentence: str = "alone"
    """alone, before (the phrase is followed by a question), after (it ends a sentence)"""
    own_voice: bool = False


CONDITIONS: dict[str, Condition] = {
    "near (0.5 m)": Condition(0.5),
    "across the room (3 m)": Condition(3.0),
    "kitchen": Condition(noise="kitchen", noise_dbfs=-46.0),
    "television": Condition(noise="television", noise_dbfs=-46.0),
    "music": Condition(noise="music", noise_dbfs=-44.0),
    "while it speaks": Condition(0.8, own_voice=True),
    "whispered": Condition(0.4, noise_dbfs=-66.0, style="whispered"),
    "shouted": Condition(3.0, style="shouted"),
    "then a question": Condition(sentence="before"),
    "at the end": Condition(sentence="after"),
}
"""The noise's level against speech from 1 m away: kitchen and television 20 dB below it, music 18 dB."""


@dataclass(frozen=True, slots=True)
class Call:
    """A recording in which the frame is called once."""

    condition: str
    language: str
    voice: str
    pcm: Pcm
    """What the microphone gets; of `scene`, without the frame's own voice, where there is some."""
    begin: float
    end: float
    """s where the phrase begins and ends at the microphone."""
    scene: Scene | None = None
    playback: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Some sound in which nobody calls."""

    kind: str
    pcm: Pcm
    scene: Scene | None = None
    playback: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """What pieces are made of."""

    talk: Mapping[str, Sequence[Sentence]]
    """By language."""
    own: Sequence[Pcm]
    """Clauses of the frame's own voices, at MIC_RATE."""
    named: Sequence[Sentence] = field(default=())
    """Sentences in which the persona's name occurs."""
    nearly: Sequence[Sentence] = field(default=())
    """Sentences that sound like a call and are none."""


def call(
    name: str, said: Sequence[tuple[str, Pcm]], language: str, voice: str, random: np.random.Generator, pool: Pool
) -> Call:
    """`said`: what is said one after the other, of which the one called "phrase" is the call."""
    condition = CONDITIONS[name]
    parts, begins, end, at = [], 0, 0, 0
    for kind, pcm in said:
        sound = speaking_styles.STYLES[condition.style](_trimmed(pcm), random)
        parts += [sound, np.zeros(round(float(random.uniform(0.06, 0.2)) * MIC_RATE), np.float32)]
        begins = at if kind == "phrase" else begins
        at += len(sound)
        end = at if kind == "phrase" else end
        at += len(parts[-1])
    speech = np.concatenate(parts[:-1])
    speech *= AT_1M * speaking_styles.LOUDNESS[condition.style] / max(speech_rms(speech, MIC_RATE), 1e-6)
    scene = _scene(random, condition.person_m)
    if condition.own_voice:
        return _into_own_voice(name, speech, (begins, end), scene, language, voice, random, pool)
    track = np.zeros(round((LEAD_S + TAIL_S) * MIC_RATE) + len(speech), np.float32)
    begin = round(LEAD_S * MIC_RATE)
    track[begin : begin + len(speech)] = speech
    sound = convolve(track, _response(scene, True)) + _noise(condition, len(track), random, pool)
    first, last = ((begin + at) / MIC_RATE + condition.person_m / SOUND_MPS for at in (begins, end))
    return Call(name, language, voice, np.clip(sound, -1, 1).astype(np.float32), first, last)


def _into_own_voice(
    name: str,
    speech: Pcm,
    phrase: tuple[int, int],
    scene: Scene,
    language: str,
    voice: str,
    random: np.random.Generator,
    pool: Pool,
) -> Call:
    # Its second answer in this room: in the first it still learns how the room sounds.
    playback, seconds = _own_voice(random, pool, clauses=6)
    begin = round((playback[3][0] + float(random.uniform(1.5, 3.0))) * MIC_RATE)
    track = np.zeros(max(round((seconds + TAIL_S) * MIC_RATE), begin + len(speech) + MIC_RATE * 3), np.float32)
    track[begin : begin + len(speech)] = speech
    others = convolve(track, _response(scene, True)) + _noise(CONDITIONS[name], len(track), random, pool)
    first, last = ((begin + at) / MIC_RATE for at in phrase)
    return Call(name, language, voice, others.astype(np.float32), first, last, scene, tuple(playback))


def piece(kind: str, random: np.random.Generator, pool: Pool, seconds: float = PIECE_S) -> Piece:
    """A piece without a call, of one of KINDS."""
    return KINDS[kind](kind, random, pool, seconds)


def _talk(kind: str, random: np.random.Generator, pool: Pool, seconds: float) -> Piece:
    """People talk in the room, one after the other, at changing speeds, places and levels."""
    sentences = {NAMED: pool.named, NEARLY: pool.nearly}.get(kind) or pool.talk[kind.split()[-1]]
    track = np.zeros(round(seconds * MIC_RATE), np.float32)
    t = float(random.uniform(0.2, 1.0))
    scene = _scene(random, float(random.uniform(0.5, 3.5)))
    while t < seconds - 1.0:
        pcm = _other_speed(_trimmed(sentences[int(random.integers(len(sentences)))].pcm), random)
        pcm = pcm * np.float32(AT_1M * 10 ** (random.uniform(-6, 6) / 20) / max(speech_rms(pcm, MIC_RATE), 1e-6))
        first = round(t * MIC_RATE)
        length = min(len(pcm), len(track) - first)
        track[first : first + length] += pcm[:length]
        # Mostly a sentence follows the other as people talk; at times there is nothing for a while.
        t += len(pcm) / MIC_RATE + float(random.choice([random.uniform(0.1, 0.6), random.uniform(0.6, 2.5)]))
    noise = str(random.choice(["quiet", "quiet", "kitchen", "hum", "rain"]))
    level = float(random.uniform(-64, -50))
    sound = convolve(track, _response(scene, True)) + _noise(
        Condition(noise=noise, noise_dbfs=level), len(track), random
    )
    return Piece(kind, np.clip(sound, -1, 1).astype(np.float32))


def _television(kind: str, random: np.random.Generator, pool: Pool, seconds: float) -> Piece:
    level = float(random.uniform(-40, -26))
    sound = _noise(Condition(noise="television", noise_dbfs=level), round(seconds * MIC_RATE), random, pool)
    return Piece(kind, np.clip(convolve(sound, _response(_scene(random, 2.5), True)), -1, 1))


def _steady(kind: str, random: np.random.Generator, pool: Pool, seconds: float) -> Piece:
    """Music, or the noises of a home; now and then loud."""
    names = ["music"] if kind == "music" else ["quiet"] if kind == "quiet room" else ["kitchen", "hum", "rain"]
    level = float(random.uniform(-66, -58) if kind == "quiet room" else random.uniform(-45, -25))
    noise = Condition(noise=str(random.choice(names)), noise_dbfs=level)
    return Piece(kind, np.clip(_noise(noise, round(seconds * MIC_RATE), random), -1, 1))


def _own(kind: str, random: np.random.Generator, pool: Pool, seconds: float) -> Piece:
    """The frame speaks, and nobody else; its loudspeaker is in the room."""
    scene = _scene(random, 1.0)
    playback, _ = _own_voice(random, pool, round(seconds / 3.0))
    playback = [(t, pcm) for t, pcm in playback if t + len(pcm) / MIC_RATE < seconds - 1.0]
    condition = Condition(noise=str(random.choice(["quiet", "kitchen"])), noise_dbfs=float(random.uniform(-66, -55)))
    return Piece(kind, _noise(condition, round(seconds * MIC_RATE), random), scene, tuple(playback))


NAMED = "talk about it by name"
"""Counted apart: the name is really said, though nobody means the frame."""

NEARLY = "almost its name"
"""Counted apart: nobody says for an hour what sounds like a call (Hello grandma; 外婆你好)."""
APART = frozenset({NAMED, NEARLY})

KINDS: dict[str, Callable[[str, np.random.Generator, Pool, float], Piece]] = {
    "talk en": _talk,
    "talk zh": _talk,
    "television": _television,
    "music": _steady,
    "noise": _steady,
    "quiet room": _steady,
    "own voice": _own,
    NAMED: _talk,
    NEARLY: _talk,
}

SHARES = {"talk": 0.5, "television": 0.15, "music": 0.1, "noise": 0.07, "quiet room": 0.03, "own voice": 0.15}
"""Of the time without a call; talk is shared by the languages."""


def kinds(hours: float, languages: Sequence[str], own_voice: bool) -> Iterator[str]:
    """Of the pieces that together are `hours` long, in turn, each kind its share."""
    shares = {k: s for k, s in SHARES.items() if k != "talk" and (k != "own voice" or own_voice)}
    shares |= {f"talk {code}": SHARES["talk"] / len(languages) for code in languages}
    done = dict.fromkeys(shares, 0.0)
    for _ in range(round(hours * 3600 / PIECE_S)):
        kind = min(shares, key=lambda k: (done[k] + 1) / shares[k])
        done[kind] += 1
        yield kind


def _own_voice(random: np.random.Generator, pool: Pool, clauses: int) -> tuple[list[Placed], float]:
    chosen = [pool.own[int(i)] for i in random.integers(len(pool.own), size=clauses)]
    playback = in_a_row(chosen)
    return playback, playback[-1][0] + len(chosen[-1]) / MIC_RATE


def _scene(random: np.random.Generator, person_m: float) -> Scene:
    room = ROOMS[int(random.integers(len(ROOMS)))]
    # Few places, so that their impulse responses can be kept.
    near = float(np.round(person_m * 4) / 4)
    latency = float(random.choice([0.05, 0.12, 0.25]))
    return Scene(room, float(random.choice([0.5, 1.0])), max(0.25, near), latency, float(random.choice([0.0, 2.0])))


@lru_cache(maxsize=128)
def _response_of(room: Room, loudspeaker_m: float, person_m: float, person: bool) -> Pcm:
    # Nearer to the walls than 3 m the smallest rooms have no place.
    return Scene(room, loudspeaker_m, min(person_m, 0.75 * room.size[1])).response(person)


def _response(scene: Scene, person: bool) -> Pcm:
    return _response_of(scene.room, scene.loudspeaker_m, scene.person_m, person)


def _noise(condition: Condition, samples: int, random: np.random.Generator, pool: Pool | None = None) -> Pcm:
    seconds, seed = samples / MIC_RATE + 0.01, int(random.integers(1 << 31))
    some = [s.pcm for talk in pool.talk.values() for s in talk] if pool is not None else []
    if condition.noise == "television" and some:
        speech = [_other_speed(some[int(i)], random) for i in random.integers(len(some), size=24)]
        made = noises.television(seconds, seed, speech)
    else:
        made = noises.NOISES[condition.noise](seconds, seed)
    return np.asarray(made[:samples] * np.float32(10 ** (condition.noise_dbfs / 20)), np.float32)


def _other_speed(pcm: Pcm, random: np.random.Generator) -> Pcm:
    """Played up to 10 % slower or faster: another speaker at another pace."""
    return np.asarray(soxr.resample(pcm, MIC_RATE, MIC_RATE * float(random.uniform(0.9, 1.1))), np.float32)


def _trimmed(pcm: Pcm) -> Pcm:
    """Without the silence at its ends."""
    loud = np.flatnonzero(np.abs(pcm) > 0.02 * float(np.abs(pcm).max(initial=1e-6)))
    return pcm[max(0, loud[0] - 320) : loud[-1] + 480] if len(loud) else pcm
