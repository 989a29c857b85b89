"""An importer that speaks the importer's protocol and keeps what it was given: `python importer.py FOLDER`.

What is in a file decides what it says: "busy", "refuse", "die", "babble", "mute" and "early" make it behave so; all
else is installed. Needs nothing but Python, so that it starts quickly.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path

REFUSED = {
    "ok": False,
    "error": "BadInput",
    "code": "damaged.chunk",
    "subject": "pack",
    "expected": "x",
    "got": "y",
    "hint": "",
    "en": "The file on the stick is damaged. Please copy it to the stick again.",
    "zh": "U盘里的文件损坏了，请重新拷贝一次。",
}


def say(**words: object) -> None:
    print(json.dumps(words, ensure_ascii=False), flush=True)


def main(folder: Path) -> int:
    first = sys.stdin.buffer.read1(65536)
    total = len(first)
    if not first or first.startswith(b"early"):
        say(**REFUSED)
        return 3
    if first.startswith(b"babble"):
        print("Traceback", flush=True)
        return 1
    if first.startswith(b"mute"):
        time.sleep(600)
    whole, seen = hashlib.sha256(first), first
    while part := sys.stdin.buffer.read1(65536):
        whole.update(part)
        total += len(part)
        seen = (seen + part)[:65536]
        say(stage="checking", done=total, total=total * 2)
    with (folder / "took").open("a") as log:
        log.write(f"{total} {whole.hexdigest()} {seen[:3].decode('latin-1')}\n")
    if seen.startswith(b"die"):
        return 9
    if seen.startswith(b"refuse"):
        say(**REFUSED)
        return 3
    say(stage="keeping", done=total, total=total)
    name = hashlib.sha256(seen).hexdigest()[:4]
    say(ok=True, did="installed", persona=f"p-{name}", name=name, digest=whole.hexdigest(), family_code="",
        removed=[], left=[], en=f"{name} is here now.", zh=f"{name}来了。")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
