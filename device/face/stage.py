"""Everything that is on the screen, from messages to frames: the portrait, its motion, the captions and notices."""

from __future__ import annotations

import cv2
import msgspec
import numpy as np

from device.face.attract import Attract
from device.face.manner import Manner
from device.face.motion import Motion
from device.face.pose import Pose, opening
from device.face.presence import Presence
from device.face.record import Recorder
from device.face.render import Frame
from device.face.scenes.caption_track import PHOTO_STEPS, Caption, CaptionTrack
from device.face.scenes.captions import Captions
from device.face.scenes.photographs import Photographs
from device.face.scenes.portrait import Portrait
from device.face.scenes.programme import Programme
from device.face.scenes.quilt import TiledCaptions
from device.face.scenes.scene import Scene
from device.face.tone import toned
from device.link import Heard, Message, Speak

CHANGE = 0.7
"""s in which one portrait turns into another (the photograph into its living self, one persona into the next)."""


class Stage:
    """Draws frames for given times. Neither reads a clock nor waits."""

    def __init__(
        self,
        size: tuple[int, int],
        portrait: Scene,
        seed: int,
        recorder: Recorder | None = None,
        captions: TiledCaptions | None = None,
        attract: Attract | None = None,
        album_after_s: float = 0.0,
    ) -> None:
        """`captions`: instead of one caption bar over the whole. `attract`: what becomes of it while nobody speaks.
        `album_after_s`: s of quiet until the album comes; 0: only when it is asked for."""
        self.motion = Motion(seed)
        self._photographs: Photographs | None = None
        self._programme = Programme(album_after_s)
        self._portrait = portrait
        self._former: tuple[Scene, float] | None = None
        self._captions = captions or Captions(size)
        self._attract = attract
        self._track = CaptionTrack(self._captions.layout.widest)
        self._presence = Presence()
        self._recorder = recorder
        self._language = ""
        """In which the family talks with it."""
        self.mouth = 0.0
        """How far it is open in the last frame."""

    def tell(self, message: Message, t: float) -> None:
        """A message that arrived at `t`."""
        self.motion.tell(message)
        self._track.tell(message, t)
        self._programme.tell(message, t)
        if isinstance(message, Heard | Speak) and message.language:
            self._language = message.language
        if self._photographs is not None:
            self._photographs.tell(message)
        if self._attract is not None:
            self._attract.tell(message, t)
        if self._recorder is not None and isinstance(message, Speak):
            self._recorder.tell(message)

    def minds(self, peers: int, t: float) -> None:
        """How many minds are connected at `t`."""
        for message in self._presence.update(peers, self.motion.state, t):
            self.tell(message, t)

    def visit(self, t: float) -> bool:
        """Somebody has come at `t`; whether they are to be greeted."""
        return self._attract is not None and self._attract.visit(self.motion.state, t)

    def wear(
        self, portrait: Scene, t: float, photographs: Photographs | None = None, manner: Manner | None = None
    ) -> None:
        """Another portrait from `t` on, faded in, the photographs that go with it, and how that person moves."""
        covered = self._programme.album(t) > 0.0 and self._photographs is not None
        album = self._photographs.frame(t, True) if covered and self._photographs is not None else None
        self._former = (self._portrait if album is None else Held(album), t)
        self._portrait = portrait
        self._programme.close(t)
        self._photographs = photographs
        self.motion.adopt(manner or Manner(), t)

    @property
    def showing(self) -> tuple[str, ...]:
        """Files of the photographs in the album that is open."""
        return self._photographs.showing if self._photographs is not None else ()

    def frame(self, t: float) -> Frame:
        """The frame that is seen at `t`, RGB, of the stage's size."""
        if self._attract is not None:
            for message in self._attract.update(self.motion.state, t):
                self.motion.tell(message)
        pose, caption = self.motion.pose(t), self._with_photo(self._track.at(t), t)
        self.mouth = float(opening(pose))
        if self._recorder is not None:
            self._recorder.add(t, pose, caption)
        frame = self._picture(pose, caption, t)
        if self._attract is not None:
            frame = toned(frame, light=self._attract.light(t))
        self._captions.draw(frame, caption, badge=not self.showing or self._programme.album(t) < 1.0)
        return frame

    def _with_photo(self, caption: Caption, t: float) -> Caption:
        file, share = self._programme.beside(t)
        if not file:
            return caption
        step = round(share * PHOTO_STEPS)
        return msgspec.structs.replace(caption, photo=file, photo_step=step, photo_language=self._language)

    def _picture(self, pose: Pose, caption: Caption, t: float) -> Frame:
        """The portrait, the album, or one melting into the other; the one that is hidden is not drawn."""
        covered = self._programme.album(t)
        album = self._photographs.frame(t, covered > 0.0) if self._photographs is not None else None
        if album is None:
            return self._wearing(pose, caption, t)
        if covered >= 1.0:
            return album
        under = self._wearing(pose, caption, t)
        return np.asarray(cv2.addWeighted(album, covered, under, 1.0 - covered, 0.0), np.uint8)

    def _wearing(self, pose: Pose, caption: Caption, t: float) -> Frame:
        frame = with_card(self._portrait, self._photographs, pose, caption)
        if self._former is None:
            return frame
        portrait, since = self._former
        share = (t - since) / CHANGE
        if share >= 1.0:
            self._former = None
            return frame
        share = max(share, 0.0)
        return np.asarray(cv2.addWeighted(frame, share, portrait.frame(pose), 1.0 - share, 0.0), np.uint8)


def with_card(scene: Scene, photographs: Photographs | None, pose: Pose, caption: Caption) -> Frame:
    """The portrait, and beside it the photograph that is talked about, once it has been read."""
    if photographs is None or not caption.photo or not isinstance(scene, Portrait):
        return scene.frame(pose)
    share = caption.photo_step / PHOTO_STEPS
    frame = scene.frame(pose, share)
    if (card := photographs.card(caption.photo, scene.aside, caption.photo_language)) is not None:
        card.draw(frame, share)
    return frame


class Held:
    """A scene that does not move: what was seen last of an album that is gone."""

    def __init__(self, picture: Frame) -> None:
        self._picture = picture

    def frame(self, pose: Pose) -> Frame:
        """It, whatever the pose."""
        return self._picture


class Replay:
    """The same picture again from a frame log: pose and caption in, frame out."""

    def __init__(self, size: tuple[int, int], portrait: Scene, photographs: Photographs | None = None) -> None:
        """`photographs` are read at once rather than in a thread."""
        self._portrait = portrait
        self._photographs = photographs
        self._captions = Captions(size)

    def frame(self, pose: Pose, caption: Caption) -> Frame:
        """RGB, of the size given at the start."""
        frame = with_card(self._portrait, self._photographs, pose, caption)
        self._captions.draw(frame, caption)
        return frame
