"""``python -m tests.peers.compare OUT``: the benchmark's English questions, asked of an assistant made of packages.

The same recordings, language model, transcriber and voice files as the frame's, in an environment of its own. Writes
peer.json next to the frame's own latency.json, to be set side by side by `docs/figures.py`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import time
import urllib.request
import venv
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np

from device.bench.statistics import percentiles
from device.commands.bench_latency import QUESTIONS
from device.commands.demo import spoken
from device.commands.output import progress, results_folder, write_json
from device.config import cache
from device.ports import MIC_RATE
from models_quantized import catalog

PACKAGES = {"pipecat-ai": "1.14.0", "faster-whisper": "1.2.1", "piper-tts": "1.8.0"}
SERVER = ("uvicorn", "fastapi", "pydantic-settings", "sse-starlette", "starlette-context", "PyYAML", "jinja2")
"""What the language model's own server asks for."""
PORT = 8917
PROMPT = "You are Grandpa, an old engineer who talks with his family. Answer in one or two short sentences."
VOICE = "en_US-joe-medium"


def main() -> None:
    """Two rounds of the questions, a line each; the second round finds everything warm."""
    out = results_folder(Path(sys.argv[1]))
    python = environment(cache() / "peer")
    load = os.getloadavg()[0]
    questions = [{"name": text, "wav": str(written(text))} for text in QUESTIONS["en"] * 2]
    with server(python):
        answers = ask(python, questions)
    write_json(out / "peer.json", report(answers, round(load, 2)))
    print(json.dumps(report(answers, round(load, 2))["latency_ms"]))


def report(answers: list[dict[str, Any]], load: float) -> dict[str, Any]:
    """What is published of it."""
    return {
        "packages": {**PACKAGES, "llama-cpp-python": llama_cpp.__version__},
        "machine": {"cores": os.cpu_count(), "load_before": load},
        "questions": len(answers),
        "answered": sum(a["latency_ms"] is not None for a in answers),
        "latency_ms": percentiles([a["latency_ms"] for a in answers]),
        "turns": answers,
    }


def environment(folder: Path) -> Path:
    """The peer's own Python with its packages, kept."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.EnvBuilder(with_pip=True).create(folder)
    pinned = [f"{name}=={version}" for name, version in PACKAGES.items()]
    subprocess.run([python, "-m", "pip", "install", "-q", *pinned, *SERVER], check=True)
    return python


def written(text: str) -> Path:
    """The question as a WAV file."""
    path = cache() / "peer-questions" / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    pcm = np.round(np.clip(spoken(text, "en"), -1, 1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(MIC_RATE)
        file.writeframes(pcm.tobytes())
    return path


@contextlib.contextmanager
def server(python: Path) -> Iterator[None]:
    """The language model behind the interface that everybody's assistants speak, on this machine only."""
    linked = python.parent.parent / "linked"
    linked.mkdir(exist_ok=True)
    packages = Path(llama_cpp.__file__).parent.parent
    for name in ("llama_cpp", "diskcache"):
        if not (linked / name).exists():
            (linked / name).symlink_to(packages / name)
    model = catalog.verified_path("language-model")
    command = [python, "-m", "llama_cpp.server", "--model", model, "--port", str(PORT), "--n_ctx", "2048"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*map(str, command)], env={**os.environ, "PYTHONPATH": str(linked)}, **quiet)
    try:
        wait_for(f"http://127.0.0.1:{PORT}/v1/models")
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str, limit_s: float = 60.0) -> None:
    """Until somebody answers there."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.5)
    raise TimeoutError(url)


def ask(python: Path, questions: list[dict[str, str]]) -> list[dict[str, Any]]:
    """All of them in one conversation."""
    bot = Path(__file__).with_name("pipecat_bot.py")
    voice = catalog.verified_path("piper-en_us-joe-medium", file=f"{VOICE}.onnx").parent
    where = [str(catalog.verified_dir("transcriber")), str(voice), VOICE, f"http://127.0.0.1:{PORT}/v1"]
    task = json.dumps({"prompt": PROMPT, "questions": questions})
    progress("the peer starts")
    done = subprocess.run(
        [str(python), str(bot), *where], input=task, capture_output=True, text=True, check=True, cwd=python.parent
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


if __name__ == "__main__":
    main()
