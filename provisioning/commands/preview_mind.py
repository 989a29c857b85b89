"""The frame's own mind over a shoebox's memories: `studio.mind.Mind`, filled here, for only a command line may."""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from device.errors import Missing
from device.mind.embedding import DIMENSIONS, Embedder, Vectors
from device.persona.unpacked import PersonaFile
from provisioning.memories.memory import Memory
from provisioning.studio.mind import Reply

_HAN = re.compile(r"[\u3400-\u9fff]")
HISTORY = 4
"""Turns that count in a conversation, as on the frame"""


class KeptEmbedder:
    """An embedder that embeds each text once; vectors may be kept in a file from one talk to the next."""

    def __init__(self, engine: Embedder, kept: Path | None = None) -> None:
        self.name = engine.name
        self.made = 0
        """Texts that were embedded so far"""
        self._engine = engine
        self._kept = kept
        self._known: dict[str, Vectors] = self._read()

    def query(self, text: str) -> Vectors:
        """See Embedder."""
        return self._engine.query(text)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """See Embedder; only texts that were never seen cost time."""
        new = [text for text in dict.fromkeys(texts) if _key(text) not in self._known]
        if new:
            self._known.update(zip(map(_key, new), self._engine.passages(new), strict=True))
            self.made += len(new)
            self._write()
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        return np.stack([self._known[_key(text)] for text in texts])

    def _read(self) -> dict[str, Vectors]:
        """What was kept; nothing where the file is another engine's, damaged or not there."""
        if self._kept is None or not self._kept.is_file():
            return {}
        try:
            with np.load(self._kept, allow_pickle=False) as kept:
                if str(kept["engine"]) != self.name:
                    return {}
                return dict(zip(kept["keys"].tolist(), np.asarray(kept["vectors"], np.float32), strict=True))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return {}

    def _write(self) -> None:
        if self._kept is None:
            return
        from provisioning.review import files

        draft = tempfile.SpooledTemporaryFile(max_size=1 << 26)  # noqa: SIM115  # closed with the process
        np.savez(draft, engine=self.name, keys=list(self._known), vectors=np.stack(list(self._known.values())))
        draft.seek(0)
        files.write(self._kept, draft.read())
        draft.close()


class FramesMind:
    """The frame's memory, rules and, where it is there, language model."""

    def __init__(self, persona: PersonaFile, embedder: KeptEmbedder, model: Any = None) -> None:
        """`model`: a LanguageModel, or None: then small talk is a ready line."""
        self._persona = persona
        self._embedder = embedder
        self._model = model
        self._folder = tempfile.TemporaryDirectory(prefix="imago-preview-")
        self._memory: Any = None
        self._answerer: Any = None
        self._history: list[Any] = []

    def learn(self, memories: Sequence[Memory]) -> int:
        """See Mind."""
        from device.mind import memory_file
        from device.mind.answer import Answerer
        from device.mind.memory import SqliteMemory

        before, path = self._embedder.made, Path(self._folder.name) / "memory.sqlite"
        if self._memory is not None:
            self._memory.close()
        self._memory = None
        if memories:
            memory_file.build(path, [row(memory) for memory in memories], self._embedder)
            self._memory = SqliteMemory(path, self._embedder)
        self._answerer = Answerer(self._persona, self._memory, self._model)
        return self._embedder.made - before

    def ask(self, question: str) -> Reply:
        """See Mind."""
        from device.mind.prompt import Turn

        language = "zh" if _HAN.search(question) else "en"
        reply = self._answerer.answer(question, language, tuple(self._history), lambda: False)
        text = reply.text()
        self._history = [*self._history[1 - HISTORY :], Turn(question, text, reply.language, reply.evidence)]
        return Reply(text, reply.route, reply.abstained, reply.evidence, reply.language)


def row(memory: Memory) -> Any:
    """A memory as the frame keeps it."""
    from device.mind.memory_file import MemoryRow, Origin

    origin = Origin(memory.source.path, memory.source.line, confidence=memory.confidence, grant=memory.grant)
    return MemoryRow(
        memory.id, memory.language, memory.text, question=memory.question, origin=origin, time_text=memory.when_text,
        time_start=memory.when, people=memory.people, place=memory.place, photo=memory.photo,
        sensitivity=memory.sensitivity,
    )  # fmt: skip


def frames_mind(shoebox: Path, progress: Callable[[str], None], *, model: bool = True) -> FramesMind:
    """The mind for a shoebox; vectors are kept between two talks. Without a language model on this machine it goes
    without, and says so. Raises Missing or BadInput for the shoebox."""
    from device import config
    from device.mind.embedding import SmallE5
    from provisioning.review.agreement import persona_of

    place = hashlib.sha256(str(shoebox.resolve()).encode()).hexdigest()[:12]
    kept = config.cache() / "preview" / f"{place}.npz"
    persona = ready(persona_of(shoebox))
    return FramesMind(persona, KeptEmbedder(SmallE5(), kept), language_model(progress) if model else None)


def language_model(progress: Callable[[str], None]) -> Any:
    """The frame's default one; None where it is not on this machine."""
    from device import config, registry
    from models_quantized import catalog

    try:
        path = catalog.verified_path("language-model")
        return registry.make("language_model", "llama", model=path, cache=config.cache() / "preview")
    except Missing as error:
        progress(f"no small talk: {error.line()}")
        return None


def ready(file: PersonaFile) -> PersonaFile:
    """The persona with something to say where the family left it out, as the frame makes it."""
    from msgspec.structs import replace

    from device.persona.unpacked import with_ready_words

    return replace(file, person=with_ready_words(file.person))


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
