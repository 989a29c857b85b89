"""What the kit writes is what the frame reads."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from device.errors import BadInput
from device.persona import voice_file
from device.persona.voice_file import Manner, Original, Spoken
from models_quantized import catalog
from provisioning.voice_kit import kit, kit_files, style, tasks
from provisioning.voice_kit.kit import Kit
from provisioning.voice_kit.measure import Intelligible, Likeness, Measures
from provisioning.voice_kit.person import Known
from provisioning.voice_kit.style_search import Round, Searched


def original(number: int, recording: str, seconds: float = 4.0, mood: str = "calm", mos: float = 3.0) -> Original:
    file = f"originals/{recording}-{number}.opus"
    return Original(file, "好", "zh", seconds, (("好", 0.1, 0.3),), 1.5, recording, 0.0, mood=mood, mos=mos)


def test_voice_toml_reads_back_as_it_was(tmp_path: Path) -> None:
    languages = {
        "en": Spoken("piper", 3, model="piper-en.onnx", model_sha256="ab" * 32, settings_sha256="cd" * 32),
        "zh": Spoken("kokoro", 2, Manner(121.5, 0.9, 1.03, 1.1, 0.3), style="style.npy", pitch=0.52),
    }
    made = Kit(tmp_path / "voice", Known((), -1, True), [original(1, "a", mood="glad")], languages=languages)  # type: ignore[arg-type]
    kit.write(made)
    file = voice_file.read(tmp_path / "voice" / voice_file.FILE)
    assert file.languages == languages
    assert file.styles["glad"].clips == ("originals/a-1.opus",)
    index = (tmp_path / "voice" / voice_file.ORIGINALS).read_bytes()
    assert msgspec.json.decode(index, type=list[Original]) == made.originals


def test_a_voice_toml_with_something_unknown_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "voice.toml"
    path.write_text('version = 1\n[languages.zh]\nengine = "kokoro"\nteir = 2\n')
    with pytest.raises(BadInput):
        voice_file.read(path)


def test_what_judges_is_of_other_days_where_there_are_some() -> None:
    kept, held = kit.halves([original(n, day) for n, day in enumerate("aabbbc")])
    assert {c.recording for c in kept} == {"a", "c"}
    assert {c.recording for c in held} == {"b"}
    kept, held = kit.halves([original(n, "a") for n in range(5)])
    assert (len(kept), len(held)) == (3, 2)


def test_moods_have_their_best_clips_of_three_to_five_seconds() -> None:
    clips = [original(n, "a", 4.0, "sad", mos=n / 2) for n in range(6)] + [original(9, "a", 9.0, "sad", mos=5.0)]
    assert kit.styles(clips)["sad"].clips == tuple(f"originals/a-{n}.opus" for n in (5, 4, 3))
    assert "glad" not in kit.styles(clips)


def test_a_piper_voice_of_the_familys_own_speaks(tmp_path: Path) -> None:
    model = catalog.verified_path("voice", language="en")
    tasks.kit({"piper_model": model, "piper_settings": Path(f"{model}.json")}, {"languages": []}, tmp_path)
    spoken = voice_file.read(tmp_path / "voice" / voice_file.FILE).languages["en"]
    assert (spoken.tier, spoken.model_sha256) == (3, catalog.sha256_of(model))


def likes(**voices: float) -> Measures:
    held_out = Likeness(0.4, 0.9, {f"{name}-zh": value for name, value in voices.items()})
    return Measures(None, held_out, Intelligible({}, {}), {}, {}, 4)


@pytest.mark.parametrize(
    ("gained", "measured", "tier"),
    [
        (True, likes(stock=0.4, manner=0.5, style=0.6), 2),
        (True, likes(stock=0.4, manner=0.7, style=0.6), 1),
        (False, likes(stock=0.4, manner=0.5, style=0.6), 1),
        (True, Measures(None, None, Intelligible({}, {}), {}, {}, 0), 1),
    ],
)
def test_the_persona_speaks_with_what_is_most_like_them(
    tmp_path: Path, gained: bool, measured: Measures, tier: int
) -> None:
    judged = 0.6 if gained else 0.4
    found = Searched(np.ones(256, np.float32), 0.7, (Round(0.7, judged),), Round(0.6, 0.45))
    style.write(found, tmp_path)
    made = Kit(tmp_path / "voice", Known((), -1, True), languages={"zh": Spoken("fastspeech", 1, Manner(120.0))})
    assert kit_files._speaks(made, tmp_path, measured) == (tier == 2)
    assert made.languages["zh"].tier == tier
    assert (tmp_path / "voice" / style.STYLE).is_file() == (tier == 2)


def test_no_style_is_searched_for_a_handful_of_words(tmp_path: Path) -> None:
    (tmp_path / "kit").mkdir()
    (tmp_path / "style").mkdir()
    tasks.kit({}, {"languages": []}, tmp_path / "kit")
    tasks.style({"kit": tmp_path / "kit"}, {}, tmp_path / "style")
    assert not (tmp_path / "style" / style.STYLE).exists()
