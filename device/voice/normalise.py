"""From written text to text that a synthesizer can speak: markup out, figures into words. Pure."""

from __future__ import annotations

import re
import unicodedata

from device.voice import normalise_en, normalise_zh

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_URL = re.compile(r"(?:https?://|www\.)[^\s，。、！？；：（）]+", re.ASCII)
_FENCE = re.compile(r"```.*?(?:```|$)", re.DOTALL)
_MARKUP = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s*|[-*+•]\s+)", re.MULTILINE)
_EMPHASIS = re.compile(r"[*~`#|\\^<>=]+|(?<!\w)_+|_+(?!\w)")
_QUOTES = re.compile(r"[\"“”„«»「」『』《》〈〉]")
_BRACKETS = re.compile(r"\s*[()\[\]{}（）【】〔〕]\s*")
_EMOTICON = re.compile(r"(?<!\w)[:;]-?[)(DPp](?!\w)")

_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
_EMOJI_JOINERS = {"\ufe0e", "\ufe0f", "\u20e3"}


def speakable(text: str, language: str) -> str:
    """`text` as one line of words and pauses for a voice of `language` ("en" or "zh"); "" if none can be spoken."""
    text = unicodedata.normalize("NFC", text)
    text = _without_markup(text)
    text = "".join(" " if char in "\r\n\t" else char for char in text if _spoken(char))
    text = normalise_zh.words(text) if language == "zh" else normalise_en.words(text)
    text = _tidy(text, language)
    return text if any(char.isalnum() for char in text) else ""


def _without_markup(text: str) -> str:
    text = _FENCE.sub(" ", text)
    text = _LINK.sub(r"\1", text)
    text = _URL.sub(" ", text)
    text = _EMOTICON.sub(" ", text)
    text = _MARKUP.sub("", text)
    text = _EMPHASIS.sub("", text)
    text = _QUOTES.sub("", text)
    text = text.replace("’", "'").replace("‘", "'")
    # What stands in brackets is an aside: set off by short pauses.
    return _BRACKETS.sub(", ", text)


def _spoken(char: str) -> bool:
    category = unicodedata.category(char)
    if char in "\r\n\t°℃℉":
        return True
    return category != "So" and category not in _INVISIBLE and char not in _EMOJI_JOINERS and not _skin_tone(char)


def _skin_tone(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def _tidy(text: str, language: str) -> str:
    """One space between words, one mark per pause, none at the start."""
    text = re.sub(r"\.{2,}|。{2,}|…+", "…", text)
    text = re.sub(r"\s*[—–]+\s*|\s+-+\s+|-{2,}", ", ", text)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s+([,.;:!?，。；：！？、…])", r"\1", text)
    text = re.sub(r"[,，、;；:：]+\s*([,.;:!?，。；：！？、…])", r"\1", text)
    text = re.sub(r"([.!?。！？…])\s*[,，、;；:：]+", r"\1", text)
    text = re.sub(r"([!?！？。])[!?！？。]+", r"\1", text)
    if language == "zh":
        text = re.sub(r"(?<=[\u4e00-\u9fff]),\s*", "，", text)
        text = re.sub(r"(?<=[\u4e00-\u9fff，。！？；：]) +(?=[\u4e00-\u9fff，。！？；：])", "", text)
    return text.strip(" ,，、;；:：")
