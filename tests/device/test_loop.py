"""The loop with fakes around it: whole turns, stale work, and engines that fail."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from device.conversation import events as ev
from device.conversation.finished import Ending
from device.conversation.state import Policy
from device.errors import Broken
from device.link import Heard, Hush, Order, Speak
from device.loop import MUTED, OUTPUT_LATENCY_S, Loop
from device.ports import Pcm, Played, Speech
from device.workshop import HOPELESS_S, Rooms
from tests.fakes.ears import FakeTranscriber
from tests.fakes.face import PATIENCE_S, FakeFace
from tests.fakes.mind import FakeMind
from tests.fakes.observer import FakeObserver
from tests.fakes.voice import FakeSynthesizer, ManualClock, PromptSpeaker

SPOKEN = np.full(8000, 0.5, np.float32)


@dataclass
class Stage:
    """A running loop and what stands around it."""

    transcriber: FakeTranscriber = field(default_factory=FakeTranscriber)
    voice: FakeSynthesizer = field(default_factory=FakeSynthesizer)
    mind: FakeMind = field(default_factory=FakeMind)
    policy: Policy = field(default_factory=Policy)
    interjections: tuple[Speech, ...] = ()

    def __post_init__(self) -> None:
        self.face, self.observer, self.clock = FakeFace(), FakeObserver(), ManualClock()
        rooms = Rooms(self.transcriber, self.mind, {"en": self.voice}, self.face, self.clock, ("en", "zh"))
        rooms = replace(rooms, interjections={"en": self.interjections})
        self.hopeless: queue.Queue[str] = queue.Queue()
        self.loop = Loop(rooms, self.observer, self.policy, hopeless=self.hopeless.put)
        self.speaker = PromptSpeaker(self.loop.played, self.clock)
        self.listening: list[bool] = []
        self.loop.connect(self.speaker, self.listening.append)
        self.thread = threading.Thread(target=self.loop.run, daemon=True)
        self.thread.start()

    def begin(self, utterance: Pcm = SPOKEN) -> None:
        self.loop.post(ev.SpeechStarted(1.0))
        self.loop.post(ev.SpeechPaused(2.0, 1.9, utterance))

    def speak(self) -> None:
        self.begin()
        self.loop.post(ev.TurnEnded(2.2, 1.9))

    def finish(self, moods: int = 1) -> None:
        """Waits for the end of that many turns."""
        self.face.wait(lambda shown: sum(m in ("idle", "sorry") for m in shown) >= moods)


@pytest.fixture
def stages() -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(**parts: object) -> Stage:
        made.append(Stage(**parts))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for stage in made:
        stage.loop.stop()
        stage.thread.join(PATIENCE_S)
        assert not stage.thread.is_alive()


def test_a_whole_turn(stages: Callable[..., Stage]) -> None:
    stage = stages()
    stage.speak()
    stage.finish()
    assert stage.face.moods == ["listening", "thinking", "speaking", "idle"]
    assert stage.speaker.said == ["Sit down,", "and tell me."]
    assert stage.listening == [False, True]
    assert stage.mind.remembered == [("hello", "Sit down, and tell me.", "en")]
    assert [(t.heard, t.said) for t in stage.observer.turns] == [("hello", "Sit down, and tell me.")]
    assert Heard("hello", "en") in stage.face.messages
    assert stage.loop.idle


def test_the_face_gets_each_clause_with_its_true_time(stages: Callable[..., Stage]) -> None:
    stage = stages()
    stage.speak()
    stage.finish()
    told = [m for m in stage.face.messages if isinstance(m, Speak)]
    now = stage.clock.now()
    assert [(m.index, m.t0) for m in told] == [(0, now + OUTPUT_LATENCY_S), (0, now), (1, now)]
    assert told[0].visemes
    assert all(told[0].seconds >= end for _, _, end, _ in told[0].visemes[:-1])
    assert (told[-1].text, told[-1].language) == ("and tell me.", "en")


def test_nothing_is_said_before_the_person_has_finished(stages: Callable[..., Stage]) -> None:
    stage = stages()
    stage.begin()
    stage.observer.wait(ev.Synthesized, 2)
    assert stage.speaker.said == []
    stage.loop.post(ev.TurnEnded(2.2, 1.9))
    stage.finish()
    assert stage.speaker.said == ["Sit down,", "and tell me."]


class Gate:
    """An engine at work that waits here until it may go on."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.begun.set()
        assert self.go.wait(PATIENCE_S)


HM = Speech(np.full(4000, 0.2, np.float32), 8000, (), "Let me think.", "en")


@pytest.mark.parametrize(("after_s", "said"), [(0.5, ["Let me think."]), (0.0, [])])
def test_something_is_said_while_the_answer_is_on_its_way(
    stages: Callable[..., Stage], after_s: float, said: list[str]
) -> None:
    gate = Gate()
    stage = stages(mind=FakeMind(meanwhile=gate), policy=Policy(interject_after_s=after_s), interjections=(HM,))
    stage.speak()
    assert gate.begun.wait(PATIENCE_S)
    if said:
        stage.observer.wait(ev.PlaybackReported, 2)
    assert stage.speaker.said == said
    assert [m.index for m in stage.face.messages if isinstance(m, Speak)] == [ev.INTERJECTION] * len(said)
    gate.go.set()
    stage.finish()
    assert stage.speaker.said == [*said, "Sit down,", "and tell me."]
    assert stage.mind.remembered == [("hello", "Sit down, and tell me.", "en")]


def test_the_ears_learn_how_the_words_end(stages: Callable[..., Stage]) -> None:
    stage = stages(transcriber=FakeTranscriber(["Who is it?"]))
    told: list[Ending] = []
    stage.loop.connect(stage.speaker, stage.listening.append, told.append)
    stage.begin()
    stage.observer.wait(ev.Synthesized, 2)
    assert told == ["asked"]


def test_what_was_begun_before_they_went_on_is_dropped(stages: Callable[..., Stage]) -> None:
    gate = Gate()
    stage = stages(transcriber=FakeTranscriber(["half", "the whole"], meanwhile=gate))
    stage.begin()
    assert gate.begun.wait(PATIENCE_S)
    stage.loop.post(ev.SpeechResumed(2.1))
    stage.observer.wait(ev.SpeechResumed)
    gate.go.set()
    stage.observer.wait(ev.Transcribed)
    stage.speak()
    stage.finish()
    assert stage.mind.asked == ["the whole"]
    assert [t.heard for t in stage.observer.turns] == ["the whole"]


def test_work_that_nobody_waits_for_any_more_is_not_begun(stages: Callable[..., Stage]) -> None:
    gate = Gate()
    stage = stages(transcriber=FakeTranscriber(meanwhile=gate))
    stage.begin(SPOKEN[:1000])
    assert gate.begun.wait(PATIENCE_S)
    for length in (2000, 3000):
        stage.loop.post(ev.SpeechResumed(2.1))
        stage.loop.post(ev.SpeechPaused(2.3, 2.2, SPOKEN[:length]))
    stage.loop.post(ev.TurnEnded(2.5, 2.2))
    stage.observer.wait(ev.TurnEnded)
    stage.face.wait(lambda shown: "thinking" in shown)
    gate.go.set()
    stage.finish()
    assert stage.transcriber.heard == [1000, 3000]


def test_the_mind_is_told_that_they_went_on(stages: Callable[..., Stage]) -> None:
    gate = Gate()
    stage = stages(mind=FakeMind(meanwhile=gate))
    stage.begin()
    assert gate.begun.wait(PATIENCE_S)
    stage.loop.post(ev.SpeechResumed(2.1))
    stage.loop.post(ev.SpeechPaused(2.3, 2.2, SPOKEN))
    stage.observer.wait(ev.SpeechPaused, 2)
    stage.observer.wait(ev.Transcribed, 2)
    gate.go.set()
    stage.loop.post(ev.TurnEnded(2.5, 2.2))
    stage.finish()
    assert len(stage.mind.asked) == 2
    assert sum(isinstance(e, ev.ClauseReady) for e in stage.observer.events) == 2


def test_a_late_report_of_an_older_turn_moves_nothing(stages: Callable[..., Stage]) -> None:
    stage = stages()
    stage.speak()
    stage.finish()
    before = list(stage.face.messages)
    stage.loop.post(ev.ClauseReady(1, 5, "too late", "en", 3.0))
    stage.loop.post(ev.Synthesized(1, 5, stage.voice.synthesize("too late"), 3.0))
    stage.observer.wait(ev.Synthesized, 3)
    stage.loop.post(ev.Asked("and now?", "en", 4.0))
    stage.finish(2)
    assert "too late" not in stage.speaker.said
    assert stage.face.messages[: len(before)] == before
    assert stage.mind.asked == ["hello", "and now?"]


def test_silence_ends_without_a_word(stages: Callable[..., Stage]) -> None:
    stage = stages()
    stage.loop.post(ev.SpeechStarted(1.0))
    stage.loop.post(ev.SpeechPaused(2.0, 1.9, np.zeros(8000, np.float32)))
    stage.loop.post(ev.TurnEnded(2.2, 1.9))
    stage.finish()
    assert stage.mind.asked == []
    assert stage.speaker.said == []
    assert stage.mind.remembered == []


def test_after_a_transcriber_that_fails_the_next_turn_works(stages: Callable[..., Stage]) -> None:
    ended = threading.Event()
    failures = [Broken("the transcriber", expected="text", got="a failure")]

    def fails_once() -> None:
        assert ended.wait(PATIENCE_S)
        if failures:
            raise failures.pop()

    stage = stages(transcriber=FakeTranscriber(meanwhile=fails_once))
    stage.speak()
    stage.face.wait(lambda shown: "thinking" in shown)
    ended.set()
    stage.finish()
    assert stage.face.moods == ["listening", "thinking", "sorry"]
    assert stage.listening == [False, True]
    stage.speak()
    stage.finish(2)
    assert stage.face.moods[-1] == "idle"
    assert stage.mind.remembered == [("hello", "Sit down, and tell me.", "en")]


def test_a_voice_that_fails_is_hushed(stages: Callable[..., Stage]) -> None:
    def fails(text: str) -> Exception | None:
        return Broken("the voice", expected="speech", got="a failure") if text.startswith("and") else None

    stage = stages(voice=FakeSynthesizer(fails=fails))
    stage.loop.post(ev.Asked("hello?", "en", 1.0))
    stage.finish()
    assert stage.face.moods[-1] == "sorry"
    assert stage.speaker.stops == 1
    assert any(isinstance(m, Hush) for m in stage.face.messages)
    assert [t.said for t in stage.observer.turns] in (["Sit down,"], [""])


def test_muted_by_order_and_opened_by_hand(stages: Callable[..., Stage]) -> None:
    stage = stages()
    stage.mind.order = "mute"
    stage.speak()
    stage.finish()
    assert stage.listening[-1] is False
    assert MUTED in stage.face.messages
    stage.loop.post(ev.Pushed(9.0))
    stage.observer.wait(ev.Pushed, 1)
    stage.face.wait(lambda moods: moods[-1] == "listening")
    assert stage.listening[-1] is True


def test_who_comes_is_greeted_aloud_but_not_by_somebody_deaf(stages: Callable[..., Stage]) -> None:
    stage = stages()
    stage.loop.post(ev.Visited("Hello there.", "en", 1.0))
    stage.finish()
    assert [(t.heard, t.said) for t in stage.observer.turns] == [("", "Hello there.")]
    assert not stage.mind.remembered
    stage.mind.order = "mute"
    stage.speak()
    stage.finish(2)
    turns = len(stage.observer.turns)
    stage.loop.post(ev.Visited("Hello again.", "en", 9.0))
    stage.observer.wait(ev.Visited, 2)
    stage.loop.post(ev.Ticked(10.0))
    stage.observer.wait(ev.Ticked, 1)
    assert len(stage.observer.turns) == turns


def test_orders_change_how_loud_it_is(stages: Callable[..., Stage]) -> None:
    stage = stages()
    before = stage.speaker.gains[-1]
    stage.mind.order = "softer"
    stage.speak()
    stage.finish()
    assert stage.speaker.gains[-1] < before
    assert Order("softer", stage.clock.now()) in stage.face.messages


def test_half_of_an_interruption_does_not_pass_for_all_of_it(stages: Callable[..., Stage]) -> None:
    """ "Grandpa, ... wait a moment": nothing is understood of the first half, and the second is already said."""
    gate = Gate()
    stage = stages(
        mind=FakeMind(["A long story."]), transcriber=FakeTranscriber(["", "Wait a moment."], meanwhile=gate)
    )
    stage.speaker.silent = True
    stage.loop.post(ev.Asked("how was it?", "en", 1.0))
    stage.observer.wait(ev.Synthesized)
    turn = stage.loop._state.turn
    stage.loop.post(ev.PlaybackReported(turn, Played(turn, 0, "started", 2.0), 2.0))
    stage.loop.post(ev.SpeechStarted(3.0))
    stage.loop.post(ev.SpeechPaused(3.5, 3.4, SPOKEN[:1000]))
    assert gate.begun.wait(PATIENCE_S)
    stage.loop.post(ev.SpeechPaused(4.5, 4.4, SPOKEN))
    stage.loop.post(ev.TurnEnded(4.7, 4.4))
    stage.observer.wait(ev.TurnEnded)
    stage.speaker.silent = False
    gate.go.set()
    stage.finish()
    assert stage.mind.asked == ["how was it?", "Wait a moment."]


def test_a_failure_of_the_loop_itself_does_not_end_it(stages: Callable[..., Stage]) -> None:
    stage = stages()
    stage.loop.post(ev.ClauseReady(stage.loop._state.turn, 0, "", "en", 1.0))
    stage.loop.post(object())  # type: ignore[arg-type]
    stage.face.wait(lambda shown: "sorry" in shown)
    stage.speak()
    stage.finish(2)
    assert stage.mind.remembered == [("hello", "Sit down, and tell me.", "en")]
    assert stage.listening[0] is True


def test_a_loudspeaker_that_raises_ends_no_more_than_a_turn(stages: Callable[..., Stage]) -> None:
    stage = stages()
    stage.speaker.broken = True
    stage.speak()
    stage.face.wait(lambda shown: "sorry" in shown)
    stage.speaker.broken = False
    stage.speak()
    stage.finish(2)
    assert stage.speaker.said == ["Sit down,", "and tell me."]


def test_a_transcriber_that_hangs_is_given_up_and_told(stages: Callable[..., Stage]) -> None:
    gate = Gate()
    stage = stages(transcriber=FakeTranscriber(meanwhile=gate))
    stage.speak()
    assert gate.begun.wait(PATIENCE_S)
    for _ in range(2):  # the clock stands still but for these
        ticks = sum(isinstance(e, ev.Ticked) for e in stage.observer.events)
        stage.observer.wait(ev.Ticked, ticks + 1)
        stage.clock.advance(HOPELESS_S + 1)
    stage.finish()
    assert stage.face.moods[-1] == "sorry"
    assert stage.hopeless.get(timeout=PATIENCE_S) == "transcriber"
    gate.go.set()
    stage.speak()
    stage.finish(2)
    assert stage.mind.remembered == [("hello", "Sit down, and tell me.", "en")]
