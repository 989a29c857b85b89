"""Writes the measured figures into the READMEs: `python docs/figures.py [FILM]`.

Reads docs/measurements/{latency,conversation}.json, which `imago bench latency` and `imago converse` wrote, and
replaces what stands between `<!-- figures:NAME -->` and `<!-- /figures -->`: no figure in a README is written by hand.
With the conversation's film, the picture at their top is taken from it, in the midst of the first answer.
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


def main() -> int:
    """Renews both READMEs, and with a film the picture."""
    if len(sys.argv) > 1:
        picture(Path(sys.argv[1]))
    for path in (ROOT / "README.md", ROOT / "README.zh-CN.md"):
        text = path.read_text(encoding="utf-8")
        for name, make in BLOCKS.items():
            text = filled(text, name, make())
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
