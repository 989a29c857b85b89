"""Writes the measured figures into the READMEs: `python -m docs.figures [FILM]`.

Reads docs/measurements/conversation.json, which `python -m tests.scenarios.spoken` wrote, and latency.json, which
`imago bench latency --out docs/measurements` wrote, and replaces what stands between `<!-- figures:NAME -->` and
`<!-- /figures -->`: no figure in a README is written by hand. With the conversation's film, the picture at their top is
taken from it, in the midst of the first answer.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from device.bench.statistics import percentiles
from device.schema import read_toml

ROOT = Path(__file__).resolve().parent.parent
MEASURED = ROOT / "docs" / "measurements"
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}

WORDS: dict[str, dict[str, Any]] = read_toml(ROOT / "docs" / "figures.toml")
"""Sentences by language."""


def main() -> int:
    """Renews both READMEs, and with a film the picture."""
    if len(sys.argv) > 1:
        picture(Path(sys.argv[1]))
    for code, path in READMES.items():
        text = path.read_text(encoding="utf-8")
        for name, make in BLOCKS.items():
            if f"<!-- figures:{name} -->" in text:
                text = filled(text, name, make(code))
        path.write_text(text, encoding="utf-8")
    return 0


def picture(film: Path) -> None:
    """The frame 1.4 s after the first sound of the first answer."""
    import av

    at = read("conversation")["turns"][0]["timings_ms"]["first_audio"] / 1000 + 1.4
    with av.open(str(film)) as container:
        frame = next(f for f in container.decode(video=0) if float(f.pts * f.time_base) >= at)
    target = ROOT / "docs" / "pictures" / "conversation.jpg"
    target.parent.mkdir(exist_ok=True)
    frame.to_image().save(target, quality=90)


def filled(text: str, name: str, block: str) -> str:
    """`text` with `block` between the markers of `name`."""
    pattern = re.compile(rf"(<!-- figures:{name} -->\n).*?(<!-- /figures -->)", re.S)
    return pattern.sub(lambda m: f"{m[1]}{block}\n{m[2]}", text)


def transcript(code: str) -> str:
    """The conversation's turns in the README's language and one in the other, with their latency; its file has all."""
    turns = read("conversation")["turns"]
    shown = [t for t in turns if t["language"] == code] + [t for t in turns if t["language"] != code][:1]
    words, lines = WORDS[code], ["```"]
    for turn in shown:
        latency = turn["latency_ms"]
        seconds = f"{latency / 1000:.2f} s" if latency is not None else "-"
        remark = words["unknown"] if turn["abstained"] else ", ".join(turn["evidence"]) or turn["route"]
        indent = " " * (7 if code == "en" else 4)
        lines += [words["you"] + turn["heard"], words["frame"] + turn["said"], f"{indent}[{seconds}; {remark}]", ""]
    return "\n".join([*lines[:-1], "```"])


def latency(code: str) -> str:
    """Percentiles of `imago bench latency`, and what was measured with them."""
    report, words = read("latency"), WORDS[code]
    lines = [words["head"], "|---|---|---|---|"]
    rows = [("both", report["latency_ms"]), *report["latency_ms_by_language"].items()]
    for name, p in rows:
        lines.append(f"| {words[name]} | {p['p50'] / 1000:.2f} | {p['p95'] / 1000:.2f} | {p['max'] / 1000:.2f} |")
    face = report["face"]
    rest = words["rest"].format(
        answered=report["answered"],
        questions=report["questions"],
        cores=report["machine"]["cores"],
        load=report["machine"]["load_before"],
        gap=report["gaps_ms"]["p95"],
        fps=face["fps"],
        p50=face["frame_ms"]["p50"],
        p99=face["frame_ms"]["p99"],
        sync=read("conversation")["face"]["sync_ms"],
        memory=report["memory_mb"]["total"] / 1000,
        **report["start_s"],
    )
    return "\n".join([*lines, "", rest])


def interruptions(code: str) -> str:
    """What `imago bench barge-in` and `imago bench own-voice` found."""
    result, words = read("barge-in"), WORDS[code]
    summary, times = result["summary"], result["summary"]["stop_ms"]
    lines = [
        words["interruptions"].format(
            false=result["false_ducks"],
            playback=result["playback_s"],
            p50=times["p50"] or 0,
            p95=times["p95"] or 0,
            **summary,
        )
    ]
    if alone := read("own-voice"):
        counts = {what: alone[what]["events"] for what in ("lowered", "believed", "stopped")}
        stopped = alone["stopped"]
        rates = {"per_h": stopped["per_h"], "at_most": stopped["per_h_95"][1]}
        lines.append(words["alone"].format(hours=alone["playback_h"], rooms=len(alone["rooms"]), **counts, **rates))
    return "\n".join(lines)


def cut_ins(code: str) -> str:
    """What `imago bench cut-ins` and `imago bench idle` found."""
    cut, idle = read("cut-ins")["cut_off"], read("idle")
    low, high = cut["share_95"]
    told = WORDS[code]["cut_ins"].format(of=cut["of"], cut=cut["cut"], share=cut["share"], low=low, high=high)
    return told + "\n" + WORDS[code]["idle"].format(fps=idle["face"]["fps"], share=idle["core_share"])


def wake(code: str) -> str:
    """What `imago bench wake` found."""
    result = read("wake")
    chosen = result["chosen"]
    low, high = chosen["false_rejects_95"]
    return WORDS[code]["wake"].format(
        calls=result["calls"],
        speakers=len(result["speakers"]),
        rejects=chosen["false_rejects"],
        low=low,
        high=high,
        accepts=chosen["false_accepts"],
        hours=result["hours"],
        at_most=chosen["false_accepts_95"][1],
        delay=result["delay_ms"]["woken"]["p50"] / 1000,
    )


def peer(code: str) -> str:
    """The same questions to `python -m tests.peers.compare`."""
    theirs, ours, words = read("peer"), read("latency"), WORDS[code]
    packages = ", ".join(f"{name} {version}" for name, version in theirs["packages"].items())
    ours_turns = [t for t in ours["turns"] if t["language"] == "en" and t["where"] == "into the microphone"]
    english = [t["latency_ms"] for t in ours_turns]
    asked = f"{sum(t is not None for t in english)} / {len(english)}"
    rows = [
        (words["peer_ours"].format(fps=ours["face"]["fps"]), percentiles(english), asked),
        (
            words["peer_theirs"].format(packages=packages),
            theirs["latency_ms"],
            f"{theirs['answered']} / {theirs['questions']}",
        ),
    ]
    lines = [words["peer_head"], "|---|---|---|---|"]
    return "\n".join(lines + [f"| {n} | {p['p50'] / 1000:.2f} | {p['p95'] / 1000:.2f} | {a} |" for n, p, a in rows])


def read(name: str) -> Any:
    """A measurement."""
    return json.loads((MEASURED / f"{name}.json").read_text(encoding="utf-8"))


def face(code: str) -> str:
    """What `imago bench face` found."""
    result = read("face")
    lips, album = result["lips"], result["album"][0]
    speaking = {c["size"]: c for c in result["costs"] if c["what"] == "portrait, speaking" and c["wanted_fps"] == 30}
    half, full = speaking["1280x720"], speaking["1920x1080"]
    return WORDS[code]["face"].format(
        p99=half["p99_ms"],
        core=half["core_share"],
        p99_1080=full["p99_ms"],
        core_1080=full["core_share"],
        minutes=lips["seconds"] / 60,
        offset=lips["offset_ms"],
        drift=lips["drift_ms"],
        shut=lips["closures"]["seen_shut"],
        of=lips["closures"]["p_b_m"],
        photographs=album["photographs"],
        longest=album["longest_ms"],
        memory=album["memory_mb"],
    ) + identity(code)


def identity(code: str) -> str:
    """What `python -m tests.scenarios.identity` found."""
    result = read("identity")
    rows, strangers = result["photographs"], result["two_persons"]
    return WORDS[code]["identity"].format(
        photographs=len(rows),
        poses=result["poses"],
        cosine=min(min(row["least_cosine"].values()) for row in rows),
        distance=max(max(row["greatest_distance"].values()) for row in rows),
        same=result["one_person_below"],
        stranger_cosine=strangers["cosine"],
        stranger_distance=strangers["distance"],
    )


def importing(code: str) -> str:
    """What `imago bench import` found."""
    result = read("import")
    steps = result["steps"]
    return WORDS[code]["import"].format(
        gb=result["gb"],
        rounds=result["rounds"],
        sha=steps["sha256sum"]["s"],
        verify=steps["verify"]["s"],
        verify_ratio=steps["verify"]["ratio"],
        whole=steps["import"]["s"],
        ratio=steps["import"]["ratio"],
        memory=max(step["mb"] for step in steps.values()),
    )


def stick(code: str) -> str:
    """What `python -m docs.stick_demo` showed."""
    words = WORDS[code]
    rows = [
        f"| {words['tried'].get(row['tried'], row['tried'])} | {row['said'][code]} | {row['persona']} |"
        for row in read("stick")
    ]
    return "\n".join([words["stick_head"], "|---|---|---|", *rows])


def provisioning(code: str) -> str:
    """What `python -m docs.provisioning_speed` found; a part that was not measured is left out."""
    words = WORDS[code]
    if not (MEASURED / "provisioning.json").is_file():
        return str(words["provisioning_none"])
    told = read("provisioning")
    lines = [
        words[f"provisioning_{part}"].format(**worded(told[part], words))
        for part in ("messages", "photos", "audio", "demo", "family")
        if part in told
    ]
    some = next(iter(told.values()), None)
    return "\n".join([*lines, words["provisioning_machine"].format(**some["machine"])] if some else lines)


def worded(figures: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    """A part's figures as sentences want them: minutes beside seconds, an extrapolation called one."""
    more: dict[str, Any] = {k: figures[k]["seconds"] for k in ("one_letter", "unchanged") if k in figures}
    whole = words["provisioning_extrapolated"].format(full=figures["full_size_s"] / 60)
    rest = whole if figures["extrapolated"] else ""
    return {**figures, **more, "spent": figures["seconds"] / 60, "rest": rest}


BLOCKS: dict[str, Callable[[str], str]] = {
    "transcript": transcript,
    "latency": latency,
    "interruptions": interruptions,
    "cut-ins": cut_ins,
    "wake": wake,
    "peer": peer,
    "face": face,
    "import": importing,
    "stick": stick,
    "provisioning": provisioning,
}

if __name__ == "__main__":
    raise SystemExit(main())
