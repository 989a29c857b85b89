from pathlib import Path

import numpy as np
import pytest

from device.face.scenes import fonts
from device.face.scenes.caption_track import STEPS, Caption
from device.face.scenes.captions import Captions, name_card

SIZE = (1280, 720)


def drawn(caption: Caption, size: tuple[int, int] = SIZE) -> np.ndarray:
    frame = np.full((size[1], size[0], 3), 120, np.uint8)
    Captions(size).draw(frame, caption)
    return frame


def said(*lines: str, lit: int = 99) -> Caption:
    return Caption(said=tuple(tuple(line) for line in lines), lit=lit, said_step=STEPS)


def bright(frame: np.ndarray) -> int:
    return int((frame.min(2) > 200).sum())


def test_the_badge_is_always_there_and_nothing_else_is_touched() -> None:
    frame = drawn(Caption())
    changed = np.argwhere((frame != 120).any(2))
    assert len(changed) > 300
    assert changed[:, 0].min() > 680
    assert changed[:, 1].min() > 1000


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (1920, 1080), (320, 240), (64, 64)])
def test_both_languages_at_every_size(size: tuple[int, int]) -> None:
    empty = drawn(Caption(), size)
    for line in ("我在杭州的丝绸厂里做学徒，", "I was an apprentice in the mill"):
        frame = drawn(Caption("“外公”", STEPS, (tuple(line),), 99, STEPS, ("请稍等", "One moment"), STEPS), size)
        assert frame.shape == empty.shape
        assert (frame != empty).any()


def test_chinese_is_written_with_chinese_letters() -> None:
    """Letters that a font does not have all look alike; these must not."""
    one, other = drawn(said("鬱鬱鬱鬱")), drawn(said("一一一一"))
    assert bright(one) > 2 * bright(other)


def test_only_lit_words_are_seen() -> None:
    none, half, whole = (bright(drawn(said("one two three four five", lit=n))) for n in (0, 20, 46))
    assert none < half < whole


def test_lines_hold_their_places_when_another_comes() -> None:
    one, two = drawn(said("First line")), drawn(said("First line", "then another"))
    rows = slice(575, 625)
    assert bright(one[rows]) > 200
    assert np.abs(one[rows].astype(int) - two[rows]).max() < 6  # but for the shadow of the line below


def test_drawing_again_gives_the_same_pixels_from_the_cache() -> None:
    captions, caption = Captions(SIZE), said("again", "and again")
    frames = [np.full((720, 1280, 3), 90, np.uint8) for _ in range(2)]
    for frame in frames:
        captions.draw(frame, caption)
    np.testing.assert_array_equal(*frames)


def test_without_fonts_there_is_still_text(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    font = fonts.load(24, folders=(tmp_path,))
    assert font.getlength("hello") > 10
    assert "fonts-noto-cjk" in caplog.text


def test_a_name_however_long_fits() -> None:
    for name in ("外公", "Grandfather Maximilian Featherstonehaugh of the Long River"):
        card = name_card(np.zeros((240, 320, 3), np.uint8), name)
        columns = np.flatnonzero((card.max(2) > 100).any(0))
        assert len(columns)
        assert columns[0] > 5
        assert columns[-1] < 315
