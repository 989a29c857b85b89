"""Writes down a conversation: a fold over the loop's events into turns with their timings, and the room's sound.

Everything in `conversation.json` comes from here; times are ms on the monotonic clock, counted from the origin.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, get_args

import numpy as np

from device.conversation import events as ev
from device.ports import MIC_RATE, Pcm, Speech
from device.voice.resample import resample

AUDIBLE = 10 ** (-40 / 20)
"""-40 dBFS: a sample this loud counts as sound."""

ROOM_RATE = 48_000
"""Hz of room.wav."""


@dataclass(slots=True)
class _Draft:
    """What is known of an answer while it is made."""

    transcribed: float | None = None
    first_token: float | None = None
    first_clause: float | None = None
    first_audio: float | None = None
    interjection: float | None = None
    """s, when something was said that is no part of the answer"""
    route: str = ""
    evidence: tuple[str, ...] = ()
    abstained: bool = False
    failure: str = ""
    ended: float | None = None
    """s when the last clause so far was over"""
    gaps: list[float] = field(default_factory=list)
    """s of silence between two clauses, beyond the pause that belongs to the first"""
    speeches: dict[int, Speech] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sounded:
    """A piece of sound in the room."""

    t: float
    """s, monotonic, of its first sample"""
    pcm: Pcm
    rate: int


class Recorder:
    """Observes a loop; `origin` s is the moment that counts as 0 ms."""

    def __init__(self, origin: float) -> None:
        self.origin = origin
        self.turns: list[dict[str, Any]] = []
        self.person: list[Sounded] = []
        self.frame: list[Sounded] = []
        self.lines: list[dict[str, Any]] = []
        self._drafts: dict[int, _Draft] = {}
        self._endpoints: list[float] = []
        self._speech_ends: list[float] = []
        self._true_speech_ends: list[float] = []

    def person_said(self, pcm: Pcm, t: float, speech_end: float) -> None:
        """A recording that is heard from `t` on, whose voice truly ends at `speech_end`."""
        self.person.append(Sounded(t, pcm, MIC_RATE))
        self._true_speech_ends.append(speech_end)

    def event(self, event: ev.Event) -> None:
        """Observer: files the event under its turn."""
        if isinstance(event, ev.Ticked):
            return  # twice a second, and nothing happens
        self.lines.append(describe(event, self.ms))
        turn = getattr(event, "turn", None)
        if turn is not None:
            self._file(self._drafts.setdefault(turn, _Draft()), event)
        elif isinstance(event, ev.TurnEnded):
            self._endpoints.append(event.t)
            self._speech_ends.append(event.speech_end)
        elif isinstance(event, ev.Asked):
            self._endpoints.append(event.t)
            self._speech_ends.append(event.t)

    def finished(self, turn: ev.FinishTurn) -> None:
        """Observer: a turn is complete."""
        draft = self._drafts.get(turn.turn, _Draft())
        draft.failure = draft.failure or turn.failure
        # Somebody who interrupts has spoken, perhaps finished, before the turn that is interrupted is over.
        speech_end = _last(self._true_speech_ends, draft.first_audio) or _last(self._speech_ends, draft.first_audio)
        self.turns.append(
            {
                "n": len(self.turns) + 1,
                "heard": turn.heard,
                "said": turn.said,
                "language": turn.language,
                "route": draft.route,
                "evidence": list(draft.evidence),
                "abstained": draft.abstained,
                "timings_ms": {
                    "speech_end": self.ms(speech_end),
                    "endpoint": self.ms(_last(self._endpoints, draft.first_audio)),
                    "transcript": self.ms(draft.transcribed),
                    "first_token": self.ms(draft.first_token),
                    "first_clause": self.ms(draft.first_clause),
                    "first_audio": self.ms(draft.first_audio),
                },
                "interjection_ms": self.ms(draft.interjection),
                "latency_ms": _difference(self.ms(draft.first_audio), self.ms(speech_end)),
                "interrupted_ms": self.ms(turn.interrupted),
                "gaps_ms": [round(gap * 1000, 1) for gap in draft.gaps],
                **({"failure": draft.failure} if draft.failure else {}),
            }
        )
        self._drafts.clear()

    def unheard(self) -> None:
        """A recording in which the frame noticed no speech is a turn without words."""
        self.finished(ev.FinishTurn(-1, "", "", ""))

    def ms(self, t: float | None) -> float | None:
        """A monotonic time in s as ms since the origin."""
        return None if t is None else round((t - self.origin) * 1000, 1)

    def _file(self, draft: _Draft, event: ev.Event) -> None:
        match event:
            case ev.Transcribed(t=t):
                draft.transcribed = t
            case ev.AnswerBegan(route=route, evidence=evidence, abstained=abstained):
                draft.route, draft.evidence, draft.abstained = route, evidence, abstained
            case ev.FirstToken(t=t):
                draft.first_token = t
            case ev.ClauseReady(t=t):
                draft.first_clause = draft.first_clause or t
            case ev.Synthesized(index=index, speech=speech):
                draft.speeches[index] = speech
            case ev.PartFailed(part=part, reason=reason):
                draft.failure = f"{part}: {reason}"
            case ev.PlaybackReported(played=played) if played.index == ev.INTERJECTION:
                draft.interjection = draft.interjection or played.t
            case ev.PlaybackReported(played=played):
                self._sound(draft, played.index, played.kind, played.t, played.heard)

    def _sound(self, draft: _Draft, index: int, kind: str, t: float, heard: float) -> None:
        speech = draft.speeches.get(index)
        if speech is None:
            return
        if kind == "started":
            self.frame.append(Sounded(t, speech.pcm, speech.rate))
            if draft.ended is not None:
                draft.gaps.append(max(0.0, t - draft.ended))
            onset = first_audible(speech.pcm)
            if draft.first_audio is None and onset is not None:
                draft.first_audio = t + onset / speech.rate
        elif kind == "ended":
            draft.ended = t
        elif kind == "stopped" and self.frame:
            cut = self.frame.pop()
            self.frame.append(Sounded(cut.t, cut.pcm[: round(heard * cut.rate)], cut.rate))


def first_audible(pcm: Pcm) -> int | None:
    """Index of the first sample louder than -40 dBFS; None for silence."""
    loud = np.flatnonzero(np.abs(pcm) > AUDIBLE)
    return int(loud[0]) if len(loud) else None


def room(recorder: Recorder, seconds: float, played: Pcm | None = None) -> Pcm:
    """The room's sound, shape (samples, 2) at ROOM_RATE: left the person, right the frame, aligned to the origin.

    `played`: what the loudspeaker is known to have played, at ROOM_RATE; else it is put together from its reports."""
    sound = np.zeros((round(seconds * ROOM_RATE), 2), np.float32)
    for channel, pieces in enumerate((recorder.person, recorder.frame if played is None else ())):
        for piece in pieces:
            _lay(sound[:, channel], resample(piece.pcm, piece.rate, ROOM_RATE), piece.t - recorder.origin)
    if played is not None:
        _lay(sound[:, 1], played, 0.0)
    return np.clip(sound, -1, 1, out=sound)


def _lay(track: Pcm, pcm: Pcm, t: float) -> None:
    start = round(t * ROOM_RATE)
    if start < 0:
        pcm, start = pcm[-start:], 0
    end = min(len(track), start + len(pcm))
    if end > start:
        track[start:end] += pcm[: end - start]


def describe(event: ev.Event, ms: Any) -> dict[str, Any]:
    """An event as a line of events.jsonl: sounds by their length, times in ms."""
    line: dict[str, Any] = {"event": type(event).__name__, "t_ms": ms(event.t)}
    for name, value in _fields(event):
        if isinstance(value, np.ndarray):
            line[f"{name}_s"] = round(len(value) / MIC_RATE, 3)
        elif isinstance(value, Speech):
            line["seconds"] = round(value.seconds, 3)
        elif name == "speech_end":
            line["speech_end_ms"] = ms(value)
        elif hasattr(value, "__dataclass_fields__"):
            line.update({k: ms(v) if k == "t" else v for k, v in _fields(value) if k != "turn"})
        elif name == "called" and isinstance(value, tuple):
            line[name] = [asdict(proposal) for proposal in value]
        else:
            line[name] = value
    return line


def _fields(thing: Any) -> Iterator[tuple[str, Any]]:
    for name in thing.__dataclass_fields__:
        if name != "t" or not isinstance(thing, _TIMED):
            yield name, getattr(thing, name)


_TIMED = get_args(ev.Event)


def _last(times: list[float], before: float | None) -> float | None:
    """The last of `times`, before that time if there is one."""
    return max((t for t in times if before is None or t <= before), default=None)


def _difference(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else round(a - b, 1)
