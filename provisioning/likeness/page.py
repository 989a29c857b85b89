"""`report.html`: one page for the family, in English and Chinese, with all its pictures inside."""

from __future__ import annotations

import base64
import html
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.likeness.geometry import BROWS, LIDS, LIPS, OVAL
from provisioning.likeness.sheet import EXPRESSIONS, head_drawer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from device.face.rig import Rig
    from provisioning.likeness.notes import Note
    from provisioning.likeness.report import Report

Image = NDArray[np.uint8]

_FOUND_SIDE = 640
_CELL = 200
_LINE = (120, 220, 160)
_SHOWN = {
    "neutral": ("at rest", "平静"),
    "blink": ("blink", "眨眼"),
    "smile": ("smile", "微笑"),
    "laugh": ("laugh", "大笑"),
    "sad": ("moved", "感伤"),
    "brows up": ("surprise", "惊讶"),
    "yaw +8": ("turned", "转头"),
}
_BAKERS = {
    "photograph": ("moving the photograph's own pixels", "移动照片自身的像素"),
    "network": (
        "moving the photograph's own pixels, with textures that a portrait network drew",
        "移动照片自身的像素，并加上肖像神经网络画的纹理",
    ),
}
_STYLE = (
    "body{font:17px/1.6 system-ui,sans-serif;margin:2em auto;max-width:960px;padding:0 1em;color:#222}"
    "img{max-width:100%;border-radius:6px}figure{display:inline-block;margin:0 6px 12px 0;text-align:center}"
    "figcaption{font-size:14px;color:#666}li{margin:.5em 0}.zh{display:block;color:#555}"
    "table{border-collapse:collapse}td{padding:.15em 1.2em .15em 0}"
)


def write_page(path: Path, report: Report, rig: Rig, film: Sequence[tuple[Image, str, str]] = ()) -> None:
    """Writes the page; the same likeness gives the same bytes. `film`: pictures from films, with their names."""
    draw = head_drawer(rig, _CELL)
    strip = "".join(_figure(draw(EXPRESSIONS[name]), *labels) for name, labels in _SHOWN.items())
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>{html.escape(report.photo)}</title><style>{_STYLE}</style>",
        "<h1>The likeness <span class=zh>肖像报告</span></h1>",
        _figure(found_picture(rig), f"{report.photo}: what was found", "找到的面部轮廓"),
        _table(report),
        "<h2>What was used <span class=zh>用了什么</span></h2>",
        _list(report.used),
        "<h2>What is weak, and which photograph would help <span class=zh>不足之处，以及什么样的照片更好</span></h2>",
        _list(report.weak) if report.weak else "<p>Nothing. <span class=zh>没有。</span></p>",
        "<h2>How it moves <span class=zh>表情</span></h2>",
        strip,
        *_from_films(film),
        "<p>This is a generated likeness. <span class=zh>这是生成的肖像。</span></p></html>\n",
    ]
    path.write_text("\n".join(parts), encoding="utf-8")


def _from_films(film: Sequence[tuple[Image, str, str]]) -> list[str]:
    if not film:
        return []
    title = "<h2>What was found in films <span class=zh>影片里找到的</span></h2>"
    return [title, "".join(_figure(picture, en, zh) for picture, en, zh in film)]


def found_picture(rig: Rig) -> Image:
    """The photograph with outline, brows, eyes, irises and lips lightly drawn over it, about 640 pixels."""
    scale = _FOUND_SIDE / max(rig.photo.shape[:2])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture = np.asarray(cv2.resize(rig.photo, None, fx=scale, fy=scale, interpolation=method), np.uint8)
    drawn = picture.copy()
    points = rig.landmarks[:, :2] * scale * 16
    for ring in (OVAL, LIPS):
        _line(drawn, points[list(ring)], True)
    for brow in BROWS:
        _line(drawn, points[list(brow)], False)
    for _, upper, lower, _ in LIDS:
        _line(drawn, points[[*upper, *lower[::-1]]], True)
    for eye in rig.eyes:
        x, y, radius = (round(v * scale * 16) for v in eye.iris)
        cv2.circle(drawn, (x, y), radius, _LINE, 1, cv2.LINE_AA, 4)
    return np.asarray(cv2.addWeighted(drawn, 0.6, picture, 0.4, 0), np.uint8)


def _line(picture: Image, points: NDArray[np.float32], closed: bool) -> None:
    cv2.polylines(picture, [np.round(points).astype(np.int32)], closed, _LINE, 1, cv2.LINE_AA, 4)


def _figure(picture: Image, en: str, zh: str) -> str:
    stored = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    content = cv2.imencode(".jpg", stored, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()
    data = base64.b64encode(content).decode("ascii")
    caption = f"<figcaption>{html.escape(en)} {html.escape(zh)}</figcaption>"
    return f"<figure><img alt='{html.escape(en)}' src='data:image/jpeg;base64,{data}'>{caption}</figure>"


def _table(report: Report) -> str:
    colour = ("black and white or toned", "黑白或单色") if report.colour < 0.15 else ("in colour", "彩色")
    baker = _BAKERS.get(report.baker, (report.baker, ""))
    rows = [
        ("Made by", "制作方式", html.escape(" ".join(baker))),
        ("Size", "尺寸", f"{report.size[0]} × {report.size[1]}"),
        ("Between the eyes", "两眼距离", f"{report.eye_distance:.0f} px"),
        ("Photograph", "照片", f"{colour[0]} {colour[1]}"),
        ("Spectacles", "眼镜", "yes 有" if report.spectacles else "no 无"),
    ]
    return "<table>" + "".join(f"<tr><td>{en} {zh}<td>{value}" for en, zh, value in rows) + "</table>"


def _list(notes: list[Note]) -> str:
    items = (f"<li>{html.escape(n.en)}<span class=zh lang=zh>{html.escape(n.zh)}</span>" for n in notes)
    return "<ul>" + "".join(items) + "</ul>"
