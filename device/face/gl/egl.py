"""An OpenGL ES 3 context without a window, by EGL alone.

moderngl's own way asks EGL for desktop OpenGL, which the graphics of many small boards do not have; it takes a context
that was made elsewhere, though, so long as it is told where the functions are. Constants are those of the EGL registry.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from device.errors import Missing

_NONE, _NO_SURFACE = 0x3038, None
_PLATFORM_DEVICE, _PLATFORM_SURFACELESS = 0x313F, 0x31DD
_OPENGL_ES_API = 0x30A0
_EXTENSIONS = 0x3055
_ANY_CONFIG = (0x3033, 0, 0x3040, 0x40, _NONE)  # SURFACE_TYPE any, RENDERABLE_TYPE with OPENGL_ES3_BIT
_VERSION = (0x3098, 3, 0x30FB, 0)  # CONTEXT_MAJOR_VERSION, CONTEXT_MINOR_VERSION
_SAYS_WHEN_LOST = (0x3138, 0x31BF)  # RESET_NOTIFICATION_STRATEGY: LOSE_CONTEXT_ON_RESET
_GL_RENDERER = 0x1F01
_MAX_DEVICES = 16

SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "software")
"""Parts of the names that renderers on the processor give themselves."""


def is_gpu(renderer: str) -> bool:
    """Whether a GL_RENDERER names real graphics hardware."""
    name = renderer.lower()
    return bool(name) and not any(word in name for word in SOFTWARE)


class EglContext:
    """A context, current on the thread that made it; that thread alone may use and close it. It is also what moderngl
    asks for functions and wraps as its own."""

    def __init__(self, gpu_only: bool = False) -> None:
        """The first one on a real GPU; where there is none, and `gpu_only` does not forbid it, the first to be had.
        Raises Missing where there is none."""
        self._egl, self._gl = _libraries()
        self._display: int | None = None
        self._context: int | None = None
        self.renderer = ""
        """GL_RENDERER: the hardware's name, or that of the program in its stead."""
        slow = []
        for display in self._displays():
            if self._open(display):
                if is_gpu(self.renderer):
                    return
                slow.append((self.renderer, display))
                self.close()
        if gpu_only or not (slow and self._open(slow[0][1])):
            wanted = "graphics hardware with OpenGL ES 3" if gpu_only else "OpenGL ES 3"
            raise Missing("graphics", expected=wanted, got=slow[0][0] if slow else "no context")

    def load_opengl_function(self, name: str) -> int:
        """Address of a GL function, 0 where there is none."""
        address = self._egl.eglGetProcAddress(name.encode())
        if not address and self._gl is not None and hasattr(self._gl, name):
            address = ctypes.cast(getattr(self._gl, name), ctypes.c_void_p).value
        return address or 0

    def close(self) -> None:
        """Ends the context and all that was made in it. Its display is shared within the process and stays."""
        if self._context is not None:
            self._egl.eglMakeCurrent(self._display, _NO_SURFACE, _NO_SURFACE, None)
            self._egl.eglDestroyContext(self._display, self._context)
            self._context = None

    release = close

    def __enter__(self) -> EglContext:
        return self

    def __exit__(self, *error: object) -> None:
        """moderngl enters and leaves its context; it stays current here."""

    def _displays(self) -> Iterator[int]:
        """Every graphics device, then Mesa without a screen, then whatever is the default."""
        platform = self._extra("eglGetPlatformDisplayEXT", ctypes.c_uint32, ctypes.c_void_p, ctypes.c_void_p)
        if platform is not None:
            for device in self._devices():
                if display := platform(_PLATFORM_DEVICE, device, None):
                    yield display
            if display := platform(_PLATFORM_SURFACELESS, None, None):
                yield display
        if display := self._egl.eglGetDisplay(None):
            yield display

    def _devices(self) -> list[int | None]:
        query = self._extra("eglQueryDevicesEXT", ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p)
        found, count = (ctypes.c_void_p * _MAX_DEVICES)(), ctypes.c_int32()
        if query is None or not query(_MAX_DEVICES, ctypes.byref(found), ctypes.byref(count)):
            return []
        return list(found)[: count.value]

    def _extra(self, name: str, *arguments: Any) -> Any:
        """An extension's function, or None."""
        address = self._egl.eglGetProcAddress(name.encode())
        return ctypes.CFUNCTYPE(ctypes.c_void_p, *arguments)(address) if address else None

    def _open(self, display: int) -> bool:
        egl = self._egl
        if not egl.eglInitialize(display, None, None) or not egl.eglBindAPI(_OPENGL_ES_API):
            return False
        config, count = ctypes.c_void_p(), ctypes.c_int32()
        if not egl.eglChooseConfig(display, _list(_ANY_CONFIG), ctypes.byref(config), 1, ctypes.byref(count)):
            return False
        robust = b"EGL_EXT_create_context_robustness" in (egl.eglQueryString(display, _EXTENSIONS) or b"")
        asked = (*_VERSION, *(_SAYS_WHEN_LOST if robust else ()), _NONE)
        context = egl.eglCreateContext(display, config, None, _list(asked)) if count.value else None
        if not context:
            return False
        self._display, self._context = display, context
        if not egl.eglMakeCurrent(display, _NO_SURFACE, _NO_SURFACE, context):
            self.close()
            return False
        self.renderer = self._name()
        return True

    def _name(self) -> str:
        address = self.load_opengl_function("glGetString")
        get = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_uint32)(address)
        return (get(_GL_RENDERER) or b"").decode("utf-8", "replace")


def _list(values: tuple[int, ...]) -> Any:
    return (ctypes.c_int32 * len(values))(*values)


def _libraries() -> tuple[Any, Any]:
    """EGL, and GL ES where it is a library of its own."""
    try:
        egl = ctypes.CDLL("libEGL.so.1")
    except OSError as error:
        raise Missing("graphics", expected="libEGL.so.1", got="none", hint="Debian's package libegl1") from error
    pointer, yes, number = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int32
    for name, result, arguments in (
        ("eglGetProcAddress", pointer, [ctypes.c_char_p]),
        ("eglGetDisplay", pointer, [pointer]),
        ("eglInitialize", yes, [pointer, pointer, pointer]),
        ("eglBindAPI", yes, [yes]),
        ("eglQueryString", ctypes.c_char_p, [pointer, number]),
        ("eglChooseConfig", yes, [pointer, pointer, pointer, number, pointer]),
        ("eglCreateContext", pointer, [pointer, pointer, pointer, pointer]),
        ("eglMakeCurrent", yes, [pointer, pointer, pointer, pointer]),
        ("eglDestroyContext", yes, [pointer, pointer]),
    ):
        function = getattr(egl, name)
        function.restype, function.argtypes = result, arguments
    try:
        return egl, ctypes.CDLL("libGLESv2.so.2")
    except OSError:
        return egl, None
