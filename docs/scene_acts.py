"""What happens in one minute of each scene: messages to the face, keys, the time of day. Pure.

A minute may be given any other length; what is said keeps its own, and is left out where it would not fit.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from device.config import Hologram, Night
from device.link import Heard, Message, Mood, Photos, Speak
from device.ports import Speech
from device.speaking import speak

Say = Callable[[str, str], Speech]
"""(text, language) -> speech."""

QUESTIONS = (
    (0.04, "en", "Grandpa, how did you meet grandma?",
     "I met your grandmother Lan on the morning ferry in nineteen sixty.", "warm"),
    (0.36, "zh", "外公，给我讲讲这张照片。", "这是早班轮渡，秀兰在船上，我也在，靠着栏杆找伞骨。", "happy"),
    (0.68, "en", "And how many ribs did you find?",
     "Thirty-five. She counted them and said, one is missing.", "laughing"),
)  # fmt: skip
GREETING = ("zh", "外公在这儿呢，过来坐。")
FEELINGS = (
    ("moved", "en", "She kept that umbrella for forty years."),
    ("laughing", "en", "I fell in twice before I was six."),
    ("sad", "en", "The old ferry is gone now."),
)
THINKS = 1.2
"""s between a question and its answer."""
FIRST, LAST = datetime.time(22, 22), datetime.time(23, 2)
"""The time of day at which the night's film begins and ends."""


@dataclass
class Act:
    """One film."""

    told: list[tuple[float, Message]] = field(default_factory=list)
    """s of the film, in order."""
    keys: list[tuple[float, str]] = field(default_factory=list)
    sound: list[tuple[float, Speech]] = field(default_factory=list)
    hologram: Hologram | None = None
    night: Night = field(default_factory=Night)
    album_after_s: float = 0.0
    stills: tuple[float, ...] = (0.05, 0.24, 0.44, 0.6, 0.74, 0.96)
    """Shares of the film at which its stills are taken."""
    close: bool = False
    """They show the face alone."""

    def mood(self, t: float, state: str) -> None:
        """The face's state from `t` s on."""
        self.told.append((t, Mood(state, t)))

    def says(self, t: float, speech: Speech, emotion: str, until: float) -> float:
        """A clause from `t` s on, where it ends before `until`; when it ends."""
        if t + speech.seconds > until:
            return t
        clause: Speak = speak(len(self.sound), 0, t, speech, emotion)
        self.told.append((max(t - 0.3, 0.0), clause))
        self.sound.append((t, speech))
        return t + speech.seconds


def acts(seconds: float, say: Say, photo: str) -> dict[str, Act]:
    """The scenes by name. `photo`: the file of the one that is talked about."""
    album = Act(album_after_s=0.5)
    album.mood(-3.0, "idle")
    return {
        "album": album,
        "talk": _talk(seconds, say, photo),
        "sheet": _talk(seconds, say, "", Hologram(mirror=False)),
        "pyramid": _talk(seconds, say, "", Hologram(layout="pyramid", mirror=False)),
        "attract": _attract(seconds, say),
        "night": _night(seconds, say),
        "calibration": _calibration(seconds),
        "states": _states(seconds, say),
    }


def _asked(act: Act, t: float, seconds: float, say: Say, turn: tuple[str, str, str, str], photo: str) -> None:
    """One question and its answer, from `t` s on."""
    language, question, answer, emotion = turn
    heard = t + 0.05 * seconds
    act.mood(t, "listening")
    act.told.append((heard, Heard(question, language)))
    act.mood(heard, "thinking")
    begins = heard + min(THINKS, 0.05 * seconds)
    if photo:
        act.told.append((begins, Photos((photo,), True, begins)))
    act.mood(begins, "speaking")
    ends = max(act.says(begins + 0.4, say(answer, language), emotion, seconds), begins + 0.05 * seconds)
    act.mood(ends, "idle")
    act.told.append((ends, Heard("", language)))


def _talk(seconds: float, say: Say, photo: str, hologram: Hologram | None = None) -> Act:
    act = Act(hologram=hologram, stills=(0.02, 0.15, 0.3, 0.475, 0.62, 0.79))
    act.mood(-3.0, "idle")
    for share, *turn in QUESTIONS:
        _asked(act, share * seconds, seconds, say, (turn[0], turn[1], turn[2], turn[3]), photo)
    return act


def _attract(seconds: float, say: Say) -> Act:
    """Nobody there for a while; then somebody comes and is greeted."""
    act = Act(hologram=Hologram(mirror=False, attract_after_s=max(5.0, 0.15 * seconds)))
    act.mood(-3.0, "idle")
    comes = 0.66 * seconds
    act.keys.append((comes, "f9"))
    language, text = GREETING
    act.mood(comes + 1.2, "speaking")
    ends = act.says(comes + 1.6, say(text, language), "warm", seconds)
    act.mood(ends + 0.1, "idle")
    return act


def _night(seconds: float, say: Say) -> Act:
    """It grows dark; somebody speaks to it in the dark; it grows dark again."""
    act = Act(night=Night(begins="22:25", ends="07:00"), stills=(0.02, 0.2, 0.38, 0.51, 0.7, 0.98))
    act.mood(-3.0, "asleep")
    language, question, answer, emotion = QUESTIONS[0][1:]
    _asked(act, 0.4 * seconds, seconds, say, (language, question, answer, emotion), "")
    act.mood(0.55 * seconds, "asleep")
    return act


def _calibration(seconds: float) -> Act:
    """A sheet is set by hand: its test picture, mirrored, its corners dragged, its black raised, kept."""
    act = Act(hologram=Hologram(mirror=False))
    act.mood(-3.0, "idle")
    keys = ["c", "m", *["right"] * 6, *["down"] * 5, "tab", *["left"] * 6, *["down"] * 4, *["+"] * 6, *["]"] * 3, "s"]
    begins, ends = 0.12 * seconds, 0.82 * seconds
    act.keys = [(begins + (ends - begins) * k / (len(keys) - 1), key) for k, key in enumerate(keys)]
    return act


def _states(seconds: float, say: Say) -> Act:
    """Asleep, idle, listening and thinking; moved, laughing and sad; farewell."""
    act = Act(stills=(0.08, 0.32, 0.43, 0.51, 0.655, 0.785), close=True)
    for share, state in ((-0.05, "asleep"), (0.12, "idle"), (0.24, "listening"), (0.36, "thinking")):
        act.mood(share * seconds, state)
    for number, (emotion, language, text) in enumerate(FEELINGS):
        t = (0.48 + 0.14 * number) * seconds
        act.mood(t, "speaking")
        ends = act.says(t + 0.4, say(text, language), emotion, t + 0.14 * seconds + 4.0)
        act.mood(max(ends, t + 0.1) + 0.1, "listening")
    act.mood(0.9 * seconds, "farewell")
    return act
