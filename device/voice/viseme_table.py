"""Which mouth shape a speech sound has: data, no rules.

Shapes are Oculus-15 (the set of Meta's lip-sync: sil PP FF TH DD kk CH SS nn RR aa E I O U). Symbols are IPA as
espeak-ng writes it, and Kokoro's own signs (A = eɪ, I = aɪ, O = oʊ, Q = əʊ, W = aʊ, Y = ɔɪ, ꭧ = ʈʂ, tones as arrows).
Weights say how far the mouth goes towards the shape: 1 is its full form.
"""

from __future__ import annotations

SIL = "sil"

_CONSONANTS = {
    ("PP", 1.0): "pbmɓ",
    ("FF", 1.0): "fvɱɸβʋ",
    ("TH", 0.9): "θð",
    ("DD", 0.7): "tdɾʈɖ",
    ("nn", 0.7): "nlɫɳɲʎ",
    ("kk", 0.6): "kgɡŋxɣχqɴʁcɟ",
    ("CH", 0.9): "ʃʒʧʤʂʐꭧT",
    ("SS", 0.8): "szʦʣɕʑʨʥçʝS",
    ("RR", 0.8): "rɹɻɽ",
    ("U", 0.9): "wɥʍɰ",
    ("I", 0.7): "j",
}

_VOWELS = {
    ("aa", 1.0): "aɑæɐ",
    ("aa", 0.7): "ʌ",
    ("E", 1.0): "eɛ",
    ("E", 0.6): "əɤɜɘ",
    ("E", 0.35): "ᵊ",
    ("RR", 0.7): "ɚɝ",
    ("I", 1.0): "i",
    ("I", 0.8): "ɪᵻ",
    ("I", 0.5): "ɨ",
    ("O", 1.0): "oɔɒøœ",
    ("U", 1.0): "uy",
    ("U", 0.8): "ʊɯ",
}


def _spread(table: dict[tuple[str, float], str]) -> dict[str, tuple[str, float]]:
    return {symbol: shape for shape, symbols in table.items() for symbol in symbols}


CONSONANTS: dict[str, tuple[str, float]] = _spread(_CONSONANTS)
"""Symbol -> shape and weight."""

VOWELS: dict[str, tuple[str, float]] = _spread(_VOWELS)
"""Symbol -> shape and weight when unstressed speech is at its clearest."""

DIPHTHONGS: dict[str, tuple[str, str]] = {
    "A": ("E", "I"),
    "I": ("aa", "I"),
    "O": ("O", "U"),
    "Q": ("E", "U"),
    "W": ("aa", "U"),
    "Y": ("O", "I"),
}
"""Kokoro's one-letter diphthongs -> the shapes they glide between."""

TRANSPARENT = frozenset("hɦ")
"""Breath: the mouth already has the shape of the vowel that follows."""

STRESS: dict[str, float] = {"ˈ": 1.0, "ˌ": 0.92}
"""Mark before a syllable -> factor on its vowel's weight."""

UNSTRESSED = 0.8
"""Factor for vowels of unmarked syllables where a language marks stress."""

TONES = frozenset("↓→↗↘")
"""Kokoro's Mandarin tones; a syllable without one is in the neutral tone, and lighter."""

MARKS = frozenset("ːˑʰʲᵝʷ\u0303\u0329\u032f\u0361ʔ") | TONES
"""They lengthen or colour the sound before them."""

PAUSES = frozenset(" ,.;:!?—…\"“”()-'^$_\n")
"""Word limits, punctuation, and Piper's begin, end and padding signs."""

CLOSURE_S: dict[str, float] = {"PP": 0.05, "FF": 0.04}
"""s that a closure must last to be seen: 50 ms is three frames at 60 fps."""
