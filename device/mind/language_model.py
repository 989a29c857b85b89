"""llama.cpp with the persona's prefix kept evaluated: in the KV cache while it runs, on disk between runs.

Only what follows the tokens that are already evaluated is computed for a new prompt, so a question after the first
costs its own tokens and those of its memories, not the persona's again.
"""

from __future__ import annotations

import codecs
import ctypes
import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from device.errors import BadInput, Broken, Missing
from device.mind import prefix_store
from device.mind.stop_strings import StopStrings
from device.ports import Cancelled

SEQUENCE = 0
"""The one sequence of the KV cache that is used."""

FINGERPRINT_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class LlamaSettings:
    """How the model runs."""

    context_tokens: int = 4096
    threads: int = 2
    chunk_tokens: int = 64
    """Tokens evaluated between two looks at `cancelled`; 64 take about 0.1 to 0.2 s on two CPU cores."""
    flash_attention: bool = True
    temperature: float = 0.0
    """0 is greedy"""
    repetition_penalty: float = 1.1
    """Logits of recent tokens are divided (or, when negative, multiplied) by it: Keskar et al. 2019, CTRL, section
    4.1."""
    penalty_window_tokens: int = 64
    gpu_layers: int = 0
    """-1 for all of them, on a machine with a GPU"""


@dataclass(frozen=True, slots=True)
class Usage:
    """What the last `generate` cost."""

    prefix_tokens: int
    reused_tokens: int
    """Of the prefix and the prompt, found in the KV cache"""
    prompt_tokens: int
    """Evaluated for this prompt"""
    generated_tokens: int
    prefill_s: float
    decode_s: float

    @property
    def tokens_per_second(self) -> float:
        """Of decoding; 0 when nothing was decoded."""
        return self.generated_tokens / self.decode_s if self.decode_s > 0 else 0.0


class LlamaModel:
    """A GGUF model on llama.cpp; one thread at a time may use it."""

    def __init__(self, model: Path, cache: Path, settings: LlamaSettings | None = None) -> None:
        """Loads the model; KV states go to `cache`. Raises Missing or BadInput."""
        self.settings = settings or LlamaSettings()
        self._llama = _open(model, self.settings)
        self._context: Any = self._llama.ctx
        self._vocab = llama_cpp.llama_model_get_vocab(self._llama.model)
        self._vocab_size: int = llama_cpp.llama_vocab_n_tokens(self._vocab)
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._cache = cache
        self._fingerprint = _fingerprint(model)
        self._prefix: list[int] = []
        self._evaluated: list[int] = []
        self._closed = False
        self.restored = False
        """The prefix came from disk."""
        self.last_usage = Usage(0, 0, 0, 0, 0.0, 0.0)

    def set_prefix(self, prefix: str) -> None:
        """See `ports.LanguageModel`. Raises BadInput where it leaves no room for a question."""
        self._prefix = self._tokens(prefix)
        if len(self._prefix) > self.settings.context_tokens // 2:
            raise BadInput(
                "persona prefix",
                expected=f"at most {self.settings.context_tokens // 2} tokens",
                got=f"{len(self._prefix)}",
                hint="shorten the persona's style texts",
            )
        path = self._cache / f"{self._key(prefix)}.kv"
        self._rewind(0)
        state = prefix_store.load(path)
        self.restored = state is not None and self._restore(state)
        if not self.restored:
            self._evaluate(self._prefix, lambda: False)
            prefix_store.save(path, self._state())

    def generate(self, prompt: str, *, max_tokens: int, stop: Sequence[str], cancelled: Cancelled) -> Iterator[str]:
        """See `ports.LanguageModel`. A prompt too long for the context loses its beginning."""
        started = time.perf_counter()
        room = self.settings.context_tokens - max_tokens - len(self._prefix)
        wanted = self._prefix + self._tokens(prompt)[-max(1, room) :]
        reused = self._rewind(min(_common(self._evaluated, wanted), len(wanted) - 1))
        finished = self._evaluate(wanted[reused:], cancelled)
        decoding = time.perf_counter()
        counted = Usage(len(self._prefix), reused, len(self._evaluated) - reused, 0, decoding - started, 0.0)
        self.last_usage = counted
        if not finished:
            return
        text = codecs.getincrementaldecoder("utf-8")("ignore")
        stops = StopStrings(stop)
        for count, token in enumerate(self._decode(max_tokens, cancelled), 1):
            self.last_usage = Usage(
                len(self._prefix),
                reused,
                counted.prompt_tokens,
                count,
                counted.prefill_s,
                time.perf_counter() - decoding,
            )
            if piece := stops.push(text.decode(self._piece(token))):
                yield piece
            if stops.met:
                return
        if rest := stops.flush():
            yield rest

    def close(self) -> None:
        """Frees the model; a second call does nothing."""
        if not self._closed:
            self._closed = True
            self._llama.close()

    # --- tokens ---

    def _tokens(self, text: str) -> list[int]:
        return list(self._llama.tokenize(text.encode("utf-8"), add_bos=False, special=True))

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(64)
        length = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, 64, 0, False)
        return buffer.raw[: max(0, length)]

    def _decode(self, max_tokens: int, cancelled: Cancelled) -> Iterator[int]:
        random = np.random.default_rng(0)
        for _ in range(max_tokens):
            if cancelled():
                return
            token = sample(
                self._logits(), self._evaluated[-self.settings.penalty_window_tokens :], self.settings, random
            )
            if llama_cpp.llama_vocab_is_eog(self._vocab, token):
                return
            yield token
            self._evaluate([token], lambda: False)

    def _logits(self) -> NDArray[np.float32]:
        """Shape (vocabulary,), a copy."""
        pointer = llama_cpp.llama_get_logits_ith(self._context, -1)
        return np.array(np.ctypeslib.as_array(pointer, (self._vocab_size,)))

    # --- the KV cache ---

    def _rewind(self, count: int) -> int:
        """Forgets all but the first `count` evaluated tokens."""
        if not llama_cpp.llama_memory_seq_rm(self._memory, SEQUENCE, count, -1):
            llama_cpp.llama_memory_clear(self._memory, True)
            count = 0
        del self._evaluated[count:]
        return count

    def _evaluate(self, tokens: Sequence[int], cancelled: Cancelled) -> bool:
        """Appends tokens to what is evaluated, by chunks; False when it was cancelled in between."""
        for start in range(0, len(tokens), self.settings.chunk_tokens):
            if cancelled():
                return False
            chunk = tokens[start : start + self.settings.chunk_tokens]
            array = (llama_cpp.llama_token * len(chunk))(*chunk)
            code = llama_cpp.llama_decode(self._context, llama_cpp.llama_batch_get_one(array, len(chunk)))
            if code != 0:
                self._rewind(0)
                raise Broken("language model", expected="an evaluated prompt", got=f"llama_decode code {code}")
            self._evaluated.extend(chunk)
        return True

    def _key(self, prefix: str) -> str:
        parts = (
            self._fingerprint,
            prefix,
            llama_cpp.__version__,
            str(self.settings.context_tokens),
            str(self.settings.flash_attention),
        )
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _state(self) -> bytes:
        size = llama_cpp.llama_state_seq_get_size(self._context, SEQUENCE)
        buffer = (ctypes.c_uint8 * size)()
        written = llama_cpp.llama_state_seq_get_data(self._context, buffer, size, SEQUENCE)
        return bytes(buffer)[:written]

    def _restore(self, state: bytes) -> bool:
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        taken = llama_cpp.llama_state_seq_set_data(self._context, buffer, len(state), SEQUENCE)
        positions = llama_cpp.llama_memory_seq_pos_max(self._memory, SEQUENCE) + 1
        if taken != len(state) or positions != len(self._prefix):
            self._rewind(0)
            return False
        self._evaluated = list(self._prefix)
        return True


def sample(
    logits: NDArray[np.float32], recent: Sequence[int], settings: LlamaSettings, random: np.random.Generator
) -> int:
    """The next token from logits of shape (vocabulary,), which are changed in place."""
    if settings.repetition_penalty != 1.0 and len(recent):
        seen = np.unique(np.asarray(recent))
        values = logits[seen]
        logits[seen] = np.where(values > 0, values / settings.repetition_penalty, values * settings.repetition_penalty)
    if settings.temperature <= 0:
        return int(np.argmax(logits))
    # Gumbel's trick: the argmax of logits with Gumbel noise is a sample of their softmax.
    return int(np.argmax(logits / settings.temperature + random.gumbel(size=len(logits))))


def _common(a: Sequence[int], b: Sequence[int]) -> int:
    for index, (left, right) in enumerate(zip(a, b, strict=False)):
        if left != right:
            return index
    return min(len(a), len(b))


def _open(model: Path, settings: LlamaSettings) -> llama_cpp.Llama:
    if not model.is_file():
        raise Missing("language model", expected=str(model), got="no such file", hint="./imago models fetch")
    try:
        return llama_cpp.Llama(
            str(model),
            n_ctx=settings.context_tokens,
            n_batch=settings.chunk_tokens,
            n_ubatch=settings.chunk_tokens,
            n_threads=settings.threads,
            n_threads_batch=settings.threads,
            n_gpu_layers=settings.gpu_layers,
            flash_attn=settings.flash_attention,
            verbose=False,
        )
    except (ValueError, RuntimeError, AssertionError) as error:
        raise BadInput(
            str(model),
            expected="a GGUF language model",
            got=str(error) or "something else",
            hint="./imago models verify",
        ) from None


def _fingerprint(model: Path) -> str:
    """Tells model files apart without reading all of one: its size, first and last MiB (the catalog verified the
    rest)."""
    size = model.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with model.open("rb") as stream:
        digest.update(stream.read(FINGERPRINT_BYTES))
        stream.seek(max(0, size - FINGERPRINT_BYTES))
        digest.update(stream.read(FINGERPRINT_BYTES))
    return digest.hexdigest()


def create(model: Path, cache: Path, **settings: Any) -> LlamaModel:
    """The registry's factory: a GGUF file, the folder for KV states, and fields of LlamaSettings."""
    return LlamaModel(model, cache, LlamaSettings(**settings))
