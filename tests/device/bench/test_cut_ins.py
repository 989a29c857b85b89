"""The measurement of cut-ins counts what happened: sounds whose pauses are known, ears that are told what to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.bench.cut_ins import TRANSCRIPT_S, Remembering, Turn, delays, session, summary
from device.bench.hesitant import MARGIN_S, REPORTED, TUNING, Hesitant, gaps_of, joined, pieces_of
from device.bench.room import Room
from device.bench.scene import Scene
from device.commands import bench_cut_ins
from device.commands.bench_cut_ins import TEXTS
from device.conversation.endpointing import EndpointSettings
from device.ears.listener import Senses
from device.ports import MIC_RATE, Pcm, Speech, Viseme
from device.schema import read_toml
from tests.fakes.ears import FakeSpeechDetector, FakeTranscriber, FakeTurnEnd

RANDOM = np.random.default_rng(3)
OPEN_AIR = Scene(Room(rt60_s=0.0), noise_dbfs=-90.0)
SETTINGS = EndpointSettings()


def voice(seconds: float) -> Pcm:
    return RANDOM.uniform(-0.3, 0.3, round(seconds * MIC_RATE)).astype(np.float32)


def talk(*pauses_s: float) -> Hesitant:
    return joined("Words, and more.", [voice(1.0) for _ in range(len(pauses_s) + 1)], pauses_s)


def heard(*sentences: Hesitant, complete: float = 1.0, text: str = "Who is it?") -> list[Turn]:
    senses = Senses(FakeSpeechDetector(), FakeTurnEnd([complete]))
    return session("somebody", "en", sentences, OPEN_AIR, senses, FakeTranscriber([text]))


def test_short_pauses_are_held_and_the_delay_is_the_wait() -> None:
    (turn,) = heard(talk(0.3))
    assert [p.fate for p in turn.pauses] == ["held"]
    assert turn.pauses[0].seconds == pytest.approx(0.3, abs=0.002)
    wait_s = SETTINGS.sure_wait_s + SETTINGS.asked_habit_share * 0.3
    assert turn.delay_s == pytest.approx(max(wait_s, SETTINGS.pause_s + TRANSCRIPT_S), abs=0.03)


def test_a_pause_beyond_patience_is_cut_off() -> None:
    (turn,) = heard(talk(1.0))
    assert [p.fate for p in turn.pauses] == ["cut off"]
    assert summary([turn])["cut_off"]["cut"] == 1


def test_who_goes_on_before_the_answer_is_heard_was_not_cut_off() -> None:
    senses = Senses(FakeSpeechDetector(), FakeTurnEnd([1.0]))
    hasty = EndpointSettings(sure_wait_s=0.2, told_wait_s=0.2)
    (turn,) = session("somebody", "en", [talk(0.35)], OPEN_AIR, senses, None, hasty)
    assert [p.fate for p in turn.pauses] == ["joined"]
    assert (summary([turn])["cut_off"]["cut"], summary([turn])["cut_off"]["joined"]) == (0, 1)


def test_the_words_lengthen_the_wait() -> None:
    asked, told = (heard(talk(), text=text)[0].delay_s for text in ("Who is it?", "I went home."))
    assert asked is not None
    assert told is not None
    known_s = max(SETTINGS.sure_wait_s, SETTINGS.pause_s + TRANSCRIPT_S)
    assert told - asked == pytest.approx(SETTINGS.told_wait_s - known_s, abs=0.03)


def test_sentences_of_one_person_are_numbered_and_kept_apart() -> None:
    turns = heard(talk(0.3), talk(1.2), talk())
    assert [t.number for t in turns] == [0, 1, 2]
    assert [[p.fate for p in t.pauses] for t in turns] == [["held"], ["cut off"], []]
    result = summary(turns)
    assert (result["sentences"], result["with_pauses"], result["never_ended"]) == (3, 2, 0)
    assert result["by_number"]["first"]["of"] == 1


def test_joined_pieces_have_pauses_of_the_wanted_length() -> None:
    said = talk(0.2, 0.8)
    for (a, b), wanted in zip(said.pauses, (0.2, 0.8), strict=True):
        assert b - a == pytest.approx(wanted, abs=0.001)
        inside = said.pcm[round((a + MARGIN_S) * MIC_RATE) + 1 : round((b - MARGIN_S) * MIC_RATE) - 1]
        assert not inside.any()


def test_a_whole_sentence_is_cut_where_the_voice_is_silent() -> None:
    quiet = np.zeros(round(0.3 * MIC_RATE), np.float32)
    pcm = np.concatenate([voice(1.0), quiet, voice(0.8)])
    shapes = (Viseme("aa", 0.0, 1.0), Viseme("sil", 1.0, 1.3), Viseme("E", 1.3, 2.1))
    speech = Speech(pcm, MIC_RATE, shapes)
    assert gaps_of(speech) == [pytest.approx(1.15)]
    first, second = pieces_of(speech, gaps_of(speech))
    assert len(first) / MIC_RATE == pytest.approx(1.0 + MARGIN_S, abs=0.02)
    assert len(second) / MIC_RATE == pytest.approx(0.8 + MARGIN_S, abs=0.02)


class Once:
    """Engines that count how often they are asked."""

    def __init__(self) -> None:
        self.asked = 0

    def probability(self, utterance: Pcm) -> float:
        self.asked += 1
        return 0.7


def test_the_same_sound_is_judged_once() -> None:
    engine = Once()
    memory = Remembering(engine, FakeTranscriber(["one", "two"]))
    sound = voice(0.1)
    assert [memory.probability(sound), memory.probability(sound.copy())] == [0.7, 0.7]
    assert engine.asked == 1
    assert [memory.transcribe(sound, ["en"]).text for _ in range(2)] == ["one", "one"]


@given(st.lists(st.floats(0, 5), max_size=30))
def test_delays_are_in_order(values: list[float]) -> None:
    known = delays([Turn("", "en", "", 0, (), (), value) for value in values])
    if values:
        assert known["p50"] <= known["p95"] <= known["max"] + 1  # type: ignore[operator]
    else:
        assert known == {"p50": None, "p95": None, "max": None}


def test_nothing_that_chose_the_rule_is_reported() -> None:
    texts = read_toml(Path(TEXTS))
    for language in ("en", "zh"):
        assert not {tuple(s) for s in texts["tuning"][language]} & {tuple(s) for s in texts["reported"][language]}
    assert not {p.settings for p in TUNING} & {p.settings for p in REPORTED}
    assert {p.language for p in REPORTED} == {p.language for p in TUNING} == {"en", "zh"}
    assert any(p.slow for p in REPORTED)


def test_the_report_is_a_table_and_a_page_with_plots(tmp_path: Path) -> None:
    turns = heard(talk(0.3), talk(1.2), talk())
    result = summary(turns)
    result["curve"] = [
        {"patience": 1.0, "cut_off": result["cut_off"], "endpoint_ms": result["endpoint_ms"]},
        {"patience": 1.0, "without_words": True, "cut_off": result["cut_off"], "endpoint_ms": result["endpoint_ms"]},
    ]
    result["machine"] = {"cores": 2, "load_before": 0.1}
    assert "with pauses                1 of 2" in bench_cut_ins.table(result)
    bench_cut_ins.page(tmp_path / "page.html", result)
    page = (tmp_path / "page.html").read_text()
    assert page.count("<svg") == 2
    assert "somebody" in page


def test_patience_scales_all_waits() -> None:
    long = bench_cut_ins.patient(2.0)
    for name in ("sure_wait_s", "told_wait_s", "unsure_wait_s"):
        assert getattr(long, name) == 2.0 * getattr(SETTINGS, name)
