"""What engines took for a moment goes back to the kernel, whatever still lies above it in the heap."""

from __future__ import annotations

import subprocess
import sys

from device import allocator

CHURN = """
import ctypes, os, sys
from device import allocator
from device.memory_use import OWN, family_mb

if "bound" in sys.argv:
    allocator.bound()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]


def take(size, count):
    blocks = [libc.malloc(size) for _ in range(count)]
    for block in blocks:
        ctypes.memset(block, 1, size)
    return blocks


first = family_mb(os.getpid(), kind=OWN)
blocks = take(30_000, 2000)
pin = take(30_000, 1)  # what keeps the heap from shrinking
for block in blocks:
    libc.free(block)
if "give back" in sys.argv:
    allocator.give_back()
print(family_mb(os.getpid(), kind=OWN) - first)
"""


def left_mb(*how: str) -> float:
    """MB that stay after 60 MB of small blocks were freed below one that was not."""
    command = [sys.executable, "-c", CHURN, *how]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_free_pages_go_back() -> None:
    assert left_mb() > 40, "then there is nothing to give back here"
    assert left_mb("give back") < 10


def test_large_blocks_go_back_by_themselves() -> None:
    code = CHURN.replace("30_000, 2000", "4_000_000, 15")
    out = subprocess.run([sys.executable, "-c", code, "bound"], capture_output=True, text=True, check=True).stdout
    assert float(out) < 10


def test_a_library_without_such_functions_is_left_alone() -> None:
    allocator.bound(object())
    allocator.give_back(object())
