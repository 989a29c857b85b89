from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from device.errors import BadInput, Broken
from device.face.motion import LEAD, Motion
from device.face.pose import PARAMETERS, neutral
from device.face.record import FrameLog, Recorder
from device.face.render import Frame
from device.face.scenes.caption_track import Caption
from device.face.scenes.portrait import Portrait, place
from device.face.sync import measure, mouth_darkness
from device.face.video import Wave, chosen, film, phase, read_wave, write
from device.link import Mood
from tests.device.face.speech import clause
from tests.fakes.face_renderer import FakeRenderer

SIZE = (320, 240)
PHOTO = (200, 240)


def portrait() -> Portrait:
    where = place(PHOTO, SIZE)
    return Portrait(FakeRenderer((where.width, where.height)), FakeRenderer(PHOTO).render(neutral()), SIZE)


def conversation(seconds: float, offset: float) -> FrameLog:
    """A clause every 3 s on a monotonic clock that began 1000 s ago; frames off the film's grid by `offset` s."""
    motion, recorder = Motion(1), Recorder(SIZE, 30)
    motion.pose(999.0)
    motion.tell(Mood("speaking", 999.0))
    for i in range(int(seconds // 3)):
        speak = clause(1000.3 + 3 * i, count=24, seed=i, index=i)
        motion.tell(speak)
        recorder.tell(speak)
    for k in range(int(30 * (seconds + 1))):
        t = 999.5 + offset + k / 30
        recorder.add(t, motion.pose(t), Caption())
    return recorder.log()


def click_track(seconds: float, channels: int = 2, rate: int = 16_000) -> Wave:
    """Silence with one click at exactly 1 s."""
    pcm = np.zeros((channels, int(seconds * rate)), np.float32)
    pcm[:, rate : rate + 80] = 0.9
    return Wave(pcm, rate)


@pytest.mark.parametrize("offset", [0.0, 0.011, -0.015])
def test_picture_and_sound_stand_as_they_did_in_the_room(tmp_path: Path, offset: float) -> None:
    log, done = conversation(9.0, offset), []
    count = write(tmp_path / "film.mp4", log, portrait(), 1000.0, click_track(9.0), lambda n, of: done.append((n, of)))
    assert count == 270
    assert done[-1] == (270, 270)
    with av.open(str(tmp_path / "film.mp4")) as film:
        video = film.streams.video[0]
        assert (video.codec_context.name, video.average_rate, video.width) == ("h264", 30, 320)
        decoded = list(film.decode(video))
        times = np.array([frame.time for frame in decoded])
        frames = [frame.to_ndarray(format="rgb24") for frame in decoded]
    sound = read_wave(tmp_path / "film.mp4")
    click = np.flatnonzero(np.abs(sound.pcm[0]) > 0.4)[0] / sound.rate
    heard_at = 1000.0 + times - (click - 1.0)  # the film's clock, set by the click
    found = measure(heard_at, mouth_darkness(frames, (100, 130, 120, 70)), log.speaks)
    assert abs(found.offset_ms - 1000 * LEAD) < 9
    assert found.r > 0.85


def test_mono_sound_and_odd_rates(tmp_path: Path) -> None:
    write(tmp_path / "film.mp4", conversation(1.0, 0.0), portrait(), 1000.0, click_track(1.5, 1, 22_050))
    assert read_wave(tmp_path / "film.mp4").pcm.shape[0] == 1


def test_frames_are_chosen_by_their_own_times() -> None:
    t = np.array([0.0, 0.033, 0.2, 0.233])
    log = FrameLog(t, np.zeros((4, len(PARAMETERS)), "f4"), np.zeros(4, "i4"), (Caption(),), (), SIZE)
    assert chosen(log, np.array([-1.0, 0.01, 0.03, 0.12, 0.19, 9.0])).tolist() == [0, 0, 1, 2, 2, 3]
    steady = FrameLog(5.009 + np.arange(30) / 30, log.pose, log.caption, log.captions, (), SIZE)
    assert phase(steady, 5.0, 30) == pytest.approx(0.009)


def test_a_film_that_is_given_up_leaves_nothing_behind(tmp_path: Path) -> None:
    def pictures() -> Iterator[Frame]:
        yield np.zeros((240, 320, 3), np.uint8)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        film(tmp_path / "film.mp4", SIZE, pictures(), click_track(2.0))
    assert not list(tmp_path.iterdir())


def test_an_empty_log_and_an_impossible_place_and_no_recording(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        write(tmp_path / "film.mp4", Recorder(SIZE, 30).log(), portrait(), 0.0, click_track(2.0))
    (tmp_path / "film.mp4").mkdir()
    with pytest.raises(Broken):
        write(tmp_path / "film.mp4", conversation(1.0, 0.0), portrait(), 1000.0, click_track(1.5))
    (tmp_path / "notes.wav").write_text("not a sound")
    with pytest.raises(BadInput):
        read_wave(tmp_path / "notes.wav")
