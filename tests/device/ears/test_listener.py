"""From blocks of sound to utterances: nothing of the voice is lost, nothing of the silence is added."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.conversation import events as ev
from device.conversation.endpointing import EndpointSettings
from device.ears.listener import PRE_ROLL_S, Listener, Senses
from device.ears.said import TAIL_S
from device.ports import BLOCK, MIC_RATE, Pcm, WakeProposal
from tests.fakes.ears import FakeMicrophone, FakeSpeechDetector, FakeTurnEnd

RANDOM = np.random.default_rng(7)
SETTINGS = EndpointSettings()
BLOCKS_PER_S = MIC_RATE // BLOCK


def silence(blocks: int) -> Pcm:
    return RANDOM.normal(0.0, 1e-4, blocks * BLOCK).astype(np.float32)


def voice(blocks: int) -> Pcm:
    return RANDOM.uniform(-0.5, 0.5, blocks * BLOCK).astype(np.float32)


class Ears:
    """A listener and what it posted."""

    def __init__(self, turn_end: FakeTurnEnd | None = None) -> None:
        self.turn_end = turn_end or FakeTurnEnd()
        self.posted: list[ev.Event] = []
        self.listener = Listener(Senses(FakeSpeechDetector(), self.turn_end), self.posted.append, SETTINGS)

    def hear(self, *parts: Pcm, begin: float = 10.0) -> None:
        self.listener.run(FakeMicrophone(np.concatenate(parts), begin))

    @property
    def utterances(self) -> list[Pcm]:
        return [e.utterance for e in self.posted if isinstance(e, ev.SpeechPaused)]

    @property
    def kinds(self) -> list[str]:
        return [type(e).__name__ for e in self.posted]


@settings(max_examples=30, deadline=None)
@given(lead=st.integers(0, 80), length=st.integers(12, 150))
def test_an_utterance_is_the_voice_with_a_little_on_both_sides(lead: int, length: int) -> None:
    ears = Ears()
    sound = np.concatenate([silence(lead), voice(length), silence(90)])
    ears.hear(sound)
    assert ears.kinds == ["SpeechStarted", "SpeechPaused", "TurnEnded"]
    noticed = lead + round(SETTINGS.onset_s * BLOCKS_PER_S)
    first = max(0, noticed - round(PRE_ROLL_S * BLOCKS_PER_S))
    end = lead + length + round(TAIL_S * BLOCKS_PER_S)
    np.testing.assert_array_equal(ears.utterances[0], sound[first * BLOCK : end * BLOCK])
    assert first <= max(0, lead - 20)
    assert ears.turn_end.heard[0] == len(sound[first * BLOCK : (lead + length + 20) * BLOCK]), (
        "0.2 s of the silence too"
    )


def test_times_are_those_of_the_voice() -> None:
    ears = Ears()
    ears.hear(silence(100), voice(150), silence(90), begin=10.0)
    started, paused, ended = ears.posted
    assert isinstance(started, ev.SpeechStarted)
    assert isinstance(paused, ev.SpeechPaused)
    assert isinstance(ended, ev.TurnEnded)
    np.testing.assert_allclose([started.t, paused.speech_end, ended.speech_end], [11.0, 12.5, 12.5], atol=1e-6)
    assert abs(paused.t - (12.5 + SETTINGS.pause_s)) < 0.011
    assert abs(ended.t - (12.5 + SETTINGS.told_wait_s)) < 0.011


def test_a_pause_within_a_turn_stays_in_its_utterance() -> None:
    ears = Ears(FakeTurnEnd([0.0, 1.0]))
    sound = np.concatenate([silence(40), voice(40), silence(30), voice(40), silence(90)])
    ears.hear(sound)
    assert ears.kinds == ["SpeechStarted", "SpeechPaused", "SpeechResumed", "SpeechPaused", "TurnEnded"]
    short, whole = ears.utterances
    np.testing.assert_array_equal(whole[: len(short)], short)
    np.testing.assert_array_equal(whole, sound[9 * BLOCK : 160 * BLOCK])


def test_a_click_is_nothing() -> None:
    ears = Ears()
    ears.hear(silence(50), voice(5), silence(100))
    assert ears.posted == []


def test_closed_ears_forget() -> None:
    ears = Ears()
    ears.hear(silence(50), voice(50))
    assert ears.kinds == ["SpeechStarted"]
    ears.listener.set_open(False)
    ears.hear(voice(50), silence(100))
    ears.listener.set_open(True)
    ears.hear(silence(100))
    assert ears.kinds == ["SpeechStarted"]
    again = np.concatenate([silence(5), voice(50), silence(90)])
    ears.listener.set_open(False)
    ears.hear(silence(1))
    ears.listener.set_open(True)
    ears.hear(again)
    assert ears.kinds == ["SpeechStarted", "SpeechStarted", "SpeechPaused", "TurnEnded"]
    np.testing.assert_array_equal(ears.utterances[0], again[: 65 * BLOCK])


def test_the_next_turn_begins_afresh() -> None:
    ears = Ears()
    ears.hear(silence(40), voice(30), silence(160), voice(30), silence(100))
    assert ears.kinds == ["SpeechStarted", "SpeechPaused", "TurnEnded"] * 2
    assert len(ears.utterances[0]) == len(ears.utterances[1])


def test_who_speaks_on_right_after_the_end_goes_on_with_it() -> None:
    ears = Ears()
    ears.hear(silence(40), voice(30), silence(90), voice(30), silence(110))
    assert ears.kinds == ["SpeechStarted", "SpeechPaused", "TurnEnded"] * 2
    first, whole = ears.utterances
    assert len(whole) > 2 * len(first) * 0.8
    np.testing.assert_array_equal(whole[: len(first)], first)


def test_a_whole_question_is_ended_sooner() -> None:
    ears = Ears()
    ears.hear(silence(100), voice(150), silence(30), begin=10.0)
    assert ears.kinds == ["SpeechStarted", "SpeechPaused"]
    ears.listener.expect("asked")
    ears.hear(silence(round(SETTINGS.sure_wait_s * BLOCKS_PER_S) - 28), begin=12.8)
    assert ears.kinds == ["SpeechStarted", "SpeechPaused", "TurnEnded"]


def test_what_was_expected_of_an_earlier_pause_is_forgotten() -> None:
    ears = Ears()
    ears.hear(silence(100), voice(150), begin=10.0)
    ears.listener.expect("asked")
    ears.hear(silence(round(SETTINGS.sure_wait_s * BLOCKS_PER_S) + 3), begin=12.5)
    assert ears.kinds == ["SpeechStarted", "SpeechPaused"]


def test_what_is_said_so_far_is_told_only_while_the_frame_speaks_too() -> None:
    for own_voice in (False, True):
        ears = Ears()
        ears.listener = Listener(
            Senses(FakeSpeechDetector(), ears.turn_end), ears.posted.append, SETTINGS, lambda own=own_voice: own
        )
        ears.hear(silence(40), voice(120), silence(100))
        assert ("SpeechContinues" in ears.kinds) == own_voice


class Late:
    """A wake phrase's engine that proposes, each with a score, so many blocks after it was reset."""

    def __init__(self, *at: int, scores: Sequence[float] = (0.8,)) -> None:
        self._scores = dict(zip(at, scores, strict=True))
        self.reset()

    def feed(self, pcm: Pcm, speaking: bool = True) -> WakeProposal | None:
        self._fed += 1
        end = self._fed * BLOCK / MIC_RATE
        score = self._scores.get(self._fed)
        return None if score is None else WakeProposal("Hello Grandpa", score, end - 1.0, end - 0.4)

    def reset(self) -> None:
        self._fed = 0


def paused_after(proposed_at: int | Late, *parts: Pcm) -> list[ev.SpeechPaused]:
    posted: list[ev.Event] = []
    wake = proposed_at if isinstance(proposed_at, Late) else Late(proposed_at)
    senses = Senses(FakeSpeechDetector(), FakeTurnEnd(), wake)
    Listener(senses, posted.append, SETTINGS).run(FakeMicrophone(np.concatenate(parts)))
    return [e for e in posted if isinstance(e, ev.SpeechPaused)]


def test_a_proposal_says_where_in_the_utterance_it_is() -> None:
    (paused,) = paused_after(140, silence(100), voice(100), silence(100))
    (proposal,) = paused.called
    noticed = 100 + round(SETTINGS.onset_s * BLOCKS_PER_S)
    first = noticed / BLOCKS_PER_S - PRE_ROLL_S
    assert proposal.end == pytest.approx(1.4 - 0.4 - first, abs=0.011)
    assert not paused.late


def test_a_proposal_after_the_pause_announces_it_once_more() -> None:
    first, again = paused_after(220, silence(100), voice(100), silence(100))
    assert (first.called, first.late) == ((), False)
    assert len(again.called) == 1
    assert again.late
    assert again.speech_end == first.speech_end
    np.testing.assert_array_equal(again.utterance, first.utterance)


@pytest.mark.parametrize(("second", "times"), [(0.85, 2), (0.75, 2), (0.5, 1)])
def test_a_far_less_likely_proposal_does_not_have_everything_done_again(second: float, times: int) -> None:
    paused = paused_after(Late(140, 220, scores=(0.8, second)), silence(100), voice(100), silence(100))
    assert [len(p.called) for p in paused] == [1, 2][:times]


def test_a_proposal_after_the_end_of_the_turn_is_told_with_that_turn() -> None:
    posted: list[ev.Event] = []
    senses = Senses(FakeSpeechDetector(), FakeTurnEnd(), Late(275))
    sound = np.concatenate([silence(100), voice(100), silence(200)])
    Listener(senses, posted.append, SETTINGS).run(FakeMicrophone(sound))
    kinds = [type(e).__name__ for e in posted]
    assert kinds == ["SpeechStarted", "SpeechPaused", "TurnEnded", "SpeechPaused"]
    late = posted[-1]
    assert isinstance(late, ev.SpeechPaused)
    assert late.late
    (proposal,) = late.called
    first = 1.0 + SETTINGS.onset_s - PRE_ROLL_S
    assert proposal.end == pytest.approx(2.75 - 0.4 - first, abs=0.011)


def test_long_after_the_turn_a_proposal_belongs_to_nothing() -> None:
    assert len(paused_after(400, silence(100), voice(100), silence(300))) == 1


def asked(called_at: int, meant: bool) -> int:
    judge = FakeTurnEnd()
    listener = Listener(
        Senses(FakeSpeechDetector(), judge, Late(called_at)), lambda event: None, SETTINGS, meant=lambda: meant
    )
    listener.run(FakeMicrophone(np.concatenate([silence(100), voice(100), silence(200)])))
    return len(judge.heard)


def test_only_who_may_mean_the_frame_is_judged() -> None:
    assert asked(9999, meant=False) == 0
    assert asked(9999, meant=True) > 0
    assert asked(140, meant=False) > 0


def test_a_proposal_in_one_utterance_is_none_in_the_next() -> None:
    pauses = paused_after(140, silence(100), voice(100), silence(300), voice(100), silence(100))
    assert [len(p.called) for p in pauses] == [1, 0]
