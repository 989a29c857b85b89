"""Parts that fail when told to: each stands behind its port, in front of the real part.

What is done to a device here is what its real counterpart's contract says of a device that was pulled out; the real
ones are pulled out in `tests/scenarios/test_calamities.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from device.app import Engines
from device.conversation import events as ev
from device.ears.recording import Said
from device.errors import Broken
from device.ports import (
    Block,
    Cancelled,
    OnPlayed,
    Pcm,
    Played,
    Speaker,
    Speech,
    SpeechDetector,
    Synthesizer,
    Transcriber,
    Transcript,
    Utterance,
)
from device.rehearsal_sound import Person
from device.workshop import Mind


class Fault:
    """Whether a part fails now."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._over.set()

    @property
    def active(self) -> bool:
        """It fails."""
        return not self._over.is_set()

    def begin(self) -> None:
        """From now on it fails."""
        self._over.clear()

    def end(self) -> None:
        """It works again."""
        self._over.set()

    def hang(self) -> None:
        """Returns when it is over."""
        self._over.wait()

    def strike(self, part: str) -> None:
        """Raises Broken, as an engine does."""
        if self.active:
            raise Broken(part, expected="to work", got="a failure on purpose")


class Faults:
    """Those of all engines."""

    def __init__(self) -> None:
        self.transcriber, self.transcriber_hangs = Fault(), Fault()
        self.mind, self.mind_hangs = Fault(), Fault()
        self.voice, self.detector, self.reports = Fault(), Fault(), Fault()

    def in_front_of(self, engines: Engines) -> Engines:
        """The same engines, which fail when told to."""
        rooms, senses = engines.rooms, engines.senses
        voices: dict[str, Synthesizer] = {code: FailingVoice(voice, self.voice) for code, voice in rooms.voices.items()}
        transcriber = FailingTranscriber(rooms.transcriber, self.transcriber, self.transcriber_hangs)
        mind = FailingMind(rooms.mind, self.mind, self.mind_hangs)
        return Engines(
            replace(rooms, transcriber=transcriber, mind=mind, voices=voices),
            replace(senses, detector=FailingDetector(senses.detector, self.detector)),
            engines.preparing,
        )

    def unreported(self, on_played: OnPlayed) -> OnPlayed:
        """A loudspeaker's reports, which stay away when told to."""

        def report(played: Played) -> None:
            if not self.reports.active:
                on_played(played)

        return report


class FailingTranscriber:
    """Behind the port Transcriber."""

    def __init__(self, inner: Transcriber, raises: Fault, hangs: Fault) -> None:
        self._inner, self._raises, self._hangs = inner, raises, hangs

    def transcribe(self, utterance: Pcm, languages: Sequence[str], overheard: bool = False) -> Transcript:
        self._hangs.hang()
        self._raises.strike("the transcriber")
        return self._inner.transcribe(utterance, languages, overheard)

    def likeness(self, utterance: Pcm, phrase: str) -> float:
        self._hangs.hang()
        self._raises.strike("the transcriber")
        return self._inner.likeness(utterance, phrase)


class FailingMind:
    """Behind the loop's protocol Mind: memory and language model fail together."""

    def __init__(self, inner: Mind, raises: Fault, hangs: Fault) -> None:
        self._inner, self._raises, self._hangs = inner, raises, hangs

    def answer(self, turn: int, transcript: Transcript, post: Callable[[ev.Event], None], cancelled: Cancelled) -> None:
        self._hangs.hang()
        self._raises.strike("the language model")
        self._inner.answer(turn, transcript, post, cancelled)

    def look_at(self, file: str, t: float) -> None:
        """As the mind behind it."""
        self._inner.look_at(file, t)

    def remember(self, heard: str, said: str, language: str) -> None:
        self._inner.remember(heard, said, language)


class FailingVoice:
    """Behind the port Synthesizer."""

    def __init__(self, inner: Synthesizer, raises: Fault) -> None:
        self._inner, self._raises = inner, raises

    def synthesize(self, text: str) -> Speech:
        self._raises.strike("the voice")
        return self._inner.synthesize(text)


class FailingDetector:
    """Behind the port SpeechDetector: the ears' thread meets an exception."""

    def __init__(self, inner: SpeechDetector, raises: Fault) -> None:
        self._inner, self._raises = inner, raises

    def feed(self, pcm: Pcm) -> float:
        self._raises.strike("the speech detector")
        return self._inner.feed(pcm)

    def reset(self) -> None:
        self._inner.reset()


class PluggedMicrophone:
    """Behind the port Microphone: while it is away, silence in real time."""

    def __init__(self, inner: Person) -> None:
        self._inner = inner
        self._away = Fault()
        self.plug, self.unplug = self._away.end, self._away.begin

    def say(self, pcm: Pcm) -> Said:
        """The person speaks, heard or not."""
        return self._inner.say(pcm)

    def read(self) -> Block | None:
        block = self._inner.read()
        if block is None or not self._away.active:
            return block
        return Block(np.zeros_like(block.pcm), block.t)

    def close(self) -> None:
        self._inner.close()


class PluggedSpeaker:
    """Behind the port Speaker: while it is away, time passes for what it was given, and nothing is to be heard."""

    def __init__(self, inner: Speaker) -> None:
        self._inner = inner
        self._gain = 1.0
        self._away = False

    def plug(self) -> None:
        """The device is back."""
        self._away = False
        self._inner.set_gain(self._gain)

    def unplug(self) -> None:
        """The device is gone."""
        self._away = True
        self._inner.set_gain(0.0)

    def play(self, utterance: Utterance) -> None:
        self._inner.play(utterance)

    def set_gain(self, gain: float) -> None:
        self._gain = gain
        if not self._away:
            self._inner.set_gain(gain)

    def stop(self) -> None:
        self._inner.stop()

    def close(self) -> None:
        self._inner.close()
