"""A TPM 2.0 in software (swtpm) behind a socket, with a memory that outlives it as a chip's does."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_LIMIT_S = 20.0


class SoftwareTpm:
    """The emulator in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tcti = f"swtpm:path={folder}/tpm"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Power on. Raises RuntimeError where it does not come up."""
        (self.folder / "state").mkdir(exist_ok=True)
        words = ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.folder}/state"]
        words += ["--server", f"type=unixio,path={self.folder}/tpm"]
        words += ["--ctrl", f"type=unixio,path={self.folder}/tpm.ctrl"]
        words += ["--flags", "not-need-init,startup-clear", "--log", f"file={self.folder}/log"]
        self._server = subprocess.Popen(words)
        deadline = time.monotonic() + START_LIMIT_S
        while not ((self.folder / "tpm").exists() and (self.folder / "tpm.ctrl").exists()):
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"swtpm did not start: {(self.folder / 'log').read_text()}")
            time.sleep(0.01)

    def stop(self) -> None:
        """The power fails: no orderly shutdown, as with a plug pulled."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None
        for name in ("tpm", "tpm.ctrl"):
            (self.folder / name).unlink(missing_ok=True)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It takes commands and answers none."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._server.send_signal(signal.SIGCONT)


@contextmanager
def software_tpm() -> Iterator[SoftwareTpm]:
    """A new one, switched on for the length of the block."""
    folder = Path(tempfile.mkdtemp(prefix="tpm-"))  # a socket's path must be short
    tpm = SoftwareTpm(folder)
    try:
        tpm.start()
        yield tpm
    finally:
        tpm.stop()
        shutil.rmtree(folder, ignore_errors=True)
