from pathlib import Path

import numpy as np
from PIL import Image

from device.face.attract import Attract
from device.face.likeness import Guarded, best_portrait, still_portrait
from device.face.pose import INDEX, neutral
from device.face.record import Recorder
from device.face.scenes.photographs import Photographs
from device.face.scenes.portrait import Portrait, place
from device.face.stage import CHANGE, Replay, Stage
from device.link import Heard, Hush, Mood, Notice, Photos
from device.persona.album import Photo, encode
from device.persona.unpacked import Language
from tests.device.face.speech import clause
from tests.fakes.face_renderer import FakeRenderer

SIZE = (640, 360)
PHOTO = (400, 500)


def portrait(fail_after: int | None = None) -> Portrait:
    where = place(PHOTO, SIZE)
    photo = FakeRenderer(PHOTO).render(neutral())
    return Portrait(Guarded(FakeRenderer((where.width, where.height), fail_after), photo), photo, SIZE)


def test_speech_moves_the_mouth_and_writes_the_words() -> None:
    stage = Stage(SIZE, portrait(), 1)
    still = stage.frame(0.0)
    stage.tell(Mood("speaking", 0.1), 0.1)
    stage.tell(clause(0.5), 0.1)
    frames = [stage.frame(k / 30) for k in range(1, 75)]
    mouth = [f[240:330, 260:380].astype(int) for f in frames]
    assert max(np.abs(m - still[240:330, 260:380]).mean() for m in mouth) > 2
    assert (frames[60][290:345, :200].max(2) > 200).sum() + (frames[60][290:345].min(2) > 190).sum() > 50


def test_a_renderer_that_breaks_leaves_the_photograph_never_black() -> None:
    stage = Stage(SIZE, portrait(fail_after=3), 1)
    frames = [stage.frame(k / 30) for k in range(30)]
    assert all(f[150:200, 300:340].mean() > 60 for f in frames)


def test_portraits_change_softly() -> None:
    stage = Stage(SIZE, still_portrait(None, "外公", SIZE), 1)
    before = stage.frame(0.0).astype(int)
    stage.wear(portrait(), 1.0)
    first, middle, last = (stage.frame(t).astype(int) for t in (1.0, 1.0 + CHANGE / 2, 1.1 + CHANGE))
    assert np.abs(first - before).mean() < 3
    centre = (slice(100, 200), slice(290, 350))
    assert np.abs(middle[centre] - (before[centre] + last[centre]) / 2).mean() < 8


def test_a_lost_mind_is_noticed_and_a_returned_one_too() -> None:
    recorder = Recorder(SIZE, 30)
    stage = Stage(SIZE, portrait(), 1, recorder)
    stage.minds(1, 0.0)
    stage.tell(Mood("speaking", 0.0), 0.0)
    stage.tell(clause(0.2, count=60), 0.1)
    for k in range(200):
        t = 0.5 + k / 30
        stage.minds(0 if t < 5.0 else 1, t)
        stage.frame(t)
    log = recorder.log()
    noticed = np.array([log.captions[i].notice[0] == "请稍等" for i in log.caption])
    assert not noticed[log.t < 2.4].any()
    assert noticed[(log.t > 2.8) & (log.t < 5.0)].all()
    assert not noticed[log.t > 6.0].any()
    assert log.pose[(log.t > 0.8), INDEX["jawOpen"]].max() < 0.05
    assert stage.motion.state == "idle"


def test_replay_gives_the_same_pixels() -> None:
    recorder, made = Recorder(SIZE, 30), portrait()
    stage = Stage(SIZE, made, 1, recorder)
    stage.tell(clause(0.2), 0.0)
    stage.tell(Notice("One moment", "请稍等"), 0.0)
    stage.tell(Hush(1, 1.0), 0.9)
    frames = [stage.frame(k / 30) for k in range(40)]
    log, replay = recorder.log(), Replay(SIZE, portrait())
    for k in (0, 10, 25, 39):
        np.testing.assert_array_equal(frames[k], replay.frame(log.pose[k], log.captions[log.caption[k]]))


def test_no_likeness_is_a_calm_card_with_the_name() -> None:
    frame = best_portrait(None, "外公", SIZE).frame(neutral())
    assert frame.mean() > 30
    assert (frame.min(2) > 180).sum() > 50


def persona_with(tmp_path: Path, caption: dict[Language, str] | None = None) -> Path:
    (tmp_path / "album").mkdir(parents=True)
    Image.new("RGB", (640, 480), (30, 30, 220)).save(tmp_path / "album" / "blue.png")
    (tmp_path / "album" / "album.json").write_bytes(encode((Photo("blue.png", 640, 480, caption=caption or {}),)))
    return tmp_path


def test_the_album_covers_the_portrait_and_makes_room_for_it(tmp_path: Path) -> None:
    stage = Stage(SIZE, portrait(), 1, album_after_s=10.0)
    photographs = Photographs(persona_with(tmp_path), SIZE, at_once=True)
    stage.wear(portrait(), -5.0, photographs)
    stage.tell(Mood("idle", 0.0), 0.0)
    assert stage.frame(5.0)[180, 320, 2] < 200
    for t in (10.0, 10.1, 12.0):
        stage.frame(t)
        photographs.album.wait()
    assert stage.frame(12.5)[180, 320].tolist() == [30, 30, 220]
    assert stage.showing == ("blue.png",)
    assert stage.frame(12.5)[345:, 480:].max(2).min() > 200, "no badge on the family's own photograph"
    stage.tell(Mood("listening", 13.0), 13.0)
    stage.frame(13.0)
    assert stage.frame(14.0)[180, 320, 2] < 200
    assert stage.showing == ()


def test_a_photograph_is_shown_beside_the_portrait_in_the_film_too(tmp_path: Path) -> None:
    persona = persona_with(tmp_path)
    recorder = Recorder(SIZE, 30)
    stage = Stage(SIZE, portrait(), 1, recorder)
    stage.wear(portrait(), -5.0, Photographs(persona, SIZE, at_once=True))
    stage.tell(Photos(("blue.png",), beside=True, t=0.0), 0.0)
    frames = [stage.frame(k / 30) for k in range(60)]
    blue = (slice(40, 220), slice(350, 600))
    assert (frames[0][blue] == (30, 30, 220)).all(2).mean() == 0
    assert (frames[-1][blue] == (30, 30, 220)).all(2).mean() > 0.5
    log = recorder.log()
    replay = Replay(SIZE, portrait(), Photographs(persona, SIZE, at_once=True))
    np.testing.assert_array_equal(replay.frame(log.pose[-1], log.captions[log.caption[-1]]), frames[-1])


def test_the_print_speaks_the_language_of_the_talk(tmp_path: Path) -> None:
    persona = persona_with(tmp_path, caption={"zh": "放风筝的那天", "en": "The day of the kite"})
    prints = {}
    for language in ("zh", "en", "fr"):
        recorder = Recorder(SIZE, 30)
        stage = Stage(SIZE, portrait(), 1, recorder)
        stage.wear(portrait(), -5.0, Photographs(persona, SIZE, at_once=True))
        stage.tell(Heard("?", language), 0.0)
        stage.tell(Photos(("blue.png",), beside=True, t=0.0), 0.0)
        prints[language] = [stage.frame(k / 30) for k in range(60)][-1]
        caption = recorder.log().captions[-1]
        assert caption.photo_language == language
        replay = Replay(SIZE, portrait(), Photographs(persona, SIZE, at_once=True))
        np.testing.assert_array_equal(replay.frame(recorder.log().pose[-1], caption), prints[language])
    lower = (slice(170, 230), slice(350, 600))
    assert (prints["zh"][lower] != prints["en"][lower]).any()
    np.testing.assert_array_equal(prints["fr"][lower], prints["zh"][lower], "no words in it: the persona's own")


def test_a_print_is_not_taken_away_while_its_words_are_written_anew(tmp_path: Path) -> None:
    photographs = Photographs(persona_with(tmp_path), SIZE)
    prints = []
    for file, language in (("blue.png", "zh"), ("blue.png", "zh"), ("blue.png", "en"), ("blue.png", "en")):
        prints.append(photographs.card(file, (0, 0), language))
        photographs.wait()
    assert prints[0] is None, "not read yet"
    assert prints[1] is prints[2] is not None
    assert prints[3] is not prints[2]
    assert photographs.card("none.png", (0, 0), "en") is None


def test_without_photographs_nothing_moves_aside(tmp_path: Path) -> None:
    stage = Stage(SIZE, portrait(), 1, album_after_s=1.0)
    stage.wear(portrait(), -5.0, Photographs(tmp_path, SIZE))
    stage.tell(Mood("idle", 0.0), 0.0)
    assert all(stage.frame(k / 10)[180, 320, 2] < 200 for k in range(100))


def test_a_booth_grows_dim_while_nobody_speaks_and_brightens_for_who_comes() -> None:
    stage = Stage(SIZE, portrait(), 1, attract=Attract(5.0, 0.4))
    bright = stage.frame(0.0)[150:200, 300:340].mean()
    for k in range(1, 130):
        frame = stage.frame(k / 10)
    assert 0.3 * bright < frame[150:200, 300:340].mean() < 0.5 * bright
    assert stage.motion.state == "attract"
    assert stage.visit(13.0)
    for k in range(131, 141):
        frame = stage.frame(k / 10)
    assert frame[150:200, 300:340].mean() > 0.95 * bright
    assert stage.motion.state == "welcome"
    assert not Stage(SIZE, portrait(), 1).visit(0.0)


def test_words_and_badge_are_as_bright_in_the_dark() -> None:
    stage = Stage(SIZE, still_portrait(None, "", SIZE), 1, attract=Attract(5.0, 0.0))
    for k in range(200):
        frame = stage.frame(k / 10)
    assert not frame[:300].any()
    assert (frame[340:, 400:].min(2) > 100).sum() > 30


def test_another_persona_is_seen_though_the_album_was_open(tmp_path: Path) -> None:
    stage = Stage(SIZE, portrait(), 1, album_after_s=10.0)
    photographs = Photographs(persona_with(tmp_path), SIZE, at_once=True)
    stage.wear(portrait(), -5.0, photographs)
    stage.tell(Mood("idle", 0.0), 0.0)
    for t in (10.0, 10.1, 12.0):
        stage.frame(t)
        photographs.album.wait()
    assert stage.frame(12.5)[180, 320].tolist() == [30, 30, 220]
    stage.wear(portrait(), 13.0, Photographs(persona_with(tmp_path / "other"), SIZE, at_once=True))
    assert np.abs(stage.frame(13.0)[180, 320].astype(int) - (30, 30, 220)).max() < 3, "it melts, it does not jump"
    assert stage.frame(14.0)[180, 320, 2] < 200
    assert stage.frame(22.0)[180, 320, 2] < 200, "the quiet begins anew"
