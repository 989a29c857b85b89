"""`review/answers.txt`: the family's answers, in the form of stories.txt, each with a note of the question's id.

# question: how-they-met
Q: How did he and Lan meet?
A: On the ferry. She had no change, and I paid.
"""

from __future__ import annotations

import re
from pathlib import Path

from device.errors import BadInput
from provisioning.memories.memory import Question
from provisioning.review import files

FILE = f"{files.FOLDER}/answers.txt"
SPOKEN = "voice/answers"
MAX_ANSWER = 19_000
MAX_SOUND = 64 << 20
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
SUFFIXES = {"audio/webm": ".webm", "audio/ogg": ".ogg", "audio/mp4": ".m4a", "audio/wav": ".wav"}
"""What browsers record."""
_NOTE = re.compile(r"^#\s*question:\s*(\S+)\s*$")
_HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")


def all_of(shoebox: Path) -> dict[str, str]:
    """Question id -> answer. Raises BadInput."""
    found = {id: _answer(block) for id, block in _blocks(shoebox).items() if not id.startswith("\0")}
    return {id: answer for id, answer in found.items() if answer}


def shown(shoebox: Path, id: str) -> str:
    """Digest of an answer, for a page that shows it."""
    return files.digest(all_of(shoebox).get(id))


def keep(shoebox: Path, question: Question, text: str, language: str, seen: str) -> None:
    """Keeps an answer; an empty one takes it away. Raises BadInput or Stale."""
    _checked(question.id)
    if len(text) > MAX_ANSWER:
        raise BadInput("answer", expected=f"at most {MAX_ANSWER} characters", got=f"{len(text)}", hint="part it")
    with files.locked(shoebox):
        if shown(shoebox, question.id) != seen:
            raise files.Stale(question.id)
        blocks = _blocks(shoebox)
        line = one_line(text)
        if line:
            asked = one_line(question.zh if language == "zh" else question.en)
            blocks[question.id] = f"# question: {question.id}\nQ: {asked}\nA: {line}"
        else:
            blocks.pop(question.id, None)
        if blocks:
            files.write(shoebox / FILE, ("\n\n".join(blocks.values()) + "\n").encode())
        else:
            (shoebox / FILE).unlink(missing_ok=True)  # a file of stories without any is an error


def one_line(text: str) -> str:
    """Text in one line, so that it is one paragraph and none of its lines can be taken for a note or a question."""
    joined = ""
    for line in filter(None, (part.strip() for part in text.replace("\0", "").splitlines())):
        gap = "" if not joined or (_HAN.match(joined[-1]) and _HAN.match(line)) else " "
        joined += gap + line
    return joined


def spoken(shoebox: Path, id: str) -> Path | None:
    """The recording of an answer; None where there is none."""
    _checked(id)
    found = (shoebox / SPOKEN / f"{id}{suffix}" for suffix in SUFFIXES.values())
    return next((path for path in found if path.is_file()), None)


def keep_spoken(shoebox: Path, id: str, kind: str, sound: bytes) -> Path:
    """Keeps an answer that was said aloud; one that was there is replaced, for it was this page's own -> where it lies.
    Raises BadInput for what is no sound."""
    _checked(id)
    if kind not in SUFFIXES or not 0 < len(sound) <= MAX_SOUND:
        raise BadInput("recording", expected=f"sound, at most {MAX_SOUND >> 20} MiB", got=kind or "something else")
    path = shoebox / SPOKEN / f"{id}{SUFFIXES[kind]}"
    with files.locked(shoebox):
        before = spoken(shoebox, id)
        files.write(path, sound)
        if before is not None and before != path:
            before.unlink(missing_ok=True)
    return path


def _checked(id: str) -> None:
    if not ID.fullmatch(id) or ".." in id:
        raise BadInput("question", expected="letters, digits and dashes", got=id[:80])


def _blocks(shoebox: Path) -> dict[str, str]:
    """Id -> paragraph; paragraphs without an id, which somebody wrote by hand, under their number, to be kept."""
    content = files.read(shoebox / FILE) or b""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(FILE, expected="UTF-8 text", got="something else") from None
    blocks: dict[str, str] = {}
    for number, block in enumerate(filter(None, (b.strip() for b in re.split(r"\n\s*\n", text)))):
        note = next((found.group(1) for line in block.splitlines() if (found := _NOTE.match(line))), "")
        blocks[note or f"\0{number}"] = block
    return blocks


def _answer(block: str) -> str:
    lines = [line for line in block.splitlines() if not line.startswith("#")]
    at = next((n for n, line in enumerate(lines) if line.startswith("A:")), 0)
    return "\n".join(lines[at:]).removeprefix("A:").strip()
