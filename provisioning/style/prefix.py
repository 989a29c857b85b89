"""What the language model is told of the person's manner, and ready words for the frame, within a budget of tokens.

Built of figures and of their own sentences by fixed templates. What matters most comes first; what no longer fits is
left out. Where too little was written, only what is certain is said. Pure but for the tokenizer.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence

from device.persona.unpacked import PersonaFile
from provisioning.memories.kinship import kin_word
from provisioning.memories.memory import Relative
from provisioning.style.figures import Habit, Manner, Proposals

BUDGET = 220
"""Tokens of all languages together: with the rules and examples of `device.mind.prompt` the prefix stays near 450."""
AGAIN = 2
"""Times that a greeting must have been written before it is proposed."""
ENOUGH = 20
"""Sentences below which nothing is said of how they speak."""
CLOSE_KIN = ("wife", "husband", "daughter", "son", "child", "grand")
"""Beginnings of the kinships of those who are named to the model, the closest first."""
CountTokens = Callable[[str], int]
_TEXTS = {
    "en": {
        "born": "{name}, born {year}.",
        "name": "{name}.",
        "length": "Sentences of about {n} words.",
        "sayings": "Says: {list}.",
        "fillers": "Begins with: {list}.",
        "particles": "Ends with: {list}.",
        "dialect": "Own words: {list}.",
        "address": "Calls {list}.",
        "examples": "Sounds like: {list}",
        "honest": "What was never told is not remembered.",
    },
    "zh": {
        "born": "{name}，{year}年生。",
        "name": "{name}。",
        "length": "一句大约{n}个字。",
        "sayings": "常说：{list}。",
        "fillers": "开口先说：{list}。",
        "particles": "句尾带：{list}。",
        "dialect": "自己的话：{list}。",
        "address": "称呼：{list}。",
        "examples": "口气像：{list}",
        "honest": "没讲过的事就说记不清。",
    },
}


def proposals(
    persona: PersonaFile, manners: Sequence[Manner], relatives: Sequence[Relative], count: CountTokens
) -> Proposals:
    """For every language of the persona; nothing where the family has written it themselves."""
    person = persona.person
    by_language = {m.language: m for m in manners}
    wanted: list[str] = [language for language in person.languages if language not in persona.style]
    style = {
        code: style_text(persona, by_language.get(code), relatives, code, count, BUDGET // len(wanted))
        for code in wanted
    }
    enough: dict[str, Manner] = {
        code: m for code, m in by_language.items() if m.sentences >= ENOUGH and code in person.languages
    }
    return Proposals(
        style,
        {
            c: _ended(m.greetings[0].words, c)
            for c, m in enough.items()
            if m.greetings and m.greetings[0].count >= AGAIN and c not in person.greeting
        },
        {
            c: _ended(m.farewells[0].words, c)
            for c, m in enough.items()
            if m.farewells and m.farewells[0].count >= AGAIN and c not in person.farewell
        },
        {
            c: tuple(_ended(h.words, c) for h in m.sayings[:6])
            for c, m in enough.items()
            if m.sayings and c not in person.sayings
        },
        {c: f for c, m in enough.items() if c not in person.fillers and (f := _fillers(m, c))},
        {code: count(text) for code, text in style.items()},
        {code: m.sentences for code, m in by_language.items()},
    )


def style_text(
    persona: PersonaFile,
    manner: Manner | None,
    relatives: Sequence[Relative],
    language: str,
    count: CountTokens,
    budget: int,
) -> str:
    """The text for one language, at most `budget` tokens."""
    told = _TEXTS[language]
    lines = [_who(persona, language)]
    join = "" if language == "zh" else " "
    for line in _lines(manner, relatives, language) if manner and manner.sentences >= ENOUGH else ():
        if count(join.join([*lines, line, told["honest"]])) <= budget:
            lines.append(line)
    return join.join([*lines, told["honest"]])


def _who(persona: PersonaFile, language: str) -> str:
    person = persona.person
    own = [c for c in person.called if c.isascii() == (language == "en")]
    name = max(own, key=len) if own and language == "en" else person.name
    if language == "zh" and own and own[0] not in name:
        name = own[0] + name
    year = person.born.year if isinstance(person.born, datetime.date) else person.born
    return _TEXTS[language]["born" if year else "name"].format(name=name, year=year)


def _lines(manner: Manner, relatives: Sequence[Relative], language: str) -> Iterator[str]:
    """What can be said of them, the most telling first; each as a whole or not at all, long lists also cut short."""
    told = _TEXTS[language]
    yield told["length"].format(n=manner.length[1])
    for name, habits, most in (
        ("sayings", manner.sayings, 4),
        ("dialect", manner.dialect, 5),
        ("particles", manner.particles, 3),
        ("fillers", manner.fillers, 3),
    ):
        if habits:
            yield told[name].format(list=_list([h.words for h in habits[:most]], language))
    called = list(_called(manner, relatives, language))
    if called:
        yield told["address"].format(list=("、" if language == "zh" else ", ").join(called[:5]))
    for number, example in enumerate(_examples(manner)):
        yield _quoted(example, language) if number else told["examples"].format(list=_quoted(example, language))


def _called(manner: Manner, relatives: Sequence[Relative], language: str) -> Iterator[str]:
    def closeness(one: Relative) -> int:
        first = next(at for at, kin in enumerate(CLOSE_KIN) if one.kinship.startswith(kin))
        return first + len(CLOSE_KIN) * one.kinship.count("-")

    for one in sorted((r for r in relatives if r.kinship.startswith(CLOSE_KIN)), key=closeness):
        if one.name or one.words:
            names = (one.name, *one.words)
            habit = manner.address.get(one.name)
            word = habit.words if habit else next((n for n in names if n.isascii() == (language == "en")), "")
            if word:
                kin = kin_word(one.kinship, language)
                yield (kin if not kin.isascii() else "") + word if language == "zh" else f"the {kin} {word}"


def _examples(manner: Manner) -> Iterator[str]:
    seen = {h.words for h in manner.sayings}
    habits: Sequence[Habit] = (*manner.dialect, *manner.particles, *manner.fillers)
    for example in dict.fromkeys(
        (*manner.jokes[:2], *manner.typical, *(e for h in habits[:6] for e in h.examples[:1]))
    ):
        if example not in seen and len(example) <= 60:
            yield example


def _list(words: Sequence[str], language: str) -> str:
    return "".join(f"“{w}”" for w in words) if language == "zh" else ", ".join(f"“{w}”" for w in words)


def _quoted(text: str, language: str) -> str:
    return f"“{_ended(text, language)}”"


def _ended(words: str, language: str) -> str:
    ended = words[-1:] in ".。!！?？…~～"
    text = words if ended else words + ("。" if language == "zh" else ".")
    return text if language == "zh" else text[:1].upper() + text[1:]


_SPOKEN_FILLERS = {"en": ("Hm.", "Well now."), "zh": ("嗯。", "这个嘛。")}


def _fillers(manner: Manner, language: str) -> tuple[str, ...]:
    """Their own, as short sentences that say nothing; with two that are anybody's, so that they do not tire."""
    own = [_ended(h.words, language) for h in manner.fillers[:4] if h.count > AGAIN]
    return tuple(dict.fromkeys((*own, *_SPOKEN_FILLERS[language]))) if own else ()
