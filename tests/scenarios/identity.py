"""Is it the same person at every expression? `python -m tests.scenarios.identity DIR` writes DIR/identity.json.

By dlib's face recognition network (128 numbers; two pictures nearer than 0.6 are one person to it), between each
photograph of the contact sheet and its likeness in every expression and viseme. Its cosines are all high, strangers'
too: the least between two photographs of two persons stands beside them, and the distance is what tells them apart.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.face.pose import posed
from device.face.render import Frame
from device.face.render_cpu import RenderCpu
from device.face.rig import load
from device.face.rig_files import write_png
from device.face.viseme_poses import VISEME_POSES
from provisioning.likeness.bake import bake
from provisioning.likeness.sheet import EXPRESSIONS
from tests.support.identity import SAME_PERSON, Identity, distance
from tests.support.likeness_inputs import ELDER, ELDER_SMILING, GOOD, HOPPER_ROWS, INPUTS, read

POSES = {**EXPRESSIONS, **{f"viseme {name}": weights for name, weights in VISEME_POSES.items()}}


def cosine(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Between two faces."""
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def compared(identity: Identity, name: str, photograph: Frame, scratch: Path) -> dict[str, Any]:
    """One photograph and its likeness: the farthest pose by both measures."""
    picture = scratch / f"{name}.png"
    write_png(picture, photograph)
    bake(picture, scratch / name, others=() if name in HOPPER_ROWS else [ELDER_SMILING])
    rig = load(scratch / name)
    renderer = RenderCpu(rig, (rig.photo.shape[1], rig.photo.shape[0]))
    own = identity.of(rig.photo)
    seen = {pose: identity.of(renderer.render(posed(weights))) for pose, weights in POSES.items()}
    cosines = {pose: round(cosine(own, face), 4) for pose, face in seen.items()}
    distances = {pose: round(distance(own, face), 3) for pose, face in seen.items()}
    least, farthest = min(cosines, key=cosines.__getitem__), max(distances, key=distances.__getitem__)
    return {
        "photograph": name,
        "least_cosine": {least: cosines[least]},
        "greatest_distance": {farthest: distances[farthest]},
    }


def main(out: Path) -> None:
    """Measures and writes."""
    identity = Identity()
    with tempfile.TemporaryDirectory() as scratch:
        rows = [compared(identity, name, make(), Path(scratch)) for name, make in INPUTS.items()]
    a, b = identity.of(read(ELDER)), identity.of(GOOD[sorted(HOPPER_ROWS)[0]]())
    strangers = {"cosine": round(cosine(a, b), 4), "distance": round(distance(a, b), 3)}
    report = {"poses": len(POSES), "one_person_below": SAME_PERSON, "two_persons": strangers, "photographs": rows}
    out.mkdir(parents=True, exist_ok=True)
    (out / "identity.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
