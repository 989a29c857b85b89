"""The frame's processes follow the store: real children that only sleep, a face that only writes down."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device.errors import BadInput, Missing
from device.heartbeat import READY
from device.keeping import words
from device.keeping.keeper import BACK_S, PORTRAIT_S, Home, Keeper, Processes
from device.keeping.switching import HEALTHY_S, QUIET_S, Choice
from device.link import News, Persona, Stats, Worn
from device.supervisor import Child, Signs
from tests.fakes.face import FakeFace
from tests.fakes.packs import FakePacks

A = Choice("aa", "1", "陈望川")
B = Choice("bb", "2", "沈秀兰", trial=True)
SAYS_READY = f"""
import os, socket, time
address = os.environ["NOTIFY_SOCKET"].replace("@", chr(0), 1)
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto({READY!r}, address)
time.sleep(60)
"""


class Frame:
    """The keeper with all that it keeps; `step` is one round of the supervisor's loop."""

    def __init__(self, packs: FakePacks, otherwise: Callable[[], Home | None] = lambda: None) -> None:
        self.packs, self.link = packs, FakeFace()
        self.face, self.mind = (Child(name, [], signs=Signs(f"{name}-{id(self)}")) for name in ("face", "mind"))
        processes = Processes(self.face, self.mind, self._face, self._mind)
        self.keeper = Keeper(packs, processes, self.link, otherwise)
        self.obliging = True
        """The face shows at once what it is told to"""
        self.dies: set[str] = set()
        """Names of folders whose mind ends at once"""

    def _face(self, home: Home | None) -> list[str]:
        return [sys.executable, "-c", SAYS_READY, str(home.folder) if home else ""]

    def _mind(self, home: Home) -> list[str]:
        code = "raise SystemExit(3)" if home.folder.name in self.dies else SAYS_READY
        return [sys.executable, "-c", code, str(home.folder)]

    def step(self, now: float) -> None:
        self.keeper.look(now)
        if self.obliging:
            self.shows()
        self.face.look(now)
        self.mind.look(now)

    def until(self, there: Callable[[], object], now: float) -> None:
        for _ in range(2000):
            self.step(now)
            if there():
                return
            threading.Event().wait(0.01)
        pytest.fail("it never came")

    def shows(self, fault: str = "") -> None:
        """The face tells that it wears what it was told to."""
        last = next(m for m in reversed(self.link.messages) if isinstance(m, Persona))
        self.keeper.hear(Worn(last.directory, fault, 0.0))

    def both_ready(self) -> bool:
        return self.face.ready and self.mind.ready

    @property
    def news(self) -> list[News]:
        return [m for m in self.link.messages if isinstance(m, News)]


@pytest.fixture
def frames() -> Iterator[Callable[..., Frame]]:
    made: list[Frame] = []

    def make(packs: FakePacks, otherwise: Callable[[], Home | None] = lambda: None) -> Frame:
        made.append(Frame(packs, otherwise))
        return made[-1]

    yield make
    for frame in made:
        frame.face.end(0.2)
        frame.mind.end(0.2)


def test_the_screen_has_the_new_portrait_at_once_and_the_mind_is_another_one(frames: Callable[..., Frame]) -> None:
    frame = frames(FakePacks(A))
    frame.until(frame.both_ready, 0.0)
    assert not frame.news, "whoever switched the frame on knows that it takes a moment"
    before = frame.mind.process
    frame.packs.choice = B
    frame.keeper.look(1.0)
    assert frame.link.messages[-2:] == [Persona("/nowhere/2", "沈秀兰"), words.coming("沈秀兰")]
    assert frame.face.command[-1] == "/nowhere/2", "a face that dies comes back as the new one"
    assert frame.packs.tries == 2
    frame.until(lambda: frame.mind.process is not before and frame.mind.ready, 1.5)
    frame.step(1.6)
    assert frame.news[-1] == words.NOTHING
    assert frame.mind.ended == 0, "it was asked to end"


def test_one_on_trial_passes_once_it_is_seen_and_listens(frames: Callable[..., Frame]) -> None:
    frame = frames(FakePacks(B))
    frame.obliging = False
    frame.until(frame.both_ready, 0.0)
    frame.step(1.0)
    frame.step(2.0 + HEALTHY_S)
    assert frame.packs.choice.trial, "its portrait was not seen"
    frame.shows()
    frame.step(3.0 + HEALTHY_S)
    frame.packs.busy = True
    frame.step(3.5 + 2 * HEALTHY_S)
    assert frame.packs.choice.trial, "somebody else changes the store"
    frame.packs.busy = False
    frame.step(4.0 + 2 * HEALTHY_S)
    assert not frame.packs.choice.trial
    assert frame.packs.closed_but == ["2", "2"], "what may be needed again, then all but this one"


@pytest.mark.parametrize(("fault", "why"), [("", "mind"), ("imago: rig.npz: expected a rig", "picture")])
def test_one_that_does_not_work_has_three_tries_and_the_screen_says_why(
    frames: Callable[..., Frame], fault: str, why: str
) -> None:
    frame = frames(FakePacks(A, spare=A))
    frame.until(frame.both_ready, 0.0)
    frame.dies = {"2"} if why == "mind" else set()
    frame.packs.choice = B
    frame.obliging = not fault

    def given_up() -> bool:
        if fault:
            frame.shows(fault if frame.keeper.name == B.name else "")
        return frame.packs.choice == A and frame.mind.command[-1:] == ["/nowhere/1"]

    frame.until(given_up, 10.0)
    assert frame.packs.tries == 0
    assert [m.directory[-1] for m in frame.link.messages if isinstance(m, Persona)] == ["1", "2", "2", "2", "1"]
    assert frame.news[-1] == words.back(B, why, A)  # type: ignore[arg-type]
    frame.step(9.0 + BACK_S)
    assert frame.news[-1] == words.back(B, why, A)  # type: ignore[arg-type]
    frame.step(11.0 + BACK_S)
    assert frame.news[-1] == words.NOTHING


def test_a_conversation_goes_on_until_its_end(frames: Callable[..., Frame]) -> None:
    frame = frames(FakePacks(A))
    frame.until(frame.both_ready, 0.0)
    frame.keeper.hear(Stats(30.0, 1, 1.0, 1.0, 1.0, calm=False))
    frame.step(1.0)
    frame.packs.choice = B
    for t in (10.0, 20.0, 30.0):
        frame.step(t)
    assert frame.news == [words.waiting(B, update=False)]
    assert frame.mind.command[-1] == "/nowhere/1"
    frame.keeper.hear(Stats(30.0, 1, 1.0, 1.0, 1.0, calm=True))
    frame.step(30.0 + QUIET_S)
    frame.step(30.5 + QUIET_S)
    assert frame.mind.command[-1] == "/nowhere/2"


def test_a_frame_without_anybody_says_so_and_has_no_mind(frames: Callable[..., Frame]) -> None:
    frame = frames(FakePacks(Choice()))
    frame.until(lambda: frame.face.ready, 0.0)
    assert frame.news == [words.NOBODY]
    assert frame.mind.process is None
    frame.packs.choice = B
    frame.until(lambda: frame.mind.ready, 5.0)
    frame.step(5.1)
    assert frame.news == [words.NOBODY, words.coming("沈秀兰"), words.NOTHING]


def test_a_mistake_in_the_settings_is_the_command_lines_to_tell(frames: Callable[..., Frame]) -> None:
    def nowhere() -> Home:
        raise Missing("persona x", expected="a folder", got="none")

    with pytest.raises(Missing):
        frames(FakePacks(Choice()), nowhere).step(0.0)


def test_one_that_cannot_be_opened_leaves_the_present_one(frames: Callable[..., Frame]) -> None:
    frame = frames(FakePacks(A))
    frame.until(frame.both_ready, 0.0)
    frame.packs.unreadable["3"] = BadInput("pack 3", expected="its key", got="another")
    frame.packs.choice = third = Choice("cc", "3", "陈文")
    for t in (10.0, 10.5, 11.0):
        frame.step(t)
    assert frame.news == [words.closed(third)]
    assert Path(frame.mind.command[-1]).name == "1"


def test_a_portrait_that_does_not_come_does_not_keep_the_mind_waiting_for_ever(frames: Callable[..., Frame]) -> None:
    frame = frames(FakePacks(A))
    frame.until(frame.both_ready, 0.0)
    frame.obliging = False
    frame.packs.choice = B
    frame.step(10.0)
    frame.step(9.9 + PORTRAIT_S)
    assert frame.mind.command == []
    frame.step(10.1 + PORTRAIT_S)
    assert frame.mind.command[-1] == "/nowhere/2"


def test_one_whose_consent_was_withdrawn_is_gone_though_there_is_nobody_else(frames: Callable[..., Frame]) -> None:
    frame = frames(FakePacks(A))
    frame.until(frame.both_ready, 0.0)
    frame.keeper.hear(Stats(30.0, 1, 1.0, 1.0, 1.0, calm=False))
    frame.packs.known = set()
    frame.packs.choice = Choice()
    frame.keeper.look(1.0)
    assert [m for m in frame.link.messages if isinstance(m, Persona)][-1] == Persona("", "")
    assert frame.packs.closed_but[-1] == "", "nothing of it is open"
    frame.until(lambda: frame.mind.process is None, 1.5)
    assert frame.news[-1] == words.NOBODY
