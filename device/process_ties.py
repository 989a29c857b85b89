"""Ties a child process to its parent: when the parent is gone, however it went, so is the child."""

from __future__ import annotations

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1
"""prctl(2), Linux."""


def end_with_parent(parent: int) -> None:
    """Has the kernel send this process SIGTERM when its parent dies; at once if `parent` is gone already."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
