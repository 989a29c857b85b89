"""Album pictures from inside: the workshop table, and a bowl of red-braised pork."""

from __future__ import annotations

import numpy as np

from .mesh import Floats, floats
from .noise import smoothstep
from .sketch import Colour, Sketch, painted

_OAK: Colour = (0.62, 0.42, 0.24)


def _boards(s: Sketch, top: float, tint: Colour, seed: int, every: float) -> None:
    """A table of boards running away from the viewer, from height `top` down."""
    depth = np.clip((s.y - top) / (960 - top), 0, 1)
    across = (s.x - 640) / (0.45 + 0.75 * depth)
    grain = 0.05 * np.sin(across / 5 + 3 * s.noise(240, seed, 2, 0.4)) + 0.06 * s.noise(26, seed + 1, 2, 6)
    board = np.floor(across / every)
    tone = 1 + 0.09 * np.sin(board * 12.9898 + 1.3) + grain
    seam = np.clip(1 - np.abs(across / every - np.round(across / every)) * every / 3, 0, 1)
    colour = floats(tint) * (tone * (0.72 + 0.34 * depth))[..., None] * (1 - 0.55 * seam[..., None])
    s.lay(smoothstep(top - 2, top + 2, s.y), colour.astype(np.float32))


def workshop(width: int, height: int) -> Floats:
    """Planes, a chisel, a mallet and shavings on his table, and a model ferry half done."""
    s = Sketch(width, height)
    s.sky([(0, (0.22, 0.17, 0.12)), (420, (0.34, 0.26, 0.18)), (960, (0.3, 0.2, 0.1))])
    s.lay(0.5 * np.clip(s.noise(150, 1, 3), 0, 1), (0.26, 0.22, 0.17))
    s.fill([(60, 40), (330, 30), (335, 350), (64, 356)], (0.20, 0.14, 0.09), 2)
    for x, y in ((76, 54), (206, 50)):
        for k in range(2):
            s.fill(
                [
                    (x, y + 152 * k),
                    (x + 114, y - 3 + 152 * k),
                    (x + 115, y + 132 + 152 * k),
                    (x + 1, y + 136 + 152 * k),
                ],
                (0.96, 0.90, 0.72),
                2,
                detail=0.2,
            )
    s.glow(200, 200, 420, (0.95, 0.72, 0.40), 0.34)
    _wall_tools(s)
    _boards(s, 470, _OAK, 3, 150)
    s.glow(330, 640, 420, (0.95, 0.70, 0.36), 0.26)
    s.picture *= (1 - 0.38 * smoothstep(700, 1350, s.x + 0.25 * s.y))[..., None]
    _model_boat(s)
    _plane(s, 330, 700, 1.25)
    _plane(s, 820, 810, 0.95)
    _hand_tools(s)
    _shavings(s)
    return painted(s, 104)


def _wall_tools(s: Sketch) -> None:
    s.line([(420, 92), (1240, 84)], (0.30, 0.20, 0.12), 14, 1, 0.2)
    s.fill([(500, 120), (520, 118), (700, 330), (640, 372)], (0.56, 0.55, 0.52), 1.2, detail=0.5)
    s.fill([(486, 86), (540, 84), (536, 140), (492, 146)], (0.46, 0.28, 0.15), 1.5, True, 0.5)
    for k in range(5):
        x = 790 + 58 * k
        s.fill([(x - 9, 100), (x + 9, 100), (x + 11, 190), (x - 11, 190)], (0.58, 0.36, 0.18), 1, True, 0.5)
        s.fill(
            [(x - 6, 188), (x + 6, 188), (x + 5 + k, 290 + 6 * k), (x - 5 - k, 290 + 6 * k)],
            (0.52, 0.52, 0.50),
            1,
            detail=0.5,
        )
    s.line([(1110, 110), (1110, 330), (1220, 330)], (0.50, 0.34, 0.18), 13, 1, 0.4)


def _plane(s: Sketch, x: float, y: float, k: float) -> None:
    """A wooden Chinese plane with its cross handle."""

    def at(px: float, py: float) -> tuple[float, float]:
        return (x + k * px, y + k * py)

    s.lay(0.6 * s.shape([at(-200, 62), at(230, 40), at(250, 72), at(-180, 98)], 9 * k), (0.16, 0.09, 0.05))
    s.fill([at(-210, -8), at(210, -36), at(214, 40), at(-206, 72)], (0.50, 0.27, 0.13), 1.2, detail=0.6)
    s.fill([at(-210, -8), at(-176, -40), at(236, -66), at(210, -36)], (0.76, 0.50, 0.28), 1.2, detail=0.6)
    s.fill([at(210, -36), at(236, -66), at(240, 10), at(214, 40)], (0.36, 0.19, 0.10), 1.2, detail=0.6)
    for line in range(4):
        s.line(
            [at(-200, 10 + 15 * line), at(-30, 2 + 14 * line), at(206, -18 + 14 * line)], (0.42, 0.22, 0.10), 1.6, 0.6
        )
    s.fill([at(-12, -44), at(40, -48), at(54, -34), at(2, -30)], (0.20, 0.11, 0.06), 1, detail=0.6)
    s.fill([at(14, -40), at(46, -42), at(84, -126), at(50, -124)], (0.60, 0.60, 0.58), 1, detail=0.7)
    s.fill([at(14, -40), at(24, -41), at(60, -125), at(50, -124)], (0.86, 0.86, 0.83), 1, detail=0.7)
    s.fill([at(0, -38), at(22, -40), at(50, -100), at(30, -98)], (0.64, 0.40, 0.20), 1, detail=0.6)
    s.line([at(90, -96), at(126, -60), at(172, -10)], (0.66, 0.40, 0.19), 21 * k, 1, 0.6)
    s.line([at(88, -101), at(124, -66), at(160, -26)], (0.86, 0.62, 0.36), 6 * k, 0.8, 0.5)


def _model_boat(s: Sketch) -> None:
    s.lay(0.5 * s.shape([(690, 560), (1160, 552), (1200, 590), (740, 606)], 9), (0.14, 0.08, 0.04))
    s.fill([(660, 488), (1190, 478), (1130, 566), (720, 574)], (0.66, 0.44, 0.25), 1.2, detail=0.6)
    s.fill([(660, 488), (1190, 478), (1184, 494), (668, 504)], (0.86, 0.66, 0.42), 1.2, detail=0.6)
    for k in range(3):
        s.line(
            [(676 + 12 * k, 516 + 17 * k), (920, 514 + 17 * k), (1170 - 14 * k, 506 + 17 * k)],
            (0.44, 0.27, 0.14),
            2,
            0.8,
            0.4,
        )
    s.fill([(770, 418), (1060, 412), (1066, 480), (764, 486)], (0.80, 0.60, 0.38), 1.2, detail=0.6)
    s.fill([(752, 408), (1078, 402), (1080, 416), (750, 423)], (0.60, 0.38, 0.20), 1.2, detail=0.6)
    for k in range(6):
        s.fill(
            [(790 + 45 * k, 436), (815 + 45 * k, 435), (816 + 45 * k, 462), (791 + 45 * k, 463)],
            (0.22, 0.14, 0.09),
            1,
            detail=0.7,
        )
    s.fill([(862, 342), (968, 340), (972, 404), (858, 407)], (0.84, 0.66, 0.44), 1.2, detail=0.6)
    s.fill([(1004, 322), (1036, 321), (1040, 404), (1002, 405)], (0.62, 0.24, 0.16), 1.2, detail=0.6)


def _hand_tools(s: Sketch) -> None:
    s.line([(556, 890), (640, 866)], (0.30, 0.20, 0.14), 30, 0.35)
    s.line([(470, 884), (560, 858), (600, 846)], (0.74, 0.46, 0.20), 24, 1, 0.6)
    s.line([(474, 877), (598, 840)], (0.92, 0.68, 0.38), 6, 0.8, 0.5)
    s.fill([(598, 836), (736, 796), (744, 814), (604, 856)], (0.62, 0.63, 0.62), 1, detail=0.7)
    s.fill([(598, 836), (736, 796), (738, 802), (600, 843)], (0.90, 0.90, 0.88), 1, detail=0.7)
    s.line([(1010, 690), (1180, 640)], (0.20, 0.12, 0.07), 26, 0.5)
    s.line([(1004, 672), (1176, 622)], (0.70, 0.46, 0.24), 20, 1, 0.5)
    s.fill([(920, 640), (1000, 618), (1030, 700), (948, 724)], (0.48, 0.29, 0.15), 1.5, detail=0.6)
    s.fill([(920, 640), (1000, 618), (1010, 640), (928, 664)], (0.72, 0.50, 0.29), 1.5, detail=0.6)
    s.line([(120, 900), (400, 936)], (0.82, 0.70, 0.34), 17, 1, 0.4)
    for k in range(13):
        s.line([(130 + 21 * k, 896 + 2.7 * k), (129 + 21 * k, 906 + 2.7 * k)], (0.25, 0.17, 0.10), 2, 0.9, 0.5)


def _shavings(s: Sketch) -> None:
    rng = np.random.default_rng(21)
    for _ in range(34):
        x, y = (
            (rng.uniform(60, 800), rng.uniform(610, 930))
            if rng.uniform() < 0.7
            else (rng.uniform(240, 560), rng.uniform(560, 680))
        )
        size, start = rng.uniform(15, 38), rng.uniform(0, 6.3)
        turn = np.linspace(0, rng.uniform(5, 10.5), 15)
        radius = size * (1 - 0.07 * turn)
        path = [
            (float(x + 5.0 * t + r * np.cos(t + start)), float(y + 0.62 * r * np.sin(t + start)))
            for t, r in zip(turn, radius, strict=True)
        ]
        s.dot(x + 18, y + size * 0.6, size * 1.6, size * 0.4, 0.9, (0.22, 0.13, 0.07), 0.35)
        s.line(path, (0.74, 0.52, 0.28), size * 0.36, 1, 0.4)
        s.line([(px - 1, py - size * 0.06) for px, py in path], (0.95, 0.80, 0.54), size * 0.19, 0.95, 0.5)


def braised_pork(width: int, height: int) -> Floats:
    """Red-braised pork in a blue and white bowl, with greens, chopsticks and steam."""
    s = Sketch(width, height)
    s.sky([(0, (0.16, 0.11, 0.08)), (300, (0.24, 0.16, 0.11)), (960, (0.2, 0.1, 0.1))])
    _boards(s, 250, (0.46, 0.28, 0.16), 5, 190)
    s.glow(320, 330, 520, (0.95, 0.66, 0.36), 0.24)
    s.dot(690, 690, 450, 200, 0.35, (0.10, 0.06, 0.04), 0.65)
    bowl = np.maximum(s.disc(640, 520, 400, 210, 0.01), _belly(s))
    light = np.clip(1.04 - 0.00062 * (s.x - 260) - 0.0004 * (s.y - 480), 0, 1.1)[..., None]
    s.lay(bowl, floats((0.97, 0.97, 0.96)) * light)
    s.detail = np.maximum(s.detail, 0.3 * bowl)
    body = bowl * smoothstep(0, 12, np.hypot((s.x - 640) / 400, (s.y - 520) / 210) * 100 - 100)
    wave = 645 + 40 * np.cos((s.x - 640) / 400 * 1.4) + 16 * np.sin(s.x / 24)
    for offset, thick in ((-46, 4), (0, 8), (30, 3.5)):
        s.lay(0.85 * body * np.exp(-(((s.y - wave - offset) / thick) ** 2)), (0.16, 0.27, 0.56))
    for k in range(15):
        x = 270 + 53 * k
        y = 690 + 44 * np.cos((x - 640) / 400 * 1.4)
        for petal in range(5):
            turn = petal * 1.257 + k
            if 300 < x < 980:
                s.dot(x + 10 * np.cos(turn), y - 22 + 9 * np.sin(turn), 8, 7, 0.4, (0.20, 0.33, 0.62), 0.8)
    s.dot(640, 520, 372, 188, 0.02, (0.72, 0.73, 0.76))
    s.dot(640, 528, 352, 172, 0.03, (0.22, 0.08, 0.04))
    _pork(s)
    for x, y in ((870, 380), (850, 400)):
        s.line([(x, y + 60), (x + 190, y - 60), (x + 390, y - 190)], (0.34, 0.14, 0.09), 15, 1, 0.5)
        s.line([(x, y + 55), (x + 190, y - 65), (x + 390, y - 195)], (0.66, 0.34, 0.22), 4, 0.8, 0.5)
    rise = s.x + 34 * np.sin(s.y / 58) + 20 * np.sin(s.y / 23 + 2)
    for x, wide in ((520, 46), (650, 60), (770, 40)):
        steam = (
            np.exp(-(((rise - x) / (wide * (0.5 + np.clip(560 - s.y, 0, 560) / 560))) ** 2))
            * smoothstep(500, 330, s.y)
            * smoothstep(-40, 220, s.y)
        )
        s.lay(0.26 * steam * np.clip(0.75 + 0.5 * s.noise(70, 9, 2, 2), 0, 1), (0.92, 0.88, 0.84))
    return painted(s, 105)


def _belly(s: Sketch) -> Floats:
    """The cover of the bowl below its rim."""
    fall = np.clip((s.y - 520) / 300, 0, 1)
    half = 400 * (1 - fall**2.6) ** 0.55
    return floats(smoothstep(3, -3, np.abs(s.x - 640) - half) * (s.y >= 520) * (s.y < 822))


def _pork(s: Sketch) -> None:
    rng = np.random.default_rng(33)
    for k in range(9):
        turn = -0.6 + 0.28 * k
        x, y = 640 - 300 * np.cos(turn), 490 - 120 * np.sin(turn + 0.3)
        out = -np.cos(turn), -np.sin(turn + 0.3) * 0.6
        tip = (x + 42 * out[0], y + 62 * out[1])
        side = (-out[1] * 40, out[0] * 26)
        leaf = [
            (x - 10 * out[0], y - 10 * out[1]),
            (x + 0.4 * 42 * out[0] + side[0], y + 20 * out[1] + side[1]),
            tip,
            (x + 0.4 * 42 * out[0] - side[0], y + 20 * out[1] - side[1]),
        ]
        s.fill(leaf, (0.20 + 0.03 * (k % 3), 0.40 + 0.05 * (k % 2), 0.11), 1.5, True, 0.4)
        s.line([(x - 40 * out[0], y - 40 * out[1]), (x, y), tip], (0.72, 0.82, 0.52), 7, 0.9, 0.4, True)
    places = [
        (x + rng.normal(0, 8), y + rng.normal(0, 5))
        for y, row in (
            (432, (470, 570, 680, 790)),
            (470, (400, 510, 625, 740, 850)),
            (530, (370, 475, 590, 700, 815, 905)),
            (585, (450, 560, 670, 785)),
            (448, (560, 690)),
            (500, (520, 640, 750)),
        )
        for x in row
    ]
    for x, y in places:
        w, h, lean = rng.uniform(58, 72), rng.uniform(34, 43), rng.normal(0, 7)
        top = [(x - w, y - h * 0.2 + lean), (x - 4, y - h - 4), (x + w, y - h * 0.3 - lean), (x + 6, y + h * 0.55)]
        deep = rng.uniform(42, 54)
        s.dot(x + 8, y + h + deep * 0.7, w * 1.1, 24, 0.8, (0.10, 0.03, 0.02), 0.6)
        for share, tint in (
            (1.0, (0.32, 0.09, 0.04)),
            (0.70, (0.76, 0.42, 0.20)),
            (0.46, (0.40, 0.12, 0.05)),
            (0.24, (0.84, 0.54, 0.28)),
        ):
            s.fill(
                [top[0], top[3], (top[3][0], top[3][1] + deep * share), (top[0][0] + 3, top[0][1] + deep * share)],
                tint,
                1.5,
                detail=0.45,
            )
            dark = (tint[0] * 0.66, tint[1] * 0.6, tint[2] * 0.6)
            s.fill(
                [top[3], top[2], (top[2][0] - 3, top[2][1] + deep * share), (top[3][0], top[3][1] + deep * share)],
                dark,
                1.5,
                detail=0.45,
            )
        s.fill(top, (0.62, 0.20, 0.07), 2.5, False, 0.45)
        s.lay(
            0.75
            * s.shape(
                [(top[0][0] + 14, top[0][1] - 1), (x - 6, y - h * 0.78), (x + 12, y - h * 0.50), (x - 20, y + 1)], 4
            ),
            (0.92, 0.50, 0.22),
        )
        s.dot(x - w * 0.25, y - h * 0.42, 13, 5, 0.7, (1.0, 0.92, 0.80), 0.95)
    for _ in range(26):
        x, y = rng.uniform(430, 830), rng.uniform(415, 570)
        s.dot(x, y, 10, 6, 0.25, (0.40, 0.62, 0.20))
        s.dot(x, y, 5, 2.8, 0.4, (0.78, 0.88, 0.56))
