"""Signs of life to whoever started this process, in systemd's protocol (sd_notify(3)): datagrams to NOTIFY_SOCKET.

A process that is stopped, or stuck in native code with the interpreter's lock, does not die and answers nobody. Under a
supervisor that counts its signs, systemd's or ours (`supervisor.py`), it is killed and started again.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping

READY, ALIVE = b"READY=1", b"WATCHDOG=1"
EVERY_S = 5.0
"""s between two signs where nobody says how often they are wanted."""


class Heartbeat:
    """Without NOTIFY_SOCKET nothing is sent. Belongs to one thread."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        wanted = environment.get("WATCHDOG_USEC", "")
        self.every_s = min(EVERY_S, int(wanted) / 2e6) if wanted.isdecimal() and int(wanted) else EVERY_S
        """s; half of what the supervisor's patience is, as sd_watchdog_enabled(3) advises."""
        self._ready = False
        self._last = 0.0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) if self._address else None

    def beat(self, now: float) -> None:
        """As of `now` s it works: the first time it is ready, then alive, at most every `every_s`."""
        if self._socket is None or (self._ready and now - self._last < self.every_s):
            return
        sign, self._ready, self._last = ALIVE if self._ready else READY, True, now
        with contextlib.suppress(OSError):  # a supervisor that is gone, or slow, is no reason to stop
            self._socket.sendto(sign, socket.MSG_DONTWAIT, self._address)
