"""Tasks for tests of the build's engine: what they do shows in what they give."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from device.errors import BadInput


def shout(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """The input in capitals, as often as `times` says."""
    text = inputs["text"].read_text(encoding="utf-8")
    (out / "said.txt").write_text(text.upper() * int(options.get("times", 1)), encoding="utf-8")


def join(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """What earlier tasks said, in the order of their names."""
    said = [(inputs[name] / "said.txt").read_text(encoding="utf-8") for name in sorted(inputs)]
    (out / "said.txt").write_text("+".join(said), encoding="utf-8")


def refuse(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """Writes half and refuses."""
    (out / "half.txt").write_text("half", encoding="utf-8")
    raise BadInput("a letter", expected="words", got="none", hint="write some", code="letters.empty")


def fill_the_disk(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """Meets a full disk."""
    (out / "half.txt").write_text("half", encoding="utf-8")
    raise OSError(28, "No space left on device")


def die(inputs: Mapping[str, Path], options: Mapping[str, Any], out: Path) -> None:
    """As when memory is short."""
    (out / "half.txt").write_text("half", encoding="utf-8")
    os.kill(os.getpid(), signal.SIGKILL)
