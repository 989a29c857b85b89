"""The composition root: which parts a frame is made of, in which order they start and stop.

Start: portrait (its own process) -> link -> mind's engines, in parallel -> loop -> speaker -> ears. Stop: the reverse.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from device import registry
from device.config import FrameSettings, Listening, cache
from device.conversation.endpointing import EndpointSettings
from device.conversation.state import Attention, Policy
from device.ears import echo_free
from device.ears.beside import Beside
from device.ears.kept_delay import KeptDelay
from device.ears.listener import Listener, Senses
from device.errors import BadInput, Missing
from device.libraries import compute_in_the_background
from device.loop import Loop, Observer
from device.mind import memory_file
from device.mind.memory_file import MemoryRow
from device.mind.openings import Opening, openings
from device.persona import album
from device.persona.store import opening
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
from device.preparing import Preparing
from device.voice.prepared import Prepared
from device.voice.reference import Reference, ReferencedSpeaker
from device.workshop import Mind, Rooms
from models_quantized import catalog

log = logging.getLogger(__name__)

INTERJECTIONS = 3
"""In each language: enough not to be the same each time, and the start is not kept waiting for more."""
LONGEST_INTERJECTION_S = 1.6
"""s; an answer that is ready meanwhile waits no longer."""

VOICES: dict[Language, str] = {"en": "piper", "zh": "fastspeech"}
"""The engine for each language unless the persona names another; all voices are stock, nobody is imitated."""

PREFIXES = "prefixes"
EARS_RETRY_S = 0.5
"""s of rest for ears that failed: a block of sound lasts 10 ms, and a log should not fill at that pace."""


@dataclass(frozen=True, slots=True)
class Engines:
    """Everything that must be loaded before the frame can hold a conversation."""

    rooms: Rooms
    senses: Senses
    preparing: Preparing


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
        voices = {code: pool.submit(part, f"voice {code}", load_speaking, persona, code) for code in languages}
        detector = pool.submit(part, "speech detector", registry.make, "speech_detector", "silero")
        turn_end = pool.submit(part, "turn end", load_turn_end)
        wake = pool.submit(load_wake_phrase, persona) if settings.listening.attention == "wake" else None
    spoken = {code: voice.result() for code, voice in voices.items()}
    prepared: dict[str, Prepared] = {code: Prepared(voice) for code, (voice, _) in spoken.items()}
    rooms = Rooms(
        ears.result(),
        mind.result(),
        {**prepared},
        face,
        clock,
        languages,
        names(persona),
        {code: ready for code, (_, ready) in spoken.items()},
    )
    senses = Senses(detector.result(), turn_end.result(), wake.result() if wake else None)
    return Engines(rooms, senses, Preparing(prepared, load_openings(persona), clock))


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
    # What the model makes of a persona's texts can be read back from it: it lies where they do.
    kept = persona.folder / PREFIXES if opening.opened(persona.folder) else cache() / PREFIXES
    model = registry.make("language_model", "llama", model=catalog.verified_path("language-model"), cache=kept)
    return PersonaMind(
        Answerer(persona.file, memory, model, load_photographs(persona, memory)), clock, persona.languages[0]
    )


def load_photographs(persona: Persona, memory: Any) -> Any:
    """The album as it can be talked about; an empty one where it cannot be read."""
    from device.mind.photographs import Photographs

    try:
        return Photographs(album.load(persona.folder), () if memory is None else memory.rows)
    except BadInput as error:
        log.warning("%s", error.line())
        return Photographs(())


def load_openings(persona: Persona) -> Iterator[Opening]:
    """What answers can open with; only the ready lines where there are no memories to be read. Reads when it is asked
    for the first one, so that no start waits for it. Raises Missing or BadInput then."""
    memories: list[MemoryRow] = []
    if "memory" not in persona.missing:
        with closing(memory_file.connect(persona.memory_path)) as connection:
            memories = memory_file.read_rows(connection)
    yield from openings(persona.file.person, memories)


def load_transcriber(persona: Persona) -> Any:
    """Speech to text, told the names that this family uses."""
    names = (*persona.file.person.called, persona.file.person.name)
    return registry.make("transcriber", "whisper", model=catalog.verified_dir("transcriber"), names=names)


def load_turn_end() -> Any:
    """The judge of whether somebody has finished."""
    return registry.make("turn_end", "smart-turn", model=catalog.verified_path("turn-end"))


def load_speaking(persona: Persona, language: Language) -> tuple[Synthesizer, tuple[Speech, ...]]:
    """The voice for a language, and what it says while an answer is on its way, already spoken."""
    voice = load_voice(persona, language)
    return voice, interjections(voice, persona.file.person.fillers.get(language, ()), language)


def interjections(voice: Synthesizer, fillers: Sequence[str], language: str) -> tuple[Speech, ...]:
    """The first few of the fillers that are short, as sound: nobody waits for them."""
    spoken: list[Speech] = []
    for text in fillers:
        if len(spoken) == INTERJECTIONS:
            break
        speech = replace(voice.synthesize(text), text=text, language=language)
        if 0 < speech.seconds <= LONGEST_INTERJECTION_S:
            spoken.append(speech)
    return tuple(spoken)


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
        hopeless: Callable[[str], None] = lambda name: None,
        delay: KeptDelay | None = None,
    ) -> None:
        """`hopeless`: called with the name of an engine that hangs for good; see `Loop`. `delay`: of the echo on this
        device, where it is kept."""
        listening = settings.listening
        policy = Policy(
            attention_for(listening, engines.senses),
            listening.follow_up_s,
            full_duplex=listening.interruptible,
            interject_after_s=listening.interject_after_s,
        )
        self._preparing = engines.preparing
        self.loop = Loop(engines.rooms, observer, policy, settings.sound.volume, hopeless)
        patience = settings.patience
        endpoint = EndpointSettings(sure_wait_s=patience.sure_wait_s, unsure_wait_s=patience.unsure_wait_s)
        reference = Reference()
        speaker = ReferencedSpeaker(reference, self.loop.played)
        self._loudspeaker = make_speaker(speaker.played)
        self._speaker = speaker.attach(self._loudspeaker)
        self._microphone = echo_free.create(microphone, reference, delay)
        beside = Beside(self._microphone) if listening.interruptible else None
        loop = self.loop
        self._listener = Listener(
            engines.senses, loop.post, endpoint, lambda: loop.audible, beside, lambda: loop.addressed
        )
        loop.connect(self._speaker, self._listener.set_open, self._listener.expect)
        self._threads = [
            threading.Thread(target=self.loop.run, name="loop", daemon=True),
            threading.Thread(target=self._listen, name="ears", daemon=True),
        ]
        self._stopping = threading.Event()

    def _listen(self) -> None:
        """Until the microphone ends; a detector that fails is asked again, for ears that end are deafness for ever."""
        while not self._stopping.is_set():
            try:
                self._listener.run(self._microphone)
                return
            except Exception:  # the thread's edge
                log.exception("the ears failed")
                self._stopping.wait(EARS_RETRY_S)

    def say_aloud(self, pcm: Pcm) -> None:
        """Plays what somebody else says (at MIC_RATE), through the same loudspeaker; nobody's turn."""
        # Not by way of the reference: the ears shall hear it.
        self._loudspeaker.play(Utterance(-1, 0, Speech(pcm, MIC_RATE, (), ""), True))

    def start(self) -> None:
        """From here on the frame listens."""
        for thread in self._threads:
            thread.start()
        self._preparing.start(lambda: self.loop.idle)

    def wait_until_prepared(self, timeout_s: float) -> bool:
        """Until it has said in advance what answers open with -> whether it has."""
        return self._preparing.wait(timeout_s)

    def wait(self) -> None:
        """Until the microphone ends (a recording) or the process is told to stop."""
        self._threads[1].join()

    def stop(self) -> None:
        """Ears, speaker, loop, in this order."""
        self._stopping.set()
        self._preparing.stop()
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
