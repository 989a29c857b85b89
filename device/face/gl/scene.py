"""One likeness at one size on the graphics processor: all of this lives, works and ends on one thread."""

from __future__ import annotations

from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from device.errors import Broken
from device.face.gl import shaders
from device.face.gl.egl import EglContext
from device.face.gl.eye import GlEye
from device.face.gl.mesh import Mesh
from device.face.gl.mouth import GlMouth
from device.face.gl.overlay import GlOverlay
from device.face.gl.pictures import texture
from device.face.pose import Pose
from device.face.prepared import Prepared
from device.face.warp import Rect, grid_around

Image = NDArray[np.uint8]

_DITHER = 0x0BD0
"""GL_DITHER: on at first, and the same pose must give the same pixels wherever it is drawn."""


class Scene:
    """The layers as textures, the fields as meshes. Back to front: background and person, the eyes within the person,
    the face over the head, the mouth's inside and the lips over the face, a network's textures over all of it."""

    def __init__(self, context: EglContext, parts: Prepared) -> None:
        """Takes the context over; it ends with the scene."""
        self._context = context
        self.hardware = context.renderer
        """GL_RENDERER."""
        self._gl = gl = wrapped(context)
        self._fields = fields = parts.fields
        x0, y0, x1, y1 = fields.active
        self._size = width, height = max(x1 - x0, 1), max(y1 - y0, 1)
        view = (float(x0), float(y0), float(width), float(height))
        self._person = texture(gl, parts.person)
        self._person_target = gl.framebuffer([self._person])
        self._person_target.color_mask = (True, True, True, False)
        self._target = gl.framebuffer([gl.renderbuffer(self._size, 4)])
        self._eyes = [GlEye(gl, patch, parts.person) for patch in parts.eyes]
        self._head = Mesh(gl, fields.head_grid, 1, 2)
        self._face_grid = grid_around(fields.face_ever(), fields.step)
        self._face = Mesh(gl, self._face_grid, 3, 1)
        self._figure = _Figure(gl, texture(gl, parts.behind, smooth=False), view, self._head, self._face)
        self._mouth = GlMouth(gl, parts.mouth, self._face, view)
        self._overlays = [(overlay, GlOverlay(gl, overlay, self._face_grid, view)) for overlay in parts.overlays]

    def draw(self, pose: Pose) -> Image:
        """The active part of the frame in a limited pose, RGBA (h, w, 4). Raises Broken where the context failed."""
        fields = self._fields
        moved = fields.moved(pose)
        for eye in self._eyes:
            eye.draw(pose, self._person_target, self._person)
        self._target.scissor = None
        self._target.use()
        self._head.move(fields.head_sources(moved))
        self._figure.draw_head(self._person)
        if moved.weights.any():
            self._face.move(*fields.sources(moved, (moved.upper, moved.lower, moved.whole), self._face_grid))
            self._within(fields.face_now(moved))
            self._figure.draw_face(self._person)
            if (rect := fields.opening(moved)) is not None:
                self._within(rect)
                self._mouth.draw(pose, moved, fields, rect, self._person)
        for overlay, drawn in self._overlays:
            if (shown := overlay.shown(pose, moved)) is not None:
                self._within(shown.rect)
                drawn.draw(moved, shown)
        return self._read()

    def close(self) -> None:
        """Ends the context and everything in it."""
        self._context.close()

    def _within(self, rect: Rect) -> None:
        """Nothing outside of `rect` (frame pixels) is drawn upon."""
        left, top = self._fields.active[:2]
        self._target.scissor = (rect[0] - left, rect[1] - top, rect[2] - rect[0], rect[3] - rect[1])

    def _read(self) -> Image:
        if (error := self._gl.error) != "GL_NO_ERROR":
            raise Broken("graphics", expected="a drawn frame", got=error)
        out = np.empty((self._size[1], self._size[0], 4), np.uint8)
        out[0, 0] = out[-1, -1] = 0  # opaque afterwards, unless the context was lost and nothing was written
        self._target.read_into(out, components=4)
        _ = self._gl.error  # moderngl asks for desktop OpenGL's way of reading first
        if min(out[0, 0, 3], out[-1, -1, 3]) != 255:
            raise Broken("graphics", expected="a drawn frame", got="none: the context was lost")
        return out


class _Figure:
    """The person over what is behind them, by the head's mesh and by the face's."""

    def __init__(self, gl: Any, behind: Any, view: tuple[float, float, float, float], head: Mesh, face: Mesh) -> None:
        program = gl.program(vertex_shader=shaders.FIGURE_VERTEX, fragment_shader=shaders.FIGURE_FRAGMENT)
        program["person"], program["behind"], program["view"] = 0, 1, view
        self._behind = behind
        self._head = head.drawn_by(program, {"source": 0})
        self._face = face.drawn_by(program, {"source": 2})

    def draw_head(self, person: Any) -> None:
        self._draw(self._head, person)

    def draw_face(self, person: Any) -> None:
        self._draw(self._face, person)

    def _draw(self, mesh: Any, person: Any) -> None:
        person.use(0)
        self._behind.use(1)
        mesh.render(moderngl.TRIANGLES)


def wrapped(context: EglContext) -> Any:
    """A context as moderngl's."""
    create: Any = moderngl.create_context  # its types know only its own makers of contexts
    gl = create(require=300, standalone=True, context=context)
    gl.disable_direct(_DITHER)
    _ = gl.error  # what it asked for in vain of desktop OpenGL
    return gl
