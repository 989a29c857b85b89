"""The guest's Debian: kernel, root file system and busybox, made once by mmdebstrap and kept outside the repository.

Only this step needs a network. What of the frame goes in is put on top at each start (`frame.py`), so that a change of
the frame never makes it anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

PACKAGES = "systemd,systemd-sysv,udev,python3,kmod,iproute2,busybox-static,linux-image-amd64"
MODULES = ("block", "crypto", "fs", "lib", "drivers/block", "drivers/char", "drivers/scsi", "drivers/virtio",
           "drivers/usb/common", "drivers/usb/core", "drivers/usb/host", "drivers/usb/storage")  # fmt: skip
"""Of the kernel's modules: the rest is a quarter of a gigabyte that no test looks at."""
PYTHON = (3, 11)
"""Of bookworm. The frame's libraries are copied from the tests' own environment, which must have the same."""
TOOLS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "qemu-img": "qemu-utils",
    "mmdebstrap": "mmdebstrap",
    "genext2fs": "genext2fs",
    "mkfs.ext4": "e2fsprogs",
}
"""Program -> its package; packages/guest.txt names the same."""
LIMIT_S = 1800


@dataclass(frozen=True)
class Base:
    """What QEMU starts with."""

    kernel: Path
    root: Path
    """An ext2 image, never written to: the guest's changes go to a file that is thrown away"""
    busybox: Path
    modules: Path
    """The folder of one kernel version"""


def lacking() -> str:
    """What this machine has not, for a message; empty where all is there."""
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    packages = [package for tool, package in TOOLS.items() if not shutil.which(tool, path=path)]
    return f"apt-get install {' '.join(packages)} (packages/guest.txt)" if packages else ""


def command(folder: Path) -> list[str]:
    """mmdebstrap's arguments for a base in `folder`."""
    left_out = [f"/usr/share/{what}/*" for what in ("doc", "man", "locale")] + ["/lib/modules/*/kernel/*"]
    return [
        "mmdebstrap",
        "--variant=minbase",
        "--format=ext2",
        f"--include={PACKAGES}",
        *(f"--dpkgopt=path-exclude={path}" for path in left_out),
        *(f"--dpkgopt=path-include=/lib/modules/*/kernel/{path}/*" for path in MODULES),
        f"--customize-hook=copy-out /boot /usr/bin/busybox /usr/lib/modules {folder}",
        '--customize-hook=rm -rf "$1"/boot/*',
        "bookworm",
        str(folder / "root.ext2"),
    ]


def base() -> Base:
    """The base, made where it is not there yet (a minute or two). Raises RuntimeError where that fails."""
    key = hashlib.sha256(repr(command(Path("."))).encode()).hexdigest()[:16]
    folder = cache() / f"base-{key}"
    if not folder.is_dir():
        _make(folder)
    (kernel,) = (folder / "boot").glob("vmlinuz-*")
    (modules,) = (folder / "modules").iterdir()
    return Base(kernel, folder / "root.ext2", folder / "busybox", modules)


def cache() -> Path:
    """Where bases are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "imago/guest"


def _make(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=folder.parent))
    try:
        done = subprocess.run(command(draft), capture_output=True, text=True, timeout=LIMIT_S, check=False)
        if done.returncode:
            raise RuntimeError(f"mmdebstrap: {done.stderr[-2000:]}")
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
