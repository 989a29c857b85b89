"""The size of an X screen at this moment, which SDL reads only when it begins."""

from __future__ import annotations

import ctypes
from ctypes import byref, c_char_p, c_int, c_uint, c_ulong, c_void_p


class Root:
    """The root window of the X server that DISPLAY names, over a connection of its own. When the server goes away, Xlib
    ends this process at the next question."""

    def __init__(self) -> None:
        """Raises OSError where there is no Xlib or no X server."""
        self._x = ctypes.CDLL("libX11.so.6")
        self._x.XOpenDisplay.restype, self._x.XOpenDisplay.argtypes = c_void_p, [c_char_p]
        self._x.XDefaultRootWindow.restype, self._x.XDefaultRootWindow.argtypes = c_ulong, [c_void_p]
        self._x.XGetGeometry.argtypes = [c_void_p, c_ulong, *[c_void_p] * 7]
        self._display = self._x.XOpenDisplay(None)
        if not self._display:
            raise OSError("no X server")
        self._root = self._x.XDefaultRootWindow(self._display)

    def size(self) -> tuple[int, int]:
        """(width, height) of all that it shows, pixels."""
        parent, x, y, width, height, border, depth = c_ulong(), c_int(), c_int(), c_uint(), c_uint(), c_uint(), c_uint()
        asked = (byref(it) for it in (parent, x, y, width, height, border, depth))
        self._x.XGetGeometry(self._display, self._root, *asked)
        return width.value, height.value
