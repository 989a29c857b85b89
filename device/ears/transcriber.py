"""What was said: Whisper on CTranslate2 behind the port `Transcriber`.

The encoder is fed the utterance and 0.6 s instead of the 30 s it was trained with, which makes it several times
faster. Such short windows tempt the decoder to start over when it is through, so repeating is made costly; what is
doubtful is heard once more with a longer window and more care.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import ctranslate2
import numpy as np
import opencc
from tokenizers import Tokenizer

from device.ears import speech
from device.ears.invented import LEAST_VOICED_S, Heard, doubtful, hanzi, invented, lists, trim_restart, trim_text
from device.ears.log_mel import log_mel
from device.ears.word_times import TimedWord, timed, trimmed, words_of
from device.errors import Broken, Missing
from device.ports import BLOCK, MIC_RATE, Pcm, SpeechDetector, Transcript

LONGEST = 30 * MIC_RATE
"""Samples that the model can hear at once."""
SILENT_PEAK = 10 ** (-60 / 20)
"""Full scale -60 dB: no microphone's voice is that soft."""
TOKENS_PER_S = 12.0
"""More than the fastest speaker's; bounds a runaway text."""
REPETITION_PENALTY = 1.1
"""Enough to end a text instead of starting over; 1.2 costs words."""
LONGEST_REPEAT = 10
"""Tokens. A name in rare characters has up to six, and may be said twice."""
LONGEST_CONTEXT = 448
"""Tokens that the decoder has places for, half of them for the text."""
CAREFUL_LOGPROB = -1.0
"""Mean log probability below which the careful pass is worth its time."""
FOREIGN_S = 0.6
"""s of voice from which a language that nobody asked for is reported."""
UNCLEAR_S = 0.6
"""s of voice from which it is words that were not understood; a cough or a bark has less."""
FOREIGN = 0.6
"""Probability from which a language that nobody asked for is worth a second look, with a longer window ..."""
SURELY_FOREIGN = 0.8
"""... that from which it is believed ..."""
FAMILIAR = 0.1
"""... if all that were asked for together have less than this."""
UNRELIABLE = frozenset({"nn", "la", "jw", "haw", "cy", "sn", "yo"})
"""What the model calls noise, accents and songs."""
CHINESE_MARKS = str.maketrans({",": "，", "?": "？", "!": "！", ":": "：", ";": "；"})
ENGLISH_MARKS = str.maketrans({"，": ", ", "。": ". ", "？": "? ", "！": "! ", "：": ": ", "；": "; "})


@dataclass(frozen=True, slots=True)
class Pass:
    """One way to listen."""

    tail_s: float
    """s of silence appended to the utterance."""
    beam: int


QUICK = Pass(tail_s=0.6, beam=2)
"""A second hypothesis costs 30 ms of one core and hears a tenth more of short Chinese questions right."""
CAREFUL = Pass(tail_s=3.0, beam=5)


def voiced_seconds(detector: SpeechDetector, utterance: Pcm) -> float:
    """How long somebody speaks in it, by the detector."""
    detector.reset()
    starts = range(0, len(utterance) - BLOCK + 1, BLOCK)
    return sum(detector.feed(utterance[i : i + BLOCK]) >= 0.5 for i in starts) * BLOCK / MIC_RATE


def choose_language(
    probabilities: dict[str, float], languages: Sequence[str], foreign: float = FOREIGN
) -> tuple[str, bool]:
    """Probability of each language -> the likeliest of `languages`, and whether it is to be believed.

    A language that was not asked for must be as good as certain, for short questions are easily mistaken."""
    best = max(languages, key=lambda language: probabilities.get(language, 0.0))
    top = max(probabilities, key=lambda language: probabilities[language], default=best)
    familiar = sum(probabilities.get(language, 0.0) for language in languages)
    if top not in UNRELIABLE and probabilities.get(top, 0.0) >= foreign and familiar < FAMILIAR:
        return top, top in languages
    return best, True


def in_its_script(told: Transcript, languages: Sequence[str]) -> Transcript:
    """Words of one of `languages` "en" and "zh", whichever the sound was taken for."""
    letters = len(re.findall("[A-Za-z]+", told.text))
    if told.language == "zh" and "en" in languages and letters > 1 and not hanzi(told.text):
        return replace(told, text=told.text.translate(ENGLISH_MARKS).strip(), language="en")
    if told.language == "en" and "zh" in languages and hanzi(told.text) and not letters:
        return replace(told, text=told.text.translate(CHINESE_MARKS), language="zh")
    return told


def _spellings(phrase: str) -> tuple[str, ...]:
    """How the model may write a phrase: it puts a space before words, and a comma behind a greeting."""
    if hanzi(phrase):
        return (phrase,)
    return tuple(dict.fromkeys((f" {phrase}", " " + phrase.replace(" ", ", ", 1))))


class Whisper:
    """A multilingual Whisper, quantized to int8 when it is loaded."""

    def __init__(self, model: Path, detector: SpeechDetector, names: Sequence[str] = (), threads: int = 2) -> None:
        """`model`: folder of the CTranslate2 model and its tokenizer.json. `names`: how people and places of this
        family are written. Raises `Broken` if the folder holds no such model."""
        try:
            self._model = ctranslate2.models.Whisper(
                str(model), device="cpu", compute_type="int8", inter_threads=1, intra_threads=threads
            )
            # from_file would raise a bare Exception.
            self._tokenizer = Tokenizer.from_buffer((model / "tokenizer.json").read_bytes())
        except (OSError, RuntimeError, ValueError, MemoryError) as error:
            kind = type(error).__name__
            raise Broken(str(model), expected="a Whisper model", got=kind, hint=str(error)) from error
        self._detector = detector
        self._names = tuple(names)
        self._simplify: Callable[[str], str] = opencc.OpenCC("t2s").convert
        self._prompts = {language: self._prompt(names, language) for language in ("en", "zh")}

    def _token(self, name: str) -> int:
        token = self._tokenizer.token_to_id(f"<|{name}|>")
        if token is None:
            raise Broken("the transcriber", expected=f"a vocabulary with <|{name}|>", got="none", hint="another model?")
        return token

    def _prompt(self, names: Sequence[str], language: str) -> list[int]:
        """The names as text that came before: the model spells as its context does."""
        fitting = [name for name in names if bool(hanzi(name)) == (language == "zh")]
        if not fitting:
            return []
        text = "，".join(fitting) + "。" if language == "zh" else " " + ", ".join(fitting) + "."
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        return [self._token("startofprev"), *ids[:100]]

    def transcribe(self, utterance: Pcm, languages: Sequence[str], overheard: bool = False) -> Transcript:
        """The utterance at MIC_RATE, at most 30 s of it -> what was said. Raises `Broken` if the engine fails."""
        heard = utterance[-LONGEST:]
        nothing = Transcript("", languages[0], 0.0)
        if len(heard) < 0.1 * MIC_RATE or np.abs(heard).max() < SILENT_PEAK:
            return nothing
        try:
            return self._transcribe(heard, languages, prompted=not overheard) or nothing
        except RuntimeError as error:
            raise Broken("the transcriber", expected="text", got="an engine's failure", hint=str(error)) from error

    def likeness(self, utterance: Pcm, phrase: str) -> float:
        """Both texts are scored by the same model on the same sound, the phrase against as many tokens of what the
        decoder prefers: a likelihood ratio, so that noise and distance, which make everything unlikely, cancel out."""
        if len(utterance) < 0.1 * MIC_RATE or np.abs(utterance).max() < SILENT_PEAK:
            return -math.inf
        try:
            return self._likeness(utterance[-LONGEST:], phrase)
        except RuntimeError as error:
            raise Broken("the transcriber", expected="a score", got="an engine's failure", hint=str(error)) from error

    def word_times(self, utterance: Pcm, text: str, language: str) -> list[TimedWord]:
        """When each word of `text`, which was transcribed from the utterance, is said. Raises `Broken`."""
        heard = utterance[-LONGEST:]
        start = [self._token(name) for name in ("startoftranscript", language, "transcribe")]
        spelling = text if hanzi(text[:1]) else f" {text}"
        ids = self._tokenizer.encode(spelling, add_special_tokens=False).ids[: LONGEST_CONTEXT // 2]
        if not ids or len(heard) < 0.1 * MIC_RATE:
            return []
        try:
            (found,) = self._model.align(self._encode(heard, QUICK), start, [ids], len(heard) * 100 // MIC_RATE)
        except RuntimeError as error:
            raise Broken("the transcriber", expected="times", got="an engine's failure", hint=str(error)) from error
        words = words_of(ids, self._tokenizer.decode)
        times = timed(words, found.alignments, found.text_token_probs, len(heard) / MIC_RATE)
        return trimmed(times, heard)

    def _likeness(self, utterance: Pcm, phrase: str) -> float:
        encoded = self._encode(utterance, QUICK)
        start = [self._token(name) for name in ("startoftranscript", "zh" if hanzi(phrase) else "en", "transcribe")]
        task = [*start, self._token("notimestamps")]
        tokens = 16 + round(TOKENS_PER_S * len(utterance) / MIC_RATE)
        free = self._model.generate(encoded, [task], beam_size=1, max_length=2 * tokens)[0].sequences_ids[0]
        frames = len(utterance) * 100 // MIC_RATE
        wanted = [self._tokenizer.encode(text, add_special_tokens=False).ids for text in _spellings(phrase)]

        def log_probabilities(ids: list[int]) -> list[float]:
            (aligned,) = self._model.align(encoded, start, [ids], frames)
            return [math.log(max(p, 1e-9)) for p in aligned.text_token_probs]

        if not free:
            return -math.inf
        preferred = log_probabilities(free)
        scored = [log_probabilities(ids) for ids in wanted]
        return max(sum(s) / len(s) - sum(preferred[: len(s)]) / len(preferred[: len(s)]) for s in scored)

    def _transcribe(self, utterance: Pcm, languages: Sequence[str], prompted: bool) -> Transcript | None:
        encoded = self._encode(utterance, QUICK)
        language, known = self._language(encoded, languages)
        if not known:  # of a short window it says so too soon
            language, known = self._language(self._encode(utterance, CAREFUL), languages, SURELY_FOREIGN)
        if not known:
            spoken = voiced_seconds(self._detector, utterance) >= FOREIGN_S
            return Transcript("", language, 0.0) if spoken else None
        heard = self._decode(encoded, utterance, language, QUICK, prompted)
        if prompted and self._prompts.get(language) and (heard.endless or lists(heard.text, self._names)):
            # A list of names tempts it to list them, or to go on listing: once more without.
            heard = self._decode(encoded, utterance, language, QUICK, prompted=False)
        told = self._again(heard, utterance, language, prompted) if doubtful(heard) else self._told(heard, language)
        return told and in_its_script(told, languages)

    def _again(self, heard: Heard, utterance: Pcm, language: str, prompted: bool) -> Transcript | None:
        """What becomes of a doubtful text: nothing, where nobody speaks; else the careful pass decides, if need be."""
        voiced_s = voiced_seconds(self._detector, utterance)
        if voiced_s < LEAST_VOICED_S:
            return None
        unclear = Transcript("", language, 0.0, voiced_s >= UNCLEAR_S)
        if heard.endless or heard.logprob < CAREFUL_LOGPROB or invented(heard, voiced_s):
            heard = self._decode(self._encode(utterance, CAREFUL), utterance, language, CAREFUL, prompted)
        if heard.endless:
            heard = replace(heard, text=trim_restart(heard.text))
        return unclear if invented(heard, voiced_s) else self._told(heard, language)

    def _told(self, heard: Heard, language: str) -> Transcript:
        return Transcript(heard.text, language, min(1.0, math.exp(heard.logprob)))

    def _encode(self, utterance: Pcm, way: Pass) -> ctranslate2.StorageView:
        tail = min(round(way.tail_s * MIC_RATE), LONGEST - len(utterance))
        features = log_mel(np.pad(utterance, (0, tail)))
        return self._model.encode(ctranslate2.StorageView.from_array(np.ascontiguousarray(features[None])))

    def _language(
        self, encoded: ctranslate2.StorageView, languages: Sequence[str], foreign: float = FOREIGN
    ) -> tuple[str, bool]:
        if len(languages) == 1:
            return languages[0], True
        found = self._model.detect_language(encoded)[0]
        return choose_language({token[2:-2]: float(p) for token, p in found}, languages, foreign)

    def _decode(
        self, encoded: ctranslate2.StorageView, utterance: Pcm, language: str, way: Pass, prompted: bool = True
    ) -> Heard:
        task = [self._token(name) for name in ("startoftranscript", language, "transcribe", "notimestamps")]
        prompt = (self._prompts.get(language, []) if prompted else []) + task
        most = min(LONGEST_CONTEXT // 2, 16 + round(TOKENS_PER_S * len(utterance) / MIC_RATE))
        result = self._model.generate(
            encoded,
            [prompt],
            beam_size=way.beam,
            max_length=max(2 * most, len(prompt) + most),  # CTranslate2 keeps half of it for the prompt
            repetition_penalty=REPETITION_PENALTY,
            no_repeat_ngram_size=LONGEST_REPEAT,
            suppress_blank=True,
            return_scores=True,
            return_no_speech_prob=True,
            sampling_temperature=0,
        )[0]
        tokens = result.sequences_ids[0]
        text = self._written(self._tokenizer.decode(tokens), language)
        return Heard(text, float(result.scores[0]), float(result.no_speech_prob), endless=len(tokens) >= most)

    def _written(self, text: str, language: str) -> str:
        """In simplified characters with Chinese marks where it is Chinese, without loops, on one line."""
        text = " ".join(text.replace("\ufffd", "").split())
        if language == "zh":
            text = self._simplify(text).translate(CHINESE_MARKS)
            text = (
                re.sub(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", "，", text)
                .replace("， ", "，")
                .replace("？ ", "？")
            )
        return trim_text(text)


def create(model: Path, names: Sequence[str] = (), threads: int = 2) -> Whisper:
    """The engine on this folder. Raises `Missing` where there is none, `Broken` where it is not the model."""
    if not (model / "model.bin").is_file():
        raise Missing(str(model), expected="the transcriber's model", got="none", hint="./imago models fetch")
    return Whisper(model, speech.create(), names, threads)
