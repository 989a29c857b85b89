"""The voice kit's folder, from the folders of what was heard."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from device.persona import voice_file
from device.persona.voice_file import Language, Original, Spoken
from device.ports import MIC_RATE, Pcm
from provisioning.voice_kit import compare, encoder, hear, originals, piper_voice, stock, style, style_search
from provisioning.voice_kit import kit as kits
from provisioning.voice_kit.heard import Recording
from provisioning.voice_kit.kit import Kit
from provisioning.voice_kit.measure import Measures
from provisioning.voice_kit.person import Mark, passages_of
from provisioning.voice_kit.vectors import unit

VOICE = "voice"
STRANGER_CLIPS = 6
"""Of all other people together."""
OTHERS = ("style", "piper_model", "piper_settings")


def make(inputs: Mapping[str, Path], marks: Sequence[Mapping[str, Any]], languages: Sequence[str], out: Path) -> None:
    """voice/, voices.json, measures.json and ab/ in `out`. Raises BadInput for a Piper voice that is none."""
    wanted: list[Language] = [code for code in ("en", "zh") if code in languages]
    folders = {name: path for name, path in inputs.items() if name not in OTHERS}
    kit = kits.cut(folders, out / VOICE, [msgspec.convert(mark, Mark) for mark in marks])
    _write(out / "voices.json", kit.known)
    using, judging = hear.engines(), encoder.held_out()
    kits.bend(kit, wanted, using.encoder, judging)
    styled = _styled(inputs.get("style"))
    made = compare.say(kit, wanted, styled)
    told = compare.measures(kit, made, using, judging, _strangers(kit, folders))
    if styled is not None and not _speaks(kit, inputs["style"], told):
        told = msgspec.structs.replace(
            told, notes=(*told.notes, "zh: the style that was searched is not the best voice")
        )
    if "piper_model" in inputs:
        language, spoken = piper_voice.take(inputs["piper_model"], inputs["piper_settings"], kit.voice)
        kit.languages[language] = spoken
    kits.write(kit)
    _write(out / "measures.json", told)
    compare.write_pairs(kit, wanted, styled, out / "ab")


def search_style(folder: Path, rounds: int, out: Path) -> None:
    """Searches Kokoro's style for the person whose kit is in `folder`."""
    voice = folder / VOICE
    index = msgspec.json.decode((voice / voice_file.ORIGINALS).read_bytes(), type=list[Original])
    kept, held = (half[: compare.MOST_CLIPS] for half in kits.halves(index))
    if len(kept) < compare.LEAST_CLIPS or len(held) < compare.LEAST_CLIPS:
        return
    scoring, judging = encoder.first(), encoder.held_out()
    target = unit(np.mean([scoring.embed(kits.pcm_of(voice, c)) for c in kept], axis=0))
    wanted = unit(np.mean([judging.embed(kits.pcm_of(voice, c)) for c in held], axis=0))
    kokoro = stock.kokoro()
    style.write(style_search.search(kokoro, scoring, target, judging, wanted, rounds), out)


def _styled(folder: Path | None) -> style.Styled | None:
    """Kokoro with the style that was searched, if one was."""
    if folder is None or not (folder / style.STYLE).is_file():
        return None
    found, told = style.read(folder)
    return style.Styled(found, told.pitch)


def _speaks(kit: Kit, folder: Path, measured: Measures) -> bool:
    """Whether the persona speaks Chinese with the style: where the encoder that takes no part heard a gain, and hears
    the person in it rather than in the stock voice, bent or not. Then it is put into voice/."""
    _, told = style.read(folder)
    likes = measured.held_out.voices if measured.held_out else {}
    others = [likes.get(f"{name}-zh", 0.0) for name in ("stock", "manner")]
    if not told.gained or likes.get("style-zh", 0.0) <= max(others):
        return False
    kit.voice.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / style.STYLE, kit.voice / style.STYLE)
    kit.languages["zh"] = Spoken("kokoro", 2, pitch=told.pitch, style=style.STYLE)
    return True


def _strangers(kit: Kit, folders: Mapping[str, Path]) -> list[Pcm]:
    """Clips of everybody else in the recordings."""
    recordings: dict[str, tuple[Path, Recording]] = {}
    for _, folder in sorted(folders.items()):
        recording = kits.recording_in(folder)
        recordings[recording.path] = (folder, recording)
    spans: dict[str, list[tuple[float, float]]] = {}
    for number, voice in enumerate(kit.known.voices):
        if number != kit.known.person:
            said = passages_of(voice, [recording for _, recording in recordings.values()])
            for recording, passage in [(r, p) for r, p in said if originals.good(p) and p.end - p.start > 1.5][:2]:
                spans.setdefault(recording.path, []).append((passage.start, passage.end))
    clips: list[Pcm] = []
    for path, wanted in sorted(spans.items()):
        source = recordings[path][0] / "sound.opus"
        cut = originals.clips(source, path, sorted(wanted))
        clips += [stock.heard(pcm, 48_000) for pcm in cut if len(pcm) > MIC_RATE]
    return clips[:STRANGER_CLIPS]


def _write(path: Path, told: msgspec.Struct) -> None:
    path.write_bytes(msgspec.json.encode(told, order="deterministic"))
