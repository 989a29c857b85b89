"""Draws docs/pictures/stick.jpg: `python -m docs.stick_picture PERSONA`, an unpacked persona's folder.

What the screen says while a stick is in: being checked, arrived, and refused.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

from device.face.likeness import best_portrait
from device.face.render import Frame
from device.face.stage import Stage
from device.link import Mood, News
from device.persona.pack.refusal import GROUPS
from device.persona.stick import words
from device.persona.store.outcome import Outcome
from device.persona.store.words import outcome_told

SIZE = (1280, 720)
WIDTH = 800
"""Pixels of one of the three in the picture."""
OUT = Path(__file__).resolve().parent / "pictures" / "stick.jpg"


def main() -> int:
    """Writes the picture."""
    persona = Path(sys.argv[1])
    arrived = words.joined([outcome_told(Outcome("installed", "grandpa", "陈望川")), words.SAFE])
    refused = words.joined([(GROUPS["rollback"].en, GROUPS["rollback"].zh), words.SAFE])
    said = [(*words.STAGES["checking"], 0.4), (*arrived, -1.0), (*refused, -1.0)]
    shown = [screen(persona, News("stick", en, zh, share)) for en, zh, share in said]
    height = WIDTH * SIZE[1] // SIZE[0]
    row = [cv2.resize(one, (WIDTH, height), interpolation=cv2.INTER_AREA) for one in shown]
    gap = np.full((height, 12, 3), 255, np.uint8)
    picture = np.hstack([row[0], gap, row[1], gap, row[2]])
    cv2.imwrite(str(OUT), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 88])
    return 0


def screen(persona: Path, news: News) -> Frame:
    """The portrait some seconds after this was said."""
    stage = Stage(SIZE, best_portrait(persona, "", SIZE), 1)
    stage.tell(Mood("idle", 0.0), 0.0)
    stage.tell(news, 0.0)
    for t in np.arange(0.0, 4.0, 0.1):
        stage.frame(float(t))
    return stage.frame(4.0)


if __name__ == "__main__":
    raise SystemExit(main())
