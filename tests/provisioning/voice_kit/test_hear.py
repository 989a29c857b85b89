"""What is heard in recordings made by the stock voices, with the frame's own engines."""

from __future__ import annotations

import numpy as np
import pytest

from provisioning.voice_kit import hear, measure
from provisioning.voice_kit.hear import Engines
from provisioning.voice_kit.heard import Passage
from tests.support import wordless
from tests.support.shoebox_sound import PERSON_EN, PERSON_ZH, said, scene, silence


def wrong(passage: Passage, text: str) -> float:
    """Share of words or characters."""
    wanted = measure.units(text, passage.language)
    return measure.distance(wanted, measure.units(passage.text, passage.language)) / len(wanted)


def test_who_says_what_when_in_which_language(engines: Engines) -> None:
    texts = [("joe", PERSON_EN[0]), ("man", PERSON_ZH[0]), ("woman", PERSON_ZH[1]), ("joe", PERSON_EN[3])]
    pcm, spans = scene(*[said(who, text) for who, text in texts])
    found = hear.passages(pcm, 100.0, engines)
    assert [p.language for p in found] == ["en", "zh", "zh", "en"]
    for passage, (start, end), (_, text) in zip(found, spans, texts, strict=True):
        assert passage.kind == "speech"
        assert abs(passage.start - 100.0 - start) < 0.3
        assert abs(passage.end - 100.0 - end) < 0.4
        assert wrong(passage, text) <= 0.2
        assert len(passage.embedding) == 256
        assert passage.sound.noise_db > 25
        assert passage.sound.mos > 2
        ends = [passage.start, *[t for w in passage.words for t in (w.start, w.end)], passage.end]
        assert ends == sorted(ends)


def test_two_who_speak_without_a_pause_are_parted(engines: Engines) -> None:
    one, other = said("man", PERSON_ZH[0]), said("joe", PERSON_EN[0])
    pcm, _ = scene(np.concatenate([one, silence(0.25), other]))
    found = hear.passages(pcm, 0.0, engines)
    assert [p.language for p in found] == ["zh", "en"]
    assert abs(found[1].start - (0.9 + len(one) / 16_000 + 0.2)) < 0.3


def test_nobody_speaks_in_silence_noise_and_music(engines: Engines) -> None:
    """Nothing that Whisper invents of them is written down."""
    random = np.random.default_rng(0)
    hiss = (0.02 * random.normal(size=80_000)).astype(np.float32)
    for name, pcm in {"silence": silence(5), "hiss": hiss, "music": wordless.tune(8), "dc": silence(5) + 0.5}.items():
        assert [p.text for p in hear.passages(np.asarray(pcm, np.float32), 0.0, engines) if p.text] == [], name


def test_words_stand_out_of_noise_or_are_not_believed(engines: Engines) -> None:
    random = np.random.default_rng(0)
    pcm, _ = scene(said("joe", PERSON_EN[0]), noise=0.02)
    (clear,) = (p for p in hear.passages(pcm, 0.0, engines) if p.text)
    assert wrong(clear, PERSON_EN[0]) <= 0.25
    assert clear.sound.noise_db < 25
    drowned = pcm + (0.6 * random.normal(size=len(pcm))).astype(np.float32)
    assert all(p.sound.noise_db < 12 for p in hear.passages(drowned, 0.0, engines))


def test_a_laugh_and_a_hum_have_no_words(engines: Engines) -> None:
    pcm, spans = scene(said("man", PERSON_ZH[1]), wordless.laugh(1, 140.0), wordless.cough(2), wordless.hum(3))
    kinds = {p.kind: p for p in hear.passages(pcm, 0.0, engines)}
    assert set(kinds) == {"speech", "laugh", "cough", "hum"}
    for kind, span in zip(("laugh", "cough", "hum"), spans[1:], strict=True):
        assert abs(kinds[kind].start - span[0]) < 0.25
        assert kinds[kind].text == ""


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.2])
def test_hardly_any_sound(engines: Engines, seconds: float) -> None:
    assert hear.passages(said("joe", PERSON_EN[0])[: round(seconds * 16_000)], 0.0, engines) == []
