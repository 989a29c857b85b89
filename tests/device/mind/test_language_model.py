"""The language model's contract on the fake and on llama.cpp alike; the prefix on disk."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput, Missing
from device.mind import prefix_store
from device.mind.language_model import LlamaModel, LlamaSettings, sample
from device.ports import LanguageModel
from models_quantized import catalog
from tests.fakes.mind import FakeLanguageModel

PREFIX = "<|im_start|>system\nYou are an old ferryman. You answer in one short sentence.<|im_end|>\n"
PROMPT = "<|im_start|>user\nCount from one to nine.<|im_end|>\n<|im_start|>assistant\n"
SETTINGS = LlamaSettings(context_tokens=512, chunk_tokens=16, threads=1)


def never() -> bool:
    return False


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("states")


@pytest.fixture(scope="module")
def llama(states: Path) -> Iterator[LlamaModel]:
    """The smallest model of the catalog: what is tested is the engine, not the answers."""
    model = LlamaModel(catalog.verified_path("smollm2-135m-q4_1"), states, SETTINGS)
    model.set_prefix(PREFIX)
    yield model
    model.close()


@pytest.fixture(params=["fake", "llama"])
def model(request: pytest.FixtureRequest) -> LanguageModel:
    if request.param == "fake":
        fake = FakeLanguageModel("One, two, three, four.")
        fake.set_prefix(PREFIX)
        return fake
    real: LlamaModel = request.getfixturevalue("llama")
    return real


class TestContract:
    def test_streams_text(self, model: LanguageModel) -> None:
        pieces = list(model.generate(PROMPT, max_tokens=6, stop=(), cancelled=never))
        assert len(pieces) > 1
        assert "".join(pieces).strip()

    def test_the_same_prompt_gives_the_same_text(self, model: LanguageModel) -> None:
        texts = {"".join(model.generate(PROMPT, max_tokens=6, stop=(), cancelled=never)) for _ in range(2)}
        assert len(texts) == 1

    def test_ends_before_a_stop_string(self, model: LanguageModel) -> None:
        whole = "".join(model.generate(PROMPT, max_tokens=6, stop=(), cancelled=never))
        stop = whole[2:5]
        assert "".join(model.generate(PROMPT, max_tokens=6, stop=[stop], cancelled=never)) == whole[: whole.index(stop)]

    def test_is_cancelled_between_tokens(self, model: LanguageModel) -> None:
        got: list[str] = []
        for piece in model.generate(PROMPT, max_tokens=50, stop=(), cancelled=lambda: bool(got)):
            got.append(piece)
        assert len(got) == 1

    def test_is_cancelled_before_it_begins(self, model: LanguageModel) -> None:
        assert list(model.generate(PROMPT, max_tokens=5, stop=(), cancelled=lambda: True)) == []


def test_the_prefix_is_evaluated_once(llama: LlamaModel) -> None:
    list(llama.generate(PROMPT, max_tokens=1, stop=(), cancelled=never))
    usage = llama.last_usage
    assert usage.reused_tokens >= usage.prefix_tokens > 10
    list(llama.generate(PROMPT, max_tokens=1, stop=(), cancelled=never))
    assert llama.last_usage.prompt_tokens == 1


def test_a_restored_prefix_answers_as_an_evaluated_one(llama: LlamaModel) -> None:
    first = "".join(llama.generate(PROMPT, max_tokens=6, stop=(), cancelled=never))
    llama.set_prefix(PREFIX)
    assert llama.restored
    assert "".join(llama.generate(PROMPT, max_tokens=6, stop=(), cancelled=never)) == first


def test_a_damaged_state_is_made_anew(llama: LlamaModel, states: Path, caplog: pytest.LogCaptureFixture) -> None:
    for path in states.iterdir():
        path.write_bytes(path.read_bytes()[:-3] + b"xyz")
    with caplog.at_level(logging.WARNING):
        llama.set_prefix(PREFIX)
    assert not llama.restored
    assert len(caplog.records) == 1
    llama.set_prefix(PREFIX)
    assert llama.restored


def test_a_prompt_beyond_the_context_still_answers(llama: LlamaModel) -> None:
    assert list(llama.generate("word " * 900 + PROMPT, max_tokens=2, stop=(), cancelled=never))


def test_a_prefix_that_leaves_no_room_is_refused(llama: LlamaModel) -> None:
    with pytest.raises(BadInput, match="tokens"):
        llama.set_prefix("word " * 400)
    llama.set_prefix(PREFIX)


def test_no_model_and_no_gguf(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        LlamaModel(tmp_path / "none.gguf", tmp_path)
    (tmp_path / "bad.gguf").write_bytes(b"not a model" * 100)
    with pytest.raises(BadInput):
        LlamaModel(tmp_path / "bad.gguf", tmp_path)


@given(st.binary(max_size=64))
def test_no_bytes_on_disk_are_taken_for_a_state(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("s") / "x.kv"
    path.write_bytes(raw)
    assert prefix_store.load(path) is None
    prefix_store.save(path, raw)
    assert prefix_store.load(path) == raw


def test_a_full_disk_costs_nothing_but_a_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    prefix_store.save(tmp_path / "file" / "x.kv", b"state")
    assert len(caplog.records) == 1


def test_repetition_is_penalised() -> None:
    random = np.random.default_rng(0)
    logits = np.array([1.0, 0.95, -1.0], np.float32)
    assert sample(logits.copy(), [], SETTINGS, random) == 0
    assert sample(logits.copy(), [0], SETTINGS, random) == 1
