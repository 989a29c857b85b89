"""Frames in shared memory: a few slots, each with the frame's size before its pixels. Quick to import."""

from __future__ import annotations

import mmap
import os
import struct

SLOTS = 3
"""One on the screen, one being shown, one being drawn."""
_HEAD = struct.Struct("<II")


class Slots:
    """The memory, as the one who made it and as the one who inherited its file descriptor see it."""

    def __init__(self, pixels: int, memory: int | None = None) -> None:
        """`pixels`: the most that a frame has; memory beyond what is used costs nothing. `memory`: a descriptor that
        was made by another's `Slots` of as many pixels."""
        self._each = _HEAD.size + 3 * pixels
        self.memory = _anonymous(self._each * SLOTS) if memory is None else memory
        """The file descriptor."""
        self._map = mmap.mmap(self.memory, self._each * SLOTS)

    def write(self, slot: int, size: tuple[int, int], pixels: memoryview) -> None:
        """Puts a frame of (width, height), RGB, into a slot. Raises ValueError for more pixels than were agreed on."""
        length = size[0] * size[1] * 3
        if length > self._each - _HEAD.size or length != pixels.nbytes:
            raise ValueError(f"a frame of {size} with {pixels.nbytes} bytes")
        at = slot * self._each
        _HEAD.pack_into(self._map, at, *size)
        self._map[at + _HEAD.size : at + _HEAD.size + length] = pixels

    def read(self, slot: int) -> tuple[tuple[int, int], memoryview]:
        """(width, height) and the pixels of a slot, not copied; release them before `close`."""
        at = slot * self._each
        width, height = _HEAD.unpack_from(self._map, at)
        begin = at + _HEAD.size
        return (width, height), memoryview(self._map)[begin : begin + width * height * 3]

    def close(self) -> None:
        """Lets go of the memory."""
        self._map.close()
        os.close(self.memory)


def _anonymous(length: int) -> int:
    memory = os.memfd_create("imago-frames", os.MFD_CLOEXEC)
    os.ftruncate(memory, length)
    return memory
