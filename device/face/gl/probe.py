"""Whether there is graphics hardware to draw with, asked in a process of its own: a driver that crashes or hangs when
it is first called takes nothing else along, and a software renderer leaves nothing behind in the face's memory."""

from __future__ import annotations

import contextlib
import subprocess
import sys

from device.errors import Missing
from device.face.gl.egl import EglContext

PATIENCE_S = 20.0
"""s; drivers that are there answer within one."""


def gpu_here() -> str:
    """GL_RENDERER of the hardware that `EglContext(gpu_only=True)` would take, "" where there is none."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        asked = [sys.executable, "-m", "device.face.gl.probe"]
        answer = subprocess.run(asked, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_S, check=True)
        return answer.stdout.decode("utf-8", "replace").strip()
    return ""


def main() -> int:
    """Prints the name; 4, as for anything missing, where there is none."""
    try:
        context = EglContext(gpu_only=True)
    except Missing as error:
        print(error.line(), file=sys.stderr)
        return error.exit_code
    print(context.renderer)
    context.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
