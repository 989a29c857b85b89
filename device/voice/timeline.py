"""What was played, laid out along the clock; silence takes no memory."""

from __future__ import annotations

import numpy as np

from device.ports import Pcm
from device.voice.resample import resample


class Timeline:
    """Blocks of `block` samples at `rate` Hz; block 0 began at `origin` s on the monotonic clock."""

    def __init__(self, origin: float, rate: int, block: int, keep_s: float = float("inf")) -> None:
        """`keep_s`: s of the past that can be read."""
        self._kept = keep_s * rate / block
        self.origin = origin
        self.rate = rate
        self.block = block
        self._blocks: dict[int, Pcm] = {}

    def put(self, number: int, pcm: Pcm) -> None:
        """Keeps block `number`, shape (block,). Numbers rise."""
        if pcm.any():
            self._blocks[number] = pcm
            while (oldest := next(iter(self._blocks))) < number - self._kept:
                del self._blocks[oldest]

    def read(self, t0: float, t1: float, rate: int) -> Pcm:
        """What was in the air from `t0` to `t1` s, as round((t1 - t0) * rate) samples at `rate` Hz, aligned to the
        clock to half a sample of the timeline's own rate. Where nothing was played there are zeros."""
        first = round((t0 - self.origin) * self.rate)
        wanted = max(0, round((t1 - t0) * rate))
        native = np.zeros(max(0, int(np.ceil(wanted * self.rate / rate))), np.float32)
        last = first + len(native)
        for number in range(first // self.block, last // self.block + 1):
            pcm = self._blocks.get(number)
            if pcm is not None:
                start = number * self.block
                a, b = max(first, start), min(last, start + self.block)
                native[a - first : b - first] = pcm[a - start : b - start]
        sound = resample(native, self.rate, rate)[:wanted]
        return np.pad(sound, (0, wanted - len(sound)))
