"""The table [consent] of a shoebox's persona.toml, changed step by step; every other byte of the file stays."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from device.errors import BadInput, ImagoError, Missing
from device.persona.pack.manifest import Grant
from device.persona.unpacked import PersonaFile
from device.schema import convert
from provisioning import consent, recordings
from provisioning.review import files

PERSONA = "persona.toml"
GRANTS: tuple[Grant, ...] = ("likeness", "voice", "letters", "chats", "photographs")
FOLDER = "consent"
MAX_EVIDENCE = 64 << 20
_NAME = re.compile(r"[\w][\w .()-]{0,120}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a frame would say now."""

    good: bool
    expected: str = ""
    got: str = ""
    code: str = ""
    """Of the rule that refuses it"""


def persona_of(shoebox: Path) -> PersonaFile:
    """The shoebox's persona.toml. Raises Missing or BadInput."""
    path = shoebox / PERSONA
    if not path.is_file():
        raise Missing(PERSONA, expected="a shoebox with persona.toml", got="none", hint="imago-provision new SHOEBOX")
    return convert({"id": "unnamed", **files.plain(files.toml(path))}, PersonaFile, PERSONA)


def shown(shoebox: Path) -> str:
    """Digest of the table, for a page that shows it."""
    return files.digest(files.entry(shoebox / PERSONA, ("consent",)))


def change(shoebox: Path, values: dict[str, Any], seen: str) -> None:
    """Sets keys of [consent]. Raises BadInput for what a persona.toml cannot say, Stale where somebody was quicker."""
    path = shoebox / PERSONA
    with files.locked(shoebox):
        if shown(shoebox) != seen:
            raise files.Stale("consent")
        document = files.toml(path)
        table: Any = document.setdefault("consent", {})
        for key, value in values.items():
            if table.get(key) != value:
                table[key] = value
        told = {"id": "unnamed", **files.plain(document)}
        convert(told, PersonaFile, PERSONA)
        files.write_toml(path, document)


def evidence(shoebox: Path) -> tuple[str, ...]:
    """Files that lie in the folder consent, as persona.toml names them."""
    found = sorted(p for p in (shoebox / FOLDER).glob("*") if p.is_file() and not p.name.startswith("."))
    own = {Path(consent.SENTENCE).name, "consent.json"}
    return tuple(f"{FOLDER}/{p.name}" for p in found if p.name not in own and not p.name.startswith("declaration"))


def keep_evidence(shoebox: Path, name: str, content: bytes) -> str:
    """A copy of a document in the folder consent, never over another one -> its name. Raises BadInput."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not _NAME.fullmatch(base) or base.endswith("."):
        raise BadInput("file", expected="a plain file name", got=base[:80] or "none")
    if not 0 < len(content) <= MAX_EVIDENCE:
        raise BadInput(base, expected=f"1 byte to {MAX_EVIDENCE >> 20} MiB", got=f"{len(content)} bytes")
    path = _free(shoebox / FOLDER / base, content)
    if not path.exists():
        files.write(path, content)
    return f"{FOLDER}/{path.name}"


def keep_declaration(shoebox: Path, sound: bytes, suffix: str) -> str:
    """What a browser recorded, as WAV in the folder consent, never over another one -> its name. Raises BadInput."""
    draft = shoebox / FOLDER / f".declaration{suffix}"
    try:
        files.write(draft, sound)
        samples = recordings.load(draft)
    finally:
        draft.unlink(missing_ok=True)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    path = _free(shoebox / FOLDER / "declaration.wav", out.getvalue())
    files.write(path, out.getvalue())
    return f"{FOLDER}/{path.name}"


def outcome(shoebox: Path, hear: Callable[[Path, str], str], kinds: Sequence[Grant]) -> Outcome:
    """What a frame would say of the consent as it stands, for a persona with files of these kinds."""
    try:
        file = persona_of(shoebox)
        consent.judge(consent.agreed(file, shoebox, hear)[0], kinds)
    except ImagoError as error:
        return Outcome(False, error.expected, error.got, error.code)
    return Outcome(True)


def _free(path: Path, content: bytes) -> Path:
    """The path, with a number where another file has its name."""
    numbered = [path, *(path.with_stem(f"{path.stem}-{n}") for n in range(2, 1000))]
    for candidate in numbered:
        if not candidate.exists() or candidate.read_bytes() == content:
            return candidate
    raise BadInput(path.name, expected="a free name", got="a thousand files of that name")
