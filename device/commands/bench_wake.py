"""``imago bench wake``: calls, and hours without any, through the frame's own ears: how many are missed or invented."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from device import app, config, registry
from device.bench import report as report_page
from device.bench import wake_material, wake_sounds
from device.bench.own_voice import OWN, spoken
from device.bench.wake import MOST_SENSITIVE, Measurement
from device.bench.wake_path import Engines, WakePath
from device.bench.wake_sounds import NAMED, Pool
from device.bench.wake_voices import Kept, Set, Voice, voices
from device.commands.output import progress, results_folder, write_json
from device.ears.overheard import understand
from device.ears.wake_phrase import TemplateWake
from device.errors import Missing, Usage
from device.mind import memory_file
from device.persona.unpacked import Persona
from device.ports import Pcm, Transcriber
from device.wake import templates
from device.wake.embedding import SpeechEmbedding
from models_quantized import catalog

SEEDS: dict[Set, int] = {"tuning": 1, "test": 2}
EVERY = 30
"""Pieces (of a minute) after which the report is written anew."""
NAMED_SHARE = 0.05
"""Of the hours without a call, on top: talk in which the name is said."""
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


def run(persona: Persona, options: argparse.Namespace) -> int:
    """Measures, prints, and writes wake.json and wake.html."""
    if not 0.0 <= options.hours <= MOST_HOURS:
        raise Usage("hours", expected=f"0 to {MOST_HOURS:g}", got=f"{options.hours:g}")
    if options.calls < 0 or not (options.calls or options.hours):
        raise Usage("calls", expected="0 or more, and something to hear", got=str(options.calls))
    names = app.names(persona)
    path, phrases = wake_path(persona, names)
    measurement = Measurement(path)
    amounts = wake_material.Amounts(calls=options.calls)
    speak = keeping(config.cache() / "bench-wake")
    pool, callers = material(persona, options.set, amounts, names, speak)
    conditions = {
        "load_before": round(os.getloadavg()[0], 2),
        "cores": os.cpu_count(),
        "set": options.set,
        "phrases": [p for of in phrases.values() for p in of],
        "speakers": [f"{v.name} ({v.language}, {v.engine})" for v in callers],
        "pool_min": {code: round(sum(len(s.pcm) for s in said) / 16000 / 60, 1) for code, said in pool.talk.items()},
    }

    def write(complete: bool) -> dict[str, Any]:
        result = {"complete": complete, **conditions, **measurement.report()}
        if options.out:
            out = results_folder(options.out)
            write_json(out / "wake.json", result)
            page(out / "wake.html", result)
        return result

    for number, call in enumerate(wake_material.calls(callers, phrases, SEEDS[options.set], amounts, pool, speak), 1):
        measurement.call(call)
        if number % (10 * EVERY) == 0:
            progress(f"{number} calls")
    hear_nobody(measurement, tuple(phrases), options, pool, write)
    result = write(True)
    print(json.dumps(result, ensure_ascii=False) if options.json else table(result))
    return 0


def wake_path(persona: Persona, names: Sequence[str]) -> tuple[WakePath, dict[str, list[str]]]:
    """The frame's ears for this persona, the phrases' engine at its most sensitive, and its phrases by language.

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
        TemplateWake(enrolled, embedding.frames, MOST_SENSITIVE),
        lambda job: understand(transcriber, job, persona.languages, names),
        registry.make("echo_canceller", "webrtc"),
    )
    phrases: dict[str, list[str]] = {}
    for phrase in enrolled.phrases:
        phrases.setdefault("zh" if any("\u3400" <= c <= "\u9fff" for c in phrase) else "en", []).append(phrase)
    return WakePath(engines), phrases


def material(
    persona: Persona, which: Set, amounts: wake_material.Amounts, names: Sequence[str], speak: wake_material.Speak
) -> tuple[Pool, list[Voice]]:
    """What is said meanwhile, and who may say it."""
    callers = voices(which, persona.languages)
    progress(f"{len(callers)} voices say what is needed (some minutes the first time)")
    talk, named = wake_material.talk(callers, which, stories(persona), names, amounts, speak)
    own = [
        pcm
        for code in persona.file.person.languages
        for pcm in spoken(app.load_voice(persona, code), [*OWN[code], *OWN_NAMES[code]])
    ]
    return Pool(talk, own, named), callers


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


def hear_nobody(
    measurement: Measurement,
    languages: Sequence[str],
    options: argparse.Namespace,
    pool: Pool,
    write: Callable[[bool], Any],
) -> None:
    """Hours without a call, and some in which the name is only mentioned."""
    seed = SEEDS[options.set]
    for number, piece in enumerate(wake_sounds.pieces(options.hours, languages, seed, pool), 1):
        measurement.piece(piece)
        if number % EVERY == 0:
            progress(f"{measurement.hours:.2f} h: {write(False)['chosen']['false_accepts']} false accepts")
    for number in range(round(NAMED_SHARE * options.hours * 3600 / wake_sounds.PIECE_S) if pool.named else 0):
        random = np.random.default_rng((seed, 1_000_000 + number))
        measurement.piece(wake_sounds.piece(NAMED, random, pool))


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
        f"of the set {result['set']!r} whom enrolment did not have; without a call {minutes} of speech were said again in "
        "other rooms, at other speeds, levels and places, in another order and with other noise."
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
