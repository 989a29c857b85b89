"""What is in a pack: each file with its size, SHA-256 and kind, what it needs of a frame, and the rules for names.

It is signed apart from the envelope, inside the encryption, so that nobody can put their own signature around somebody
else's content.
"""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath
from typing import Annotated, Literal

import msgspec

from device.persona.pack.archive import span, split
from device.persona.pack.envelope import LONGEST
from device.persona.pack.family import Hex32, Hex64
from device.persona.pack.refusal import refusal
from device.persona.pack.strict_json import LARGEST, read
from device.persona.unpacked import Id

FILE = "manifest.json"
CONSENT = "consent/consent.json"
MAX_BYTES = 8 << 20
MOST_FILES = 20_000
"""An album of ten thousand photographs, twice."""
MOST_OPENED = 512 << 20
"""Bytes of those files that an opened persona has in RAM."""
LARGE = frozenset({".jpg", ".jpeg", ".webp", ".wav", ".flac", ".ogg", ".opus", ".webm"})
"""Suffixes of those that stay in the store."""
LONGEST_PATH = 255
DEEPEST = 8
API = 1
"""Of the personas that this frame runs."""
EXTENSIONS: frozenset[str] = frozenset()

Kind = Literal["consent", "identity", "memory", "likeness", "voice", "photographs", "letters", "chats", "wake"]
Grant = Literal["likeness", "voice", "letters", "chats", "photographs"]
GRANT_OF: dict[Kind, Grant] = {
    "likeness": "likeness",
    "voice": "voice",
    "photographs": "photographs",
    "letters": "letters",
    "chats": "chats",
}
"""What must have been granted for a file of a kind; what is not here is the family's own telling."""
FOLDERS: dict[str, Kind] = {
    "consent": "consent",
    "likeness": "likeness",
    "voice": "voice",
    "album": "photographs",
    "letters": "letters",
    "chats": "chats",
    "wake": "wake",
}
"""Folder -> kind: a portrait cannot travel as a letter. Files in no folder are FILES."""
FILES: dict[str, Kind] = {"persona.toml": "identity", "memory.sqlite": "memory"}
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))},
)
"""Names that are devices on some systems, whatever follows their first dot."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file."""

    path: str
    size: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
    sha256: Hex64
    kind: Kind
    needs: tuple[Grant, ...] = ()
    """Grants beyond its kind's: a memory made of letters needs theirs"""


class Manifest(msgspec.Struct, frozen=True):
    """All of `manifest.json`."""

    pack: Hex32
    """The envelope's"""
    series: Hex32
    persona: Id
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    consent_sha256: Hex64
    files: tuple[Entry, ...]
    api: tuple[int, int] = (API, API)
    """The oldest and the newest kind of frame software that runs it"""
    models: dict[str, Hex64] = {}
    """Role -> SHA-256 of a model that its contents were made with, and that a frame must have"""
    critical: tuple[str, ...] = ()

    def entry(self, path: str) -> Entry | None:
        """The file called so."""
        return next((entry for entry in self.files if entry.path == path), None)


def read_manifest(content: bytes) -> Manifest:
    """The payload of a signed manifest. Raises BadInput naming the first rule that it breaks."""
    manifest = read(content, Manifest, "manifest")
    unknown = set(manifest.critical) - EXTENSIONS
    if unknown:
        raise refusal("device.critical", "extensions that this frame knows", ", ".join(sorted(unknown))[:80])
    if len(manifest.files) > MOST_FILES:
        raise refusal("malformed.file-count", f"at most {MOST_FILES} files", f"{len(manifest.files)}")
    for entry in manifest.files:
        check_path(entry.path)
        if kind_of(entry.path) != entry.kind:
            raise refusal("malformed.kind", f"{entry.path} as {kind_of(entry.path)}", entry.kind)
    _check_collisions(manifest)
    if sum(span(entry.size) for entry in manifest.files) > LONGEST:
        raise refusal("malformed.archive-size", f"files of up to {LONGEST} bytes in all", "more")
    opened = sum(entry.size for entry in manifest.files if not stays(entry))
    if opened > MOST_OPENED:
        asked = f"at most {MOST_OPENED >> 20} MB beside photographs and recordings"
        raise refusal("malformed.budget", asked, f"{opened >> 20} MB")
    if not manifest.files or manifest.files[0].path != CONSENT:
        raise refusal(
            "consent.none", f"{CONSENT} as the first file", "none" if not manifest.entry(CONSENT) else "later"
        )
    if manifest.files[0].sha256 != manifest.consent_sha256:
        raise refusal("consent.digest", "the consent that was signed", "another")
    if manifest.entry("persona.toml") is None:
        raise refusal("malformed.file-missing", "persona.toml", "none")
    return manifest


def stays(entry: Entry) -> bool:
    """Whether a file is read from the store each time; a likeness is not, the screen's process reads it as it is."""
    return PurePosixPath(entry.path).suffix.lower() in LARGE and entry.kind != "likeness"


def kind_of(path: str) -> Kind | None:
    """What a file is by where it lies; None where nothing may lie."""
    folder, slash, _ = path.partition("/")
    return FOLDERS.get(folder) if slash else FILES.get(path)


def check_path(path: str) -> None:
    """Raises BadInput for a name that some system would take for another, or for more than a name."""
    shown = ascii(path[:60])
    raw = path.encode("utf-8", "surrogatepass")
    if not path or len(raw) > LONGEST_PATH:
        raise refusal("malformed.path-long", f"a path of 1 to {LONGEST_PATH} bytes", f"{len(raw)} bytes")
    if path.startswith("/"):
        raise refusal("malformed.path-absolute", "a path within the persona", shown)
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in path):
        raise refusal("malformed.path-character", "letters that can be seen", shown)
    if unicodedata.normalize("NFC", path) != path:
        raise refusal("malformed.path-form", "names in NFC", shown)
    if set(path) & set('\\:*?"<>|'):
        raise refusal("malformed.path-character", "names that every system allows", shown)
    parts = path.split("/")
    if ".." in parts or "." in parts or "" in parts:
        raise refusal("malformed.path-dots", "a path without . and ..", shown)
    if len(parts) > DEEPEST:
        raise refusal("malformed.path-deep", f"at most {DEEPEST - 1} folders", shown)
    for part in parts:
        if part.startswith(".") or part != part.strip(" .") or folded(part.split(".")[0]).strip() in RESERVED:
            raise refusal("malformed.path-reserved", "names that every system allows", shown)
    split(path)


def folded(path: str) -> str:
    """What two names have in common that some file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", path).casefold())


def _check_collisions(manifest: Manifest) -> None:
    """Neither two files, nor two folders, nor a file and a folder that some file system takes for one."""
    files: set[str] = set()
    names: dict[str, str] = {}
    for entry in manifest.files:
        if entry.path in files:
            raise refusal("malformed.path-twice", "each name once", ascii(entry.path[:60]))
        files.add(entry.path)
        for path in (entry.path, *parents(entry.path)):
            other = names.setdefault(folded(path), path)
            if other != path:
                raise refusal("malformed.path-case", "each name once", f"{path[:60]!a} and {other[:60]!a}")
    for path in files:
        if not files.isdisjoint(parents(path)):
            raise refusal("malformed.path-case", "no file where a folder is", ascii(path[:60]))


def parents(path: str) -> list[str]:
    """The folders that a file lies in."""
    parts = path.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts))]


def check_runnable(manifest: Manifest, have: dict[str, frozenset[str]]) -> None:
    """Raises Missing where this frame's software or models do not do; `have`: role -> SHA-256 of the models that are
    here."""
    oldest, newest = manifest.api
    if not oldest <= API <= newest:
        code, hint = (
            ("device.runtime-old", "update the frame's software") if oldest > API else ("device.runtime-new", "")
        )
        raise refusal(code, f"software of version {oldest} to {newest}", f"version {API}", hint)
    for role, sha256 in sorted(manifest.models.items()):
        if sha256 not in have.get(role, frozenset()):
            hint = "update the frame's models"
            raise refusal("device.model", f"the model {sha256[:12]} as {role[:40]}", "another or none", hint)
