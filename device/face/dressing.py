"""Has portraits made in a thread, one after the other, and hands over the one that was asked for last."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from device.face.manner import Manner, manner_of
from device.face.scenes.photographs import Photographs
from device.face.scenes.scene import Scene
from device.face.settings import Settings
from device.face.wardrobe import best_scene, photographs_for


@dataclass(frozen=True, slots=True)
class Outfit:
    """All that a persona looks like."""

    scene: Scene
    photographs: Photographs | None
    manner: Manner
    directory: str
    """Of the persona; "" for nobody"""
    fault: str
    """Why it is only the photograph or the name, though there is a likeness; "" where all is well"""


class Dresser:
    """For one face. All but the making belongs to one thread."""

    def __init__(self, settings: Settings, size: tuple[int, int]) -> None:
        self._settings = settings
        self._size = size
        self._asked: object = None
        self.making: str | None = None
        """Directory of the persona that was asked for and is not there yet; "" for nobody, None where none is"""
        self._fresh: list[tuple[object, Outfit]] = []

    def ask(self, persona: Path | None, name: str) -> None:
        """Begins; what was asked for before is not wanted any more."""
        self._asked = asked = object()
        self.making = str(persona) if persona is not None else ""
        threading.Thread(target=self._make, args=(asked, persona, name), name="rig", daemon=True).start()

    def take(self) -> Outfit | None:
        """What was asked for last, once it is made; then it is yours."""
        while self._fresh:
            asked, outfit = self._fresh.pop(0)
            if asked is self._asked:
                self.making = None
                return outfit
        return None

    def _make(self, asked: object, persona: Path | None, name: str) -> None:
        photographs = photographs_for(self._settings, self._size, persona)
        faults: list[str] = []
        scene = best_scene(self._settings, self._size, persona, name, faults.append)
        has_likeness = persona is not None and (persona / "likeness" / "rig.npz").exists()
        fault = faults[0] if faults and has_likeness else ""
        directory = str(persona) if persona is not None else ""
        self._fresh.append((asked, Outfit(scene, photographs, manner_of(persona), directory, fault)))
