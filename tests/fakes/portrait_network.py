"""A portrait network without a network: it draws whatever it was last shown, in its own colours and place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.likeness.neural.keypoints import COUNT, Motion

Floats = NDArray[Any]


class FakePortraitNetwork:
    """Implements `Network`. `gain` and `offset` are its colours, `shift` the pixels by which it draws too far right,
    `blur` how soft (pixels); asked for shut lips or eyes it draws the face at rest. What `truth` holds for "motion",
    "lips" or "eyes" it draws instead, once it has seen the face at rest."""

    def __init__(
        self,
        gain: tuple[float, float, float] = (1.0, 1.0, 1.0),
        offset: float = 0.0,
        shift: int = 0,
        blur: float = 0.0,
        verified: bool = False,
        truth: Mapping[str, Floats] | None = None,
    ) -> None:
        self.verified = verified
        self._gain, self._offset, self._shift, self._blur = np.array(gain, np.float32), offset, shift, blur
        self._last: Floats | None = None
        self._truth = truth or {}
        self._told = {"lips": 0, "eyes": 0, "motion": 0}

    def appearance(self, picture: Floats) -> Floats:
        return picture

    def motion(self, picture: Floats) -> Motion:
        self._last = picture if self._told["motion"] == 0 else self._truth.get("motion", picture)
        self._told["motion"] += 1
        return Motion((0.0, 0.0, 0.0), np.zeros(3), np.zeros((COUNT, 3)), 1.0, np.zeros((COUNT, 3)))

    def stitched(self, source: Floats, driving: Floats) -> Floats:
        return driving

    def eyes(self, source: Floats, own: tuple[float, float], wanted: float) -> Floats:
        return self._rest("eyes", source)

    def lips(self, source: Floats, own: float, wanted: float) -> Floats:
        return self._rest("lips", source)

    def picture(self, appearance: Floats, source: Floats, driving: Floats) -> Floats:
        shown = np.asarray(appearance if self._last is None else self._last, np.float32)
        if self._blur:
            shown = np.asarray(cv2.GaussianBlur(shown, (0, 0), self._blur), np.float32)
        return np.asarray(np.clip(np.roll(shown, self._shift, 1) * self._gain + self._offset, 0, 255), np.float32)

    @property
    def told(self) -> dict[str, int]:
        """How often it was asked for each."""
        return dict(self._told)

    def _rest(self, what: str, source: Floats) -> Floats:
        self._told[what] += 1
        self._last = self._truth.get(what)
        return source
