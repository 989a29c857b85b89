"""The machine's monotonic clock behind the Clock port."""

from __future__ import annotations

import time


class SystemClock:
    """CLOCK_MONOTONIC: one origin for every process of this machine."""

    def now(self) -> float:
        """s"""
        return time.monotonic()
