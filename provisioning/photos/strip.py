"""A strip of the candidates for the likeness, with what was measured of each, for the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PIL import Image, ImageDraw

from device.face.scenes.fonts import load as load_font
from provisioning.photos.choice import PARTS, Candidate, Choice

FACE = (176, 220)
"""Size of one face, pixels; as `see` cuts them."""
_PAPER, _INK, _SOFT, _TRACK = (250, 248, 244), (38, 36, 34), (120, 114, 106), (226, 221, 212)
_CHOSEN, _BESIDE, _REST, _POOR = (46, 110, 78), (92, 140, 112), (150, 144, 134), (190, 92, 70)
_SIDE, _GAP, _ROW, _LABELS = 24, 16, 27, 216
_MOST = 8
_ROLES = {"portrait": ("Likeness", "肖像"), "portrait_smiling": ("Smile", "微笑"), "": ("Not used", "未选")}
_FURTHER = ("Also used", "补充")


def strip(choice: Choice, faces: Mapping[str, Image.Image]) -> Image.Image:
    """RGB. `faces`: photograph's path -> the strip of its faces that `see` cut, in their order."""
    shown = choice.candidates[:_MOST]
    width = 2 * _SIDE + _LABELS + len(shown) * (FACE[0] + _GAP)
    rows = [name for name in PARTS if name != "time" or any(one.parts[name] < 1 for one in shown)]
    height = 2 * _SIDE + 58 + FACE[1] + 14 + _ROW * (len(rows) + 1)
    picture = Image.new("RGB", (max(width, 480), height), _PAPER)
    draw = ImageDraw.Draw(picture)
    top = _SIDE + 58 + FACE[1] + 14
    _labels(draw, top, rows)
    for number, one in enumerate(shown):
        x = _SIDE + _LABELS + number * (FACE[0] + _GAP)
        _column(picture, draw, x, one, faces.get(one.photo))
        _bars(draw, x, top, one, rows)
    if not shown:
        draw.text((_SIDE + _LABELS, _SIDE), "no photograph of the person 没有本人的照片", _INK, load_font(20))
    return picture


def _labels(draw: ImageDraw.ImageDraw, top: int, rows: Sequence[str]) -> None:
    for row, (en, zh) in enumerate((("Together", "总分"), *(PARTS[name] for name in rows))):
        draw.text((_SIDE, top + row * _ROW), f"{en} {zh}", _INK if row == 0 else _SOFT, load_font(17))


def _column(picture: Image.Image, draw: ImageDraw.ImageDraw, x: int, one: Candidate, faces: Image.Image | None) -> None:
    en, zh = _ROLES.get(one.role, _FURTHER)
    colour = _colour(one)
    draw.text((x, _SIDE - 4), f"{en} {zh}", colour, load_font(19))
    name = one.photo.rsplit("/", 1)[-1]
    draw.text((x, _SIDE + 24), _fitted(draw, name), _SOFT, load_font(14))
    place = (x, _SIDE + 50)
    if faces is not None:
        picture.paste(faces.crop((one.face * FACE[0], 0, (one.face + 1) * FACE[0], FACE[1])), place)
    if one.role:
        edge = (place[0] - 4, place[1] - 4, place[0] + FACE[0] + 3, place[1] + FACE[1] + 3)
        draw.rectangle(edge, outline=colour, width=4 if one.role == "portrait" else 2)


def _fitted(draw: ImageDraw.ImageDraw, name: str) -> str:
    font = load_font(14)
    if draw.textlength(name, font) <= FACE[0]:
        return name
    while len(name) > 4 and draw.textlength(f"…{name}", font) > FACE[0]:
        name = name[1:]
    return f"…{name}"


def _colour(one: Candidate) -> tuple[int, int, int]:
    return _CHOSEN if one.role == "portrait" else _BESIDE if one.role else _REST


def _bars(draw: ImageDraw.ImageDraw, x: int, top: int, one: Candidate, rows: Sequence[str]) -> None:
    values = [one.score, *(one.parts[name] for name in rows)]
    for row, value in enumerate(values):
        y = top + row * _ROW + (4 if row else 1)
        high = 12 if row else 18
        draw.rounded_rectangle((x, y, x + FACE[0] - 1, y + high), 5, _TRACK)
        colour = _colour(one) if row == 0 else (_POOR if value < 0.6 else _BESIDE if one.role else _REST)
        if value > 0.02 or row:
            draw.rounded_rectangle((x, y, x + max(round(value * (FACE[0] - 1)), 6), y + high), 5, colour)
    draw.text((x + 8, top - 3), f"{100 * one.score:.0f}", (255, 255, 255) if one.score > 0.2 else _SOFT, load_font(16))
