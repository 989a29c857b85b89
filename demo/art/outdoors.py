"""Album pictures from outside: the river at dusk, a courtyard in snow, a kite over a field."""

from __future__ import annotations

import numpy as np

from .mesh import Floats, floats
from .noise import blurred, smoothstep
from .sketch import Colour, Sketch, painted


def river_ferry(width: int, height: int) -> Floats:
    """The Qiantang at dusk: a ferry with lit windows, the long bridge behind it."""
    s = Sketch(width, height)
    s.sky(
        [
            (0, (0.20, 0.24, 0.40)),
            (220, (0.46, 0.40, 0.52)),
            (380, (0.85, 0.56, 0.44)),
            (500, (0.99, 0.78, 0.47)),
            (520, (0.97, 0.74, 0.45)),
        ]
    )
    banks = np.clip(s.noise(300, 1, 3, 0.28) * 0.5 + 0.1, 0, 1) * smoothstep(470, 120, s.y)
    s.lay(0.75 * banks, floats((0.60, 0.42, 0.48)) + np.clip(s.y / 500, 0, 1)[..., None] * floats((0.38, 0.20, -0.06)))
    s.glow(830, 470, 260, (1.0, 0.62, 0.25), 0.42)
    s.dot(830, 462, 34, 34, 0.15, (1.0, 0.93, 0.70))
    for base, rise, tint, seed in ((505, 120, (0.58, 0.45, 0.52), 2), (512, 70, (0.42, 0.36, 0.45), 3)):
        ridge = base - rise * np.clip(
            0.45 + 0.5 * s.noise(260, seed, 3, 9)[0:1] + 0.35 * np.sin(s.x[0:1] / 190 + seed), 0, 1.3
        ) * smoothstep(1180, 500, s.x[0:1])
        s.lay(smoothstep(-2, 2, s.y - ridge), tint)
    _water(s)
    _bridge(s)
    _ferry(s)
    for k in range(9):
        x = 30 + 24 * k + 9 * np.sin(k * 2.3)
        fall = 190 + 130 * abs(np.sin(k * 1.7))
        s.line([(x - 30, -20), (x, fall * 0.4), (x + 12 * np.sin(k), fall)], (0.10, 0.13, 0.10), 3.2, 0.9, 0.3, True)
        for leaf in range(16):
            at = fall * (0.2 + 0.05 * leaf)
            side = 1 if leaf % 2 else -1
            s.line(
                [(x - 6, at), (x + side * 13, at + 18), (x + side * 17, at + 34)],
                (0.15, 0.19, 0.12),
                4.5,
                0.85,
                0.2,
                True,
            )
    return painted(s, 101, smoothstep(520, 560, s.y))


def _water(s: Sketch) -> None:
    rows = np.clip(1040 - s.y, 0, 1000)
    mirror = np.stack(
        [
            np.interp(
                rows,
                np.arange(1000),
                np.interp(
                    np.arange(1000),
                    [0, 80, 300, 420, 520],
                    [
                        c[k]
                        for c in (
                            (0.20, 0.24, 0.36),
                            (0.24, 0.26, 0.40),
                            (0.62, 0.44, 0.44),
                            (0.90, 0.62, 0.42),
                            (0.95, 0.72, 0.46),
                        )
                    ],
                ),
            )
            for k in range(3)
        ],
        axis=2,
    )
    ripple = s.noise(46, 5, 2, 0.10) * smoothstep(510, 900, s.y)
    water = mirror * 0.86 + 0.07 * ripple[..., None] * floats((1.0, 0.9, 0.7))
    s.lay(smoothstep(512, 518, s.y), water.astype(np.float32))
    path = (
        np.exp(-(((s.x - 830 - 14 * ripple) / (26 + 0.22 * (s.y - 515))) ** 2))
        * (s.y > 516)
        * np.clip(0.55 + 0.5 * s.noise(38, 6, 2, 0.12), 0, 1)
    )
    s.lay(path, (1.0, 0.84, 0.52))


def _bridge(s: Sketch) -> None:
    dark: Colour = (0.26, 0.21, 0.27)
    s.fill([(420, 452), (1290, 418), (1290, 428), (420, 460)], dark, detail=0.6)
    s.fill([(420, 474), (1290, 452), (1290, 462), (420, 481)], dark, detail=0.6)
    for k in range(18):
        x = 430 + 50 * k
        top, low = 456 - 0.039 * (x - 420), 476 - 0.025 * (x - 420)
        s.line([(x, low), (x + 25, top), (x + 50, low)], dark, 2.6, 1, 0.6)
    for k in range(6):
        x = 470 + 160 * k
        s.fill([(x - 9, 476), (x + 9, 474), (x + 12, 522), (x - 12, 522)], (0.30, 0.24, 0.28), detail=0.5)
        s.lay(0.55 * s.shape([(x - 11, 522), (x + 11, 522), (x + 7, 600), (x - 7, 600)], 5), (0.36, 0.28, 0.30))


def _ferry(s: Sketch) -> None:
    s.lay(0.75 * s.shape([(255, 722), (770, 722), (700, 800), (640, 860), (330, 850)], 10), (0.22, 0.19, 0.24))
    s.fill([(215, 660), (800, 650), (745, 728), (280, 732)], (0.20, 0.22, 0.28), 1.2, detail=0.7)
    s.fill([(215, 660), (800, 650), (790, 664), (224, 674)], (0.86, 0.80, 0.72), 1, detail=0.7)
    s.fill([(255, 700), (768, 694), (760, 706), (262, 711)], (0.56, 0.20, 0.15), 1, detail=0.6)
    s.fill([(300, 590), (690, 584), (700, 656), (285, 662)], (0.80, 0.74, 0.68), 1, detail=0.7)
    s.fill([(285, 582), (705, 575), (708, 588), (282, 595)], (0.40, 0.34, 0.36), 1, detail=0.7)
    s.fill([(500, 520), (640, 517), (646, 578), (496, 581)], (0.84, 0.78, 0.70), 1, detail=0.7)
    s.fill([(488, 512), (654, 508), (656, 519), (486, 523)], (0.38, 0.32, 0.35), 1, detail=0.7)
    s.fill([(395, 505), (445, 503), (450, 580), (392, 582)], (0.62, 0.24, 0.17), 1, detail=0.7)
    s.fill([(395, 505), (445, 503), (446, 520), (395, 522)], (0.16, 0.14, 0.16), 1, detail=0.7)
    s.lay(
        0.42 * s.shape([(285, 590), (430, 588), (430, 732), (270, 732)], 40) * smoothstep(572, 584, s.y),
        (0.30, 0.24, 0.36),
    )
    s.lay(0.30 * s.shape([(640, 584), (700, 584), (800, 650), (745, 728), (620, 700)], 24), (0.98, 0.66, 0.36))
    for k in range(8):
        x = 318 + 45 * k
        s.fill([(x, 610), (x + 27, 609), (x + 28, 638), (x, 639)], (1.0, 0.83, 0.48), 1, detail=0.8)
        s.glow(x + 14, 625, 34, (1.0, 0.6, 0.2), 0.14)
        s.dot(x + 14, 770, 13, 62, 0.9, (0.98, 0.76, 0.42), 0.6)
    for x in (516, 560, 604):
        s.fill([(x, 532), (x + 26, 531), (x + 27, 556), (x, 557)], (0.99, 0.86, 0.60), 1, detail=0.8)
    smoke = (
        np.exp(-(((s.y - 470 + 0.28 * (s.x - 420)) / (16 + 0.13 * np.abs(s.x - 420))) ** 2))
        * smoothstep(425, 380, s.x)
        * smoothstep(60, 330, s.x)
    )
    s.lay(0.5 * smoke * np.clip(0.7 + 0.5 * s.noise(50, 8, 2), 0, 1), (0.50, 0.44, 0.48))
    s.line([(570, 510), (571, 440)], (0.25, 0.20, 0.24), 3, 1, 0.7)
    s.fill([(572, 442), (612, 450), (572, 462)], (0.80, 0.20, 0.14), 1, detail=0.7)
    for x in (240, 275, 715, 750, 785):
        s.line([(x, 662), (x + 1, 628)], (0.75, 0.68, 0.62), 2.4, 1, 0.6)
    s.line([(215, 630), (290, 628)], (0.75, 0.68, 0.62), 2.4, 1, 0.6)
    s.line([(700, 628), (800, 622)], (0.75, 0.68, 0.62), 2.4, 1, 0.6)


def persimmon_snow(width: int, height: int) -> Floats:
    """A courtyard under new snow and a persimmon tree still bearing its fruit."""
    s = Sketch(width, height)
    s.sky([(0, (0.62, 0.68, 0.75)), (420, (0.82, 0.83, 0.83)), (960, (0.88, 0.88, 0.88))])
    s.lay(0.35 * np.clip(s.noise(260, 1, 2), 0, 1), (0.90, 0.86, 0.82))
    s.fill([(0, 430), (1280, 400), (1280, 690), (0, 700)], (0.80, 0.77, 0.71), 2)
    s.lay(
        0.35 * np.clip(s.noise(120, 2, 3), 0, 1) * smoothstep(400, 440, s.y) * smoothstep(700, 680, s.y),
        (0.64, 0.62, 0.58),
    )
    s.fill([(0, 372), (1280, 340), (1280, 410), (0, 440)], (0.28, 0.29, 0.32), 2)
    for k in range(44):
        s.line([(30 * k, 378 - 0.75 * k), (30 * k - 4, 436 - 0.75 * k)], (0.17, 0.18, 0.20), 4, 0.7, 0.2)
    ridge = 366 - 0.025 * s.x + 5 * np.sin(s.x / 37) + 3 * np.sin(s.x / 15)
    s.lay(smoothstep(ridge - 26, ridge - 20, s.y) * smoothstep(ridge + 26, ridge + 16, s.y), (0.95, 0.96, 0.98))
    _gate(s)
    ground = 678 + 14 * np.sin(s.x / 210) + 6 * np.sin(s.x / 70 + 1)
    shade = floats((0.90, 0.92, 0.95)) - np.clip(0.5 + 0.4 * s.noise(190, 4, 2, 0.35), 0, 1)[..., None] * floats(
        (0.17, 0.12, 0.05)
    )
    s.lay(smoothstep(ground - 3, ground + 3, s.y), shade)
    for k in range(9):
        s.dot(900 - 34 * k + 12 * (k % 2), 940 - 26 * k, 15 - k * 0.8, 7 - k * 0.3, 0.4, (0.55, 0.62, 0.73), 0.5)
    _tree(s)
    rng = np.random.default_rng(9)
    for _ in range(190):
        x, y, r = rng.uniform(0, 1280), rng.uniform(0, 940), rng.uniform(1.6, 4.2)
        s.dot(x, y, r, r, 0.6, (0.98, 0.98, 1.0), 0.9, 0.6)
    return painted(s, 102)


def _gate(s: Sketch) -> None:
    s.fill([(905, 452), (1125, 446), (1130, 684), (900, 690)], (0.40, 0.36, 0.33), 1.5, detail=0.3)
    s.fill([(925, 470), (1012, 468), (1012, 686), (922, 688)], (0.58, 0.17, 0.12), 1.2, detail=0.4)
    s.fill([(1018, 468), (1106, 465), (1110, 684), (1018, 686)], (0.54, 0.15, 0.11), 1.2, detail=0.4)
    for x in (1000, 1032):
        s.dot(x, 580, 8, 8, 0.3, (0.78, 0.62, 0.30))
    for x in (860, 1168):
        s.line([(x, 436), (x, 478)], (0.2, 0.15, 0.12), 2.5, 1, 0.4)
        s.dot(x, 512, 30, 34, 0.10, (0.80, 0.16, 0.10))
        s.dot(x - 8, 504, 13, 19, 0.9, (0.98, 0.48, 0.26))
        s.fill([(x - 16, 476), (x + 16, 476), (x + 16, 484), (x - 16, 484)], (0.75, 0.58, 0.26), 1)
        s.fill([(x - 14, 542), (x + 14, 542), (x + 12, 550), (x - 12, 550)], (0.75, 0.58, 0.26), 1)
        s.line([(x, 550), (x, 588)], (0.80, 0.20, 0.12), 4, 1, 0.4)
    s.lay(s.shape([(885, 446), (1140, 438), (1136, 424), (1010, 410), (890, 430)], 3, True), (0.95, 0.96, 0.98))


def _tree(s: Sketch) -> None:
    bark: Colour = (0.15, 0.12, 0.11)
    rng = np.random.default_rng(7)
    s.fill(
        [
            (306, 716),
            (340, 690),
            (356, 600),
            (350, 520),
            (362, 452),
            (392, 448),
            (396, 530),
            (388, 610),
            (404, 690),
            (446, 718),
            (400, 712),
            (352, 714),
        ],
        bark,
        1.5,
        True,
        0.5,
    )
    for k in range(16):
        x, y = 358 + 34 * rng.uniform(), 470 + 14 * k
        s.line(
            [(x, y), (x + 3, y + 14), (x - 1, y + 30)], (0.34, 0.29, 0.26) if k % 2 else (0.08, 0.06, 0.06), 3, 0.7, 0.4
        )
    s.line([(352, 470), (347, 530), (352, 610), (340, 680)], (0.90, 0.92, 0.96), 6, 0.8, 0.4)
    s.lay(
        0.9 * s.shape([(290, 722), (350, 704), (410, 706), (462, 722), (400, 734), (340, 734)], 5, True),
        (0.93, 0.95, 0.98),
    )
    tips: list[tuple[float, float]] = []

    def grow(x: float, y: float, angle: float, length: float, width: float) -> None:
        bend = angle + rng.normal(0, 0.22)
        mid = (x + 0.5 * length * np.cos(angle), y - 0.5 * length * np.sin(angle))
        end = (mid[0] + 0.5 * length * np.cos(bend), mid[1] - 0.5 * length * np.sin(bend))
        s.line([(x, y), mid, end], bark, width, 1, 0.45)
        if width > 5:
            s.line(
                [(x, y - width * 0.5), (mid[0], mid[1] - width * 0.5), (end[0], end[1] - width * 0.45)],
                (0.93, 0.95, 0.98),
                width * 0.42,
                0.9,
                0.4,
            )
        if width < 4.5:
            tips.append(end)
        if length < 34:
            return
        for side in (-1, 1):
            grow(end[0], end[1], bend + side * rng.uniform(0.25, 0.62), length * rng.uniform(0.66, 0.80), width * 0.64)

    for angle, length, width in ((2.35, 120, 24), (1.55, 112, 25), (0.85, 135, 23), (0.28, 150, 15)):
        grow(374, 466, angle, length, width)
    chosen = [tips[k] for k in rng.permutation(len(tips))[:80]]
    for x, y in chosen:
        r = rng.uniform(10, 15)
        tint = floats((0.93, 0.42, 0.08)) + rng.normal(0, 0.03, 3).astype(np.float32)
        fruit: Colour = tuple(float(c) for c in tint)  # type: ignore[assignment]
        s.dot(x, y + r, r * 1.08, r, 0.14, fruit, 1, 0.7)
        s.dot(x + r * 0.25, y + r * 1.30, r * 0.72, r * 0.55, 0.8, (0.70, 0.22, 0.05), 0.7)
        s.dot(x - r * 0.35, y + r * 0.75, r * 0.4, r * 0.3, 0.9, (1.0, 0.76, 0.42), 0.75)
        s.dot(x, y + r * 0.25, r * 0.85, r * 0.36, 0.4, (0.97, 0.98, 1.0))


def kite(width: int, height: int) -> Floats:
    """A swallow kite over a spring field, an old man and a child on the string's other end."""
    s = Sketch(width, height)
    s.sky([(0, (0.33, 0.54, 0.78)), (420, (0.66, 0.79, 0.87)), (640, (0.93, 0.91, 0.82)), (960, (0.9, 0.9, 0.8))])
    clouds = np.clip(s.noise(330, 1, 4, 0.42) * 0.62 - 0.02, 0, 1) * smoothstep(660, 430, s.y)
    s.lay(0.92 * clouds, (0.99, 0.97, 0.93))
    under = np.clip(clouds - np.roll(clouds, -int(26 * s.scale), axis=0), 0, 1)
    s.lay(0.85 * under, (0.72, 0.76, 0.83))
    for base, tint, seed in ((640, (0.56, 0.66, 0.74), 2), (668, (0.42, 0.56, 0.52), 3)):
        ridge = base - 46 * np.clip(0.5 + 0.5 * s.noise(240, seed, 3, 9)[0:1], 0, 1.4)
        s.lay(smoothstep(-2, 2, s.y - ridge), tint)
    field = np.clip((s.y - 672) / 290, 0, 1)[..., None]
    rape = np.clip(0.5 + 0.6 * s.noise(150, 4, 3, 0.2), 0, 1)[..., None]
    meadow = (1 - field) * (
        floats((0.86, 0.78, 0.30)) * rape + floats((0.52, 0.63, 0.30)) * (1 - rape)
    ) + field * floats((0.34, 0.46, 0.17))
    s.lay(smoothstep(668, 676, s.y), meadow.astype(np.float32))
    s.fill(
        [(610, 960), (720, 960), (735, 830), (790, 740), (900, 690), (880, 690), (750, 738), (680, 830)],
        (0.80, 0.70, 0.50),
        6,
        True,
    )
    _grass(s)
    s.line([(866, 262), (760, 470), (640, 640), (560, 742)], (0.93, 0.93, 0.90), 1.6, 0.8, 0.5)
    _swallow(s)
    _pair(s)
    return painted(s, 103)


def _grass(s: Sketch) -> None:
    rng = np.random.default_rng(12)
    for _ in range(900):
        y = 720 + 250 * rng.uniform() ** 0.7
        x, tall = rng.uniform(-10, 1290), (y - 650) * rng.uniform(0.10, 0.22)
        green = floats((0.30, 0.44, 0.14)) * rng.uniform(0.65, 1.5) + floats((0.10, 0.06, 0.0)) * rng.uniform()
        s.line(
            [(x, y), (x + 3, y - tall * 0.6), (x + 9 + tall * 0.12, y - tall)],
            (float(green[0]), float(green[1]), float(green[2])),
            2.6,
            0.8,
            0.0,
            True,
        )
    for _ in range(240):
        y = 700 + 250 * rng.uniform() ** 0.8
        r = 1.6 + (y - 690) * 0.017
        tint = [(0.98, 0.88, 0.34), (0.98, 0.96, 0.90), (0.88, 0.40, 0.36)][rng.integers(0, 3)]
        s.dot(rng.uniform(0, 1280), y, r, r * 0.8, 0.4, tint)


def _swallow(s: Sketch) -> None:
    red: Colour = (0.80, 0.16, 0.12)
    s.fill(
        [
            (866, 212),
            (760, 168),
            (688, 196),
            (742, 236),
            (842, 262),
            (866, 300),
            (890, 262),
            (992, 228),
            (1040, 182),
            (968, 162),
        ],
        red,
        1.2,
        True,
        0.8,
    )
    s.fill(
        [(850, 250), (884, 250), (930, 372), (900, 356), (868, 308), (836, 360), (806, 378)],
        (0.16, 0.16, 0.22),
        1.2,
        False,
        0.8,
    )
    s.fill([(846, 206), (866, 188), (886, 206), (882, 262), (866, 276), (850, 262)], (0.98, 0.90, 0.70), 1, True, 0.8)
    for side in (-1, 1):
        s.dot(866 + side * 78, 206, 30, 15, 0.2, (0.98, 0.80, 0.30))
        s.dot(866 + side * 78, 206, 15, 8, 0.3, (0.16, 0.30, 0.50))
        s.dot(866 + side * 8, 202, 4, 5, 0.3, (0.10, 0.08, 0.10))
        s.line(
            [(866 + side * 48, 366), (866 + side * 70, 430), (866 + side * 50, 500), (866 + side * 84, 560)],
            (0.93, 0.40, 0.22),
            3.5,
            0.95,
            0.6,
            True,
        )


def _pair(s: Sketch) -> None:
    s.dot(545, 846, 110, 15, 0.8, (0.18, 0.26, 0.10), 0.5)
    s.fill(
        [(486, 744), (520, 738), (530, 800), (526, 846), (512, 846), (508, 800), (500, 846), (484, 846), (484, 800)],
        (0.24, 0.25, 0.30),
        1,
        False,
        0.7,
    )
    s.fill([(480, 670), (498, 656), (522, 660), (534, 690), (532, 752), (480, 754)], (0.22, 0.26, 0.36), 1.2, True, 0.7)
    s.line([(526, 676), (548, 706), (562, 738)], (0.22, 0.26, 0.36), 11, 1, 0.7)
    s.dot(507, 636, 18, 21, 0.12, (0.80, 0.60, 0.47))
    s.dot(504, 624, 19, 13, 0.3, (0.90, 0.89, 0.87))
    s.fill(
        [(566, 792), (594, 790), (598, 846), (586, 846), (581, 812), (576, 846), (564, 846)],
        (0.30, 0.34, 0.46),
        1,
        False,
        0.7,
    )
    s.fill([(562, 744), (580, 732), (598, 742), (602, 798), (560, 800)], (0.88, 0.30, 0.20), 1.2, True, 0.7)
    s.line([(596, 748), (610, 722), (618, 698)], (0.88, 0.30, 0.20), 9, 1, 0.7)
    s.line([(566, 750), (560, 744)], (0.80, 0.60, 0.47), 8, 1, 0.7)
    s.dot(580, 718, 16, 17, 0.12, (0.84, 0.64, 0.50))
    s.dot(580, 709, 16.5, 11, 0.25, (0.14, 0.11, 0.10))
    s.detail = np.maximum(s.detail, 0.75 * blurred((s.disc(507, 632, 26, 30) + s.disc(580, 714, 22, 24)).clip(0, 1), 2))
