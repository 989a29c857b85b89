"""The seams of the house: what the conversation needs from the world, as small Protocols.

An engine is one file that implements one of these, one line in `registry.py`, and passes the port's contract test
together with the fake of the same port in `tests/fakes`.

Units: times are seconds on the machine's monotonic clock (shared by both processes) unless a name says `_ms`;
audio is mono float32 in -1..1 as a numpy array of shape (samples,); languages are "en" or "zh".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from device.link import Message

Pcm = NDArray[np.float32]

MIC_RATE = 16_000
"""Hz. Everything the ears handle is at this rate."""

BLOCK = 160
"""Samples in one microphone block: 10 ms at MIC_RATE."""

Cancelled = Callable[[], bool]
"""Asked between units of work (tokens, clauses); True means: stop, nobody wants the result any more."""


class Clock(Protocol):
    """The monotonic clock, so that nothing else has to ask the machine for the time."""

    def now(self) -> float:
        """Seconds; never goes back; the same origin in every process of this machine."""
        ...


# --- ears -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """10 ms of sound from the microphone."""

    pcm: Pcm
    """Shape (BLOCK,)."""
    t: float
    """s, when the block's first sample was in the air."""


class Microphone(Protocol):
    """A source of 10 ms blocks in real time."""

    def read(self) -> Block | None:
        """Waits for the next block. None: the recording has ended (a device never ends).

        A device that is unplugged is reopened here when it returns; until then silent blocks keep coming in real time.
        Raises Missing at construction, not here, where there is no device at all."""
        ...

    def close(self) -> None:
        """Releases the device; a blocked read returns None."""
        ...


class SpeechDetector(Protocol):
    """Says for each block how likely somebody is speaking."""

    def feed(self, pcm: Pcm) -> float:
        """One block of shape (BLOCK,) -> probability 0..1 of speech, at most 32 ms old."""
        ...

    def reset(self) -> None:
        """Forgets what was heard."""
        ...


class EchoCanceller(Protocol):
    """Takes out of the microphone's sound what the frame's own loudspeaker put into it."""

    def process(self, near: Pcm, far: Pcm) -> Pcm:
        """One block of the microphone and what was in the air then, both of shape (BLOCK,) -> the block without its
        echo, same shape, at most 20 ms late. The echo may follow `far` by 0 to 60 ms at least."""
        ...

    def reset(self) -> None:
        """Forgets the room."""
        ...


@dataclass(frozen=True, slots=True)
class WakeProposal:
    """Something that sounded like one of the phrases that wake the frame; to be confirmed by who asked."""

    phrase: str
    """As it was enrolled."""
    score: float
    """0..1; at least 0.5 where the template's own threshold was met."""
    start: float
    """s from the first sample fed since the last reset, where the phrase begins (to about 0.1 s)."""
    end: float
    """s, where it ends; what was said right after it begins here. Earlier than the block that brought the proposal."""


class WakePhrase(Protocol):
    """Listens all the time, cheaply, for the phrases of one persona."""

    def feed(self, pcm: Pcm, speaking: bool = True) -> WakeProposal | None:
        """One block of shape (BLOCK,) -> a proposal, some tenths of a second after the phrase was said.

        `speaking`: whether somebody may be; while it is False, and a little later, nothing is computed."""
        ...

    def reset(self) -> None:
        """Forgets what was heard; the time begins at 0 again."""
        ...


class TurnEnd(Protocol):
    """Judges from the sound of what was said whether the speaker has finished."""

    def probability(self, utterance: Pcm) -> float:
        """The utterance so far at MIC_RATE, any length -> probability 0..1 that the turn is complete."""
        ...


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was understood of an utterance."""

    text: str
    """Empty: nothing that could be trusted was said."""
    language: str
    """"en", "zh", or another ISO 639-1 code when the speaker used a language that was not asked for."""
    confidence: float
    """0..1, mean token probability."""
    unclear: bool = False
    """Somebody spoke, for long enough to have said something, and no text could be trusted."""


class Transcriber(Protocol):
    """Speech to text on exactly one utterance."""

    def transcribe(self, utterance: Pcm, languages: Sequence[str], overheard: bool = False) -> Transcript:
        """The utterance at MIC_RATE -> its text. `languages` are those the persona speaks; one alone is taken as given.
        `overheard`: nobody knows whether it is meant for the frame, so that its name must not be expected in it.

        Silence, noise and repetition loops give an empty text rather than an invented one."""
        ...

    def likeness(self, utterance: Pcm, phrase: str) -> float:
        """How likely the utterance begins with `phrase`, set against what would be transcribed: the difference of the
        log probabilities per token of the phrase. About 0: just as likely; -inf where there is nothing to hear."""
        ...


# --- mind -------------------------------------------------------------------------------------------------------


class LanguageModel(Protocol):
    """A causal language model with one stable prefix in its cache."""

    def set_prefix(self, prefix: str) -> None:
        """Makes `prefix` (persona, rules, examples in the model's own chat format) the start of every prompt; restored
        from disk where it was evaluated before, evaluated and saved otherwise."""
        ...

    def generate(self, prompt: str, *, max_tokens: int, stop: Sequence[str], cancelled: Cancelled) -> Iterator[str]:
        """Streams text that continues prefix + prompt. Ends at a stop string (not yielded), at `max_tokens`, or
        between two tokens once `cancelled()` is True."""
        ...

    def close(self) -> None:
        """Frees the model."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A memory that was found, best first."""

    id: str
    text: str
    """In the person's own words, in `language`."""
    language: str
    score: float
    """Higher is better; comparable only within one search."""
    support: float
    """0..1: how much of what the question asks about stands in this memory; gates abstention."""


class Memory(Protocol):
    """The persona's memories, read only while it talks."""

    def search(self, query: str, language: str, limit: int) -> list[Hit]:
        """Memories for a question, best first; texts in `language` where the memory has it. Empty when nothing fits."""
        ...

    def close(self) -> None: ...


# --- voice ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Viseme:
    """One mouth shape of the Oculus-15 set within a piece of speech."""

    shape: str
    """sil PP FF TH DD kk CH SS nn RR aa E I O U"""
    start: float
    """s from the first sample of the speech."""
    end: float
    """s; the next viseme starts here or later."""
    weight: float = 1.0
    """0..1: how strongly it is articulated (stress, loudness)."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Synthesised or recorded speech with the mouth movements that belong to it."""

    pcm: Pcm
    rate: int
    """Hz"""
    visemes: tuple[Viseme, ...]
    text: str = ""
    language: str = "en"
    source: str = "generated"
    """"generated" or "recorded" (an original)."""

    @property
    def seconds(self) -> float:
        return len(self.pcm) / self.rate


class Synthesizer(Protocol):
    """Text to speech for one language, a clause at a time."""

    def synthesize(self, text: str) -> Speech:
        """One clause -> speech; nothing to pronounce gives zero samples. Raises Broken if the engine fails."""
        ...


@dataclass(frozen=True, slots=True)
class Utterance:
    """A piece of speech on its way to the loudspeaker."""

    turn: int
    index: int
    """Number of the clause within the turn, from 0."""
    speech: Speech
    last: bool = False
    """No clause of this turn follows."""


@dataclass(frozen=True, slots=True)
class Played:
    """What the playout clock reports about an utterance."""

    turn: int
    index: int
    kind: str
    """started: its first sample reaches the air at `t`; ended: its last one did; stopped: it was cut at `t`. gain: from
    `t` on everything goes to another loudness; about no utterance."""
    t: float
    """s; for "started" it may lie some ms in the future (the output's latency)."""
    heard: float = 0.0
    """s of it that were really played (for "ended" and "stopped"); the factor (for "gain")."""


class Speaker(Protocol):
    """A loudspeaker with a true playout clock."""

    def play(self, utterance: Utterance) -> None:
        """Queues it behind what is playing; returns at once. Any sample rate; resampled to the device's."""
        ...

    def set_gain(self, gain: float) -> None:
        """From now on everything is played at this factor of its loudness, 0..1, which is reached within 30 ms."""
        ...

    def stop(self) -> None:
        """Fades out within 20 ms and drops all that is queued; "stopped" is reported for what was playing."""
        ...

    def close(self) -> None: ...


OnPlayed = Callable[[Played], None]
"""Given to a speaker when it is made; called from its audio thread, must not block."""


# --- face -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pictures:
    """Photographs that go with an answer."""

    files: tuple[str, ...] = ()
    """Within album/"""
    beside: bool = True
    """The first of them beside the portrait; else the album is opened at them."""


NO_PICTURES = Pictures()


class FaceLink(Protocol):
    """The mind's line to the face process."""

    def send(self, message: Message) -> None:
        """Never blocks and never raises: with the face away, the message is dropped."""
        ...

    def close(self) -> None: ...
