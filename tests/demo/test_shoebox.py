"""The demo persona's texts: both languages pair up, everything named exists, and every word can be spoken aloud."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

ROOT = Path(__file__).parents[2]
BOX = ROOT / "demo" / "shoebox"
STORIES = {"en": BOX / "stories.txt", "zh": BOX / "stories.zh.txt"}
LONGEST_FIRST_SENTENCE = {"en": 14, "zh": 22}  # words, Chinese characters: what one breath and one synthesis call carry
KINDS = {"answerable", "paraphrase", "unanswerable", "false-premise", "identity", "greeting", "command"}
DATED = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?): ")
HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Story:
    """One paragraph: its `# key: value | ...` line, what was asked (or nothing), what he says, and when it was."""

    head: dict[str, str]
    question: str
    spoken: str
    when: str

    @property
    def sentences(self) -> list[str]:
        return [s.strip() for s in re.split(r"(?<=[.?!。？！])\s*", self.spoken) if s.strip()]


def read_story(paragraph: str) -> Story:
    lines = paragraph.splitlines()
    head = dict(field.strip().split(": ", 1) for field in lines[0].removeprefix("#").split("|"))
    if lines[1].startswith("Q: "):
        return Story(head, lines[1][3:], lines[2].removeprefix("A: "), head.get("date", ""))
    dated = DATED.match(lines[1])
    return Story(head, "", lines[1][dated.end() :] if dated else lines[1], dated[1] if dated else "")


def stories(language: str) -> list[Story]:
    paragraphs = STORIES[language].read_text(encoding="utf-8").strip().split("\n\n")
    return [read_story(p) for p in paragraphs if not all(line.startswith("#") for line in p.splitlines())]


def table(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = msgspec.toml.decode(path.read_bytes())
    return loaded


def questions() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table(ROOT / "tests" / "scenarios" / "demo_questions.toml")["question"]
    return found


def spoken_by_persona(language: str) -> list[str]:
    person = table(BOX / "persona.toml")["person"]
    lists = [person[key][language] for key in ("sayings", "fillers", "dont_know")]
    return [person["greeting"][language], person["farewell"][language], *(line for lines in lists for line in lines)]


def letters(language: str) -> list[Path]:
    return [p for p in sorted((BOX / "letters").glob("*.txt")) if p.name.endswith(".zh.txt") == (language == "zh")]


def all_spoken(language: str) -> list[str]:
    told = [text for story in stories(language) for text in (story.question, story.spoken)]
    asked = [q["text"] for q in questions() if q["lang"] == language]
    written = [line for p in letters(language) for line in p.read_text(encoding="utf-8").splitlines()[1:]]
    return [text for text in (*told, *asked, *written, *spoken_by_persona(language)) if text]


def length(sentence: str, language: str) -> int:
    return len(sentence.split()) if language == "en" else len(HAN.findall(sentence))


def test_the_two_languages_tell_the_same_memories_in_the_same_order() -> None:
    english, chinese = stories("en"), stories("zh")
    assert len(english) >= 72
    assert [s.head["id"] for s in english] == [s.head["id"] for s in chinese]
    assert [(s.when, s.head.get("photo"), bool(s.question)) for s in english] == [
        (s.when, s.head.get("photo"), bool(s.question)) for s in chinese
    ]
    assert [set(s.head) for s in english] == [set(s.head) for s in chinese]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_ids_are_unique_and_the_keys_known(language: str) -> None:
    told = stories(language)
    assert [i for i, n in Counter(s.head["id"] for s in told).items() if n > 1] == []
    assert set().union(*(s.head for s in told)) <= {"id", "date", "place", "people", "photo"}
    assert [s.head["id"] for s in told if not re.fullmatch(r"[a-z]+(-[a-z]+)*", s.head["id"])] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_memory_is_short_and_its_first_sentence_fits_a_breath(language: str) -> None:
    told = stories(language)
    assert [s.head["id"] for s in told if not 2 <= len(s.sentences) <= 4] == []
    limit = LONGEST_FIRST_SENTENCE[language]
    assert [s.sentences[0] for s in told if not 3 <= length(s.sentences[0], language) <= limit] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_spoken_is_nfc_without_digits_or_brackets(language: str) -> None:
    spoken = all_spoken(language)
    assert [t for t in spoken if unicodedata.normalize("NFC", t) != t] == []
    assert [t for t in spoken if re.search(r"\d|[()\[\]{}<>（）【】]", t)] == []


def test_chinese_has_no_latin_letters_or_punctuation_and_english_no_chinese() -> None:
    assert [t for t in all_spoken("zh") if re.search(r"[\x21-\x7e]| ", t)] == []
    assert [t for t in all_spoken("en") if not t.isascii()] == []


def test_photographs_and_album_name_each_other() -> None:
    album = table(BOX / "album.toml")
    told = {s.head["photo"]: s.head["id"] for s in stories("en") if "photo" in s.head}
    assert told == {name: entry["memory"] for name, entry in album.items()}
    assert [name for name, entry in album.items() if not (entry["en"] and entry["zh"] and entry["date"])] == []
    drawn = {p.name for p in (BOX / "photos").glob("*.[jp][pn]g")}
    for_the_likeness = {"portrait_smiling.jpg"}  # shows the teeth; the album has its calmer twin
    assert drawn - for_the_likeness <= set(album), "a picture in photos/ that the album does not know"


def test_persona_has_what_the_frame_needs() -> None:
    persona = table(BOX / "persona.toml")
    person, consent = persona["person"], persona["consent"]
    assert [key for key in ("name", "called", "about", "sayings", "fillers", "dont_know") if not person[key]] == []
    assert person["languages"] == ["zh", "en"]
    assert date(1900, 1, 1) < person["born"] < person["died"]
    assert persona["brought_by"].keys() >= {"name", "relation"}
    assert consent["basis"] in {"relative", "self"}
    assert [e for e in consent["evidence"] if not (BOX / e).is_file()] == []
    assert set(consent["grants"]) <= {"likeness", "voice", "letters", "chats", "photographs"}
    assert persona["wake"]["phrases"]
    assert persona["voice"].keys() >= {"en", "zh"}
    assert len(persona["style"]["en"].split()) <= 90
    assert len(persona["style"]["zh"]) <= 120


def test_the_consent_says_that_nobody_real_is_meant() -> None:
    statement = (BOX / "consent" / "statement.txt").read_text(encoding="utf-8")
    assert [words for words in ("is an invented person", "是虚构的人物", "CC0") if words not in statement] == []


def test_letters_come_in_both_languages_with_date_and_addressee() -> None:
    english, chinese = letters("en"), letters("zh")
    assert len(english) >= 2
    assert [p.stem for p in english] == [p.name.removesuffix(".zh.txt") for p in chinese]
    heads = [p.read_text(encoding="utf-8").splitlines()[0] for p in english + chinese]
    assert [h for h in heads if not re.match(r"# date: \d{4}-\d\d-\d\d \| from: .+ \| to: .+", h)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_questions_are_complete_and_expect_memories_that_exist(language: str) -> None:
    known = {s.head["id"] for s in stories(language)}
    asked = [q for q in questions() if q["lang"] == language]
    kinds = Counter(q["kind"] for q in asked)
    assert len(asked) == 24
    assert set(kinds) <= KINDS
    assert kinds["unanswerable"] >= 5
    assert kinds["false-premise"] >= 3
    assert [q["id"] for q in asked if not set(q["expect"]) <= known] == []
    wants = {"answerable": True, "paraphrase": True, "unanswerable": False, "identity": False}
    assert [q["id"] for q in asked if q["kind"] in wants and bool(q["expect"]) != wants[q["kind"]]] == []
    assert len({q["id"] for q in questions()}) == len(questions())


def test_questions_are_as_long_as_people_speak() -> None:
    limits = {"en": (4, 12), "zh": (5, 20)}
    for question in questions():
        shortest, longest = limits[question["lang"]]
        assert shortest <= length(question["text"], question["lang"]) <= longest, question["id"]
