"""Simulated rooms sound as rooms do: straight sound first, decay as asked, block by block as at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.bench.noises import NOISES
from device.bench.room import (
    SOUND_MPS,
    Room,
    StreamConvolver,
    convolve,
    decay_s,
    impulse_response,
    reflection,
    small_loudspeaker,
)
from device.bench.scene import AT_1M, Scene, in_a_row, laid_out, record
from device.bench.virtual_room import VirtualRoom
from device.ears.recording import RecordedMicrophone
from device.ports import BLOCK, MIC_RATE, Pcm, Played, Speech, Utterance
from device.voice.loudness import speech_rms
from device.voice.virtual_speaker import VirtualSpeaker
from tests.device.ears.conftest import spoken
from tests.fakes.voice import ManualClock

MICROPHONE = (1.0, 1.5, 1.1)


@given(st.floats(0.5, 3.0), st.sampled_from([0.0, 0.3, 0.6]))
def test_the_first_sound_comes_straight_and_falls_with_distance(distance: float, rt60: float) -> None:
    response = impulse_response(Room(rt60_s=rt60), (1.0 + distance, 1.5, 1.1), MICROPHONE)
    arrival = distance / SOUND_MPS * MIC_RATE
    first = int(np.flatnonzero(np.abs(response) > 0.2 / distance)[0])
    assert abs(first - arrival) <= 1.5
    assert response[first - 1 : first + 2].sum() == pytest.approx(1 / distance, rel=0.12)
    assert not np.abs(response[: max(0, int(arrival) - 1)]).max(initial=0.0) > 1e-4


@pytest.mark.parametrize("rt60", [0.2, 0.3, 0.4, 0.6, 0.8])
def test_the_room_decays_as_asked(rt60: float) -> None:
    room = Room(rt60_s=rt60)
    measured = [decay_s(impulse_response(room, (x, 2.0, 1.3), MICROPHONE, rt60)) for x in (2.0, 3.0, 3.6)]
    assert np.mean(measured) == pytest.approx(rt60, rel=0.15)
    assert 0.5 < reflection(room) < 1.0


@settings(max_examples=25)
@given(st.integers(1, 2000), st.integers(1, 12), st.integers(0, 99))
def test_block_by_block_is_the_same_as_at_once(length: int, blocks: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    response = random.normal(size=length).astype(np.float32)
    sound = random.normal(size=blocks * BLOCK).astype(np.float32)
    stream = StreamConvolver(response, BLOCK)
    pieces = np.concatenate([stream(sound[i : i + BLOCK]) for i in range(0, len(sound), BLOCK)])
    np.testing.assert_allclose(pieces, convolve(sound, response), atol=2e-3)
    np.testing.assert_allclose(pieces, np.convolve(sound, response)[: len(sound)], atol=2e-3)


@pytest.mark.parametrize("name", sorted(NOISES))
def test_noises_are_seeded_and_of_unit_level(name: str) -> None:
    one, again, other = NOISES[name](2.0, 3), NOISES[name](2.0, 3), NOISES[name](2.0, 4)
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other) or name == "hum"
    assert len(one) == 2 * MIC_RATE
    assert float(np.sqrt(np.mean(one**2))) == pytest.approx(1.0, abs=1e-3)


def test_a_cheap_loudspeaker_distorts_loud_sounds_only() -> None:
    loud = np.sin(2 * np.pi * 100 * np.arange(MIC_RATE) / MIC_RATE).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(small_loudspeaker(loud, 2.0)))
    assert np.sqrt((spectrum[200:] ** 2).sum()) / spectrum[100] == pytest.approx(0.17, abs=0.01)
    np.testing.assert_allclose(small_loudspeaker(0.01 * loud, 2.0), 0.01 * loud, atol=1e-5)
    assert small_loudspeaker(loud) is loud


def test_person_and_loudspeaker_are_equally_loud_at_the_same_distance() -> None:
    voice = spoken("en_house")
    scene = Scene(Room(rt60_s=0.0), loudspeaker_m=1.0, person_m=1.0, latency_s=0.1)
    scene_sound = record(scene, [(0.5, voice)], [(0.5, voice)], 4.0)
    levels = [speech_rms(sound, MIC_RATE) for sound in (scene_sound.echo, scene_sound.person)]
    assert levels == pytest.approx([AT_1M, AT_1M], rel=0.15)
    assert speech_rms(scene_sound.noise, MIC_RATE) == pytest.approx(1e-3, rel=0.2)


def test_clauses_follow_each_other() -> None:
    placed = in_a_row([np.ones(1600, np.float32)] * 4, begin_s=1.0, gap_s=0.1, turn=2, rest_s=1.0)
    assert [t for t, _ in placed] == pytest.approx([1.0, 1.2, 2.3, 2.5])
    track = laid_out(placed, 2 * MIC_RATE)
    assert track.sum() == 3200


def echo_of(clock: ManualClock, scene: Scene, pcm: Pcm) -> tuple[Pcm, float]:
    """What the microphone hears of it, and when the loudspeaker says that it began, s."""
    events: list[Played] = []
    speaker = VirtualSpeaker(events.append, clock)
    room = VirtualRoom(RecordedMicrophone(clock, 0.0, clock.advance), scene, speaker.timeline)
    blocks = []
    speaker.play(Utterance(1, 0, Speech(pcm, MIC_RATE, ())))
    for _ in range(250):
        block = room.read()
        assert block is not None
        blocks.append(block.pcm)
    room.close()
    assert room.read() is None
    return np.concatenate(blocks), events[0].t


def test_the_virtual_room_hears_the_loudspeaker_late_and_from_afar() -> None:
    scene = Scene(Room(rt60_s=0.3), latency_s=0.2, noise_dbfs=-90)
    voice = spoken("en_house")[8000:40_000]
    heard, began = echo_of(ManualClock(3.0), scene, voice)
    late = np.pad(voice, (round((began - 3.0 + 0.2) * MIC_RATE), len(heard)))[: len(heard)]
    expected = convolve(late, scene.response(person=False))
    cosine = float(heard @ expected / np.linalg.norm(heard) / np.linalg.norm(expected))
    assert cosine > 0.98


def test_the_virtual_room_hears_the_person_where_the_person_stands() -> None:
    clock = ManualClock(3.0)
    scene = Scene(Room(rt60_s=0.3), person_m=2.0, noise_dbfs=-90)
    room = VirtualRoom(
        RecordedMicrophone(clock, 0.0, clock.advance), scene, lambda a, b, r: np.zeros(round((b - a) * r))
    )
    voice = spoken("zh_fish")
    said = room.say(voice)
    heard = np.concatenate([block.pcm for _ in range(200) if (block := room.read()) is not None])
    loud = np.flatnonzero(np.abs(heard) > 0.02)
    assert 3.0 + loud[0] / MIC_RATE == pytest.approx(said.start + 2.0 / SOUND_MPS, abs=0.15)
