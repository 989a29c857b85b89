"""What one more thing would add most: each area's figure, worked out again as if it were there."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from provisioning.report.content import Likeness, Report, Words
from provisioning.report.fidelity import EYES_PX, Gain, heard_all, known, like_face, like_voice, topics_of
from provisioning.report.labels import label

SENTENCES_MORE = 100
"""In an evening's chat export, or in ten letters."""
GOOD = Likeness(eye_distance=EYES_PX, turned=3, sharpness=0.9, lit=0.9)
"""A sharp photograph from the front."""
LEAST = 0.5
"""Points; less is not worth asking a family for."""


def gains(report: Report, most: int = 5) -> tuple[Gain, ...]:
    """The best things that could still be brought or done, best first; at most two of one area, so that the list is no
    monotony."""
    taken: dict[str, int] = {}
    best: list[Gain] = []
    for gain in sorted(_all(report), key=lambda gain: (-gain.points, gain.what.en)):
        if gain.points >= LEAST and taken.get(gain.area, 0) < 2:
            taken[gain.area] = taken.get(gain.area, 0) + 1
            best.append(gain)
    return tuple(best[:most])


def _all(report: Report) -> Iterator[Gain]:
    yield from _stories(report)
    yield from _scans(report)
    yield _sentences(report)
    yield from _recordings(report)
    yield from _pictures(report)


def _stories(report: Report) -> Iterator[Gain]:
    counts, topics = report.remembered.topics, topics_of(report.remembered)
    now = known(counts, topics)
    for topic in topics:
        more = known({**counts, topic: counts.get(topic, 0) + 2}, topics)
        name = label(topic)
        what = Words(f"Two more stories about: {name.en.lower()}", f"再讲两件关于“{name.zh or name.en}”的事")
        yield Gain("memory", what, 100 * (more - now))


def _scans(report: Report) -> Iterator[Gain]:
    """A page gives about one memory; of which topic nobody knows, so they are spread evenly."""
    waiting = report.pages_waiting
    if not waiting:
        return
    counts, topics = report.remembered.topics, topics_of(report.remembered)
    spread = {topic: counts.get(topic, 0) + waiting / len(topics) for topic in topics}
    more = known(spread, topics) - known(counts, topics)  # type: ignore[arg-type]  # parts of a memory, on average
    what = Words(f"Read through the {waiting} scanned page(s) that wait for you", f"核对等着您看的 {waiting} 页手写信")
    yield Gain("memory", what, 100 * more)


def _sentences(report: Report) -> Gain:
    best = max((m.sentences for m in report.manners), default=0)
    more = heard_all(best + SENTENCES_MORE) - heard_all(best)
    what = Words(
        f"About {SENTENCES_MORE} more sentences that they wrote themselves: a chat export, or ten letters",
        f"再找约 {SENTENCES_MORE} 句本人写的话：一份聊天记录，或十封信",
    )
    return Gain("manner", what, 100 * more)


def _recordings(report: Report) -> Iterator[Gain]:
    voice = report.voice
    if voice is None or voice.minutes <= 0:
        what = Words(
            "One clear recording of their voice, however short: then their own words can be heard",
            "一段清楚的本人录音，再短也好：那样就能听到原声",
        )
        yield Gain("voice", what, 20)
        return
    score = like_voice(voice)
    tier = next((t for t in voice.tiers if t.used), None)
    if score is not None and tier is not None and tier.code in ("T0", "T1", "T2"):
        what = Words(
            "Ten to fifteen minutes of clear speech, with which a voice of their own can be trained",
            "十到十五分钟清楚的说话录音，就能训练出本人的声音",
        )
        yield Gain("voice", what, 100 * max(0.0, 0.85 - score))


def _pictures(report: Report) -> Iterator[Gain]:
    likeness = report.likeness
    if likeness is None or not likeness.chosen:
        what = Words("One photograph that shows the face from the front", "一张能看清正脸的照片")
        yield Gain("face", what, 100 * like_face(GOOD))
        return
    if likeness.eye_distance <= 0:
        return
    now = like_face(likeness)
    good = replace(GOOD, films=likeness.films)
    what = Words(
        "A larger, sharper photograph from the front, or a new scan at 600 dpi",
        "一张更大更清楚的正面照，或用 600 dpi 重新扫描",
    )
    yield Gain("face", what, 100 * max(0.0, like_face(good) - now))
    if not likeness.films:
        what = Words("Half a minute of film with the face from the front", "半分钟能看到正脸的影片")
        yield Gain("face", what, 100 * (like_face(replace(likeness, films=1)) - now))
