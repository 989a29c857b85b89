"""The family tree as a drawing: a row for each generation, the person in the middle of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from provisioning.memories.memory import Relative
from provisioning.report.content import Words
from provisioning.report.kinship import chinese, english, generation, is_spouse, whose
from provisioning.report.plots import text

BOX, TALL, GAP, ROW = 172, 62, 22, 118
"""Width and height of a name's box, room between two, height of a generation."""
OWN_CHILDREN = frozenset({"son", "daughter", "child"})
PARENTS = frozenset({"father", "mother", "parent"})
SURE = 0.7
"""Confidence below which a relative is drawn dashed."""


@dataclass(frozen=True, slots=True)
class Box:
    """A name at its place."""

    name: str
    words: Words
    x: float
    """Of its middle"""
    y: float
    relative: Relative | None = None
    """None is the person"""

    @property
    def me(self) -> bool:
        return self.relative is None

    @property
    def kinship(self) -> str:
        return self.relative.kinship if self.relative else ""


def draw(name: str, relatives: Sequence[Relative]) -> Markup:
    """All relatives whose generation is known; "" without any."""
    rows = _rows(relatives)
    if not rows:
        return Markup("")
    rows.setdefault(0, [])
    boxes = _places(name, rows)
    width = max(box.x for box in boxes) + BOX / 2 + 10
    height = max(box.y for box in boxes) + TALL + 10
    style = Markup('style="min-width:{:.0f}px;max-width:{:.0f}px;margin:0 auto"')  # readable, and no poster
    head = Markup('<svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="family tree" {}>').format(
        width, height, style.format(min(width, 1600) * 0.8, width * 1.15)
    )
    return head + Markup("").join([*_links(boxes), *map(_drawn, boxes)]) + Markup("</svg>")


def others(relatives: Sequence[Relative]) -> tuple[Relative, ...]:
    """Those who have no place in the tree: friends, neighbours, and whose kinship is unknown."""
    return tuple(relative for relative in relatives if generation(relative.kinship) is None)


def _rows(relatives: Sequence[Relative]) -> dict[int, list[Relative]]:
    rows: dict[int, list[Relative]] = {}
    for relative in relatives:
        level = generation(relative.kinship)
        if level is not None:
            rows.setdefault(level, []).append(relative)
    for row in rows.values():
        row.sort(key=lambda r: (r.kinship.split("-")[0], r.name))
    return rows


def _places(name: str, rows: dict[int, list[Relative]]) -> list[Box]:
    top = max(rows)
    widest = max(len(row) + (level == 0) for level, row in rows.items())
    middle = 10 + (widest * (BOX + GAP) - GAP) / 2
    boxes: list[Box] = []
    for level in sorted(rows, reverse=True):
        row: list[Relative | None] = list(rows[level])
        if level == 0:
            couple = [r for r in rows[0] if is_spouse(r.kinship)]
            rest = [r for r in rows[0] if not is_spouse(r.kinship)]
            half = len(rest) // 2
            row = [*rest[:half], None, *couple, *rest[half:]]
        left = middle - (len(row) * (BOX + GAP) - GAP) / 2 + BOX / 2
        for number, relative in enumerate(row):
            boxes.append(_box(name, relative, left + number * (BOX + GAP), 10 + (top - level) * ROW))
    return boxes


def _box(name: str, relative: Relative | None, x: float, y: float) -> Box:
    if relative is None:
        return Box(name, Words(""), x, y)
    shown = relative.name or (relative.words[0] if relative.words else "?")
    words = Words(english(relative.kinship), chinese(relative.kinship))
    return Box(shown, words, x, y, relative)


def _drawn(box: Box) -> Markup:
    css = "node me" if box.me else "node guess" if box.relative and box.relative.confidence < SURE else "node"
    frame = '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{}" height="{}" rx="14"/>'
    shape = Markup(frame).format(css, box.x - BOX / 2, box.y, BOX, TALL)
    limit = 9 if any(ord(c) > 0x2E80 for c in box.name) else 17
    short = box.name if len(box.name) <= limit else box.name[: limit - 1] + "…"
    named = text(box.x, box.y + (38 if box.me else 28), Words(short), anchor="middle", size=18)
    return shape + named + text(box.x, box.y + 50, box.words, anchor="middle", size=14, css="soft")


def _links(boxes: Sequence[Box]) -> Iterator[Markup]:
    """Lines from parents to children: as the material says where it does, else by their kinship."""
    me = next(box for box in boxes if box.me)
    couple = next((box for box in boxes if is_spouse(box.kinship)), None)
    if couple is not None:
        yield _line(f"M{me.x + BOX / 2:.1f} {me.y + TALL / 2:.1f} H{couple.x - BOX / 2:.1f}")
    named = {child.name for box in boxes for child in _children(box, boxes)}
    for box in boxes:
        for child in _children(box, boxes):
            if not (couple is box and child.kinship in OWN_CHILDREN):
                yield _down(box.x, box.y, child)
        if box.kinship in OWN_CHILDREN:
            middle = me.x if couple is None else (me.x + couple.x) / 2
            yield _down(middle, me.y - (TALL / 2 if couple else 0), box)
        elif box.name not in named and (parent := _by_kinship(box, boxes)):
            yield _down(*parent)


def _children(box: Box, boxes: Sequence[Box]) -> list[Box]:
    told = box.relative.parent_of if box.relative else ()
    return [child for child in boxes if child.name in told and child.y > box.y]


def _by_kinship(box: Box, boxes: Sequence[Box]) -> tuple[float, float, Box] | None:
    """Where the line of a relative begins, and where it ends: parents above the person and their brothers and sisters,
    grandparents above the parent of whom they are, grandchildren below the child; None where several could be."""
    me = next(box for box in boxes if box.me)
    if box.kinship in PARENTS:
        return box.x, box.y, me
    if box.kinship.split("-")[-1] in ("brother", "sister", "sibling") and not whose(box.kinship):
        parents = [parent for parent in boxes if parent.kinship in PARENTS]
        return (parents[0].x, parents[0].y, box) if parents else None
    through = [other for other in boxes if other.kinship == whose(box.kinship)] if whose(box.kinship) else []
    if len(through) != 1 or through[0].y == box.y:
        return None
    up = box.y < through[0].y
    return (box.x, box.y, through[0]) if up else (through[0].x, through[0].y, box)


def _down(x: float, y: float, child: Box) -> Markup:
    low = child.y - (ROW - TALL) / 2
    return _line(f"M{x:.1f} {y + TALL:.1f} V{low:.1f} H{child.x:.1f} V{child.y:.1f}")


def _line(path: str) -> Markup:
    return Markup('<path class="link" d="{}"/>').format(path)
