"""A frame's machine in software: real kernel, systemd and udev, sticks to be put in and pulled, and no network."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from tests.guest.base import Base
from tests.guest.frame import STATE
from tests.guest.qmp import Control

T = TypeVar("T")


class Closing(Protocol):
    """A link to QEMU."""

    def close(self) -> None:
        """Hangs up."""


BOOT_S = 240.0
LOOK_S = 0.25
STATE_BYTES = 192 << 20


@dataclass(frozen=True)
class Done:
    """What came of a script in the guest."""

    code: int
    out: str
    err: str


def state_disk(path: Path) -> Path:
    """A new empty disk for what the frame keeps."""
    with path.open("wb") as file:
        file.truncate(STATE_BYTES)
    tools = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    command = ["mkfs.ext4", "-q", "-L", STATE, "-E", "lazy_itable_init=0,lazy_journal_init=0", path]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PATH": tools})
    return path


class Guest:
    """A machine that is on, for the length of a block. `state`: its disk, which stays as it is when the power goes;
    `inside`: sticks that are in when it is switched on, by name."""

    def __init__(
        self, base: Base, first: Path, state: Path, folder: Path, inside: Mapping[str, Path] = MappingProxyType({})
    ) -> None:
        self._command = _command(base, first, state, folder)
        self._folder = folder
        self._inside = inside
        self._links: list[Closing] = []

    def __enter__(self) -> Guest:
        self._folder.mkdir(parents=True, exist_ok=True)
        for name in ("qmp", "agent"):
            (self._folder / name).unlink(missing_ok=True)
        with (self._folder / "qemu.log").open("ab") as log:
            self._qemu = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        with contextlib.ExitStack() as undo:
            undo.callback(self.cut_power)
            self._control = self._connected(lambda: Control(self._folder / "qmp"))
            self._links.append(self._control)
            for name, image in self._inside.items():
                self.plug(name, image)
            self._agent = self._connected(self._hail)
            self._lines = self._agent.makefile("rb")
            self._links += [self._lines, self._agent]
            self._hear(BOOT_S)
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut_power()

    def cut_power(self) -> None:
        """At once, whatever it was writing."""
        self._qemu.kill()
        self._qemu.wait()
        for link in self._links:
            link.close()
        self._links.clear()

    def run(self, script: str, limit_s: float = 60.0) -> Done:
        """A shell script, as root in the guest."""
        self._agent.sendall(json.dumps({"script": script, "limit_s": limit_s}).encode() + b"\n")
        return self._hear(limit_s + 30)

    def read(self, script: str, limit_s: float = 60.0) -> str:
        """What a script prints that must succeed."""
        done = self.run(script, limit_s)
        assert done.code == 0, f"{script}: {done.code} {done.out[-2000:]} {done.err[-2000:]}"
        return done.out

    def until(self, what: str, look: Callable[[], T | None], limit_s: float = 90.0) -> T:
        """What `look` gives as soon as it gives something."""
        end = time.monotonic() + limit_s
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > end:
                raise TimeoutError(f"{what}: not within {limit_s:g} s\n{self.journal()}")
            time.sleep(LOOK_S)

    def journal(self, lines: int = 60) -> str:
        """The last of what the guest has noted."""
        return self.run(f"journalctl --no-pager -o short-monotonic -n {lines}").out

    def plug(self, name: str, image: Path, rate: int = 0) -> None:
        """Puts a stick in, which gives `rate` bytes a second; 0: all it can."""
        limits = {"bps-read": rate, "bps-read-max": rate} if rate else {}
        self._control.do("object-add", qom_type="throttle-group", id=f"{name}-limit", limits=limits)
        file = {"driver": "file", "filename": str(image), "read-only": False}
        raw = {"driver": "raw", "file": file, "node-name": f"{name}-raw"}
        self._control.do("blockdev-add", **raw)
        self._control.do(
            "blockdev-add",
            driver="throttle", node_name=f"{name}-node", throttle_group=f"{name}-limit", file=f"{name}-raw",
        )  # fmt: skip
        self._control.do(
            "device_add",
            driver="usb-storage", id=name, drive=f"{name}-node", bus="usb.0", removable=True, serial=f"IMAGO{name}",
        )  # fmt: skip

    def pull(self, name: str) -> None:
        """Takes a stick out without a warning; until the guest's bus has let go of it."""
        self._control.do("device_del", id=name)
        self._control.wait_for("DEVICE_DELETED", lambda told: told.get("device") == name)
        for node in (f"{name}-node", f"{name}-raw"):
            self._control.do("blockdev-del", node_name=node)
        self._control.do("object-del", id=f"{name}-limit")

    def _hail(self) -> socket.socket:
        link = socket.socket(socket.AF_UNIX)
        link.connect(str(self._folder / "agent"))
        return link

    def _hear(self, limit_s: float) -> Done:
        self._agent.settimeout(limit_s)
        try:
            line = self._lines.readline()
        except TimeoutError:
            raise TimeoutError(f"the guest does not answer\n{self._console()}") from None
        if not line:
            raise RuntimeError(f"the guest has ended\n{self._console()}")
        return Done(**json.loads(line))

    def _console(self) -> str:
        parts = [self._folder / name for name in ("qemu.log", "console.log")]
        return "\n".join(part.read_text(errors="replace")[-3000:] for part in parts if part.exists())

    def _connected(self, connect: Callable[[], T]) -> T:
        for _ in range(200):
            try:
                return connect()
            except (FileNotFoundError, ConnectionRefusedError):
                if self._qemu.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError(f"QEMU did not start\n{self._console()}")


def _command(base: Base, first: Path, state: Path, folder: Path) -> list[str]:
    """cache=writethrough: what the guest has written to its disk is there when the power goes, and nothing else is."""
    options = {
        "accel": "tcg,thread=multi",
        "machine": "q35",
        "cpu": "max",
        "smp": "2",
        "m": "768",
        "nic": "none",
        "display": "none",
        "kernel": str(base.kernel),
        "initrd": str(first),
        "append": "console=ttyS0 quiet loglevel=4 systemd.show_status=no net.ifnames=0",
        "serial": f"file:{folder / 'console.log'}",
        "qmp": f"unix:{folder / 'qmp'},server=on,wait=off",
    }
    devices = [
        ("-drive", f"file={base.root},format=raw,if=virtio,snapshot=on"),
        ("-drive", f"file={state},format=raw,if=virtio,cache=writethrough"),
        ("-device", "qemu-xhci,id=usb"),
        ("-device", "virtio-rng-pci"),
        ("-device", "virtio-serial-pci"),
        ("-chardev", f"socket,id=agent,path={folder / 'agent'},server=on,wait=off"),
        ("-device", "virtserialport,chardev=agent,name=imago"),
    ]
    words = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-no-reboot"]
    words += [word for name, value in options.items() for word in (f"-{name}", value)]
    return words + [word for pair in devices for word in pair]
