"""``imago say --video`` with the demo persona: its own voice, its own face, measured on the finished film."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from device.__main__ import main
from device.app import load_voice
from device.commands.lip_sync import landmarks
from device.commands.persona_choice import demo_directory
from device.face import sync
from device.face.video import read_wave
from device.greeting import compose, spoken
from device.persona.unpacked import load

TEXTS = {
    "en": "Good morning, my dear. Please bring me a big bowl of plums.",
    "zh": "妈妈，早上好。我爸爸买了一包苹果，我们慢慢吃吧。",
}


@pytest.mark.slow
@pytest.mark.parametrize("language", TEXTS)
def test_a_film_of_the_persona_speaks_with_its_lips(language: str, tmp_path: Path) -> None:
    film, text = tmp_path / "greeting.mp4", TEXTS[language]
    assert main(["say", "--video", str(film), "--size", "640x360", text]) == 0
    persona = load(demo_directory(lambda line: None))
    said = compose(spoken(text, load_voice(persona, language), language))
    with av.open(str(film)) as container:
        decoded = list(container.decode(video=0))
    times = np.array([frame.time for frame in decoded])
    gaps = sync.lip_gaps((frame.to_ndarray(format="rgb24") for frame in decoded), landmarks())
    sound = read_wave(film)
    assert sound.seconds == pytest.approx(len(times) / 30, abs=0.15)
    # Chinese speech is the same each time, English about so: the onset in the file sets the clock.
    onset = float(np.flatnonzero(np.abs(sound.pcm[0]) > 0.01)[0]) / sound.rate
    first = float(np.flatnonzero(np.abs(said.pcm) > 0.01)[0]) / said.rate
    found = sync.measure(times - onset + first, gaps, said.speaks)
    assert -15 <= found.offset_ms <= 45
    assert found.r > 0.6
    loud = np.array([np.abs(sound.pcm[0, round(t * sound.rate) :][:1600]).max(initial=0.0) > 0.05 for t in times])
    assert gaps[loud].mean() > 2 * gaps[~loud].mean()
