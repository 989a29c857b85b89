"""Reads words in a picture, Chinese and English, printed or written clearly, in rows or in columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from provisioning.letters.models import verified

Image = NDArray[np.uint8]
Floats = NDArray[Any]

LONGEST = 2400
"""Pixels of the longer side in which lines are looked for: A4 at 200 dpi."""


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a line that was found and read in one."""

    text: str
    corners: Floats
    """(4, 2) pixels: where writing begins at the top, then clockwise"""
    sure: float
    """0..1, the mean over its signs"""
    flipped: bool = False
    """Whether it stands on its head"""

    @property
    def box(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom, pixels"""
        low, high = self.corners.min(0), self.corners.max(0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @property
    def upright(self) -> bool:
        """Taller than wide: a column, or a sideways row."""
        x0, y0, x1, y1 = self.box
        return len(self.text) > 1 and y1 - y0 > 1.5 * (x1 - x0)


class Reader(Protocol):
    """Finds and reads words."""

    def words(self, picture: Image) -> list[Word]:
        """In an RGB picture, in no order."""
        ...

    def signs(self, pieces: list[Image]) -> list[float]:
        """How surely each small RGB picture, of one sign or line, can be read, 0..1."""
        ...


class PaddleReader:
    """PP-OCRv6 by rapidocr; holds the models, on `threads` cores."""

    def __init__(self, threads: int = 1) -> None:
        from rapidocr import RapidOCR

        paths = {f"{part}.model_path": str(path) for part, path in verified().items()}
        options = {
            "Global.log_level": "critical",
            "Global.text_score": 0.0,
            "Global.max_side_len": LONGEST,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
        self._engine: Any = RapidOCR(params={**paths, **options})

    def words(self, picture: Image) -> list[Word]:
        """See Reader. rapidocr's own steps, but lines that may stand on their head are read both ways: what tells them
        was not made for signs on their side, as those of a column are when it is read."""
        from rapidocr.main import RapidOCRError
        from rapidocr.utils.process_img import map_boxes_to_original

        engine, high, wide = self._engine, *picture.shape[:2]
        small, record = engine.preprocess_img(np.ascontiguousarray(picture[..., ::-1]))
        try:
            crops, found = engine.detect_and_crop(small, record)
        except RapidOCRError:  # "nothing was found"
            return []
        read = [(text, sure, False) for text, sure in self._read(crops)]
        _, sides = engine.cls_and_rotate(crops)
        doubtful = [at for at, (label, _) in enumerate(sides.cls_res) if "180" in label]
        for at, (text, sure) in zip(doubtful, self._read([np.rot90(crops[at], 2) for at in doubtful]), strict=True):
            if sure * len(text) > read[at][1] * len(read[at][0]):
                read[at] = (text, sure, True)
        boxes = map_boxes_to_original(found.boxes, record, high, wide)
        return [
            Word(text.strip(), np.asarray(corners, np.float32), round(sure, 4), flipped)
            for (text, sure, flipped), corners in zip(read, boxes, strict=True)
            if text.strip()
        ]

    def _read(self, crops: list[Image]) -> list[tuple[str, float]]:
        """Text and certainty of each picture of a line."""
        if not crops:
            return []
        found = self._engine.recognize_txt([np.ascontiguousarray(crop) for crop in crops])
        return [(text, float(sure)) for text, sure in zip(found.txts, found.scores, strict=True)]

    def signs(self, pieces: list[Image]) -> list[float]:
        """See Reader."""
        return [sure if text.strip() else 0.0 for text, sure in self._read([p[..., ::-1] for p in pieces])]
