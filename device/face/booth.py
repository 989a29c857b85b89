"""The screen beneath the glass: what it shows of the stage's pictures, and how it is set by hand while all runs."""

from __future__ import annotations

import logging
from pathlib import Path

from device.config import Hologram
from device.face import calibrating, calibration
from device.face.calibrating import Session
from device.face.calibration import Calibration
from device.face.render import Frame
from device.face.scenes.layouts import shown, view_size
from device.face.scenes.quilt import PRESETS, repeated
from device.face.scenes.test_card import card

log = logging.getLogger(__name__)


class Booth:
    """Keeps one screen's calibration. All calls come from one thread."""

    def __init__(self, settings: Hologram, screen: tuple[int, int], path: Path | None) -> None:
        """`path`: where the calibration is kept; None: nowhere."""
        self._layout = settings.layout
        self._quilt = PRESETS[settings.quilt] if settings.layout == "quilt" else None
        self._screen = screen
        self._path = path
        self._initial = Calibration(mirror=settings.mirror, upside_down=settings.upside_down)
        self._saved = calibration.load(path, self._initial)
        self._session: Session | None = None
        self._card: tuple[Session, Frame] | None = None
        self.view = view_size(settings.layout, screen)
        """(width, height) of the pictures that `show` takes."""

    @property
    def calibrating(self) -> bool:
        """Whether keys belong to the calibration now."""
        return self._session is not None

    def key(self, name: str, t: float) -> bool:
        """A key pressed at `t` s; whether it was meant for the calibration and is nobody else's business."""
        if self._session is None:
            if name not in calibrating.ENTER:
                return False
            self._session = Session(self._saved, self._initial)
            return True
        session, outcome = calibrating.press(self._session, name, t)
        self._session = session if outcome == "open" else None
        if outcome == "save":
            self._keep(session.calibration)
        return True

    def show(self, view: Frame) -> Frame:
        """What the screen must show so that `view`, or the test picture meanwhile, is seen in the glass."""
        if self._session is None:
            return shown(view, self._layout, self._screen, self._saved)
        if self._card is None or self._card[0] != self._session:
            now = self._session
            self._card = (now, shown(self._picture(now), self._layout, self._screen, now.calibration, now.corner))
        return self._card[1]

    def _picture(self, session: Session) -> Frame:
        if self._quilt is None:
            return card(self.view, session)
        return repeated(card(self._quilt.tile_size(self.view), session), self._quilt, self.view)

    def _keep(self, made: Calibration) -> None:
        self._saved = made
        if self._path is None:
            return
        try:
            calibration.save(made, self._path)
        except OSError as error:
            log.warning("the calibration holds until the frame is switched off; it cannot be written: %s", error)
