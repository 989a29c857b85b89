"""Films of every kind, and what is no film."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.errors import BadInput
from provisioning.likeness.film.read import LONGEST, open_film, upright
from tests.provisioning.test_recordings import write_wav
from tests.support.films import write

SIZE = (96, 128)


def frames(count: int = 30, size: tuple[int, int] = SIZE) -> Iterator[np.ndarray]:
    """Grey with a red corner at the upper left, ever lighter."""
    for k in range(count):
        picture = np.full((size[1], size[0], 3), 60 + k, np.uint8)
        picture[: size[1] // 4, : size[0] // 4] = (220, 20, 20)
        yield picture


def red_corner(picture: np.ndarray) -> tuple[bool, bool]:
    """Whether the red is at the bottom, and whether it is at the right."""
    red = picture[..., 0].astype(int) - picture[..., 1]
    y, x = np.unravel_index(int(np.argmax(cv2.blur(red.astype(np.float32), (9, 9)))), red.shape)
    return bool(y > red.shape[0] / 2), bool(x > red.shape[1] / 2)


@pytest.mark.parametrize("turned", [0, 90, 270])
def test_a_film_stands_upright(tmp_path: Path, turned: int) -> None:
    film = open_film(write(tmp_path / "a.mp4", frames(), turned=turned))
    shots = list(film.shots())
    assert len(shots) == 30
    assert shots[0].picture.shape == (128, 96, 3)
    assert red_corner(shots[0].picture) == (False, False)
    assert [s.t for s in shots] == pytest.approx([k / 30 for k in range(30)], abs=0.002)
    assert not film.broken


def test_uneven_times_are_kept(tmp_path: Path) -> None:
    times = [0, 40, 50, 190, 200, 330, 340, 420, 560, 570, 700, 850, 1000, 1010, 1100, 1200, 1290, 1400]
    film = open_film(write(tmp_path / "a.mkv", frames(len(times)), times=times))
    # Of frames 10 ms apart one is enough.
    got = [round(1000 * s.t) for s in film.shots()]
    assert set(got) <= set(times)
    assert got == [0, 40, 190, 330, 420, 560, 700, 850, 1000, 1100, 1200, 1290, 1400], (
        "of frames 10 ms apart one is enough"
    )


@pytest.mark.parametrize(
    ("codec", "pixels", "name"), [("libx264", "yuv420p10le", "a.mp4"), ("mpeg4", "yuv420p", "a.avi")]
)
def test_ten_bits_and_old_codecs(tmp_path: Path, codec: str, pixels: str, name: str) -> None:
    film = open_film(write(tmp_path / name, frames(), codec=codec, pixels=pixels))
    first = next(film.shots()).picture
    assert first[100, 60] == pytest.approx([60, 60, 60], abs=8)


def test_a_large_film_is_reduced(tmp_path: Path) -> None:
    film = open_film(write(tmp_path / "a.mp4", frames(14, (2400, 600))))
    assert next(film.shots()).picture.shape == (480, LONGEST, 3)


def test_a_film_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mkv", frames(150), fps=30)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    film = open_film(path)
    assert 12 <= sum(1 for _ in film.shots()) < 150
    assert film.broken


def test_no_sound_and_no_film(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", 16_000)
    with pytest.raises(BadInput, match="without pictures"):
        open_film(tmp_path / "a.wav")
    assert cv2.imwrite(str(tmp_path / "a.jpg"), next(frames()))
    with pytest.raises(BadInput, match="1 frames"):
        open_film(tmp_path / "a.jpg")
    with pytest.raises(BadInput, match="No such file"):
        open_film(tmp_path / "none.mp4")
    cut = write(tmp_path / "b.mp4", frames())
    cut.write_bytes(cut.read_bytes()[:700])
    with pytest.raises(BadInput):
        open_film(cut)


@settings(max_examples=25)
@given(st.binary(max_size=600))
def test_anything_else_is_bad_input_in_one_line(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "a.mp4"
    path.write_bytes(data)
    with pytest.raises(BadInput) as raised:
        open_film(path)
    assert "\n" not in raised.value.line()


def test_a_reading_can_be_left_and_begun_again(tmp_path: Path) -> None:
    film = open_film(write(tmp_path / "a.mp4", frames()))
    assert [s.number for s in film.shots(5)] == [0, 1, 2, 3, 4]
    again = [s.picture for s in film.shots(5)]
    assert all((a == b.picture).all() for a, b in zip(again, film.shots(5), strict=True))


@dataclass(frozen=True)
class Decoded:
    """What of a decoded frame is looked at."""

    picture: np.ndarray
    rotation: int = 0
    interlaced_frame: bool = False
    color_trc: int = 1

    @property
    def height(self) -> int:
        return int(self.picture.shape[0])

    @property
    def width(self) -> int:
        return int(self.picture.shape[1])

    def to_ndarray(self, format: str) -> np.ndarray:
        assert format == "rgb24"
        return self.picture


def test_of_an_interlaced_frame_one_moment_is_taken_and_its_pixels_made_square() -> None:
    comb = np.zeros((576, 720, 3), np.uint8)
    comb[::2] = 200
    seen = upright(Decoded(comb, interlaced_frame=True), 16 / 15)
    assert seen is not None
    assert seen.shape == (576, 768, 3)
    assert seen.min() == 200


def test_pq_is_brought_to_a_screens_range() -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, 2).repeat(64, 0)
    seen = upright(Decoded(ramp, color_trc=16))
    assert seen is not None
    values = seen[0, :, 0].astype(int)
    assert (np.diff(values) >= 0).all()
    assert 195 < values[148] < 235, "white paper, 203 cd/m2, is 58 % of PQ"
    assert values[-1] >= 250
    plain = upright(Decoded(ramp))
    assert plain is not None
    assert (plain == ramp).all()


def test_a_frame_too_small_to_show_anybody_is_left_out() -> None:
    assert upright(Decoded(np.zeros((40, 300, 3), np.uint8))) is None
