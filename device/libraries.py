"""What native libraries must be told before the first of them is loaded."""

from __future__ import annotations

import os
import threading

from device import allocator

SETTINGS = {
    # Threads that spin while they wait take the cores from the other engines and from the face: with the default,
    # evaluating the persona's prefix took 14 s instead of 3 on two busy cores.
    "OMP_WAIT_POLICY": "PASSIVE",
    "KMP_BLOCKTIME": "0",
    # The transcriber's oneDNN keeps a kernel for every length it has met, and there are thousands: with
    # the default of 1024 its memory grew by 130 MB in 180 transcriptions and went on; with 64 it stays after 40.
    "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "64",
    # Models come from the catalog; should a library want to look one up by itself, it must not reach for a hub.
    "HF_HUB_OFFLINE": "1",
}


ENGINE_NICENESS = 5
"""Of threads that compute: a frame or a block of sound that comes late is noticed, a word 30 ms later is not."""


def compute_in_the_background() -> None:
    """Lowers the priority of this thread, and of all it starts from now on, below that of sound and picture."""
    thread = threading.get_native_id()
    os.setpriority(os.PRIO_PROCESS, thread, max(ENGINE_NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))


def prepare_libraries() -> None:
    """Sets the above unless the environment already says otherwise, and bounds the allocator; to be called first of
    all by every process."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    allocator.bound()
