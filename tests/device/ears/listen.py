"""Runs in a process of its own: prints what the microphone of `create(device=argv[1])` delivers, 10 ms a line, for
argv[2] s."""

import logging
import sys
import time

import numpy as np

from device.clock import SystemClock
from device.ears import microphone
from device.errors import ImagoError


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="LOG %(message)s", stream=sys.stdout)
    try:
        source = microphone.create(SystemClock(), sys.argv[1])
    except ImagoError as error:
        print("ERROR", type(error).__name__, error.line(), flush=True)
        raise SystemExit(error.exit_code) from None
    end = time.monotonic() + float(sys.argv[2])
    while time.monotonic() < end:
        block = source.read()
        assert block is not None
        rms = float(np.sqrt(np.mean(np.square(block.pcm))))
        print(f"BLOCK {block.t:.6f} {rms:.6f} {time.monotonic():.6f}", flush=True)
    source.close()
    assert source.read() is None


main()
