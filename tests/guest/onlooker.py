"""What a test sees of the frame in the guest: the words on its screen, who is there, what the importer may do."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from device.persona.store.frame_identity import FramePublic, read_public
from tests.guest.guest import Guest

ARRIVAL = "/run/imago/own/imago/arrival.json"
AS_FRAME = (
    "cd /opt/imago && runuser -u imago -- env IMAGO_HOME=/var/lib/imago RUNTIME_DIRECTORY=/run/imago/own "
    "PYTHONPATH=/opt/imago /opt/imago/.venv/bin/python -B"
)
OVER = ("done", "refused", "nothing", "gone")
IMPORT_S = 120.0


class Onlooker:
    """Beside one guest. `tell` is given a line for whoever waits for the test."""

    def __init__(self, guest: Guest, tell: Callable[[str], None]) -> None:
        self.guest = guest
        self.tell = tell
        self._seen = ""

    def frame(self) -> FramePublic:
        """FRAME.pub of the frame, which pairs from now on."""
        self.guest.read(f"{AS_FRAME} -m device pair --export /var/lib/imago/FRAME.pub")
        return read_public(self.guest.read("cat /var/lib/imago/FRAME.pub").encode())

    def arrival(self) -> dict[str, Any]:
        """What the screen says of a stick; empty for nothing."""
        said = self.guest.run(f"cat {ARRIVAL}").out
        return json.loads(said) if said else {}

    def personas(self) -> list[dict[str, Any]]:
        """As `imago personas --json` tells them."""
        told: list[dict[str, Any]] = json.loads(self.guest.read(f"{AS_FRAME} -m device personas --json"))["personas"]
        return told

    def look(self) -> dict[str, Any]:
        """The active persona, read to its last byte (look.py)."""
        told: dict[str, Any] = json.loads(self.guest.read(f"{AS_FRAME} /opt/look.py", 120))
        return told

    def store(self) -> str:
        """Names and SHA-256 of all that the frame keeps of persons and families. What a pulled stick leaves in staging
        is not of it: nobody can read it, and the next import begins by removing it."""
        return self.guest.read(
            "cd /var/lib/imago && find store secrets -type f ! -path 'store/staging/*' -exec sha256sum {} + | sort"
        )

    def pass_trial(self) -> None:
        """The active persona is a good one from now on, as the portrait would say that is not in this guest."""
        script = "from device.persona.store import site, state\nstore = site.store_here()\n"
        self.guest.read(f"{AS_FRAME} -c '{script}with store.writing(): store.change(state.passed)'")

    def busy(self) -> dict[str, Any]:
        """The news of the stick that was put in last; empty while there are none of it."""
        said = self.arrival()
        return said if said and said["stick"] != self._seen else {}

    def until_kept(self) -> None:
        """Until a new pack stands in the store under its own name, which it does before it is the active one."""
        packs = "ls /var/lib/imago/store/packs"
        script = f'before=$({packs}); for n in $(seq 2000); do [ "$({packs})" = "$before" ] || exit 0; sleep 0.02; done'
        assert self.guest.run(f"{script}; exit 1", 90).code == 0, self.guest.journal()

    def until_tenths(self, tenths: int) -> None:
        """Until so many tenths of a pack on the stick that was put in last are checked. Fails where it is over."""
        self._until_said(f'"stage":"checking"*"share":0.[{tenths}-9]')

    def until_done(self) -> None:
        """Until the screen says that a persona on the stick that was put in last has arrived; at that very moment."""
        self._until_said('"stage":"done"')

    def _until_said(self, pattern: str) -> None:
        """Looks in the guest itself, many times a second."""
        ends = " | ".join(f'*\'"stage":"{stage}"\'*' for stage in OVER)
        script = f"""for n in $(seq 3000); do
            said=; read -r said < {ARRIVAL}
            case $said in
                *'"stick":"{self._seen}"'*) ;;
                *{pattern.replace('"', chr(92) + '"')}*) exit 0 ;;
                {ends}) echo "$said"; exit 1 ;;
            esac
            sleep 0.02
        done 2>/dev/null; exit 2"""
        done = self.guest.run(script, 120)
        assert done.code == 0, f"{pattern}: {done.out}\n{self.guest.journal()}"

    def over(self, limit_s: float = IMPORT_S) -> dict[str, Any]:
        """The last news of the stick that was put in last, when all that reads sticks has ended."""
        said = self.guest.until("the end of a stick", self._last, limit_s)
        self._seen = said["stick"]
        self.tell(f"{said['stage']}: {said['en']} {said['zh']}")
        return said

    def units(self, pattern: str) -> list[str]:
        """Names of the units that are active, or on the way."""
        listed = self.guest.read(
            f"systemctl list-units --plain --no-legend --state=active,activating,deactivating '{pattern}'"
        )
        return [line.split()[0] for line in listed.splitlines()]

    def _last(self) -> dict[str, Any]:
        if self.units("imago-stick@*") or self.units("imago-report@*") or self.units("imago-import@*"):
            return {}
        said = self.busy()
        return said if said.get("stage") in OVER and said["safe"] else {}


def with_table(image: Path, kind: int) -> Path:
    """The file system of an image as the only partition of a stick, as they are sold. `kind`: 0x0C FAT32, 7 exFAT."""
    start, size = 2048, image.stat().st_size // 512
    entry = (
        bytes([0, 0xFE, 0xFF, 0xFF, kind, 0xFE, 0xFF, 0xFF]) + start.to_bytes(4, "little") + size.to_bytes(4, "little")
    )
    whole = image.with_suffix(".stick")
    with whole.open("wb") as file:
        file.write(bytes(440) + b"IMGO\0\0" + entry + bytes(48) + b"\x55\xaa")
        file.seek(start * 512)
        file.write(image.read_bytes())
    return whole


def listed(image: Path, offset: int = 0) -> Mapping[str, bytes]:
    """The files at the top of a FAT image, read by mtools."""
    at = f"{image}@@{offset}"
    names = subprocess.run(["mdir", "-b", "-i", at, "::"], capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    found = {}
    for name in (n.strip().removeprefix("::/") for n in names if n.strip() and not n.strip().endswith("/")):
        found[name] = subprocess.run(["mtype", "-i", at, f"::{name}"], capture_output=True, check=True).stdout
    return found
