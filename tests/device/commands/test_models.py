from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import pytest

from device.commands import models
from device.errors import BadInput, Missing, Usage
from models_quantized import catalog

SMALL = "selfie-segmentation"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    models.add_parser(parser.add_subparsers())
    args = parser.parse_args(["models", *words])
    code: int = args.run(args)
    return code


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one real model, as a stick carries it; the models folder itself is empty."""
    model = catalog.load().find(SMALL)
    folder = tmp_path / "stick"
    for file in model.files:
        target = catalog.path_of(model, file, folder)
        target.parent.mkdir(parents=True)
        shutil.copyfile(catalog.verify(model, file), target)
    monkeypatch.setenv("IMAGO_MODELS", str(tmp_path / "models"))
    return folder


def test_list_shows_every_model_and_whether_it_is_here(stick: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(catalog.load().models) + 2
    assert all("missing" in line for line in lines[1:-1])
    assert run("list", "--json", "voice") == 0
    report = json.loads(capsys.readouterr().out)
    assert {language for row in report["models"] for language in row["languages"]} == {"en", "zh"}
    assert run("list", "--profile", "demo", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["models"]) == len(catalog.load().defaults)


def test_fetch_from_a_stick_then_verify(stick: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Missing, match="imago models fetch"):
        run("verify", SMALL)
    assert run("fetch", "--from", str(stick), SMALL, "--json") == 0
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["fetched"] == [f"{SMALL}/selfie_segmentation.tflite"]
    assert run("fetch", "--from", str(stick), SMALL) == 0
    assert "0 files fetched, 1 were here" in capsys.readouterr().out
    assert run("verify", SMALL, "--json") == 0
    assert json.loads(capsys.readouterr().out)["ok"]
    with pytest.raises(Missing, match="no such file"):
        run("fetch", "--from", str(stick), "iris-landmark")


def test_verify_finds_one_changed_byte(stick: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("fetch", "--from", str(stick), SMALL)
    path = catalog.verified_path(SMALL)
    body = bytearray(path.read_bytes())
    body[1000] ^= 1
    path.write_bytes(body)
    with pytest.raises(BadInput, match="SHA-256"):
        run("verify", "portrait-mask")
    assert "damaged" in capsys.readouterr().out
    assert run("verify", SMALL, "--json") == BadInput.exit_code
    assert json.loads(capsys.readouterr().out)["errors"][0]["error"] == "BadInput"


def test_unknown_names_are_a_matter_of_usage(stick: Path) -> None:
    with pytest.raises(Usage, match="did you mean"):
        run("fetch", "selfie-segmentatoin")
    with pytest.raises(Usage, match="demo or test"):
        run("list", "--profile", "all")
    with pytest.raises(SystemExit):
        run()


def test_a_role_stands_for_its_default_models() -> None:
    known = catalog.load()
    assert {model.id for model in models.choose(known, ["voice"], None)} == {
        "piper-en_us-joe-medium",
        "csmsc-fastspeech2",
    }
    assert len(models.choose(known, ["language-model-large"], None)) == 2
    assert models.choose(known, ["voice"], "demo") == models.choose(known, [], "demo")
    assert models.choose(known, [], None) == ()
