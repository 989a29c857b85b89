"""The microphone without the own voice: untouched while nothing is played, clean while something is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.conversation.echo_levels import Heard
from device.ears.delay import LATEST_S
from device.ears.echo_free import TAIL_S, Cancellers, EchoFreeMicrophone, create, level_db
from device.ears.kept_delay import KeptDelay
from device.ports import MIC_RATE, Block, Pcm
from device.voice.reference import Reference
from tests.device.ears.conftest import spoken
from tests.fakes.ears import FakeMicrophone
from tests.fakes.echo_canceller import FakeEchoCanceller

BEGIN = 50.0


def heard(ears: EchoFreeMicrophone) -> tuple[list[Block], list[Heard]]:
    blocks, notes = list[Block](), list[Heard]()
    while (block := ears.read()) is not None:
        blocks.append(block)
        notes.append(ears.heard)
    return blocks, notes


class _Reporting(FakeMicrophone):
    """A loudspeaker reports the clauses of `far`, one second each, as they begin."""

    def __init__(self, near: Pcm, far: Pcm, reference: Reference) -> None:
        super().__init__(near, BEGIN)
        self._far, self._reference, self._told = far, reference, 0

    def read(self) -> Block | None:
        block = super().read()
        if block is not None and block.t + 0.1 >= BEGIN + self._told / MIC_RATE and self._told < len(self._far):
            clause = self._far[self._told : self._told + MIC_RATE]
            self._reference.begin((1, self._told), clause, BEGIN + self._told / MIC_RATE)
            self._told += MIC_RATE
        return block


def joined(blocks: list[Block]) -> Pcm:
    return np.concatenate([block.pcm for block in blocks])


@settings(max_examples=20)
@given(st.floats(0.5, 2.0), st.integers(0, 99))
def test_it_is_bit_exact_before_own_sound_and_again_after_the_tail(seconds: float, seed: int) -> None:
    near = np.asarray(np.random.default_rng(seed).uniform(-1, 1, 6 * MIC_RATE), np.float32)
    reference, canceller = Reference(), FakeEchoCanceller()
    reference.begin((1, 0), 0.5 * np.ones(round(seconds * MIC_RATE), np.float32), BEGIN + 1.0)
    blocks, notes = heard(
        EchoFreeMicrophone(FakeMicrophone(near, BEGIN), reference, Cancellers(canceller, FakeEchoCanceller()))
    )
    out = joined(blocks)
    begin = MIC_RATE
    end = round((1.0 + seconds + LATEST_S + TAIL_S + 0.02) * MIC_RATE)
    np.testing.assert_array_equal(out[:begin], near[:begin])
    np.testing.assert_array_equal(out[end:], near[end:])
    own = [k for k, note in enumerate(notes) if note.own_voice]
    assert own == list(range(own[0], own[-1] + 1))
    assert own[0] == 100
    assert own[-1] / 100 == pytest.approx(1.0 + seconds + TAIL_S, abs=0.03)
    assert 0 < canceller.processed < len(blocks)


@pytest.mark.parametrize("delay_s", [0.02, 0.3, 0.65])
def test_it_finds_the_delay_and_takes_the_echo_out(delay_s: float) -> None:
    far = np.resize(spoken("en_house"), 7 * MIC_RATE)
    echo = np.asarray(0.4 * np.pad(far, (round(delay_s * MIC_RATE), 0)), np.float32)
    reference = Reference()
    microphone = _Reporting(echo[: len(far)], far, reference)
    ears = create(microphone, reference)
    ears_out, notes = heard(ears)
    assert ears.tracker.delay_s == pytest.approx(delay_s, abs=0.002)
    late = slice(4 * MIC_RATE, 7 * MIC_RATE)
    assert level_db(joined(ears_out)[late]) < level_db(echo[late]) - 18
    assert notes[500].own_voice
    assert notes[500].raw_db > notes[500].near_db > notes[500].suppressed_db
    assert any(note.fresh for note in notes)


def test_what_was_found_is_there_from_the_first_block_after_a_restart(tmp_path: Path) -> None:
    far = np.resize(spoken("en_house"), 4 * MIC_RATE)
    echo = np.asarray(0.4 * np.pad(far, (round(0.3 * MIC_RATE), 0))[: len(far)], np.float32)
    kept = KeptDelay(tmp_path / "cache" / "echo-delay.json")
    suppressed = []
    for _ in range(2):
        reference = Reference()
        ears = create(_Reporting(echo, far, reference), reference, kept)
        blocks, notes = heard(ears)
        second = slice(2 * MIC_RATE // 2, 3 * MIC_RATE // 2)
        suppressed.append(level_db(joined(blocks)[second]))
        assert ears.tracker.delay_s == pytest.approx(0.3, abs=0.002)
    assert kept.load() == pytest.approx(0.3, abs=0.002)
    assert suppressed[1] < suppressed[0] - 6
    assert not any(note.fresh for note in notes)


def test_an_end_is_an_end_and_close_is_passed_on() -> None:
    inner = FakeMicrophone(np.zeros(MIC_RATE, np.float32))
    ears = EchoFreeMicrophone(inner, Reference(), Cancellers(FakeEchoCanceller(), FakeEchoCanceller()))
    assert ears.read() is not None
    ears.close()
    assert ears.read() is None
    assert inner.read() is None
