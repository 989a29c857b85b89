"""The films of the scenes, a second of each, small."""

from __future__ import annotations

import shutil
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from device.link import Mood, Photos, Speak
from device.persona.album import Photo, encode
from device.ports import Speech
from docs.scene_acts import acts
from docs.scene_films import STILL, films, sound
from tests.fakes.voice import FakeSynthesizer

SIZE = (160, 96)
PORTRAIT = Path(__file__).parents[2] / "demo" / "shoebox" / "photos" / "portrait.png"


def say(text: str, language: str) -> Speech:
    speech = FakeSynthesizer().synthesize(text)
    return Speech(speech.pcm, speech.rate, speech.visemes, text, language)


@pytest.fixture
def persona(tmp_path: Path) -> Path:
    """A photograph without a likeness, an album of one picture."""
    folder = tmp_path / "persona" / "album"
    folder.mkdir(parents=True)
    shutil.copy(PORTRAIT, folder / "portrait.png")
    Image.new("RGB", (320, 200), (30, 30, 220)).save(folder / "blue.png")
    (folder / "album.json").write_bytes(encode((Photo("blue.png", 320, 200, memory="how-we-met"),)))
    return folder.parent


def test_every_scene_is_filmed_and_a_strip_shows_them(persona: Path, tmp_path: Path) -> None:
    stills = films(tmp_path / "out", persona, say, 1.0, SIZE, fps=8)
    for name, row in stills.items():
        with av.open(str(tmp_path / "out" / f"{name}.mp4")) as film:
            assert sum(1 for _ in film.decode(video=0)) == 8
            assert film.streams.audio
        assert 3 <= len(row) <= 6
        assert all(still.shape == (STILL[1], STILL[0], 3) for still in row)
        assert max(still.max() for still in row) > 100, name
    assert {"album", "talk", "sheet", "pyramid", "attract", "night", "calibration", "states"} == set(stills)
    assert all((tmp_path / "out" / "scenes.jpg").read_bytes()[:2] == b"\xff\xd8" for _ in stills)
    blue = stills["album"][-1][STILL[1] // 2, STILL[0] // 2].astype(int)
    assert blue[2] > 150 > blue[0], "the album has opened"
    dark = stills["calibration"][1].astype(int) - stills["sheet"][1]
    assert np.abs(dark).max() > 100, "the test picture is there"


def test_one_scene_alone(persona: Path, tmp_path: Path) -> None:
    assert list(films(tmp_path / "out", persona, say, 0.5, SIZE, fps=4, only="night")) == ["night"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["night.mp4", "scenes.jpg"]


def test_what_is_told_comes_in_order_and_ends_within_the_film() -> None:
    for name, act in acts(60.0, say, "blue.png").items():
        times = [t for t, _ in act.told]
        assert times == sorted(times), name
        assert all(t + speech.seconds <= 60 for t, speech in act.sound)
        assert sum(isinstance(message, Speak) for _, message in act.told) == len(act.sound)
    told = [message for _, message in acts(60.0, say, "blue.png")["talk"].told]
    assert sum(isinstance(message, Photos) for message in told) == 3
    assert {message.language for message in told if isinstance(message, Speak)} == {"en", "zh"}
    states = {m.state for act in acts(60.0, say, "").values() for _, m in act.told if isinstance(m, Mood)}
    assert {"asleep", "idle", "listening", "thinking", "speaking", "farewell"} <= states


def test_the_voice_lies_where_the_lips_move() -> None:
    speech = say("mama", "en")
    wave = sound([(0.5, speech)], 1.0)
    heard = np.flatnonzero(np.abs(wave.pcm[0]) > 0.01) / wave.rate
    assert heard[0] == pytest.approx(0.5, abs=0.02)
    assert wave.seconds == 1.0
