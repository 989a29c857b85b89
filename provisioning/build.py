"""From a shoebox to an unpacked persona, as a recipe of timed steps. The same shoebox gives the same persona.

The result takes its final name only when it is whole; a build that was interrupted leaves the persona that was there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from device import registry
from device.errors import BadInput, Missing
from device.mind.memory_file import MemoryRow, Origin
from device.mind.memory_file import build as build_memory
from device.persona.unpacked import load as load_persona
from models_quantized import catalog
from provisioning import wake
from provisioning.embed import EmbedderPool
from provisioning.stories import Story, read_stories

Progress = Callable[[str], None]

RECIPE = "10"
"""Raised when the same shoebox must be built anew because the recipe has changed."""
PORTRAITS = ("portrait.png", "portrait.jpg", "portrait.jpeg")
MORE_PORTRAITS = "portrait_*"
"""Further photographs of the same person: by its name the family says so."""
PICTURES = {".png", ".jpg", ".jpeg"}
STOCK_VOICES = {"en": "piper", "zh": "fastspeech"}
"""Who says the wake phrases that nobody has recorded."""
FILMS = "video"
"""Folder of a shoebox with films of the person."""
KINDS = {"likeness": "likeness", "voice": "voice", "album": "photographs", "consent": "consent"}
"""Folder of the persona -> what its files are, for the manifest."""


def build_unpacked(
    shoebox: Path, out: Path, progress: Progress, persona_id: str = "", face: str = "", films: Sequence[Path] = ()
) -> Path:
    """Builds the persona of `shoebox` into the folder `out`, unless exactly that is there already -> `out`.

    `face` says who in the portrait is meant where there are several: left, middle, right or a number from the left.
    `films` of the person stand beside those in the shoebox's folder `video`; unlike them they must be of use.

    Raises BadInput or Missing for what the shoebox lacks."""
    if not (shoebox / "persona.toml").is_file():
        raise Missing(str(shoebox), expected="a shoebox with persona.toml", got="none")
    _recover(out)
    digest = digest_of(shoebox, face, films)
    if _built(out) == digest:
        return out
    progress(f"building the persona from {shoebox.name} (one or two minutes)")
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        _fill(shoebox, draft, progress, persona_id or id_from(out.name), face, films)
        _manifest(draft, digest)
        _replace(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return out


def id_from(name: str) -> str:
    """A folder's name as a persona's id: lower-case letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64] or "persona"


def digest_of(shoebox: Path, face: str = "", films: Sequence[Path] = ()) -> str:
    """SHA-256 over the names and bytes of all files, the recipe, and whose face is meant. Raises BadInput for a film
    that cannot be read."""
    total = hashlib.sha256(f"{RECIPE}{face}".encode())
    own = [(p.relative_to(shoebox).as_posix(), p) for p in sorted(shoebox.rglob("*")) if p.is_file()]
    for name, path in [*own, *((path.name, path) for path in films)]:
        total.update(name.encode() + b"\0")
        try:
            total.update(_sha256(path))
        except OSError as error:
            raise BadInput(str(path), expected="a file to read", got=error.strerror or str(error)) from None
    return total.hexdigest()


def _sha256(path: Path) -> bytes:
    """Of a file of any size, read in pieces: a family's films are larger than its memory may be."""
    total = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            total.update(piece)
    return total.digest()


def _fill(shoebox: Path, draft: Path, progress: Progress, persona_id: str, face: str, films: Sequence[Path]) -> None:
    steps: list[tuple[str, Callable[[], Any]]] = [
        ("who they are", lambda: _identity(shoebox, draft, persona_id)),
        ("consent", lambda: _consent(shoebox, draft)),
        ("memories", lambda: _memories(shoebox, draft)),
        ("likeness", lambda: _likeness(shoebox, draft, face, films, progress)),
        ("album", lambda: _album(shoebox, draft)),
        ("wake phrases", lambda: _wake(shoebox, draft)),
    ]
    for number, (name, step) in enumerate(steps, 1):
        start = time.monotonic()
        detail = step()
        progress(f"[{number}/{len(steps)}] {name}: {detail} ({time.monotonic() - start:.1f} s)")


def _identity(shoebox: Path, draft: Path, persona_id: str) -> str:
    source = shoebox / "persona.toml"
    try:
        text = source.read_text(encoding="utf-8-sig")
        msgspec.toml.decode(text)
    except (UnicodeDecodeError, msgspec.DecodeError) as error:
        raise BadInput(str(source), expected="TOML in UTF-8", got=str(error)) from None
    (draft / "persona.toml").write_text(f'id = "{persona_id}"\n{text}', encoding="utf-8")
    (draft / "voice").mkdir()
    try:
        return load_persona(draft).file.person.name
    except BadInput as error:  # the family knows its shoebox, not our draft
        raise BadInput(str(source), expected=error.expected, got=error.got, hint=error.hint) from None


def _memories(shoebox: Path, draft: Path) -> str:
    stories = [s for path in sorted(shoebox.glob("stories*.txt")) for s in read_stories(path, shoebox)]
    if not stories:
        raise Missing(str(shoebox), expected="stories.txt", got="no stories")
    build_memory(draft / "memory.sqlite", [_row(s) for s in stories], EmbedderPool())
    languages = sorted({s.language for s in stories})
    return f"{len({s.id for s in stories})} in {' and '.join(languages)}"


def _row(story: Story) -> MemoryRow:
    return MemoryRow(
        id=story.id,
        language=story.language,
        text=story.text,
        question=story.question,
        origin=Origin(source=story.source, line=story.line),
        time_text=story.when,
        time_start=story.when,
        people=story.people,
        place=story.place,
        photo=story.photo,
    )


def _likeness(shoebox: Path, draft: Path, face: str, films: Sequence[Path], progress: Progress) -> str:
    from provisioning.likeness.bake import bake
    from provisioning.likeness.film.read import SUFFIXES

    portrait = next((p for name in PORTRAITS if (p := shoebox / "photos" / name).is_file()), None)
    if portrait is None:
        raise Missing(str(shoebox / "photos"), expected=f"one of {', '.join(PORTRAITS)}", got="none")
    others = [p for p in sorted((shoebox / "photos").glob(MORE_PORTRAITS)) if p.suffix.lower() in PICTURES]
    own = [p for p in sorted((shoebox / FILMS).glob("*")) if p.suffix.lower() in SUFFIXES and p.is_file()]
    tell = _watching(progress)
    report = bake(portrait, draft / "likeness", tell, face=face, others=others, films=films, more_films=own)
    weak = f", {len(report.weak)} remarks in likeness/report.html" if report.weak else ""
    return f"{report.eye_distance:.0f} pixels between the eyes of {portrait.name}{weak}"


def _watching(progress: Progress) -> Callable[[float, str], None]:
    """Says of each film that it is being watched, which takes about as long as the film."""
    told: set[str] = set()

    def tell(share: float, what: str) -> None:
        if what.startswith("watching ") and what not in told:
            told.add(what)
            progress(what)

    return tell


def _album(shoebox: Path, draft: Path) -> str:
    from provisioning import album
    from provisioning.likeness.landmarks import FaceReader

    languages = load_persona(draft).file.person.languages
    return album.build(shoebox, draft / "album", languages, lambda: FaceReader(catalog.verified_path("face-landmarks")))


def _wake(shoebox: Path, draft: Path) -> str:
    """Templates of the wake phrases from text, in the frame's own voices; recordings in wake/ stand beside them."""
    persona = load_persona(draft).file
    phrases = wake.phrases_of(persona)
    if not phrases:
        return "none, for nobody says what it is called"
    spoken = {*persona.person.languages, *map(wake.language_of, phrases)}
    voices: wake.Voices = {code: [registry.make("synthesizer", STOCK_VOICES[code])] for code in sorted(spoken)}
    wake.build(persona, draft / "wake", voices, recorded=wake.recordings_in(shoebox / "wake", persona))
    return ", ".join(phrases)


def _consent(shoebox: Path, draft: Path) -> str:
    source = shoebox / "consent"
    if not source.is_dir():
        raise Missing(str(source), expected="the statements that consent rests on", got="no folder consent")
    shutil.copytree(source, draft / "consent")
    return f"{sum(1 for p in source.iterdir())} statement(s)"


def _manifest(draft: Path, digest: str) -> None:
    files = [
        {
            "path": (name := path.relative_to(draft).as_posix()),
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "kind": KINDS.get(name.split("/")[0], "identity" if name == "persona.toml" else "memory"),
        }
        for path in sorted(p for p in draft.rglob("*") if p.is_file())
    ]
    manifest = {"sources_sha256": digest, "files": files}
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _built(out: Path) -> str:
    """Digest of the sources of what lies in `out`; "" where nothing whole does."""
    try:
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        whole = all((out / f["path"]).stat().st_size == f["size"] for f in manifest["files"])
        return str(manifest["sources_sha256"]) if whole else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _recover(out: Path) -> None:
    """Puts the old persona back where a build was killed just between taking it away and putting the new one there."""
    for old in sorted(out.parent.glob(f".{out.name}.old.*")):
        if out.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.rename(old, out)


def _replace(draft: Path, out: Path) -> None:
    """Puts the new persona in the place of the old one, with no moment in which a reader finds half of either."""
    for path in draft.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    old = out.with_name(f".{out.name}.old.{os.getpid()}")
    if out.exists():
        os.rename(out, old)
    os.rename(draft, out)
    shutil.rmtree(old, ignore_errors=True)
