"""The measurement of wake phrases counts what happened, along the path that the frame takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.bench.scene import Placed, Scene
from device.bench.statistics import poisson, wilson
from device.bench.wake import Measurement, events, hear_call, hear_piece
from device.bench.wake_path import Engines, Log, WakePath, Woken
from device.bench.wake_sounds import NAMED, Call, Piece
from device.conversation.endpointing import EndpointSettings
from device.ears.overheard import understand
from device.ports import MIC_RATE, Pcm, WakeProposal
from tests.fakes.ears import FakeSpeechDetector, FakeTranscriber, FakeTurnEnd
from tests.fakes.wake_phrase import FakeWakePhrase

PHRASE = "Hello Grandpa"
NAMES = (PHRASE, "Grandpa")


def sound(*parts: tuple[float, float]) -> Pcm:
    """(seconds, level) after one another."""
    return np.concatenate([np.full(int(s * MIC_RATE), level, np.float32) for s, level in parts])


CALL = sound((0.5, 0.0), (0.8, 0.1), (1.5, 0.0))
NO_CALL = sound((3.0, 0.0))


def path(*texts: str, phrase: str = PHRASE) -> WakePath:
    """The frame's ears, which understand `texts`."""
    transcriber = FakeTranscriber(texts)
    return WakePath(
        Engines(
            FakeSpeechDetector(),
            FakeTurnEnd(),
            FakeWakePhrase([phrase]),
            lambda job: understand(transcriber, job, ("en", "zh"), NAMES),
        )
    )


def call(pcm: Pcm = CALL, condition: str = "near", language: str = "en") -> Call:
    return Call(condition, language, "somebody", pcm, 0.5, 1.3)


def test_a_call_wakes_and_its_delay_is_that_of_the_pause() -> None:
    measurement, ears = Measurement(), path("Hello, Grandpa.")
    measurement.add(hear_call(ears, call()))
    report = measurement.report()
    assert report["chosen"]["false_rejects"] == report["chosen"]["not_proposed"] == 0.0
    assert 1000 * EndpointSettings().pause_s <= report["delay_ms"]["woken"]["p50"] <= 300
    assert report["delay_ms"]["proposed"]["p50"] == pytest.approx(10, abs=15)


@pytest.mark.parametrize("said", ["Hello grandma.", ""])
def test_what_is_not_confirmed_is_a_missed_call_and_no_false_accept(said: str) -> None:
    measurement, ears = Measurement(), path(said)
    measurement.add(hear_call(ears, call()))
    measurement.add(hear_piece(ears, Piece("talk en", CALL)))
    chosen = measurement.report()["chosen"]
    assert (chosen["not_proposed"], chosen["false_rejects"]) == (0.0, 1.0)
    assert (chosen["proposals"], chosen["false_accepts"]) == (1, 0)


def test_conditions_and_languages_are_told_apart() -> None:
    measurement, ears = Measurement(), path("Hello, Grandpa.")
    measurement.add(hear_call(ears, call()))
    measurement.add(hear_call(ears, call(NO_CALL, "far", "zh")))
    report = measurement.report()
    assert report["conditions"]["far"]["false_rejects"] == report["languages"]["zh"]["false_rejects"] == 1.0
    assert report["conditions"]["near"]["false_rejects"] == report["languages"]["en"]["false_rejects"] == 0.0
    assert report["chosen"]["false_rejects"] == 0.5


def test_a_waking_before_the_call_is_none() -> None:
    early = np.concatenate([CALL, sound((4.0, 0.0))])
    measurement, ears = Measurement(), path("Hello, Grandpa.")
    measurement.add(hear_call(ears, Call("near", "en", "somebody", early, 5.0, 5.8)))
    assert measurement.report()["chosen"]["false_rejects"] == 1.0


def test_talk_about_the_name_is_counted_apart() -> None:
    measurement, ears = Measurement(), path("Hello, Grandpa.")
    measurement.add(hear_piece(ears, Piece("talk en", NO_CALL)))
    measurement.add(hear_piece(ears, Piece(NAMED, CALL)))
    report = measurement.report()
    assert report["chosen"]["false_accepts"] == 0
    assert report["kinds"][NAMED]["false_accepts"] == 1
    assert report["hours"] == pytest.approx(3.0 / 3600, abs=1e-3)


def test_a_false_accept_in_talk_is_counted_with_its_text() -> None:
    measurement, ears = Measurement(), path("Hello Grandpa, where are my glasses?")
    measurement.add(hear_piece(ears, Piece("talk en", np.concatenate([CALL, NO_CALL, CALL]))))
    kind = measurement.report()["kinds"]["talk en"]
    assert kind["false_accepts"] == 2
    assert kind["understood"] == ["where are my glasses?"] * 2
    assert kind["transcribed_per_h"] > 0
    assert set(kind["cpu_s_per_h"]) >= {"speech detector", "wake phrase", "transcriber"}


def own_voice(seconds: float = 4.0) -> tuple[Scene, list[Placed]]:
    """Noise, that swells and ebbs as syllables do."""
    t = np.arange(round(seconds * MIC_RATE)) / MIC_RATE
    hiss = np.random.default_rng(1).normal(0.0, 0.05, len(t)) * np.sin(2 * np.pi * 2 * t) ** 2
    return Scene(loudspeaker_m=0.5, latency_s=0.05), [(1.0, hiss.astype(np.float32))]


def test_words_into_its_own_voice_stop_it_without_a_name() -> None:
    scene, playback = own_voice()
    hiss = np.random.default_rng(2).normal(0.0, 0.3, 7 * MIC_RATE)
    person = np.asarray(hiss * sound((3.0, 0.0), (0.8, 1.0), (3.2, 0.0)), np.float32)
    assert path("wait a moment").speak(scene, playback, person).woken[0].proposal is None
    assert not path("wait a moment").speak(scene, playback, np.zeros(7 * MIC_RATE, np.float32)).woken
    assert not path("mhm").speak(scene, playback, person).woken


class Told:
    """A path that hears what it is told."""

    def __init__(self, log: Callable[[], Log]) -> None:
        self._log = log

    def listen(self, sound: Pcm) -> Log:
        return self._log()

    def speak(self, scene: object, playback: object, others: Pcm) -> Log:
        return self._log()


@given(st.lists(st.floats(0.4, 1.0), max_size=8))
def test_the_curve_never_falls_as_it_grows_more_sensitive(scores: Sequence[float]) -> None:
    def log() -> Log:
        proposals = [(3.0 * n, WakeProposal(PHRASE, score, 0.0, 1.0)) for n, score in enumerate(scores)]
        woken = [Woken(at, 0.0, "", p, NO_CALL, n) for n, (at, p) in enumerate(proposals)]
        return Log(3.0 * len(scores) + 1.0, woken, proposals)

    measurement, ears = Measurement(), Told(log)
    measurement.add(hear_piece(ears, Piece("talk en", NO_CALL)))
    measurement.add(hear_call(ears, Call("near", "en", "somebody", NO_CALL, 0.0, 0.5)))
    curve = measurement.report()["curve"]
    accepts = [point["false_accepts"] for point in curve]
    assert accepts == sorted(accepts)
    rejects = [point["false_rejects"] for point in curve]
    assert rejects == sorted(rejects, reverse=True)


def test_what_follows_at_once_is_the_same_event() -> None:
    woken = [(0.9, 1.0, "a"), (0.9, 2.5, "b"), (1.2, 3.0, "c"), (0.9, 9.0, "d")]
    assert events(woken, 1.0) == [(1.0, "a"), (9.0, "d")]
    assert events(woken, 0.5) == []


def test_nothing_measured_gives_no_rates() -> None:
    report = Measurement().report()
    assert report["chosen"]["false_rejects"] is None
    assert report["chosen"]["false_accepts_per_h"] is None
    assert report["delay_ms"]["woken"] == {"p50": None, "p95": None}


def test_the_intervals_are_the_textbooks() -> None:
    # Wilson: Newcombe (1998), table I: 15 of 148. Poisson: Garwood's table, 0 and 10 events.
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert poisson(0) == pytest.approx((0.0, 3.689), abs=1e-3)
    assert poisson(10) == pytest.approx((4.795, 18.390), abs=1e-3)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_what_was_seen(counted: tuple[int, int]) -> None:
    hits, of = counted
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of <= high <= 1
    least, most = poisson(hits)
    assert least <= hits <= most
