"""How the face moves: from what the mind says it is doing to a pose for every moment. Pure and seeded.

`tell` takes Mood, Speak and Hush with their own times; `pose(t)` answers for the monotonic time at which the frame will
be seen. The same seed, messages and times give the same poses. `t` should not go back.
"""

from __future__ import annotations

import numpy as np

from device.face.blink import Blinks
from device.face.coarticulation import Mouth
from device.face.curves import Crossfade, Vector, noise
from device.face.gaze import Gaze
from device.face.gestures import Gestures
from device.face.head import Head, breath, within
from device.face.manner import CHANNELS, Manner
from device.face.pose import INDEX, PARAMETERS, Pose, posed
from device.link import Hush, Message, Mood, Speak

LEAD = 0.015
"""s by which the picture is ahead of the sound: people forgive 45 ms ahead and only 15 ms behind."""
BLEND = 0.9
"""s from one state's expression to the next one's."""
REST_RATE, TALK_RATE = 17.0, 26.0
"""Blinks a minute at rest and in conversation."""


def vector(**weights: float) -> Vector:
    """As `posed`, for the tables below."""
    return posed(weights)


def _smile(amount: float, **more: float) -> Vector:
    corners = {"mouthSmileLeft": amount, "mouthSmileRight": 0.92 * amount}
    cheeks = {"cheekSquintLeft": 0.6 * amount, "cheekSquintRight": 0.6 * amount}
    return vector(**corners, **cheeks, **more)


STATES: dict[str, Vector] = {
    # Never shut the eyes for hours: a picture of somebody with closed eyes is the wrong picture to have on a shelf.
    "asleep": vector(eyeBlinkLeft=0.1, eyeBlinkRight=0.1, headPitch=0.3),
    "idle": _smile(0.07),
    "listening": _smile(0.12, browInnerUp=0.1, headRoll=0.8, headPitch=0.3, eyeWideLeft=0.05, eyeWideRight=0.05),
    "thinking": vector(
        browInnerUp=0.12, browDownLeft=0.1, browDownRight=0.06, headYaw=0.7, headPitch=-0.7, headRoll=-0.5,
        mouthPucker=0.05,
    ),
    "speaking": _smile(0.08),
    "sorry": vector(browInnerUp=0.38, mouthFrownLeft=0.1, mouthFrownRight=0.1, headRoll=1.0, headPitch=0.9),
    "farewell": _smile(0.38, browInnerUp=0.08, headRoll=0.6),
    # A booth with nobody before it, and one that somebody has just come to.
    "attract": vector(eyeBlinkLeft=0.08, eyeBlinkRight=0.08, headPitch=1.8),
    "welcome": _smile(0.3, browInnerUp=0.08, browOuterUpLeft=0.1, browOuterUpRight=0.1, headPitch=-0.5),
}  # fmt: skip

CALM = frozenset({"asleep", "idle", "attract", "welcome"})
"""States in which nobody talks with it."""

LOWERING = frozenset({"farewell", "sorry"})
"""States that begin with a lowered head where the person did so in a film."""

LIVELINESS = {"asleep": 0.3, "idle": 0.55, "listening": 0.6, "thinking": 0.7, "speaking": 0.95, "attract": 0.75}
"""Size of the head's drift in each state, 0..1; 0.6 where not named."""

TALKING = frozenset({"listening", "thinking", "speaking", "sorry", "farewell"})

EMOTIONS: dict[str, Vector] = {
    "neutral": vector(),
    "warm": _smile(0.25),
    "happy": _smile(0.42, browInnerUp=0.06),
    "laughing": _smile(0.78, eyeBlinkLeft=0.14, eyeBlinkRight=0.14, mouthUpperUp=0.14),
    "moved": _smile(0.1, browInnerUp=0.32, eyeBlinkLeft=0.08, eyeBlinkRight=0.08),
    "sad": vector(browInnerUp=0.42, mouthFrownLeft=0.34, mouthFrownRight=0.34, eyeBlinkLeft=0.1, eyeBlinkRight=0.1),
    "serious": vector(browDownLeft=0.16, browDownRight=0.16),
    "surprised": vector(browInnerUp=0.3, browOuterUpLeft=0.3, browOuterUpRight=0.3, eyeWideLeft=0.2, eyeWideRight=0.2),
}
"""What the emotion of a clause adds to the face; an unknown name is neutral."""

_SPEED = {"gazeX": 40.0, "gazeY": 40.0, "headYaw": 25.0, "headPitch": 25.0, "headRoll": 25.0, "breath": 4.0}
FASTEST = np.array(
    [_SPEED.get(name, 30.0 if name.startswith(("eyeBlink", "mouthClose")) else 16.0) for name in PARAMETERS], np.float32
)
"""Per second: no parameter moves faster, whatever the mind sends (real blinks reach 20)."""
_LOW = np.array([-40.0 if n.startswith("head") else -1.0 if n.startswith("gaze") else 0.0 for n in PARAMETERS], "f4")
_HIGH = np.array([40.0 if n.startswith("head") else 1.0 for n in PARAMETERS], np.float32)
_HEAD = [INDEX["headYaw"], INDEX["headPitch"], INDEX["headRoll"]]
_SMILES = [INDEX[f"{part}{side}"] for part in ("mouthSmile", "cheekSquint") for side in ("Left", "Right")]
_LIDS = [INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]
_WIDE = [INDEX["eyeWideLeft"], INDEX["eyeWideRight"]]
_OUTER = [INDEX["browOuterUpLeft"], INDEX["browOuterUpRight"]]
_INNER, _BREATH = INDEX["browInnerUp"], INDEX["breath"]
_OWN = [CHANNELS.index(name) for name in ("brow", "smile", "lids")]
OWN_DRIFT = 0.4
"""Of the head's drift by noise, that is left where the person's own unrest is played."""
DEEPEST = 8.0
"""Degrees that the head goes with a gesture of the person's own."""
_GAZE = [INDEX["gazeX"], INDEX["gazeY"]]


class Motion:
    """The whole face; parts of it are in blink, gaze, head, gestures and coarticulation."""

    def __init__(self, seed: int = 0) -> None:
        self.mouth = Mouth()
        self.blinks = Blinks(seed * 4 + 1)
        self.gaze = Gaze(seed * 4 + 2)
        self.head = Head(seed * 4 + 3)
        self.gestures = Gestures(seed * 4 + 4, Manner())
        self.state = "idle"
        self._seed = seed
        self._mood = Crossfade(STATES["idle"])
        self._emotion = Crossfade(EMOTIONS["neutral"])
        self._lively = Crossfade(np.array([LIVELINESS["idle"]], np.float32))
        self._last: tuple[float, Pose] | None = None
        self._clause = (-1, -1)

    def adopt(self, manner: Manner, t: float) -> None:
        """From `t` on it moves as that person does. Between two poses nothing jumps: all speeds are limited."""
        self.blinks.adopt(manner.blinks)
        self.gestures = Gestures(self._seed * 4 + 4, manner)
        self._listen(t)

    def tell(self, message: Message) -> None:
        """Mood, Speak and Hush change the motion; everything else is not its business."""
        if isinstance(message, Mood):
            self._feel(message)
        elif isinstance(message, Speak):
            self._say(message)
        elif isinstance(message, Hush):
            self.mouth.hush(message.turn, message.t)
            self.head.hush(message.t)

    def pose(self, t: float) -> Pose:
        """The pose of the frame that is seen at `t` (s, monotonic clock); shape (len(PARAMETERS),)."""
        pose = self._mood.at(t) + self._emotion.at(t)
        pose[_SMILES] *= np.float32(1.0 + 0.35 * noise(self._seed + 55, t, 4.3))
        pose += self.mouth.at(t + LEAD)
        self._move_head_and_eyes(pose, t)
        inhale = self.mouth.inhale(t)
        pose[_BREATH] = 1.0 - (1.0 - 0.9 * breath(self._seed, t)) * (1.0 - 0.6 * inhale)
        np.clip(pose, _LOW, _HIGH, out=pose)
        return self._limit(pose, t)

    def _move_head_and_eyes(self, pose: Pose, t: float) -> None:
        lively = float(self._lively.at(t)[0])
        own, calm = self.gestures.at(t), self.gestures.calm(t) * np.float32(lively)
        angles, brow = self.head.at(t, lively * OWN_DRIFT if self.gestures.strolls else lively)
        angles += calm[:3]
        x, y, slow_x, slow_y = self.gaze.at(t)
        angles += pose[_HEAD]
        angles[0] += 2.6 * slow_x
        angles[1] += 2.0 * slow_y
        pose[_HEAD] = np.clip(within(angles) + own[:3], -DEEPEST, DEEPEST)
        raised, smile, lids = (own + calm)[_OWN]
        brow += float(raised)
        pose[_SMILES] += smile
        pose[_GAZE] = (x - 0.1 * slow_x, y - 0.1 * slow_y)  # the head has done a part of the way
        pose[_INNER] += brow
        pose[_OUTER] += 0.6 * brow + 0.25 * max(-y, 0.0)
        down = np.clip(pose[_LIDS] + 0.38 * max(y, 0.0) + lids, 0.0, 1.0)  # the upper lid rides on the eye
        pose[_LIDS] = down + (1.0 - down) * self.blinks.at(t)
        pose[_WIDE] += 0.3 * max(-y, 0.0)

    def _feel(self, mood: Mood) -> None:
        before, self.state = self.state, mood.state if mood.state in STATES else "idle"
        if self.state == before:
            return
        self._mood.move(mood.t, BLEND, STATES[self.state])
        self._lively.move(mood.t, BLEND, np.array([LIVELINESS.get(self.state, 0.6)], np.float32))
        self.blinks.set_rate(TALK_RATE if self.state in TALKING else REST_RATE, mood.t)
        self.gaze.set_state(self.state, mood.t)
        self._listen(mood.t)
        if self.state in LOWERING:
            self.gestures.lower(mood.t + 0.5)
        if before == "speaking":
            self.head.settle(mood.t)
            self._emotion.move(mood.t + 0.6, 1.8, EMOTIONS["neutral"])  # a smile outlasts the words

    def _listen(self, t: float) -> None:
        """Nods come from the person's own film, or else from the head's."""
        listening = self.state == "listening"
        self.gestures.listen(listening, t)
        self.head.listen(listening and not self.gestures.nods, t)

    def _say(self, speak: Speak) -> None:
        told = self._last[0] if self._last else speak.t0 - 1.0
        self.mouth.add(speak, told)
        if (speak.turn, speak.index) == self._clause:
            return  # the same clause with its time corrected: only the lips need it to the millisecond
        self._clause = (speak.turn, speak.index)
        self.head.speak(speak, told)
        if speak.emotion == "laughing":
            self.head.laugh(max(told, speak.t0))
        elif speak.emotion == "moved":
            self.gestures.lower(max(told, speak.t0))
        end = speak.t0 + speak.seconds
        self.blinks.attract(end)
        self.gaze.look_at_listener(end - 0.35)
        emotion = EMOTIONS.get(speak.emotion, EMOTIONS["neutral"])
        if not np.array_equal(emotion, self._emotion.goal):
            self._emotion.move(max(told, speak.t0 - 0.3), 0.7, emotion)

    def _limit(self, pose: Pose, t: float) -> Pose:
        if self._last is not None:
            before, last = self._last
            if 0.0 <= t - before < 0.5:
                reach = FASTEST * np.float32(t - before)
                np.clip(pose, last - reach, last + reach, out=pose)
        self._last = (t, pose)
        return np.array(pose, np.float32)
