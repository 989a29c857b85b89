"""The report for the operator, and the list of what came that goes into it."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.errors import Busy, ImagoError, Refused
from device.persona.pack import signed
from device.persona.pack.keys import to_base64
from device.persona.stick import arrivals, report
from device.persona.stick.arrivals import Entry
from device.persona.stick.handing import Verdict, failed
from device.persona.store.state import Mark, Record, State
from tests.support import packs

STATE = State(
    personas={packs.SERIES: Record("grandpa", "陈望川", good="ab" * 32)},
    marks={packs.SERIES: Mark(0, 10, "ab" * 32)},
    active=packs.SERIES,
)
CAME = [Entry(1, "s", "pack", 5, did="installed", persona="grandpa", digest="ab" * 32)]


def made(came: list[Entry] | None = None, state: State = STATE) -> bytes:
    return report.make(packs.FRAME, state, CAME if came is None else came, kinds=["any"], at=7, free=9)


def test_it_says_what_is_here_and_names_nobody() -> None:
    content = made()
    told = report.read_report(content)
    assert (told.frame, told.at, told.free) == (packs.FRAME.id, 7, 9)
    assert told.personas[0].active
    assert told.personas[0].persona == "grandpa"
    assert told.marks[packs.SERIES].counter == 10
    assert told.arrivals == tuple(CAME)
    payload = signed.parse(content, signed.REPORT, "report").payload.decode()
    assert "陈望川" not in payload


def test_another_byte_and_it_is_not_the_frames() -> None:
    wire = json.loads(made())
    payload = signed.parse(made(), signed.REPORT, "report").payload.replace(b'"free":9', b'"free":8')
    wire["payload"] = to_base64(payload)
    with pytest.raises(Refused):
        report.read_report(json.dumps(wire).encode())


def test_whoever_signs_with_another_key_is_not_that_frame() -> None:
    payload = json.loads(signed.parse(made(), signed.REPORT, "report").payload)
    payload["verify"] = to_base64(packs.OTHER_FRAME.verifying)
    other = {packs.OTHER_FRAME.verifying: packs.OTHER_FRAME.signing.sign}
    content = signed.sign(signed.REPORT, json.dumps(payload).encode(), other).encode()
    with pytest.raises(Refused) as refused:
        report.read_report(content)
    assert refused.value.code == "signature.frame"


def test_the_longest_report_fits() -> None:
    longest = Entry(2**33, "s" * 16, "pack", 4 << 30, "already here", "p" * 64, "ab" * 32, "BadInput", "c" * 40)
    assert len(report.read_report(made([longest] * 500)).arrivals) == report.MOST_ARRIVALS
    with pytest.raises(Busy):
        made(state=State(personas={f"{n:032x}": Record("p", "n", good="ab" * 32) for n in range(1000)}))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_report_or_an_error(content: bytes) -> None:
    with pytest.raises(ImagoError):
        report.read_report(content)


def test_it_takes_the_request_with_it(tmp_path: Path) -> None:
    (tmp_path / "imago-report-request").touch()
    path = report.write(tmp_path, packs.FRAME.id, made())
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    report.write(tmp_path, packs.FRAME.id, made([]))
    assert report.read_report(path.read_bytes()).arrivals == ()


def test_the_last_200_are_kept(tmp_path: Path) -> None:
    for batch in range(5):
        arrivals.add(tmp_path, [Entry(batch * 100 + n, "s", "pack", 1) for n in range(100)])
    kept = arrivals.read(tmp_path)
    assert [kept[0].at, kept[-1].at, len(kept)] == [300, 499, 200]


def test_broken_lines_are_passed_over(tmp_path: Path) -> None:
    arrivals.add(tmp_path, CAME)
    path = tmp_path / arrivals.FOLDER / arrivals.FILE
    path.write_bytes(b"\xff\xfe\n{}\n" + path.read_bytes() + b'{"at": 1')
    assert arrivals.read(tmp_path) == CAME


def test_no_words_of_an_error_are_kept_but_its_code() -> None:
    error = ImagoError("陈望川.imago", expected="a", got="陈望川", hint="b", code="damaged.cut")
    kept = msgspec.json.encode(arrivals.entry(1, "s", "pack", 2, failed(error))).decode()
    assert "陈望川" not in kept
    assert "damaged.cut" in kept
    assert arrivals.entry(1, "s", "order", 2, Verdict(True, did="x" * 999)).did == "x" * 200
