"""What became of what was said, told from the loop's events."""

from __future__ import annotations

import numpy as np

from device.bench.soak.ledger import Exchange, Ledger
from device.bench.soak.script import Line
from device.conversation import events as ev
from device.ears.recording import Said
from device.ports import Played, Speech, Transcript

LINE = Line("Did you ever have a dog?", "en", "younger")
SAID = Said(100.0, 102.0)
RATE = 1000
SPEECH = Speech(np.repeat(np.array([0.0, 0.5], np.float32), [100, 900]), RATE, (), "No.", "en")  # 0.1 s, then sound


def asked() -> tuple[Ledger, Exchange]:
    ledger = Ledger()
    ledger.event(ev.FirstToken(4, 90.0))
    exchange = ledger.open(LINE, SAID, troubled=False)
    ledger.event(ev.SpeechStarted(100.1))
    return ledger, exchange


def answer(ledger: Ledger, turn: int = 6, t: float = 103.0) -> None:
    ledger.event(ev.Transcribed(turn, Transcript("did you have a dog", "en", 0.9), t - 0.5))
    ledger.event(ev.AnswerBegan(turn, "fact", (), False, t - 0.4))
    ledger.event(ev.Synthesized(turn, 0, SPEECH, t - 0.2))
    for kind, at in (("started", t), ("ended", t + 1.0)):
        ledger.event(ev.PlaybackReported(turn, Played(turn, 0, kind, at, 1.0 if kind == "ended" else 0.0), at))
    ledger.finished(ev.FinishTurn(turn, "did you have a dog", "No.", "en"))


def test_an_answer_and_its_latency() -> None:
    ledger, exchange = asked()
    answer(ledger)
    assert exchange.outcome() == "answered"
    line = exchange.line_out(90.0)
    assert (line["t_s"], line["latency_ms"], line["heard"]) == (10.0, 1100, "did you have a dog")
    assert ledger.playback_s == 1.0


def test_nothing_noticed_is_deafness_and_no_words_found_is_not() -> None:
    assert Ledger().open(LINE, SAID, troubled=False).outcome() == "deaf"
    ledger, exchange = asked()
    ledger.event(ev.TurnEnded(102.6, 102.0))
    ledger.finished(ev.FinishTurn(6, "", "", ""))
    assert exchange.outcome() == "deaf"
    ledger.event(ev.Transcribed(6, Transcript("", "en", 0.0), 102.7))
    assert exchange.outcome() == "misheard"


def test_to_be_asked_to_say_it_again_is_no_answer() -> None:
    ledger, exchange = asked()
    answer(ledger)
    ledger.event(ev.AnswerBegan(6, "unclear", (), True, 102.8))
    assert exchange.outcome() == "asked again"


def test_what_goes_under_in_an_answer_is_not_deafness() -> None:
    ledger, _ = asked()
    remark = ledger.open(LINE, SAID, troubled=False, into_answer=True)
    ledger.event(ev.Transcribed(4, Transcript("did you", "en", 0.9), 101.0, stage="interrupting"))
    assert (remark.outcome(), remark.partly) == ("unheeded", "did you")


def test_a_turn_without_an_end_is_dead_and_one_given_up_has_failed() -> None:
    ledger, exchange = asked()
    ledger.event(ev.Transcribed(6, Transcript("dog", "en", 0.9), 102.5))
    assert exchange.outcome() == "dead"
    ledger.finished(ev.FinishTurn(6, "dog", "", "en", failure="no progress for 15 s"))
    assert exchange.outcome() == "failed"


def test_an_order_may_be_obeyed_without_a_word() -> None:
    ledger, exchange = asked()
    ledger.event(ev.AnswerBegan(6, "command", (), False, 102.6, "stop"))
    ledger.event(ev.Transcribed(6, Transcript("stop", "en", 0.9), 102.5))
    ledger.finished(ev.FinishTurn(6, "stop", "", "en"))
    assert exchange.outcome() == "answered"


def test_what_is_left_of_the_turn_before_is_not_the_answer() -> None:
    ledger, exchange = asked()
    answer(ledger, turn=4)
    assert not exchange.over
    assert exchange.first_sound is None
    answer(ledger)
    assert exchange.outcome() == "answered"


def test_a_pause_in_the_sentence_is_not_the_end_of_it() -> None:
    ledger, exchange = asked()
    ledger.event(ev.TurnEnded(101.2, 100.8))
    ledger.finished(ev.FinishTurn(5, "", "", ""))
    assert not exchange.over


def test_stopped_or_lowered_by_nobody() -> None:
    ledger, _ = asked()
    for t in (101.0, 102.5):  # the person's own
        ledger.event(ev.Disturbed(t))
        ledger.finished(ev.FinishTurn(4, "", "", "en", interrupted=t))
    assert (ledger.counts["false_ducks"], ledger.counts["false_stops"]) == (0, 0)
    ledger.event(ev.Disturbed(108.0))
    ledger.finished(ev.FinishTurn(6, "x", "y", "en", interrupted=108.0))
    assert (ledger.counts["false_ducks"], ledger.counts["false_stops"]) == (1, 1)


def test_an_answer_to_nobody_is_counted() -> None:
    ledger, _ = asked()
    ledger.close()
    answer(ledger)
    assert ledger.counts["unasked"] == 1


def test_a_stop_by_nobody_while_something_is_broken_is_told_apart() -> None:
    for troubled in (False, True):
        ledger = Ledger()
        ledger.open(LINE, SAID, troubled)
        ledger.finished(ev.FinishTurn(6, "did you have a dog", "No.", "en", interrupted=120.0))
        assert (ledger.counts["false_stops"], ledger.counts["troubled_stops"]) == (1, int(troubled))
