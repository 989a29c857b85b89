"""Builds for tests: nothing is kept from one test session to the next, and no processes are begun for a few tasks."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from provisioning import build
from provisioning.building.executor import HereExecutor

_kept = Path(tempfile.mkdtemp(prefix="imago-kept-"))
atexit.register(shutil.rmtree, _kept, ignore_errors=True)


def build_unpacked(
    shoebox: Path, out: Path, progress: Callable[[str], None], persona_id: str = "", **more: Any
) -> Path:
    """As `provisioning.build.build_unpacked`, in this process; what it makes is shared by this session's tests."""
    return build.build_unpacked(shoebox, out, progress, persona_id, executor=HereExecutor, kept=_kept, **more)
