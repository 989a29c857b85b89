"""The open mouth: both lips and what is seen between them, in one pass."""

from __future__ import annotations

from typing import Any

import cv2
import moderngl
import numpy as np

from device.face.fields import Fields, Moved
from device.face.gl import shaders
from device.face.gl.mesh import Mesh
from device.face.gl.pictures import curves, place_slit, stack, whole
from device.face.mouth import Floats, Image, MouthInside
from device.face.pose import Pose
from device.face.rig import MOUTH_LAYERS
from device.face.warp import Rect


class GlMouth:
    """Draws over the face what the parted lips change."""

    def __init__(self, gl: Any, mouth: MouthInside, face: Mesh, view: tuple[float, float, float, float]) -> None:
        """The first two sources of `face` are those of the upper and the lower copy of the face."""
        self._mouth = mouth
        self._program = program = gl.program(vertex_shader=shaders.MOUTH_VERTEX, fragment_shader=shaders.MOUTH_FRAGMENT)
        self._textures = {
            "layers": stack(gl, [_bordered(name, mouth.layers[name]) for name in MOUTH_LAYERS]),
            "curves": curves(gl, mouth.slit.upper, mouth.slit.lower),
        }
        program["person"] = 0
        for unit, name in enumerate(self._textures, 1):
            program[name] = unit
        program["view"] = view
        place_slit(program, mouth.slit)
        undo = np.linalg.inv(mouth.matrix[:, :2])
        program["undo"].write(np.ascontiguousarray(undo.T, np.float32))  # GLSL keeps matrices by columns
        program["origin"] = tuple(float(c) for c in mouth.matrix[:, 2])
        self._mesh = face.drawn_by(program, {"source_upper": 0, "source_lower": 1})

    def draw(self, pose: Pose, moved: Moved, fields: Fields, rect: Rect, person: Any) -> None:
        """`rect` is the part of the frame around the lips; the caller sees to it that nothing else is drawn upon."""
        middle = np.array([(rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2], np.float32)
        shifts = self._mouth.shifts(pose, fields.head_at(moved, middle), float(moved.weights[0]))
        self._program["shifts"].write(np.ascontiguousarray(shifts))
        person.use(0)
        for unit, picture in enumerate(self._textures.values(), 1):
            picture.use(unit)
        self._mesh.render(moderngl.TRIANGLES)


def _bordered(name: str, layer: Floats) -> Image:
    """A layer with a border of one pixel: beyond the cavity its edge goes on, beyond the others there is nothing."""
    kind = cv2.BORDER_REPLICATE if name == "cavity" else cv2.BORDER_CONSTANT
    picture = whole(layer * np.array([1, 1, 1, 255], np.float32))
    return np.asarray(cv2.copyMakeBorder(picture, 1, 1, 1, 1, kind), np.uint8)
