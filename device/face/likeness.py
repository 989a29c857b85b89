"""From an unpacked persona to a portrait on the screen, by whatever it has: a rig, a photograph, or only a name."""

from __future__ import annotations

import logging
from pathlib import Path

from device.errors import ImagoError
from device.face.photo import find_photo
from device.face.pose import Pose
from device.face.render import Frame, Renderer
from device.face.scenes.captions import name_card
from device.face.scenes.portrait import Portrait, place
from device.face.still import StillRenderer, card, load_photo

log = logging.getLogger(__name__)


class Guarded:
    """A renderer that falls back to the still photograph for good when it fails once: the face never goes black."""

    def __init__(self, renderer: Renderer, photo: Frame) -> None:
        self._renderer = renderer
        self._still = StillRenderer(photo, renderer.size)
        self.broken = False

    @property
    def size(self) -> tuple[int, int]:
        return self._still.size

    def render(self, pose: Pose) -> Frame:
        if not self.broken:
            try:
                return self._renderer.render(pose)
            except Exception:  # the edge to a drawing engine, which may fail in any way; the portrait must stay
                log.exception("the renderer failed; the photograph is shown instead")
                self.broken = True
        return self._still.render(pose)


def still_portrait(persona: Path | None, name: str, screen: tuple[int, int]) -> Portrait:
    """The photograph, or a calm card with the name where there is none or it cannot be read. Never raises."""
    path = find_photo(persona)
    if path is not None:
        try:
            photo = load_photo(path)
            where = place((photo.shape[1], photo.shape[0]), screen)
            return Portrait(StillRenderer(photo, (where.width, where.height)), photo, screen)
        except ImagoError as error:
            log.warning("%s", error.line())
    picture = card(screen)
    if name:
        picture = name_card(picture, name)
    return Portrait(StillRenderer(picture, screen), picture, screen)


def living_portrait(persona: Path, screen: tuple[int, int]) -> Portrait:
    """The persona's rig. Raises Missing or BadInput where there is none or it is broken."""
    from device.face.render_cpu import RenderCpu
    from device.face.rig import load

    rig = load(persona / "likeness")
    where = place((rig.photo.shape[1], rig.photo.shape[0]), screen)
    renderer = RenderCpu(rig, (where.width, where.height))
    return Portrait(Guarded(renderer, rig.photo), rig.photo, screen)


def best_portrait(persona: Path | None, name: str, screen: tuple[int, int]) -> Portrait:
    """The living portrait, or the still one with a line in the log. Never raises."""
    if persona is not None:
        try:
            return living_portrait(persona, screen)
        except ImagoError as error:
            log.warning("%s", error.line())
        except Exception:  # the edge to a file somebody else made: whatever is wrong with it, the photograph is shown
            log.exception("the rig of %s cannot be used", persona)
    return still_portrait(persona, name, screen)
