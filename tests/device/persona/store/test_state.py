"""What a frame remembers, whatever happens in whatever order."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from device.errors import Refused
from device.persona.pack.verify import Verified
from device.persona.store import state
from device.persona.store.state import TRIES, Record, State

SERIES = [c * 32 for c in "abc"]
series = st.sampled_from(SERIES)


def pack(of: str, epoch: int, counter: int) -> Verified:
    """As much of a verified pack as the state looks at."""
    envelope = SimpleNamespace(series=of, epoch=epoch, counter=counter)
    digest = f"{of[0]}{epoch:031x}{counter:032x}"
    return cast(
        Verified,
        SimpleNamespace(
            outside=SimpleNamespace(envelope=envelope, digest=digest),
            manifest=SimpleNamespace(persona=f"persona-{of[0]}", name="x"),
        ),
    )


class Frame(RuleBasedStateMachine):
    """Everything that may be asked of the state."""

    def __init__(self) -> None:
        super().__init__()
        self.now = State()
        self.marks = dict(self.now.marks)
        self.good: set[str] = set()
        """Digests that passed"""

    def become(self, after: State) -> None:
        assert after.generation >= self.now.generation
        assert (after.generation == self.now.generation) == (after == self.now)
        self.now = after

    @rule(of=series, epoch=st.integers(0, 2), counter=st.integers(0, 5))
    def arrive(self, of: str, epoch: int, counter: int) -> None:
        floor = self.now.floors.get(of)
        if floor and (epoch, counter) < (floor.epoch, floor.counter):
            return  # `verify.admitted`
        new = pack(of, epoch, counter)
        self.become(state.installed(self.now, new))
        assert self.now.active == of
        assert self.now.personas[of].running == new.outside.digest

    @rule()
    def start(self) -> None:
        record = self.now.personas.get(self.now.active)
        self.become(state.tried(self.now))
        if record and record.trial and record.tries:
            assert self.now.personas[self.now.active].running == record.trial  # it is what is tried

    @rule()
    def work(self) -> None:
        trial = state.on_trial(self.now)
        running = self.now.personas[self.now.active].running if trial else ""
        assert running == trial
        self.become(state.passed(self.now))
        if trial:
            self.good.add(trial)
            assert self.now.personas[self.now.active].good == trial

    @rule()
    def fail(self) -> None:
        record = self.now.personas.get(self.now.active)
        was = self.now.active
        self.become(state.failed(self.now))
        if record and record.trial:
            left = record.good or record.previous
            assert self.now.personas[was].running == left if left else was not in self.now.personas

    @rule(of=series)
    def choose(self, of: str) -> None:
        if of in self.now.personas:
            self.become(state.activated(self.now, of))

    @rule()
    def go_back(self) -> None:
        try:
            self.become(state.rolled_back(self.now))
        except Refused:
            record = self.now.personas.get(self.now.active)
            assert record is None or not (record.previous or (record.trial and record.good))

    @precondition(lambda self: self.now.personas)
    @rule(data=st.data())
    def forget(self, data: st.DataObject) -> None:
        of = data.draw(st.sampled_from(sorted(self.now.personas)))
        self.become(state.forgotten(self.now, of))
        assert of not in self.now.personas

    @rule(of=series, serial=st.integers(0, 5))
    def withdraw(self, of: str, serial: int) -> None:
        self.become(state.revoked(self.now, of, serial))
        assert of not in self.now.personas
        assert self.now.floors[of].revoked >= serial

    @invariant()
    def floors_never_sink(self) -> None:
        for of, old in self.marks.items():
            new = self.now.marks[of]
            assert (new.epoch, new.counter) >= (old.epoch, old.counter)
            assert new.revoked >= old.revoked
        self.marks = dict(self.now.marks)

    @invariant()
    def the_active_one_is_there(self) -> None:
        assert self.now.active in self.now.personas or (not self.now.active and not self.now.personas)
        assert not self.now.before or (self.now.before in self.now.personas and self.now.before != self.now.active)

    @invariant()
    def what_is_good_can_be_run(self) -> None:
        for record in self.now.personas.values():
            assert 0 <= record.tries <= TRIES
            assert record.running
            assert record.good in self.good | {""}
            assert record.previous in self.good | {""} or not record.good  # never tried either
            assert record.previous != record.good or not record.good
            assert record.numbers.keys() == record.digests
            assert record.trial or not record.tries

    @invariant()
    def it_is_written_and_read(self) -> None:
        assert msgspec.json.decode(msgspec.json.encode(self.now), type=State) == self.now


TestFrame = Frame.TestCase
TestFrame.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_three_tries_and_the_last_good_one_is_back() -> None:
    now = state.passed(state.installed(State(), pack(SERIES[0], 0, 1)))
    good = now.personas[SERIES[0]].good
    now = state.installed(now, pack(SERIES[0], 0, 2))
    used = []
    for _ in range(5):
        now = state.tried(now)
        used.append(now.personas[SERIES[0]].running)
    assert used == [pack(SERIES[0], 0, 2).outside.digest] * TRIES + [good, good]


@pytest.mark.parametrize("digest", ["x", "a" * 63, "a" * 64 + "\n", "A" * 64])
def test_a_digest_that_is_none_is_not_read(digest: str) -> None:
    content = msgspec.json.encode(State(personas={SERIES[0]: Record("a", "b", good=digest)}))
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(content, type=State)
