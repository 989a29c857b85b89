"""What was found in a photograph and made of it: `report.json` for programs, `report.html` for the family."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from provisioning.likeness.notes import Note


@dataclass(frozen=True, slots=True)
class Report:
    """One likeness."""

    photo: str
    size: tuple[int, int]
    """(width, height) of the likeness, pixels."""
    eye_distance: float
    """Pixels between the irises."""
    turn: float
    """-1..1: how far the head is turned, + towards the picture's right."""
    lips_parted: float
    """Gap between the lips in eye distances."""
    eyes_open: float
    """Height over width of the eyes' opening."""
    presence: float
    """0..1: the landmark graph's certainty."""
    colour: float
    """0 black and white or toned .. 1 full colour."""
    grain: float
    """Standard deviation of the photograph's grain, 0..255."""
    spectacles: bool
    used: list[Note] = field(default_factory=list)
    """What the likeness was made from."""
    weak: list[Note] = field(default_factory=list)
    """What would make it better."""
    baker: str = "photograph"
    """What made the moving face: "photograph", or "network" where a portrait network drew textures for it."""
    seconds: float = 0.0
    """Time taken; not written, so that the same photograph gives the same files."""

    def write(self, folder: Path) -> None:
        """`report.json` in `folder`."""
        lasting = {key: value for key, value in asdict(self).items() if key != "seconds"}
        text = json.dumps(lasting, indent=2, ensure_ascii=False) + "\n"
        (folder / "report.json").write_text(text, encoding="utf-8")
