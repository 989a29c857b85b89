"""A voice assistant assembled from Pipecat's parts as its templates do it, asked recorded questions in real time.

    python pipecat_bot.py WHISPER_FOLDER VOICE_FOLDER VOICE MODEL_URL < questions.json > answers.json

Runs in an environment of its own (`compare.py` makes it). Questions: {"prompt": ..., "questions": [{"name", "wav"}]}.
Answers: for each question what was heard and said, and the ms from the end of the question's sound to the first sample
of the answer louder than -40 dBFS. No face is drawn meanwhile, and no echo is cancelled: both are left out in the
peer's favour.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import wave
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import Frame, InputAudioRawFrame, OutputAudioRawFrame, StartFrame, TranscriptionFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.services.piper.tts import PiperTTSService
from pipecat.services.whisper.stt import WhisperSTTService
from pipecat.transports.base_input import BaseInputTransport
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import TransportParams

RATE = 16_000
CHUNK_S = 0.02
AUDIBLE = 10 ** (-40 / 20)
LONGEST_S = 20.0
"""s after a question at which its answer is given up."""
QUIET_S = 2.0
"""s without sound that end an answer."""


@dataclass
class Room:
    """What is said at the bot, and what it says, on one clock."""

    said: list[np.ndarray] = field(default_factory=list)
    """Chunks that are still to be spoken at it."""
    onsets: list[float] = field(default_factory=list)
    """When each chunk of its voice that can be heard is first louder than AUDIBLE."""
    transcripts: list[str] = field(default_factory=list)
    free: float = 0.0

    def play(self, pcm: np.ndarray, rate: int) -> float:
        """A chunk is given to the loudspeaker -> s until it wants the next."""
        now = time.monotonic()
        begin = max(now, self.free)
        loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > AUDIBLE * 32768)
        if len(loud):
            self.onsets.append(begin + float(loud[0]) / rate)
        self.free = begin + len(pcm) / rate
        return max(0.0, self.free - now - 2 * CHUNK_S)


class Microphone(BaseInputTransport):
    """20 ms of sound every 20 ms."""

    def __init__(self, room: Room, params: TransportParams) -> None:
        super().__init__(params)
        self._room = room

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)
        self.create_task(self._run())

    async def _run(self) -> None:
        silence = np.zeros(round(CHUNK_S * RATE), np.int16)
        due = time.monotonic()
        while True:
            chunk = self._room.said.pop(0) if self._room.said else silence
            await self.push_audio_frame(InputAudioRawFrame(chunk.tobytes(), RATE, 1))
            due += CHUNK_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))


class Loudspeaker(BaseOutputTransport):
    """Plays at the pace of sound."""

    def __init__(self, room: Room, params: TransportParams) -> None:
        super().__init__(params)
        self._room = room

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        await asyncio.sleep(self._room.play(np.frombuffer(frame.audio, np.int16), frame.sample_rate))
        return True


class Ear(FrameProcessor):
    """Takes down what was understood."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame):
            self._room.transcripts.append(frame.text)
        await self.push_frame(frame, direction)


class LocalModel(OpenAILLMService):
    """A server that speaks the interface, but not its newest roles."""

    supports_developer_role = False


async def ask(room: Room, wav: Path) -> dict[str, Any]:
    """One question in real time -> what came of it."""
    with wave.open(str(wav)) as file:
        pcm = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > AUDIBLE * 32768)
    size = round(CHUNK_S * RATE)
    pcm = np.pad(pcm[: loud[-1] + 1], (0, -(loud[-1] + 1) % size))
    room.onsets.clear()
    room.transcripts.clear()
    room.said += list(pcm.reshape(-1, size))
    while room.said:
        await asyncio.sleep(CHUNK_S / 4)
    end = time.monotonic() + CHUNK_S - (-(loud[-1] + 1) % size) / RATE
    first = None
    while time.monotonic() < end + LONGEST_S:
        await asyncio.sleep(0.05)
        first = min(room.onsets, default=None)
        if first is not None and time.monotonic() > room.free + QUIET_S:
            break
    return {"heard": " ".join(room.transcripts), "latency_ms": None if first is None else round(1000 * (first - end))}


async def main() -> None:
    """Builds the pipeline, asks everything, writes the answers."""
    whisper, voices, voice, url = sys.argv[1:]
    task = json.load(sys.stdin)
    room = Room()
    params = TransportParams(audio_in_enabled=True, audio_out_enabled=True, audio_in_sample_rate=RATE)
    context = LLMContext([{"role": "system", "content": task["prompt"]}])
    user, assistant = LLMContextAggregatorPair(
        context, user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    )
    stt = WhisperSTTService(device="cpu", compute_type="int8", settings=WhisperSTTService.Settings(model=whisper))
    llm = LocalModel(api_key="none", base_url=url, settings=LocalModel.Settings(model="local"))
    tts = PiperTTSService(download_dir=Path(voices), settings=PiperTTSService.Settings(voice=voice))
    parts = [Microphone(room, params), stt, Ear(room), user, llm, tts, Loudspeaker(room, params), assistant]
    worker = PipelineWorker(Pipeline(parts), params=PipelineParams())
    running = asyncio.create_task(PipelineRunner(handle_sigint=False).run(worker))
    await asyncio.sleep(3.0)
    answers = []
    for question in task["questions"]:
        before = len(context.messages)
        answer = await ask(room, Path(question["wav"]))
        await asyncio.sleep(0.5)
        told = [m["content"] for m in context.messages[before:] if m.get("role") == "assistant"]
        answers.append({"asked": question["name"], **answer, "said": " ".join(map(str, told))})
        print(answers[-1], file=sys.stderr, flush=True)
    json.dump(answers, sys.stdout, ensure_ascii=False)
    sys.stdout.flush()
    await worker.cancel()
    running.cancel()


if __name__ == "__main__":
    asyncio.run(main())
