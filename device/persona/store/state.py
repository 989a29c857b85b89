"""What a frame remembers of its personas: which one it is, which packs are good, which one is on trial, and how old a
pack must not be. Pure: each change is a new state.

A pack that arrives is on trial until the frame has been seen to work with it (`passed`). It has three tries; then the
last good one is back. Only a pack that passed raises the floor below which none is taken any more.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from device.errors import Missing, Refused
from device.persona.pack.envelope import Serial
from device.persona.pack.family import Hex32, Hex64
from device.persona.pack.verify import Floor, Verified
from device.persona.unpacked import Id

TRIES = 3
Digest = Annotated[str, msgspec.Meta(pattern=r"^\Z|^[0-9a-f]{64}\Z")]


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number of the newest pack that passed, and the newest consent that was withdrawn. Outlives the persona."""

    epoch: Serial = 0
    counter: Serial = 0
    digest: Digest = ""
    revoked: Annotated[int, msgspec.Meta(ge=-1)] = -1


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One persona's packs, by digest."""

    persona: Id
    name: str
    good: Digest = ""
    """The last one that passed"""
    previous: Digest = ""
    """The one before"""
    trial: Digest = ""
    tries: Annotated[int, msgspec.Meta(ge=0, le=TRIES)] = 0
    """Left for the one on trial"""
    numbers: dict[Hex64, tuple[Serial, Serial]] = {}
    """Epoch and counter of each"""

    @property
    def running(self) -> str:
        """Digest of the pack that is, or would be, used; "" for none."""
        return self.trial or self.good

    @property
    def digests(self) -> frozenset[str]:
        """Of all its packs."""
        return frozenset({self.good, self.previous, self.trial} - {""})


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `state.json`."""

    version: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1
    generation: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Rises with each change"""
    anchor: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Value of the TPM's counter when the marks changed last; 0 without a TPM"""
    personas: dict[Hex32, Record] = {}
    marks: dict[Hex32, Mark] = {}
    active: Annotated[str, msgspec.Meta(pattern=r"^\Z|^[0-9a-f]{32}\Z")] = ""
    """Series of the persona that the frame is"""
    before: Annotated[str, msgspec.Meta(pattern=r"^\Z|^[0-9a-f]{32}\Z")] = ""
    """Series of the one that it was before"""

    @property
    def floors(self) -> dict[str, Floor]:
        """For verification: what passed, and what is on trial as long as it is."""
        return {series: self._floor(series) for series in {*self.marks, *self.personas}}

    def _floor(self, series: str) -> Floor:
        mark, record = self.marks.get(series, Mark()), self.personas.get(series)
        floor = Floor(mark.epoch, mark.counter, mark.digest, mark.revoked)
        number = record.numbers.get(record.trial, (-1, -1)) if record is not None else (-1, -1)
        if record is None or number < (mark.epoch, mark.counter):
            return floor
        return Floor(*number, record.trial, mark.revoked)

    @property
    def digests(self) -> frozenset[str]:
        """Of all packs that belong here."""
        return frozenset().union(*(record.digests for record in self.personas.values()))

    def series_of(self, name: str) -> str:
        """The series of a persona's id, series or pack's digest, or the beginning of either. Raises Missing."""
        found = [s for s, r in self.personas.items() if r.persona == name]
        if not found and len(name) >= 8:
            found = [s for s, r in self.personas.items() if any(d.startswith(name) for d in (s, *r.digests))]
        if len(found) != 1:
            got = "none" if not found else "several"
            raise Missing(f"persona {name}", expected="one of this frame", got=got, hint="imago personas lists them")
        return found[0]


def _changed(state: State, **changes: object) -> State:
    return msgspec.structs.replace(state, generation=state.generation + 1, **changes)


def _recorded(state: State, series: str, record: Record) -> dict[str, Record]:
    numbers = {digest: number for digest, number in record.numbers.items() if digest in record.digests}
    return {**state.personas, series: msgspec.structs.replace(record, numbers=numbers)}


def installed(state: State, pack: Verified) -> State:
    """A pack that lies whole in the store: on trial, and its persona the active one."""
    envelope, told = pack.outside.envelope, pack.manifest
    series, digest = envelope.series, pack.outside.digest
    record = state.personas.get(series, Record(told.persona, told.name))
    if digest == record.good and not record.trial:
        return state if state.active == series else activated(state, series)
    untried = record.trial if record.trial != digest and not record.good else ""
    record = msgspec.structs.replace(
        record,
        previous=untried or record.previous,
        persona=told.persona,
        name=told.name,
        trial=digest,
        tries=TRIES,
        numbers={**record.numbers, digest: (envelope.epoch, envelope.counter)},
    )
    before = state.before if state.active == series else state.active
    return _changed(state, personas=_recorded(state, series, record), active=series, before=before)


def tried(state: State) -> State:
    """Before a pack on trial is used once more; one that has no tries left is given up."""
    record = state.personas.get(state.active)
    if record is None or not record.trial:
        return state
    if not record.tries:
        return failed(state)
    record = msgspec.structs.replace(record, tries=record.tries - 1)
    return _changed(state, personas=_recorded(state, state.active, record))


def on_trial(state: State) -> str:
    """Digest of the active persona's pack whose trial is not over, "" for none."""
    record = state.personas.get(state.active)
    return record.trial if record else ""


def passed(state: State) -> State:
    """The active persona's pack on trial was seen to work: it is good, and the floor rises to it."""
    series = state.active
    record = state.personas.get(series)
    if record is None or not record.trial:
        return state
    good = record.trial
    previous = record.good if record.good != good else record.previous
    mark = state.marks.get(series, Mark())
    epoch, counter = record.numbers.get(good, (0, 0))
    if (epoch, counter) >= (mark.epoch, mark.counter):
        mark = msgspec.structs.replace(mark, epoch=epoch, counter=counter, digest=good)
    record = msgspec.structs.replace(record, good=good, previous=previous, trial="", tries=0)
    return _changed(state, personas=_recorded(state, series, record), marks={**state.marks, series: mark})


def failed(state: State) -> State:
    """The active persona's pack on trial does not work: the last good one is back, or the persona from before."""
    record = state.personas.get(state.active)
    if record is None or not record.trial:
        return state
    if record.good:
        kept = msgspec.structs.replace(record, trial="", tries=0)
    elif record.previous:  # never seen to work either, but not known to fail
        kept = msgspec.structs.replace(record, trial=record.previous, previous="", tries=TRIES)
    else:
        return _without(state, state.active)
    return _changed(state, personas=_recorded(state, state.active, kept))


def activated(state: State, series: str) -> State:
    """The frame is another one of its personas."""
    if state.active == series:
        return state
    return _changed(state, active=series, before=state.active)


def rolled_back(state: State) -> State:
    """The active persona's pack before the present one is used again; the floor stays. Raises Refused for none."""
    record = state.personas.get(state.active)
    if record is None or not (record.previous or (record.trial and record.good)):
        raise Refused("rollback", expected="an earlier pack of this persona", got="none")
    if record.trial and record.good:
        return failed(state)
    if record.trial:  # neither of the two was ever seen to work
        record = msgspec.structs.replace(record, trial=record.previous, previous=record.trial, tries=TRIES)
    else:
        record = msgspec.structs.replace(record, good=record.previous, previous=record.good)
    return _changed(state, personas=_recorded(state, state.active, record))


def anchored(state: State, value: int) -> State:
    """As the TPM's counter counts it."""
    return msgspec.structs.replace(state, anchor=value)


def set_back(state: State, value: int) -> bool:
    """Whether the TPM's counter has counted changes that this state knows nothing of: the disk is an older
    copy. One more is a power cut between counting and writing."""
    return value > state.anchor + 1


def forgotten(state: State, series: str) -> State:
    """A persona is gone; how old its packs must not be is not."""
    return _without(state, series)


def revoked(state: State, series: str, serial: int) -> State:
    """Consent up to `serial` was withdrawn: gone, and none of its packs comes back."""
    mark = state.marks.get(series, Mark())
    mark = msgspec.structs.replace(mark, revoked=max(mark.revoked, serial))
    return _without(msgspec.structs.replace(state, marks={**state.marks, series: mark}), series)


def _without(state: State, series: str) -> State:
    personas = {s: record for s, record in state.personas.items() if s != series}
    before = state.before if state.before in personas else ""
    active = state.active if state.active in personas else before or next(iter(personas), "")
    return _changed(state, personas=personas, active=active, before="" if before == active else before)
