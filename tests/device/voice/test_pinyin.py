"""Chinese to the corpus's symbols, and these to sounds for the mouth."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import BadInput
from device.voice import loanwords, pinyin, readings
from device.voice.visemes import visemes
from models_quantized import catalog

KNOWN = json.loads(catalog.verified_path("csmsc-fastspeech2", file="symbols.json").read_text(encoding="utf-8"))
SYLLABLES = {plain: tuple(parts) for plain, parts in KNOWN["pinyin_dict"].items()}
INVENTORY = frozenset(KNOWN["symbol_to_id"])


def symbols(text: str) -> list[str]:
    return pinyin.symbols(text, SYLLABLES)


def test_words_and_phrases_are_marked() -> None:
    assert " ".join(symbols("小时候，我家。")) == "sil x iao3 #0 sh iii2 #0 h ou4 #1 #3 ^ uo3 #0 j ia1 sil"


def test_tones_change_before_other_tones() -> None:
    assert symbols("你好").count("i2") == 1, "third tone before a third tone is a second"
    assert "u2" in symbols("不要"), "bu4 before a fourth tone is bu2"


def test_interjections_and_english_have_sounds() -> None:
    assert "en2" in symbols("嗯") or "en1" in symbols("嗯")
    assert list(loanwords.symbols("Boston")) == ["b", "ao4", "#0", "s", "ii5", "#0", "t", "en4", "#0"]


def test_names_are_read_as_the_family_reads_them_and_verbs_as_verbs() -> None:
    readings.learn({"盐船弄": "yan2 chuan2 long4", "绿绿": "lü4 lü5"})
    assert "ong4" in symbols("我住在盐船弄里")
    assert [s for s in symbols("她数了数") if s[:1] == "u"] == ["u3", "u3"]
    assert "iang2" in symbols("我量木头")
    assert "u4" in symbols("数字")


@pytest.mark.parametrize("reading", ["", "yan chuan long", "yan2 chuan2", "yan2 chuan2 9", "<b>1 a1 a1"])
def test_a_wrong_reading_is_said_to_be_so(reading: str) -> None:
    with pytest.raises(BadInput, match="盐船弄"):
        readings.learn({"盐船弄": reading})


@pytest.mark.parametrize("nothing", ["", "，。", "…", "😀", "123"])
def test_nothing_to_pronounce_gives_no_symbols(nothing: str) -> None:
    assert symbols(nothing) == []


HANZI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=12)
MIXED = st.text(st.sampled_from("我们的嗯儿了女绿，。！ abcxyzTheQuick-'"), max_size=30)


@given(st.one_of(HANZI, MIXED))
def test_every_symbol_is_one_the_model_knows(text: str) -> None:
    assert set(symbols(text)) <= INVENTORY


@given(st.sampled_from(sorted(INVENTORY - {"pad", "eos"})), st.floats(0, 2))
def test_sounds_last_as_long_as_their_symbol(symbol: str, seconds: float) -> None:
    assert sum(phone.seconds for phone in pinyin.phones(symbol, seconds)) == pytest.approx(seconds)


def test_lips_close_on_b_and_round_on_u() -> None:
    phones = [p for symbol in symbols("爸不") for p in pinyin.phones(symbol, 0.1)]
    assert [v.shape for v in visemes(phones) if v.shape in ("PP", "aa", "U")] == ["PP", "aa", "PP", "U"]
