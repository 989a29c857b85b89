"""What the C library's allocator keeps from the kernel, bounded.

Every sentence has another length, so engines take and leave blocks of ever other sizes, some MB each, on half a dozen
threads. Left alone, glibc gives each thread a heap of its own and keeps in it what might be wanted again: 480 sentences
of both voices grew the process from 888 MB to 1009, in steps, and went on. As below, and with onnxruntime's memory of
shapes off (`voice/onnx_session.py`), it went from 777 MB to 785, up and down between; the voices compute 5 % longer.
"""

from __future__ import annotations

import ctypes
from typing import Any

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Names of mallopt(3), as in malloc.h."""
SETTINGS = {
    M_ARENA_MAX: 2,
    # From here on a block has pages of its own, which go back when it does. Once set, glibc no longer raises it itself.
    M_MMAP_THRESHOLD: 1 << 20,
    M_TRIM_THRESHOLD: 8 << 20,
}
"""Bytes, but for the number of heaps."""


LIBRARY = ctypes.CDLL(None)
"""The C library; another than glibc has no such functions."""


def bound(library: Any = LIBRARY) -> None:
    """To be called before other threads are started: heaps that are there stay."""
    if (mallopt := getattr(library, "mallopt", None)) is not None:
        for setting, value in SETTINGS.items():
            mallopt(setting, value)


def give_back(library: Any = LIBRARY) -> None:
    """Free pages within the heaps go back to the kernel: 1 to 7 ms, in which allocating threads may have to wait."""
    if (trim := getattr(library, "malloc_trim", None)) is not None:
        trim(ctypes.c_size_t(0))
