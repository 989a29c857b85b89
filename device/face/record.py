"""The frame log: what the face showed when, so that a conversation can be rendered again and its sync be measured.

File: a numpy `.npz` with
`t` (n,) float64, s on the monotonic clock, when each frame was to be seen; `pose` (n, parameters) float32;
`caption` (n,) int32, index into the captions; `meta` uint8, UTF-8 JSON: {"version": 1, "parameters": [names],
"size": [w, h], "captions": [fields of `Caption`], "speaks": [fields of `link.Speak`]}.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.face.pose import PARAMETERS, Pose
from device.face.scenes.caption_track import Caption
from device.link import Speak

VERSION = 1
LONGEST = 20 * 60
"""s of frames that are kept; older ones are dropped."""


class Meta(msgspec.Struct, frozen=True):
    """The JSON part of a frame log."""

    version: int
    parameters: tuple[str, ...]
    size: tuple[int, int]
    captions: tuple[Caption, ...]
    speaks: tuple[Speak, ...]


@dataclass(frozen=True)
class FrameLog:
    """A conversation as the face showed it."""

    t: NDArray[np.float64]
    pose: NDArray[np.float32]
    caption: NDArray[np.int32]
    captions: tuple[Caption, ...]
    speaks: tuple[Speak, ...]
    size: tuple[int, int]

    def save(self, path: Path) -> None:
        """Writes the log, whole or not at all."""
        meta = Meta(VERSION, PARAMETERS, self.size, self.captions, self.speaks)
        part = path.with_name(path.name + ".part")
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(
                file,
                t=self.t,
                pose=self.pose,
                caption=self.caption,
                meta=np.frombuffer(msgspec.json.encode(meta), "u1"),
            )
        os.replace(part, path)


class Recorder:
    """Keeps the frames of the last LONGEST seconds in memory: some 5 MB."""

    def __init__(self, size: tuple[int, int], fps: float) -> None:
        self._size = size
        self._frames: deque[tuple[float, Pose, Caption]] = deque(maxlen=round(LONGEST * fps))
        self._speaks: deque[Speak] = deque(maxlen=4096)

    def add(self, t: float, pose: Pose, caption: Caption) -> None:
        """A frame that is to be seen at `t`."""
        self._frames.append((t, pose, caption))

    def tell(self, speak: Speak) -> None:
        """A clause that was announced; a corrected one replaces the first."""
        if self._speaks and (self._speaks[-1].turn, self._speaks[-1].index) == (speak.turn, speak.index):
            self._speaks.pop()
        self._speaks.append(speak)

    def log(self) -> FrameLog:
        """Everything so far."""
        known: dict[Caption, int] = {}
        index = [known.setdefault(caption, len(known)) for _, _, caption in self._frames]
        poses = np.array([pose for _, pose, _ in self._frames], np.float32).reshape(-1, len(PARAMETERS))
        times = np.array([t for t, _, _ in self._frames], np.float64)
        return FrameLog(times, poses, np.array(index, np.int32), tuple(known), tuple(self._speaks), self._size)


NO_ARCHIVE = (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What numpy and zipfile raise for a damaged archive (RuntimeError: of a version that nobody knows)."""


def load(path: Path) -> FrameLog:
    """Reads a frame log. Raises BadInput for anything that is not one."""
    try:
        with np.load(path, allow_pickle=False) as file:
            meta = msgspec.json.decode(file["meta"].tobytes(), type=Meta)
            arrays = (file["t"], file["pose"], file["caption"])
    except (*NO_ARCHIVE, KeyError, msgspec.MsgspecError) as error:
        raise BadInput(str(path), expected="a frame log of the face", got=str(error)[:120] or "another file") from error
    t, pose, caption = arrays
    fits = t.ndim == 1 and pose.shape == (len(t), len(PARAMETERS)) and caption.shape == t.shape
    numbers = t.dtype == np.float64 and pose.dtype == np.float32 and caption.dtype == np.int32
    if not (fits and numbers and meta.version == VERSION and meta.parameters == PARAMETERS):
        raise BadInput(
            str(path), expected=f"a frame log of version {VERSION}", got=f"version {meta.version}, {pose.shape}"
        )
    sound = bool(np.isfinite(t).all() and np.isfinite(pose).all() and (np.diff(t) >= 0).all())
    if not sound or (len(caption) and not 0 <= caption.min() <= caption.max() < len(meta.captions)):
        raise BadInput(str(path), expected="rising times and known captions", got="a damaged frame log")
    return FrameLog(t, pose, caption, meta.captions, meta.speaks, meta.size)
