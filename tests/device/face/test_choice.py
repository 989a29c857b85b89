import logging
import threading
from concurrent.futures import TimeoutError as NotInTime
from pathlib import Path

import numpy as np
import pytest

from device import config
from device.errors import Missing
from device.face.__main__ import settings
from device.face.choice import renderer_for
from device.face.gl.egl import EglContext, is_gpu
from device.face.gl.probe import gpu_here
from device.face.gl.thread import OwnThread
from device.face.likeness import Guarded, living_portrait
from device.face.pose import INDEX, Pose, neutral
from device.face.render import Renderer
from device.face.render_cpu import RenderCpu
from device.face.render_gl import RenderGl
from device.face.rig import Rig, save
from device.face_child import FaceOptions, command
from tests.device.face.egl import needs_egl
from tests.fakes.face_renderer import FakeRenderer
from tests.fakes.likeness import HEIGHT, WIDTH, small_rig

SIZE = (WIDTH, HEIGHT)


def talking() -> Pose:
    out = neutral()
    out[INDEX["jawOpen"]] = 0.5
    return out


def without_context(gpu_only: bool = False) -> EglContext:
    raise Missing("graphics", expected="OpenGL ES 3", got="no context")


class Graphics:
    """Makes renderers and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[bool] = []

    def __call__(self, rig: Rig, size: tuple[int, int], gpu_only: bool) -> Renderer:
        self.asked.append(gpu_only)
        return FakeRenderer(size)


@pytest.mark.parametrize(
    ("wanted", "gpu", "asked"),
    [
        ("cpu", "V3D 7.1", []),
        ("auto", "", []),
        ("auto", "V3D 7.1", [True]),
        ("gl", "", [False]),
        ("gl", "V3D 7.1", [False]),
    ],
)
def test_opengl_is_taken_where_it_is_wanted_or_where_hardware_does_it(wanted: str, gpu: str, asked: list[bool]) -> None:
    graphics = Graphics()
    made = renderer_for(small_rig(), SIZE, wanted, lambda: gpu, graphics)
    assert graphics.asked == asked
    assert isinstance(made, FakeRenderer if asked else RenderCpu)


@pytest.mark.parametrize(
    ("name", "real"),
    [
        ("llvmpipe (LLVM 15.0.6, 256 bits)", False),
        ("softpipe", False),
        ("Mesa DRI swrast", False),
        ("Google SwiftShader", False),
        ("Software Rasterizer", False),
        ("", False),
        ("V3D 7.1.7.0", True),
        ("Mali-G610 (Panfrost)", True),
        ("NVIDIA Tegra Orin (nvgpu)/integrated", True),
        ("Mesa Intel(R) UHD Graphics 620 (KBL GT2)", True),
        ("AMD Radeon Vega 8 Graphics (radeonsi, raven, LLVM 15.0.6)", True),
    ],
)
def test_a_renderer_on_the_processor_is_no_gpu(name: str, real: bool) -> None:
    assert is_gpu(name) is real


def test_without_a_context_the_processor_draws_and_one_line_says_so(caplog: pytest.LogCaptureFixture) -> None:
    made = renderer_for(small_rig(), SIZE, "gl", gl=lambda rig, size, only: RenderGl(rig, size, without_context))
    assert isinstance(made, RenderCpu)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "no context" in record.getMessage()


def test_a_driver_that_fails_in_a_way_of_its_own_leaves_the_processor() -> None:
    def broken(rig: Rig, size: tuple[int, int], gpu_only: bool) -> Renderer:
        raise RuntimeError("shader\ncompiler")

    assert isinstance(renderer_for(small_rig(), SIZE, "auto", lambda: "V3D", broken), RenderCpu)


def test_a_renderer_that_fails_is_replaced_and_only_then_the_photograph_is_shown() -> None:
    photo = np.full((20, 20, 3), 77, np.uint8)
    spare = FakeRenderer((40, 50), fail_after=1)
    guarded = Guarded(FakeRenderer((40, 50), fail_after=1), photo, lambda: spare)
    first = guarded.render(talking())
    assert np.array_equal(guarded.render(talking()), first)
    assert not guarded.broken
    assert guarded.render(talking()).mean() == 77
    assert guarded.broken
    assert guarded.render(talking()).mean() == 77


def test_a_spare_that_cannot_be_made_leaves_the_photograph() -> None:
    def no() -> Renderer:
        raise RuntimeError("nothing left")

    guarded = Guarded(FakeRenderer((40, 50), fail_after=0), np.full((20, 20, 3), 77, np.uint8), no)
    assert guarded.render(talking()).mean() == 77


@needs_egl
def test_a_portrait_looks_the_same_however_it_is_drawn(tmp_path: Path) -> None:
    save(small_rig(), tmp_path / "likeness")
    frames = [living_portrait(tmp_path, (320, 240), wanted).frame(talking()) for wanted in ("cpu", "gl")]
    assert np.abs(frames[0].astype(int) - frames[1]).mean() < 0.5


def test_the_search_for_hardware_never_names_a_software_renderer() -> None:
    assert (name := gpu_here()) == "" or is_gpu(name)


def test_work_is_done_on_its_own_thread_and_failures_come_back() -> None:
    own = OwnThread("t")
    assert own.call(lambda: threading.current_thread().name, 20) == "t"
    with pytest.raises(ZeroDivisionError):
        own.call(lambda: 1 // 0, 20)
    forever, ended = threading.Event(), threading.Event()
    with pytest.raises(NotInTime):
        own.call(forever.wait, 0.01)
    own.end(ended.set)
    forever.set()
    assert ended.wait(20)


def test_the_setting_reaches_the_face() -> None:
    line = command(FaceOptions(Path("s"), Path("p"), "Lan", config.Screen(renderer="gl")))
    parent = line.index("--parent")
    told = line[line.index("--socket") : parent] + line[parent + 2 :]
    assert settings(told).renderer == "gl"
    assert settings(["--socket", "s"]).renderer == config.Screen().renderer == "auto"
