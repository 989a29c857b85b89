"""`imago run` on a real sound server and a real screen, while each is taken away and returned: it answers again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.commands.persona_choice import demo_directory
from device.config import cache, home
from models_quantized.catalog import models_dir
from tests.scenarios.test_whole_frame import loud_seconds, question, until
from tests.support.pulse import VirtualSound, virtual_sound
from tests.support.screen import Screen
from tests.support.screen import screen as virtual_screen

# Real devices on a machine that others use too: a starved second drops sound. A fault fails three times.
pytestmark = [pytest.mark.flaky(reruns=2), pytest.mark.slow]

__all__ = ["question"]

AWAY_S = 3.0
"""s for which a part stays away: longer than the frame takes to notice."""
TRIES = 3
"""Times that people ask before they give up."""


class Running:
    """The frame at work, and somebody who asks it."""

    def __init__(self, folder: Path, question: Path, sound: VirtualSound, screen: Screen) -> None:
        self.log = folder / "run.log"
        self._folder, self._question, self.sound, self.screen = folder, question, sound, screen

    def turns(self) -> int:
        """Answers so far."""
        return self.log.read_text().count("a turn has ended")

    def ask(self, aloud: bool = True) -> None:
        """Asks until it is answered, and looks whether there was anything to hear."""
        for _ in range(TRIES):
            before, room = self.turns(), self._folder / "room.wav"
            recording = self.sound.record(room) if aloud else None
            self.sound.play(self._question).wait(30)
            answered = self._more_turns(before)
            if recording is not None:
                recording.terminate()
                recording.wait(10)
            if answered and (not aloud or loud_seconds(room) > 3):
                return
        raise AssertionError(self.log.read_text())

    def _more_turns(self, before: int, limit_s: float = 45.0) -> bool:
        deadline = time.monotonic() + limit_s
        while self.turns() <= before and time.monotonic() < deadline:
            time.sleep(0.2)
        return self.turns() > before


@pytest.fixture
def running(tmp_path: Path, question: Path) -> Iterator[Running]:
    """A frame that listens."""
    demo_directory(lambda text: None)
    own = {"IMAGO_HOME": str(home()), "IMAGO_MODELS": str(models_dir()), "IMAGO_CACHE": str(cache())}
    with virtual_sound() as sound, virtual_screen((1280, 720)) as screen:
        env = {**sound.env, **own, "DISPLAY": screen.environment["DISPLAY"], "XDG_RUNTIME_DIR": str(tmp_path)}
        frame = Running(tmp_path, question, sound, screen)
        with frame.log.open("wb") as log:
            command = [sys.executable, "-m", "device", "run", "--windowed"]
            process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        try:
            until(lambda: "listening" in frame.log.read_text(), "the frame listens")
            yield frame
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def test_it_answers_again_after_everything_was_away(running: Running, tmp_path: Path) -> None:
    """One after the other, so that nothing may be left over from the calamity before."""
    sound = running.sound
    running.ask()

    sound.unplug_microphone()
    time.sleep(AWAY_S)
    sound.plug_microphone()
    running.ask()

    sound.unplug_speaker()
    running.ask(aloud=False)  # nobody hears it, and the turn ends all the same
    sound.plug_speaker()
    running.ask()

    sound.stop()
    time.sleep(AWAY_S)
    sound.start()
    running.ask()

    os.kill(pid_of("device.face"), signal.SIGKILL)
    running.ask()
    assert running.log.read_text().count("imago: listening") == 1, "the mind did not live through all of it"
    assert running.screen.shot(tmp_path / "after.png").mean() > 15, "the screen stayed black"

    os.kill(pid_of("device", "mind"), signal.SIGSTOP)
    until(lambda: running.log.read_text().count("imago: listening") == 2, "another mind listens")
    running.ask()


def pid_of(module: str, *arguments: str) -> int:
    """The process that runs a module, by how its command line begins."""
    wanted = [word.encode() for word in ("-m", module, *arguments)]
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[1 : 1 + len(wanted)] == wanted and parent_runs_frame(int(entry.name)):
                return int(entry.name)
    raise AssertionError(f"no {module} is running")


def parent_runs_frame(pid: int) -> bool:
    """Whether its parent is an `imago run`: other tests have faces, too."""
    parent = (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[1]
    try:
        return b"run" in (Path("/proc") / parent / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
