"""From an unpacked persona to the person alone, by whatever it has: a rig, a photograph with its matte, or a name."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from device.errors import ImagoError
from device.face.photo import find_photo
from device.face.pose import Pose
from device.face.render import Cutout, Frame, Rgba
from device.face.rig_files import read_png
from device.face.scenes.captions import name_card
from device.face.still import StillRenderer, load_photo

if TYPE_CHECKING:  # the first picture does not wait for it
    from device.face.rig import Rig

log = logging.getLogger(__name__)

Grey = NDArray[np.uint8]

CHOKE = 0.0009
"""Share of the photograph's longer side by which the matte is drawn in: what little of the old background clings to the
outline is nothing in the photograph and a halo in the dark."""
CLEAR, SOLID = 56, 235
"""Matte values under CLEAR are taken for background, over SOLID for the person: a half-sure grey patch beside a neck is
nothing on the old background and a smudge in the dark."""
SPECK = 0.005
"""Share of the photograph: smaller pieces of a matte that hang in the air are no part of anybody."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A person with what cuts them out."""

    photo: Frame
    matte: Grey
    """(height, width) of the photograph, 255 where the person is."""
    rig: Rig | None = None
    """What moves them, with the same matte."""
    outlined: bool = True
    """The matte is the person's outline, not an oval around them."""

    @property
    def relief(self) -> float:
        """How far the eyes lie before the ears, in widths of the photograph; 0 where nobody knows."""
        if self.rig is None:
            return 0.0
        depth = self.rig.landmarks[:, 2]
        eyes, ears = depth[[468, 473]].mean(), depth[[234, 454]].mean()
        return float(eyes - ears) / int(self.photo.shape[1])

    def cutout(self, size: tuple[int, int]) -> Cutout:
        """The person at `size` (width, height), which must have the photograph's shape."""
        if self.rig is None:
            return StillCutout(self, size)
        from device.face.render_cpu import RenderCpu

        return GuardedCutout(RenderCpu(self.rig, size), self)


class StillCutout:
    """One cut-out picture, swelling a little with the pose's breath. Implements `Cutout`."""

    def __init__(self, figure: Figure, size: tuple[int, int]) -> None:
        seen = cv2.multiply(figure.photo, cv2.merge([figure.matte] * 3), scale=1 / 255)
        self._seen = StillRenderer(np.asarray(seen, np.uint8), size)
        self._matte = StillRenderer(np.dstack([figure.matte] * 3), size)

    @property
    def size(self) -> tuple[int, int]:
        return self._seen.size

    def person(self, pose: Pose) -> Rgba:
        return np.dstack([self._seen.render(pose), self._matte.render(pose)[..., :1]])


class GuardedCutout:
    """A cutout that falls back to the still one for good when it fails once: the figure never goes away."""

    def __init__(self, cutout: Cutout, figure: Figure) -> None:
        self._cutout = cutout
        self._still = StillCutout(figure, cutout.size)
        self.broken = False

    @property
    def size(self) -> tuple[int, int]:
        return self._still.size

    def person(self, pose: Pose) -> Rgba:
        if not self.broken:
            try:
                return self._cutout.person(pose)
            except Exception:  # the edge to a drawing engine, which may fail in any way; the figure must stay
                log.exception("the renderer failed; the photograph is shown instead")
                self.broken = True
        return self._still.person(pose)


def still_figure(persona: Path | None, name: str) -> Figure:
    """The photograph with the matte that lies beside it, or a soft oval of it; the name where there is no photograph
    or it cannot be read. Never raises."""
    path = find_photo(persona)
    if path is not None:
        try:
            photo = load_photo(path)
            matte = _matte_beside(path, photo)
            return Figure(photo, _oval(photo), outlined=False) if matte is None else Figure(photo, matte)
        except ImagoError as error:
            log.warning("%s", error.line())
    dark = np.zeros((480, 640, 3), np.uint8)
    return Figure(name_card(dark, name) if name else dark, np.full(dark.shape[:2], 255, np.uint8), outlined=False)


def choked(matte: Grey) -> Grey:
    """The matte drawn in by CHOKE, surer of itself, and without specks."""
    reach = max(1, round(CHOKE * max(matte.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    inner = cv2.erode(matte, kernel, borderType=cv2.BORDER_REPLICATE)
    soft = cv2.GaussianBlur(inner, (0, 0), 0.6 * reach, borderType=cv2.BORDER_REPLICATE)
    sure = np.clip((np.arange(256) - CLEAR) / (SOLID - CLEAR), 0, 1)
    surer = cv2.LUT(cv2.min(soft, matte), np.rint(255 * sure).astype(np.uint8))
    _, labels, pieces, _ = cv2.connectedComponentsWithStats((surer > 0).astype(np.uint8))
    large = pieces[:, cv2.CC_STAT_AREA] >= SPECK * matte.size
    return np.asarray(np.where(large[labels], surer, 0), np.uint8)


def living_figure(persona: Path) -> Figure:
    """The persona's rig. Raises Missing or BadInput where there is none or it is broken."""
    from device.face.rig import load

    rig = load(persona / "likeness")
    matte = choked(rig.matte)
    return Figure(rig.photo, matte, replace(rig, matte=matte))


def best_figure(persona: Path | None, name: str, failed: Callable[[str], None] = lambda why: None) -> Figure:
    """The living figure, or the still one with a line in the log, then `failed` is told why. Never raises."""
    if persona is not None:
        try:
            return living_figure(persona)
        except ImagoError as error:
            log.warning("%s", error.line())
            failed(error.line())
        except Exception as error:  # the edge to somebody else's file: whatever is wrong, the photograph is shown
            log.exception("the rig of %s cannot be used", persona)
            failed(f"{type(error).__name__}: {error}")
    return still_figure(persona, name)


def _matte_beside(path: Path, photo: Frame) -> Grey | None:
    """`matte.png` of the photograph's size beside it, if there is one."""
    try:
        return choked(read_png(path.with_name("matte.png"), 1, photo.shape[:2]))
    except ImagoError:
        return None


def _oval(photo: Frame) -> Grey:
    """An oval over the photograph that melts away at its edge."""
    height, width = photo.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot((x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5) / 0.48
    soft = np.clip((1.0 - away) / 0.25, 0, 1)
    return np.asarray(np.rint(255 * soft * soft * (3 - 2 * soft)), np.uint8)
