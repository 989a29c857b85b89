"""Draws docs/pictures/album.jpg: `python -m docs.album_picture PERSONA`, an unpacked persona's folder.

The album, one photograph melting into the next, and the one that is talked about beside the portrait: the face's own
stage, run in a time that nobody waits for.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

from device.face.likeness import best_portrait
from device.face.render import Frame
from device.face.scenes.album import MELT, SHOWN
from device.face.scenes.photographs import Photographs
from device.face.stage import Stage
from device.link import Mood, Photos, Speak
from device.persona import album

SIZE = (1280, 720)
WIDTH = 800
"""Pixels of one of the three in the picture."""
TEXT = "早班轮渡，秀兰在船上，我也在。"
OUT = Path(__file__).resolve().parent / "pictures" / "album.jpg"


def main() -> int:
    """Writes the picture."""
    persona = Path(sys.argv[1])
    photographs = Photographs(persona, SIZE, 3, at_once=True)
    stage = Stage(SIZE, best_portrait(persona, "", SIZE), 1, album_after_s=1.0)
    stage.wear(best_portrait(persona, "", SIZE), -5.0, photographs)
    stage.tell(Mood("idle", 0.0), 0.0)

    def until(start: float, end: float) -> Frame:
        """The frame at `end` s, after all those before it."""
        for t in np.arange(start, end, 0.1):
            stage.frame(float(t))
            photographs.album.wait()
        return stage.frame(end)

    shown = until(0.0, 8.0)
    melting = until(8.0, 1.2 + SHOWN + MELT / 2)
    file = next(photo.file for photo in album.load(persona) if photo.memory == "how-we-met")
    stage.tell(Photos((file,), True, 30.0), 30.0)
    stage.tell(Mood("speaking", 30.0), 30.0)
    stage.tell(Speak(1, 0, 30.5, 4.0, (("aa", 0.0, 2.5, 0.6),), TEXT, "zh", "warm"), 30.0)
    beside = until(30.0, 32.0)
    height = WIDTH * SIZE[1] // SIZE[0]
    row = [cv2.resize(one, (WIDTH, height), interpolation=cv2.INTER_AREA) for one in (shown, melting, beside)]
    gap = np.full((height, 12, 3), 255, np.uint8)
    picture = np.hstack([row[0], gap, row[1], gap, row[2]])
    cv2.imwrite(str(OUT), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 88])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
