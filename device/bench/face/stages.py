"""The scenes whose frames are measured, each with what its face is told: as the face's process would have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from device.bench.face.costs import Case
from device.config import Hologram
from device.face.choice import renderer_for
from device.face.likeness import Guarded
from device.face.render import Frame, Renderer
from device.face.rig import Rig
from device.face.scenes.photographs import Photographs
from device.face.scenes.portrait import Portrait, place
from device.face.settings import Settings
from device.face.stage import Stage
from device.face.wardrobe import best_scene, booth_for, stage_for
from device.greeting import messages, pictures
from device.link import Message, Mood, Order, Speak

Size = tuple[int, int]
IDLE: list[tuple[float, Message]] = [(-3.0, Mood("idle", -3.0))]
ALBUM: list[tuple[float, Message]] = [*IDLE, (-3.0, Order("album", -3.0))]


def _same(frame: Frame) -> Frame:
    return frame


@dataclass(frozen=True, slots=True)
class Scene:
    """Frames of one case, without end, and what comes between them and the screen."""

    case: Case
    frames: Iterator[Frame]
    show: Callable[[Frame], object] = _same


class Scenes:
    """Makes them for one persona and renderer."""

    def __init__(self, folder: Path, name: str, rig: Rig, renderer: str) -> None:
        """`renderer`: cpu or gl; `drawn_by` says which it became."""
        self._folder, self._name, self._rig, self._wanted = folder, name, rig, renderer
        self._renderers: dict[Size, Renderer] = {}
        self.drawn_by = ""

    def renderer(self, screen: Size) -> Renderer:
        """Of the photograph as it lies on a screen."""
        if screen not in self._renderers:
            photo = self._rig.photo
            where = place((photo.shape[1], photo.shape[0]), screen)
            self._renderers[screen] = renderer_for(self._rig, (where.width, where.height), self._wanted)
            hardware = getattr(self._renderers[screen], "hardware", "")
            self.drawn_by = f"OpenGL on {hardware}" if hardware else "the processor"
        return self._renderers[screen]

    def portrait(self, screen: Size) -> Portrait:
        """The living portrait on its canvas."""
        return Portrait(Guarded(self.renderer(screen), self._rig.photo), self._rig.photo, screen)

    def all(self, sizes: Sequence[Size], rates: Sequence[int], speaks: Sequence[Speak]) -> Iterator[Scene]:
        """Every case to be measured; made one by one, for each holds its pictures."""
        for size in sizes:
            for fps in rates:
                yield self._alone("portrait, idle", size, fps, IDLE)
                yield self._alone("portrait, speaking", size, fps, messages(speaks))
            yield from self._album(size)
            yield self._hologram(size, speaks)

    def _alone(self, what: str, size: Size, fps: int, told: Sequence[tuple[float, Message]]) -> Scene:
        return Scene(Case(what, size, fps), pictures(Stage(size, self.portrait(size), 1), told, fps))

    def _album(self, size: Size) -> Iterator[Scene]:
        photographs = Photographs(self._folder, size, 1)
        if photographs.album.empty:
            return
        stage = Stage(size, self.portrait(size), 1)
        stage.wear(self.portrait(size), -10.0, photographs)
        yield Scene(Case("album", size, 30), pictures(stage, ALBUM, 30))

    def _hologram(self, size: Size, speaks: Sequence[Speak]) -> Scene:
        chosen = Hologram()
        settings = Settings(Path("unused"), self._folder, self._name, size, scene="hologram", hologram=chosen)
        booth = booth_for(settings)
        assert booth is not None
        stage = stage_for(settings, booth.view, None)
        stage.wear(best_scene(settings, booth.view, self._folder, self._name), -10.0)
        return Scene(Case("hologram, speaking", size, 30), pictures(stage, messages(speaks), 30), booth.show)
