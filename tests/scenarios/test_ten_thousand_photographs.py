"""A family's ten thousand photographs on a frame: shown one after the other, in little memory."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from device.link import Farewell, Message, Mood, Order, Showing, Stats
from device.link_transport import FaceClient
from device.memory_use import family_mb
from device.persona.album import Photo, encode

# Another process is at work, on a machine that others use too.
pytestmark = [pytest.mark.flaky(reruns=2), pytest.mark.slow]

COUNT = 10_000
MOST_MB = 300.0
TURNS = 12
SIDES = ((4000, 3000), (3000, 4000), (3840, 2160))
"""What cameras and telephones make."""


def fill(persona: Path) -> None:
    """The same three files under ten thousand names, with words and dates."""
    album = persona / "album"
    album.mkdir(parents=True)
    noise = np.random.default_rng(1).integers(0, 255, (60, 80, 3), np.uint8)
    for number, side in enumerate(SIDES):
        Image.fromarray(noise).resize(side, Image.Resampling.BICUBIC).save(album / f"{number}.jpg", quality=88)
    photos = []
    for number in range(COUNT):
        width, height = SIDES[number % 3]
        if number >= len(SIDES):
            os.link(album / f"{number % 3}.jpg", album / f"{number}.jpg")
        date = f"{1950 + number % 70}-{1 + number % 12:02}-{1 + number % 28:02}"
        words = {"zh": f"第{number}张照片，小梅在河边放风筝。", "en": f"Photograph {number}: Mei's kite by the river."}
        face = (0.4, 0.3, 0.5, 0.45)
        photos.append(Photo(f"{number}.jpg", width, height, date, ("Mei",), f"m{number}", words, (face,)))  # type: ignore[arg-type]
    (album / "album.json").write_bytes(encode(tuple(photos)))


def wait_for(seen: list[Message], count: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while sum(isinstance(message, Showing) for message in seen) < count:
        assert time.monotonic() < until, "no other photograph came"
        threading.Event().wait(0.05)


def test_ten_thousand_photographs_in_little_memory(tmp_path: Path) -> None:
    fill(tmp_path)
    seen: list[Message] = []
    command = [sys.executable, "-m", "device.face", "--socket", str(tmp_path / "face"), "--persona", str(tmp_path)]
    command += ["--display", "offscreen", "--album-after", "1"]
    process = subprocess.Popen(command)
    link = FaceClient(tmp_path / "face", on_message=seen.append)
    try:
        link.send(Mood("idle", time.monotonic()))
        for turn in range(1, TURNS + 1):
            wait_for(seen, turn, 60.0)
            assert family_mb(process.pid) < MOST_MB
            link.send(Order("next-photo", time.monotonic()))
        link.send(Farewell())
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        link.close()
    shown = [message.files for message in seen if isinstance(message, Showing) and message.files]
    assert len({files for files in shown}) >= TURNS - 1
    assert any(len(files) == 2 for files in shown), "upright ones stand in pairs"
    assert any(isinstance(message, Stats) and message.frames > 0 for message in seen)
