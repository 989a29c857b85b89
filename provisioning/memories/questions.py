"""What only the family knows and would help most: questions for the topics of which the material tells least. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from device.schema import read_toml
from provisioning.memories.memory import Question

_TOPICS = read_toml(Path(__file__).with_name("questions.toml"))["topic"]
_WORDS = {topic: re.compile(table["words"], re.IGNORECASE) for topic, table in _TOPICS.items()}
_LATER = 0.15
"""What each further question of one topic loses: first one of each."""

TOPICS = tuple(_TOPICS)
ASKED = {ask["id"]: ask for table in _TOPICS.values() for ask in table["ask"]}
"""Question id -> its words in `en` and `zh`."""


def coverage(texts: Iterable[str]) -> dict[str, int]:
    """Topic -> how many texts speak of it."""
    found = dict.fromkeys(TOPICS, 0)
    for text in texts:
        for topic, pattern in _WORDS.items():
            if pattern.search(text):
                found[topic] += 1
    return found


def gaps(covered: Mapping[str, int], answered: Collection[str] = ()) -> tuple[Question, ...]:
    """Unanswered questions, of the emptiest topics first; topics that have enough are not asked about."""
    asked = []
    for topic, table in _TOPICS.items():
        missing = 1 - covered.get(topic, 0) / table["enough"]
        left = [ask for ask in table["ask"] if ask["id"] not in answered]
        for later, ask in enumerate(left):
            weight = round(missing - _LATER * later, 3)
            if weight > 0:
                whys = table["why_en"], table["why_zh"]
                asked.append(Question(ask["id"], topic, ask["en"], ask["zh"], *whys, weight))
    order = list(_TOPICS)
    return tuple(sorted(asked, key=lambda q: (-q.weight, order.index(q.topic), q.id)))


_STYLE = """
@page { size: A4; margin: 16mm 18mm 18mm; }
* { box-sizing: border-box; }
body { font: 11.5pt/1.45 Georgia, "Noto Serif CJK SC", "Songti SC", SimSun, serif; color: #222; margin: 0 auto; max-width: 174mm; }
header { border-bottom: .5mm solid #8a6d3b; margin-bottom: 6mm; padding-bottom: 4mm; }
h1 { font-size: 20pt; font-weight: normal; margin: 0; }
header p { margin: 2mm 0 0; color: #555; font-size: 10.5pt; }
section { break-inside: avoid; margin: 0 0 7mm; }
h2 { font-size: 13pt; font-weight: normal; margin: 0; }
h2 b { color: #8a6d3b; font-weight: normal; margin-right: 2mm; }
h2 span { display: block; font-size: 11.5pt; color: #444; margin-top: .5mm; }
.why { color: #777; font-size: 9.5pt; margin: 1mm 0 0; }
.lines { height: 40mm; margin-top: 2mm; background: repeating-linear-gradient(#fff 0 9.7mm, #c9bfae 9.7mm 10mm);
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.id { float: right; font: 8.5pt monospace; color: #999; }
footer { border-top: .3mm solid #ccc; color: #555; font-size: 9.5pt; padding-top: 3mm; }
"""
_HOW_EN = (
    "Write in their words, as they told it: “I …”. Leave empty what nobody knows. Or say the answer aloud: one recording "
    "for each question, saved in the shoebox as voice/answers/, named like the small letters at the right, such as "
    "{example}.m4a. Typed answers go into review/answers.txt."
)
_HOW_ZH = (
    "请用他们自己的口气写，像他们讲的那样：“我……”。没人知道的就空着。也可以说出来录音：每个问题录一段，"
    "放在盒子的 voice/answers/ 里，文件名用右边那行小字，例如 {example}.m4a。打字的回答写进 review/answers.txt。"
)


def sheet(questions: Sequence[Question], name: str, most: int = 16) -> str:
    """A page to print on A4 and write on, in both languages; stands by itself, with nothing to load."""
    shown = questions[:most]
    example = next((q.id for q in shown if q.id in ASKED), "childhood-home")
    sections = "".join(_section(number, q) for number, q in enumerate(shown, 1))
    title = html.escape(name)
    return (
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style><body>'
        f"<header><h1>关于{title}，只有你们知道的事<br>What only you know about {title}</h1>"
        f"<p>{html.escape(_HOW_ZH.format(example=example))}</p><p>{html.escape(_HOW_EN.format(example=example))}</p></header>"
        f"{sections}<footer>照片和字都留在家里这台电脑上。 Everything stays on this computer at home.</footer></body></html>\n"
    )


def _section(number: int, question: Question) -> str:
    e = html.escape
    return (
        f'<section><div class="id">{e(question.id)}</div><h2><b>{number}</b>{e(question.zh)}<span>{e(question.en)}</span></h2>'
        f'<p class="why">{e(question.why_zh)} {e(question.why_en)}</p><div class="lines"></div></section>'
    )


def answers_template(questions: Sequence[Question], most: int = 16) -> str:
    """`review/answers.txt` to begin with: every question as a note, an empty line where the answer goes."""
    head = "# Write each answer below its question, in their words. 在每个问题下面写回答，用他们自己的话。\n"
    return head + "".join(f"\n# {q.zh} {q.en}\n# question: {q.id}\n\n" for q in questions[:most])
