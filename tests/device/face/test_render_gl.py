"""The two renderers draw one picture, and the second one holds what the first one promises."""

import gc
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from device.errors import Broken
from device.face.features import limited
from device.face.gl import shaders
from device.face.gl.egl import EglContext
from device.face.gl.scene import Scene, wrapped
from device.face.pose import INDEX, PARAMETERS, Pose, neutral
from device.face.prepared import Prepared
from device.face.render_cpu import RenderCpu
from device.face.render_gl import RenderGl
from device.face.rig import Rig, load
from device.face.viseme_poses import VISEME_POSES
from provisioning.likeness.bake import bake
from provisioning.likeness.sheet import EXPRESSIONS
from tests.device.face.egl import needs_egl
from tests.fakes.likeness import HEIGHT, WIDTH, small_rig

pytestmark = needs_egl

TOGETHER: dict[str, dict[str, float]] = {
    "turned": {"headYaw": 7.0, "headPitch": 4.0, "headRoll": -4.0, "jawOpen": 0.5, "gazeX": 0.6, "eyeBlinkLeft": 0.4},
    "lower lip over upper": {"mouthRollLower": 1.0, "mouthLowerDown": 0.1, "mouthFrownLeft": 0.8, "jawOpen": 0.1},
    "pressed and pulled": {"mouthClose": 0.8, "jawOpen": 1.0, "mouthSmileLeft": 1.0, "mouthFunnel": 0.5},
}
POSES = {**EXPRESSIONS, **{f"viseme {name}": weights for name, weights in VISEME_POSES.items()}, **TOGETHER}
SIZES = [(576, 720), (640, 360)]
"""A portrait on a screen of 720 lines, and a frame that the photograph does not fill."""
MEAN, MOST = 0.4, 14.0
"""Grey levels by which the pictures may differ where something moved: on average, and in 999 of 1000 pixels (of which
the greatest are at the lips' edges, where one pixel holds both skin and cavity)."""


def pose(weights: dict[str, float]) -> Pose:
    out = neutral()
    for name, weight in weights.items():
        out[INDEX[name]] = weight
    return out


def differences(one: np.ndarray, other: np.ndarray, rest: np.ndarray) -> tuple[float, float]:
    """Mean and 99.9th percentile of the absolute difference, over the pixels that are not as in `rest`."""
    moved = (one != rest).any(2) | (other != rest).any(2)
    if not moved.any():
        return 0.0, 0.0
    apart = np.abs(one.astype(int) - other)[moved]
    return float(apart.mean()), float(np.percentile(apart, 99.9))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    folder = tmp_path_factory.mktemp("likeness")
    bake(Path(__file__).parents[3] / "demo/shoebox/photos/portrait.png", folder)
    return load(folder)


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def pair(request: pytest.FixtureRequest, demo: Rig) -> tuple[RenderCpu, RenderGl]:
    return RenderCpu(demo, request.param), RenderGl(demo, request.param)


@pytest.fixture(scope="module")
def small() -> RenderGl:
    return RenderGl(small_rig(), (WIDTH, HEIGHT))


@pytest.mark.parametrize("name", POSES)
def test_both_renderers_draw_the_same_picture(pair: tuple[RenderCpu, RenderGl], name: str) -> None:
    cpu, gl = pair
    mean, most = differences(cpu.render(pose(POSES[name])), gl.render(pose(POSES[name])), cpu.render(neutral()))
    assert mean <= MEAN
    assert most <= MOST


def test_poses_that_are_nearly_alike_are_told_apart(pair: tuple[RenderCpu, RenderGl]) -> None:
    cpu, gl = pair
    for one, other in (({"jawOpen": 0.3}, {"jawOpen": 0.33}), ({"headYaw": 3.0}, {"headYaw": 3.2})):
        assert differences(cpu.render(pose(one)), gl.render(pose(other)), cpu.render(neutral()))[0] > MEAN


def test_at_rest_nothing_is_resampled(pair: tuple[RenderCpu, RenderGl]) -> None:
    cpu, gl = pair
    rest = cpu.render(neutral())
    assert np.array_equal(gl.render(neutral()), rest)
    drawn = gl.render(pose({"breath": 1e-6}))  # not at rest for the renderer, but for the eye
    assert np.abs(drawn.astype(int) - rest).max() <= 1


def test_it_keeps_the_contract_of_a_renderer(small: RenderGl) -> None:
    assert small.size == (WIDTH, HEIGHT)
    first = small.render(pose({"jawOpen": 0.6}))
    assert first.shape == (HEIGHT, WIDTH, 3)
    assert first.dtype == np.uint8
    again = small.render(neutral())
    assert np.array_equal(again, small_rig().photo)
    again[:] = 0  # a frame is the caller's to keep and to spoil
    assert np.array_equal(small.render(pose({"jawOpen": 0.6})), first)


@settings(max_examples=40)
@given(arrays(np.float32, len(PARAMETERS), elements=st.floats(-1e6, 1e6, width=32)))
def test_no_pixel_is_left_undrawn_in_any_pose(small: RenderGl, values: Pose) -> None:
    """A hole would show what was drawn before; the mouth's cavity is the darkest that this likeness has."""
    small.render(neutral() + 0.5)
    after_one = small.render(values)
    small.render(pose({"headYaw": -9.0, "eyeBlinkLeft": 1.0, "jawOpen": 0.2}))
    assert np.array_equal(small.render(values), after_one)
    assert after_one.min() >= 4


def test_it_may_be_made_drawn_and_let_go_by_any_thread() -> None:
    made: list[RenderGl] = []
    loader = threading.Thread(target=lambda: made.append(RenderGl(small_rig(), (WIDTH, HEIGHT))))
    loader.start()
    loader.join()
    other = RenderGl(small_rig(), (WIDTH, HEIGHT))
    want = other.render(pose({"jawOpen": 0.5}))
    assert np.array_equal(made.pop().render(pose({"jawOpen": 0.5})), want)
    gc.collect()  # ends the first one's context
    assert np.array_equal(other.render(pose({"jawOpen": 0.5})), want)


def test_a_lost_context_is_noticed() -> None:
    context = EglContext()
    scene = Scene(context, Prepared(small_rig(), (WIDTH, HEIGHT)))
    opened = limited(pose({"jawOpen": 0.5}))
    assert scene.draw(opened)[..., 3].min() == 255
    context.close()
    with pytest.raises(Broken):
        scene.draw(opened)


def test_the_shaders_are_opengl_es() -> None:
    context = EglContext()
    gl = wrapped(context)
    assert gl.info["GL_VERSION"].startswith("OpenGL ES 3")
    for vertex, fragment in (
        (shaders.FIGURE_VERTEX, shaders.FIGURE_FRAGMENT),
        (shaders.MOUTH_VERTEX, shaders.MOUTH_FRAGMENT),
        (shaders.EYE_VERTEX, shaders.EYE_FRAGMENT),
    ):
        assert vertex.startswith("#version 300 es\n")
        assert fragment.startswith("#version 300 es\n")
        gl.program(vertex_shader=vertex, fragment_shader=fragment)
    context.close()
