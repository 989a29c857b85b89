"""What a portrait network drew of one region, laid over the face: `overlays.py`, by a graphics processor."""

from __future__ import annotations

from typing import Any

import moderngl
import numpy as np

from device.face.fields import Moved
from device.face.gl import shaders
from device.face.gl.mesh import Mesh
from device.face.gl.pictures import curves, place_slit, stack
from device.face.overlays import Overlay, Shown
from device.face.warp import Grid

_SOURCES = ("from_rest_upper", "from_rest_lower", "first_upper", "first_lower", "second_upper", "second_lower")


class GlOverlay:
    """Blended by the hardware: the mesh lies over itself nowhere, and a region fades out before its borders."""

    def __init__(self, gl: Any, overlay: Overlay, grid: Grid, view: tuple[float, float, float, float]) -> None:
        """`grid` holds every place that the region can come to."""
        self._gl, self._overlay, self._grid = gl, overlay, grid
        self._program = program = gl.program(vertex_shader=shaders.CELL_VERTEX, fragment_shader=shaders.CELL_FRAGMENT)
        slit = overlay.fields.slit
        self._textures = (stack(gl, overlay.cells), curves(gl, slit.upper, slit.lower))
        program["cells"], program["curves"] = 0, 1
        program["view"] = view
        place_slit(program, slit)
        self._mesh = Mesh(gl, grid, len(_SOURCES), 1)
        self._drawn = self._mesh.drawn_by(program, {name: index for index, name in enumerate(_SOURCES)})

    def draw(self, moved: Moved, shown: Shown) -> None:
        """The caller sees to it that nothing beside `shown.rect` is drawn upon."""
        rest = self._overlay.rest(moved, self._grid)
        first, second = shown.picks[0], shown.picks[-1] if len(shown.picks) > 1 else (shown.picks[0][0], 0.0)
        ways = [*self._overlay.ways(first[0], rest), *self._overlay.ways(second[0], rest)]
        self._mesh.move(*rest, *(np.asarray(way, np.float32) for way in ways))
        self._program["picks"] = (float(first[0]), first[1], float(second[0]), second[1])
        self._program["inner"] = shown.inner if len(shown.inner) > 1 else (*shown.inner, 0.0)
        for unit, picture in enumerate(self._textures):
            picture.use(unit)
        self._gl.enable(moderngl.BLEND)
        self._gl.blend_func = (moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA, moderngl.ZERO, moderngl.ONE)
        self._drawn.render(moderngl.TRIANGLES)
        self._gl.disable(moderngl.BLEND)
