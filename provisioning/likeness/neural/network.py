"""A portrait network of LivePortrait's signature, from six ONNX files in a folder that the family names.

Written for that signature and run only on a tiny network of the same signature: no weights were to be had here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from device.errors import BadInput, Broken, Missing
from device.onnx_failures import FAILURES
from models_quantized import catalog
from models_quantized.catalog import Catalog
from provisioning.likeness.neural.keypoints import COUNT, Motion, degrees
from provisioning.likeness.neural.signature import CROP, HINT, MOTION, PARTS, Part, check, outputs_of, written

Image = NDArray[np.uint8]
Floats = NDArray[Any]

ROLE = "portrait-network"
"""Of models in the catalog whose hashes decide, should it list any."""


class Network(Protocol):
    """What is asked of a portrait network. Pictures are RGB, OUTPUT pixels square; keypoints (COUNT, 3)."""

    @property
    def verified(self) -> bool:
        """Whether the catalog knows its files."""
        ...

    def appearance(self, picture: Image) -> Floats:
        """What the person looks like, for `picture`."""
        ...

    def motion(self, picture: Image) -> Motion:
        """How the head is held and what the face does."""
        ...

    def stitched(self, source: Floats, driving: Floats) -> Floats:
        """`driving`, moved so that shoulders and hair stay where they are with `source`."""
        ...

    def eyes(self, source: Floats, own: tuple[float, float], wanted: float) -> Floats:
        """`source` with eyes that are open by `wanted` (height over width) instead of each one's `own`."""
        ...

    def lips(self, source: Floats, own: float, wanted: float) -> Floats:
        """`source` with lips parted by `wanted` (gap over the mouth's width) instead of `own`."""
        ...

    def picture(self, appearance: Floats, source: Floats, driving: Floats) -> Floats:
        """The person with the keypoints `driving`: RGB (OUTPUT, OUTPUT, 3), 0..255."""
        ...


class OnnxNetwork:
    """Implements `Network`. Every call raises Broken where the runtime fails or gives no numbers."""

    def __init__(self, folder: Path, known: Catalog | None = None) -> None:
        """Raises Missing for a file that is not there, BadInput for one that is not what it should be."""
        self._paths = find(folder)
        self.verified = verified(self._paths, known or catalog.load())
        self._sessions = {name: _session(self._paths[name], part) for name, part in PARTS.items()}
        self._driving, self._source = _roles(self._paths["generator"], self._sessions["generator"])

    def appearance(self, picture: Image) -> Floats:
        return self._run("appearance", _looked_at(picture))[0]

    def motion(self, picture: Image) -> Motion:
        names = [node.name for node in self._sessions["motion"].get_outputs()]
        order = names if sorted(names) == sorted(MOTION) else MOTION
        said = {name: value[0] for name, value in zip(order, self._run("motion", _looked_at(picture)), strict=True)}
        angles = degrees(said["pitch"]), degrees(said["yaw"]), degrees(said["roll"])
        expression, canonical = said["exp"].reshape(COUNT, 3), said["kp"].reshape(COUNT, 3)
        return Motion(angles, said["t"], expression, float(said["scale"][0]), canonical)

    def stitched(self, source: Floats, driving: Floats) -> Floats:
        change = self._run("stitching", _row(source, driving))[0][0]
        moved = driving + change[: 3 * COUNT].reshape(COUNT, 3)
        moved[:, :2] += change[3 * COUNT :]
        return np.asarray(moved, np.float32)

    def eyes(self, source: Floats, own: tuple[float, float], wanted: float) -> Floats:
        return self._changed("eyes", source, *own, wanted)

    def lips(self, source: Floats, own: float, wanted: float) -> Floats:
        return self._changed("lips", source, own, wanted)

    def picture(self, appearance: Floats, source: Floats, driving: Floats) -> Floats:
        volume = self._sessions["generator"].get_inputs()
        given: list[Floats] = [appearance] * len(volume)
        given[self._driving], given[self._source] = driving[None], source[None]
        drawn = self._run("generator", *given)[0][0]
        return np.asarray(np.clip(drawn, 0, 1).transpose(1, 2, 0) * 255, np.float32)

    def _changed(self, part: str, source: Floats, *ratios: float) -> Floats:
        change = self._run(part, _row(source, np.array(ratios)))[0]
        return np.asarray(source + change.reshape(COUNT, 3), np.float32)

    def _run(self, part: str, *given: Floats) -> list[Floats]:
        session, path = self._sessions[part], str(self._paths[part])
        names = [node.name for node in session.get_inputs()]
        try:
            feed = {name: np.ascontiguousarray(a, np.float32) for name, a in zip(names, given, strict=True)}
            found: list[Floats] = session.run(None, feed)
        except FAILURES as error:
            raise Broken(path, expected="a result", got=_reason(error), hint=HINT) from error
        shapes = outputs_of(PARTS[part], [node.name for node in session.get_outputs()])
        for value, shape in zip(found, shapes, strict=True):
            if value.shape != shape:
                raise BadInput(path, expected=f"a result of {written(shape)}", got=written(value.shape), hint=HINT)
            if not np.isfinite(value).all():
                raise Broken(path, expected="finite numbers", got="infinity or no number", hint=HINT)
        return found


def find(folder: Path) -> dict[str, Path]:
    """Part -> its file. Raises Missing."""
    if not folder.is_dir():
        raise Missing(str(folder), expected="a folder with a portrait network's ONNX files", got="none")
    found = {}
    for name, part in PARTS.items():
        paths = [folder / file for file in part.names if (folder / file).is_file()]
        if not paths:
            raise Missing(str(folder), expected=" or ".join(part.names), got="no such file", hint=HINT)
        found[name] = paths[0]
    return found


def verified(paths: dict[str, Path], known: Catalog) -> bool:
    """Whether each file has the SHA-256 that the catalog gives for its name. Raises BadInput where it gives another."""
    listed: dict[str, list[str]] = {}
    for model in known.models:
        for file in model.files if model.role == ROLE else ():
            listed.setdefault(file.name, []).append(file.sha256)
    for path in paths.values():
        hashes = listed.get(path.name, [])
        if hashes and (got := catalog.sha256_of(path)) not in hashes:
            expected = " or ".join(f"SHA-256 {one[:12]}..." for one in hashes)
            raise BadInput(str(path), expected=expected, got=f"{got[:12]}...", hint="fetch it again")
    return all(path.name in listed for path in paths.values())


def _session(path: Path, part: Part) -> Any:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except FAILURES as error:
        raise BadInput(str(path), expected="an ONNX file that onnxruntime can open", got=_reason(error), hint=HINT
                       ) from error  # fmt: skip
    check(path, part, session.get_inputs(), session.get_outputs())
    return session


def _roles(path: Path, session: Any) -> tuple[int, int]:
    """Which of the generator's inputs is the driving and which the source keypoints; their shapes do not tell."""
    names = [node.name.lower() for node in session.get_inputs()]
    driving, source = ([i for i, name in enumerate(names) if word in name] for word in ("driv", "source"))
    if len(driving) != 1 or len(source) != 1 or 0 in (*driving, *source):
        raise BadInput(str(path), expected="inputs named kp_driving and kp_source", got=", ".join(names), hint=HINT)
    return driving[0], source[0]


def _looked_at(picture: Image) -> Floats:
    """RGB pixels -> (1, 3, CROP, CROP), 0..1."""
    small = cv2.resize(picture, (CROP, CROP), interpolation=cv2.INTER_AREA)
    return np.asarray(small.astype(np.float32).transpose(2, 0, 1)[None] / 255)


def _row(*values: Floats) -> Floats:
    return np.concatenate([value.ravel() for value in values])[None].astype(np.float32)


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
