"""Films of every scene: `python -m docs.scene_films DIR [--seconds S] [--size WxH] [--only NAME]`.

The frame's own stage, booth and dimmer are told what a conversation would tell them, at the film's own times, and the
persona's own voice is heard. Writes DIR/NAME.mp4 for every scene and a strip of stills of all (DIR/scenes.jpg).
"""

from __future__ import annotations

import argparse
import datetime
import functools
from collections import deque
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path

import cv2
import numpy as np
import soxr
from PIL import Image, ImageDraw

from device import config
from device.app import load_voice
from device.commands.persona_choice import find
from device.face import video
from device.face.night import Dimmer
from device.face.render import Frame
from device.face.scenes import fonts
from device.face.settings import Panel, Settings
from device.face.wardrobe import best_scene, booth_for, photographs_for, stage_for
from device.persona import album
from device.persona.unpacked import Persona
from device.ports import Speech
from docs.face_picture import INK, PAPER, write_jpeg
from docs.scene_acts import FIRST, LAST, Act, Say, acts

BEFORE_S = 3.0
"""s for which the face has lived before a film begins."""
RATE = 24_000
"""Hz of the sound."""
STILL = (266, 150)
MEMORY = "how-we-met"
"""Of the photograph that is talked about."""


class Set:
    """All that stands before a scene's camera: what `loop.Face` holds, without its screen, its socket and its clock."""

    def __init__(self, act: Act, persona: Path, size: tuple[int, int], seconds: float) -> None:
        scene = "portrait" if act.hologram is None else "hologram"
        hologram = act.hologram or config.Hologram()
        settings = Settings(
            Path(), persona, "", size, Panel(night=act.night), seed=4, album_after_s=act.album_after_s, scene=scene,
            hologram=hologram,
        )  # fmt: skip
        self._booth = booth_for(settings)
        view = size if self._booth is None else self._booth.view
        self._stage = stage_for(settings, view, None)
        self._photographs = photographs_for(settings, view, persona)
        self._stage.wear(best_scene(settings, view, persona, ""), -BEFORE_S - 1.0, self._photographs)
        self._t, self._seconds = 0.0, seconds
        self._dimmer = Dimmer(act.night, self._day)
        self._told, self._keys = deque(act.told), deque(act.keys)
        self._presence = hologram.presence

    def frame(self, t: float) -> Frame:
        """What the screen shows at `t` s; `t` does not go back."""
        self._t = t
        while self._told and self._told[0][0] <= t:
            self._stage.tell(self._told.popleft()[1], t)
        while self._keys and self._keys[0][0] <= t:
            self._press(self._keys.popleft()[1], t)
        if self._photographs is not None:
            self._photographs.wait()
        frame = self._dimmer.shade(self._stage.frame(t), self._stage.motion.state, t)
        return frame if self._booth is None else self._booth.show(frame)

    def _press(self, key: str, t: float) -> None:
        if key in self._presence:
            self._stage.visit(t)
        elif self._booth is not None:
            self._booth.key(key, t)

    def _day(self) -> datetime.time:
        """The time of day, which runs from FIRST to LAST while the film does."""
        first, last = (datetime.datetime.combine(datetime.date(2000, 1, 1), time) for time in (FIRST, LAST))
        return (first + (last - first) * min(max(self._t / self._seconds, 0.0), 1.0)).time()


def pictures(scene: Set, fps: int) -> Iterator[Frame]:
    """From 0 s on, without end."""
    for t in chain((k / 10 - BEFORE_S for k in range(round(10 * BEFORE_S))), (n / fps for n in count())):
        frame = scene.frame(t)
        if t >= 0.0:
            yield frame


def sound(said: list[tuple[float, Speech]], seconds: float) -> video.Wave:
    """What is heard in a film of that length."""
    pcm = np.zeros(round(seconds * RATE), np.float32)
    for t, speech in said:
        heard = np.asarray(soxr.resample(speech.pcm, speech.rate, RATE), np.float32)
        begin = round(t * RATE)
        part = pcm[begin : begin + len(heard)]
        part += heard[: len(part)]
    return video.Wave(pcm[None], RATE)


def record(out: Path, act: Act, persona: Path, size: tuple[int, int], seconds: float, fps: int) -> list[Frame]:
    """Writes one film; its stills, small. Raises Broken where it cannot be written."""
    wave = sound(act.sound, seconds)
    wanted = {round(share * (video.frames_in(wave, video.Quality(fps)) - 1)) for share in act.stills}
    kept: list[Frame] = []

    def watched() -> Iterator[Frame]:
        for number, frame in enumerate(pictures(Set(act, persona, size, seconds), fps)):
            if number in wanted:
                kept.append(_still(frame, act.close))
            yield frame

    video.film(out, size, watched(), wave, quality=video.Quality(fps))
    return kept


def _still(frame: Frame, close: bool) -> Frame:
    height, width = frame.shape[:2]
    if close:
        top, left = round(0.06 * height), round(0.2 * width)
        frame = frame[top : top + round(0.6 * height), left : width - left]
    return np.asarray(cv2.resize(frame, STILL, interpolation=cv2.INTER_AREA), np.uint8)


def strip(stills: dict[str, list[Frame]]) -> Frame:
    """A row of stills a scene, RGB."""
    gap, left = 4, 96
    longest = max(len(row) for row in stills.values())
    page = Image.new("RGB", (left + longest * (STILL[0] + gap), gap + len(stills) * (STILL[1] + gap)), PAPER)
    pen = ImageDraw.Draw(page)
    for number, (name, row) in enumerate(stills.items()):
        top = gap + number * (STILL[1] + gap)
        pen.text((gap, top + STILL[1] // 2 - 10), name, font=fonts.load(15), fill=INK)
        for column, still in enumerate(row):
            page.paste(Image.fromarray(still), (left + column * (STILL[0] + gap), top))
    return np.asarray(page, np.uint8)


def films(
    out: Path, persona: Path, say: Say, seconds: float, size: tuple[int, int], fps: int = 30, only: str = ""
) -> dict[str, list[Frame]]:
    """Writes the films (or the `only` one) and their strip into `out`; the stills by scene."""
    out.mkdir(parents=True, exist_ok=True)
    photo = next((photo.file for photo in album.load(persona) if photo.memory == MEMORY), "")
    stills = {}
    for name, act in acts(seconds, say, photo).items():
        if only in ("", name):
            stills[name] = record(out / f"{name}.mp4", act, persona, size, seconds, fps)
    write_jpeg(strip(stills), out / "scenes.jpg", 350_000)
    return stills


def voice_of(persona: Persona) -> Say:
    """The persona's own voices, each loaded when it first speaks; what was said once is kept."""
    load = functools.cache(lambda language: load_voice(persona, language))

    @functools.cache
    def say(text: str, language: str) -> Speech:
        speech = load(language).synthesize(text)
        return Speech(speech.pcm, speech.rate, speech.visemes, text, language)

    return say


def main() -> None:
    """Writes films and stills."""
    parser = argparse.ArgumentParser(prog="python -m docs.scene_films")
    parser.add_argument("out", type=Path)
    parser.add_argument("--persona", default="demo")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--fps", type=int, default=30)
    parser.add_argument("--only", default="", metavar="NAME")
    options = parser.parse_args()
    persona = find(options.persona, print)
    size = config.parse_size(options.size)
    films(options.out, persona.folder, voice_of(persona), options.seconds, size, options.fps, options.only)
    print(options.out)


if __name__ == "__main__":
    main()
