"""All that a face does with the family's photographs: the album, and the one print beside the portrait."""

from __future__ import annotations

import logging
from pathlib import Path

from device.errors import ImagoError
from device.face.album.slide import Size
from device.face.aside import Aside
from device.face.render import Frame
from device.face.scenes import card
from device.face.scenes.album import Album
from device.face.scenes.card import Card
from device.link import Heard, Message, Order, Photos, Speak
from device.persona import album as index

log = logging.getLogger(__name__)


class Photographs:
    """Of one persona on one screen."""

    def __init__(self, persona: Path, screen: Size, seed: int = 0, *, at_once: bool = False) -> None:
        """`at_once`: a print is read when it is asked for, rather than in a thread. Never raises."""
        try:
            photos = index.load(persona)
        except ImagoError as error:
            log.warning("%s", error.line())
            photos = ()
        self._folder, self._screen, self._at_once = persona / "album", screen, at_once
        self._photos = {photo.file: photo for photo in photos}
        self.album = Album(self._folder, photos, screen, seed=seed)
        self._aside: Aside[Card] = Aside("print")
        self._card: Card | None = None
        self._asked = ("", "")
        """File and language of the print that is, or is being made."""
        self._open = False

    @property
    def showing(self) -> tuple[str, ...]:
        """Files of what the album shows; () while it is closed."""
        return tuple(photo.file for photo in self.album.showing) if self._open else ()

    def tell(self, message: Message) -> None:
        """The next one, those that were asked for, or the language of the talk."""
        if isinstance(message, Heard | Speak) and message.language:
            self.album.language = message.language
        if isinstance(message, Order) and message.what == "next-photo":
            self.album.turn()
        elif isinstance(message, Photos) and not message.beside:
            self.album.only(message.files, seen=self._open)

    def frame(self, t: float, wanted: bool) -> Frame | None:
        """The album at `t` s, where it is `wanted` and there is something to show."""
        if not wanted or self.album.empty:
            self._open = False
            return None
        if not self._open:
            self._open = True
            self.album.begin(t)
        return self.album.frame(t)

    def wait(self) -> None:
        """Until what was asked for has been read; for who draws frames faster than time runs."""
        self.album.wait()
        self._aside.wait()

    def card(self, file: str, aside: tuple[int, int], language: str = "") -> Card | None:
        """The print of a photograph, beside a portrait that gives way by `aside`, with the family's words in a
        `language`; None until it has been read. One in another language stays until then."""
        if (file, language) != self._asked:
            if file != self._asked[0]:
                self._card = None
            self._asked = (file, language)
            if (photo := self._photos.get(file)) is not None:
                self._aside.ask(lambda: card.load(self._folder, photo, self._screen, max(aside), language))
                if self._at_once:
                    self._aside.wait()
        if (taken := self._aside.take()) is not None:
            self._card = taken[0]
        return self._card
