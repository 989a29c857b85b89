"""When has the person finished? Silence, their words so far, the turn-end model's opinion, and their habit of pausing.

Pure: fed one speech probability per 10 ms block with its time, it answers with signals. A pause is announced early, so
that work may start on it; the end of the turn is announced when it is certain enough to speak.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from device.conversation.finished import Ending

SignalKind = Literal["onset", "pause", "judge", "resume", "end"]


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """How patient the frame is."""

    speech_at: float = 0.5
    """Speech begins at this detector probability ..."""
    resume_at: float = 0.35
    """... goes on after a pause at this one: that somebody is there is known, and old people begin softly ..."""
    silence_at: float = 0.35
    """... and ends below this one (hysteresis)."""
    onset_s: float = 0.09
    """s of speech before it counts: a click or a cup set down is shorter."""
    pause_s: float = 0.1
    """s of silence after which eager work starts."""
    judge_s: tuple[float, ...] = (0.2, 0.45)
    """s of silence after which the turn-end model is asked: it was trained on turns with 0.2 s of it, and what sounds
    open then may be closed later."""
    sure_wait_s: float = 0.5
    """s of silence that end a turn which is a whole question and sounds complete. The answer is hardly ever ready
    sooner, so that less would win nothing."""
    told_wait_s: float = 0.75
    """s of silence that end a statement, or what is not yet understood: people who tell something pause for 0.8 s."""
    unsure_wait_s: float = 1.0
    """s of silence that end a turn which breaks off in the middle."""
    pause_factor: float = 1.3
    """An unsure end waits at least this many times the longest pause the speaker made within the turn."""
    habit_share: float = 0.35
    """An end waits longer by this share of the pauses that the speaker is in the habit of making ..."""
    asked_habit_share: float = 0.25
    """... after a question by this one: few questions go on ..."""
    habit_keep: float = 0.7
    """... of which each turn forgets the rest of this factor."""
    longest_wait_s: float = 2.0
    """s; never wait longer than this."""
    longest_turn_s: float = 28.0
    """s; the transcriber hears 30 s at once."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that happened in the person's speech, or that is to be done about it ("judge")."""

    kind: SignalKind
    t: float
    """s: end of the last voiced block ("pause", "judge", "end") or start of the first one ("onset", "resume")"""


class Endpointer:
    """Follows one speaker through turns; `judge` hands in the turn-end model's opinion when a signal asks for it."""

    def __init__(self, settings: EndpointSettings | None = None) -> None:
        self.settings = settings or EndpointSettings()
        self._habit = 0.0
        self.reset()

    def reset(self) -> None:
        """Forgets the turn in progress."""
        self._began: float | None = None
        self._run_started: float | None = None
        self._last_voice = 0.0
        self._pausing = False
        self._complete = 0.0
        self._judged = 0
        self._ending: Ending | None = None
        self._longest_pause = 0.0

    @property
    def speaking(self) -> bool:
        """Whether a turn is open (its pauses included)."""
        return self._began is not None

    @property
    def pausing(self) -> bool:
        """Whether the turn that is open has come to a pause."""
        return self._pausing

    def learn(self, pause_s: float) -> None:
        """A pause within a turn that was taken for its end: s."""
        self._habit = max(self._habit, pause_s)

    def judge(self, complete: float) -> None:
        """The turn-end model's probability 0..1 that the pause ends the turn; the last one counts."""
        self._complete = complete

    def expect(self, ending: Ending) -> None:
        """How the words end that were said up to this pause, once they are understood."""
        self._ending = ending

    def wait_s(self) -> float:
        """Seconds of silence that now end the turn."""
        s = self.settings
        used_to = max(self._habit, self._longest_pause)
        asked = s.sure_wait_s + s.asked_habit_share * used_to
        told, unsure = (wait + s.habit_share * used_to for wait in (s.told_wait_s, s.unsure_wait_s))
        at_best, at_worst = {"asked": (asked, told), "open": (unsure, unsure)}.get(self._ending or "", (told, unsure))
        # Between certain and undecided the wait grows linearly: half a doubt costs half the patience.
        doubt = max(0.0, 1.0 - self._complete / 0.5)
        wait = at_best + (at_worst - at_best) * doubt
        if doubt > 0.0 or self._ending == "open":
            wait = max(wait, self._longest_pause * s.pause_factor)
        return min(wait, s.longest_wait_s)

    def step(self, t: float, probability: float, block_s: float = 0.01) -> list[Signal]:
        """One block that began at `t` s with the detector's probability -> what it means, in order.

        Every "end" follows a "pause" of the same speech, so that whoever works on pauses has seen all that was said."""
        voiced = probability >= self._needed()
        return self._voice(t, t + block_s) if voiced else self._silence(t + block_s)

    def _needed(self) -> float:
        if self._run_started is not None:
            return self.settings.silence_at
        return self.settings.speech_at if self._began is None else self.settings.resume_at

    def _voice(self, start: float, end: float) -> list[Signal]:
        if self._run_started is None:
            self._run_started = start
        if end - self._run_started + 1e-9 < self.settings.onset_s:
            return []
        signals = []
        if self._began is None:
            self._began = self._run_started
            signals.append(Signal("onset", self._began))
        elif self._pausing:
            self._longest_pause = max(self._longest_pause, self._run_started - self._last_voice)
            self._pausing = False
            self._complete, self._judged, self._ending = 0.0, 0, None
            signals.append(Signal("resume", self._run_started))
        self._last_voice = end
        if end - self._began >= self.settings.longest_turn_s:
            signals += [Signal("pause", end), self._end()]
        return signals

    def _silence(self, now: float) -> list[Signal]:
        self._run_started = None
        if self._began is None:
            return []
        quiet = now - self._last_voice + 1e-9
        signals = []
        if not self._pausing and quiet >= self.settings.pause_s:
            self._pausing = True
            signals.append(Signal("pause", self._last_voice))
        elif self._pausing and quiet >= self.wait_s():
            signals.append(self._end())
        elif self._judged < len(self.settings.judge_s) and quiet >= self.settings.judge_s[self._judged]:
            self._judged += 1
            signals.append(Signal("judge", self._last_voice))
        return signals

    def _end(self) -> Signal:
        self._habit = max(self._habit * self.settings.habit_keep, self._longest_pause)
        signal = Signal("end", self._last_voice)
        self.reset()
        return signal
