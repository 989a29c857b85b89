"""Whether OpenGL can be tried here at all."""

from __future__ import annotations

import ctypes

import pytest


def _there() -> bool:
    try:
        ctypes.CDLL("libEGL.so.1")
    except OSError:
        return False
    return True


needs_egl = pytest.mark.skipif(not _there(), reason="no libEGL.so.1 (Debian: libegl1, libgles2, libgl1-mesa-dri)")
