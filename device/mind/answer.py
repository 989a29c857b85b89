"""Answers one turn: route by rule, search, then the memory's own words; the model speaks where no facts are asked for.

question -> route -> greeting, identity, crisis, ...: a ready line
                  -> fact: search -> sufficient? -> the memory's own sentences
                                  -> not: "I do not remember that"
                  -> small talk: the model, checked; a ready line where it claims too much
"""

from __future__ import annotations

import dataclasses
import functools
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from device.conversation import clauses
from device.mind import captions, commands, evidence, lines, photographs, prompt, quote, sentences
from device.mind.photographs import Photographs
from device.mind.prompt import Turn
from device.mind.route import put_to_you, route, without_address
from device.mind.sufficiency import SMALLTALK_THRESHOLD, THRESHOLD
from device.persona.unpacked import PersonaFile
from device.ports import NO_PICTURES, Cancelled, Hit, LanguageModel, Memory, Pictures

Source = Literal["memory", "model", "rule"]

SEARCHED = 5
MAX_TOKENS = 40
PRONOUNS = frozenset(["he", "she", "it", "they", "him", "her", "them", "there", "that", "his", "its", "their"])
CHINESE_PRONOUNS = ("他", "她", "它", "那里", "那个", "这个")


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of the answer that can be spoken."""

    text: str
    language: str
    source: Source
    evidence: tuple[str, ...] = ()
    """Ids of the memories it rests on"""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer whose kind is known; its clauses are made while they are read."""

    route: str
    language: str
    evidence: tuple[str, ...]
    abstained: bool
    hits: tuple[Hit, ...]
    """What the search found, best first, whether used or not"""
    make: Callable[[], Iterator[Clause]]
    order: str = ""
    """What is to be done beside what is said"""
    pictures: Pictures = NO_PICTURES
    """Photographs to be seen meanwhile"""

    def clauses(self) -> Iterator[Clause]:
        """The clauses in order; the first ones of a quotation are there at once, the model's come last."""
        return self.make()

    def text(self) -> str:
        """All clauses, joined."""
        return sentences.joined((c.text.strip() for c in self.clauses()), self.language)


class Answerer:
    """The mind of one persona. Holds no state between turns: what was said comes in as history."""

    def __init__(
        self,
        persona: PersonaFile,
        memory: Memory | None,
        model: LanguageModel | None,
        photographs: Photographs | None = None,
    ) -> None:
        """Without a memory everything is "I do not remember"; without a model nothing is added to what stands
        written."""
        self._persona = persona
        self._photographs = photographs or Photographs(())
        self._memory = memory
        self._model = model
        if model is not None:
            model.set_prefix(prompt.prefix(persona))

    def answer(
        self, question: str, language: str, history: Sequence[Turn], cancelled: Cancelled, showing: str = ""
    ) -> Reply:
        """The reply to one turn, in `language` where the persona speaks it, else in its first. `showing`: file of the
        photograph on the screen."""
        speaks = self._persona.person.languages
        language = language if language in speaks else speaks[0]
        kind = route(question)
        if kind == "command":
            return self._obeyed(question, language, history)
        if kind in ("fact", "smalltalk") and (seen := self._of_photographs(question, language, showing)):
            return seen
        if kind == "follow-up" and (reply := self._continued(history, language, cancelled)):
            return reply
        if kind in ("fact", "smalltalk", "follow-up"):
            return self._recalled(kind, question, language, history, cancelled)
        return self._ready(kind, self._line(kind, question, language), language)

    # --- by rule ---

    def _line(self, kind: str, question: str, language: str) -> str:
        person = self._persona.person
        called = lines.called(person, language)
        ready = {
            "greeting": person.greeting[language],  # type: ignore[index]
            "farewell": person.farewell[language],  # type: ignore[index]
            "identity": lines.IDENTITY[language].format(called=called),
            "crisis": lines.CRISIS[language].format(called=called),
            "thanks": _turned(lines.THANKS[language], question),
        }
        return ready[kind]

    def _ready(self, kind: str, text: str, language: str, abstained: bool = False, hits: Sequence[Hit] = ()) -> Reply:
        return Reply(kind, language, (), abstained, tuple(hits), lambda: _spoken(text, language, "rule", ()))

    def _unknown(self, kind: str, question: str, language: str, hits: Sequence[Hit]) -> Reply:
        line = _turned(self._persona.person.dont_know[language], question)  # type: ignore[index]
        return self._ready(kind, line, language, abstained=True, hits=hits)

    def _obeyed(self, question: str, language: str, history: Sequence[Turn]) -> Reply:
        """An order: done without a word, or with a short one; "again" is what was said last."""
        order = commands.find(question) or commands.find(without_address(question)) or ""
        if order == "again" and history and history[-1].said:
            last = history[-1]
            again = _spoken(last.said, last.language, "memory" if last.evidence else "rule", last.evidence)
            return Reply("command", last.language, last.evidence, False, (), lambda: again, order)
        return dataclasses.replace(self._ready("command", lines.COMMAND[order][language], language), order=order)

    # --- of photographs ---

    def _of_photographs(self, question: str, language: str, showing: str) -> Reply | None:
        """A wish to see some, or a question about the one that is to be seen; None for anything else."""
        wanted = without_address(question)
        photo = self._photographs.get(showing)
        if photo is not None and photographs.asks_about_it(wanted):
            memory = self._photographs.memory(photo, language)
            text = captions.about(photo, memory, wanted, language)
            known = bool(text)
            text = text or lines.PHOTO_UNKNOWN[language]
            evidence = (photo.evidence,) if known else ()
            return self._pictured("photo", text, language, evidence, Pictures((photo.file,)))
        if wish := photographs.wished(wanted):
            return self._shown(wish, language)
        return None

    def _shown(self, wish: str, language: str) -> Reply:
        hits = self._memory.search(wish, language, SEARCHED) if self._memory is not None else []
        files = self._photographs.find(wish, [hit.id for hit in hits if hit.support >= THRESHOLD])
        photo = self._photographs.get(files[0]) if files else None
        if photo is None:
            return self._ready("show", lines.PHOTO_NONE[language], language, abstained=True, hits=hits)
        text = sentences.joined((_turned(lines.PHOTO_SHOWN[language], wish), photo.words(language)), language)
        return self._pictured("show", text, language, (photo.evidence,), Pictures(files, beside=False))

    def _pictured(self, kind: str, text: str, language: str, evidence: tuple[str, ...], pictures: Pictures) -> Reply:
        source: Source = "memory" if evidence else "rule"
        make = functools.partial(_spoken, text, language, source, evidence)
        return Reply(kind, language, evidence, not evidence, (), make, pictures=pictures)

    # --- from memory ---

    def _recalled(
        self, kind: str, question: str, language: str, history: Sequence[Turn], cancelled: Cancelled
    ) -> Reply:
        hits = self._search(question, language, history)
        needed = SMALLTALK_THRESHOLD if kind == "smalltalk" else THRESHOLD
        if hits and hits[0].support >= needed:
            return self._quoted("fact", hits, quote.choose(hits[0].text, question))
        if kind == "smalltalk":
            return Reply(
                kind, language, (), False, tuple(hits), lambda: self._chat(question, language, history, cancelled)
            )
        return self._unknown("fact", question, language, hits)

    def _search(self, question: str, language: str, history: Sequence[Turn]) -> list[Hit]:
        """The question's own words first; with a pronoun and too little found, together with the last question."""
        if self._memory is None:
            return []
        called = self._persona.person.called
        wanted = put_to_you(without_address(question), called)
        hits = self._memory.search(wanted, language, SEARCHED)
        if history and _leans(wanted) and not (hits and hits[0].support >= THRESHOLD):
            wider = self._memory.search(
                f"{put_to_you(without_address(history[-1].heard), called)} {wanted}", language, SEARCHED
            )
            hits = max(hits, wider, key=lambda found: found[0].support if found else 0.0)
        return hits

    def _continued(self, history: Sequence[Turn], language: str, cancelled: Cancelled) -> Reply | None:
        """What follows in the memory that was just quoted; None where there is nothing to go on with."""
        if not history or not history[-1].evidence or self._memory is None:
            return None
        last = history[-1]
        found = self._memory.search(last.said or last.heard, last.language, SEARCHED)
        hit = next((h for h in found if h.id == last.evidence[0]), None)
        if hit is None:
            return None
        parts = sentences.split(hit.text)
        said = [i for i, part in enumerate(parts) if part in last.said]
        begin = said[-1] + 1 if said else 0
        if begin >= len(parts):
            return self._ready("follow-up", lines.NOTHING_MORE[language], language, hits=found)
        return self._quoted("follow-up", [hit], quote.rest(hit.text, begin))

    def _quoted(self, kind: str, hits: Sequence[Hit], span: tuple[int, int]) -> Reply:
        hit = hits[0]
        text = quote.passage(hit.text, span, hit.language)
        return Reply(
            kind,
            hit.language,
            (hit.id,),
            False,
            tuple(hits),
            lambda: _spoken(text, hit.language, "memory", (hit.id,)),
            pictures=Pictures(self._photographs.of(hit.id)[:1]),
        )

    # --- by the model ---

    def _chat(self, text: str, language: str, history: Sequence[Turn], cancelled: Cancelled) -> Iterator[Clause]:
        said = self._first_sentence(prompt.small_talk(text, language, history), cancelled)
        own = (*self._persona.person.sayings.get(language, ()), text)  # type: ignore[call-overload]
        if said and _in(said, language) and not evidence.echoes(said, text) and evidence.check(said, [], own).supported:
            yield from _spoken(said, language, "model", ())
        elif not cancelled():
            yield from _spoken(_turned(lines.SMALLTALK[language], text), language, "rule", ())

    def _first_sentence(self, asked: str, cancelled: Cancelled) -> str:
        """The model's first whole sentence; "" without a model, when cancelled, or when it did not come to an end."""
        if self._model is None:
            return ""
        text = ""
        for piece in self._model.generate(asked, max_tokens=MAX_TOKENS, stop=prompt.STOP, cancelled=cancelled):
            text += piece
            if len(found := sentences.split(text)) > 1:
                return found[0]
        text = text.strip()
        return text if text.endswith((".", "!", "?", "。", "！", "？")) and not cancelled() else ""


def _spoken(text: str, language: str, source: Source, ids: tuple[str, ...]) -> Iterator[Clause]:
    for piece in clauses.cut(text):
        if piece.strip():
            yield Clause(piece.strip(), language, source, ids)


def _turned(choices: Sequence[str], question: str) -> str:
    """One of several lines: the same for the same question, so that an answer begun early and begun again agrees."""
    return choices[zlib.crc32(question.encode("utf-8")) % len(choices)]


def _leans(text: str) -> bool:
    return bool(PRONOUNS & set(text.lower().strip("?.! ").split())) or any(p in text for p in CHINESE_PRONOUNS)


def _in(text: str, language: str) -> bool:
    return text.isascii() if language == "en" else not text.isascii()
