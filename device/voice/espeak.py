"""espeak-ng (the one inside Piper): English words to IPA."""

from __future__ import annotations

from functools import lru_cache

from piper.phonemize_espeak import ESPEAK_DATA_DIR, EspeakPhonemizer


def phonemes(text: str) -> str:
    """American English in IPA with stress and length marks, words parted by spaces."""
    return "".join("".join(sentence) for sentence in _espeak().phonemize("en-us", text))


@lru_cache(maxsize=1)
def _espeak() -> EspeakPhonemizer:
    return EspeakPhonemizer(ESPEAK_DATA_DIR)
