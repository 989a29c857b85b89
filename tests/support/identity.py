"""Is it the same person? dlib's face recognition network (128 numbers a face), on faces laid over each other by five
landmarks.

Two faces less than 0.6 apart are the same person (dlib's own threshold, 99.38 % right on Labeled Faces in the Wild).
The numbers are not centred: even strangers have a cosine of 0.85, so distances are what tells them apart.
"""

from __future__ import annotations

from typing import Any

import cv2
import dlib
import numpy as np
from numpy.typing import NDArray

from device.face.render import Frame
from models_quantized import catalog
from provisioning.likeness.landmarks import FaceReader

SAME_PERSON = 0.6
SIDE, PADDING = 150, 0.25
_PLACES = (np.array([[0.8595, 0.2135], [0.6461, 0.2290], [0.1206, 0.2137], [0.3341, 0.2291], [0.4901, 0.6278]])
           + PADDING) / (1 + 2 * PADDING) * SIDE  # fmt: skip
"""Where dlib's chip has the corners of the eyes and the base of the nose."""
_LANDMARKS = [263, 362, 33, 133, 2]


class Identity:
    """Holds the network and the landmark reader."""

    def __init__(self) -> None:
        self._net: Any = dlib.face_recognition_model_v1(str(catalog.verified_path("face-identity")))
        self._reader = FaceReader(catalog.verified_path("face-landmarks"))

    def of(self, picture: Frame) -> NDArray[np.float64]:
        """(128,) of the largest face in an RGB picture."""
        points, _ = self._reader.landmarks(picture, self._reader.detect(picture)[0])
        matrix, _ = cv2.estimateAffinePartial2D(points[_LANDMARKS, :2].astype(np.float64), _PLACES, method=cv2.LMEDS)
        chip = cv2.warpAffine(picture, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
        return np.array(self._net.compute_face_descriptor(np.ascontiguousarray(chip)))


def distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Between two faces; below SAME_PERSON it is one person."""
    return float(np.linalg.norm(a - b))
