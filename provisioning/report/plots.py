"""Small drawings as SVG that take their colours from the page, so that they are right by day, by night and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from provisioning.report.content import Words

Row = tuple[Words, float]
_SVG = '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">'


def text(x: float, y: float, words: Words, *, anchor: str = "start", size: int = 17, css: str = "") -> Markup:
    """Words in both languages at one place."""
    one = '<text x="{:.1f}" y="{:.1f}" text-anchor="{}" font-size="{}" class="{}"{}>{}</text>'
    if not words.zh or words.zh == words.en:
        return Markup(one).format(x, y, anchor, size, css, Markup(""), words.en)
    en = Markup(one).format(x, y, anchor, size, css, Markup(' lang="en"'), words.en)
    return en + Markup(one).format(x, y, anchor, size, css, Markup(' lang="zh"'), words.zh)


def bars(rows: Sequence[Row], width: int = 460) -> Markup:
    """Bars that lie, the name before and the number behind; "" without rows."""
    if not rows:
        return Markup("")
    pitch, names, most = 36, 170, max(value for _, value in rows) or 1.0
    room = width - names - 56
    parts = [Markup(_SVG).format(width, pitch * len(rows), "bars")]
    for number, (name, value) in enumerate(rows):
        y = number * pitch
        length = max(3.0, room * value / most)
        parts.append(text(names - 12, y + 23, name, anchor="end"))
        parts.append(Markup('<rect class="bar" x="{}" y="{}" width="{:.1f}" height="18" rx="5"/>').format(
            names, y + 8, length))  # fmt: skip
        parts.append(text(names + length + 10, y + 23, Words(f"{value:g}"), css="soft"))
    return Markup("").join(parts) + Markup("</svg>")


def timeline(years: Mapping[int, int], born: int | None, died: int | None, width: int = 900) -> Markup:
    """Memories per year from birth to death, a column each; "" without a year."""
    known = [*years, *(year for year in (born, died) if year)]
    if not years:
        return Markup("")
    first, last = min(known), max(known)
    span, height, base = max(last - first + 1, 10), 230, 180
    pitch = (width - 40) / span
    most = max(years.values())
    parts = [Markup(_SVG).format(width, height, "years")]
    parts.append(Markup('<path class="rule" d="M20 {} H{}"/>').format(base, width - 20))
    for year, count in sorted(years.items()):
        tall = 12 + 128 * count / most
        column = Markup('<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2">')
        parts.append(column.format(20 + (year - first) * pitch, base - tall, max(pitch - 2, 2), tall))
        parts.append(Markup("<title>{}: {}</title></rect>").format(year, count))
    parts += [_year(20 + (year - first + 0.5) * pitch, base, year) for year in _ticks(first, last)]
    for life, words in ((born, Words("born", "出生")), (died, Words("died", "去世"))):
        if life:
            parts.append(_life(20 + (life - first + 0.5) * pitch, base, words, width))
    return Markup("").join(parts) + Markup("</svg>")


def _ticks(first: int, last: int) -> range:
    step = next(step for step in (2, 5, 10, 20, 50, 100, 1000, 10_000) if (last - first) / step <= 9)
    return range(-(-first // step) * step, last + 1, step)


def _year(x: float, base: int, year: int) -> Markup:
    tick = Markup('<path class="rule" d="M{:.1f} {} v6"/>').format(x, base)
    return tick + text(x, base + 26, Words(str(year)), anchor="middle", size=16, css="soft")


def _life(x: float, base: int, words: Words, width: int) -> Markup:
    anchor = "start" if x < width / 2 else "end"
    mark = Markup('<path class="link guess" d="M{:.1f} 20 V{}"/>').format(x, base)
    return mark + text(x + (7 if anchor == "start" else -7), 32, words, anchor=anchor, size=16)


def scale(marks: Sequence[tuple[float, Words, str]], ends: tuple[Words, Words], width: int = 760) -> Markup:
    """A line from 0 to 1 with marks (place, name, CSS class bar or bar2) that do not write over each other."""
    parts = [Markup(_SVG).format(width, 120 + 30 * len(marks), "scale")]
    left, right, y = 30, width - 30, 40 + 30 * len(marks)
    parts.append(Markup('<rect class="track" x="{}" y="{}" width="{}" height="12" rx="6"/>').format(
        left, y, right - left))  # fmt: skip
    for number, (place, name, css) in enumerate(sorted(marks, key=lambda mark: mark[0])):
        x = left + (right - left) * min(1.0, max(0.0, place))
        top = 34 + 30 * number
        anchor = "start" if place < 0.3 else "end" if place > 0.7 else "middle"
        parts.append(Markup('<path class="link" d="M{:.1f} {} V{}"/>').format(x, top + 6, y))
        parts.append(Markup('<circle class="{}" cx="{:.1f}" cy="{}" r="11"/>').format(css, x, y + 6))
        parts.append(text(x, top, name, anchor=anchor))
    parts.append(text(left, y + 48, ends[0], css="soft", size=16))
    parts.append(text(right, y + 48, ends[1], css="soft", size=16, anchor="end"))
    return Markup("").join(parts) + Markup("</svg>")


def meter(share: float | None, measured: bool) -> Markup:
    """A ring filled to `share`, with the number within, rounded down; ochre where it is an estimate, "?" for None."""
    around = 2 * 3.14159265 * 52
    ring = Markup('<circle class="ring" cx="65" cy="65" r="52" fill="none" stroke="var(--line)" stroke-width="13"/>')
    parts = [Markup(_SVG).format(130, 130, "meter"), ring]
    if share:
        arc = (
            '<circle cx="65" cy="65" r="52" fill="none" stroke="{}" stroke-width="13" stroke-linecap="round" '
            'stroke-dasharray="{:.1f} {:.1f}" transform="rotate(-90 65 65)"/>'
        )
        colour = "var(--sage)" if measured else "var(--ochre)"
        parts.append(Markup(arc).format(colour, max(0.1, around * share), around))
    number = "?" if share is None else f"{int(100 * share)}"
    parts.append(text(65, 78, Words(number), anchor="middle", size=36))
    return Markup("").join(parts) + Markup("</svg>")
