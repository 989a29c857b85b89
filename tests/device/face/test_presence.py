from device.face.presence import CLEAR, ONE_MOMENT, PATIENCE, Presence
from device.link import Hush, Mood


def test_a_lost_mind_calms_the_face_then_a_notice_then_it_clears() -> None:
    presence = Presence()
    assert presence.update(1, "idle", 0.0) == []
    hush, mood = presence.update(0, "speaking", 10.0)
    assert isinstance(hush, Hush)
    assert mood == Mood("idle", 10.0)
    assert presence.update(0, "idle", 10.0 + PATIENCE - 0.1) == []
    assert presence.update(0, "idle", 10.0 + PATIENCE) == [ONE_MOMENT]
    assert presence.update(0, "idle", 20.0) == []
    assert presence.update(1, "idle", 30.0) == [CLEAR]
    assert presence.update(1, "idle", 31.0) == []


def test_outside_a_conversation_nobody_is_told() -> None:
    presence = Presence()
    presence.update(1, "idle", 0.0)
    assert presence.update(0, "asleep", 1.0) == []
    assert presence.update(0, "idle", 10.0) == []


def test_a_quick_return_passes_unnoticed() -> None:
    presence = Presence()
    presence.update(1, "idle", 0.0)
    presence.update(0, "thinking", 1.0)
    assert presence.update(1, "idle", 2.0) == []
    assert presence.update(1, "idle", 9.0) == []
