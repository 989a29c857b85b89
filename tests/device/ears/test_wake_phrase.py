"""What the port `WakePhrase` promises, asked of the fake and of the real engine; and what only the real one does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from device import registry
from device.ears.wake_phrase import TemplateWake, create
from device.errors import BadInput, Missing
from device.ports import BLOCK, MIC_RATE, Pcm, WakePhrase, WakeProposal
from device.wake.embedding import SpeechEmbedding
from device.wake.enrolment import Saying, enrol
from device.wake.templates import FILE, Templates, dump
from models_quantized import catalog
from tests.device.ears.conftest import noises, spoken
from tests.fakes.wake_phrase import FakeWakePhrase

PHRASE = "Grandpa used to"
OTHERS = ("en_eat", "zh_factory", "zh_fish", "zh_unfinished")


def said() -> Pcm:
    """The first second of a recording, taken for a wake phrase."""
    pcm = spoken("en_house")
    begin = int(np.flatnonzero(np.abs(pcm) > 0.02)[0])
    return pcm[begin : begin + int(0.9 * MIC_RATE)]


def slower(pcm: Pcm, factor: float) -> Pcm:
    """By resampling: deeper, too, as if by another speaker."""
    return np.interp(np.arange(0, len(pcm) - 1, 1 / factor), np.arange(len(pcm)), pcm).astype(np.float32)


@pytest.fixture(scope="module")
def embedding() -> SpeechEmbedding:
    return SpeechEmbedding(catalog.verified_path("wake-phrase"))


@pytest.fixture(scope="module")
def templates(embedding: SpeechEmbedding) -> Templates:
    others = [slower(spoken(name), factor) for name in OTHERS for factor in (0.9, 1.0, 1.1, 1.2, 1.3, 1.4)]
    sayings = [Saying(PHRASE, slower(said(), factor)) for factor in (0.9, 1.0, 1.12)]
    return enrol(sayings, others, embedding.frames)


def heard(engine: WakePhrase, pcm: Pcm, speaking: bool = True) -> list[tuple[float, WakeProposal]]:
    """Everything proposed, with the s fed until then."""
    found = []
    for start in range(0, len(pcm) - BLOCK + 1, BLOCK):
        proposal = engine.feed(pcm[start : start + BLOCK], speaking)
        if proposal is not None:
            found.append(((start + BLOCK) / MIC_RATE, proposal))
    return found


def after_quiet(pcm: Pcm, before: float = 2.0, behind: float = 1.5) -> Pcm:
    hiss = np.random.default_rng(3).normal(0, 3e-4, int((before + behind) * MIC_RATE) + len(pcm)).astype(np.float32)
    begin = int(before * MIC_RATE)
    hiss[begin : begin + len(pcm)] += pcm
    return hiss


@pytest.fixture(params=["fake", "templates"])
def engine(request: pytest.FixtureRequest, templates: Templates, embedding: SpeechEmbedding) -> WakePhrase:
    if request.param == "fake":
        # Its loudness test parts words from one another; a phrase is one loud stretch to it.
        return FakeWakePhrase([PHRASE], lasting=(0.1, 5.0))
    return TemplateWake(templates, embedding.frames)


def phrase_for(engine: WakePhrase) -> Pcm:
    if isinstance(engine, FakeWakePhrase):
        return np.full(int(0.9 * MIC_RATE), 0.1, np.float32)
    return slower(said(), 1.05)


def test_the_phrase_is_proposed_with_its_place(engine: WakePhrase) -> None:
    phrase = phrase_for(engine)
    ((at, proposal), *more) = heard(engine, after_quiet(phrase))
    assert not more
    assert proposal.phrase == PHRASE
    assert 0.5 <= proposal.score <= 1.0
    assert proposal.start == pytest.approx(2.0, abs=0.25)
    assert proposal.end == pytest.approx(2.0 + len(phrase) / MIC_RATE, abs=0.25)
    assert proposal.end <= at <= proposal.end + 0.8


def test_time_begins_again_with_a_reset(engine: WakePhrase) -> None:
    sound = after_quiet(phrase_for(engine))
    ((_, first),) = heard(engine, sound)
    engine.reset()
    ((_, again),) = heard(engine, sound)
    assert again.start == pytest.approx(first.start, abs=0.05)


def test_silence_proposes_nothing(engine: WakePhrase) -> None:
    assert not heard(engine, noises()["silence"])


@pytest.mark.parametrize("noise", sorted(noises()))
def test_rooms_without_speech_propose_nothing(noise: str, templates: Templates, embedding: SpeechEmbedding) -> None:
    assert not heard(TemplateWake(templates, embedding.frames), np.tile(noises()[noise], 2))


def test_while_nobody_may_be_speaking_nothing_is_proposed(engine: WakePhrase) -> None:
    assert not heard(engine, after_quiet(phrase_for(engine)), speaking=False)


@pytest.mark.parametrize("name", OTHERS)
def test_other_speech_is_not_the_phrase(name: str, templates: Templates, embedding: SpeechEmbedding) -> None:
    assert not heard(TemplateWake(templates, embedding.frames, 0.9), after_quiet(spoken(name)))


def test_a_speech_detector_that_is_late_loses_nothing(templates: Templates, embedding: SpeechEmbedding) -> None:
    engine, sound = TemplateWake(templates, embedding.frames), after_quiet(slower(said(), 1.05))
    found = heard(engine, sound[: int(2.3 * MIC_RATE)], speaking=False)
    found += heard(engine, sound[int(2.3 * MIC_RATE) :])
    ((_, proposal),) = found
    assert proposal.start == pytest.approx(2.0, abs=0.25)


def test_in_silence_the_model_is_not_run(templates: Templates) -> None:
    runs = []

    def counting(pcm: Pcm) -> Pcm:
        runs.append(len(pcm))
        return np.zeros((len(pcm) // 1280 - 8, 96), np.float32)

    engine = TemplateWake(templates, counting)
    heard(engine, np.zeros(5 * MIC_RATE, np.float32), speaking=False)
    assert not runs
    heard(engine, np.zeros(2 * MIC_RATE, np.float32), speaking=True)
    assert 5 <= len(runs) <= 20


def test_the_registry_makes_it_from_a_personas_folder(templates: Templates, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(dump(templates))
    assert isinstance(registry.make("wake_phrase", "templates", folder=tmp_path), TemplateWake)


def test_a_folder_without_or_with_damaged_templates_says_so(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="wake"):
        create(tmp_path)
    (tmp_path / FILE).write_bytes(b"imago wake 1\nnonsense")
    with pytest.raises(BadInput, match=FILE):
        create(tmp_path)
