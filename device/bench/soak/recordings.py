"""What the simulated people say, in several voices; ``python -m device.bench.soak.recordings en zh`` speaks it all.

The voices are loaded in a process of its own, so that they take no memory of the one that is measured.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from device import config
from device.bench.soak.script import Line, Repertoire
from device.errors import Broken
from device.ports import MIC_RATE, Pcm, Synthesizer
from device.voice.questions import question_voice
from device.voice.resample import resample

QUESTIONS = {
    "en": (
        "Grandpa, how did you meet Grandma?",
        "What was your father's work?",
        "How do you make red-braised pork?",
        "Did you ever have a dog?",
        "What did you buy with your first wages?",
        "What colour was your first car?",
        "I had a hard day at school today.",
    ),
    "zh": (
        "外公，你和外婆是怎么认识的？",
        "你爸爸是做什么的？",
        "红烧肉怎么烧？",
        "你养过狗吗？",
        "你小时候住在哪里？",
        "你最喜欢哪个足球队？",
        "我今天考试没考好。",
    ),
}
REMARKS = {
    "en": ("Grandpa, wait a moment.", "No, tell me about the flood.", "What does your name mean?", "Stop."),
    "zh": ("外公，等一下。", "不是，你讲讲大水的事。", "你的名字是什么意思？", "停一下。"),
}
SOUNDS = {"en": ("Mhm.", "Oh, really?"), "zh": ("嗯。", "是吗？")}
ORDERS = {
    "en": ("Louder, please.", "Softer, please.", "Say that again."),
    "zh": ("大声一点。", "小声一点。", "再说一遍。"),
}
VOICES = ("younger", "other")
TAIL_S = 0.3
"""s of silence after what is said."""


def repertoire(languages: Sequence[str], calamities: tuple[str, ...]) -> Repertoire:
    """Everything in every voice."""

    def lines(texts: Mapping[str, tuple[str, ...]]) -> tuple[Line, ...]:
        return tuple(Line(text, code, voice) for code in languages for text in texts.get(code, ()) for voice in VOICES)

    return Repertoire(lines(QUESTIONS), lines(REMARKS), lines(SOUNDS), lines(ORDERS), calamities)


def recorded(lines: Iterable[Line]) -> dict[Line, Pcm]:
    """The recordings at MIC_RATE, spoken where they are not kept yet. Raises Broken where that fails."""
    wanted = list(lines)
    if not all(_kept(line).exists() for line in wanted):
        codes = sorted({line.language for line in wanted})
        done = subprocess.run([sys.executable, "-m", __name__, *codes], check=False)
        if done.returncode:
            raise Broken("the people's voices", expected="their recordings", got=f"exit code {done.returncode}")
    return {line: np.asarray(np.load(_kept(line), allow_pickle=False), np.float32) for line in wanted}


def _kept(line: Line) -> Path:
    key = hashlib.sha256("\n".join(line).encode()).hexdigest()[:16]
    return config.cache() / "questions" / f"soak-{key}.npy"


def _other(language: str) -> Callable[[str], Pcm]:
    """A second voice for each language."""
    from device.voice import fastspeech, piper

    voice: Synthesizer
    if language == "en":
        voice = piper.create(settings=piper.PiperSettings(tract=1.05, length_scale=1.1))
    else:
        voice = fastspeech.create(settings=fastspeech.FastSpeechSettings(slowness=1.05, pitch=0.7, disguise=None))

    def say(text: str) -> Pcm:
        speech = voice.synthesize(text)
        return resample(speech.pcm, speech.rate, MIC_RATE)

    return say


def main(languages: Sequence[str]) -> None:
    """Speaks and keeps what is missing."""
    everything = repertoire(languages, ())
    lines = [*everything.questions, *everything.remarks, *everything.sounds, *everything.orders]
    for code in languages:
        for name, make in zip(VOICES, (question_voice, _other), strict=True):
            missing = [line for line in lines if line[1:] == (code, name) and not _kept(line).exists()]
            say = make(code) if missing else None
            for line in missing:
                assert say is not None
                _kept(line).parent.mkdir(parents=True, exist_ok=True)
                np.save(_kept(line), np.concatenate([say(line.text), np.zeros(round(TAIL_S * MIC_RATE), np.float32)]))


if __name__ == "__main__":
    from device.libraries import prepare_libraries

    prepare_libraries()
    main(sys.argv[1:])
