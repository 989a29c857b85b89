"""Draws the caption bar, the notice and the badge onto frames.

Text is drawn once and kept as "what remains of the picture beneath" and "what is added": a frame then costs one
multiplication and one addition of bytes over the bar.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from device.face.render import Frame
from device.face.scenes import fonts
from device.face.scenes.caption_track import BAR_STEPS, LINES, STEPS, Caption, break_lines, em, units

BADGE = "AI 生成的肖像 · AI likeness"
IVORY = (250, 245, 234)
Grey = NDArray[np.uint8]
"""0..255, shape (height, width)."""
Lines = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Layout:
    """Sizes in pixels for a screen."""

    width: int
    height: int

    @property
    def unit(self) -> int:
        """What text sizes are measured in: the screen's shorter side."""
        return min(self.width, self.height)

    @property
    def said(self) -> int:
        return max(12, round(0.047 * self.unit))

    @property
    def heard(self) -> int:
        return max(10, round(0.031 * self.unit))

    @property
    def badge(self) -> int:
        return max(9, round(0.0195 * self.unit))

    @property
    def margin(self) -> int:
        return round(0.035 * self.unit)

    @property
    def line(self) -> int:
        """Widest line of text."""
        return min(round(0.86 * self.width), round(1.45 * self.unit))

    @property
    def widest(self) -> float:
        """Em in a line of what is said."""
        return self.line / self.said

    @property
    def bar(self) -> int:
        """Height of the caption bar with the dusk above its text."""
        return round(0.34 * self.unit)


class Text:
    """Lines of words drawn once: their letters and the soft shadow around them, and where each word stands."""

    def __init__(self, lines: Lines, size: int, widest: int, width: int, *, centred: bool = True) -> None:
        """Every line is centred in `width` pixels, or begins at its left; letters shrink where a line is longer than
        `widest`."""
        font = fonts.load(size)
        longest = max((font.getlength("".join(line).rstrip()) for line in lines), default=0.0)
        if longest > widest:
            font = fonts.load(max(8, int(size * widest / longest)))
        self.lines = len(lines)
        self.step = round(1.42 * size)
        self.height = self.step * len(lines) + size // 2
        self._words: list[tuple[int, int, int]] = []  # x, y, width
        image = Image.new("L", (width, self.height))
        draw = ImageDraw.Draw(image)
        for row, line in enumerate(lines):
            x = (width - font.getlength("".join(line).rstrip())) / 2 if centred else 0.0
            for word in line:
                advance = font.getlength(word)
                draw.text((round(x), row * self.step + size // 8), word, font=font, fill=255)
                self._words.append((round(x), row * self.step, round(advance)))
                x += advance
        self.letters: Grey = np.asarray(image, np.uint8)
        self.shadow = _blur(self.letters, 0.18 * size, 0.95)

    def mask(self, halves: int) -> Grey:
        """255 over the first `halves`/2 words, half as much over one that is half alight, 0 over the rest."""
        mask = np.zeros(self.letters.shape, np.uint8)
        for i, (x, y, width) in enumerate(self._words):
            share = min(max(halves - 2 * i, 0), 2)
            if share:
                mask[y : y + self.step + self.step // 6, max(x, 0) : x + width] = (0, 110, 255)[share]
        return mask


class Overlay:
    """A finished piece of the screen: frame = frame * remains / 255 + added, from row `top` and column `left` on."""

    def __init__(self, top: int, left: int, letters: Grey, keep: Grey, tint: tuple[int, int, int]) -> None:
        """`letters`: 0..255 coverage in colour `tint`; `keep`: how much of the picture the dusk and shadow leave."""
        height, width = letters.shape
        self._where = (slice(top, top + height), slice(left, left + width))
        remains = _times(255 - letters, keep)
        self._remains = cv2.merge([remains] * 3)
        self._added = cv2.merge([_scaled(letters, c / 255) for c in tint])

    def part(self, frame: Frame) -> Frame:
        """What it covers of a frame, not copied."""
        return frame[self._where]

    def draw(self, frame: Frame) -> None:
        """Onto a frame, in place; what would lie beyond a very small one is cut."""
        part = frame[self._where]
        height, width = part.shape[:2]
        kept = cv2.multiply(part, self._remains[:height, :width], scale=1 / 255)
        part[:] = cv2.add(kept, self._added[:height, :width])


class Captions:
    """All words on the screen. `draw` keeps the last picture of each part and makes a new one only on change."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.layout = Layout(*size)
        self._texts: dict[tuple[object, ...], Text] = {}
        self._dusk = _dusk(self.layout)
        self._badge = _badge(self.layout)
        self._bar: tuple[Caption, Overlay | None] = (Caption(), None)
        self._notice: tuple[tuple[object, ...], Overlay | None] = ((), None)

    def draw(self, frame: Frame, caption: Caption, badge: bool = True) -> None:
        """Draws `caption` onto a frame of the size given at the start, in place. `badge`: it is a generated likeness
        that is seen, not one of the family's own photographs."""
        if caption != self._bar[0]:
            self._bar = (caption, self._make_bar(caption))
        key = (caption.notice, caption.notice_step, caption.notice_bar)
        if key != self._notice[0]:
            strength = caption.notice_step / STEPS
            self._notice = (key, _notice(self.layout, *caption.notice, strength, caption.notice_bar))
        for overlay in (self._bar[1], self._notice[1], self._badge if badge else None):
            if overlay is not None:
                overlay.draw(frame)

    def _text(self, lines: Lines, size: int) -> Text:
        key = (lines, size)
        if key not in self._texts:
            while len(self._texts) > 6:
                self._texts.pop(next(iter(self._texts)))
            self._texts[key] = Text(lines, size, self.layout.line, self.layout.width)
        return self._texts[key]

    def _make_bar(self, caption: Caption) -> Overlay | None:
        strength = max(caption.heard_step if caption.heard else 0, caption.said_step if caption.said else 0) / STEPS
        if not strength:
            return None
        lay = self.layout
        letters = np.zeros((lay.bar, lay.width), np.uint8)
        keep = 255 - _scaled(self._dusk, strength)
        said_top = max(0, lay.bar - lay.margin - lay.badge - LINES * round(1.42 * lay.said) - lay.said // 2)
        if caption.said:
            text = self._text(caption.said, lay.said)
            _lay(letters, keep, said_top, text, text.mask(caption.lit), caption.said_step / STEPS)
        if caption.heard:
            text = self._text(((f"“{caption.heard}”",),), lay.heard)
            _lay(letters, keep, max(0, said_top - text.height), text, None, 0.8 * caption.heard_step / STEPS)
        return Overlay(lay.height - lay.bar, 0, letters, keep, IVORY)


def _lay(letters: Grey, keep: Grey, top: int, text: Text, mask: Grey | None, strength: float) -> None:
    """Lays a text from row `top` on, as far as `mask` lets it through; what does not fit below is cut."""
    height = min(text.height, len(letters) - top)
    rows = slice(top, top + height)
    new, shadow = _scaled(text.letters[:height], strength), _scaled(text.shadow[:height], strength)
    if mask is not None:
        new, shadow = _times(new, mask[:height]), _times(shadow, mask[:height])
    letters[rows] = cv2.max(letters[rows], new)
    keep[rows] = _times(keep[rows], 255 - shadow)


def _blur(letters: Grey, sigma: float, strength: float) -> Grey:
    return _scaled(np.asarray(cv2.GaussianBlur(letters, (0, 0), sigma), np.uint8), strength)


def _scaled(grey: Grey, factor: float) -> Grey:
    return np.asarray(cv2.convertScaleAbs(grey, alpha=factor), np.uint8)


def _times(a: Grey, b: Grey) -> Grey:
    return np.asarray(cv2.multiply(a, b, scale=1 / 255), np.uint8)


def _dusk(lay: Layout) -> Grey:
    """How much is taken from the picture under the bar, 0..255: nothing above, most at the lower edge."""
    y = np.linspace(0.0, 1.0, lay.bar, dtype=np.float32)
    column = np.rint(255 * 0.72 * y * y * (3 - 2 * y)).astype(np.uint8)[:, None]
    return np.repeat(column, lay.width, 1)


def _badge(lay: Layout) -> Overlay:
    """The small line at the lower right that is always there: this picture is generated."""
    font = fonts.load(lay.badge)
    width, height = min(round(font.getlength(BADGE)) + lay.badge, lay.width), round(1.9 * lay.badge)
    image = Image.new("L", (width, height))
    ImageDraw.Draw(image).text((lay.badge // 2, round(0.25 * lay.badge)), BADGE, font=font, fill=165)
    letters = np.asarray(image, np.uint8)
    keep = 255 - _blur(letters, 0.22 * lay.badge, 1.1)
    top, left = lay.height - height - lay.badge // 2, lay.width - width - lay.badge // 2
    return Overlay(max(top, 0), max(left, 0), letters, keep, IVORY)


def _notice(lay: Layout, zh: str, en: str, strength: float, bar: int) -> Overlay | None:
    """Words in both languages on a soft dark lozenge near the top: in one line where they fit, else one below the
    other; under them, how far it is (0..BAR_STEPS, -1: no bar)."""
    if not (zh or en) or not strength:
        return None
    size = lay.heard
    text = Text(_notice_lines(zh, en, lay.line / size), size, lay.line, min(lay.line + 4 * size, lay.width))
    columns = np.flatnonzero(text.letters.any(0))
    width, middle = text.letters.shape[1], text.letters.shape[1] // 2
    half = max((columns[-1] - columns[0]) // 2, 8 * size if bar >= 0 else 0) + round(1.3 * size)
    bottom = round(1.58 * size) + text.step * text.lines + (size if bar >= 0 else 0)
    plate = Image.new("L", (width, bottom + size))
    box = (max(middle - half, size), size, min(middle + half, width - size), bottom)
    if box[0] <= box[2]:  # not so in the narrowest views of a quilt
        ImageDraw.Draw(plate).rounded_rectangle(box, size, fill=255)
    keep = 255 - _blur(np.asarray(plate, np.uint8), 0.3 * size, 0.5 * strength)
    letters = np.zeros((bottom + size, width), np.uint8)
    _lay(letters, keep, round(1.22 * size), text, None, strength)
    if bar >= 0:
        left, right = box[0] + round(1.3 * size), box[2] - round(1.3 * size)
        _lay_bar(letters, (left, bottom - round(0.95 * size), right), max(2, size // 5), bar / BAR_STEPS, strength)
    return Overlay(max(lay.margin - size, 0), (lay.width - width) // 2, letters, keep, IVORY)


def _notice_lines(zh: str, en: str, widest: float) -> Lines:
    """`widest`: em in a line."""
    together = "   ".join(text for text in (zh, en) if text)
    if em(together) <= widest:
        return ((together,),)
    broken = [break_lines([(word, 0.0, 0.0) for word in units(text)], widest) for text in (zh, en) if text]
    return tuple(tuple(word for word, _, _ in line) for lines in broken for line in lines)


def _lay_bar(letters: Grey, place: tuple[int, int, int], height: int, share: float, strength: float) -> None:
    """A bar from `place` = (left, top, right), alight as far as `share`."""
    left, top, right = place
    if right - left <= 2 * height:
        return
    picture = Image.new("L", (letters.shape[1], height))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((left, 0, right, height - 1), height // 2, fill=70)
    if share > 0.0:
        draw.rounded_rectangle(
            (left, 0, left + max(height, round(share * (right - left))), height - 1), height // 2, 235
        )
    rows = slice(top, top + height)
    letters[rows] = cv2.max(letters[rows], _scaled(np.asarray(picture, np.uint8), strength))


def name_card(frame: Frame, name: str) -> Frame:
    """The persona's name in calm serif letters on a picture, (height, width, 3); the same picture."""
    height, width = frame.shape[:2]
    size = max(12, round(0.085 * min(width, height)))
    font = fonts.load(size, serif=True)
    while font.getlength(name) > 0.86 * width and size > 6:
        size = round(0.85 * size)
        font = fonts.load(size, serif=True)
    image = Image.new("L", (width, height))
    corner = ((width - font.getlength(name)) / 2, 0.42 * height - 0.75 * size)
    ImageDraw.Draw(image).text(corner, name, font=font, fill=235)
    letters = np.asarray(image, np.uint8)
    Overlay(0, 0, letters, np.full_like(letters, 255), IVORY).draw(frame)
    return frame
