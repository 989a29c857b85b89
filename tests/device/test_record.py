"""The conversation's figures come from its events, and from nothing else."""

from __future__ import annotations

import json

import numpy as np

from device.conversation import events as ev
from device.ports import Played, Speech, Transcript, WakeProposal
from device.record import Recorder, first_audible, room

RATE = 48_000


def tone(seconds: float, silence: float = 0.0) -> np.ndarray:
    return np.concatenate([np.zeros(round(silence * RATE)), np.full(round(seconds * RATE), 0.5)]).astype(np.float32)


def one_turn(recorder: Recorder) -> None:
    speech = Speech(tone(0.5, silence=0.1), RATE, (), "There you are.")
    for event in (
        ev.SpeechStarted(101.0),
        ev.TurnEnded(102.3, 102.05),
        ev.Transcribed(3, Transcript("hello", "en", 0.9), 102.35),
        ev.AnswerBegan(3, "fact", ("m1",), False, 102.36),
        ev.FirstToken(3, 102.37),
        ev.ClauseReady(3, 0, "There you are.", "en", 102.4),
        ev.Synthesized(3, 0, speech, 102.5),
        ev.PlaybackReported(3, Played(3, 0, "started", 102.6), 102.55),
        ev.PlaybackReported(3, Played(3, 0, "ended", 103.2, 0.6), 103.2),
    ):
        recorder.event(event)
    recorder.finished(ev.FinishTurn(3, "hello", "There you are.", "en"))


def test_latency_runs_from_the_true_end_of_the_voice_to_the_first_audible_sample() -> None:
    recorder = Recorder(100.0)
    recorder.person_said(tone(1.0)[::3], 101.0, speech_end=102.0)
    one_turn(recorder)
    (turn,) = recorder.turns
    assert turn["timings_ms"]["speech_end"] == 2000.0
    assert turn["timings_ms"]["first_audio"] == 2700.0
    assert turn["latency_ms"] == 700.0
    assert turn["evidence"] == ["m1"]


def test_an_interjection_is_reported_apart() -> None:
    recorder = Recorder(100.0)
    recorder.person_said(tone(1.0)[::3], 101.0, speech_end=102.0)
    recorder.event(ev.PlaybackReported(3, Played(3, ev.INTERJECTION, "started", 102.45), 102.45))
    one_turn(recorder)
    (turn,) = recorder.turns
    assert turn["interjection_ms"] == 2450.0
    assert turn["timings_ms"]["first_audio"] == 2700.0
    assert turn["gaps_ms"] == []


def test_the_room_is_aligned_to_the_sample() -> None:
    recorder = Recorder(100.0)
    recorder.person_said(np.full(16_000, 0.25, np.float32), 100.5, 101.5)
    one_turn(recorder)
    sound = room(recorder, 4.0)
    assert sound.shape == (4 * RATE, 2)
    assert first_audible(sound[:, 1]) == round(2.7 * RATE)
    assert abs((first_audible(sound[:, 0]) or 0) - 0.5 * RATE) < 0.002 * RATE


def test_what_was_cut_is_cut_in_the_record_too() -> None:
    recorder = Recorder(100.0)
    recorder.event(ev.Synthesized(1, 0, Speech(tone(1.0), RATE, ()), 100.0))
    recorder.event(ev.PlaybackReported(1, Played(1, 0, "started", 100.0), 100.0))
    recorder.event(ev.PlaybackReported(1, Played(1, 0, "stopped", 100.25, 0.25), 100.25))
    assert np.count_nonzero(room(recorder, 2.0)[:, 1]) == round(0.25 * RATE)


def test_silence_has_no_first_sample() -> None:
    assert first_audible(np.full(100, 0.009, np.float32)) is None


def test_lines_are_plain_json() -> None:
    recorder = Recorder(100.0)
    one_turn(recorder)
    call = WakeProposal("Hello Grandpa", 0.6, 0.1, 0.8)
    recorder.event(ev.SpeechPaused(101.0, 100.8, np.zeros(1600, np.float32), (call,)))
    parsed = [json.loads(json.dumps(line)) for line in recorder.lines]
    paused = {"event": "SpeechPaused", "t_ms": 1000.0, "speech_end_ms": 800.0, "utterance_s": 0.1, "late": False}
    called = [{"phrase": "Hello Grandpa", "score": 0.6, "start": 0.1, "end": 0.8}]
    assert parsed[-1] == {**paused, "called": called}


def test_an_interrupted_turn_keeps_its_own_times() -> None:
    recorder = Recorder(100.0)
    recorder.person_said(tone(1.0)[::3], 101.0, speech_end=102.0)
    speech = Speech(tone(3.0), RATE, (), "There you are.")
    for event in (
        ev.TurnEnded(102.3, 102.05),
        ev.Synthesized(3, 0, speech, 102.5),
        ev.PlaybackReported(3, Played(3, 0, "started", 102.6), 102.55),
    ):
        recorder.event(event)
    recorder.person_said(tone(1.0)[::3], 103.5, speech_end=104.4)
    recorder.event(ev.TurnEnded(104.6, 104.4))
    recorder.finished(ev.FinishTurn(3, "hello", "There", "en", interrupted=103.6))
    turn = recorder.turns[0]
    assert turn["timings_ms"]["speech_end"] == 2000.0
    assert turn["timings_ms"]["endpoint"] == 2300.0
    assert turn["latency_ms"] == 600.0
    assert turn["interrupted_ms"] == 3600.0


def test_what_was_really_played_is_what_the_room_hears() -> None:
    recorder = Recorder(100.0)
    one_turn(recorder)
    assert not room(recorder, 4.0, np.zeros(4 * RATE, np.float32))[:, 1].any()
