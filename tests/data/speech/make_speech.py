"""Makes the recordings beside it: ``python tests/data/speech/make_speech.py`` (English: Piper; Chinese: Kokoro).

The voices are the catalog's; the recordings are 16 kHz FLAC of 16 bits.
"""

from __future__ import annotations

import sys
from pathlib import Path

import av
import numpy as np
import soxr
from numpy.typing import NDArray

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2]))

RATE = 16_000

ENGLISH = {
    "en_eat": "What did you like to eat when you were a child?",
    "en_house": "Do you remember the old house by the river?",
    "en_unfinished": "I wanted to ask you about",
}
CHINESE = {
    "zh_fish": "外公最喜欢吃红烧鱼。",
    "zh_factory": "我们在北京的工厂里认识的。",
    "zh_unfinished": "因为我那个时候",
}


def write(name: str, pcm: NDArray[np.float32]) -> None:
    """One FLAC file."""
    with av.open(str(HERE / f"{name}.flac"), "w") as container:
        stream = container.add_stream("flac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray((np.clip(pcm, -1, 1) * 32767).astype(np.int16)[None], "s16", "mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def main() -> None:
    from device.voice import kokoro, piper

    for voice, sentences in ((piper.create(), ENGLISH), (kokoro.create(), CHINESE)):
        for name, text in sentences.items():
            speech = voice.synthesize(text)
            write(name, soxr.resample(speech.pcm, speech.rate, RATE))


if __name__ == "__main__":
    main()
