"""English words for a voice that knows Mandarin only: said as by somebody who never learned English, each sound as the
nearest initial or final. Boston becomes bao-si-ten."""

from __future__ import annotations

import re
from collections.abc import Iterator

from device.voice import espeak

_INITIALS = {
    "p": "p", "b": "b", "t": "t", "d": "d", "k": "k", "ɡ": "g", "f": "f", "v": "f", "s": "s", "z": "z", "ʃ": "sh",
    "ʒ": "r", "m": "m", "n": "n", "ŋ": "n", "l": "l", "ɹ": "r", "h": "h", "w": "^", "j": "^", "θ": "s", "ð": "z",
    "ɾ": "d", "tʃ": "ch", "dʒ": "zh",
}  # fmt: skip
_FINALS = {
    "i": "i", "ɪ": "i", "e": "ei", "ɛ": "ai", "æ": "ai", "ɑ": "a", "a": "a", "ʌ": "a", "ə": "e", "ɜ": "er", "ɚ": "er",
    "u": "u", "ʊ": "u", "ɔ": "ao", "o": "ou", "ɐ": "a", "ᵻ": "i", "ɒ": "ao",
}  # fmt: skip
_FINALS |= {"eɪ": "ei", "aɪ": "ai", "ɔɪ": "uo", "aʊ": "ao", "oʊ": "ou", "əʊ": "ou"}
_NASALS = {"a": "an", "e": "en", "i": "in", "ai": "an", "u": "uen", "ao": "ong"}
_HISSING = {"s", "z", "sh", "zh", "ch", "r"}


def _any(sounds: dict[str, str]) -> str:
    return "|".join(sorted(sounds, key=len, reverse=True))


_C, _V = _any(_INITIALS), _any(_FINALS)
_SYLLABLE = re.compile(f"({_C})?({_V})([nŋm](?!{_V}))?|({_C})")


def symbols(text: str) -> Iterator[str]:
    """English words -> initials, finals with a tone, and syllable breaks, as `pinyin.symbols` gives them."""
    for syllable in _SYLLABLE.finditer(re.sub("[ˈˌː]", "", espeak.phonemes(text))):
        onset, vowel, nasal, alone = syllable.groups()
        if alone:
            initial = _INITIALS[alone]
            yield from (initial, "e5" if initial not in _HISSING else _hiss(initial), "#0")
        else:
            final = _FINALS[vowel]
            yield from (_INITIALS.get(onset, "^"), (_NASALS.get(final, final) if nasal else final) + "4", "#0")


def _hiss(initial: str) -> str:
    return "ii5" if initial in ("s", "z") else "iii5"
