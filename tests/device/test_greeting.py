"""A greeting: its language, its clauses on the film's clock, and a film of it that is read again."""

from __future__ import annotations

import contextlib
import itertools
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device import greeting
from device.commands.say import draw
from device.errors import BadInput, ImagoError, Usage
from device.face.pose import neutral
from device.face.render import Frame
from device.face.scenes.portrait import Portrait, place
from device.face.stage import Stage
from device.face.sync import measure, mouth_darkness
from device.face.video import read_wave
from device.link import Message, Mood, Speak
from device.ports import Speech
from tests.fakes.face_renderer import FakeRenderer
from tests.fakes.voice import FakeSynthesizer

SIZE, PHOTO = (240, 480), (200, 240)  # tall: the captions stay clear of the mouth
MOUTH = (72, 274, 96, 75)
TEXT = "Good morning, all of you. Bring me a big brown umbrella, and a bag of plums. Then come home soon."


def words(text: str = TEXT) -> greeting.Greeting:
    return greeting.compose(greeting.spoken(text, FakeSynthesizer(), "en"))


def stage() -> Stage:
    where = place(PHOTO, SIZE)
    portrait = Portrait(FakeRenderer((where.width, where.height)), FakeRenderer(PHOTO).render(neutral()), SIZE)
    return Stage(SIZE, portrait, greeting.seed_of(TEXT))


class Diary:
    """Behind the Player port: writes down what it is told and asked."""

    def __init__(self) -> None:
        self.told: list[tuple[float, Message]] = []
        self.asked: list[float] = []

    def tell(self, message: Message, t: float) -> None:
        self.told.append((t, message))

    def frame(self, t: float) -> Frame:
        self.asked.append(t)
        return np.zeros((2, 2, 3), np.uint8)


@pytest.mark.parametrize(
    ("text", "wanted", "language"),
    [
        ("Hello!", None, "en"),
        ("妈妈，生日快乐！", None, "zh"),
        ("外公 says hello", None, "zh"),
        ("OK", "zh", "zh"),
        ("2026", None, "en"),
    ],
)
def test_the_letters_say_the_language(text: str, wanted: str | None, language: str) -> None:
    assert greeting.language_for(text, ("zh", "en"), wanted) == language


@pytest.mark.parametrize(
    ("text", "spoken", "error", "what"),
    [
        ("", ("en",), Usage, "empty"),
        (" \n\t", ("en",), Usage, "empty"),
        ("a" * 5001, ("en",), Usage, "5000"),
        ("妈妈，生日快乐！", ("en",), BadInput, "speaks"),
        ("Привет, мама", ("en", "zh"), BadInput, "Cyrillic"),
        ("こんにちは", ("en", "zh"), BadInput, "Hiragana"),
    ],
)
def test_what_cannot_be_said_is_refused(text: str, spoken: tuple[str, ...], error: type, what: str) -> None:
    with pytest.raises(error, match=what):
        greeting.language_for(text, spoken)


@given(st.text(max_size=60))
def test_any_text_has_a_language_or_one_clear_error(text: str) -> None:
    with contextlib.suppress(ImagoError):
        assert greeting.language_for(text, ("en", "zh")) in ("en", "zh")


def test_what_has_no_sound_is_refused() -> None:
    with pytest.raises(BadInput, match="pronounced"):
        greeting.spoken("?! ...", FakeSynthesizer(), "en")


def test_clauses_follow_each_other_and_their_sound_lies_where_they_say() -> None:
    said = greeting.spoken(TEXT, FakeSynthesizer(), "en")
    made = greeting.compose(said)
    assert len(made.speaks) == len(said) > 2
    assert made.speaks[0].t0 == pytest.approx(greeting.LEAD_S)
    for before, after in itertools.pairwise(made.speaks):
        assert after.t0 == pytest.approx(before.t0 + before.seconds, abs=1e-3)
    for speech, speak in zip(said, made.speaks, strict=True):
        start = round(speak.t0 * made.rate)
        np.testing.assert_array_equal(made.pcm[start : start + len(speech.pcm)], speech.pcm)
        assert [v[0] for v in speak.visemes] == [v.shape for v in speech.visemes]
    assert "".join(s.text.replace(" ", "") for s in made.speaks) == TEXT.replace(" ", "")
    assert made.seconds == pytest.approx(greeting.LEAD_S + sum(s.seconds for s in said) + greeting.TAIL_S, abs=1e-3)


def test_the_face_is_told_before_each_clause_and_at_no_time_goes_back() -> None:
    made, diary = words(), Diary()
    drawn = greeting.pictures(diary, greeting.messages(made.speaks), 30)
    for _ in range(round(30 * made.seconds)):
        next(drawn)
    assert [t for t in diary.asked if t >= 0] == pytest.approx([k / 30 for k in range(round(30 * made.seconds))])
    assert diary.asked == sorted(diary.asked)
    assert diary.asked[0] < -1, "it has lived before the first picture"
    moods = [(m.state, t) for t, m in diary.told if isinstance(m, Mood)]
    assert [state for state, _ in moods] == ["welcome", "speaking", "welcome"]
    assert moods[1][1] < greeting.LEAD_S
    for t, message in diary.told:
        if isinstance(message, Speak):
            assert message.t0 - 1.05 <= t <= message.t0 - 0.5
            assert message.emotion == "warm"


def test_the_film_shows_an_open_mouth_when_it_sounds_and_the_lips_fit_the_voice(tmp_path: Path) -> None:
    made = words()
    draw(made, stage(), SIZE, tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as film:
        assert film.streams.video[0].codec_context.name == "h264"
        decoded = list(film.decode(video=0))
    times = np.array([frame.time for frame in decoded])
    frames = [frame.to_ndarray(format="rgb24") for frame in decoded]
    sound = read_wave(tmp_path / "film.mp4")
    assert len(times) == round(30 * made.seconds)
    assert sound.seconds == pytest.approx(made.seconds, abs=0.1)
    # The sound's own place in the file counts, not the one that was asked for.
    onset = float(np.flatnonzero(np.abs(sound.pcm[0]) > 0.05)[0]) / sound.rate
    assert onset == pytest.approx(made.speaks[0].t0, abs=0.03)
    dark = mouth_darkness(frames, MOUTH)
    found = measure(times - (onset - made.speaks[0].t0), dark, made.speaks)
    assert -15 <= found.offset_ms <= 45
    assert found.r > 0.8
    loud = np.array([np.abs(sound.pcm[0, round(t * sound.rate) :][:800]).max(initial=0.0) > 0.05 for t in times])
    assert np.median(dark[loud]) > 2 * np.median(dark[~loud])


def test_the_film_of_a_text_is_always_the_same(tmp_path: Path) -> None:
    first, again = (stage() for _ in range(2))
    made = greeting.compose([Speech(np.ones(4000, np.float32), 16_000, (), "Hello.", "en")], 0.2, 0.2)
    a, b = (greeting.pictures(s, greeting.messages(made.speaks), 30) for s in (first, again))
    assert all(np.array_equal(next(a), next(b)) for _ in range(15))
    assert greeting.seed_of("Hello.") == greeting.seed_of("Hello.") != greeting.seed_of("Hello!")
