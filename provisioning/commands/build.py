"""``imago-provision build SHOEBOX``: from a shoebox to a pack for a frame, or to an unpacked persona."""

from __future__ import annotations

import argparse
import hashlib
import time
from pathlib import Path
from typing import Any

import msgspec

from device import config, registry
from device.errors import BadInput, Missing, Usage
from device.persona.pack.consent import Consent
from device.persona.pack.manifest import Grant
from device.persona.store.frame_identity import FramePublic, read_public
from device.persona.unpacked import PersonaFile
from device.persona.unpacked import load as load_persona
from device.schema import convert, read_toml
from provisioning.building.executor import MakeExecutor, ProcessExecutor
from provisioning.building.on_ray import RayExecutor
from provisioning.commands.output import bar, progress

Agreed = tuple[Consent, Path | None]
"""What was agreed to, and the recording that travels with it."""


def add_parser(subparsers: Any) -> None:
    """Adds ``build`` to the command line."""
    build = subparsers.add_parser("build", help="build a persona from a shoebox")
    build.add_argument("shoebox", type=Path, metavar="SHOEBOX")
    build.add_argument("--out", type=Path, metavar="P.imago", help="write a pack, signed and encrypted")
    build.add_argument("--key", type=Path, action="append", default=[], metavar="OWNER.key", help="who signs it")
    build.add_argument("--for", dest="frames", type=Path, action="append", default=[], metavar="FRAME.pub",
                       help="a frame that shall open it")  # fmt: skip
    build.add_argument(
        "--code", default="", metavar="DIGITS", help="stop unless FRAME.pub is of the frame that shows them"
    )
    build.add_argument("--id", default="", metavar="ID", help="of the persona; left out, it is made from the name")
    build.add_argument("--epoch", type=int, default=0, metavar="N", help="raise it to bring an older persona back")
    build.add_argument(
        "--counter", type=int, metavar="N", help="number of the pack; left out, the time in milliseconds"
    )
    build.add_argument("--unpacked", type=Path, metavar="DIR", help="leave the persona unpacked here")
    build.add_argument("--face", default="", metavar="WHO", help="of several faces: left, middle, right or a number")
    build.add_argument(
        "--network", type=Path, metavar="FOLDER", help="ONNX files of a portrait network for the likeness"
    )
    add_workers(build)
    build.add_argument("--video", type=Path, action="append", default=[], metavar="FILM",
                       help="a further film of the person, beside those in SHOEBOX/video")  # fmt: skip


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Who does the work: the same result, sooner."""
    parser.add_argument("--cores", type=int, metavar="N", help="processes at once; left out, one for each core")
    parser.add_argument("--ray", default="", metavar="ADDRESS", help="a Ray cluster; its machines see the same folders")


def executor_of(options: argparse.Namespace) -> MakeExecutor:
    """What `--cores` and `--ray` ask for. Raises Usage."""
    if options.cores is not None and options.cores < 1:
        raise Usage("--cores", expected="a number from 1", got=str(options.cores))
    if options.ray:
        return lambda folder: RayExecutor(folder, options.ray, options.cores)
    return lambda folder: ProcessExecutor(folder, options.cores)


def run(options: argparse.Namespace) -> int:
    """Builds; with `--out`, packs."""
    from provisioning.build import build_unpacked
    from provisioning.commands.models import fetch_missing

    if not (options.out or options.unpacked):
        raise Usage("build", expected="--out P.imago or --unpacked DIR", got="neither")
    if options.out and not (options.key and options.frames):
        raise Usage("build", expected="--key OWNER.key and --for FRAME.pub beside --out", got="one of them missing")
    frames = [read_frame(path) for path in options.frames]  # before minutes of work
    check_codes(frames, options.code)
    keys = open_keys(options.key)
    name = options.id or ("" if options.unpacked else id_of(options.shoebox))
    fetch_missing()
    agreed = check_consent(options.shoebox, name or "unnamed") if options.out else None
    folder = options.unpacked or built_folder(options.shoebox, name)
    build_unpacked(
        options.shoebox,
        folder,
        progress,
        persona_id=name,
        face=options.face,
        network=options.network,
        films=options.video,
        executor=executor_of(options),
    )
    if agreed is not None:
        write_pack(options, folder, keys, frames, agreed)
    return 0


def id_of(shoebox: Path) -> str:
    """An id for the person of a shoebox: the name in Latin letters, the year of birth. Raises Missing or BadInput."""
    from pypinyin import lazy_pinyin

    from provisioning.build import id_from

    file = read_persona(shoebox, "unnamed")
    year = str(file.person.born or "")[:4]
    first, *rest = lazy_pinyin(file.person.name)  # the family name stands first in Chinese; others come as one word
    return id_from("-".join(filter(None, [first, "".join(rest), year])))


def read_persona(shoebox: Path, name: str) -> PersonaFile:
    """The shoebox's persona.toml. Raises Missing or BadInput."""
    path = shoebox / "persona.toml"
    return convert({**read_toml(path), "id": name}, PersonaFile, str(path))


def check_consent(shoebox: Path, name: str) -> Agreed:
    """What was agreed to. Raises what a frame would raise, before minutes of work rather than after."""
    from provisioning import consent

    agreed, recording = consent.agreed(read_persona(shoebox, name), shoebox, hear)
    consent.judge(agreed, ("likeness", "photographs") if (shoebox / "photos").is_dir() else ("likeness",))
    return agreed, recording


def built_folder(shoebox: Path, name: str) -> Path:
    """Where a shoebox's persona is kept between two builds, so that what has not changed is not built again."""
    place = hashlib.sha256(str(shoebox.resolve()).encode()).hexdigest()[:12]
    return config.cache() / "built" / f"{name}-{place}"


def read_frame(path: Path) -> FramePublic:
    """A FRAME.pub. Raises Missing or BadInput."""
    try:
        return read_public(path.read_bytes()[:16384])
    except FileNotFoundError:
        hint = "on the frame: imago pair --export FRAME.pub"
        raise Missing(str(path), expected="a frame's file", got="none", hint=hint) from None
    except OSError as error:
        raise BadInput(str(path), expected="a frame's file", got=error.strerror or str(error)) from None


def check_codes(frames: list[FramePublic], code: str) -> None:
    """Says which codes must stand on the frames' screens. Raises BadInput where one that was given does not match."""
    for frame in frames:
        progress(f"the frame's screen must show / 相框上应显示: {frame.code}")
    digits = "".join(c for c in code if c.isdigit())
    if digits and digits not in {frame.code.replace(" ", "") for frame in frames}:
        hint = "do not use this file: it is not of the frame that you stood before"
        raise BadInput("FRAME.pub", expected=f"code {code}", got=", ".join(frame.code for frame in frames), hint=hint)


def open_keys(paths: list[Path]) -> list[Any]:
    """Owners' keys. Raises Missing, BadInput or Refused."""
    from provisioning.keys import load, passphrase

    keys = [load(path, passphrase(f"{path.name}: passphrase / 口令")) for path in paths]
    if len({key.family.id for key in keys}) > 1:
        raise BadInput("--key", expected="owners of one family", got="of several")
    return keys


def write_pack(
    options: argparse.Namespace, folder: Path, keys: list[Any], frames: list[FramePublic], consented: Agreed
) -> None:
    """Consent, plan, bytes. Raises what a frame would raise, before anything is encrypted."""
    from device.persona.pack.consent import read_consent
    from models_quantized import catalog
    from provisioning import pack

    persona, (agreed, recording) = load_persona(folder), consented
    agreed = msgspec.structs.replace(agreed, persona=persona.id)
    family = max((key.family for key in keys), key=lambda family: family.root.version)
    models = {}
    if (folder / "wake").is_dir():
        models["wake-phrase"] = catalog.load().find("wake-phrase").files[0].sha256
    plan = pack.plan(folder, family, persona.file.person.name, agreed, models, needs_of(folder), recording)
    read_consent(plan.consent, plan.manifest, agreed.serial)
    counter = int(time.time() * 1000) if options.counter is None else options.counter
    order = pack.Order(tuple(frames), options.epoch, counter)
    signing = {key.public: key.signing.sign for key in keys}
    with bar("packing") as tell:
        told = pack.write(plan, order, family, agreed.serial, signing, options.out, tell)
    lacking = family.root.threshold - len(keys)
    more = f"; {lacking} more relative(s) must sign it: imago-provision sign" if lacking > 0 else ""
    progress(f"{options.out}: {persona.id}, {told.length / 1e6:.1f} MB for {len(frames)} frame(s){more}")
    if told.introduction is not None:
        progress(f"the frame will show your family's code / 相框会显示您家的号码: {family.code(frames[0].id)}")


def needs_of(folder: Path) -> dict[str, tuple[Grant, ...]]:
    """Grants that files of a built persona need beyond their kinds': a memory made of letters needs theirs."""
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=dict[str, Any])
    return msgspec.convert(manifest.get("needs", {}), dict[str, tuple[Grant, ...]])


def hear(recording: Path, language: str) -> str:
    """What is said in a declaration, by the frame's own transcriber. Raises Missing for its model."""
    from models_quantized import catalog
    from provisioning.recordings import load

    transcriber = registry.make("transcriber", "whisper", model=catalog.verified_dir("transcriber"), names=())
    return str(transcriber.transcribe(load(recording), (language,)).text)
