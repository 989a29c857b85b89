"""A private PulseAudio server with a virtual loudspeaker and a virtual microphone: sound without a sound card.

``with virtual_sound() as sound:`` starts it and stops it again. What runs with ``sound.env`` sees, through PortAudio
and ALSA, exactly two devices: the loudspeaker `SPEAKER` and the microphone `MICROPHONE` (the default ones too). What
is played into the sink `MOUTH` is heard by the microphone; what the loudspeaker plays is recorded from ``SPEAKER +
".monitor"``. PortAudio reads the environment once, so the code under test runs in a process of its own:
``sound.run([...])``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SPEAKER = "frame_speaker"
MICROPHONE = "frame_microphone"
MOUTH = "mouth"
RATE = 48_000
START_LIMIT_S = 20.0

# Only what is named here exists, whatever cards and sound servers the machine has besides.
ALSA_CONFIG = """
pcm.{speaker} {{ type pulse server "{server}" device "{speaker}" }}
pcm.{microphone} {{ type pulse server "{server}" device "{microphone}" }}
pcm.!default {{
    type asym
    playback.pcm "{speaker}"
    capture.pcm "{microphone}"
}}
ctl.!default {{ type pulse server "{server}" }}
"""


@dataclass
class VirtualSound:
    """The server, which runs between `start` and `stop`."""

    env: dict[str, str]
    """Environment for every process that is to hear or play here."""
    folder: Path
    microphone_module: str = ""
    server: subprocess.Popen[bytes] | None = None
    listener: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, with loudspeaker and microphone plugged in."""
        server_env = {name: value for name, value in self.env.items() if name != "PULSE_SERVER"}
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(_server_command(self.folder), env=server_env, stdout=log, stderr=log)
        _wait_until_up(self, self.server)
        self.pactl("set-default-sink", SPEAKER)
        self.plug_microphone()
        self.listener = _keep_pace(self)

    def stop(self) -> None:
        """Ends it; whoever had a stream open loses it."""
        self._end_listener()
        if self.server is not None:
            self.server.terminate()
            self.server.wait(timeout=10)

    def pactl(self, *words: str) -> str:
        """One command to the server -> its answer."""
        done = subprocess.run(["pactl", *words], env=self.env, capture_output=True, text=True, check=True, timeout=20)
        return done.stdout.strip()

    def plug_microphone(self) -> None:
        """The microphone appears."""
        words = ["source_name=" + MICROPHONE, f"master={MOUTH}.monitor", f"rate={RATE}", "channels=2"]
        self.microphone_module = self.pactl("load-module", "module-remap-source", *words)

    def unplug_microphone(self) -> None:
        """The microphone disappears, and with it whatever stream was open on it."""
        self.pactl("unload-module", self.microphone_module)

    def plug_speaker(self) -> None:
        """The loudspeaker appears, after `unplug_speaker`."""
        self.pactl("load-module", "module-null-sink", f"sink_name={SPEAKER}", f"rate={RATE}", "channels=2")
        self.pactl("set-default-sink", SPEAKER)
        self.listener = _keep_pace(self)

    def unplug_speaker(self) -> None:
        """The loudspeaker disappears, and with it whatever stream was open on it."""
        self._end_listener()
        for module in self.pactl("list", "short", "modules").splitlines():
            if f"sink_name={SPEAKER}" in module:
                self.pactl("unload-module", module.split()[0])

    def play(self, path: Path, sink: str = MOUTH) -> subprocess.Popen[bytes]:
        """Starts playing a sound file; ``wait()`` on what it returns lasts until the end."""
        return subprocess.Popen(["paplay", "--latency-msec=200", f"--device={sink}", str(path)], env=self.env)

    def record(self, path: Path, source: str = SPEAKER + ".monitor") -> subprocess.Popen[bytes]:
        """Starts recording a source into a WAV file; ``terminate()`` it to end."""
        words = ["--latency-msec=30", f"--device={source}", "--file-format=wav", str(path)]
        return subprocess.Popen(["parecord", *words], env=self.env)

    def run(self, command: Sequence[str]) -> subprocess.Popen[str]:
        """Starts the code under test with these devices; its output is text to read."""
        return subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)

    def _end_listener(self) -> None:
        if self.listener is not None:
            self.listener.kill()
            self.listener.wait()
            self.listener = None


def _environment(folder: Path) -> dict[str, str]:
    server = f"unix:{folder}/native"
    config = folder / "alsa.conf"
    config.write_text(ALSA_CONFIG.format(server=server, speaker=SPEAKER, microphone=MICROPHONE), encoding="utf-8")
    own = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "PULSE_RUNTIME_PATH": str(folder / "run")}
    own |= {"PULSE_STATE_PATH": str(folder / "state"), "PULSE_SERVER": server, "ALSA_CONFIG_PATH": str(config)}
    # JACK's client library, where it is installed, must not start a server of its own.
    return {**os.environ, **own, "JACK_NO_START_SERVER": "1"}


def _server_command(folder: Path) -> list[str]:
    sink = "module-null-sink sink_name={0} rate={1} channels=2"
    modules = [
        f"module-native-protocol-unix socket={folder}/native auth-anonymous=1",
        sink.format(SPEAKER, RATE),
        sink.format(MOUTH, RATE),
    ]
    options = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--system=false", "--use-pid-file=no"]
    options += ["--disable-shm=yes", "--realtime=no", "--log-target=stderr", "--log-level=error"]
    return ["pulseaudio", *options, *[f"--load={module}" for module in modules]]


def _wait_until_up(sound: VirtualSound, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            sound.pactl("info")
            return
        except subprocess.SubprocessError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"pulseaudio did not start: {(sound.folder / 'log').read_text()}") from None
            time.sleep(0.05)


def _keep_pace(sound: VirtualSound) -> subprocess.Popen[bytes]:
    """A null sink renders up to 2 s at once unless somebody listens closely; with a listener it keeps a card's pace.

    Waits until the listener hears: a stream that opens while the sink is ahead of its time stalls for as long."""
    heard = sound.folder / "pace"
    words = ["--raw", "--latency-msec=20", "--rate=8000", "--channels=1", "--format=u8"]
    with heard.open("wb") as file:
        listener = subprocess.Popen(["parec", *words, f"--device={SPEAKER}.monitor"], env=sound.env, stdout=file)
    deadline = time.monotonic() + START_LIMIT_S
    while heard.stat().st_size == 0:
        if time.monotonic() > deadline:
            listener.kill()
            raise RuntimeError("nothing is heard of the virtual loudspeaker")
        time.sleep(0.01)
    return listener


@contextmanager
def virtual_sound() -> Iterator[VirtualSound]:
    """The server with loudspeaker and microphone plugged in, for the length of the block."""
    folder = Path(tempfile.mkdtemp(prefix="sound-"))
    sound = VirtualSound(_environment(folder), folder)
    try:
        sound.start()
        yield sound
    finally:
        sound.stop()
        shutil.rmtree(folder, ignore_errors=True)
