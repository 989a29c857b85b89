"""``imago bench face``: what the face costs, how its lips fit the voice, whether its picture is sound and its life is
like people's; with nothing else running. What a frame costs within a conversation is part of ``bench latency``."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from device import greeting
from device.app import load_voice
from device.bench.face import albums, life, lips, same_face, soundness, strips
from device.bench.face.costs import RealWatch, Watch, measure
from device.bench.face.pacing import pace
from device.bench.face.stages import Scenes
from device.bench.face.talk import TEXTS, talk
from device.commands import bench_face_page
from device.commands.lip_sync import landmarks
from device.commands.output import progress, results_folder, write_json
from device.config import parse_size
from device.errors import BadInput, Usage
from device.face import sync
from device.face.pose import Pose, neutral, posed
from device.face.prepared import Prepared
from device.face.record import LONGEST, Recorder
from device.face.render import Frame
from device.face.render_cpu import RenderCpu
from device.face.rig import Rig
from device.face.rig import load as load_rig
from device.face.stage import Stage
from device.face.viseme_poses import VISEME_POSES
from device.link import Speak
from device.persona.unpacked import Persona
from device.ports import Speech

SIZES = ((1280, 720), (1920, 1080))
"""Measured for their cost where no other size is asked for; everything else is measured in the first."""
RATES = (30, 60)
TALK_FPS = 30
EVERY = 5
"""Of the talk's poses, every so many are looked at for folds."""
SEED = 1
SEEN_S = 9.0
"""s of the talk whose lips are plotted."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is measured of what needs no option."""

    cost_s: float = 10.0
    """s of frames of each case"""
    pacing_s: float = 10.0
    """s of the face's own process at each rate; 0: not at all"""
    album_s: float = 60.0
    """s of an album that turns; 0: not at all"""
    minutes: float = 30.0
    """Of a simulated life"""
    lives: int = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What only this measurement asks for."""
    parser.set_defaults(size=None)
    parser.add_argument(
        "--seconds", type=float, default=60.0, metavar="N", help="of talk drawn for the lips (60; 600: ten minutes)"
    )
    parser.add_argument("--renderer", choices=("cpu", "gl"), default="cpu", help="what draws (cpu)")


def run(persona: Persona, options: argparse.Namespace, amounts: Amounts | None = None) -> int:
    """Measures, prints and writes. Raises Missing or BadInput for a persona without a likeness that can move."""
    if not 5 <= options.seconds <= LONGEST:
        raise Usage("seconds", expected=f"5 to {LONGEST}", got=f"{options.seconds:g}")
    amounts = amounts or Amounts()
    sizes = (parse_size(options.size),) if options.size else SIZES
    rig = load_rig(persona.likeness_path)
    scenes = Scenes(persona.folder, persona.file.person.name, rig, options.renderer)
    load_before = round(os.getloadavg()[0], 2)
    said = speeches(persona)
    speaks = talk(said, options.seconds)
    result: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "load_before": load_before},
        "costs": costs(scenes, sizes, speaks, amounts.cost_s, RealWatch()),
        "pacing": pacing(persona, sizes[0], options.renderer, speaks, amounts.pacing_s),
        "album": turning(sizes[0], amounts.album_s),
        "renderer": scenes.drawn_by,
    }
    talked = talking(scenes, sizes[0], speaks, options.seconds)
    result["lips"] = talked.report(speaks)
    result |= picture(rig, scenes, sizes[0], talked.poses)
    intervals, poses, result["life"] = living(said, amounts)
    if options.out:
        folder = results_folder(options.out)
        write_json(folder / "face.json", result)
        shown = bench_face_page.Shown(film_strips(rig, scenes, sizes[0]), intervals, poses, talked.seen(speaks))
        bench_face_page.page(folder / "face.html", result, shown)
    print(json.dumps(result, ensure_ascii=False) if options.json else bench_face_page.table(result))
    return 0


def speeches(persona: Persona) -> list[Speech]:
    """The talk's clauses in the persona's own voices."""
    languages = [code for code in persona.file.person.languages if code in TEXTS]
    said: list[Speech] = []
    for code in languages:
        progress(f"speaking ({code})")
        said += greeting.spoken(TEXTS[code], load_voice(persona, code), code)
    return said


def costs(
    scenes: Scenes, sizes: Sequence[tuple[int, int]], speaks: Sequence[Speak], seconds: float, watch: Watch
) -> list[dict[str, Any]]:
    """Every case, drawn on the beat on one thread, as the face's process draws."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        rows = []
        for scene in scenes.all(sizes, RATES, speaks):
            rows.append(measure(scene.case, scene.frames, seconds, watch, show=scene.show))
            progress(f"{rows[-1]['what']}, {rows[-1]['size']}: {rows[-1]['p99_ms']} ms (p99)")
        return rows
    finally:
        cv2.setNumThreads(threads)


def pacing(
    persona: Persona, size: tuple[int, int], renderer: Any, speaks: Sequence[Speak], seconds: float
) -> list[dict[str, Any]]:
    """The face's own process at each rate."""
    if seconds <= 0:
        return []
    progress("the face's own process")
    return [pace(persona, size, fps, renderer, speaks, seconds) for fps in RATES]


def turning(size: tuple[int, int], seconds: float) -> list[dict[str, Any]]:
    """An album of ten thousand photographs at the first rate."""
    if seconds <= 0:
        return []
    progress(f"an album of {albums.COUNT} photographs")
    return [albums.turning(size, RATES[0], seconds)]


@dataclass(frozen=True, slots=True)
class Talked:
    """A talk as it was seen."""

    times: lips.Series
    gaps: lips.Series | None
    """Of the lips in each frame; None where no face was found in them."""
    rest: float
    """Of the photograph itself."""
    poses: Sequence[Pose]

    def report(self, speaks: Sequence[Speak]) -> dict[str, Any] | None:
        """What the lips did, of the clauses that were seen whole."""
        if self.gaps is None:
            return None
        heard = [s for s in speaks if s.t0 + s.seconds < self.times[-1]]
        found = lips.offsets(self.times, self.gaps, heard)
        closures = lips.closures(self.times, self.gaps, heard, self.rest)
        return {"seconds": round(len(self.times) / TALK_FPS, 1), "clauses": len(heard), **found, "closures": closures}

    def seen(self, speaks: Sequence[Speak]) -> Any:
        """The first SEEN_S seconds, for the page."""
        if self.gaps is None:
            return None
        few = self.times < SEEN_S
        shut = [(s.t0 + v[1], s.t0 + v[2]) for s in speaks for v in s.visemes if v[0] == "PP" and s.t0 + v[2] < SEEN_S]
        asked = sync.opening_command(speaks, self.times[few])
        return self.times[few].tolist(), self.gaps[few].tolist(), asked.tolist(), shut


def talking(scenes: Scenes, size: tuple[int, int], speaks: Sequence[Speak], seconds: float) -> Talked:
    """Draws the talk in virtual time, as it is on the screen, and looks for its lips."""
    recorder, find, count = Recorder(size, TALK_FPS), landmarks(), round(seconds * TALK_FPS)
    stage = Stage(size, scenes.portrait(size), SEED, recorder)
    frames = greeting.pictures(stage, greeting.messages(speaks), TALK_FPS)

    def counted() -> Iterator[Frame]:
        for number, frame in enumerate(itertools.islice(frames, count)):
            if number % (20 * TALK_FPS) == 0:
                progress(f"the talk: {number // TALK_FPS} of {seconds:.0f} s")
            yield frame

    rest, gaps = 0.0, None
    try:
        rest = float(sync.lip_gaps([scenes.portrait(size).frame(neutral())] * 2, find)[0])
        gaps = sync.lip_gaps(counted(), find)
    except BadInput as error:
        progress(error.line().removeprefix("imago: "))
    return Talked(np.arange(count) / TALK_FPS, gaps, rest, list(recorder.log().pose))


def sheet() -> dict[str, Pose]:
    """Every expression of the contact sheet and every viseme."""
    # The family's tool names them; a frame in the field never measures itself this way.
    from provisioning.likeness.sheet import EXPRESSIONS

    named = {**EXPRESSIONS, **{f"viseme {name}": weights for name, weights in VISEME_POSES.items()}}
    return {name: posed(weights) for name, weights in named.items()}


def picture(rig: Rig, scenes: Scenes, size: tuple[int, int], talked: Sequence[Pose]) -> dict[str, Any]:
    """Folds, holes, stillness, and what is left of the photograph's face in every expression."""
    progress("every expression")
    renderer, poses = scenes.renderer(size), sheet()
    parts = Prepared(rig, renderer.size)
    frames = {name: renderer.render(pose) for name, pose in poses.items()}
    likeness = same_face.similarities(renderer.render(neutral()), frames, landmarks())
    return {
        "folds": soundness.folds(parts.fields, [*poses.values(), *talked[::EVERY]]),
        "holes": soundness.holes(rig, parts, RenderCpu(rig, renderer.size).person, poses),
        "stillness": soundness.stillness(renderer.render, poses),
        "ssim_outside_mouth_and_eyes": likeness,
    }


def living(said: Sequence[Speech], amounts: Amounts) -> tuple[list[float], life.Poses, dict[str, Any]]:
    """Simulated lives -> intervals between blinks alone, s; the poses of one life; and the report."""
    progress(f"{amounts.lives} lives of {amounts.minutes:g} minutes")
    alone = [life.alone(amounts.minutes, SEED + number) for number in range(amounts.lives)]
    blinks = [life.blinks(poses) for poses in alone]
    spoken = life.in_conversation(said, amounts.minutes, SEED)
    report = {
        "minutes": amounts.minutes,
        "alone": _lived(blinks, alone[0], amounts.minutes),
        "conversation": _lived([life.blinks(spoken)], spoken, amounts.minutes),
    }
    return np.concatenate([np.diff(times) for times in blinks]).tolist(), alone[0], report


def _lived(blinks: Sequence[life.Series], poses: life.Poses, minutes: float) -> dict[str, Any]:
    gaze, head = life.gaze_report(poses), life.head_report(poses)
    return {"blinks": life.blink_report(blinks, minutes), "gaze": gaze, "head": head}


def film_strips(rig: Rig, scenes: Scenes, size: tuple[int, int]) -> dict[str, Frame]:
    """The movements to be looked at, by name."""
    renderer = scenes.renderer(size)
    points = Prepared(rig, renderer.size).place.to_frame(rig.landmarks[:, :2])
    box = strips.face_box(points, renderer.size)
    return {name: strips.strip(renderer.render, make(), box) for name, make in strips.STRIPS.items()}
