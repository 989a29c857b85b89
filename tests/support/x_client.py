"""As much of the X protocol as it takes to move a finger and to give a screen another size (RandR 1.3, XTEST 2.2)."""

from __future__ import annotations

import socket
import struct
from types import TracebackType


class XClient:
    """A connection to the display of a number."""

    def __init__(self, number: int) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(f"/tmp/.X11-unix/X{number}")
        self._socket.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        header = self._socket.recv(8, socket.MSG_WAITALL)
        setup = self._socket.recv(4 * struct.unpack("<H", header[6:])[0], socket.MSG_WAITALL)
        vendor, formats = struct.unpack_from("<H", setup, 16)[0], setup[21]
        self._root = struct.unpack_from("<I", setup, 32 + (vendor + 3) // 4 * 4 + 8 * formats)[0]

    def __enter__(self) -> XClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def tap(self, x: int, y: int) -> None:
        """A finger touches the screen at a pixel."""
        xtest = self._extension(b"XTEST")
        for kind, detail in ((6, 0), (4, 1), (5, 1)):  # a motion, a button down and up
            self._send(xtest, 2, struct.pack("<BBxxII8xHH7xB", kind, detail, 0, 0, x, y, 0))
        self._socket.sendall(struct.pack("<BxH", 43, 1))  # GetInputFocus: its answer shows that all was taken in
        self._reply()

    def resize(self, width: int, height: int) -> None:
        """The screen gets another size, no larger than that it began with, as `xrandr` does it: a new mode, the screen
        off, its size, the screen on."""
        randr = self._extension(b"RANDR")
        self._send(randr, 0, struct.pack("<II", 1, 3))
        self._reply()
        self._send(randr, 8, struct.pack("<I", self._root))
        parts = self._reply()
        crtcs = struct.unpack_from("<H", parts, 16)[0]
        crtc, output = struct.unpack_from("<I", parts, 32)[0], struct.unpack_from("<I", parts, 32 + 4 * crtcs)[0]
        wide, high = (width, width, width, 0), (height, height, height)
        mode = struct.pack("<IHHIHHHHHHHHI", 0, width, height, width * height * 60, *wide, *high, 4, 0)
        self._send(randr, 16, struct.pack("<I", self._root) + mode + b"test")
        new = struct.unpack_from("<I", self._reply(), 8)[0]
        self._send(randr, 18, struct.pack("<II", output, new))
        self._send(randr, 21, struct.pack("<IIIhhIHxx", crtc, 0, 0, 0, 0, 0, 1))
        self._reply()
        self._send(randr, 7, struct.pack("<IHHII", self._root, width, height, width, height))
        self._send(randr, 21, struct.pack("<IIIhhIHxxI", crtc, 0, 0, 0, 0, new, 1, output))
        self._reply()

    def _extension(self, name: bytes) -> int:
        padded = name.ljust(8, b"\0")
        self._socket.sendall(struct.pack("<BxHHxx8s", 98, 2 + len(padded) // 4, len(name), padded))
        return self._reply()[9]

    def _send(self, opcode: int, minor: int, body: bytes) -> None:
        self._socket.sendall(struct.pack("<BBH", opcode, minor, 1 + len(body) // 4) + body)

    def _reply(self) -> bytes:
        first = self._socket.recv(32, socket.MSG_WAITALL)
        assert first[0] == 1, f"the X server answers with error {first[1]}"
        more = 4 * struct.unpack_from("<I", first, 4)[0]
        return first + (self._socket.recv(more, socket.MSG_WAITALL) if more else b"")
