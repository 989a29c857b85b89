"""Drafts of recordings and photographs: what is known of them, and nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from device.mind import sentences
from provisioning.memories import chaff
from provisioning.memories.draft import Draft
from provisioning.memories.draft import language as language_of
from provisioning.memories.episodes import question_of
from provisioning.memories.memory import Cited
from provisioning.memories.pieces import MOST, joined, size
from provisioning.memories.questions import ASKED
from provisioning.photos.review import Reviewed
from provisioning.photos.seen import Seen
from provisioning.voice_kit.heard import Passage, Recording

ANSWERS = "voice/answers/"
"""Where the family's spoken answers lie, named by their questions."""
GAP = 3.0
"""s of silence between passages that are told in one breath."""
CLEAR = 0.45
"""Mean certainty of a transcript below which nothing is quoted from it."""
MOSTLY = 0.6
"""Share of the speech that a voice must have to be taken for the person's, where nobody said which is."""
CERTAIN = 0.8
"""Confidence of a photograph's date from which on it is said."""
GUESSED = 0.8
"""Confidence of a voice that was taken for the person's."""


def from_recording(
    recording: Recording, voices: Mapping[str, Iterable[int]], left_out: Counter[str]
) -> Iterator[Draft]:
    """What the person says in it, with the times; spoken answers of the family as stories."""
    if recording.problem:
        left_out["a recording of no use"] += 1
        return
    speech = [p for p in recording.passages if p.kind == "speech" and p.text.strip()]
    asked = ASKED.get(PurePosixPath(recording.path).stem) if recording.path.startswith(ANSWERS) else None
    if asked:
        yield from _answer(recording, speech, asked, left_out)
        return
    told = recording.path in voices
    own = frozenset(voices[recording.path]) if told else _most(speech)
    if speech and not own:
        left_out["a recording of which nobody said who speaks"] += 1
    for passages, question in _stretches(speech, own):
        yield from _stretch(recording, passages, question, 1.0 if told else GUESSED, left_out)


def _answer(
    recording: Recording, speech: Sequence[Passage], asked: Mapping[str, str], left_out: Counter[str]
) -> Iterator[Draft]:
    text, sure = _text(speech), _sure(speech)
    if not text or sure < CLEAR:
        left_out["a recording that was not understood"] += 1
        return
    language = language_of(text)
    cited = Cited(recording.path, start=speech[0].start, end=speech[-1].end, told=recording.date)
    yield Draft(text, cited, "story", own=False, language=language, question=asked[language], sure=sure)


def _most(speech: Sequence[Passage]) -> frozenset[int]:
    seconds: dict[int, float] = defaultdict(float)
    for passage in speech:
        seconds[passage.voice] += passage.end - passage.start
    most = max(seconds, key=lambda v: (seconds[v], -v), default=-1)
    return frozenset({most}) if most >= 0 and seconds[most] >= MOSTLY * sum(seconds.values()) else frozenset()


def _stretches(speech: Sequence[Passage], own: frozenset[int]) -> Iterator[tuple[list[Passage], str]]:
    """(passages of the person that follow one another, the question before them)."""
    held: list[Passage] = []
    question = ""
    for passage in speech:
        together = held and passage.start - held[-1].end <= GAP and len(sentences.split(_text(held))) < MOST
        if held and (passage.voice not in own or not together):
            yield held, question
            held, question = [], ""
        if passage.voice in own:
            held.append(passage)
        else:
            question = question_of(passage.text)
    if held:
        yield held, question


def _stretch(
    recording: Recording, passages: Sequence[Passage], question: str, share: float, left_out: Counter[str]
) -> Iterator[Draft]:
    text, sure = _text(passages), _sure(passages)
    if sure < CLEAR:
        left_out["a recording that was not understood"] += 1
    elif chaff.reason_of(text) or size(text) < 4:
        left_out["too little to be a memory"] += 1
    else:
        cited = Cited(recording.path, start=passages[0].start, end=passages[-1].end, told=recording.date)
        yield Draft(
            text,
            cited,
            "recording",
            language=passages[0].language if passages[0].language in ("en", "zh") else language_of(text),
            question=question,
            recording=recording.path,
            sure=round(sure * share, 3),
        )


def _text(passages: Sequence[Passage]) -> str:
    return joined([p.text.strip() for p in passages])


def _sure(passages: Sequence[Passage]) -> float:
    """Mean certainty of the words; 1 where the transcriber gives none."""
    words = [w.sure for p in passages for w in p.words]
    return sum(words) / len(words) if words else 1.0


# --- photographs ---


def from_photograph(seen: Seen, said: Reviewed, languages: Sequence[str], left_out: Counter[str]) -> Iterator[Draft]:
    """A photograph that somebody described, or on which people are named; in each language of its captions."""
    captions = {lang: text.strip() for lang, text in (("en", said.en), ("zh", said.zh)) if text and text.strip()}
    if not captions and seen.caption.strip():
        captions = {language_of(seen.caption): seen.caption.strip()}
    people = said.people or seen.people
    reason = "a photograph that the family left out" if said.exclude else ""
    reason = reason or ("a photograph of no use" if seen.problem or seen.kind != "photo" else "")
    reason = reason or ("" if captions or people else "a photograph that nobody described")
    if reason:
        left_out[reason] += 1
        return
    date, sure = (said.date, 1.0) if said.date else (seen.date, seen.date_confidence if seen.date else 1.0)
    cited = Cited(seen.path, told=date)
    photo = seen.path.removeprefix("photos/")
    for language in captions or languages:
        text = _described(language, date[:10] if sure >= CERTAIN else "", people, captions.get(language, ""))
        yield Draft(text, cited, "photo", "", False, language, when=date[:10], people=people, photo=photo, sure=sure)


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _described(language: str, date: str, people: Sequence[str], caption: str) -> str:
    end = "。" if language == "zh" else "."
    ended = caption if not caption or caption[-1] in ".。!！?？" else caption + end
    if language == "zh":
        taken = f"这张照片是{_chinese_date(date)}拍的。" if date else ""
        with_whom = f"照片上有{'、'.join(people)}。" if people else ""
        return f"{taken}{with_whom}{ended}"
    taken = f"This photograph was taken {_english_date(date)}." if date else ""
    names = " and ".join(filter(None, (", ".join(people[:-1]), people[-1]))) if people else ""
    with_whom = f"{names} {'is' if len(people) == 1 else 'are'} in it." if taken else f"This photograph shows {names}."
    return " ".join(filter(None, (taken, with_whom if people else "", ended)))


def _english_date(date: str) -> str:
    year, month, day = [*date[:10].split("-"), "", ""][:3]
    if day:
        return f"on {int(day)} {MONTHS[int(month) - 1]} {year}"
    return f"in {MONTHS[int(month) - 1]} {year}" if month else f"in {year}"


def _chinese_date(date: str) -> str:
    year, month, day = [*date[:10].split("-"), "", ""][:3]
    return f"{year}年" + (f"{int(month)}月" if month else "") + (f"{int(day)}日" if day else "")
