"""Material for hearing A and B: the same sentences by the person and by each voice of the kit, equally loud; and the
measures that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from device.persona.voice_file import Language, Original
from device.ports import Pcm
from provisioning.voice_kit import hear, measure, opus, originals, sound, stock
from provisioning.voice_kit import kit as kits
from provisioning.voice_kit.encoder import Encoder
from provisioning.voice_kit.kit import Kit
from provisioning.voice_kit.measure import Intelligible, Likeness, Measures
from provisioning.voice_kit.style import Styled

SENTENCES = 3
"""Of each language."""
FITTING_S = (1.5, 8.0)
LEAST_CLIPS = 2
"""Of each half, to say anything about likeness."""
MOST_CLIPS = 12
"""Of each half: more change little."""


class Compared(msgspec.Struct, frozen=True):
    """One sentence, by everybody."""

    text: str
    language: str
    files: dict[str, str]
    """Voice -> file within ab/: original, stock, manner, style"""


@dataclass(frozen=True, slots=True)
class Made:
    """Test sentences by the voices of the kit."""

    said: dict[tuple[str, Language], list[tuple[Pcm, str]]]
    """(voice, language) -> sound at MIC_RATE and text"""

    def by_voice(self) -> dict[str, list[Pcm]]:
        """Sounds of all languages, by voice."""
        found: dict[str, list[Pcm]] = {}
        for (name, _), said in self.said.items():
            found.setdefault(name, []).extend(pcm for pcm, _ in said)
        return found


def say(kit: Kit, languages: Sequence[Language], styled: Styled | None) -> Made:
    """Every voice says the test sentences."""
    said: dict[tuple[str, Language], list[tuple[Pcm, str]]] = {}
    for language in languages:
        for name, rendered in _voices(kit, language, stock.SENTENCES[language], styled).items():
            said[name, language] = [(stock.heard(pcm, rate), text) for pcm, rate, text in rendered]
    return Made(said)


def measures(kit: Kit, made: Made, using: hear.Engines, judging: Encoder, strangers: Sequence[Pcm] = ()) -> Measures:
    """How good the voices are. `strangers`: other people's clips at MIC_RATE; the stock voices are strangers too."""
    kept, held = ([kits.pcm_of(kit.voice, c) for c in half[:MOST_CLIPS]] for half in kits.halves(kit.originals))
    voices, notes = made.by_voice(), list(kit.notes)
    first: Likeness | None = None
    second: Likeness | None = None
    others = [*strangers, *voices.get("stock", [])]
    if len(kept) >= LEAST_CLIPS and len(held) >= LEAST_CLIPS:
        spoken = {f"{name}-{language}": [pcm for pcm, _ in said] for (name, language), said in made.said.items()}
        first = measure.likeness(using.encoder, kept, held, others, spoken)
        second = measure.likeness(judging, kept, held, others, spoken)
    else:
        notes.append(f"too few clips to measure a likeness: {len(kept)} and {len(held)}")
    errors: dict[str, dict[str, float]] = {"en": {}, "zh": {}}
    for (name, language), said in sorted(made.said.items()):
        errors[language][name] = measure.errors(using.transcriber, said, language)
    rated = {name: measure.ratings(using.rating, pcms) for name, pcms in {**voices, "original": held}.items()}
    return Measures(
        first,
        second,
        Intelligible(errors["zh"], errors["en"]),
        {name: overall for name, (overall, _) in sorted(rated.items())},
        {name: p808 for name, (_, p808) in sorted(rated.items())},
        len(held),
        tuple(notes),
    )


def write_pairs(kit: Kit, languages: Sequence[Language], styled: Styled | None, ab: Path) -> list[Compared]:
    """Files and ab.json in the folder `ab`."""
    ab.mkdir(parents=True, exist_ok=True)
    made = []
    for number, clip in enumerate(_chosen(kit.originals, languages)):
        language: Language = "zh" if clip.language == "zh" else "en"
        original = np.concatenate(list(sound.blocks(kit.voice / clip.file, clip.file, opus.RATE)))
        sounds = {"original": (original, opus.RATE)}
        for name, rendered in _voices(kit, language, [clip.text], styled).items():
            sounds[name] = rendered[0][:2]
        files = {name: f"{number:02d}-{name}.opus" for name in sounds}
        for name, (pcm, rate) in sounds.items():
            gain = np.float32(10 ** (originals.gain_db(pcm, rate) / 20))
            opus.write(ab / files[name], [np.clip(pcm * gain, -1.0, 1.0)], rate)
        made.append(Compared(clip.text, language, files))
    (ab / "ab.json").write_bytes(msgspec.json.encode(made, order="deterministic"))
    return made


def _voices(
    kit: Kit, language: Language, texts: Sequence[str], styled: Styled | None
) -> dict[str, list[tuple[Pcm, int, str]]]:
    """What each voice makes of the texts: sound, rate, text."""
    made = {"stock": stock.said(language, texts)}
    if language in kit.manners:
        made["manner"] = stock.said(language, texts, kit.manners[language])
    if styled is not None and language == "zh":
        made["style"] = styled.said(texts)
    return made


def _chosen(made: Sequence[Original], languages: Sequence[Language]) -> list[Original]:
    """The clearest sentences of the clips that judge."""
    low, high = FITTING_S
    fitting = [c for c in kits.halves(made)[1] if low <= c.seconds <= high]
    best = sorted(fitting, key=lambda c: (-c.mos, -c.noise_db, c.file))
    return [clip for language in languages for clip in [c for c in best if c.language == language][:SENTENCES]]
