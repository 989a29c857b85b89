"""USB sticks without USB: images with real FAT32 and exFAT on them, mounted by drivers in user space.

The machine that tests may have neither file system in its kernel, and no stick. A driver that is killed, or an image
that is cut, is what a stick that was pulled out looks like from above.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import struct
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

FAT32_TOOLS = ("mkfs.vfat", "mcopy", "mmd", "fusefat", "fusermount")
EXFAT_TOOLS = ("mkfs.exfat", "mount.exfat-fuse", "fusermount", "losetup")
SPARE = 36 << 20
"""Bytes beside the files: FAT32 needs 65 525 clusters to be FAT32."""
MOST_MEMORY = 512 << 20
"""Bytes for a driver that a broken image sends round in circles."""
Files = Mapping[str, bytes]
"""Path -> content; folders are made."""


@dataclass
class Mounted:
    """A stick that is in."""

    root: Path
    image: Path
    driver: subprocess.Popen[bytes]

    def pull(self) -> None:
        """Takes it out without a warning: whatever is asked of it from now on fails."""
        self.driver.kill()
        self.driver.wait()

    def hang(self) -> None:
        """It answers no more, and does not fail either."""
        self.driver.send_signal(signal.SIGSTOP)


def tools_or_skip(*names: str) -> None:
    """Skips the test where something of packages/test.txt is lacking, or FUSE cannot be used."""
    lacking = [name for name in names if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")]
    if lacking or not os.access("/dev/fuse", os.R_OK | os.W_OK):
        pytest.skip(f"needs {', '.join(lacking) or '/dev/fuse'}")


def tool(*command: str | Path) -> None:
    """Runs one, quietly."""
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    subprocess.run(command, check=True, capture_output=True, timeout=120, env={**os.environ, "PATH": path})


def fat32_image(folder: Path, files: Files) -> Path:
    """An image with one FAT32 file system of 512-byte clusters."""
    tools_or_skip(*FAT32_TOOLS)
    image = folder / "fat32.img"
    with image.open("wb") as file:
        file.truncate(SPARE + sum(len(content) for content in files.values()) * 5 // 4)
    tool("mkfs.vfat", "-F", "32", "-s", "1", image)
    for path, content in _spread(folder, files):
        if "/" in path:
            with contextlib.suppress(subprocess.CalledProcessError):
                tool("mmd", "-D", "s", "-i", image, f"::{path.rpartition('/')[0]}")
        tool("mcopy", "-i", image, content, f"::{path}")
    return image


def exfat_image(folder: Path, files: Files) -> Path:
    """An image with one exFAT file system, filled through its driver."""
    tools_or_skip(*EXFAT_TOOLS)
    image = folder / "exfat.img"
    with image.open("wb") as file:
        file.truncate(SPARE + sum(len(content) for content in files.values()) * 2)
    tool("mkfs.exfat", image)
    with exfat(image, folder / "filling", "rw") as stick:
        for path, content in files.items():
            (stick.root / path).parent.mkdir(exist_ok=True)
            (stick.root / path).write_bytes(content)
    return image


@contextlib.contextmanager
def fat32_stick(folder: Path, files: Files) -> Iterator[Mounted]:
    """A FAT32 stick with these files, mounted to be read."""
    with fat32(fat32_image(folder, files), folder / "stick") as stick:
        yield stick


@contextlib.contextmanager
def exfat_stick(folder: Path, files: Files) -> Iterator[Mounted]:
    """An exFAT stick with these files, mounted to be read."""
    with exfat(exfat_image(folder, files), folder / "stick") as stick:
        yield stick


def fat32(image: Path, root: Path) -> contextlib.AbstractContextManager[Mounted]:
    """A FAT32 image, mounted to be read."""
    return mounted(image, root, ("fusefat", "-f", "-o", "ro"))


@contextlib.contextmanager
def exfat(image: Path, root: Path, way: str = "ro") -> Iterator[Mounted]:
    """An exFAT image, mounted. Its driver takes nothing but a block device."""
    made = subprocess.run(["losetup", "--find", "--show", image], capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"needs a loop device: {made.stderr.strip()}")
    try:
        with mounted(Path(made.stdout.strip()), root, ("mount.exfat-fuse", "-d", "-o", way)) as stick:
            yield stick
    finally:
        tool("losetup", "--detach", made.stdout.strip())


@contextlib.contextmanager
def mounted(image: Path, root: Path, command: tuple[str, ...]) -> Iterator[Mounted]:
    """An image behind a driver in the foreground."""
    root.mkdir()
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    driver = subprocess.Popen(
        [*command, image, root],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY)),
        env={**os.environ, "PATH": path},
    )
    try:
        for _ in range(1000):
            if os.path.ismount(root):
                break
            assert driver.poll() is None, "the file system's driver did not start"
            threading.Event().wait(0.01)
        yield Mounted(root, image, driver)
    finally:
        driver.send_signal(signal.SIGCONT)
        gentle = subprocess.run(["fusermount", "-u", root], capture_output=True, check=False)
        if gentle.returncode:
            subprocess.run(["fusermount", "-u", "-z", root], capture_output=True, check=False)
        try:
            driver.wait(2)
        except subprocess.TimeoutExpired:
            driver.kill()
            driver.wait()


def loop_chain(image: Path, content: bytes) -> None:
    """Bends the chain of the file that begins with `content` back to its first cluster, in both FATs."""
    with image.open("r+b") as file:
        boot = file.read(512)
        size, per_cluster, reserved, fats = struct.unpack_from("<HBHB", boot, 11)
        (fat_size,) = struct.unpack_from("<I", boot, 36)
        data = (reserved + fats * fat_size) * size
        whole = image.read_bytes()
        at = whole.index(content[:64], data)
        first = (at - data) // (size * per_cluster) + 2
        for copy in range(fats):
            start = (reserved + copy * fat_size) * size
            file.seek(start + 4 * (first + 1))
            file.write(struct.pack("<I", first))


def loop_folder(image: Path) -> None:
    """Bends the chain of the first folder, which holds the stick's names, back to its own beginning."""
    with image.open("r+b") as file:
        boot = file.read(512)
        size, _, reserved, fats = struct.unpack_from("<HBHB", boot, 11)
        (fat_size,) = struct.unpack_from("<I", boot, 36)
        (root,) = struct.unpack_from("<I", boot, 44)
        for copy in range(fats):
            file.seek((reserved + copy * fat_size) * size + 4 * root)
            file.write(struct.pack("<I", root))


def _spread(folder: Path, files: Files) -> Iterator[tuple[str, Path]]:
    source = folder / "source"
    source.mkdir()
    for number, (path, content) in enumerate(files.items()):
        (source / str(number)).write_bytes(content)
        yield path, source / str(number)
