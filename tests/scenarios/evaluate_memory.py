"""How well the demo persona is answered from memory: Recall@5, right answers, abstention; per language.

python -m tests.scenarios.evaluate_memory                      # the demo's questions, on a memory built from
demo/shoebox
python -m tests.scenarios.evaluate_memory --fit                # fits device/mind/sufficiency.py on the calibration
questions
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import msgspec
import numpy as np

from device.mind.answer import Answerer
from device.mind.embedding import Embedder, SmallE5
from device.mind.memory import SqliteMemory
from device.mind.memory_file import MemoryRow, Origin, build
from device.persona.unpacked import PersonaFile
from device.schema import convert, read_toml
from provisioning.stories import read_stories

HERE = Path(__file__).parent
SHOEBOX = HERE.parents[1] / "demo" / "shoebox"
DEMO = HERE / "demo_questions.toml"
CALIBRATION = HERE / "calibration_questions.toml"
HELD_OUT = HERE / "heldout_questions.toml"
NO_MEMORY = ("identity", "greeting", "command")
"""Kinds that a rule answers."""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question with the ids of the memories any of which answers it; none: it must be left unanswered."""

    id: str
    lang: str
    text: str
    kind: str
    expect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question."""

    question: Question
    found: tuple[str, ...]
    route: str
    evidence: tuple[str, ...]
    abstained: bool
    support: float
    ms: float

    @property
    def right(self) -> bool:
        """Answered from a memory that answers, or honestly not answered where there is none."""
        if self.question.kind in NO_MEMORY:
            return not self.evidence and self.route in (self.question.kind, "farewell")
        return self.evidence[:1] in [(e,) for e in self.question.expect] if self.question.expect else not self.evidence


def questions(path: Path) -> list[Question]:
    """The questions of a file."""
    return msgspec.toml.decode(path.read_bytes(), type=dict[str, list[Question]])["question"]


def demo_rows(shoebox: Path = SHOEBOX) -> list[MemoryRow]:
    """The demo persona's stories in both languages as rows of its memory."""
    stories = [s for path in sorted(shoebox.glob("stories*.txt")) for s in read_stories(path, shoebox)]
    return [
        MemoryRow(s.id, s.language, s.text, question=s.question, origin=Origin(s.source, s.line),
                  time_text=s.when, time_start=s.when, people=s.people, place=s.place, photo=s.photo)
        for s in stories
    ]  # fmt: skip


def demo_persona(shoebox: Path = SHOEBOX) -> PersonaFile:
    """The demo persona's texts."""
    return convert({"id": "demo", **read_toml(shoebox / "persona.toml")}, PersonaFile, "persona.toml")


def ask(memory: SqliteMemory, persona: PersonaFile, asked: Sequence[Question]) -> list[Outcome]:
    """Every question alone, without a language model."""
    answerer = Answerer(persona, memory, None)
    outcomes = []
    for q in asked:
        start = time.perf_counter()
        reply = answerer.answer(q.text, q.lang, (), lambda: False)
        ms = (time.perf_counter() - start) * 1000
        support = reply.hits[0].support if reply.hits else 0.0
        found = tuple(h.id for h in reply.hits)
        outcomes.append(Outcome(q, found, reply.route, reply.evidence, reply.abstained, support, ms))
    return outcomes


def _share(hits: Iterable[object], of: Sequence[Outcome]) -> float:
    return sum(map(bool, hits)) / len(of) if of else float("nan")


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Recall@5, first right, answered right (of those that a memory answers), abstention recall and precision,
    rules."""
    told = [o for o in outcomes if o.question.expect]
    untold = [o for o in outcomes if not o.question.expect and o.question.kind not in NO_MEMORY]
    ruled = [o for o in outcomes if o.question.kind in NO_MEMORY]
    silent = [o for o in (*told, *untold) if not o.evidence]
    return {
        "questions": len(outcomes),
        "recall@5": _share((bool({*o.found} & {*o.question.expect}) for o in told), told),
        "first": _share((o.found[:1] and o.found[0] in o.question.expect for o in told), told),
        "answered": _share((o.right for o in told), told),
        "abst. recall": _share((not o.evidence for o in untold), untold),
        "abst. precision": _share((not o.question.expect for o in silent), silent),
        "by rule": _share((o.right for o in ruled), ruled),
        "p50 ms": float(np.median([o.ms for o in outcomes])),
    }


def table(outcomes: Sequence[Outcome], write: Callable[[str], object] = print) -> None:
    """Prints the figures per language and kind, and every question that went wrong."""
    groups = {language: [o for o in outcomes if o.question.lang == language] for language in ("en", "zh")}
    for name, group in (*groups.items(), ("both", list(outcomes))):
        write(f"{name:5}" + "".join(f"  {key} {value:.3g}" for key, value in figures(group).items()))
    for o in outcomes:
        if not o.right:
            q = o.question
            write(
                f"  wrong: {q.id} ({q.kind}) {q.text} -> {o.route} {o.evidence or 'nothing'} {o.support:.2f}, "
                f"found {o.found[:3]}"
            )


def fit(memory: SqliteMemory, asked: Sequence[Question], ridge: float = 0.01) -> np.ndarray:
    """Coefficients and intercept of `sufficiency.support`: ridge logistic regression by Newton's method."""
    best = [(q, memory.explain(q.text, q.lang, 1)[0]) for q in asked if q.kind not in NO_MEMORY]
    x = np.array([[*astuple(signals), 1.0] for _, (_, signals) in best])
    y = np.array([float(hit.id in q.expect) for q, (hit, _) in best])
    weights = np.zeros(x.shape[1])
    penalty = np.diag([ridge] * (x.shape[1] - 1) + [0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        weights -= np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + penalty, x.T @ (p - y) + penalty @ weights)
    return weights


def main(arguments: Sequence[str], embedder: Embedder | None = None) -> int:
    """The command above."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args(arguments)
    engine = embedder or SmallE5()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "memory.sqlite"
        build(path, demo_rows(), engine)
        memory = SqliteMemory(path, engine)
        if options.fit:
            print("share, likeness, agreement, subject, intercept:", fit(memory, questions(CALIBRATION)).round(2))
        for file in (CALIBRATION, DEMO, HELD_OUT):
            print(file.name)
            table(ask(memory, demo_persona(), questions(file)))
        memory.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
