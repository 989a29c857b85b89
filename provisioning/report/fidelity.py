"""How like the person the persona will probably be, area by area, and what one more thing would add most.

Each figure has a meaning of its own that can be said in one sentence, and says whether it was measured or follows from
what there is. They are never added up: a good voice does not make up for memories that are not there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from provisioning.memories.memory import Remembered
from provisioning.report.content import Likeness, Report, Voice, Words

TOPICS = ("childhood", "parents", "school", "work", "how-they-met", "children", "home", "food", "hobbies", "hard-times")
"""What families ask about, where neither the memories nor the questions bring topics of their own."""
KNOWN_AT = 2.0
"""Memories of a topic that answer half of what is asked about it."""
RARE = 0.01
"""Share of sentences with a habit that is rare, but theirs."""
EYES_PX = 120.0
"""Pixels between the eyes that a face needs to fill a frame's screen; more adds nothing."""
SIDEWAYS = 45.0
"""Degrees at which half of the face is hidden."""
FILM_SHARE = 0.15
"""What films add to a likeness: the person's own blinks, nods and smile."""


@dataclass(frozen=True, slots=True)
class Area:
    """One area: 0..1, None where nothing can be said."""

    code: str
    title: Words
    score: float | None
    measured: bool
    meaning: Words
    """What the figure says, with its numbers"""
    rests_on: Words


@dataclass(frozen=True, slots=True)
class Gain:
    """One more thing, and what it would add."""

    area: str
    what: Words
    points: float
    """Of a hundred, in its area"""


def known(counts: dict[str, int], topics: tuple[str, ...]) -> float:
    """Share of questions that a memory would answer, if each topic is asked about equally: 1 - 2^(-n / KNOWN_AT) of
    those of a topic with n memories; 0..1."""
    if not topics:
        return 0.0
    return sum(1 - 2 ** (-counts.get(topic, 0) / KNOWN_AT) for topic in topics) / len(topics)


def topics_of(remembered: Remembered) -> tuple[str, ...]:
    """What is asked about: the topics of the memories and of the open questions, and those of every life."""
    asked = {question.topic for question in remembered.questions}
    return tuple(sorted({*remembered.topics, *asked, *TOPICS} - {"other"}))


def heard_all(sentences: int) -> float:
    """Chance that a habit of one sentence in a hundred is among so many: 1 - (1 - RARE)^n; 0..1."""
    return 1 - (1 - RARE) ** max(sentences, 0)


def like_voice(voice: Voice) -> float | None:
    """Place of the voice used between a stranger (0) and the person's own second recording (1), times the share of
    words that is understood; None where it was not measured."""
    tier = next((t for t in voice.tiers if t.used and t.similarity is not None), None)
    if tier is None or tier.similarity is None or voice.stranger is None or voice.same is None:
        return None
    span = voice.same - voice.stranger
    place = min(1.0, max(0.0, (tier.similarity - voice.stranger) / span)) if span > 0 else 0.0
    return place * (1 - min(1.0, max(0.0, tier.errors or 0.0)))


def like_face(likeness: Likeness) -> float:
    """Geometric mean of size, frontality, sharpness and light of the photograph; films fill up to the whole; 0..1."""
    shares = (
        min(1.0, likeness.eye_distance / EYES_PX),
        max(0.0, 1 - abs(likeness.turned) / SIDEWAYS),
        min(1.0, max(0.0, likeness.sharpness)),
        min(1.0, max(0.0, likeness.lit)),
    )
    still = math.prod(shares) ** (1 / len(shares))
    return still * (1 - FILM_SHARE + (FILM_SHARE if likeness.films else 0.0))


def interval(right: int, asked: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if asked <= 0:
        return 0.0, 1.0
    z, p = 1.96, right / asked
    middle, spread = p + z * z / (2 * asked), z * math.sqrt(p * (1 - p) / asked + z * z / (4 * asked * asked))
    return max(0.0, (middle - spread) / (1 + z * z / asked)), min(1.0, (middle + spread) / (1 + z * z / asked))


def areas(report: Report) -> tuple[Area, ...]:
    """Memory, manner, voice and face."""
    return (_memory(report), _manner(report), _voice(report.voice), _face(report.likeness))


def _memory(report: Report) -> Area:
    title = Words("What they remember", "记得的事")
    topics, count = topics_of(report.remembered), len({m.id for m in report.remembered.memories})
    rests = Words(f"{count} memories, {len(topics)} topics", f"{count} 条记忆，{len(topics)} 个话题")
    if report.probe and report.probe.asked:
        right, asked = report.probe.answered, report.probe.asked
        low, high = (round(100 * share) for share in interval(right, asked))
        tried = Words(
            f"Tried: {right} of {asked} questions of your own stories were answered from the right memory, without "
            "having seen the question before "
            f"(likely between {low} and {high} of a hundred); {report.probe.invented} answers were invented.",
            f"试问：故事里的 {asked} 个问题，事先不给看问题，答对 {right} 个"
            f"（{low}–{high} 分）；编造的回答 {report.probe.invented} 个。",
        )
        return Area("memory", title, right / asked, True, tried, rests)
    meaning = Words(
        "Of questions about any of these topics, about this share would find a memory. "
        f"Two memories of a topic answer half of what is asked about it: 1 − 2^(−n/{KNOWN_AT:g}), averaged.",
        f"问起这些话题时，大约有这么多能找到答案。一个话题有两条记忆，能答一半：1 − 2^(−n/{KNOWN_AT:g})，取平均。",
    )
    return Area("memory", title, known(report.remembered.topics, topics), False, meaning, rests)


def _manner(report: Report) -> Area:
    best = max((m.sentences for m in report.manners), default=0)
    meaning = Words(
        "The chance that something they say only once in a hundred sentences is among what you brought: 1 − 0.99ⁿ. "
        "It says how much of their manner is known, not how well it is imitated.",
        "每一百句才说一次的口头禅，出现在这些材料里的可能性：1 − 0.99ⁿ。说的是了解多少，不是模仿得多好。",
    )
    rests = Words(f"{best} sentences in their own words", f"本人的 {best} 句话")
    return Area("manner", Words("How they speak", "说话的样子"), heard_all(best), False, meaning, rests)


def _voice(voice: Voice | None) -> Area:
    title = Words("How they sound", "声音")
    if voice is None or voice.minutes <= 0:
        none = Words(
            "There is no recording of them, so a stock voice speaks. It is nobody's imitation.",
            "没有本人的录音，由通用的声音来说。它不模仿任何人。",
        )
        return Area("voice", title, 0.0, False, none, Words("no recordings", "没有录音"))
    score = like_voice(voice)
    rests = Words(f"{voice.minutes:.1f} minutes of clean speech", f"{voice.minutes:.1f} 分钟清楚的说话声")
    meaning = Words(
        "Where the voice stands between a stranger (0) and the same person recorded twice (100), times the share of "
        "words that is understood.",
        "这个声音在陌生人（0）和同一个人两次录音（100）之间的位置，再乘以能听懂的比例。",
    )
    if score is None:
        meaning = Words("Likeness of the voice was not measured.", "声音的相似程度没有测量。")
    return Area("voice", title, score, score is not None, meaning, rests)


def _face(likeness: Likeness | None) -> Area:
    title = Words("How they look", "样子")
    if likeness is None or not likeness.chosen:
        none = Words("No photograph shows the face well enough.", "没有一张照片能看清脸。")
        return Area("face", title, 0.0, False, none, Words("no photograph", "没有照片"))
    if likeness.eye_distance <= 0:
        unseen = Words("The photograph has not been looked at yet.", "这张照片还没有分析。")
        return Area("face", title, None, False, unseen, Words(f"{len(likeness.chosen)} photograph(s)", "有照片"))
    meaning = Words(
        "How much of the face the photograph shows: size, turned to you, sharp, evenly lit (their geometric mean); "
        f"films of how they move make up the last {FILM_SHARE:.0%}.",
        f"照片能看清多少面容：大小、朝向、清晰、光线（几何平均）；动态影片占最后的 {FILM_SHARE:.0%}。",
    )
    px, films = likeness.eye_distance, likeness.films
    rests = Words(f"{px:.0f} pixels between the eyes, {films} film(s)", f"两眼相距 {px:.0f} 像素，{films} 段影片")
    return Area("face", title, like_face(likeness), False, meaning, rests)
