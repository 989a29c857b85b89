"""All of the family's material -> memories, relatives, questions and findings. Pure, and the same each time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from device.mind.words import language_of
from provisioning.memories import dates, find_chats, find_letters, questions
from provisioning.memories.chaff import copied
from provisioning.memories.dissent import dissent
from provisioning.memories.draft import GRANTS, Draft, Material
from provisioning.memories.episodes import Telling
from provisioning.memories.find_recordings import from_photograph, from_recording
from provisioning.memories.kin_evidence import Evidence, Finder, in_about, sex_of
from provisioning.memories.kin_path import Path
from provisioning.memories.kin_tree import Family, contradictions, family, relatives
from provisioning.memories.kinship import narrowed, turned, ways
from provisioning.memories.memory import Cited, Finding, Memory, Remembered
from provisioning.memories.names import Names
from provisioning.memories.places import place_of
from provisioning.memories.redact import Redactor, sensitivity
from provisioning.memories.review import People
from provisioning.memories.same_name import translated
from provisioning.memories.who import Who, born_in, given_name, who
from provisioning.photos.review import Reviewed
from provisioning.review.memories import Correction
from provisioning.style.utterance import Utterance

PERSONA = Cited("persona.toml")
_NONE = Correction()


@dataclass(frozen=True)
class Gathered:
    """What came of the material, and what style is learned from."""

    remembered: Remembered
    utterances: tuple[Utterance, ...]
    redactor: Redactor
    family: Family


@dataclass
class _Found:
    """The material taken apart, before anything is known of the family."""

    letters: list[find_letters.Written]
    tellings: list[tuple[Telling, str]]
    chats: find_chats.Chats
    copied: frozenset[str]
    left_out: Counter[str] = field(default_factory=Counter)


def gather(material: Material) -> Gathered:
    """Everything, from the beginning."""
    about = material.persona.person.about
    sex = material.people.sex or sex_of(material.persona.person.called, about)
    person = who(material.persona, material.people, material.speakers, sex)
    found = _taken_apart(material, person)
    tree = _family(material, person, found)
    names = Names(_may_be_named(material, tree), _others(material, person, tree))
    redactor = Redactor(names)
    made = _Memories(material, tree, redactor, found.left_out)
    memories = tuple(m for draft in _drafts(material, tree, found) for m in made.finished(draft))
    covered = questions.coverage(f"{m.question} {m.text}" for m in memories)
    answered = {s.answers for s in material.stories if s.answers}
    answered |= {id for m in memories for id, ask in questions.ASKED.items() if m.question in (ask["en"], ask["zh"])}
    remembered = Remembered(
        memories,
        relatives(tree),
        (*contradictions(tree), *dissent(memories), *questions.gaps(covered, answered)),
        tuple(made.findings),
        dict(sorted(found.left_out.items())),
        covered,
        tuple(sorted(set(material.corrections) - made.corrected)),
    )
    return Gathered(remembered, tuple(_utterances(material, person, found, tree)), redactor, tree)


def _taken_apart(material: Material, person: Who) -> _Found:
    left_out: Counter[str] = Counter()
    if material.repeated:
        left_out["in another file as well"] = material.repeated
    passed_on = copied(material.items)
    written = [item for item in material.items if item.kind in ("letter", "mail")]
    chats = find_chats.conversations(material.items)
    letters = find_letters.letters(written, person.wrote, left_out)
    told = find_chats.heaviest(find_chats.told_in(chats, person.wrote, passed_on, left_out), left_out)
    return _Found(letters, told, chats, passed_on, left_out)


def _family(material: Material, person: Who, found: _Found) -> Family:
    """Twice: "your grandmother" tells of the tree only once it is known whose grandmother is meant."""
    sex = person.sex
    brought = material.persona.brought_by
    sure = list(in_about(material.persona.person.about, PERSONA))
    if brought.name and (bringer := _listener(material)):
        sure.append(Evidence(brought.name, bringer, PERSONA))
    for letter in found.letters:
        if letter.to and letter.reader:
            sure.append(Evidence(letter.to, letter.reader, Cited(letter.item.where.path, letter.item.where.line)))
    for chat in found.chats.values():
        sure += find_chats.kin_evidence(chat, person.wrote)
    named = {p for s in material.stories for p in s.people} | {e.name for e in sure} | set(material.people.kinship)
    texts = [s.text for s in material.stories] + [w.item.text for w in found.letters]
    texts += [t.text for t, _ in found.tellings]
    finder = Finder(named, texts, sex)
    pairs = translated(material.stories)
    first = family((*sure, *_said(finder, material, found, None)), material.people, sex, pairs)
    known = [*sure, *_said(finder, material, found, first)]
    return family(known, _answered(material, family(known, material.people, sex, pairs)), sex, pairs)


def _answered(material: Material, tree: Family) -> People:
    """Who is who, with the answers to what was asked of it: "daughter"."""
    asked = {questions.id_for("kin", one.name): one.name for one in tree.kin}
    told = {asked[s.answers]: s.text.strip(" .。") for s in material.stories if s.answers in asked}
    kinship = {name: kin for name, kin in told.items() if ways(kin.lower())}
    return msgspec.structs.replace(material.people, kinship={**kinship, **material.people.kinship})


def _said(finder: Finder, material: Material, found: _Found, tree: Family | None) -> Iterator[Evidence]:
    for story in material.stories:
        yield from finder.find(story.text, _listener(material), Cited(story.source, story.line))
    for letter in found.letters:
        to = letter.reader or (tree.ways_to(letter.to) if tree else ())
        yield from finder.find(letter.item.text, to, Cited(letter.item.where.path, letter.item.where.line))
    for telling, name in found.tellings:
        where = telling.items[0].where
        yield from finder.find(telling.text, tree.ways_to(name) if tree else (), Cited(where.path, where.line))


def _listener(material: Material) -> tuple[Path, ...]:
    """To whom the stories are told: who brought them. A granddaughter of somebody who is called 外公, and by nobody
    爷爷, is a daughter's daughter."""
    found = ways(material.persona.brought_by.relation.lower())
    called = [turned(ways(word)) for word in material.persona.person.called if not word.isascii()]
    exact = {way for known in called for way in narrowed(found, known)}
    return tuple(way for way in found if way in exact) or found


def _may_be_named(material: Material, tree: Family) -> set[str]:
    """The family, who was granted, and everybody whom the family itself names."""
    person = material.persona.person
    brought = material.persona.brought_by.name
    allowed = {person.name, *person.called, brought, *material.people.granted, *tree.names}
    allowed |= {given_name(name) for name in (person.name, brought, *tree.names)} - {""}
    strangers = {name for name, kinship in material.people.kinship.items() if not kinship}
    merged = {alias for alias, name in material.people.merge.items() if name not in strangers}
    allowed |= merged | (set(material.people.kinship) - strangers)
    allowed |= {name for story in material.stories for name in story.people}
    return allowed | {name for said in material.pictures.values() for name in said.people}


def _others(material: Material, person: Who, tree: Family) -> set[str]:
    """Names and accounts of everybody else who takes part in a chat or writes a letter."""
    names = {n for i in material.items if not person.wrote(i) for n in (i.name, i.speaker)}
    return {n for n in names if n and n not in tree.names and not ways(n.lower())}


def _drafts(material: Material, tree: Family, found: _Found) -> Iterator[Draft]:
    for story in material.stories:
        if questions.is_about_facts(story.answers):
            found.left_out["an answer about who or when"] += 1
        else:
            yield find_letters.from_story(story, _listener(material))
    for letter in found.letters:
        yield from find_letters.from_letter(letter, letter.reader or tree.ways_to(letter.to), found.left_out)
    for telling, name in found.tellings:
        yield from find_chats.from_telling(telling, tree.ways_to(name))
    for recording in material.recordings:
        yield from from_recording(recording, material.voices, found.left_out)
    for seen in material.seen:
        said = material.pictures.get(seen.path, Reviewed())
        yield from from_photograph(seen, said, material.persona.person.languages, found.left_out)


class _Memories:
    """Finishes drafts one after the other: named, corrected, freed of what is others', dated and linked."""

    def __init__(self, material: Material, tree: Family, redactor: Redactor, left_out: Counter[str]) -> None:
        self._corrections = material.corrections
        self._born = born_in(material.persona)
        self._tree, self._redactor, self._left_out = tree, redactor, left_out
        self._places = {story.place for story in material.stories if story.place}
        self._ids: Counter[tuple[str, str]] = Counter()
        self.corrected: set[str] = set()
        self.findings: list[Finding] = []

    def finished(self, draft: Draft) -> Iterator[Memory]:
        """The memory; none where the family hides it or nothing of it may be told."""
        id = self._id(draft)
        correction = self._corrections.get(id, _NONE)
        self.corrected |= {id} & self._corrections.keys()
        if correction.hidden:
            self._left_out["hidden by the family"] += 1
            return
        wanted = correction.told(draft.language or language_of(draft.text))
        kind = draft.kind if wanted is None else "story"  # what the family wrote itself, it wants
        told = self._redactor.redact(wanted or draft.text, draft.source, kind)
        self.findings += told.findings
        if not told.text:
            self._left_out["private matters of others"] += 1
            return
        yield self._linked(draft, correction, id, told.text, told.count, told.sensitivity)

    def _linked(
        self, draft: Draft, correction: Correction, id: str, text: str, redacted: int, sensitivity: str
    ) -> Memory:
        given = correction.when if correction.when is not None else draft.when
        when = dates.Happened(given, given) if given else self._happened(draft, text)
        found = self._tree.named_in(text, draft.to)
        people = correction.people if correction.people is not None else self._tree.each_once((*draft.people, *found))
        place = correction.place if correction.place is not None else draft.place or place_of(text, self._places)
        return Memory(
            id,
            draft.language or language_of(text),
            text,
            msgspec.structs.replace(draft.source, title=self._redactor.plain(draft.source.title)),
            draft.kind,
            draft.own and correction.told(draft.language or language_of(text)) is None,
            self._question(draft),
            when.start,
            when.text,
            round(min(draft.sure, when.confidence if when.start else 1.0), 3),
            people,
            place,
            draft.photo,
            draft.recording,
            GRANTS.get(draft.kind, ""),
            sensitivity,
            redacted,
        )

    def _question(self, draft: Draft) -> str:
        """What was asked, in another's words: without names, and not at all where it touches private matters."""
        if draft.kind == "story":
            return self._redactor.plain(draft.question, names=False)
        return "" if sensitivity(draft.question) else self._redactor.plain(draft.question)

    def _happened(self, draft: Draft, text: str) -> dates.Happened:
        """A story's own date was given; what a letter or message tells is dated by its words alone."""
        told = draft.source.told if draft.kind != "story" else ""
        return dates.happened(text, told, self._born, draft.sure)

    def _id(self, draft: Draft) -> str:
        """The family's, or one of the path and the words, whatever else is in the file."""
        if draft.id:
            return draft.id
        raw = f"{draft.source.path}\0{draft.language}\0{draft.text}"
        digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        self._ids[draft.kind, digest] += 1
        again = self._ids[draft.kind, digest]
        return f"{draft.kind}-{digest}" + (f"-{again}" if again > 1 else "")


def _utterances(material: Material, person: Who, found: _Found, tree: Family) -> Iterator[Utterance]:
    yield from (_story(s.text, s.language) for s in material.stories if not s.answers)
    for letter in found.letters:
        yield from _letter(letter, _relative(tree, letter.to))
    for chat in found.chats.values():
        yield from find_chats.utterances(chat, person.wrote, lambda name: _relative(tree, name), found.copied)
    for recording in material.recordings:
        for draft in from_recording(recording, material.voices, Counter()):
            if draft.own:
                yield Utterance(draft.text, draft.language, "recording", draft.source.told[:10])


def _story(text: str, language: str) -> Utterance:
    return Utterance(text, language, "story")


def _letter(written: find_letters.Written, to: str) -> Iterator[Utterance]:
    pieces = written.letter.pieces
    day = written.item.when.start[:10]
    for at, piece in enumerate(pieces):
        ends = at == 0, at == len(pieces) - 1
        vocative = written.to if at == 0 else ""
        kind = written.item.kind
        yield Utterance(piece.text, language_of(piece.text), kind, day, to, *ends, vocative=vocative)


def _relative(tree: Family, name: str) -> str:
    """The name under which somebody is a relative; "" for who is none."""
    return next((k.name for k in tree.kin if name and name in (k.name, *k.also)), "")
