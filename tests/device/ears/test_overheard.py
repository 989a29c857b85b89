"""What counts as a call: a proposed place that the transcriber holds for likely; never without a proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from device.conversation import events as ev
from device.ears.overheard import call_in, least_likely, understand
from device.ports import MIC_RATE, Pcm, Transcript, WakeProposal

NAMES = ("Hello Grandpa", "外公你好", "Grandpa", "外公")
PROPOSAL = WakeProposal("Hello Grandpa", 0.8, 1.0, 1.8)
WEAKER = WakeProposal("外公你好", 0.6, 3.0, 3.9)
PCM = np.arange(5 * MIC_RATE, dtype=np.float32)


class Transcriber:
    """Understands one text, and holds each phrase for as likely as it is told."""

    def __init__(self, text: str, exactly: Mapping[str, float] | None = None, **likely: float) -> None:
        """`exactly`: by phrase; else by language."""
        self._text, self._exactly, self._likely = text, exactly or {}, likely
        self.unexpected: list[bool] = []
        self.looked: list[tuple[str, float, float]] = []

    def transcribe(self, utterance: Pcm, languages: Sequence[str], overheard: bool = False) -> Transcript:
        self.unexpected.append(overheard)
        return Transcript(self._text, "en", 0.9)

    def likeness(self, utterance: Pcm, phrase: str) -> float:
        self.looked.append((phrase, utterance[0] / MIC_RATE, utterance[-1] / MIC_RATE))
        return self._exactly.get(phrase, self._likely.get("en" if phrase.isascii() else "zh", -99.0))


def job(*called: WakeProposal, overheard: bool = True) -> ev.Transcribe:
    return ev.Transcribe(1, PCM, "pause", overheard, called)


def test_who_is_addressed_anyway_is_only_transcribed() -> None:
    ears = Transcriber("Grandpa, how are you?", en=0.0)
    heard = understand(ears, job(PROPOSAL, overheard=False), ("en",), NAMES)
    assert (heard.transcript.text, heard.by) == ("Grandpa, how are you?", None)
    assert (ears.unexpected, ears.looked) == ([False], [])


def test_a_likely_phrase_is_a_call_and_its_name_is_taken_away() -> None:
    ears = Transcriber("Hello, Grandpa, how are you?", en=least_likely(PROPOSAL))
    heard = understand(ears, job(WEAKER, PROPOSAL), ("en",), NAMES)
    assert (heard.transcript.text, heard.by) == ("how are you?", PROPOSAL)
    ((phrase, begin, end),) = ears.looked
    assert phrase == "Hello Grandpa"
    assert 0.7 <= begin < 1.0
    assert 1.8 < end <= 2.3


@pytest.mark.parametrize(
    ("text", "likely", "heard"), [("", 0.0, "Hello Grandpa"), ("", -50.0, ""), ("Wait.", 0.0, "Wait.")]
)
def test_a_name_into_its_own_voice_needs_no_text(text: str, likely: float, heard: str) -> None:
    understood = understand(Transcriber(text, en=likely), job(PROPOSAL, overheard=False), ("en",), NAMES)
    assert understood.transcript.text == heard


LONG = (
    "The plumber comes at half past nine, and somebody has to be at home while the rest of us buy bread, milk and fish."
)


@pytest.mark.parametrize(
    ("text", "seconds", "called"),
    [
        ("Hello Grand Hall, how did you meet her?", 4.0, True),
        (LONG, 9.0, False),
        (f"Hello Grandpa. {LONG}", 9.0, True),
        ("", 1.8, True),
        ("", 9.0, False),
    ],
)
def test_who_goes_on_and_on_without_the_name_does_not_call(text: str, seconds: float, called: bool) -> None:
    said = ev.Transcribe(1, np.zeros(round(seconds * MIC_RATE), np.float32), "pause", True, (PROPOSAL,))
    heard = understand(Transcriber(text, en=0.0), said, ("en",), NAMES)
    assert (heard.by is not None) == called


def test_who_calls_somebody_else_does_not_call_it() -> None:
    heard = understand(
        Transcriber("Hello Grandma, are you there?", {"Hello Grandma": 0.0}, en=-2.0), job(PROPOSAL), ("en",), NAMES
    )
    assert heard.by is None


@pytest.mark.parametrize(("other", "called"), [(-2.0, True), (-0.8, True), (-0.5, False)])
def test_who_asks_grandpa_for_grandma_may_be_written_as_calling_her(other: float, called: bool) -> None:
    ears = Transcriber("Hello, grandma. How did you meet Grandma?", {"Hello, grandma": other}, en=-1.0)
    heard = understand(ears, job(PROPOSAL), ("en",), NAMES)
    assert (heard.by is not None) == called
    assert len({(begin, end) for _, begin, end in ears.looked}) == 1


def test_a_call_counts_however_it_is_written() -> None:
    heard = understand(Transcriber("Hello Grand Hall.", en=-1.0), job(PROPOSAL), ("en",), NAMES)
    assert (heard.transcript.text, heard.by) == ("Hello Grand Hall.", PROPOSAL)
    alone = replace(job(PROPOSAL), utterance=PCM[: 3 * MIC_RATE])
    assert understand(Transcriber("", en=0.0), alone, ("en",), NAMES).transcript.text == "Hello Grandpa"


def test_each_proposal_may_be_the_one() -> None:
    assert understand(Transcriber("...", zh=0.0), job(PROPOSAL, WEAKER), ("en",), NAMES).by == WEAKER


def test_what_is_unlikely_is_no_call_and_not_even_transcribed() -> None:
    ears = Transcriber("Hello grandma.", en=least_likely(PROPOSAL) - 0.1)
    heard = understand(ears, job(PROPOSAL), ("en",), NAMES)
    assert (heard.transcript.text, heard.by, ears.unexpected) == ("", None, [])


def test_the_nearer_the_template_the_less_is_asked_of_the_transcriber() -> None:
    assert least_likely(PROPOSAL) < least_likely(WEAKER) < 0.0


def test_a_name_in_the_midst_of_a_sentence_is_no_call() -> None:
    ears = Transcriber("I told Grandpa about it yesterday.", en=0.0)
    assert understand(ears, job(PROPOSAL), ("en",), NAMES).by is None


def test_without_a_proposal_a_name_is_no_call() -> None:
    assert understand(Transcriber("Grandpa!", en=0.0), job(), ("en",), NAMES).by is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Grandpa, how are you?", "Grandpa"),
        ("How are you, Grandpa?", "Grandpa"),
        ("I told Grandpa about it yesterday.", None),
        ("我昨天跟外公讲过了。", None),
        ("外公，你好吗？", "外公"),
        ("", None),
    ],
)
def test_a_name_in_the_middle_is_talk_about_him(text: str, name: str | None) -> None:
    call = call_in(text, ("Grandpa", "外公"))
    assert (call and call.name) == name
