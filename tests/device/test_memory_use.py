"""Memory of real processes."""

from __future__ import annotations

import os
import subprocess
import sys

from device.memory_use import OWN, family_mb

HOLDER = "import sys; kept = bytearray(b'x') * 50_000_000; print('ready', flush=True); sys.stdin.read()"


def test_what_a_child_holds_counts_for_its_parent_unless_left_out() -> None:
    before = family_mb(os.getpid())
    child = subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin
    assert child.stdout
    with child, child.stdin:
        child.stdout.readline()
        assert family_mb(child.pid) > 50
        assert 50 < family_mb(child.pid, kind=OWN) < family_mb(child.pid)  # the interpreter's code belongs to files
        assert family_mb(os.getpid()) > before + 45
        assert family_mb(os.getpid(), frozenset({child.pid})) < before + 45
    assert family_mb(child.pid) == 0
