"""A real X server for tests, without a monitor."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np


@dataclass
class Screen:
    """A running Xvfb; `number` is its display's."""

    server: subprocess.Popen[bytes]
    number: int

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs to find it."""
        return {**os.environ, "DISPLAY": f":{self.number}", "SDL_VIDEODRIVER": "x11"}

    def shot(self, path: Path) -> np.ndarray:
        """A photograph of the whole screen, taken from outside: RGB (height, width, 3)."""
        subprocess.run(["import", "-display", f":{self.number}", "-window", "root", str(path)], check=True, timeout=30)
        return cv2.imread(str(path))[..., ::-1]

    def press(self, detail: int, down: int = 2, up: int = 3) -> None:
        """A key (by its code of a PC keyboard: 65 space, 9 Escape) pressed and released through the XTEST extension.

        With `down` 4 and `up` 5 it is a button of the mouse, which stands in for a finger."""
        with socket.socket(socket.AF_UNIX) as x:
            x.connect(f"/tmp/.X11-unix/X{self.number}")
            x.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
            header = x.recv(8, socket.MSG_WAITALL)
            x.recv(4 * struct.unpack("<H", header[6:])[0], socket.MSG_WAITALL)
            x.sendall(struct.pack("<BxHHxx8s", 98, 4, 5, b"XTEST"))
            opcode = x.recv(32, socket.MSG_WAITALL)[9]
            for kind in (down, up):
                x.sendall(struct.pack("<BBHBBxxII8xHH7xB", opcode, 2, 9, kind, detail, 0, 0, 0, 0, 0))
            x.sendall(struct.pack("<BxH", 43, 1))  # GetInputFocus: its answer shows that all was taken in
            x.recv(32, socket.MSG_WAITALL)


def start(number: int | None = None, size: tuple[int, int] = (640, 360)) -> Screen:
    """Starts Xvfb on the display `number`, or on one that is free."""
    reading, writing = os.pipe()
    command = ["Xvfb", *([f":{number}"] if number is not None else []), "-displayfd", str(writing), "-nolisten", "tcp"]
    command += ["-screen", "0", f"{size[0]}x{size[1]}x24"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        return Screen(server, int(pipe.readline()))


@contextmanager
def screen(size: tuple[int, int] = (640, 360)) -> Iterator[Screen]:
    """An X server for the length of a test."""
    made = start(size=size)
    try:
        yield made
    finally:
        made.server.kill()
        made.server.wait()
