"""``imago bench wake``: calls, and hours without any, through the frame's own ears: how many are missed or invented."""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from device import app, config, registry
from device.bench import report as report_page
from device.bench import wake_material, wake_sounds
from device.bench.own_voice import OWN, spoken
from device.bench.parts import Key, Parts, fingerprint
from device.bench.wake import Heard, Measurement, Tally, hear_call, hear_piece
from device.bench.wake_path import Engines, WakePath
from device.bench.wake_sounds import NAMED, NEARLY, Pool
from device.bench.wake_voices import Kept, Set, Voice, voices
from device.commands.output import progress, results_folder, write_json
from device.ears.overheard import understand
from device.ears.wake_phrase import SENSITIVITY, TemplateWake
from device.errors import Missing, Usage
from device.mind import memory_file
from device.persona.unpacked import Persona
from device.ports import MIC_RATE, Pcm, Transcriber
from device.wake import templates
from device.wake.embedding import SpeechEmbedding
from models_quantized import catalog

SEEDS: dict[Set, int] = {"tuning": 1, "test": 2}
EVERY = 40
"""Calls, or pieces of a minute, after which the report is written anew."""
MOST_JOBS = 64
PIECE = "piece"
"""First of the key of what is no call; those have a condition there."""
DECIDES = ("ears", "wake", "conversation", "bench")
"""Packages that a result depends on."""
APART_SHARE = 0.05
"""Of the hours without a call, on top, for each kind that is counted apart."""
MOST_HOURS = 100.0
OWN_NAMES = {
    "en": ("Your grandpa never learned to swim.", "Hello, said I, and she said hello."),
    "zh": ("外公年轻的时候不会游泳。", "我说你好，她也说你好。"),
}
"""What the frame says of itself: it must not be called by that."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What only this measurement needs."""
    parser.add_argument("--hours", type=float, default=0.5, metavar="H", help="of sound without a call (0.5)")
    parser.add_argument("--calls", type=int, default=4, metavar="N", help="in each condition and language (4)")
    parser.add_argument("--set", choices=("test", "tuning"), default="test", help="of speakers and sentences (test)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes that share the work (1)")
    parser.add_argument("--resume", action="store_true", help="go on with what the same code did before it was stopped")


@dataclass(frozen=True, slots=True)
class Plan:
    """What every process that takes part must know."""

    persona: Persona
    which: Set
    cast: tuple[Voice, ...]
    amounts: wake_material.Amounts
    folder: Path
    """Where sayings are kept."""


class Work:
    """One process: the frame's ears, and everything that they are to hear."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._speak = keeping(plan.folder)
        names = app.names(plan.persona)
        self._path, self.phrases = wake_path(plan.persona, names)
        self.pool = material(plan, names, self._speak)

    def do(self, key: Key) -> Heard | Tally | None:
        """What becomes of a call, or of a piece without one."""
        if key[0] == PIECE:
            return self.piece((int(key[1]), str(key[2])))
        return self.call((str(key[0]), str(key[1]), int(key[2])))

    def call(self, plan: wake_material.Plan) -> Heard | None:
        """What becomes of a call."""
        seed = SEEDS[self.plan.which]
        call = wake_material.called_by(plan, self.plan.cast, self.phrases, seed, self.pool, self._speak)
        return None if call is None else hear_call(self._path, call)

    def piece(self, numbered: tuple[int, str]) -> Tally:
        """What becomes of a piece of this number and kind."""
        number, kind = numbered
        random = np.random.default_rng((SEEDS[self.plan.which], number))
        return hear_piece(self._path, wake_sounds.piece(kind, random, self.pool))


def run(
    persona: Persona,
    options: argparse.Namespace,
    cast: Sequence[Voice] | None = None,
    amounts: wake_material.Amounts | None = None,
) -> int:
    """Measures, prints, and writes wake.json and wake.html. `cast`: other speakers than the set's."""
    _check(options)
    callers = tuple(cast if cast is not None else voices(options.set, persona.languages))
    amounts = replace(amounts or wake_material.Amounts(), calls=options.calls)
    progress(f"{len(callers)} voices say what is needed (some minutes the first time)")
    work = Work(Plan(persona, options.set, callers, amounts, config.cache() / "bench-wake"))
    conditions, measurement = described(work), Measurement()

    def written(complete: bool) -> dict[str, Any]:
        result = {"complete": complete, **conditions, **measurement.report()}
        if options.out:
            out = results_folder(options.out)
            write_json(out / "wake.json", result)
            page(out / "wake.html", result)
        return result

    parts = kept(work.plan, options)
    for number, heard in enumerate(results(work, options.hours, options.jobs, parts), 1):
        measurement.add(heard)
        if number % EVERY == 0:
            chosen = written(False)["chosen"]
            missed, of = round((chosen["false_rejects"] or 0) * chosen["of"]), chosen["of"]
            progress(f"{missed} of {of} calls missed, {chosen['false_accepts']} false in {measurement.hours:.2f} h")
    result = written(True)
    print(json.dumps(result, ensure_ascii=False) if options.json else table(result))
    return 0


def _check(options: argparse.Namespace) -> None:
    """Raises Usage."""
    if not 0.0 <= options.hours <= MOST_HOURS:
        raise Usage("hours", expected=f"0 to {MOST_HOURS:g}", got=f"{options.hours:g}")
    if options.calls < 0 or not (options.calls or options.hours):
        raise Usage("calls", expected="0 or more, and something to hear", got=str(options.calls))
    if not 1 <= options.jobs <= MOST_JOBS:
        raise Usage("jobs", expected=f"1 to {MOST_JOBS}", got=str(options.jobs))


def described(work: Work) -> dict[str, Any]:
    """Under which conditions it is measured."""
    return {
        "load_before": round(os.getloadavg()[0], 2),
        "cores": os.cpu_count(),
        "set": work.plan.which,
        "phrases": [p for of in work.phrases.values() for p in of],
        "speakers": [f"{v.name} ({v.language}, {v.engine})" for v in work.plan.cast],
        "pool_min": {c: round(sum(len(s.pcm) for s in said) / MIC_RATE / 60, 1) for c, said in work.pool.talk.items()},
    }


def kept(plan: Plan, options: argparse.Namespace) -> Parts[Heard | Tally]:
    """Where the results of this measurement are kept while it lasts."""
    enrolled = (plan.persona.folder / "wake" / templates.FILE).read_bytes()
    conditions = (plan.which, plan.cast, plan.amounts, options.hours, hashlib.sha256(enrolled).hexdigest())
    name = f"parts-{fingerprint(DECIDES, conditions)}.jsonl"
    return Parts(plan.folder / name, {"Heard": Heard, "Tally": Tally}, options.resume)


def results(work: Work, hours: float, jobs: int, parts: Parts[Heard | Tally]) -> Iterator[Heard | Tally]:
    """What becomes of everything, as it is done; `jobs` processes at a time. What is done already comes first."""
    keys = to_do(work, hours)
    yield from [parts.done[key] for key in keys if key in parts.done]
    for key, result in _done([key for key in keys if key not in parts.done], work, jobs):
        if result is not None:
            parts.add(key, result)
            yield result


def to_do(work: Work, hours: float) -> list[Key]:
    """All calls, then all pieces without one."""
    own_voice, kinds = bool(work.pool.own), list[str]()
    languages = [code for code, said in work.pool.talk.items() if said]
    calls: list[Key] = list(wake_material.plans(work.phrases, work.plan.amounts, own_voice))
    if languages:
        kinds = list(wake_sounds.kinds(hours, languages, own_voice))
        apart = round(APART_SHARE * len(kinds))
        kinds += [NAMED] * apart * bool(work.pool.named) + [NEARLY] * apart * bool(work.pool.nearly)
    return calls + [(PIECE, number, kind) for number, kind in enumerate(kinds)]


def _done(keys: Sequence[Key], work: Work, jobs: int) -> Iterator[tuple[Key, Heard | Tally | None]]:
    if jobs == 1:
        yield from ((key, work.do(key)) for key in keys)
        return
    # Not forked: the engines' threads would be missing in the copy.
    with multiprocessing.get_context("spawn").Pool(jobs, _begin, (work.plan,)) as pool:
        yield from pool.imap_unordered(_do, keys, 2)


_WORK: list[Work] = []
"""Of this process, where it was started to take part."""


def _begin(plan: Plan) -> None:
    _WORK.append(Work(plan))


def _do(key: Key) -> tuple[Key, Heard | Tally | None]:
    return key, _WORK[0].do(key)


def wake_path(persona: Persona, names: Sequence[str]) -> tuple[WakePath, dict[str, list[str]]]:
    """The frame's ears for this persona, and its phrases by language.

    Raises Missing where none were enrolled."""
    file = persona.folder / "wake" / templates.FILE
    if not file.is_file():
        raise Missing(str(file), expected="enrolled wake phrases", got="no file", hint="build the persona again")
    enrolled = templates.parse(file.read_bytes(), str(file))
    embedding = SpeechEmbedding(catalog.verified_path("wake-phrase"))
    transcriber: Transcriber = app.load_transcriber(persona)
    engines = Engines(
        registry.make("speech_detector", "silero"),
        app.load_turn_end(),
        TemplateWake(enrolled, embedding.frames, SENSITIVITY),
        lambda job: understand(transcriber, job, persona.languages, names),
    )
    phrases: dict[str, list[str]] = {}
    for phrase in enrolled.phrases:
        phrases.setdefault(wake_material.language_of(phrase), []).append(phrase)
    return WakePath(engines), phrases


def material(plan: Plan, names: Sequence[str], speak: wake_material.Speak) -> Pool:
    """What is said while nobody calls."""
    persona = plan.persona
    talk, named, nearly = wake_material.talk(plan.cast, plan.which, stories(persona), names, plan.amounts, speak)
    own = [
        pcm
        for code in persona.file.person.languages
        for pcm in spoken(app.load_voice(persona, code), [*OWN[code], *OWN_NAMES[code]])
    ]
    return Pool(talk, own, named, nearly)


def keeping(folder: Path) -> wake_material.Speak:
    """Voices that are opened when they are first needed, and whose sayings are kept in `folder`."""
    opened: dict[str, Kept] = {}

    def speak(voice: Voice, text: str) -> Pcm:
        return opened.setdefault(repr(voice), Kept(voice, folder))(text)

    return speak


def stories(persona: Persona) -> dict[str, list[str]]:
    """The persona's memories by language: what is talked about around this frame."""
    if "memory" in persona.missing:
        return {}
    told: dict[str, list[str]] = {}
    with closing(memory_file.connect(persona.memory_path)) as connection:
        for row in memory_file.read_rows(connection):
            told.setdefault(row.language, []).append(row.text)
    return told


def page(path: Path, result: dict[str, Any]) -> None:
    """The measurement to look at."""
    curve = [(p["false_accepts_per_h"] or 0.0, p["false_rejects"] or 0.0) for p in result["curve"]]
    chosen = result["chosen"]
    report_page.write(
        path,
        f"Called by name: {', '.join(result['phrases'])}",
        remark(result),
        rows(result),
        {
            "As the thresholds move; at 0 false accepts the curve stands at 0.05": report_page.tradeoff(
                curve, (chosen["false_accepts_per_h"] or 0.0, chosen["false_rejects"] or 0.0)
            )
        },
    )


def remark(result: dict[str, Any]) -> str:
    """Under which conditions."""
    chosen, delay = result["chosen"], result["delay_ms"]["woken"]
    minutes = ", ".join(f"{minutes} min {code}" for code, minutes in result["pool_min"].items())
    return (
        f"{result['calls']} calls: {_percent(chosen, 'false_rejects')} missed. {result['hours']:.2f} h without a call: "
        f"{chosen['false_accepts']} false accepts, {chosen['false_accepts_per_h']} an hour (95 %: "
        f"{_span(chosen['false_accepts_95'])}). From the phrase's end to being called p50 {delay['p50']} ms, p95 "
        f"{delay['p95']} ms, computing time included. All speech is synthetic, by {len(result['speakers'])} speakers "
        f"of the set {result['set']!r} whom enrolment did not have; without a call {minutes} of speech were said again "
        "in other rooms, at other speeds, levels and places, in another order and with other noise."
    )


def rows(result: dict[str, Any]) -> list[list[Any]]:
    """Conditions, then kinds of sound without a call."""
    table: list[list[Any]] = [["", "of", "missed", "95 %", "not proposed"]]
    for name, row in (result["conditions"] | result["languages"] | result["voices"]).items():
        table.append(
            [
                name,
                row["of"],
                _percent(row, "false_rejects", False),
                _span(row["false_rejects_95"], 100),
                _percent(row, "not_proposed", False),
            ]
        )
    table.append(["", "hours", "false accepts", "per hour, 95 %", "computing, s/h"])
    for name, row in result["kinds"].items():
        cpu = ", ".join(f"{part} {seconds}" for part, seconds in row["cpu_s_per_h"].items())
        table.append([name, row["hours"], row["false_accepts"], _span(row["false_accepts_95"]), cpu])
    return table


def _percent(row: dict[str, Any], what: str, interval: bool = True) -> str:
    if row[what] is None:
        return "-"
    return f"{100 * row[what]:.1f} %" + (f" (95 %: {_span(row[what + '_95'], 100)})" if interval else "")


def _span(interval: Sequence[float] | None, factor: float = 1.0) -> str:
    return "-" if interval is None else f"{factor * interval[0]:.1f} to {factor * interval[1]:.1f}"


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    lines = [f"{row[0]!s:26}{row[1]!s:>8}{row[2]!s:>15}{row[3]!s:>18}  {row[4]}" for row in rows(result)]
    return "\n".join([remark(result), *lines])
