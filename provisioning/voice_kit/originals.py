"""The person's own sentences, cut out for replay and indexed with their words, date, mood and quality."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from device.persona.voice_file import Interjection, Original
from device.ports import Pcm
from provisioning.voice_kit import interjections, opus, sound
from provisioning.voice_kit.heard import Passage, Recording, Word

LEAST_NOISE_DB, MOST_CLIPPED, MOST_MUSIC = 12.0, 0.005, 0.5
"""What is worse is kept out: noise, cut tops, music."""
LEAST_SURE = 0.5
"""Mean of the words' probabilities: what was not understood cannot be found by what is said in it."""
LEAST_S, LONGEST_S = 0.6, 20.0
STOPS = ".?!。？！…"
STOP_S = 0.12
"""s of silence after a full stop at which a passage is parted into sentences."""
EDGE_S = 0.12
"""s kept around a sentence, as far as its neighbours allow."""
FADE_S = 0.01
TARGET_DBFS = -20.0
"""As the frame's voices are levelled (device/voice/loudness.py)."""
MOST_GAIN_DB = 15.0


def good(passage: Passage) -> bool:
    """Whether its sound is good enough to be played again, and to learn from."""
    quality = passage.sound
    return quality.noise_db >= LEAST_NOISE_DB and quality.clipped <= MOST_CLIPPED and quality.music <= MOST_MUSIC


def understood(words: Sequence[Word]) -> bool:
    """Whether the words are to be believed."""
    return bool(words) and sum(w.sure for w in words) / len(words) >= LEAST_SURE


def sentences(passage: Passage) -> list[tuple[float, float, tuple[Word, ...]]]:
    """A passage's sentences: start, end in s of the recording, and words."""
    parts: list[list[Word]] = [[]]
    for word, following in zip(passage.words, (*passage.words[1:], None), strict=True):
        parts[-1].append(word)
        if following and word.text[-1:] in STOPS and following.start - word.end >= STOP_S:
            parts.append([])
    made = []
    for number, part in enumerate(p for p in parts if p):
        before = parts[number - 1][-1].end if number else passage.start
        behind = parts[number + 1][0].start if number + 1 < len(parts) else passage.end
        start, end = max(before, part[0].start - EDGE_S), min(behind, part[-1].end + EDGE_S)
        start, end = (passage.start if not number else start), (passage.end if number + 1 == len(parts) else end)
        made.append((start, end, tuple(part)))
    return made


def text_of(words: Sequence[Word], language: str) -> str:
    """The words as a sentence."""
    return ("" if language == "zh" else " ").join(w.text for w in words).strip()


def worth(passages: Sequence[Passage]) -> Iterator[tuple[Passage, float, float, tuple[Word, ...]]]:
    """The sentences that can be replayed."""
    for passage in passages:
        if passage.kind == "speech" and good(passage) and understood(passage.words):
            for start, end, words in sentences(passage):
                if LEAST_S <= end - start <= LONGEST_S and understood(words):
                    yield passage, start, end, words


def gain_db(pcm: Pcm, rate: int) -> float:
    """dB that bring the loud windows (50 ms, within 25 dB of the loudest) of a clip to TARGET_DBFS."""
    size = max(1, rate // 20)
    power = np.square(np.pad(pcm, (0, -len(pcm) % size)).reshape(-1, size), dtype=np.float64).mean(axis=1)
    loud = power[power >= power.max(initial=0.0) * 10**-2.5]
    rms_db = 10 * np.log10(max(float(loud.mean()) if len(loud) else 0.0, 1e-9))
    return round(float(np.clip(TARGET_DBFS - rms_db, -MOST_GAIN_DB, MOST_GAIN_DB)), 2)


def clips(path: Path, told: str, spans: Sequence[tuple[float, float]]) -> Iterator[Pcm]:
    """Stretches (s) of a recording at opus.RATE, in the order given, which is that of their starts; the recording is
    read once, as a stream."""
    blocks: Iterable[Pcm] = sound.blocks(path, told, opus.RATE)
    held, begins = np.zeros(0, np.float32), 0
    source = iter(blocks)
    for start, end in spans:
        first, last = round(start * opus.RATE), round(end * opus.RATE)
        while begins + len(held) < last:
            block = next(source, None)
            if block is None:
                break
            # What lies before this clip is not needed any more.
            keep = max(0, min(len(held), first - begins))
            held, begins = np.concatenate([held[keep:], block]), begins + keep
        yield held[max(0, first - begins) : max(0, last - begins)]


def faded(pcm: Pcm) -> Pcm:
    """Without a click at either end."""
    made = pcm.copy()
    ramp = np.linspace(0.0, 1.0, min(round(FADE_S * opus.RATE), len(made) // 2), dtype=np.float32)
    made[: len(ramp)] *= ramp
    made[len(made) - len(ramp) :] *= ramp[::-1]
    return made


def write_originals(recording: Recording, path: Path, passages: Sequence[Passage], voice: Path) -> list[Original]:
    """Cuts the person's sentences out of one recording (its sound at `path`) into voice/originals/."""
    chosen = sorted(worth(passages), key=lambda w: (w[1], w[2]))
    made = []
    cut = clips(path, recording.path, [(start, end) for _, start, end, _ in chosen])
    for (passage, start, end, words), pcm in zip(chosen, cut, strict=True):
        file = f"originals/{_name(recording, start)}"
        opus.write(_ready(voice / file), [faded(pcm)])
        timed = tuple((w.text, round(max(0.0, w.start - start), 3), round(w.end - start, 3)) for w in words)
        made.append(
            Original(
                file,
                text_of(words, passage.language),
                passage.language,
                round(end - start, 3),
                timed,
                gain_db(pcm, opus.RATE),
                recording.path,
                start,
                recording.date,
                recording.date_confidence,
                passage.mood,
                passage.sound.noise_db,
                passage.sound.mos,
            )
        )
    return made


def write_interjections(
    recording: Recording, path: Path, passages: Sequence[Passage], voice: Path
) -> list[Interjection]:
    """Cuts the person's laughs, coughs, sighs and hums out of one recording into voice/interjections/."""
    margin = interjections.MARGIN_S
    chosen = [p for p in passages if p.kind != "speech" and good(p)]
    spans = [(max(0.0, p.start - margin), p.end + margin) for p in chosen]
    made = []
    for passage, pcm in zip(chosen, clips(path, recording.path, spans), strict=True):
        file = f"interjections/{passage.kind}-{_name(recording, passage.start)}"
        cut = interjections.clip(pcm, opus.RATE, 0.0, len(pcm) / opus.RATE)
        opus.write(_ready(voice / file), [cut])
        seconds = round(len(cut) / opus.RATE, 3)
        gain = gain_db(pcm, opus.RATE)
        made.append(Interjection(file, passage.kind, seconds, gain, recording.path, passage.start))  # type: ignore[arg-type]
    return made


def _name(recording: Recording, start: float) -> str:
    return f"{recording.sha256[:12]}-{round(start * 1000):08d}.opus"


def _ready(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
