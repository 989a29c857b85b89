"""Writes the measured figures into the READMEs: `python docs/figures.py [FILM]`.

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

ROOT = Path(__file__).resolve().parent.parent
MEASURED = ROOT / "docs" / "measurements"
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "you": "you    ",
        "frame": "frame  ",
        "unknown": "no memory of it",
        "head": "| end of speech to first sound of the answer, s | p50 | p95 | longest |",
        "both": "English and Chinese",
        "en": "English",
        "zh": "Chinese",
        "rest": (
            "{answered} of {questions} questions answered, {cores} cores, load {load:.1f} before. Silence between two "
            "clauses of an answer: {gap:.0f} ms (p95). Face: {fps:.1f} fps, a frame takes {p50:.0f} ms (p99 "
            "{p99:.0f} ms), lips {sync:+.0f} ms against the sound. Memory of all processes: {memory:.1f} GB. Start to "
            "the portrait {portrait:.1f} s, to listening {listening:.1f} s."
        ),
    },
    "zh": {
        "you": "问  ",
        "frame": "答  ",
        "unknown": "记忆里没有",
        "head": "| 说完话到听见回答，秒 | p50 | p95 | 最长 |",
        "both": "英文和中文",
        "en": "英文",
        "zh": "中文",
        "rest": (
            "{questions} 个问题答了 {answered} 个；{cores} 个核心，之前的负载 {load:.1f}。"
            "一段回答里两个小句之间的空白：{gap:.0f} 毫秒（p95）。"
            "脸：每秒 {fps:.1f} 帧，一帧 {p50:.0f} 毫秒（p99 {p99:.0f} 毫秒），口形与声音相差 {sync:+.0f} 毫秒。"
            "全部进程的内存：{memory:.1f} GB。启动到看见肖像 {portrait:.1f} 秒，到开始听 {listening:.1f} 秒。"
        ),
    },
}


INTERRUPTIONS = {
    "en": (
        "In a simulated room (loudspeaker at 0.5 m, person at 1 m, kitchen noise): {stopped} of {interruptions} "
        "remarks into its answers stopped it, with silence {p50:.0f} ms (p50) and {p95:.0f} ms (p95) after the "
        "person began; {stopped_by_them} of {listeners_sounds} listener's sounds did; it sank its voice {false} times "
        "for nothing in "
        "{playback:.0f} s of speaking."
    ),
    "zh": (
        "在模拟的房间里（扬声器 0.5 米，人 1 米，有厨房的声音）：对着它的回答说的 {interruptions} 句话，"
        "有 {stopped} 句让它停下，从人开口到安静 {p50:.0f} 毫秒（p50）、{p95:.0f} 毫秒（p95）；"
        "{listeners_sounds} 次附和声里有 {stopped_by_them} 次误停；它说了 {playback:.0f} 秒，白白压低过 {false} 次。"
    ),
}


def main() -> int:
    """Renews both READMEs, and with a film the picture."""
    if len(sys.argv) > 1:
        picture(Path(sys.argv[1]))
    for code, path in READMES.items():
        text = path.read_text(encoding="utf-8")
        for name, make in BLOCKS.items():
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
    """What `imago bench barge-in` found."""
    result = read("barge-in")
    summary, times = result["summary"], result["summary"]["stop_ms"]
    return INTERRUPTIONS[code].format(
        false=result["false_ducks"],
        playback=result["playback_s"],
        p50=times["p50"] or 0,
        p95=times["p95"] or 0,
        **summary,
    )


def read(name: str) -> Any:
    """A measurement."""
    return json.loads((MEASURED / f"{name}.json").read_text(encoding="utf-8"))


BLOCKS: dict[str, Callable[[str], str]] = {
    "transcript": transcript,
    "latency": latency,
    "interruptions": interruptions,
}

if __name__ == "__main__":
    raise SystemExit(main())
