"""Makes a persona's `wake/`: its phrases enrolled from recordings of the family, from text alone, or from both.

From text, the phrases are synthesised and said again by several speakers made of each synthetic voice. From recordings
(three to five of each phrase, by those who will call), each gives a template; the spoken ones stand beside them, so
that a guest wakes the frame too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from device.errors import BadInput
from device.persona.unpacked import PersonaFile
from device.ports import MIC_RATE, Pcm, Synthesizer
from device.wake.embedding import SpeechEmbedding
from device.wake.enrolment import Embed, Saying, enrol
from device.wake.templates import FILE, Templates, dump
from models_quantized import catalog
from provisioning import recordings
from provisioning.wake_phrases import phrases_of
from provisioning.wake_sound import SPEAKERS, Disguise, cut, disguised, in_a_room, with_noise

Voices = Mapping[str, Sequence[Synthesizer]]
"""By language. Those of the frame, or others; every one is disguised as several speakers."""

GUESTS = (Disguise(0.9, 125.0, 0.95), Disguise(1.04, 180.0, 1.05), Disguise(1.22, 270.0, 1.0))
"""Speakers who make no template, but whom a threshold must let pass, in a room and with noise."""

OTHER_TEXTS = {
    "en": (
        "The kettle is on and the bread is in the oven, so we have half an hour before anybody comes.",
        "Can you hand me the newspaper, please? I want to see what is on tonight.",
        "We drove along the coast until the road ended, and then we walked the rest of the way.",
        "She said she would call back after lunch, but the telephone has been quiet all day.",
        "Hello everybody, and welcome back. In this part we look at how glass is made.",
        "The grand hotel opposite the park has been closed for repairs since last winter.",
        "Mother, where did you put the big umbrella? It looks as if it is going to rain.",
        "There is a granite bridge behind the village, and a path that goes up to the old mill.",
        "No, not that one, the other one. Yes. Put it down over there, next to the window.",
        "Seven hundred and twenty people came to the concert, and most of them stayed to the end.",
        "I never liked that song, but your brother used to whistle it every single morning.",
        "How long do you think it takes to learn to swim? I began when I was eleven.",
    ),
    "zh": (
        "水已经烧开了，面条还要再煮五分钟，你先去把桌子摆好。",
        "请把今天的报纸递给我，我想看看晚上有什么节目。",
        "我们沿着海边一直开车，开到路的尽头，后来就下车走过去。",
        "她说吃过午饭再打电话来，可是电话一整天都没有响。",
        "大家好，欢迎回来。这一集我们来看玻璃是怎么做出来的。",
        "公园对面的那家饭店，从去年冬天开始就关门装修了。",
        "妈妈，那把大雨伞放到哪里去了？外面好像快要下雨了。",
        "村子后面有一座石头桥，过了桥有条小路通到老磨坊。",
        "不是这个，是另外一个。对，放在那边，靠窗户的地方。",
        "音乐会来了七百二十个人，大部分人一直听到最后才走。",
        "那首歌我一直不太喜欢，可是你哥哥每天早上都要吹口哨吹一遍。",
        "学会游泳要多长时间？我十一岁才开始学，外面的人都笑我。",
    ),
}
"""What is said in a house when nobody calls: thresholds are taken from it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A member of the family says a phrase, once and alone."""

    phrase: str
    pcm: Pcm
    """At MIC_RATE."""
    name: str
    """Of the file, for complaints."""


def build(
    persona: PersonaFile,
    folder: Path,
    voices: Voices,
    recorded: Sequence[Recording] = (),
    texts: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """Writes the templates of the persona's phrases into `folder` (its `wake/`) -> the file.

    `texts`: more of what is no call, by language, such as the persona's own stories; those with a phrase in them are
    left out. Raises BadInput for a recording that can't be used, Missing without the model."""
    embedding = SpeechEmbedding(catalog.verified_path("wake-phrase"))
    templates = templates_for(phrases_of(persona), voices, embedding.frames, recorded, texts or {})
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    path.write_bytes(dump(templates))
    return path


def recordings_in(folder: Path, persona: PersonaFile) -> list[Recording]:
    """What the family has recorded: each file's name begins with the phrase that is said in it ("外公你好 1.m4a").

    Raises BadInput for a file that names no phrase, or that is no recording."""
    phrases = phrases_of(persona)
    found = []
    for path in sorted(p for p in folder.glob("*") if p.is_file() and not p.name.startswith(".")):
        named = [p for p in phrases if _plain(path.stem).startswith(_plain(p))]
        if not named:
            hint = f"such as {phrases[0]} 1{path.suffix}"
            raise BadInput(path.name, expected="a name that begins with a wake phrase", got=path.stem, hint=hint)
        found.append(Recording(max(named, key=len), recordings.load(path), path.name))
    return found


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalpha())


def templates_for(
    phrases: Sequence[str],
    voices: Voices,
    embed: Embed,
    recorded: Sequence[Recording] = (),
    texts: Mapping[str, Sequence[str]] | None = None,
) -> Templates:
    """Enrols; see `build`. The same input gives the same templates, as far as the voices do."""
    random = np.random.default_rng(20)
    own = [Saying(r.phrase, cut(r.pcm, r.name)) for r in recorded]
    spoken = [Saying(p, pcm) for p in phrases for pcm in _said(p, voices, SPEAKERS)]
    guests = [Saying(p, _elsewhere(pcm, random)) for p in phrases for pcm in _said(p, voices, GUESTS)]
    elsewhere = [Saying(saying.phrase, _elsewhere(saying.pcm, random)) for saying in own]
    return enrol([*own, *spoken], list(_others(phrases, voices, texts or {})), embed, heard=[*elsewhere, *guests])


def language_of(phrase: str) -> str:
    """ "zh" where there is a Chinese character."""
    return "zh" if any("\u3400" <= letter <= "\u9fff" for letter in phrase) else "en"


def _said(phrase: str, voices: Voices, speakers: Sequence[Disguise]) -> Iterator[Pcm]:
    """The phrase by every speaker made of every voice of its language."""
    language = language_of(phrase)
    for voice in voices.get(language, ()):
        plain = _at_the_ears(voice, phrase + (". " if language == "en" else "。"))
        yield from (cut(disguised(plain, speaker), phrase) for speaker in speakers)


def _others(phrases: Sequence[str], voices: Voices, texts: Mapping[str, Sequence[str]]) -> Iterator[Pcm]:
    """Speech that is no call, by speakers in turn; every language of the voices."""
    number = 0
    for language, engines in voices.items():
        sentences = [*OTHER_TEXTS.get(language, ()), *texts.get(language, ())]
        for sentence in sentences:
            if any(phrase.casefold() in sentence.casefold() for phrase in phrases):
                continue
            for engine in engines:
                plain = _at_the_ears(engine, sentence)
                if len(plain) > MIC_RATE // 2:
                    for step in (0, len(SPEAKERS) // 2):
                        yield cut(disguised(plain, SPEAKERS[(number + step) % len(SPEAKERS)]))
                    number += 1


def _elsewhere(pcm: Pcm, random: np.random.Generator) -> Pcm:
    """In a living room, with something running."""
    room = in_a_room(pcm, random, float(random.uniform(0.3, 0.6)), float(random.uniform(0.4, 0.9)))
    return with_noise(room, random, float(random.uniform(10.0, 20.0)))


def _at_the_ears(voice: Synthesizer, text: str) -> Pcm:
    speech = voice.synthesize(text)
    if speech.rate == MIC_RATE or len(speech.pcm) == 0:
        return speech.pcm
    return np.asarray(soxr.resample(speech.pcm, speech.rate, MIC_RATE), np.float32)
