"""What a family is told about a stick, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from device.persona.stick.handing import Verdict
from device.persona.store.outcome import Stage

Words = tuple[str, str]
"""English, Chinese."""

LOOKING: Words = ("Looking at the stick. Please leave it in.", "正在查看U盘，请不要拔出。")
SAFE: Words = ("You can take the stick out now.", "现在可以拔出U盘了。")
GONE: Words = (
    "The stick was pulled out too early, or does not work. Nothing was changed. Please put it in again.",
    "U盘拔得太早，或者坏了。没有做任何改动，请重新插入。",
)
NOT_READY: Words = (
    "The frame cannot take in persons at the moment. Nothing was changed. Please try again later.",
    "相框暂时不能接收人物，没有做任何改动，请稍后再试。",
)
REPORT_COMING: Words = (
    "A report is being written to the stick. Please leave it in.",
    "正在把报告写到U盘，请不要拔出。",
)
REPORT_DONE: Words = ("The report is on the stick.", "报告已经写到U盘。")
REPORT_FAILED: Words = (
    "The report could not be written to the stick. It may be full or write-protected.",
    "报告写不到U盘，U盘可能满了或有写保护。",
)
TOO_MUCH: Words = (
    "There is more on the stick than the frame looks at. Please use a stick with fewer files.",
    "U盘里的文件太多，没有全部查看，请换一个文件少的U盘。",
)
STAGES: dict[Stage, Words] = {
    "checking": ("The file on the stick is being checked. Please leave it in.", "正在检查U盘里的文件，请不要拔出。"),
    "looking": ("What is in it is being looked at. Please leave the stick in.", "正在查看文件的内容，请不要拔出U盘。"),
    "keeping": ("It is being kept. Please leave the stick in.", "正在保存，请不要拔出U盘。"),
}
MOST_SPOKEN = 4
"""Outcomes that are told one by one."""
LONGEST = 400
"""Letters of one outcome."""


def joined(parts: Sequence[Words]) -> Words:
    """One after the other."""
    return " ".join(en for en, _ in parts if en), "".join(zh for _, zh in parts if zh)


def of_many(words: Words, number: int, total: int) -> Words:
    """With the file's number, where there are several."""
    if total < 2:
        return words
    return f"File {number} of {total}. {words[0]}", f"第{number}个文件，共{total}个。{words[1]}"


def outcome(verdict: Verdict) -> Words:
    """What came of a file."""
    if verdict.code == "media.gone":
        return GONE
    if verdict.error in ("Broken", "Missing") and verdict.subject in ("importer", "stick"):
        return NOT_READY
    return _one_line(verdict.en), _one_line(verdict.zh)


def outcomes(verdicts: Sequence[Verdict]) -> Words:
    """Of all files of a stick. The same words, for the copies of one pack, are said once."""
    first: dict[Words, int] = {}
    for number, verdict in enumerate(verdicts, 1):
        first.setdefault(outcome(verdict), number)
    total = len(verdicts) if len(first) > 1 else 1
    told = [text if text == GONE else of_many(text, number, total) for text, number in first.items()]
    parts = told[-MOST_SPOKEN:]
    more = len(told) - len(parts)
    if more:
        parts = [(f"There were {more} files more before.", f"之前还有{more}个文件。"), *parts]
    return joined(parts)


def photographs(count: int, others: bool) -> Words:
    """About photographs that lie on a stick; nothing was done with them."""
    if not count:
        return "", ""
    also, still = ("also ", "还") if others else ("", "")
    are = "are" if count > 1 else "is"
    plural = "s" if count > 1 else ""
    return (
        f"There {are} {also}{count} photograph{plural} on the stick; the frame has not touched them. "
        "Photographs come to the frame with a person, by the tool at home.",
        f"U盘里{still}有{count}张照片，相框没有动它们。照片要用家里的制作工具和人物一起放进相框。",
    )


def _one_line(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:LONGEST]
