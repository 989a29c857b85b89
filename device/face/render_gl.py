"""The moving portrait on a graphics processor: the same rig, the same fields and the same picture as `render_cpu.py`.

The fields of a pose are computed on the processor; vertices, skin, eyes and mouth are shaders' work, on a thread of
their own. Only the part of the frame that can move is drawn and read back; at rest the photograph itself is given.
"""

from __future__ import annotations

import contextlib
import logging
import weakref
from collections.abc import Callable

from device.face.features import limited
from device.face.gl.egl import EglContext
from device.face.gl.scene import Scene
from device.face.gl.thread import OwnThread
from device.face.pose import Pose
from device.face.prepared import Prepared
from device.face.render import Frame
from device.face.rig import Rig

log = logging.getLogger(__name__)

START_S = 30.0
"""s until shaders must be compiled and textures there; drivers compile some seconds the first time."""
FRAME_S = 5.0
"""s until a frame must be drawn: far beyond the slowest software renderer, so that more is a driver that hangs."""


class RenderGl:
    """A rig at one output size. Implements `device.face.render.Renderer`; any thread may make, use and let it go."""

    def __init__(self, rig: Rig, size: tuple[int, int], open_context: Callable[[], EglContext] = EglContext) -> None:
        """`size` is (width, height) in pixels, at least 16 x 16. Raises Missing where no context can be had, and
        whatever a driver makes of shaders and textures that it does not take."""
        parts = Prepared(rig, size)
        self._size = size
        self._base = parts.base
        self._active = parts.fields.active
        self._thread = OwnThread("graphics")
        with contextlib.ExitStack() as undo:
            undo.callback(self._thread.end)
            self._scene = self._thread.call(lambda: _scene(open_context, parts), START_S)
            undo.pop_all()
        log.info("the portrait is drawn by %s", self._scene.hardware)
        weakref.finalize(self, self._thread.end, self._scene.close).atexit = False

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of every frame, pixels."""
        return self._size

    @property
    def hardware(self) -> str:
        """What OpenGL says it draws with."""
        return self._scene.hardware

    def render(self, pose: Pose) -> Frame:
        """The face in this pose: RGB (height, width, 3). The same pose always gives the same pixels."""
        pose = limited(pose)
        out = self._base.copy()
        if pose.any():
            scene = self._scene
            x0, y0, x1, y1 = self._active
            drawn = self._thread.call(lambda: scene.draw(pose), FRAME_S)
            out[y0:y1, x0:x1] = drawn[: y1 - y0, : x1 - x0, :3]
        return out


def _scene(open_context: Callable[[], EglContext], parts: Prepared) -> Scene:
    with contextlib.ExitStack() as undo:
        context = open_context()
        undo.callback(context.close)
        scene = Scene(context, parts)
        undo.pop_all()
    return scene
