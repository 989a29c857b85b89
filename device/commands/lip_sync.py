"""Measures, after a conversation, how well the lips on the frames that were shown fit the sound that was played."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput
from device.face import record, sync
from device.face.likeness import best_portrait
from device.face.render import Frame
from device.face.stage import Replay
from device.persona.unpacked import Persona
from models_quantized import catalog

AROUND_S = 0.4
"""s before and after a clause that are looked at with it."""
LONGEST_S = 15.0
"""s of speech that are enough; more would only take longer."""


def lip_sync(persona: Persona, frames: Path) -> dict[str, float] | None:
    """{"offset_ms", "r"} of the frames in the log: + when the picture is ahead; None where nothing was said."""
    log = record.load(frames)
    chosen = speaking(log)
    if not len(chosen):
        return None
    portrait = best_portrait(persona.folder, persona.file.person.name, log.size)
    replay = Replay(log.size, portrait)

    def pictures() -> Iterator[Frame]:
        for i in chosen:
            yield replay.frame(log.pose[i], log.captions[log.caption[i]])

    try:
        found = sync.measure(log.t[chosen], sync.lip_gaps(pictures(), landmarks()), log.speaks)
    except BadInput:
        return None
    return {"offset_ms": round(found.offset_ms, 1), "r": round(found.r, 3)}


def speaking(log: record.FrameLog) -> NDArray[np.int64]:
    """Indices of the frames in which something is said, from the first clause on."""
    if not log.speaks or not len(log.t):
        return np.zeros(0, np.int64)
    first = min(s.t0 for s in log.speaks) - AROUND_S
    last = min(max(s.t0 + s.seconds for s in log.speaks) + AROUND_S, first + LONGEST_S)
    return np.flatnonzero((log.t >= first) & (log.t <= last))


def landmarks() -> sync.Landmarks:
    """Finds the face in frames, by the Face Landmarker. Raises Missing where that is not here."""
    # The family's tool reads faces; a frame in the field never measures itself this way.
    from provisioning.likeness.landmarks import Detection, FaceReader

    reader = FaceReader(catalog.verified_path("face-landmarks"))

    known: list[Detection] = []

    def find(frame: Frame) -> NDArray[np.float32] | None:
        # Found once: the head moves by a few degrees, and the landmarks' crop is centred anew on each frame.
        known[:] = known or reader.detect(frame)
        return reader.landmarks(frame, known[0])[0] if known else None

    return find
