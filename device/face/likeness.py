"""From an unpacked persona to a portrait on the screen, by whatever it has: a rig, a photograph, or only a name."""

from __future__ import annotations

import logging
from collections.abc import Callable
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
    """A renderer that, when it fails once, is replaced for good: by another one, then by the still photograph. The face
    never goes black."""

    def __init__(self, renderer: Renderer, photo: Frame, spare: Callable[[], Renderer] | None = None) -> None:
        """`spare` makes a renderer of the same size that may work where the first one does not."""
        self._renderer: Renderer | None = renderer
        self._spare = spare
        self._still = StillRenderer(photo, renderer.size)

    @property
    def size(self) -> tuple[int, int]:
        return self._still.size

    @property
    def broken(self) -> bool:
        """Whether nothing is left but the photograph."""
        return self._renderer is None

    def render(self, pose: Pose) -> Frame:
        while self._renderer is not None:
            try:
                return self._renderer.render(pose)
            except Exception:  # the edge to a drawing engine, which may fail in any way; the portrait must stay
                log.exception("the renderer failed")
                self._renderer = self._another()
        return self._still.render(pose)

    def _another(self) -> Renderer | None:
        spare, self._spare = self._spare, None
        try:
            return spare() if spare else None
        except Exception:  # the edge to a drawing engine, as above
            log.exception("no other renderer can be made; the photograph is shown instead")
            return None


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


def living_portrait(persona: Path, screen: tuple[int, int], renderer: str = "cpu") -> Portrait:
    """The persona's rig; `renderer` as for `choice.renderer_for`. Raises Missing or BadInput where there is no rig or
    it is broken."""
    from device.face.choice import renderer_for
    from device.face.render_cpu import RenderCpu
    from device.face.rig import load

    rig = load(persona / "likeness")
    where = place((rig.photo.shape[1], rig.photo.shape[0]), screen)
    size = (where.width, where.height)
    drawn = renderer_for(rig, size, renderer)
    spare = None if isinstance(drawn, RenderCpu) else lambda: RenderCpu(rig, size)
    return Portrait(Guarded(drawn, rig.photo, spare), rig.photo, screen)


def best_portrait(
    persona: Path | None,
    name: str,
    screen: tuple[int, int],
    renderer: str = "cpu",
    failed: Callable[[str], None] = lambda why: None,
) -> Portrait:
    """The living portrait, or the still one with a line in the log, then `failed` is told why. Never raises. The
    default is for films, which are the same on every machine."""
    if persona is not None:
        try:
            return living_portrait(persona, screen, renderer)
        except ImagoError as error:
            log.warning("%s", error.line())
            failed(error.line())
        except Exception as error:  # the edge to somebody else's file: whatever is wrong, the photograph is shown
            log.exception("the rig of %s cannot be used", persona)
            failed(f"{type(error).__name__}: {error}")
    return still_portrait(persona, name, screen)
