"""Plays the script on the stage, in real time, and writes down what became of every act as it goes."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from device.bench.noises import NOISES
from device.bench.scene import AT_1M
from device.bench.soak.ledger import Exchange
from device.bench.soak.script import Act, Life, Line
from device.bench.soak.stage import Stage
from device.ports import Pcm

NOTICE_S = 4.0
"""s after the end of what was said within which it must have been noticed."""
ANSWER_S = 30.0
"""s within which an answer must begin, or be given up: twice what the frame gives itself."""
LOOK_S = 0.05
LONGEST_S = 90.0
"""s that an answer may last."""
PROBES = 5
"""Questions that are asked after a calamity until one is answered."""
NOISE_DB = -14.0
"""Of a noise against a person: another room's television, or the radio in this one."""


class Journal:
    """soak.jsonl: one object a line, readable whenever the writing ends."""

    def __init__(self, file: TextIO | None) -> None:
        self.lines: list[dict[str, Any]] = []
        self._file = file
        self._lock = threading.Lock()

    def write(self, kind: str, about: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> None:
        """Adds a line; from any thread. `more` goes to the file only: a soak must not itself fill the memory."""
        line = {"kind": kind, **about}
        with self._lock:
            self.lines.append(line)
            if self._file is not None:
                self._file.write(json.dumps(line | dict(more or {}), ensure_ascii=False) + "\n")
                self._file.flush()

    def outcomes(self) -> dict[str, int]:
        """How often what became of what was said, so far."""
        with self._lock:
            return dict(Counter(line["outcome"] for line in self.lines if line["kind"] == "exchange"))


def open_journal(folder: Path | None) -> Journal:
    """soak.jsonl in the folder, or one in memory only."""
    return Journal(None if folder is None else (folder / "soak.jsonl").open("w", encoding="utf-8"))


class Director:
    """One soak on one stage."""

    def __init__(self, stage: Stage, sounds: Mapping[Line, Pcm], journal: Journal, say: Callable[[str], None]) -> None:
        self._stage = stage
        self._ledger = stage.ledger
        self._sounds = sounds
        self._journal = journal
        self._say = say
        self._calamities = stage.calamities()
        self._over = threading.Event()
        self.origin = stage.clock.now()

    def stop(self, *_: object) -> None:
        """Ends `run` soon; fit for a signal handler."""
        self._over.set()

    def run(self, life: Life, seconds: float) -> None:
        """Act after act until the time is over."""
        while not self._over.is_set() and (elapsed := self._stage.clock.now() - self.origin) < seconds:
            act = life.next(elapsed)
            self._play(act, life)
            self._settle()
            self._over.wait(act.pause_s)

    def _play(self, act: Act, life: Life) -> None:
        if act.kind == "silence":
            self._ledger.close()
            self._over.wait(act.seconds)
        elif act.kind == "noise":
            self._noise(act)
        elif act.kind == "calamity":
            self._calamity(act, life)
        elif act.second is not None and act.line is not None:
            self._interrupt(act.line, act.second, act)
        elif act.line is not None:
            self._ask(act.line)

    def _ask(self, line: Line, troubled: bool = False) -> Exchange:
        exchange = self._speak(line, troubled)
        self._hear_out(exchange)
        return exchange

    def _speak(self, line: Line, troubled: bool = False) -> Exchange:
        said = self._stage.person.say(self._sounds[line])
        return self._ledger.open(line, said, troubled, self._stage.frame.loop.audible)

    def _hear_out(self, exchange: Exchange) -> None:
        """Until its answer has ended, or there will be none."""
        while not (exchange.over or self._hopeless(exchange) or self._over.wait(LOOK_S)):
            pass
        self._write(exchange)

    def _hopeless(self, exchange: Exchange) -> bool:
        now, end = self._stage.clock.now(), exchange.said.end
        if exchange.first_sound is not None:
            return now > exchange.first_sound + LONGEST_S
        unheard = exchange.noticed is None or self._stage.frame.loop.idle
        return now > end + (NOTICE_S if unheard else ANSWER_S)

    def _write(self, exchange: Exchange) -> None:
        if not self._over.is_set():
            about = exchange.line_out(self.origin)
            wrong = about["outcome"] != "answered" and not exchange.troubled
            self._journal.write("exchange", about, {"events": self._ledger.recent()} if wrong else None)
            if wrong:
                self._say(f"{about['outcome']}: {about['said']} (heard: {about['heard'] or 'nothing'})")

    def _interrupt(self, line: Line, second: Line, act: Act) -> None:
        """A remark into an answer; a listener's sound is not to be answered."""
        first = self._speak(line)
        left = first.said.end - self._stage.clock.now()
        self._ledger.wait(lambda: first.first_sound is not None or first.over, left + ANSWER_S)
        if first.first_sound is None:
            self._write(first)
            return
        self._over.wait(act.after_s)
        if act.kind == "listener":
            self._ledger.disturb(self._stage.person.say(self._sounds[second]))
            self._hear_out(first)
            return
        first.over = first.interrupted = True  # as far as anybody waits for it
        self._write(first)
        self._ask(second)

    def _noise(self, act: Act) -> None:
        sound = NOISES[act.name](act.seconds, len(self._journal.lines)) * np.float32(10 ** (NOISE_DB / 20) * AT_1M)
        # Past the room's levelling of speech: the noise is as loud as it is.
        said = self._stage.sound(np.asarray(sound, np.float32))
        self._ledger.close()
        self._ledger.disturb(said)
        self._over.wait(act.seconds)

    def _calamity(self, act: Act, life: Life) -> None:
        assert act.line is not None
        calamity = self._calamities[act.name]
        exchange = self._speak(act.line, troubled=not calamity.spares_the_answer)
        self._over.wait(act.after_s)
        begun = self._stage.clock.now()
        calamity.begin()
        self._over.wait(calamity.lasts_s)
        calamity.end()
        ended = self._stage.clock.now()
        self._hear_out(exchange)
        # Nobody asks anew while an answer that came in spite of it is still being given.
        since = max(ended, self._stage.clock.now()) if exchange.outcome() == "answered" else ended
        self._settle()
        back = self._face_back(begun) if calamity.spares_the_answer else self._probe(life)
        after = None if back is None else round(back - (begun if calamity.spares_the_answer else since), 2)
        about = {"name": act.name, "t_s": round(begun - self.origin, 2), "lasted_s": round(ended - begun, 2)}
        self._journal.write("calamity", about | {"asked": exchange.outcome(), "back_s": after})
        self._say(f"{act.name}: {'not back' if after is None else f'back after {after} s'}")

    def _probe(self, life: Life) -> float | None:
        """Questions until one is answered -> when its answer began."""
        for _ in range(PROBES):
            exchange = self._ask(life.question(), troubled=True)
            if exchange.outcome() == "answered" or self._over.is_set():
                return exchange.first_sound
            self._settle()
        return None

    def _face_back(self, killed: float) -> float | None:
        face = self._stage.face
        for _ in range(round(ANSWER_S / 0.1)):
            if face.last_shown_at is not None and face.last_shown_at > killed:
                return face.last_shown_at
            self._over.wait(0.1)
        return None

    def _settle(self) -> None:
        """Until nothing is being heard, answered or said."""
        for _ in range(round(LONGEST_S / 0.1)):
            if self._stage.frame.loop.idle or self._over.wait(0.1):
                break
        self._ledger.close()


def minute(stage: Stage, origin: float, offsets: list[tuple[float, float]]) -> dict[str, Any]:
    """The line of a minute: what both processes hold, and totals; `offsets`: picture and sound, ms, since the last."""
    picture, sound = (float(np.median(values)) for values in zip(*offsets, strict=True)) if offsets else (None, None)
    totals = {**stage.ledger.counts, "playback_s": round(stage.ledger.playback_s, 1)}
    t = round((stage.clock.now() - origin) / 60, 2)
    return {"t_min": t, **stage.vitals(), "picture_ms": picture, "sound_ms": sound, "totals": totals}


class Monitor:
    """A thread that writes a line every minute, and compares lips with sound in between."""

    LOOK_S = 2.0

    def __init__(self, stage: Stage, journal: Journal, origin: float, every_s: float = 60.0) -> None:
        self._stage, self._journal, self._origin, self._every_s = stage, journal, origin, every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="monitor", daemon=True)

    def __enter__(self) -> Monitor:
        self._stage.vitals()  # what was drawn while everything was loaded belongs to no minute
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)

    def _run(self) -> None:
        offsets: list[tuple[float, float]] = []
        due = self._origin + self._every_s
        while not self._over.wait(self.LOOK_S):
            now = self._stage.clock.now()
            found = self._stage.lips.measure(now)
            if found is not None:
                offsets.append((found.picture, found.sound))
            if now >= due:
                due += self._every_s
                line = minute(self._stage, self._origin, offsets)
                self._journal.write("minute", line | {"outcomes": self._journal.outcomes()})
                offsets = []
