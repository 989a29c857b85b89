"""``python -m device.bench.own_voice``: how well the frame hears through its own voice, as JSON on the standard output.

Own voice: the frame's two synthesizers. The person: the same as somebody smaller.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from device import registry
from device.bench.echo import erle_db, hear, near_end_loss_db
from device.bench.interruption import Outcome, interrupted
from device.bench.room import Room
from device.bench.scene import Placed, Scene, in_a_row, record
from device.conversation.barge_in import BargeIn
from device.conversation.endpointing import Endpointer
from device.ports import MIC_RATE, Pcm, Synthesizer
from device.voice.questions import question_voice
from device.voice.resample import resample

OWN = {
    "en": (
        "I remember the old house by the river, where your grandmother planted persimmon trees.",
        "We used to walk to the market every Sunday morning.",
        "She laughed when the kite got stuck in the tree, and I climbed up to get it.",
        "The factory was loud, but the people there were like family.",
        "Braised pork, of course; steamed has no taste.",
        "Come closer, tell me what you did at school today.",
    ),
    "zh": (
        "我记得河边的老房子，你外婆在那里种了柿子树。",
        "我们每个星期天早上都去市场买菜。",
        "风筝挂在树上的时候，她笑得直不起腰。",
        "工厂里很吵，但是大家就像一家人。",
        "当然是红烧的，清蒸的没有味道。",
        "过来一点，告诉我你今天在学校做了什么。",
    ),
}
PERSON = {
    "en": ("Grandpa, wait a moment.", "No, that is not what I meant.", "What did you say about the river?"),
    "zh": ("外公，等一下。", "不是，我不是这个意思。", "你刚才说河边什么？"),
}
SCENES = (
    Scene(Room(rt60_s=0.3), 0.5, latency_s=0.05),
    Scene(Room(rt60_s=0.6), 0.5, latency_s=0.2, drive=2.0, noise="kitchen", noise_dbfs=-50.0, seed=1),
    Scene(Room(rt60_s=0.4), 1.0, latency_s=0.3, noise="television", noise_dbfs=-50.0, seed=2),
    Scene(Room(rt60_s=0.6), 1.0, latency_s=0.6, drive=2.0, seed=3),
    Scene(Room(rt60_s=0.8), 0.5, latency_s=0.1, drive=2.0, noise="rain", noise_dbfs=-50.0, seed=4),
    Scene(Room(rt60_s=0.4), 0.5, latency_s=0.1, drive=4.0, noise="music", noise_dbfs=-50.0, seed=5),
)
"""Rooms from dry to bare, latencies of a cable to Bluetooth, clean and overdriven loudspeakers, noises 24 dB below a
person at 1 m."""


def spoken(engine: Synthesizer, texts: Sequence[str]) -> list[Pcm]:
    """The texts as sounds at MIC_RATE."""
    return [resample(speech.pcm, speech.rate, MIC_RATE) for speech in map(engine.synthesize, texts)]


def own_voices() -> list[Pcm]:
    """Clauses in turn English and Chinese."""
    english = spoken(registry.make("synthesizer", "piper"), OWN["en"])
    chinese = spoken(registry.make("synthesizer", "fastspeech"), OWN["zh"])
    return [clause for pair in zip(english, chinese, strict=True) for clause in pair]


def persons() -> list[Pcm]:
    """Short sentences of other people than the frame."""
    return [question_voice(code, 2)(text) for code, texts in PERSON.items() for text in texts]


def every_so_often(sounds: Sequence[Pcm], seconds: float, seed: int) -> Iterator[Placed]:
    """The sounds in turn, 7 to 9 s apart, from 8 s on."""
    random = np.random.default_rng(seed)
    t, number = 8.0, seed
    while t < seconds - 5.0:
        yield t, sounds[number % len(sounds)]
        t, number = t + float(random.uniform(7.0, 9.0)), number + 5


def alone(scene: Scene, playback: Sequence[Placed], seconds: float) -> dict[str, Any]:
    """Own voice without anybody: ERLE, and how often the endpointer takes it for the start of a turn."""
    recording = record(scene, playback, [], seconds)
    detector = registry.make("speech_detector", "silero")
    trace = hear(recording.microphone, playback, detector)
    endpointer = Endpointer()
    onsets = 0
    for number, probability in enumerate(trace.probability):
        signals = endpointer.step(number * 0.01, float(probability))
        onsets += sum(s.kind == "onset" and bool(trace.own[number]) for s in signals)
    return {
        "playback_s": round(float(trace.own.sum()) * 0.01, 1),
        "erle_db": round(erle_db(recording, trace), 1),
        "onsets": onsets,
        "shift_ms": round(float(trace.shift_s[-1]) * 1000, 1),
        "cpu_share": round(trace.cpu_s / seconds, 4),
    }


def double_talk(scene: Scene, playback: Sequence[Placed], person: Sequence[Placed], seconds: float) -> float:
    """Near-end loss, dB; the ear's distance to both as the scene has it."""
    recording = record(scene, playback, person, seconds)
    detector = registry.make("speech_detector", "silero")
    return round(near_end_loss_db(recording, hear(recording.microphone, playback, detector)), 1)


def interruptions(scene: Scene, playback: Sequence[Placed], person: Sequence[Placed], seconds: float) -> Outcome:
    """The rule in a closed loop."""
    detector = registry.make("speech_detector", "silero")
    return interrupted(scene, playback, person, seconds, detector, BargeIn())


def summary(outcome: Outcome) -> dict[str, Any]:
    """Counts, and p50 and p95 in ms from the person's first sound."""
    row: dict[str, Any] = {
        "interruptions": len(outcome.interruptions),
        "playback_s": round(outcome.playback_s, 1),
        "false_ducks": outcome.false_ducks,
        "false_speech": outcome.false_speech,
    }
    for kind in ("duck", "speech"):
        times = [s for i in outcome.interruptions if (s := getattr(i, f"{kind}_s")) is not None]
        row[kind] = len(times)
        row[f"{kind}_ms"] = [round(1000 * float(q)) for q in np.quantile(times, [0.5, 0.95])] if times else None
    return row


def main() -> None:
    """Prints one JSON object a scene."""
    parser = argparse.ArgumentParser(prog="own_voice", description="hearing through the own voice, in simulated rooms")
    parser.add_argument("--repeat", type=int, default=2, help="times the 12 clauses are said in each scene")
    parser.add_argument("--scene", type=int, nargs="*", default=range(len(SCENES)), help="numbers of scenes")
    options = parser.parse_args()
    clauses, voices = own_voices() * options.repeat, persons()
    playback = in_a_row(clauses)
    seconds = playback[-1][0] + len(clauses[-1]) / MIC_RATE + 2.0
    for number in options.scene:
        scene = SCENES[number]
        person = list(every_so_often(voices, seconds, number))
        row = {"scene": number, "rt60_s": scene.room.rt60_s, "loudspeaker_m": scene.loudspeaker_m}
        row |= {"latency_s": scene.latency_s, "drive": scene.drive, "noise": scene.noise}
        row["alone"] = alone(scene, playback, seconds)
        row["near_end_loss_db"] = double_talk(scene, playback, person, seconds)
        row["interrupted"] = summary(interruptions(scene, playback, person, seconds))
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
