"""Paints the family's faces once: ``python -m tests.support.family.painting [NAME ...]`` writes the pictures in `art/`.

The painter is the demo's; the sitters are made of MakeHuman's shapes like his, and are nobody real.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from demo.art import data, finish, hair, outdoors, paint, portrait, sitter, skin
from demo.art.__main__ import save
from demo.art.mesh import Floats
from demo.art.noise import smoothstep

ART = Path(__file__).parent / "art"
"""Committed, for a painting takes 15 s."""

_WOMAN = {
    "head/head-oval": 0.45,
    "head/head-age-incr": 0.35,
    "head/head-fat-incr": 0.2,
    "nose/nose-width3-incr": 0.1,
    "nose/nose-scale-vert-decr": 0.1,
    "mouth/mouth-angles-up": 0.25,
    "mouth/mouth-lowerlip-height-incr": 0.2,
    "mouth/mouth-upperlip-height-incr": 0.15,
    "neck/neck-scale-horiz-decr": 0.5,
    "asym/asym-mouth-1-r": 0.06,
}
_WOMAN_SIDES = {
    "eyes/{}-eye-bag-incr": 0.3,
    "eyes/{}-eye-scale-incr": 0.65,
    "eyes/{}-eye-height2-incr": 0.35,
    "ears/{}-ear-shape-round": 0.6,
    "ears/{}-ear-wing-decr": 0.2,
    "cheek/{}-cheek-bones-incr": 0.35,
    "cheek/{}-cheek-volume-incr": 0.4,
}


def _macro(sex: str, age: str) -> dict[str, float]:
    return {
        f"asian-{sex}-{age}": 0.85,
        f"caucasian-{sex}-{age}": 0.15,
        f"universal-{sex}-{age}-averagemuscle-averageweight": 1.0,
    }


_BLACK = ((0.010, 0.009, 0.009), (0.055, 0.049, 0.045))
YULAN = portrait.Looks(
    build=sitter.Build(_macro("female", "old"), _WOMAN, _WOMAN_SIDES),
    traits=skin.Traits((1.06, 1.08, 1.10), wrinkles=0.62, beard=0.0, spots=0.5),
    cut=hair.Cut(lower=0.10, crown=1.0, fall=6.22),
    hair=((0.10, 0.095, 0.09), (0.62, 0.60, 0.57)),
    brow=((0.06, 0.055, 0.05), (0.30, 0.28, 0.26)),
    brow_strands=260,
    scalp=(0.22, 0.20, 0.18),
    jacket=(0.085, 0.020, 0.032),
)
"""Li Yulan: a grey bob, a jacket of wine red."""

YOUNG_WOMAN = portrait.Looks(
    build=sitter.Build(_macro("female", "young"), {"head/head-round": 0.5, "neck/neck-scale-horiz-decr": 0.5}, {}),
    traits=skin.Traits((1.16, 1.18, 1.20), wrinkles=0.05, beard=0.0, spots=0.0),
    cut=hair.Cut(lower=0.14, crown=1.0, fall=5.9),
    hair=_BLACK,
    brow=_BLACK,
    brow_strands=260,
    scalp=(0.05, 0.045, 0.04),
    jacket=(0.05, 0.11, 0.10),
)
YOUNG_MAN = portrait.Looks(
    build=sitter.Build(_macro("male", "young"), {"head/head-square": 0.5, "neck/neck-scale-horiz-decr": 0.3}, {}),
    traits=skin.Traits((1.0, 0.99, 0.98), wrinkles=0.15, beard=0.5, spots=0.0),
    cut=hair.Cut(lower=0.10, crown=1.0),
    hair=_BLACK,
    brow=_BLACK,
    brow_strands=700,
    scalp=(0.05, 0.045, 0.04),
    jacket=(0.03, 0.032, 0.035),
)
STRANGER = portrait.Looks(
    build=sitter.Build(_macro("male", "old"), {"head/head-square": 0.7, "nose/nose-width3-incr": 0.5}, {}),
    traits=skin.Traits((0.92, 0.90, 0.88), wrinkles=0.8, beard=0.8, spots=0.6),
    brow=((0.10, 0.09, 0.08), (0.42, 0.39, 0.35)),
    jacket=(0.06, 0.055, 0.04),
)


@dataclass(frozen=True)
class Sitting:
    """One painting."""

    looks: portrait.Looks
    expression: dict[str, float]
    turn: float = 3.5
    gaze: tuple[float, float] = (0.06, 0.0)
    seed: int = 7


SITTINGS = {
    "yulan": Sitting(YULAN, sitter.GENTLE),
    "yulan-laughing": Sitting(YULAN, sitter.LAUGHING, seed=8),
    "yulan-turned": Sitting(YULAN, sitter.GENTLE, 24.0, (0.1, 0.0), 9),
    "yulan-serious": Sitting(YULAN, {"mouthClose": 0.05, "eyeWideLeft": 0.1, "eyeWideRight": 0.1}, -6.0, seed=10),
    "granddaughter": Sitting(YOUNG_WOMAN, sitter.GENTLE, -8.0, seed=11),
    "grandson": Sitting(YOUNG_MAN, sitter.LAUGHING, 10.0, seed=12),
    "stranger": Sitting(STRANGER, sitter.GENTLE, -12.0, seed=13),
}


def group(shapes: Path) -> Floats:
    """Three of them by the river, each of them small, display values (h, w, 3)."""
    picture = outdoors.river_ferry(1200, 800)
    for name, left, top, wide in (
        ("granddaughter", 20, 295, 420),
        ("grandson", 760, 276, 430),
        ("yulan", 385, 320, 420),
    ):
        sitting = SITTINGS[name]
        setting = portrait.Setting(width=wide, height=wide * 5 // 4, strands=9000, lamps=8, turn=sitting.turn)
        seen = portrait.rendered(shapes, sitting.expression, setting, sitting.gaze, sitting.looks)
        figure = finish.painted(seen, (setting.width, setting.height), sitting.seed)
        cover = paint.soft_mask(seen.seen.part > 0, (setting.width, setting.height), 0.8)
        rows = min(800 - top, setting.height)
        part = picture[top : top + rows, left : left + wide]
        arms, round_ = _arms(rows, wide)
        share = (cover[:rows] * arms)[..., None]
        part += share * (np.clip(figure[:rows] * 1.12, 0, 1) * round_[..., None] - part)
    return picture


def _arms(rows: int, wide: int) -> tuple[Floats, Floats]:
    """Where the arms end at the sides of a figure cut off by its picture (0..1), and how dark they grow (0..1)."""
    y, x = np.mgrid[:rows, :wide].astype(np.float32)
    inwards = np.minimum(x, wide - 1 - x) / wide - 0.02 - 0.012 * np.sin(7 * y / wide + (x > wide / 2))
    return smoothstep(0.0, 0.012, inwards), 0.45 + 0.55 * smoothstep(-0.01, 0.09, inwards)


def main(names: list[str]) -> None:
    """Paint those that are named, or all."""
    shapes = data.fetched(data.cache_folder())
    if "group" in names or not names:
        save(ART / "group.jpg", group(shapes), 86)
    for name in [name for name in names if name != "group"] or ([] if names else list(SITTINGS)):
        sitting = SITTINGS[name]
        setting = portrait.Setting(width=640, height=800, strands=16000, lamps=10, turn=sitting.turn)
        seen = portrait.rendered(shapes, sitting.expression, setting, sitting.gaze, sitting.looks)
        save(ART / f"{name}.jpg", finish.painted(seen, (setting.width, setting.height), sitting.seed), 88)


if __name__ == "__main__":
    main(sys.argv[1:])
