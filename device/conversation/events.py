"""What can happen in a conversation, and what can be done about it. Plain data; times in s on the monotonic clock.

Everything that belongs to an answer carries its turn number, so that what is stale can be told from what is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from device.conversation.finished import Ending
from device.ports import NO_PICTURES, Pcm, Pictures, Played, Speech, Transcript, Utterance, WakeProposal

Stage = Literal["pause", "interrupting", "interrupted"]
"""Why something is transcribed: a pause in a turn; somebody speaks while the frame does, and goes on, or has paused."""

INTERJECTION = -1
"""Index of an utterance that is no clause of the answer."""

# --- events: what the rooms report --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody began to speak to the frame."""

    t: float


@dataclass(frozen=True, slots=True)
class SpeechPaused:
    """They paused; perhaps this was all."""

    t: float
    speech_end: float
    utterance: Pcm
    """At MIC_RATE, from the beginning of the turn; what was said just before, if it was gone on with"""
    called: tuple[WakeProposal, ...] = ()
    """Where the wake phrase may be in it, s from its beginning."""
    late: bool = False
    """Told once before: only now the wake phrase was found."""


@dataclass(frozen=True, slots=True)
class Disturbed:
    """Something is to be heard beside the frame's own voice: a person, or a cup that fell."""

    t: float


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """It is over, and nobody spoke."""

    t: float


@dataclass(frozen=True, slots=True)
class SpeechContinues:
    """They are still speaking, while the frame does too: enough of it to tell words from a cough."""

    t: float
    utterance: Pcm


@dataclass(frozen=True, slots=True)
class SpeechResumed:
    """They went on: what was begun on the pause is void."""

    t: float


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """They have finished, for certain."""

    t: float
    speech_end: float


@dataclass(frozen=True, slots=True)
class Transcribed:
    turn: int
    transcript: Transcript
    t: float
    called: bool = False
    """The persona's name is in it; `transcript` is then what was said besides."""
    stage: Stage = "pause"


@dataclass(frozen=True, slots=True)
class AnswerBegan:
    """The mind knows what kind of answer this will be."""

    turn: int
    route: str
    evidence: tuple[str, ...]
    abstained: bool
    t: float
    order: str = ""
    """A command that is to be obeyed (`mind/commands.py`)."""
    pictures: Pictures = NO_PICTURES
    """Photographs to be seen meanwhile."""


@dataclass(frozen=True, slots=True)
class FirstToken:
    """The answer's first piece of text exists, whether quoted or generated."""

    turn: int
    t: float


@dataclass(frozen=True, slots=True)
class ClauseReady:
    turn: int
    index: int
    text: str
    language: str
    t: float


@dataclass(frozen=True, slots=True)
class AnswerEnded:
    """No clause follows; `clauses` is how many there were."""

    turn: int
    clauses: int
    t: float


@dataclass(frozen=True, slots=True)
class Synthesized:
    turn: int
    index: int
    speech: Speech
    t: float


@dataclass(frozen=True, slots=True)
class PlaybackReported:
    turn: int
    played: Played
    t: float


@dataclass(frozen=True, slots=True)
class PartFailed:
    """An engine could not do a turn's work."""

    turn: int
    part: str
    reason: str
    t: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn by text, from an operator or a test: as if it had been heard just now."""

    text: str
    language: str
    t: float


@dataclass(frozen=True, slots=True)
class Pushed:
    """A key, a pedal or a touch: from now on it listens, to whom it may concern."""

    t: float


@dataclass(frozen=True, slots=True)
class Visited:
    """Somebody has come: they are to be greeted with these words."""

    greeting: str
    language: str
    t: float


@dataclass(frozen=True, slots=True)
class Announced:
    """Something about the frame itself is to be said, as nobody's turn; not where somebody talks with it."""

    text: str
    language: str
    t: float


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time has passed."""

    t: float
    alive: bool = False
    """An engine showed meanwhile that it is at work."""


Event: TypeAlias = (
    SpeechStarted
    | SpeechPaused
    | Disturbed
    | Undisturbed
    | SpeechContinues
    | SpeechResumed
    | TurnEnded
    | Transcribed
    | AnswerBegan
    | FirstToken
    | ClauseReady
    | AnswerEnded
    | Synthesized
    | PlaybackReported
    | PartFailed
    | Asked
    | Pushed
    | Visited
    | Announced
    | Ticked
)

# --- actions: what the loop is told to do -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Transcribe:
    turn: int
    utterance: Pcm
    stage: Stage = "pause"
    overheard: bool = False
    """Nobody knows whether it is meant for the frame."""
    called: tuple[WakeProposal, ...] = ()
    """Where it may have been called, s from the utterance's beginning."""


@dataclass(frozen=True, slots=True)
class Expect:
    """Tells the ears what the words up to the pause let expect: that this was all, or more of it."""

    ending: Ending


@dataclass(frozen=True, slots=True)
class Answer:
    turn: int
    transcript: Transcript


@dataclass(frozen=True, slots=True)
class Synthesize:
    turn: int
    index: int
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Play:
    utterance: Utterance


@dataclass(frozen=True, slots=True)
class Interject:
    """Says something of the persona's that means nothing, while the answer is on its way."""

    turn: int
    language: str


@dataclass(frozen=True, slots=True)
class StopSpeaking:
    turn: int
    t: float


@dataclass(frozen=True, slots=True)
class Duck:
    """Lowers the voice while somebody may be interrupting, or raises it again."""

    on: bool


@dataclass(frozen=True, slots=True)
class Obey:
    """Does what was ordered."""

    order: str


@dataclass(frozen=True, slots=True)
class ShowPictures:
    """Photographs come on the screen."""

    pictures: Pictures


@dataclass(frozen=True, slots=True)
class Listen:
    """Opens or closes the ears. Without an echo canceller they are closed while the frame itself speaks."""

    on: bool


@dataclass(frozen=True, slots=True)
class ShowMood:
    state: str
    t: float


@dataclass(frozen=True, slots=True)
class ShowHeard:
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class FinishTurn:
    """The turn is over: what was heard, and what was really said aloud, may enter the history."""

    turn: int
    heard: str
    said: str
    language: str
    interrupted: float | None = None
    """s, when its voice was gone because somebody interrupted it"""
    failure: str = ""
    """Why it was given up; of a part that failed, `PartFailed` tells"""


Action: TypeAlias = (
    Transcribe
    | Expect
    | Answer
    | Synthesize
    | Play
    | Interject
    | StopSpeaking
    | Duck
    | Obey
    | ShowPictures
    | Listen
    | ShowMood
    | ShowHeard
    | FinishTurn
)
