"""Writes the measured figures into the READMEs: `python docs/figures.py [FILM]`.

Reads docs/measurements/conversation.json, which `python -m tests.scenarios.spoken` wrote, and replaces what stands
between `<!-- figures:NAME -->` and `<!-- /figures -->`: no figure in a README is written by hand.
With the conversation's film, the picture at their top is taken from it, in the midst of the first answer.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHOWN = 7
"""Turns of the conversation that fit on a page."""
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
    """The conversation's first turns, with their latency; its file has them all."""
    lines = ["```"]
    for turn in read("conversation")["turns"][:SHOWN]:
        latency = turn["latency_ms"]
        seconds = f"{latency / 1000:.2f} s" if latency is not None else "-"
        remark = "no memory of it" if turn["abstained"] else ", ".join(turn["evidence"]) or turn["route"]
        lines += [f"you    {turn['heard']}", f"frame  {turn['said']}", f"       [{seconds}; {remark}]", ""]
    return "\n".join([*lines[:-1], "```"])


def latency() -> str:
    """Median and longest latency of each language, and the face's figures."""
    report = read("conversation")
    lines = ["| end of speech to first sound of the answer, s | median | longest | turns |", "|---|---|---|---|"]
    for code, name in (("en", "English"), ("zh", "Chinese")):
        turns = [t["latency_ms"] / 1000 for t in report["turns"] if t["language"] == code and t["latency_ms"]]
        lines.append(f"| {name} | {statistics.median(turns):.2f} | {max(turns):.2f} | {len(turns)} |")
    face, start = report["face"], report["start_s"]
    frame = face["frame_ms"]
    lines += [
        "",
        f"Face: {face['fps']:.1f} fps, a frame takes {frame['p50']:.0f} ms (p99 {frame['p99']:.0f} ms), lips "
        f"{face['sync_ms']:+.0f} ms against the sound. Start to the portrait {start['portrait']:.1f} s, to listening "
        f"{start['listening']:.1f} s.",
    ]
    return "\n".join(lines)


def read(name: str) -> Any:
    """A measurement."""
    return json.loads((MEASURED / f"{name}.json").read_text(encoding="utf-8"))


BLOCKS: dict[str, Callable[[], str]] = {"transcript": transcript, "latency": latency}

if __name__ == "__main__":
    raise SystemExit(main())
