"""The echo's delay on this device, kept over restarts.

Without it, the first seconds of the first answer after each start would be heard as somebody else's."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from device.ears.delay import EARLIEST_S, LATEST_S
from device.whole_file import write_whole

log = logging.getLogger(__name__)

FILE = "echo-delay.json"


class KeptDelay:
    """A file with one number. Where it is missing, damaged, or about another loudspeaker, the delay is found anew."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> float | None:
        """s; None where nothing is to be believed."""
        try:
            kept = json.loads(self._path.read_bytes())
            delay_s = float(kept["delay_s"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            log.warning("the echo's delay is not readable (%s): it is found anew", type(error).__name__)
            return None
        return delay_s if EARLIEST_S <= delay_s <= LATEST_S else None

    def save(self, delay_s: float) -> None:
        """Under its final name at once; a disk that cannot take it costs two seconds after the next start."""
        try:
            write_whole(self._path, json.dumps({"delay_s": round(delay_s, 4)}).encode() + b"\n")
        except OSError as error:
            log.warning("the echo's delay is not kept (%s)", error.strerror)
