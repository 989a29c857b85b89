"""Changes valid packs at random, a million times where asked: none may be taken that should not be, none may end in
anything but one of our errors, none may hang or fill the memory.

    python -m tests.device.persona.pack.fuzz_packs --count 1000000 --seed 7 --json fuzz.json

What is done with case N depends on the seed and N alone: `--first N --count 1` does it again.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from device.errors import ImagoError
from device.persona.pack import content
from device.persona.pack.manifest import Entry
from device.persona.pack.refusal import GROUPS
from device.persona.pack.verify import Floor, Verified
from device.persona.store import importer, state
from device.persona.store.importer import Site
from tests.support import oracle
from tests.support.mutations import DATA, FAMILYS_OWN, LAYERS, file
from tests.support.packs import SERIES, Recipe, make, site, verify

LONGEST_S = 2.0
"""CPU time of one case; the slowest takes a hundredth of it."""
MOST_MEMORY = 64 << 20
"""Bytes by which the process may have grown at its largest."""
WARM = 300
SAMPLE = 1000
"""One in so many goes the whole way into a store."""
EVERY_S = 10.0


class Hang(BaseException):
    """A case took longer than any should."""


@dataclass
class Tally:
    """What came of it."""

    seed: int
    count: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    """Refusals by code"""
    layers: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    """By layer: lawful changes by the family itself, or none in meaning"""
    unchanged: int = 0
    files: int = 0
    """Looked at, one beside each pack"""
    imported: int = 0
    failures: list[str] = field(default_factory=list)
    grown: int = 0
    """Bytes"""
    seconds: float = 0.0


@contextmanager
def limited() -> Iterator[None]:
    """Raises Hang when the block has used LONGEST_S of the processor."""

    def stop(number: int, frame: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def frame_in(home: Path) -> Site:
    """A frame with a persona that passed; what is changed here would be its next."""
    at = site(home)
    importer.take(io.BytesIO(make(Recipe(envelope={"counter": 5}))).read, at, lambda stage, done, total: None)
    with at.store.writing():
        at.store.change(state.passed)
    return at


def run(count: int, seed: int, first: int = 0, loud: bool = False) -> Tally:
    """Does `count` cases from number `first` on."""
    tally, begun, said = Tally(seed), time.monotonic(), time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        at = frame_in(Path(home) / "0")
        floor = at.store.state.floors[SERIES]
        base, warm = verify(DATA, floors={SERIES: floor}), 0
        for number in range(first, first + count):
            accepted = one(tally, number, floor, base)
            look_at_one(tally, number, base)
            if number % SAMPLE == 0 and import_one(tally, number, at, accepted):
                at = frame_in(Path(home) / str(number + 1))
            if number == first + WARM:
                warm = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            if loud and time.monotonic() - said > EVERY_S:
                said = time.monotonic()
                done = tally.count
                print(f"{done} of {count}, {done / (said - begun):.0f}/s, {len(tally.failures)} failures", flush=True)
    if warm:
        tally.grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - warm) << 10
    if tally.grown > MOST_MEMORY:
        tally.failures.append(f"the process grew by {tally.grown >> 20} MB")
    tally.seconds = round(time.monotonic() - begun, 1)
    return tally


def case(seed: int, number: int) -> tuple[str, bytes]:
    """The layer that is changed, and the pack."""
    rng = Random(seed << 40 | number)
    layer = rng.choice(tuple(LAYERS))
    return layer, LAYERS[layer](rng)


def one(tally: Tally, number: int, floor: Floor, base: Verified) -> bool:
    """Counts what came of a case -> whether it was accepted."""
    layer, data = case(tally.seed, number)
    tally.count += 1
    tally.layers[layer] += 1
    if data == DATA:
        tally.unchanged += 1
        return True
    try:
        with limited():
            found = verify(data, floors={SERIES: floor})
        tally.accepted[layer] += 1
        judge(layer, data, found, base, floor)
        return True
    except ImagoError as error:
        if error.code.partition(".")[0] in GROUPS and error.line().isprintable():
            tally.codes[error.code] += 1
        else:
            tally.failures.append(f"case {number} ({layer}): no code or not one line: {error.line()!a}")
    except (Exception, Hang):  # noqa: BLE001  the edge that finds whatever the code under test did
        tally.failures.append(f"case {number} ({layer}): {traceback.format_exc(limit=-4)}")
    return False


def look_at_one(tally: Tally, number: int, base: Verified) -> None:
    """A file of a pack, changed, as the importer looks at it."""
    path, data = file(Random(tally.seed << 40 | number))
    tally.files += 1
    try:
        with limited():
            content.check(Entry(path, len(data), "0" * 64, "likeness"), io.BytesIO(data))
            if path == "persona.toml":
                content.check_identity(base.manifest, data)
            tally.accepted["file"] += 1
    except ImagoError as error:
        tally.codes[error.code] += 1
    except (Exception, Hang):  # noqa: BLE001  the edge that finds whatever the code under test did
        tally.failures.append(f"case {number} ({path}): {traceback.format_exc(limit=-4)}")


def judge(layer: str, data: bytes, found: Verified, base: Verified, floor: Floor) -> None:
    """Raises AssertionError for a pack that should not have been accepted."""
    oracle.check(data, floor)
    if layer not in FAMILYS_OWN:
        same = found.manifest == base.manifest and found.consent == base.consent
        assert same, "something else was accepted"
        if not layer.startswith("archive"):
            assert found.outside.statement.payload == base.outside.statement.payload, "another envelope was accepted"


def import_one(tally: Tally, number: int, at: Site, accepted: bool) -> bool:
    """The same by the real importer -> whether the store has changed."""
    layer, data = case(tally.seed, number)
    tally.imported += 1
    before = (at.store.folder / "state.json").read_bytes()
    try:
        with limited():
            importer.take(io.BytesIO(data).read, at, lambda stage, done, total: None)
        if not accepted:
            tally.failures.append(f"case {number} ({layer}): refused by verification, and imported")
        return True
    except ImagoError:
        if (at.store.folder / "state.json").read_bytes() != before:
            tally.failures.append(f"case {number} ({layer}): refused, and the state has changed")
    except (Exception, Hang):  # noqa: BLE001  the edge that finds whatever the code under test did
        tally.failures.append(f"case {number} ({layer}) imported: {traceback.format_exc(limit=-4)}")
    return False


def main() -> int:
    """0 where nothing was found."""
    parser = argparse.ArgumentParser(description="change valid packs at random; see that all are refused")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**31)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    tally = run(options.count, options.seed, options.first, loud=True)
    text = json.dumps(vars(tally), indent=1, ensure_ascii=False)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
