"""Which renderer draws a likeness: the graphics processor where there is one, else the processor."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable

from device.errors import ImagoError
from device.face.gl.probe import gpu_here
from device.face.render import Renderer
from device.face.render_cpu import RenderCpu
from device.face.rig import Rig

log = logging.getLogger(__name__)

Maker = Callable[[Rig, tuple[int, int], bool], Renderer]
"""Of a rig, a size (width, height), and whether only real graphics hardware will do."""


def renderer_for(
    rig: Rig, size: tuple[int, int], wanted: str, gpu: Callable[[], str] = gpu_here, gl: Maker | None = None
) -> Renderer:
    """`wanted` is "cpu"; "gl", which takes OpenGL in whatever way it is done; or "auto", which takes it from real
    hardware only. Where OpenGL cannot be had, one line in the log says so and the processor draws."""
    if wanted == "gl" or (wanted == "auto" and gpu()):
        try:
            return (gl or _gl)(rig, size, wanted == "auto")
        except ImagoError as error:
            log.warning("the portrait is drawn without OpenGL: %s", error.line())
        except Exception:  # the edge to a graphics driver, which may fail in any way
            log.exception("the portrait is drawn without OpenGL")
    log.info("the portrait is drawn by the processor")
    return RenderCpu(rig, size)


def _gl(rig: Rig, size: tuple[int, int], gpu_only: bool) -> Renderer:
    from device.face.gl.egl import EglContext
    from device.face.render_gl import RenderGl

    return RenderGl(rig, size, functools.partial(EglContext, gpu_only))
