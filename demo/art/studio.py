"""The studio: what the camera sees of each surface, and how much light from each direction reaches it.

Software OpenGL is enough. Everything else (colour, skin, paint) happens on the arrays that come back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from .mesh import Floats, Ints, floats, triangles, vertex_normals

_SEEN_VERTEX = """#version 330
uniform mat4 camera; in vec3 point; in vec3 normal; in vec3 rest; in vec4 mask;
out vec3 v_point; out vec3 v_normal; out vec3 v_rest; out vec4 v_mask;
void main() {
  gl_Position = camera * vec4(point, 1.0);
  v_point = point; v_normal = normal; v_rest = rest; v_mask = mask;
}
"""
_SEEN_FRAGMENT = """#version 330
uniform float part; in vec3 v_point; in vec3 v_normal; in vec3 v_rest; in vec4 v_mask;
layout(location=0) out vec4 o_point; layout(location=1) out vec4 o_normal;
layout(location=2) out vec4 o_rest; layout(location=3) out vec4 o_mask;
void main() {
  o_point = vec4(v_point, part); o_normal = vec4(normalize(v_normal), 1.0);
  o_rest = vec4(v_rest, 1.0); o_mask = v_mask;
}
"""
_DEPTH_VERTEX = """#version 330
uniform mat4 light; in vec3 point; void main() { gl_Position = light * vec4(point, 1.0); }
"""
_DEPTH_FRAGMENT = "#version 330\nvoid main() {}\n"
_QUAD_VERTEX = "#version 330\nin vec2 corner; void main() { gl_Position = vec4(corner, 0.0, 1.0); }\n"
_LIGHT_FRAGMENT = """#version 330
uniform mat4 light; uniform vec3 direction; uniform vec3 colour; uniform vec3 wrap; uniform float bias;
uniform sampler2D points; uniform sampler2D normals; uniform sampler2DShadow depth;
layout(location=0) out vec4 o_light;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec4 point = texelFetch(points, at, 0);
  if (point.w < 0.5) discard;
  vec3 normal = texelFetch(normals, at, 0).xyz;
  vec3 lambert = max(vec3(0.0), (vec3(dot(normal, direction)) + wrap) / (1.0 + wrap));
  if (lambert.r <= 0.0) discard;
  vec4 placed = light * vec4(point.xyz + normal * bias + direction * bias, 1.0);
  vec3 where = placed.xyz * 0.5 + 0.5;
  o_light = vec4(colour * lambert * texture(depth, where), 1.0);
}
"""


@dataclass(frozen=True)
class Part:
    """One object in front of the camera: `number` tells the parts apart; not all are `seen` or cast a shadow."""

    number: int
    points: Floats
    rest: Floats
    masks: Floats
    quads: Ints
    seen: bool = True
    casts: bool = True
    normals: Floats | None = None


@dataclass(frozen=True)
class View:
    """A camera looking along -z, turned by `turn` degrees about the sitter; lengths in decimetres."""

    width: int
    height: int
    centre: tuple[float, float, float]
    span: float
    distance: float
    turn: float

    def matrix(self) -> Floats:
        """World to clip space, (4, 4)."""
        angle = np.radians(self.turn)
        eye = np.array(self.centre) + self.distance * np.array([np.sin(angle), 0.0, np.cos(angle)])
        focal = 2 * self.distance / self.span
        near, far = self.distance - 5.0, self.distance + 8.0
        lens = np.zeros((4, 4))
        lens[0, 0], lens[1, 1] = focal, focal * self.width / self.height
        lens[2, 2], lens[2, 3], lens[3, 2] = -(far + near) / (far - near), -2 * far * near / (far - near), -1
        return floats(lens @ _looking(eye, np.array(self.centre)))

    def project(self, points: Floats) -> Floats:
        """Pixel x, pixel y and clip depth of `points` (n, 3)."""
        clip = np.concatenate([points, np.ones((len(points), 1), np.float32)], axis=1) @ self.matrix().T
        flat = clip[:, :3] / clip[:, 3:]
        x, y = (flat[:, 0] + 1) / 2 * self.width, (1 - flat[:, 1]) / 2 * self.height
        return floats(np.stack([x, y, flat[:, 2]], axis=1))


@dataclass(frozen=True)
class Seen:
    """What the camera sees, per pixel: place (h, w, 3), part number, normal, place at rest, masks (h, w, 4)."""

    point: Floats
    part: npt.NDArray[np.int32]
    normal: Floats
    rest: Floats
    mask: Floats


@dataclass(frozen=True)
class Light:
    """A distant light: unit direction towards it and colour."""

    direction: tuple[float, float, float]
    colour: tuple[float, float, float]


def _looking(eye: npt.NDArray[np.float64], target: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    back = (eye - target) / np.linalg.norm(eye - target)
    up = np.array([0.0, 1.0, 0.0]) if abs(back[1]) < 0.99 else np.array([0.0, 0.0, 1.0])
    right = np.cross(up, back)
    right /= np.linalg.norm(right)
    turned = np.eye(4)
    turned[:3, :3] = np.stack([right, np.cross(back, right), back])
    turned[:3, 3] = -turned[:3, :3] @ eye
    return turned


def _light_matrix(direction: tuple[float, float, float], centre: tuple[float, float, float], radius: float) -> Floats:
    towards = np.array(direction, np.float64)
    around = np.array(centre, np.float64)
    box = np.diag([1 / radius, 1 / radius, -1 / (2 * radius), 1.0])
    box[2, 3] = -1.0
    return floats(box @ _looking(around + towards / np.linalg.norm(towards) * 2 * radius, around))


class Studio:
    """An off-screen OpenGL scene of `parts` seen by `view`."""

    def __init__(self, view: View, parts: list[Part]) -> None:
        self.view = view
        self._gl: Any = moderngl.create_context(standalone=True, backend="egl")  # type: ignore[arg-type]  # stub asks a dict
        self._parts = parts
        self._look: Any = self._gl.program(vertex_shader=_SEEN_VERTEX, fragment_shader=_SEEN_FRAGMENT)
        self._depth: Any = self._gl.program(vertex_shader=_DEPTH_VERTEX, fragment_shader=_DEPTH_FRAGMENT)
        self._lit: Any = self._gl.program(vertex_shader=_QUAD_VERTEX, fragment_shader=_LIGHT_FRAGMENT)
        self._buffers = [self._uploaded(part) for part in parts]

    def _uploaded(self, part: Part) -> tuple[Any, Any]:
        faces = triangles(part.quads)
        normals = vertex_normals(part.points, faces) if part.normals is None else part.normals
        rows = np.concatenate([part.points, normals, part.rest, part.masks], axis=1).astype(np.float32)
        vertices, index = self._gl.buffer(rows.tobytes()), self._gl.buffer(faces.tobytes())
        seen = self._gl.vertex_array(self._look, [(vertices, "3f 3f 3f 4f", "point", "normal", "rest", "mask")], index)
        depth = self._gl.vertex_array(self._depth, [(vertices, "3f 40x", "point")], index)
        return seen, depth

    def look(self) -> Seen:
        """Rasterise every seen part."""
        size = (self.view.width, self.view.height)
        layers = [self._gl.texture(size, 4, dtype="f4") for _ in range(4)]
        frame = self._gl.framebuffer(layers, self._gl.depth_renderbuffer(size))
        frame.use()
        frame.clear(0.0, 0.0, 0.0, 0.0)
        self._gl.enable(moderngl.DEPTH_TEST)
        self._look["camera"].write(self.view.matrix().T.tobytes())
        for part, (seen, _) in zip(self._parts, self._buffers, strict=True):
            if part.seen:
                self._look["part"] = float(part.number)
                seen.render()
        point, normal, rest, mask = (self._read(layer) for layer in layers)
        return Seen(point[..., :3], np.rint(point[..., 3]).astype(np.int32), normal[..., :3], rest[..., :3], mask)

    def _read(self, layer: Any) -> Floats:
        rows = np.frombuffer(layer.read(), np.float32).reshape(self.view.height, self.view.width, 4)
        return rows[::-1].copy()

    def _sent(self, image: Floats) -> Any:
        layer = self._gl.texture(
            (self.view.width, self.view.height), 4, image[::-1].astype(np.float32).tobytes(), dtype="f4"
        )
        layer.filter = (moderngl.NEAREST, moderngl.NEAREST)
        return layer

    def irradiance(
        self,
        seen: Seen,
        normal: Floats,
        lights: list[Light],
        wrap: tuple[float, float, float],
        shadow: int = 1024,
        radius: float = 3.4,
    ) -> Floats:
        """Light arriving at each pixel, (h, w, 3), with cast shadows; `wrap` lets it reach round the form."""
        size = (self.view.width, self.view.height)
        flag = (seen.part > 0).astype(np.float32)[..., None]
        points, normals = (
            self._sent(np.concatenate([seen.point, flag], 2)),
            self._sent(np.concatenate([normal, flag], 2)),
        )
        total = self._gl.texture(size, 4, dtype="f4")
        sum_frame = self._gl.framebuffer([total])
        sum_frame.clear(0.0, 0.0, 0.0, 0.0)
        map_depth = self._gl.depth_texture((shadow, shadow))
        map_depth.compare_func, map_depth.filter = "<=", (moderngl.LINEAR, moderngl.LINEAR)
        map_depth.repeat_x = map_depth.repeat_y = False
        map_frame = self._gl.framebuffer(depth_attachment=map_depth)
        corners = self._gl.buffer(np.array([-1, -1, 1, -1, -1, 1, 1, 1], np.float32).tobytes())
        sheet = self._gl.vertex_array(self._lit, [(corners, "2f", "corner")])
        self._lit["wrap"], self._lit["bias"] = wrap, 2.2 * radius / shadow
        self._lit["points"], self._lit["normals"], self._lit["depth"] = 0, 1, 2
        for light in lights:
            matrix = _light_matrix(light.direction, self.view.centre, radius).T.tobytes()
            self._shadow(map_frame, matrix)
            sum_frame.use()
            self._gl.disable(moderngl.DEPTH_TEST)
            self._gl.enable(moderngl.BLEND)
            self._gl.blend_func = moderngl.ONE, moderngl.ONE
            points.use(0)
            normals.use(1)
            map_depth.use(2)
            self._lit["light"].write(matrix)
            self._lit["direction"], self._lit["colour"] = light.direction, light.colour
            sheet.render(moderngl.TRIANGLE_STRIP)
            self._gl.disable(moderngl.BLEND)
        return self._read(total)[..., :3]

    def _shadow(self, frame: Any, matrix: bytes) -> None:
        frame.use()
        frame.clear(depth=1.0)
        self._gl.enable(moderngl.DEPTH_TEST)
        self._depth["light"].write(matrix)
        for part, (_, depth) in zip(self._parts, self._buffers, strict=True):
            if part.casts:
                depth.render(moderngl.TRIANGLES)

    def close(self) -> None:
        """Free the OpenGL context."""
        self._gl.release()
