"""PortAudio's output devices: found by name, opened in the format that they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyaudio

from device.errors import Broken, Missing

PERIOD_S = 0.04
"""s of a device's period; PortAudio keeps two. With 20 or 30 ms, ALSA's way to PulseAudio stalled again and again."""


@dataclass(frozen=True, slots=True)
class Device:
    """An output device."""

    index: int
    name: str
    rate: int
    """Hz, its own."""
    channels: int
    """At most."""


class Host:
    """PortAudio, initialised: the devices that there are now. It lists them once; for later ones, make another Host."""

    def __init__(self) -> None:
        self._audio = pyaudio.PyAudio()

    def find(self, wanted: str) -> Device:
        """The output device whose name contains `wanted`, in any case; "" is the default one. Raises Missing."""
        devices = [device for device in self._devices() if device.channels > 0]
        if wanted:
            named = [device for device in devices if wanted.lower() in device.name.lower()]
            exact = [device for device in named if device.name.lower() == wanted.lower()]
            chosen = (exact or named)[:1]
        else:
            chosen = [device for device in devices if device.index == self._default()]
        if chosen:
            return chosen[0]
        names = ", ".join(dict.fromkeys(device.name for device in devices))
        raise Missing(
            "loudspeaker",
            expected=f"a loudspeaker called {wanted!r}" if wanted else "a loudspeaker",
            got="none",
            hint=f"there are: {names}" if names else "plug one in; no output device is known to the system",
        )

    def open(self, device: Device) -> tuple[pyaudio.Stream, int]:
        """A running stream that float32 frames are written to, and its number of channels. Raises Broken."""
        failure = ""
        for channels in (1, 2):
            try:
                stream = self._audio.open(
                    rate=device.rate,
                    channels=channels,
                    format=pyaudio.paFloat32,
                    output=True,
                    output_device_index=device.index,
                    frames_per_buffer=round(PERIOD_S * device.rate),
                )
                return stream, channels
            except (OSError, ValueError) as error:
                failure = str(error)
        raise Broken("loudspeaker", expected=f"{device.name} to open", got=failure, hint="is another program using it?")

    def close(self) -> None:
        self._audio.terminate()

    def _default(self) -> int:
        try:
            return int(self._audio.get_default_output_device_info()["index"])
        except OSError:
            return -1

    def _devices(self) -> list[Device]:
        infos: list[dict[str, Any]] = [
            dict(self._audio.get_device_info_by_index(index)) for index in range(self._audio.get_device_count())
        ]
        return [
            Device(int(i["index"]), str(i["name"]), round(float(i["defaultSampleRate"])), int(i["maxOutputChannels"]))
            for i in infos
        ]
