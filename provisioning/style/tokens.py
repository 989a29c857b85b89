"""Counts tokens as the frame's language model does."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from device.errors import BadInput

_HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")


def counter(model: str) -> Callable[[str], int]:
    """By the vocabulary of a model of the catalogue, of which nothing else is loaded; "" estimates. Raises Missing or
    BadInput for a model that is not there."""
    if not model:
        return estimated
    import llama_cpp

    from models_quantized import catalog

    llama_cpp.llama_log_set(_quiet(), None)
    path = catalog.verified_path(model)
    parameters = llama_cpp.llama_model_default_params()
    parameters.vocab_only = True
    loaded = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
    if not loaded:
        raise BadInput(str(path), expected="a language model", got="a file that llama.cpp does not read")
    vocabulary = llama_cpp.llama_model_get_vocab(loaded)

    def count(text: str) -> int:
        raw = text.encode()
        return -int(llama_cpp.llama_tokenize(vocabulary, raw, len(raw), None, 0, False, False))

    return count


@functools.cache
def _quiet() -> Any:
    """A log that says nothing; kept, since the library holds no reference to it."""
    import llama_cpp

    return llama_cpp.llama_log_callback(lambda level, text, data: None)


def estimated(text: str) -> int:
    """Rather too many than too few: one for each Chinese character and sign, one for three Latin letters."""
    chinese = len(_HAN.findall(text))
    return chinese + -(-(len(text) - chinese) // 3)
