"""`report.html`: one page for the family in English and Chinese, with all pictures, sounds and plots inside."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from provisioning.looks.render import both, render, style
from provisioning.report import kinship, plots, tree
from provisioning.report.content import Pair, Report, Words
from provisioning.report.fidelity import areas
from provisioning.report.files import Shown
from provisioning.report.gains import gains
from provisioning.report.labels import label
from provisioning.report.reasons import reason

TEMPLATES = Path(__file__).resolve().parent / "templates"
SECTIONS = ("fidelity", "gains", "waiting", "memories", "people", "manner", "voice", "likeness", "privacy", "consent",
            "account")  # fmt: skip
"""A template each, in the order of the page."""
FILES_SHOWN = 400
"""Rows of the account; more are added up."""
FINDINGS_SHOWN = 60


def nothing(path: str) -> str:
    """No pictures, no sounds."""
    return ""


def page(report: Report, picture: Shown = nothing, sound: Shown = nothing, language: str = "en") -> str:
    """The whole page; the same report gives the same text. `language`: which is shown first."""
    return render(
        TEMPLATES,
        "report.html",
        r=report,
        sections=SECTIONS,
        style=style(),
        first=language if language in ("en", "zh") else "en",
        t=both,
        w=_words,
        label=lambda code: _words(label(code)),
        why=lambda text: _words(reason(text)),
        picture=picture,
        sound=sound,
        plots=plots,
        areas=areas(report),
        gains=gains(report),
        **_memories(report),
        **_people(report),
        **_voice(report),
        heard=_heard(report, sound),
        n=count,
        photographs=_photographs(report),
        **_account(report),
    )


def summary(report: Report) -> bytes:
    """The figures alone, for programs."""
    told = {
        "person": report.person.name,
        "fidelity": {
            area.code: {"score": area.score, "measured": area.measured, "rests_on": area.rests_on.en}
            for area in areas(report)
        },
        "gains": [{"area": g.area, "what": g.what.en, "points": round(g.points, 1)} for g in gains(report)],
        "memories": len({m.id for m in report.remembered.memories}),
        "parsed": report.account.parsed,
        "skipped": report.account.skipped,
        "ambiguous": report.account.ambiguous,
        "waiting": {"pages": report.pages_waiting, "speakers": report.speakers_waiting,
                    "questions": len(report.remembered.questions)},
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(told, order="deterministic"), indent=1) + b"\n"


def _words(words: Words) -> str:
    return both(words.en, words.zh)


def count(number: int, one: str, many: str) -> str:
    """1 page, 3 pages."""
    return f"{number} {one if number == 1 else many}"


def _photographs(report: Report) -> int:
    likeness = report.likeness
    looked_at = len(likeness.chosen) + sum(one.count for one in likeness.passed_over) if likeness else 0
    return max(len(report.photographs), looked_at)


def year_of(date: str) -> int | None:
    """The year of an ISO date; None where there is none."""
    return int(date[:4]) if date[:4].isdecimal() and len(date[:4]) == 4 else None


def _memories(report: Report) -> dict[str, Any]:
    memories = {m.id: m for m in report.remembered.memories}.values()
    years = Counter(year for m in memories if (year := year_of(m.when)) is not None)
    by_topic = sorted(report.remembered.topics.items(), key=lambda pair: (-pair[1], pair[0]))
    by_kind = Counter(m.kind for m in memories).most_common()
    born, died = year_of(report.person.born), year_of(report.person.died)
    return {
        "count": len(memories),
        "undated": len(memories) - sum(years.values()),
        "topics": plots.bars([(label(topic), n) for topic, n in by_topic[:14]]),
        "kinds": plots.bars([(label(kind), n) for kind, n in by_kind]),
        "years": plots.timeline(years, born, died),
        "redacted": sum(m.redacted for m in report.remembered.memories),
    }


def _people(report: Report) -> dict[str, Any]:
    relatives = report.remembered.relatives
    return {
        "tree": tree.draw(report.person.name, relatives),
        "others": tree.others(relatives),
        "kin": _kin,
    }


def _kin(who: str) -> str:
    """A kinship in both languages; a name as it is."""
    if kinship.generation(who) is None and not kinship.chinese(who):
        return both(who)
    return both(kinship.english(who), kinship.chinese(who))


def _voice(report: Report) -> dict[str, Any]:
    voice = report.voice
    if voice is None or voice.stranger is None or voice.same is None:
        return {"scale": ""}
    low, high = min(voice.stranger, voice.same), max(voice.stranger, voice.same)
    span = (high - low) / 0.8 or 1.0  # the two ends stand at a tenth and nine tenths of the line

    def at(value: float) -> float:
        return 0.1 + (value - low) / span

    marks = [
        (at(voice.stranger), Words(f"a stranger {voice.stranger:.2f}", f"陌生人 {voice.stranger:.2f}"), "bar"),
        (
            at(voice.same),
            Words(f"themselves, recorded twice {voice.same:.2f}", f"本人的另一段录音 {voice.same:.2f}"),
            "bar2",
        ),
    ]
    for tier in voice.tiers:
        if tier.similarity is not None:
            name = label(tier.code)
            told = Words(f"{name.en} {tier.similarity:.2f}", f"{name.zh} {tier.similarity:.2f}")
            marks.append((at(tier.similarity), told, "bar2" if tier.used else "bar"))
    return {"scale": plots.scale(marks, (Words("somebody else", "别人"), Words("them", "本人")))}


def _heard(report: Report, sound: Shown) -> list[tuple[Pair, str, str]]:
    """Pairs of which both sounds are there."""
    pairs = [(pair, sound(pair.original), sound(pair.made)) for pair in report.voice.pairs] if report.voice else []
    return [told for told in pairs if told[1] and told[2]]


def _account(report: Report) -> dict[str, Any]:
    files = report.account.files
    return {
        "files": files[:FILES_SHOWN],
        "files_more": max(0, len(files) - FILES_SHOWN),
        "findings": report.remembered.findings[:FINDINGS_SHOWN],
        "findings_more": max(0, len(report.remembered.findings) - FINDINGS_SHOWN),
        "by_finding": Counter(f.kind for f in report.remembered.findings).most_common(),
        "grants": ("likeness", "voice", "letters", "chats", "photographs"),
    }
