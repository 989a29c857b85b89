"""``imago bench wake`` from end to end in its shortest form: one voice, a call in each condition, a little without."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from device.bench.wake_material import Amounts
from device.bench.wake_voices import Voice
from device.commands import bench_wake
from device.commands.persona_choice import demo_directory
from device.errors import Missing, Usage
from device.persona.unpacked import Persona, load
from device.voice.piper import PiperSettings

CAST = (Voice("joe 1.1", "en", "piper", PiperSettings(tract=1.1), True),)


@pytest.fixture(scope="module")
def persona() -> Persona:
    return load(demo_directory(lambda text: None))


def options(**changed: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    bench_wake.add_arguments(parser)
    chosen = parser.parse_args([])
    vars(chosen).update({"out": None, "json": False, **changed})
    return chosen


@pytest.mark.slow
def test_it_measures_and_writes_what_it_found(
    persona: Persona, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = options(hours=4 / 60, calls=1, out=tmp_path, json=True)
    assert bench_wake.run(persona, asked, CAST, Amounts(sentences=20)) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "wake.json").read_text(encoding="utf-8"))
    assert printed["complete"]
    assert printed["calls"] == 10
    assert printed["hours"] == pytest.approx(4 / 60, abs=0.005)
    assert printed["conditions"]["near (0.5 m)"]["not_proposed"] == 0.0
    assert all(kind["cpu_s_per_h"]["speech detector"] > 0 for kind in printed["kinds"].values())
    asked.resume = True
    assert bench_wake.run(persona, asked, CAST, Amounts(sentences=20)) == 0
    again = json.loads(capsys.readouterr().out)
    assert {**again, "load_before": 0} == {**printed, "load_before": 0}, "what is resumed is what was measured"
    page = (tmp_path / "wake.html").read_text(encoding="utf-8")
    assert "Hello Grandpa" in page
    assert "<svg" in page


@pytest.mark.parametrize(
    ("wrong", "what"), [({"hours": -1.0}, "hours"), ({"hours": 0.0, "calls": 0}, "calls"), ({"jobs": 0}, "jobs")]
)
def test_what_cannot_be_measured_is_refused(persona: Persona, wrong: dict[str, object], what: str) -> None:
    with pytest.raises(Usage, match=what):
        bench_wake.run(persona, options(**wrong), CAST)


def test_a_persona_without_enrolled_phrases_says_so(persona: Persona, tmp_path: Path) -> None:
    (tmp_path / "persona.toml").write_bytes((persona.folder / "persona.toml").read_bytes())
    with pytest.raises(Missing, match="wake phrases"):
        bench_wake.run(load(tmp_path), options(), CAST, Amounts(sentences=1))
