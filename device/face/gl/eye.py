"""One eye, drawn into the person's texture."""

from __future__ import annotations

from typing import Any

import moderngl
import numpy as np

from device.face.eyes import EyePatch, Lids, lids_of, meeting
from device.face.gl import shaders
from device.face.gl.pictures import Image, curves, place_slit, texture, whole
from device.face.pose import INDEX, Pose

_AT_REST = (Lids(0.0, 0.0), (0.0, 0.0))


class GlEye:
    """Keeps its place in a texture of the frame's size up to date with the pose."""

    def __init__(self, gl: Any, patch: EyePatch, person: Image) -> None:
        """`person` is the premultiplied RGBA picture that the texture holds at first."""
        self._patch = patch
        x0, y0, x1, y1 = patch.rect
        self._viewport = (x0, y0, x1 - x0, y1 - y0)
        self._rest = np.ascontiguousarray(person[y0:y1, x0:x1])
        self._shown = _AT_REST
        self._program = program = gl.program(vertex_shader=shaders.EYE_VERTEX, fragment_shader=shaders.EYE_FRAGMENT)
        globe = patch.globe
        iris = whole(np.pad(np.dstack([globe.iris, globe.alpha * 255]), ((1, 1), (1, 1), (0, 0))))
        self._textures = {
            "photo": texture(gl, patch.photo, smooth=False),
            "calm": texture(gl, patch.calm, smooth=False),
            "ball": texture(gl, whole(globe.ball), smooth=False),
            "iris": texture(gl, iris),
            "curves": curves(gl, patch.slit.upper, patch.slit.lower, meeting(patch.slit)),
        }
        for unit, name in enumerate(self._textures):
            program[name] = unit
        place_slit(program, patch.slit)
        program["first"] = (x0, y0)
        program["reach"] = patch.reach
        program["lash"] = tuple(float(c) / 255 for c in patch.lash)
        corners = gl.buffer(np.array([-1, -1, 1, -1, -1, 1, 1, 1], np.float32).tobytes())
        self._square = gl.vertex_array(program, [(corners, "2f", "corner")])

    def draw(self, pose: Pose, target: Any, person: Any) -> None:
        """`person` is the texture, `target` the framebuffer that draws into it without touching its alpha."""
        lids = lids_of(pose, self._patch.side)
        look = (float(pose[INDEX["gazeX"]]), float(pose[INDEX["gazeY"]]))
        if (lids, look) == self._shown:
            return
        self._shown = (lids, look)
        if self._shown == _AT_REST:
            person.write(self._rest, viewport=self._viewport)
            return
        program = self._program
        program["look"] = tuple(float(c) for c in np.array(look, np.float32) * self._patch.globe.travel)
        program["lids"] = (lids.upper, lids.lower)
        program["strained"] = self._patch.strained(lids)
        target.viewport = self._viewport
        target.use()
        for unit, picture in enumerate(self._textures.values()):
            picture.use(unit)
        self._square.render(moderngl.TRIANGLE_STRIP)
