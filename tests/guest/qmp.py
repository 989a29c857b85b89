"""QEMU's control socket (QMP): one command at a time, events kept until somebody waits for them."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Control:
    """An open one. Raises RuntimeError for what QEMU refuses, TimeoutError where it does not answer."""

    def __init__(self, path: Path, limit_s: float = 30.0) -> None:
        self._link = socket.socket(socket.AF_UNIX)
        self._link.settimeout(limit_s)
        self._link.connect(str(path))
        self._lines = self._link.makefile("rb")
        self._events: list[dict[str, Any]] = []
        self._next()  # its greeting
        self.do("qmp_capabilities")

    def close(self) -> None:
        """Hangs up."""
        self._lines.close()
        self._link.close()

    def do(self, command: str, **arguments: Any) -> Any:
        """What the command gives; a `-` in an argument's name is written `_`."""
        told = {name.replace("_", "-"): value for name, value in arguments.items()}
        self._link.sendall(json.dumps({"execute": command, "arguments": told}).encode())
        while True:
            said = self._next()
            if "return" in said:
                return said["return"]
            if "error" in said:
                raise RuntimeError(f"{command}: {said['error']['desc']}")
            self._events.append(said)

    def wait_for(self, event: str, fits: Callable[[dict[str, Any]], bool], limit_s: float = 30.0) -> None:
        """Until QEMU has said so."""
        end = time.monotonic() + limit_s
        while True:
            for said in self._events:
                if said.get("event") == event and fits(said["data"]):
                    self._events.remove(said)
                    return
            if time.monotonic() > end:
                raise TimeoutError(event)
            self._events.append(self._next())

    def _next(self) -> dict[str, Any]:
        line = self._lines.readline()
        if not line:
            raise RuntimeError("QEMU has ended")
        told: dict[str, Any] = json.loads(line)
        return told
