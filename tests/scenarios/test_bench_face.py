"""``imago bench face`` from end to end in its shortest form, at a small size."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from device.commands import bench_face
from device.commands.persona_choice import demo_directory
from device.errors import BadInput, Usage
from device.persona.unpacked import Persona, load


@pytest.fixture(scope="module")
def persona() -> Persona:
    return load(demo_directory(lambda text: None))


def options(**changed: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    bench_face.add_arguments(parser)
    chosen = parser.parse_args([])
    vars(chosen).update({"out": None, "json": False, "size": "640x360", **changed})
    return chosen


@pytest.mark.slow
def test_it_measures_and_writes_what_it_found(
    persona: Persona, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    amounts = bench_face.Amounts(cost_s=0.5, pacing_s=2.0, album_s=4.0, minutes=2.0, lives=1)
    assert bench_face.run(persona, options(seconds=12.0, out=tmp_path, json=True), amounts) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "face.json").read_text(encoding="utf-8"))
    scenes = {row["what"] for row in printed["costs"]}
    assert scenes == {"portrait, idle", "portrait, speaking", "album", "hologram, speaking"}
    assert all(row["frames"] > 0 and row["p50_ms"] > 0 for row in printed["costs"])
    assert [row["wanted_fps"] for row in printed["pacing"]] == [30, 60]
    assert [row["photographs"] for row in printed["album"]] == [10_000]
    assert printed["album"][0]["memory_mb"] < 300
    assert -15 <= printed["lips"]["offset_ms"] <= 45
    assert printed["lips"]["closures"]["share"] >= 0.9
    assert printed["lips"]["closures"]["open_vowels_shut"] <= 0.2
    assert printed["folds"]["folded"] == printed["holes"]["pixels"] == printed["stillness"]["changed_pixels"] == 0
    likeness = printed["ssim_outside_mouth_and_eyes"]
    assert likeness["neutral"] > 0.99
    assert likeness["mirrored"] < min(value for name, value in likeness.items() if name != "mirrored")
    page = (tmp_path / "face.html").read_text(encoding="utf-8")
    assert page.count("<img") == 4
    assert page.count("<svg") == 4


@pytest.mark.parametrize("seconds", [-1.0, 2.0, 5000.0])
def test_what_cannot_be_measured_is_refused(persona: Persona, seconds: float) -> None:
    with pytest.raises(Usage, match="seconds"):
        bench_face.run(persona, options(seconds=seconds))


def test_a_persona_without_a_likeness_says_so(persona: Persona, tmp_path: Path) -> None:
    (tmp_path / "persona.toml").write_bytes((persona.folder / "persona.toml").read_bytes())
    with pytest.raises(BadInput, match="likeness"):
        bench_face.run(load(tmp_path), options())
