"""The whole way of a persona on a stick, shown: `python -m docs.stick_demo [--out DIR]`.

Makes a family's keys, pairs a frame, builds the demo persona into packs, writes them to a FAT32 image, mounts it as a
stick and lets the frame take it; then pulls the stick out in the middle, tampers, replays, tries strangers' packs and
packs for other frames, and withdraws consent. Prints what happened as a table, and writes it to DIR/stick.json.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from device.clock import SystemClock
from device.persona.stick import arrival
from tests.support.sticks import Mounted, fat32_stick

ROOT = Path(__file__).resolve().parent.parent
SHOEBOX = ROOT / "demo" / "shoebox"
PYTHON = [sys.executable, "-m"]
MORE = 12
"""Photographs of some 4 MB."""
NOTHING = {"en": "(nothing)", "zh": "（什么也没说）"}
PASSPHRASE = "the river is wide"


@dataclass(frozen=True)
class Row:
    """One thing that was tried."""

    tried: str
    said: dict[str, str]
    """By language"""
    persona: str
    """What the frame was afterwards"""
    seconds: float
    right: bool


@dataclass
class Show:
    """A desk with a family's keys and sticks, and a frame."""

    place: Path
    rows: list[Row] = field(default_factory=list)

    @property
    def env(self) -> dict[str, str]:
        """For the frame's and the family's commands."""
        told = {"IMAGO_HOME": str(self.place / "frame"), "IMAGO_PASSPHRASE": PASSPHRASE}
        return {**os.environ, **told, "XDG_RUNTIME_DIR": "", "TPM2TOOLS_TCTI": ""}

    def run(self, module: str, *words: object, home: str = "frame", may_fail: bool = False) -> str:
        """A command's standard output."""
        env = {**self.env, "IMAGO_HOME": str(self.place / home)}
        command = [*PYTHON, module, *map(str, words)]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        if done.returncode and not may_fail:
            raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
        return done.stdout

    def build(
        self, name: str, *more: object, key: str = "OWNER.key", frame: str = "FRAME.pub", shoebox: Path = SHOEBOX
    ) -> Path:
        """A pack of the demo persona."""
        out = self.place / name
        self.run("provisioning", "build", shoebox, "--out", out, "--key", self.place / key,
                 "--for", self.place / frame, *more)  # fmt: skip
        return out

    def persona(self) -> str:
        """The one that the frame is, with the beginning of its pack's digest."""
        told = json.loads(self.run("device", "personas", "--json"))["personas"]
        return next((f"{p['id']} {p['running'][:8]}" for p in told if p["active"]), "nobody")

    def plug_in(
        self, tried: str, files: dict[str, Path], expected: Callable[[str, str], bool], at: float = 1.0
    ) -> None:
        """A stick with these files; pulled out after the share `at` of its bytes was read. `expected` judges what the
        frame said and whose it is then."""
        before = self.persona()
        with fat32_stick(self.desk(), {name: path.read_bytes() for name, path in files.items()}) as stick:
            begin = SystemClock().now()
            command = [*PYTHON, "device", "stick", str(stick.root), "--json"]
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            if at < 1.0:
                self._wait_for(at, process, stick)
                stick.pull()
            out, _ = process.communicate(timeout=120)
            took = SystemClock().now() - begin
        said = {code: self._last_words(out, code) for code in NOTHING}
        after = self.persona()
        now = after if after != before else f"{after} as before"
        self.rows.append(Row(tried, said, now, round(took, 1), expected(said["en"], now)))
        show(self.rows[-1])

    def desk(self) -> Path:
        """A folder for one stick more."""
        folder = self.place / f"stick{len(self.rows)}"
        folder.mkdir()
        return folder

    def _wait_for(self, share: float, process: subprocess.Popen[str], stick: Mounted) -> None:
        """Until so much was read, from a stick that is as slow as an old one."""
        os.environ["XDG_RUNTIME_DIR"] = ""
        where = arrival.path()
        while process.poll() is None:
            told = arrival.hear(where) if where else None
            if told is not None and told.stage == "checking" and told.share >= share:
                return
            for signal_, seconds in ((signal.SIGSTOP, 0.05), (signal.SIGCONT, 0.004)):
                stick.driver.send_signal(signal_)
                time.sleep(seconds)

    def _last_words(self, out: str, code: str) -> str:
        """What the frame said at last."""
        told = json.loads(out.splitlines()[-1])
        return " ".join(file.get(code, "") for file in told["files"]) or NOTHING[code]


def show(row: Row) -> None:
    """One row as it comes."""
    mark = "✓" if row.right else "✗ NOT AS IT SHOULD BE"
    said = "\n    ".join(row.said.values())
    print(f"{mark} {row.tried}\n    {said}\n    [{row.persona}; {row.seconds} s]", flush=True)


def with_more_photographs(shoebox: Path) -> Path:
    """The demo's shoebox with enough more in it that a stick can be pulled out in the middle."""
    shutil.copytree(SHOEBOX, shoebox)
    chance = np.random.default_rng(1)
    for number in range(MORE):
        noise = chance.integers(0, 256, (1500, 2000, 3), np.uint8)
        Image.fromarray(noise).save(shoebox / "photos" / f"holiday{number}.jpg", quality=95)
    return shoebox


def kept(said: str, now: str) -> bool:
    """Nothing has changed."""
    return now.endswith("as before")


def tampered(pack: Path, out: Path) -> Path:
    """One bit of it is another one."""
    data = bytearray(pack.read_bytes())
    data[len(data) * 2 // 3] ^= 4
    out.write_bytes(bytes(data))
    return out


def play(scene: Show) -> None:
    """All of it, in its order."""
    place = scene.place
    scene.run("provisioning", "key", "new", place / "OWNER.key")
    scene.run("provisioning", "key", "new", place / "STRANGER.key")
    scene.run("device", "pair", "--export", place / "FRAME.pub")
    scene.run("device", "pair", "--export", place / "OTHER.pub", home="other-frame")
    first = scene.build("first.imago", "--counter", 1)
    second = scene.build("second.imago", "--counter", 2, shoebox=with_more_photographs(place / "shoebox"))
    stranger = scene.build("stranger.imago", key="STRANGER.key")
    elsewhere = scene.build("elsewhere.imago", frame="OTHER.pub")
    photograph = SHOEBOX / "photos" / "kite.jpg"
    plug = scene.plug_in
    plug("a family's first stick, with photographs beside", {"grandpa.imago": first, "kite.jpg": photograph},
         lambda said, now: not kept(said, now))  # fmt: skip
    plug("pulled out in the middle", {"grandpa.imago": second}, kept, at=0.3)
    plug("one bit is another one", {"grandpa.imago": tampered(second, place / "tampered.imago")}, kept)
    plug("half of the file", {"grandpa.imago": cut(second, place / "cut.imago")}, kept)
    plug("a stranger's pack", {"grandpa.imago": stranger}, kept)
    plug("another frame's pack", {"grandpa.imago": elsewhere}, kept)
    plug("a newer one", {"grandpa.imago": second}, lambda said, now: not kept(said, now))
    plug("the old one again", {"grandpa.imago": first}, kept)
    plug("several on one stick", {"a.imago": first, "b.imago": second, "c.imago": stranger}, kept)
    plug("a stick for somebody else", {"letter.txt": ROOT / "README.md"}, kept)
    order = place / "gone.imago-order"
    scene.run("provisioning", "revoke", identity(scene), "--key", place / "OWNER.key", "--out", order)
    plug("consent is withdrawn", {"gone.imago-order": order}, lambda said, now: now == "nobody")
    third = scene.build("third.imago", "--counter", 3)
    plug("the same consent again", {"grandpa.imago": third}, kept)


def cut(pack: Path, out: Path) -> Path:
    """Its first half."""
    data = pack.read_bytes()
    out.write_bytes(data[: len(data) // 2])
    return out


def identity(scene: Show) -> str:
    """The demo persona's id on the frame."""
    told: list[dict[str, Any]] = json.loads(scene.run("device", "personas", "--json"))["personas"]
    return str(told[0]["id"])


def main() -> int:
    """0 where everything happened as it should."""
    parser = argparse.ArgumentParser(description="A persona on a stick, from keys to the withdrawal of consent.")
    parser.add_argument("--out", type=Path, metavar="DIR", help="leave stick.json here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="imago-stick-") as folder:
        scene = Show(Path(folder))
        play(scene)
    wrong = [row for row in scene.rows if not row.right]
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        told = json.dumps([asdict(row) for row in scene.rows], ensure_ascii=False, indent=1)
        (options.out / "stick.json").write_text(told + "\n", encoding="utf-8")
    print(f"{len(scene.rows) - len(wrong)} of {len(scene.rows)} as they should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
