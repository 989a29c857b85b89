"""What a user can get wrong at the command line: one line, the right exit code, nothing written."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
import pytest

from device.__main__ import main


def wav(path: Path, pcm: np.ndarray, rate: int = 16_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(pcm, -1, 1) * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMAGO_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def persona(home: Path) -> Path:
    """Enough of a persona to be found: the recordings are judged before anything is loaded."""
    folder = home / "personas" / "nobody"
    folder.mkdir(parents=True)
    (folder / "persona.toml").write_text(
        'id = "nobody"\n[person]\nname = "Nobody"\nlanguages = ["en"]\n'
        'greeting = { en = "Hello." }\nfarewell = { en = "Goodbye." }\ndont_know = { en = ["I forget."] }\n'
    )
    return folder


def line_of(capsys: pytest.CaptureFixture[str]) -> str:
    lines = capsys.readouterr().err.strip().splitlines()
    assert all(line.startswith("imago: ") for line in lines)
    return lines[-1]


RECORDINGS = {
    "silent": lambda p: wav(p, np.zeros(16_000)),
    "empty": lambda p: p.write_bytes(b""),
    "header-only": lambda p: wav(p, np.zeros(0)),
    "text": lambda p: p.write_text("hello"),
    "too-slow": lambda p: wav(p, np.ones(4000) * 0.1, rate=1000),
    "endless": lambda p: wav(p, np.ones(4000 * 700) * 0.1, rate=4000),
    "missing": lambda p: None,
}


@pytest.mark.parametrize("kind", RECORDINGS)
def test_recordings_that_will_not_do(
    kind: str, persona: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "question.wav"
    RECORDINGS[kind](path)
    out = tmp_path / "out"
    assert main(["converse", "--persona", str(persona), "--wav", str(path), "--out", str(out)]) == 3
    assert "question.wav" in line_of(capsys)
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "code"),
    [("no-such-persona", 4), ("../../etc", 4), ("", 4), (".", 4)],
    ids=["unknown", "path", "none", "here"],
)
def test_personas_that_are_not_there(
    name: str,
    code: int,
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["ask", "--persona", name, "hello"]) == code
    assert "persona" in line_of(capsys)


def test_an_empty_question(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "  "]) == 2
    assert "question" in line_of(capsys)


def test_a_broken_persona_names_every_mistake(persona: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (persona / "persona.toml").write_text('id = "nobody"\n[person]\nnme = "x"\nlanguages = ["fr"]\n')
    assert main(["ask", "--persona", str(persona), "hello"]) == 3
    line = line_of(capsys)
    assert "nme, perhaps name" in line
    assert "languages" in line


def test_broken_settings_are_listed_by_status(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "frame.toml").write_text('perona = "x"\n[screen]\nfsp = 3\n')
    assert main(["status", "--json"]) != 0
    report = json.loads(capsys.readouterr().out)
    detail = report["parts"]["settings"]["detail"]
    assert "perhaps persona" in detail
    assert "perhaps fps" in detail


def test_errors_as_json(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--json", "--persona", "no-such", "hello"]) == 4
    error = json.loads(capsys.readouterr().out)
    assert error["error"] == "Missing"
    assert set(error) == {"error", "subject", "expected", "got", "hint"}


def test_without_a_screen_run_says_how_to_get_one(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if Path("/dev/dri/card0").exists():
        pytest.skip("this machine has a screen")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert main(["run"]) == 4
    assert "imago demo needs no screen" in line_of(capsys)


@pytest.mark.parametrize(
    "arguments",
    [[], ["sing"], ["demo", "--lang", "fr"], ["converse", "--out", "x"], ["soak"]],
)
def test_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


@pytest.mark.parametrize("hours", ["0", "-1", "nan", "1e9"])
def test_a_soak_of_no_or_of_endless_length(hours: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["soak", f"--hours={hours}"]) == 2
    assert "expected more than 0" in line_of(capsys)
