"""Where the face is in a photograph: BlazeFace detections and the 478 landmarks of the Face Landmarker.

The three tflite graphs come out of `face_landmarker.task` (a zip) and run on ai-edge-litert; anchors, decoding,
non-maximum suppression and the rotated crop are ours. Facts about the graphs: the short-range BlazeFace takes
(1, 128, 128, 3) in -1..1 and gives 896 anchors (16 x 16 cells with 2, 8 x 8 cells with 6) of box and 6 keypoints in
128ths; the landmark graph takes (1, 256, 256, 3) in 0..1 and gives 478 x 3 in 256ths of its crop and a presence logit.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from device.errors import Broken

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

LANDMARKS = 478
_DETECTOR_SIDE = 128
_CROP_SIDE = 256
_CROP_GROW = 1.5  # the landmark crop's side, in detected or landmark box sides
_MIN_SCORE = 0.55


@dataclass(frozen=True, slots=True)
class Detection:
    """One face found by the detector."""

    box: tuple[float, float, float, float]
    """x0, y0, x1, y1 in pixels of the picture."""
    eyes: Floats
    """Shape (2, 2): the picture's left and right eye, pixels."""
    score: float
    """0..1"""

    @property
    def side(self) -> float:
        """The longer side of the box, pixels."""
        return max(self.box[2] - self.box[0], self.box[3] - self.box[1])


class FaceReader:
    """Finds faces and their landmarks; holds the interpreters."""

    def __init__(self, task: Path, threads: int = 1) -> None:
        try:
            with zipfile.ZipFile(task) as bundle:
                detector = bundle.read("face_detector.tflite")
                mesh = bundle.read("face_landmarks_detector.tflite")
            self._detector = _interpreter(detector, threads)
            self._mesh = _interpreter(mesh, threads)
        except (OSError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
            raise Broken(
                str(task), expected="a Face Landmarker bundle", got=str(error), hint="fetch the models again"
            ) from error
        self._anchors = _anchors()

    def detect(self, photo: Image) -> list[Detection]:
        """Faces in an RGB picture (H, W, 3), largest first. Looks at the whole, then, if none is found, closer."""
        height, width = photo.shape[:2]
        found = self._detect_in(photo, 0, 0)
        if not found:
            side = max(min(height, width) * 2 // 3, 1)
            for y in sorted({0, (height - side) // 2, height - side}):
                for x in sorted({0, (width - side) // 2, width - side}):
                    if y >= 0 and x >= 0:
                        found += self._detect_in(photo[y : y + side, x : x + side], x, y)
        return sorted(_suppress(found), key=lambda one: -one.side)

    def look(self, photo: Image) -> list[Detection]:
        """Faces in one look at a part of a photograph, surest first."""
        return _suppress(self._detect_in(photo, 0, 0))

    def landmarks(self, photo: Image, face: Detection) -> tuple[Floats, float]:
        """(478, 3) landmarks and presence 0..1. x, y in pixels, z in pixels with + towards the viewer."""
        centre, side, angle = _roi_from_detection(face)
        points, presence = self._mesh_in(photo, centre, side, angle)
        for _ in range(2):  # the second look, cropped by the first one's landmarks, is steadier
            centre, side, angle = _roi_from_landmarks(points)
            points, presence = self._mesh_in(photo, centre, side, angle)
        return points, presence

    def follow(self, photo: Image, before: Floats) -> tuple[Floats, float]:
        """As `landmarks`, by where they were in the frame before: one look, while a face moves little."""
        return self._mesh_in(photo, *_roi_from_landmarks(before))

    def _detect_in(self, photo: Image, x: int, y: int) -> list[Detection]:
        height, width = photo.shape[:2]
        side = max(height, width)
        square = np.zeros((side, side, 3), np.uint8)
        top, left = (side - height) // 2, (side - width) // 2
        square[top : top + height, left : left + width] = photo
        small = cv2.resize(square, (_DETECTOR_SIDE, _DETECTOR_SIDE), interpolation=cv2.INTER_AREA)
        out = _run(self._detector, small.astype(np.float32) / 127.5 - 1.0)
        raw, logits = sorted(out, key=lambda a: -a.shape[-1])
        scores = 1.0 / (1.0 + np.exp(-np.clip(logits[0, :, 0], -50, 50)))
        found = []
        for i in np.flatnonzero(scores > _MIN_SCORE):
            values = raw[0, i] / _DETECTOR_SIDE
            cx, cy = values[0] + self._anchors[i, 0], values[1] + self._anchors[i, 1]
            half_w, half_h = values[2] / 2, values[3] / 2
            offset = np.array([x - left, y - top], np.float32)
            low = np.array([cx - half_w, cy - half_h]) * side + offset
            high = np.array([cx + half_w, cy + half_h]) * side + offset
            eyes = (values[4:8].reshape(2, 2) + self._anchors[i]) * side + offset
            box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
            found.append(Detection(box, eyes.astype(np.float32), float(scores[i])))
        return found

    def _mesh_in(self, photo: Image, centre: Floats, side: float, angle: float) -> tuple[Floats, float]:
        scale = _CROP_SIDE / side
        cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
        half = _CROP_SIDE / 2
        forward = np.array([[cos, sin, half - cos * centre[0] - sin * centre[1]],
                            [-sin, cos, half + sin * centre[0] - cos * centre[1]]])  # fmt: skip
        interpolation = cv2.INTER_LINEAR
        if scale < 0.5:
            factor = float(2 * scale)
            small = cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            crop = cv2.warpAffine(small, forward / [[factor, factor, 1]], (_CROP_SIDE, _CROP_SIDE), flags=interpolation)
        else:
            crop = cv2.warpAffine(photo, forward, (_CROP_SIDE, _CROP_SIDE), flags=interpolation)
        out = _run(self._mesh, crop.astype(np.float32) / 255.0)
        flat = next(a for a in out if a.size == LANDMARKS * 3).reshape(LANDMARKS, 3)
        logit = float(next(a for a in out if a.size == 1 and a.ndim == 4).ravel()[0])
        back = cv2.invertAffineTransform(forward)
        points = np.empty((LANDMARKS, 3), np.float32)
        points[:, :2] = flat[:, :2] @ back[:, :2].T + back[:, 2]
        points[:, 2] = -flat[:, 2] / scale
        return points, float(1.0 / (1.0 + np.exp(-logit)))


def _interpreter(model: bytes, threads: int) -> Any:
    interpreter = Interpreter(model_content=model, num_threads=threads)
    interpreter.allocate_tensors()
    return interpreter


def _run(interpreter: Any, image: Floats) -> list[Floats]:
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image[None])
    interpreter.invoke()
    return [interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()]


def _anchors() -> Floats:
    """(896, 2) anchor centres in 0..1."""
    rows = []
    for cells, per_cell in ((16, 2), (8, 6)):
        for y in range(cells):
            for x in range(cells):
                rows += [((x + 0.5) / cells, (y + 0.5) / cells)] * per_cell
    return np.array(rows, np.float32)


def _suppress(found: list[Detection], most_overlap: float = 0.3) -> list[Detection]:
    """Greedy non-maximum suppression."""
    kept: list[Detection] = []
    for one in sorted(found, key=lambda d: -d.score):
        if all(_overlap(one.box, other.box) < most_overlap for other in kept):
            kept.append(one)
    return kept


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Intersection over the smaller box."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))


def _roi_from_detection(face: Detection) -> tuple[Floats, float, float]:
    x0, y0, x1, y1 = face.box
    along = face.eyes[1] - face.eyes[0]
    centre = np.array([(x0 + x1) / 2, (y0 + y1) / 2], np.float32)
    return centre, face.side * _CROP_GROW, float(np.arctan2(along[1], along[0]))


def _roi_from_landmarks(points: Floats) -> tuple[Floats, float, float]:
    """A crop around all landmarks, upright along the eye line (33 and 263 are the outer eye corners)."""
    along = points[263, :2] - points[33, :2]
    angle = float(np.arctan2(along[1], along[0]))
    cos, sin = np.cos(angle), np.sin(angle)
    upright = points[:, :2] @ np.array([[cos, -sin], [sin, cos]], np.float32)
    low, high = upright.min(0), upright.max(0)
    middle = (low + high) / 2
    centre = np.array([cos * middle[0] - sin * middle[1], sin * middle[0] + cos * middle[1]], np.float32)
    return centre, float((high - low).max() * _CROP_GROW), angle
