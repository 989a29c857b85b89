"""How somebody speaks, in figures and examples, from their own words only. Pure; the same each time.

Nothing is called a habit that stands on one occasion: a saying must come again on other days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from device.mind.lexicon import CHINESE_STOP, ENGLISH_STOP
from device.mind.words import stem
from device.schema import read_toml
from provisioning.memories import chaff
from provisioning.style.counting import Clean, Tally, clauses_of, day_of, own_words, quartiles, sentences_of, size
from provisioning.style.figures import Habit, Manner
from provisioning.style.utterance import Utterance

SAYINGS, WORDS, JOKES, TYPICAL = 12, 8, 6, 4
"""How many of each are shown."""
SAYING_DAYS = 3
"""Days on which a saying must come: what is told twice is a story told twice."""
LENGTHS = {"zh": (4, 24), "en": (3, 14)}
"""Least and most words (Chinese characters) of a saying."""
DIALECT_WORDS = 4
"""Different words from which on somebody speaks a dialect."""
CONTENT = 2
"""Words of content that a saying holds at least."""

_LEXICON = read_toml(Path(__file__).with_name("lexicon.toml"))


def _lines(name: str) -> list[str]:
    return [line.strip() for line in _LEXICON[name].splitlines() if line.strip()]


def _starts(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{_any(words)})(?![a-z])", re.IGNORECASE)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


_FILLERS = {"zh": _starts(_LEXICON["fillers_zh"].split()), "en": _starts(_lines("fillers_en"))}
_PAUSES = {
    "zh": re.compile(_any(_LEXICON["pauses_zh"].split())),
    "en": re.compile(_any(_lines("pauses_en")), re.IGNORECASE),
}
_PARTICLES = {
    "zh": re.compile(rf"(?:{_any(_LEXICON['particles_zh'].split())})$"),
    "en": re.compile(rf"(?:^|\b)(?:{_any(_lines('particles_en'))})$", re.IGNORECASE),
}
_PETS = [w for line in _lines("pet_names") for w in (line.split() if not line.isascii() else [line])]
_GREETING = re.compile(rf"^{_LEXICON['greetings']}", re.IGNORECASE)
_FAREWELL = re.compile(_LEXICON["farewells"], re.IGNORECASE)
_EMOJI = re.compile(r"[\U0001F300-\U0001FAFF\u2600-\u27BF]|\[[\u4e00-\u9fffA-Za-z]{1,6}\]")
_SELF_LAUGH = re.compile(r"哈哈|嘿嘿|呵呵|\b(?:ha){2,}\b|\blol\b|[😂🤣😆]", re.IGNORECASE)
_CHINESE_STOP = re.compile("|".join(map(re.escape, CHINESE_STOP)))
_DIALECT = {
    name: re.compile(
        rf"(?:{_any(words.split())})" if not words.strip().isascii() else rf"\b(?:{_any(words.split())})(?![\w'])",
        re.IGNORECASE,
    )
    for name, words in _LEXICON["dialect"].items()
}


def manners(utterances: Sequence[Utterance], clean: Clean, names: Mapping[str, Sequence[str]]) -> tuple[Manner, ...]:
    """One of each language in which anything was said. `names`: relative -> what they may be called."""
    found = []
    for language in ("en", "zh"):
        said = [u for u in utterances if u.language == language]
        if said:
            found.append(_manner(language, said, clean, names))
    return tuple(found)


def _manner(language: str, said: Sequence[Utterance], clean: Clean, names: Mapping[str, Sequence[str]]) -> Manner:
    told = [(u, day_of(u, at), s) for at, u in enumerate(said) for s in sentences_of(u.text)]
    told = [(u, day, s) for u, day, s in told if size(s, language)]
    total = len(told)
    dialect, dialects = _dialect(told)
    tallies = _tallies(language, told)
    spoken = [u for u in said if u.kind in ("message", "recording")] or said
    return Manner(
        language,
        total,
        quartiles(size(s, language) for _, _, s in told),
        _sayings(language, told, total, clean),
        tallies["fillers"].habits(total, clean, WORDS),
        tallies["particles"].habits(total, clean, WORDS),
        dialect.habits(total, clean, 2 * WORDS, days=0),
        _address(said, total, clean, names),
        _greetings(said, language, total, clean, first=True),
        _greetings(said, language, total, clean, first=False),
        _jokes(said, language, clean),
        _emoji(said, total),
        quartiles(size(u.text, language) for u in spoken),
        dialects,
        _typical(told, language, clean),
    )


Told = Sequence[tuple[Utterance, str, str]]


def _tallies(language: str, told: Told) -> dict[str, Tally]:
    found = {"fillers": Tally(), "particles": Tally()}
    for _, day, sentence in told:
        for clause in clauses_of(sentence):
            if match := _FILLERS[language].match(clause) or _PAUSES[language].fullmatch(clause):
                found["fillers"].add(match[0].lower(), day, sentence)
            if (match := _PARTICLES[language].search(clause)) and len(clause) > len(match[0]):
                found["particles"].add(match[0].lower(), day, sentence)
    return found


def _sayings(language: str, told: Told, total: int, clean: Clean) -> tuple[Habit, ...]:
    """Clauses, and whole sentences, that come again on other days."""
    tally = Tally()
    for _, day, sentence in told:
        clauses = clauses_of(sentence)
        whole = sentence.strip().rstrip("。.!！~～ ")
        for words in dict.fromkeys((whole, *clauses)):
            if _may_be_saying(words, language):
                tally.add(words, day, sentence)
    habits = tally.habits(total, clean, 4 * SAYINGS, least=SAYING_DAYS, days=SAYING_DAYS)
    return tuple(h for h in habits if not _within_another(h, habits))[:SAYINGS]


def _may_be_saying(words: str, language: str) -> bool:
    least, most = LENGTHS[language]
    if not least <= size(words, language) <= most or chaff.reason_of(words):
        return False
    if _GREETING.match(words) or _FAREWELL.search(words):
        return False
    if language == "zh":
        return len(re.findall(r"[\u4e00-\u9fff]", _CHINESE_STOP.sub("", words))) >= CONTENT
    content = {stem(w) for w in re.findall(r"[a-z']+", words.lower()) if w not in ENGLISH_STOP}
    return len(content) >= CONTENT


def _within_another(habit: Habit, habits: Sequence[Habit]) -> bool:
    """A part of a longer saying that hardly ever stands without it."""
    return any(h.words != habit.words and habit.words in h.words and h.count >= 0.8 * habit.count for h in habits)


def _dialect(told: Told) -> tuple[Tally, dict[str, int]]:
    """Words of a way of speaking, and how often; one that shows in few words only is none: they are others' as well."""
    by_name: dict[str, Tally] = {name: Tally() for name in _DIALECT}
    for _, day, sentence in told:
        for name, pattern in _DIALECT.items():
            for word in dict.fromkeys(pattern.findall(sentence)):
                by_name[name].add(word, day, sentence)
    sums = {n: sum(t.counts.values()) for n, t in by_name.items() if len(t.counts) >= DIALECT_WORDS}
    most = max(sums.values(), default=0)
    spoken = {n: c for n, c in sorted(sums.items(), key=lambda item: (-item[1], item[0])) if c >= most / 2}
    whole = Tally()
    for name in spoken:
        for word, sentences in by_name[name].sentences.items():
            if word not in whole.counts:
                whole.counts[word], whole.sentences[word] = by_name[name].counts[word], sentences
    return whole, spoken


def _address(
    said: Sequence[Utterance], total: int, clean: Clean, names: Mapping[str, Sequence[str]]
) -> dict[str, Habit]:
    """What each relative is called where they are spoken to: at the head of a letter, at a message's beginning."""
    tallies: dict[str, Tally] = {}
    for number, one in enumerate(said):
        if not one.to:
            continue
        known = [one.to, *names.get(one.to, ()), *_PETS]
        called = one.vocative or _vocative(one.text, known)
        if called:
            tallies.setdefault(one.to, Tally()).add(called, day_of(one, number), own_words(one.text)[:120])
    found = {}
    for relative, tally in sorted(tallies.items()):
        habits = tally.habits(total, clean, 1, least=1)
        if habits:
            found[relative] = habits[0]
    return found


def _vocative(text: str, known: Sequence[str]) -> str:
    pattern = re.compile(rf"^(?:dear |hi |hello )?({_any(known)})(?:[，,！!：:。 ]|$)", re.IGNORECASE)
    match = pattern.match(text)
    return match[1] if match else ""


def _greetings(said: Sequence[Utterance], language: str, total: int, clean: Clean, first: bool) -> tuple[Habit, ...]:
    tally = Tally()
    for number, one in enumerate(said):
        if not (one.opens if first else one.closes):
            continue
        told = sentences_of(one.text)
        clauses = clauses_of(told[0 if first else -1]) if told else []
        picked = clauses[:2] if first else clauses[-2:]
        for clause in picked:
            fits = _GREETING.match(clause) if first else _FAREWELL.search(clause)
            if fits and size(clause, language) <= LENGTHS[language][1]:
                tally.add(clause, day_of(one, number), told[0 if first else -1])
                break
    return tally.habits(total, clean, 4, least=1)


def _jokes(said: Sequence[Utterance], language: str, clean: Clean) -> tuple[str, ...]:
    """What got a laugh, then what laughs itself; the longer ones, for they can be understood."""
    least = LENGTHS[language][0] * 2
    laughed = [u.text for u in said if u.laughed and not chaff.reason_of(u.text)]
    laughed += [u.text for u in said if not u.laughed and _SELF_LAUGH.search(u.text)]
    texts = dict.fromkeys(" ".join(_EMOJI.sub("", t).split()) for t in laughed)
    return tuple(t for t in texts if least <= size(t, language) <= 80 and clean(t))[:JOKES]


def _emoji(said: Sequence[Utterance], total: int) -> tuple[Habit, ...]:
    tally = Tally()
    for number, one in enumerate(said):
        for sign in _EMOJI.findall(one.text):
            tally.add(sign, day_of(one, number), "")
    habits = tally.habits(total, lambda _: True, WORDS)
    return tuple(Habit(h.words, h.count, h.per_thousand, ()) for h in habits)


def _typical(told: Told, language: str, clean: Clean) -> tuple[str, ...]:
    """Sentences of middling length with which they ended; evenly chosen from all, for the end is often the point."""
    low, _, high = quartiles(size(s, language) for _, _, s in told)
    last = {id(u): s for u, _, s in told if u.kind != "photo"}
    fitting = [s for s in dict.fromkeys(last.values()) if low <= size(s, language) <= high and s[-1:] in ".。!！"]
    step = max(1, len(fitting) // (2 * TYPICAL))
    return tuple(s for s in fitting[step // 2 :: step] if clean(s))[:TYPICAL]
