"""`imago say`: what can be wrong at the command line is one line, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.__main__ import main


@pytest.fixture
def persona(tmp_path: Path) -> Path:
    folder = tmp_path / "persona"
    folder.mkdir()
    (folder / "persona.toml").write_text('id = "x"\n[person]\nname = "Lan"\nlanguages = ["en"]\n', encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("options", "text", "code", "what"),
    [
        ([], "Hello.", 2, "--video"),
        (["--video", "hello.mp4"], " ", 2, "empty"),
        (["--video", "hello.mp4"], "外公你好", 3, "speaks"),
        (["--video", "hello.mp4", "--lang", "zh"], "Hello.", 3, "speaks"),
        (["--video", "hello.mp4"], "Доброе утро", 3, "Cyrillic"),
        (["--video", "hello.mp4", "--size", "1280x719"], "Hello.", 2, "even"),
        (["--video", "hello.mp4", "--size", "big"], "Hello.", 2, "WIDTHxHEIGHT"),
        (["--video", "hello.avi"], "Hello.", 3, ".mp4"),
        (["--video", "persona.toml/hello.mp4"], "Hello.", 3, "folder"),
        (["--video", "a.mp4"], "Hello.", 3, "a folder"),
    ],
)
def test_what_cannot_be_is_one_line(
    persona: Path, capsys: pytest.CaptureFixture[str], options: list[str], text: str, code: int, what: str
) -> None:
    (persona / "a.mp4").mkdir()
    placed = [str(persona / o) if o.endswith((".mp4", ".avi")) else o for o in options]
    assert main(["say", "--persona", str(persona), *placed, text]) == code
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert what in error
    assert not list(persona.glob("hello*"))
