"""Writes the measured figures into the READMEs: `python -m docs.figures` after `imago bench` and `imago converse`.

Reads docs/measurements/{latency,conversation}.json, which those commands wrote, and replaces what stands between
`<!-- figures:NAME -->` and `<!-- /figures -->`. No figure in a README is written by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MEASURED = ROOT / "docs" / "measurements"


def main() -> int:
    """Renews both READMEs."""
    for path in (ROOT / "README.md", ROOT / "README.zh-CN.md"):
        text = path.read_text(encoding="utf-8")
        for name, make in BLOCKS.items():
            text = filled(text, name, make())
        path.write_text(text, encoding="utf-8")
    return 0


def filled(text: str, name: str, block: str) -> str:
    """`text` with `block` between the markers of `name`."""
    pattern = re.compile(rf"(<!-- figures:{name} -->\n).*?(<!-- /figures -->)", re.S)
    return pattern.sub(lambda m: f"{m[1]}{block}\n{m[2]}", text)


def transcript() -> str:
    """The conversation, turn by turn, with its latency."""
    lines = ["```"]
    for turn in read("conversation")["turns"]:
        latency = turn["latency_ms"]
        seconds = f"{latency / 1000:.2f} s" if latency is not None else "-"
        remark = "no memory of it" if turn["abstained"] else ", ".join(turn["evidence"]) or turn["route"]
        lines += [f"you    {turn['heard']}", f"frame  {turn['said']}", f"       [{seconds}; {remark}]", ""]
    return "\n".join([*lines[:-1], "```"])


def latency() -> str:
    """The stages' percentiles, and the face's."""
    report = read("latency")
    rows = [("endpoint certain", "endpoint"), ("transcript", "transcript"), ("first clause", "first_clause")]
    lines = ["| ms after the end of speech | p50 | p95 |", "|---|---|---|"]
    for title, key in rows:
        stage = report["stages_ms"][key]
        lines.append(f"| {title} | {stage['p50']:.0f} | {stage['p95']:.0f} |")
    whole, face = report["latency_ms"], report["face"]
    lines.append(f"| **first sound of the answer** | **{whole['p50']:.0f}** | **{whole['p95']:.0f}** |")
    memory = sum(report["memory_mb"].values())
    machine = report["machine"]
    lines += [
        "",
        f"{report['answered']} of {report['questions']} questions, {machine['cores']} cores {machine['processor']}, "
        f"load before {machine['load_before']}. Face: {face['fps']:.1f} fps, "
        f"a frame takes p99 {face['frame_ms']['p99']:.1f} ms. Memory of both processes {memory:.0f} MB. "
        f"Start to the portrait {report['start_s'].get('portrait', 0):.1f} s, "
        f"to listening {report['start_s']['listening']:.1f} s.",
    ]
    return "\n".join(lines)


def read(name: str) -> Any:
    """A measurement."""
    return json.loads((MEASURED / f"{name}.json").read_text(encoding="utf-8"))


BLOCKS: dict[str, Callable[[], str]] = {"transcript": transcript, "latency": latency}

if __name__ == "__main__":
    raise SystemExit(main())
