"""Consent, from what a family writes in `persona.toml` to what a frame goes by; refused here as it would be there.

A living person reads a sentence aloud that was made up for this. It is drawn from lists of plain words by a random
number, so that no recording from before can be it; the transcriber writes down what it hears, and enough of it must
match.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import msgspec

from device.errors import BadInput, Missing
from device.persona.pack import consent as rules
from device.persona.pack.consent import Audience, Consent, Declaration, Evidence
from device.persona.pack.manifest import CONSENT, Entry, Grant, Manifest
from device.persona.unpacked import PersonaFile

SENTENCE = "consent/sentence.json"
"""In the shoebox: what is to be read aloud."""
RECORDING = "consent/declaration"
"""In the pack, with the recording's own suffix."""
SUFFIXES = (".wav", ".flac", ".ogg", ".opus")

EN = (
    ("seven", "twelve", "thirty", "forty", "nine"),
    ("green", "yellow", "wooden", "heavy", "quiet", "narrow"),
    ("boats", "baskets", "letters", "windows", "kettles", "bridges", "apples"),
    ("near the river", "behind the school", "under the table", "in the garden", "on the mountain"),
    ("in spring", "on Monday", "before dinner", "after the rain", "at night"),
)
ZH = (
    ("七只", "十二只", "三十只", "四十只", "九只"),
    ("绿色的", "黄色的", "木头的", "很重的", "安静的", "窄小的"),
    ("小船", "篮子", "盒子", "箱子", "水壶", "杯子", "碗"),
    ("在河边", "在学校后面", "在桌子下面", "在花园里", "在山上"),
    ("春天的时候", "星期一", "晚饭以前", "下雨以后", "半夜里"),
)
"""Words that Whisper writes without doubt; 5,250 sentences a language, and two of them are read."""

Hear = Callable[[Path, str], str]
"""A recording and its language -> what is said in it."""


def sentence(nonce: str, name: str, language: str) -> str:
    """What is to be read aloud, always the same for a nonce."""
    lists = ZH if language == "zh" else EN
    drawn = [_drawn(nonce, turn, lists) for turn in (0, 1)]
    if language == "zh":
        return f"我是{name}，我同意这个相框用我的样子和声音。" + "".join("".join(words) + "。" for words in drawn)
    told = " ".join(" ".join(words).capitalize() + "." for words in drawn)
    return f"I am {name}, and I agree that this frame shows my face and speaks with my voice. {told}"


def _drawn(nonce: str, turn: int, lists: Sequence[Sequence[str]]) -> list[str]:
    numbers = hashlib.sha256(f"{nonce}-{turn}".encode()).digest()
    return [words[int.from_bytes(numbers[4 * n : 4 * n + 4], "big") % len(words)] for n, words in enumerate(lists)]


def ask(shoebox: Path, file: PersonaFile) -> str:
    """A new sentence for the living person to read, noted in the shoebox -> the sentence."""
    person = file.person
    nonce, language = secrets.token_hex(16), person.languages[0]
    path = shoebox / SENTENCE
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"nonce": nonce, "language": language}) + "\n", encoding="utf-8")
    return sentence(nonce, person.name, language)


def match(asked: str, heard: str, language: str) -> float:
    """Share of the sentence that was heard, in its order: syllables for Chinese, words otherwise; 0..1. The words that
    were drawn count as much as the rest together, for they are what cannot have been recorded before. A transcriber
    writes 十二指 for 十二只: what was said is the same."""
    parts, said = _units(asked, language), _units(heard, language)
    drawn = parts[len(_units(asked.split("。" if language == "zh" else ".")[0], language)) :]
    return min(_share(parts, said), _share(drawn, said)) if parts and drawn else 0.0


def _share(parts: list[str], said: list[str]) -> float:
    blocks = SequenceMatcher(None, parts, said, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(parts)


def _units(text: str, language: str) -> list[str]:
    if language == "zh":
        from pypinyin import lazy_pinyin

        return [syllable for c in text if c.isalnum() for syllable in lazy_pinyin(c)]
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()


def agreed(file: PersonaFile, shoebox: Path, hear: Hear) -> tuple[Consent, Path | None]:
    """What a frame goes by -> it, and the recording that travels with it. Raises Missing or BadInput for what is not in
    the shoebox; whether it suffices is judged by `device.persona.pack.consent`, at home as on the frame."""
    given, person = file.consent, file.person
    declaration, recording = None, None
    if given.basis == "self":
        declaration, recording = _declared(file, shoebox, hear)
    consent = Consent(
        persona=file.id,
        subject=person.name,
        basis=given.basis,
        by=given.by or (person.name if given.basis == "self" else file.brought_by.name),
        relation=given.relation or ("" if given.basis == "self" else file.brought_by.relation),
        serial=given.serial,
        grants=given.grants,  # type: ignore[arg-type]  # checked when it is read
        died=str(person.died or ""),
        declaration=declaration,
        evidence=tuple(Evidence(Path(name).name, _hashed(shoebox / name)) for name in given.evidence),
        wishes=given.wishes,
        audience=Audience(given.who, given.names),
        until=str(given.until or ""),
    )
    return consent, recording


def judge(consent: Consent, kinds: Sequence[Grant]) -> None:
    """Raises what a frame would raise for a persona with files of these kinds."""
    content = encode(consent)
    files = [Entry(CONSENT, len(content), hashlib.sha256(content).hexdigest(), "consent")]
    if consent.declaration is not None:
        files.append(Entry(consent.declaration.recording, 0, consent.declaration.sha256, "consent"))
    files += [Entry(kind, 0, "0" * 64, kind) for kind in kinds]
    manifest = Manifest("0" * 32, "0" * 32, consent.persona, consent.subject, files[0].sha256, tuple(files))
    rules.read_consent(content, manifest, consent.serial)


def _hashed(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Missing(str(path), expected="the evidence that consent names", got=error.strerror or "none") from None


def _declared(file: PersonaFile, shoebox: Path, hear: Hear) -> tuple[Declaration, Path]:
    hint = "imago-provision consent SHOEBOX gives the sentence to read aloud"
    path = shoebox / SENTENCE
    recording = shoebox / (file.consent.declaration or "consent/declaration.wav")
    for needed in (path, recording):
        if not needed.is_file():
            raise Missing(str(needed), expected="the person's own declaration", got="none", hint=hint)
    if recording.suffix.lower() not in SUFFIXES:
        raise BadInput(str(recording), expected=" or ".join(SUFFIXES), got=recording.suffix)
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))
        nonce, language = str(noted["nonce"]), str(noted["language"])
    except (ValueError, KeyError, TypeError):
        raise BadInput(str(path), expected="the sentence as it was given", got="something else", hint=hint) from None
    asked, heard = sentence(nonce, file.person.name, language), hear(recording, language)
    share = match(asked, heard, language)
    if share < rules.LEAST_MATCH:
        expected = f"“{asked}”"
        raise BadInput(
            str(recording), expected=expected, got=f"“{heard}”", hint="read it slowly, close to the microphone"
        )
    travels = f"{RECORDING}{recording.suffix.lower()}"
    return Declaration(nonce, asked, heard, round(share, 3), travels, _hashed(recording)), recording


def encode(consent: Consent) -> bytes:
    """What a pack carries."""
    return msgspec.json.format(msgspec.json.encode(consent), indent=1) + b"\n"
