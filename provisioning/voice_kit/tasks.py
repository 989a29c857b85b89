"""The voice kit's pieces of work. A recording is heard as a whole by `hear`, or by one `hear_piece` for each five
minutes and a `join`; `style` searches, which takes minutes; `kit` makes the persona's voice/.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from provisioning.building.task import Options
from provisioning.voice_kit.heard import Recording

VERSIONS = {"hear": 2, "hear_piece": 2, "join": 1, "style": 1, "kit": 1}
"""Raised when one gives something else for the same inputs."""
RECORDING = "recording.json"
SOUND = "sound.opus"
PIECE = "piece.json"


def pieces(path: Path, told: str) -> int:
    """How many `hear_piece` a recording needs; 1 also where it cannot be read, which `hear` will tell of."""
    from device.errors import BadInput
    from provisioning.voice_kit import sound
    from provisioning.voice_kit.pieces import count

    try:
        return count(sound.seconds(path, told))
    except BadInput:
        return 1


def hear(inputs: Mapping[str, Path], options: Options, out: Path) -> None:
    """{"recording": file} -> recording.json and sound.opus (none where there is no sound). Options: told, and if known
    date, date_confidence, names (how people and places are written), languages."""
    from provisioning.voice_kit import recording

    heard = recording.piece(inputs["recording"], options["told"], 0, True, _engines(options), _languages(options))
    _write_recording(inputs["recording"], [heard], options, out)


def hear_piece(inputs: Mapping[str, Path], options: Options, out: Path) -> None:
    """{"recording": file} -> piece.json. Options as for `hear`, and piece (number from 0), pieces (how many)."""
    from provisioning.voice_kit import recording

    number, last = int(options["piece"]), int(options["piece"]) == int(options["pieces"]) - 1
    using, languages = _engines(options), _languages(options)
    heard = recording.piece(inputs["recording"], options["told"], number, last, using, languages)
    _write(out / PIECE, heard)


def join(inputs: Mapping[str, Path], options: Options, out: Path) -> None:
    """{"recording": file, and the folder of every `hear_piece`, by any name} -> as `hear`."""
    from provisioning.voice_kit.recording import Piece

    folders = [path for name, path in sorted(inputs.items()) if name != "recording"]
    heard = [msgspec.json.decode((folder / PIECE).read_bytes(), type=Piece) for folder in folders]
    _write_recording(inputs["recording"], heard, options, out)


def style(inputs: Mapping[str, Path], options: Options, out: Path) -> None:
    """The folder of a `kit` without a style, as "kit" -> style.npy and style.json: Kokoro's style that is most like the
    person. Options: rounds. Nothing is written where there are too few clips."""
    from provisioning.voice_kit import kit_files

    kit_files.search_style(inputs["kit"], int(options.get("rounds", 6)), out)


def kit(inputs: Mapping[str, Path], options: Options, out: Path) -> None:
    """The folders of all `hear` or `join`, by any names; optionally "style" (the folder of a `style`), "piper_model"
    and "piper_settings" (a Piper voice trained elsewhere) -> voice/ as in a persona, voices.json (who speaks, and who
    is taken for the person), measures.json, ab/. Options: person (marks: recording, at), languages."""
    from provisioning.voice_kit import kit_files

    kit_files.make(inputs, options.get("person", ()), _languages(options), out)


def _engines(options: Options) -> Any:
    from provisioning.voice_kit import hear as hearing

    return hearing.engines(tuple(options.get("names", ())))


def _languages(options: Options) -> tuple[str, ...]:
    return tuple(options.get("languages", ("en", "zh")))


def _write_recording(path: Path, heard: Any, options: Options, out: Path) -> None:
    from provisioning.voice_kit import recording

    told = options["told"]
    seconds = recording.kept(path, told, out / SOUND)
    date = recording.dated(path, told, options.get("date", ""), float(options.get("date_confidence", 0.0)))
    made: Recording = recording.joined(path, told, heard, seconds, date)
    _write(out / RECORDING, made)


def _write(path: Path, told: msgspec.Struct) -> None:
    path.write_bytes(msgspec.json.encode(told, order="deterministic"))
