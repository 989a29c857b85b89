"""The composition root: which parts a frame is made of, in which order they start and stop.

Start: portrait (its own process) -> link -> mind's engines, in parallel -> loop -> speaker -> ears. Stop: the reverse.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device import registry
from device.config import FrameSettings, Listening, cache
from device.conversation.endpointing import EndpointSettings
from device.conversation.state import Attention, Policy
from device.ears.beside import Beside
from device.ears.echo_free import EchoFreeMicrophone
from device.ears.listener import Listener, Senses
from device.errors import Missing
from device.libraries import compute_in_the_background
from device.loop import Loop, Mind, Observer, Rooms
from device.persona.unpacked import Language, Persona
from device.ports import (
    MIC_RATE,
    Clock,
    FaceLink,
    Microphone,
    OnPlayed,
    Pcm,
    Speaker,
    Speech,
    Synthesizer,
    Utterance,
    WakePhrase,
)
from device.voice.reference import Reference, ReferencedSpeaker
from models_quantized import catalog

log = logging.getLogger(__name__)

VOICES: dict[Language, str] = {"en": "piper", "zh": "fastspeech"}
"""The engine for each language unless the persona names another; all voices are stock, nobody is imitated."""


@dataclass(frozen=True, slots=True)
class Engines:
    """Everything that must be loaded before the frame can hold a conversation."""

    rooms: Rooms
    senses: Senses


def load_engines(
    persona: Persona, face: FaceLink, clock: Clock, settings: FrameSettings, loaded: Callable[[str], None]
) -> Engines:
    """Loads all engines side by side; `loaded(name)` is called as each is ready.

    Raises Missing for a model that is not there: the first one found, after all loads have ended."""
    languages = persona.file.person.languages

    def part(name: str, make: Callable[..., Any], *arguments: Any) -> Any:
        made = make(*arguments)
        loaded(name)
        return made

    with ThreadPoolExecutor(3, "load", initializer=compute_in_the_background) as pool:
        mind = pool.submit(part, "language model and memory", load_mind, persona, clock)
        ears = pool.submit(part, "transcriber", load_transcriber, persona)
        voices = {code: pool.submit(part, f"voice {code}", load_voice, persona, code) for code in languages}
        detector = pool.submit(part, "speech detector", registry.make, "speech_detector", "silero")
        turn_end = pool.submit(part, "turn end", load_turn_end)
        wake = pool.submit(load_wake_phrase, persona) if settings.listening.attention == "wake" else None
    rooms = Rooms(
        ears.result(), mind.result(), {c: v.result() for c, v in voices.items()}, face, clock, languages, names(persona)
    )
    return Engines(rooms, Senses(detector.result(), turn_end.result(), wake.result() if wake else None))


def attention_for(listening: Listening, senses: Senses) -> Attention:
    """As it is set; a frame that nobody can call listens to whatever is said."""
    return "always" if listening.attention == "wake" and senses.wake is None else listening.attention


def load_wake_phrase(persona: Persona) -> WakePhrase | None:
    """What listens for the persona's phrases; None where none was enrolled."""
    try:
        wake: WakePhrase = registry.make("wake_phrase", "templates", folder=persona.folder / "wake")
    except Missing as error:
        log.warning("%s", error.line())
        return None
    return wake


def names(persona: Persona) -> tuple[str, ...]:
    """What the persona may be called by."""
    return tuple(dict.fromkeys((*persona.file.wake.phrases, *persona.file.person.called)))


def load_mind(persona: Persona, clock: Clock) -> Mind:
    """Language model, memory and the rules that make answers of them; without memories it says that it has none."""
    from device.mind.answer import Answerer
    from device.mind.persona_mind import PersonaMind

    memory = None
    if "memory" not in persona.missing:
        memory = registry.make("memory", "sqlite", path=persona.memory_path)
    model = registry.make(
        "language_model", "llama", model=catalog.verified_path("language-model"), cache=cache() / "prefixes"
    )
    return PersonaMind(Answerer(persona.file, memory, model), clock, persona.languages[0])


def load_transcriber(persona: Persona) -> Any:
    """Speech to text, told the names that this family uses."""
    names = (*persona.file.person.called, persona.file.person.name)
    return registry.make("transcriber", "whisper", model=catalog.verified_dir("transcriber"), names=names)


def load_turn_end() -> Any:
    """The judge of whether somebody has finished."""
    return registry.make("turn_end", "smart-turn", model=catalog.verified_path("turn-end"))


def load_voice(persona: Persona, language: Language) -> Synthesizer:
    """The voice that the persona names for a language; the usual one where this frame lacks it."""
    name = persona.file.voice.get(language, VOICES[language])
    if name not in registry.ENGINES["synthesizer"]:
        log.warning("no voice %r here, %r speaks instead", name, VOICES[language])
        name = VOICES[language]
    if language == "zh":
        from device.voice import readings

        readings.learn(persona.file.readings)
    voice: Synthesizer = registry.make("synthesizer", name)
    return voice


class Frame:
    """A loop with a speaker and ears, running on threads of its own."""

    def __init__(
        self,
        engines: Engines,
        settings: FrameSettings,
        observer: Observer,
        microphone: Microphone,
        make_speaker: Callable[[OnPlayed], Speaker],
    ) -> None:
        listening = settings.listening
        attention = attention_for(listening, engines.senses)
        policy = Policy(attention, listening.follow_up_s, full_duplex=listening.interruptible)
        clock = engines.rooms.clock
        self.loop = Loop(engines.rooms, observer, policy, settings.sound.volume)
        patience = settings.patience
        endpoint = EndpointSettings(sure_wait_s=patience.sure_wait_s, unsure_wait_s=patience.unsure_wait_s)
        reference = Reference()
        speaker = ReferencedSpeaker(reference, self.loop.played, clock)
        self._loudspeaker = make_speaker(speaker.played)
        self._speaker = speaker.attach(self._loudspeaker)
        self._microphone = EchoFreeMicrophone(microphone, reference, registry.make("echo_canceller", "webrtc"))
        beside = Beside(self._microphone) if listening.interruptible else None
        loop = self.loop
        self._listener = Listener(
            engines.senses, loop.post, endpoint, lambda: loop.audible, beside, lambda: loop.addressed
        )
        self.loop.connect(self._speaker, self._listener.set_open)
        self._threads = [
            threading.Thread(target=self.loop.run, name="loop", daemon=True),
            threading.Thread(target=self._listener.run, args=(self._microphone,), name="ears", daemon=True),
        ]

    def say_aloud(self, pcm: Pcm) -> None:
        """Plays what somebody else says (at MIC_RATE), through the same loudspeaker; nobody's turn."""
        # Not by way of the reference: the ears shall hear it.
        self._loudspeaker.play(Utterance(-1, 0, Speech(pcm, MIC_RATE, (), ""), True))

    def start(self) -> None:
        """From here on the frame listens."""
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Until the microphone ends (a recording) or the process is told to stop."""
        self._threads[1].join()

    def stop(self) -> None:
        """Ears, speaker, loop, in this order."""
        self._microphone.close()
        self._threads[1].join(5)
        self._speaker.close()
        self.loop.stop()
        self._threads[0].join(5)


def runtime_dir() -> Path:
    """Where this machine's sockets lie: XDG_RUNTIME_DIR, else the temporary folder."""
    import os
    import tempfile

    return Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
