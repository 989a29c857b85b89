"""``imago hologram``: what a booth, a pyramid or a Looking Glass will be given, as pictures; and how long one takes."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import msgspec

from device import config
from device.commands.output import progress, results_folder
from device.commands.persona_choice import find
from device.errors import Usage


def add_parser(subparsers: Any) -> None:
    """Adds ``hologram`` to the command line."""
    parser = subparsers.add_parser(
        "hologram", help="pictures for a booth, a pyramid or a Looking Glass, and their cost"
    )
    parser.add_argument("--persona", default="demo", metavar="P", help="a persona's folder, its id, or demo")
    parser.add_argument("--layout", choices=("sheet", "pyramid", "quilt"), help="instead of the one in frame.toml")
    parser.add_argument("--quilt", choices=("8.9", "15.6", "32", "portrait", "go"), help="for which Looking Glass")
    parser.add_argument("--size", metavar="WxH", help="of the screen, pixels (frame.toml's; a quilt has its own)")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="instead of frame.toml in IMAGO_HOME")
    parser.add_argument("--time", type=int, default=0, metavar="N", help="also report the cost of N frames, as JSON")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the pictures")


def run(options: argparse.Namespace) -> int:
    """Writes the picture at rest as the screen must show it, and the test picture."""
    from device.face.calibrating import Session
    from device.face.calibration import Calibration
    from device.face.rig_files import write_png
    from device.face.scenes.layouts import shown
    from device.face.scenes.quilt import PRESETS
    from device.face.scenes.test_card import card
    from device.face.settings import Settings
    from device.face.wardrobe import best_scene, booth_for, stage_for

    chosen, size = _chosen(options)
    persona = find(options.persona, progress)
    name = persona.file.person.name
    out = results_folder(options.out)
    calibration = config.home() / "hologram.json"
    settings = Settings(
        out / "socket", persona.folder, name, size, scene="hologram", hologram=chosen, calibration=calibration
    )
    booth = booth_for(settings)
    assert booth is not None
    stage = stage_for(settings, booth.view, None)
    stage.wear(best_scene(settings, booth.view, persona.folder, name), -1.0)
    suffix = PRESETS[chosen.quilt].suffix if chosen.layout == "quilt" else ""
    picture = out / f"hologram-{chosen.layout}{suffix}.png"
    write_png(picture, booth.show(stage.frame(0.0)))
    print(picture)
    if chosen.layout != "quilt":
        begun = Calibration(mirror=chosen.mirror, upside_down=chosen.upside_down)
        test = card(booth.view, Session(begun, begun))
        write_png(out / "test-card.png", shown(test, chosen.layout, size, begun, 0))
        print(out / "test-card.png")
    if options.time:
        print(json.dumps(_cost(lambda t: booth.show(stage.frame(t)), options.time)))
    return 0


def _chosen(options: argparse.Namespace) -> tuple[config.Hologram, tuple[int, int]]:
    """The settings with the command line's changes, and the screen's size."""
    from device.face.scenes.quilt import PRESETS

    if not 0 <= options.time <= 100_000:
        raise Usage("--time", expected="0 to 100000 frames", got=str(options.time))
    settings = config.load(options.settings)
    changes = {name: value for name in ("layout", "quilt") if (value := getattr(options, name))}
    chosen = msgspec.structs.replace(settings.hologram, **changes)
    if options.size:
        return chosen, config.parse_size(options.size)
    if chosen.layout == "quilt":
        return chosen, PRESETS[chosen.quilt].size
    return chosen, settings.screen.size or (1280, 720)


def _cost(draw: Any, frames: int) -> dict[str, float]:
    """ms of `frames` frames of a face that is alive, on one core."""
    import cv2
    import numpy as np

    cv2.setNumThreads(1)
    took = []
    for number in range(frames):
        begun = time.perf_counter()
        draw(1.0 + number / 30)
        took.append(1000 * (time.perf_counter() - begun))
    p50, p95, p99 = (round(float(ms), 2) for ms in np.percentile(took, (50, 95, 99)))
    return {"frames": frames, "p50_ms": p50, "p95_ms": p95, "p99_ms": p99}
