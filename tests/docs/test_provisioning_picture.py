"""The picture of the studio's pages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from docs.provisioning_picture import GAP, PAPER, beside
from tests.support.family import shoebox

ROOT = Path(__file__).resolve().parents[2]


def test_pages_lie_beside_each_other_and_melt_into_the_table() -> None:
    table = beside([Image.new("RGB", (200, 400), color) for color in ("red", "blue")])
    assert table.size == (2 * 200 + 3 * GAP, 400 + GAP)
    assert table.getpixel((GAP + 100, GAP + 50)) == (255, 0, 0)
    assert table.getpixel((2 * GAP + 300, GAP + 50)) == (0, 0, 255)
    assert table.getpixel((GAP // 2, 200)) == PAPER
    lowest = table.getpixel((GAP + 100, table.height - 1))
    assert isinstance(lowest, tuple)
    assert max(abs(a - b) for a, b in zip(lowest, PAPER, strict=True)) < 12


def test_without_a_browser_the_command_says_so_before_it_works(tmp_path: Path) -> None:
    out = tmp_path / "out.jpg"
    command = [sys.executable, "-m", "docs.provisioning_picture", "--out", str(out)]
    env = {**os.environ, "PATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 4
    assert "expected chromium" in done.stderr
    assert not out.exists()


def test_the_letter_that_is_shown_is_one_of_the_shoebox(tmp_path: Path) -> None:
    from docs.provisioning_picture import LETTER

    shoebox.write(tmp_path / "box", sound=False)
    assert (tmp_path / "box" / LETTER).is_file()
