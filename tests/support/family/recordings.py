"""What the family recorded: which words, by whom, how well, and in which file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.support.family import voices
from tests.support.family.voices import Pcm, joined, says


@dataclass(frozen=True)
class Heard:
    """What a reader must find in a recording."""

    text: str = ""
    """What she says"""
    others: str = ""
    """What others say"""
    language: str = "zh"
    date: str = ""
    """As the name tells it; "" where it tells nothing"""
    use: str = "good"
    """good, noisy, clipped, music, others (she is not alone), stranger, silent"""
    note: str = ""


@dataclass(frozen=True)
class Recording:
    """One file."""

    make: Callable[[int], Pcm]
    """Seed -> sound"""
    heard: Heard


RAIN = "囡囡，今朝落雨了，出门记得带伞。吃饱了再讲别的事体。"
NATIONAL = "阿琴，今天国庆，我同你爸爸结婚也是国庆这一天。"
WORMS = "我妈妈在睡觉的房间里养蚕。蚕吃桑叶，沙沙沙，好像下雨。没有这个声音，我睡不着。到杭州的第一夜，我没有睡。"
DRESS = "结婚那天，我穿一件蓝色的布衣服，领子上我自己绣了一片小小的桑叶。德明说，这片叶子比新娘子好看。"
SCISSORS = "你外公从来没有送过花，只送过我一把剪刀。剪刀到今天还快，花早就没有了。"
DEAREST = "After the mill I had a mending stall. The dearest piece was a wedding jacket. The hole was over the heart."
HOW = "我的车停了，德明提了一盏灯来，家伙一样没带。他从我头上拔了一只发夹，弯一弯，车就走了。"
PIN = "发夹他没还，车还是我的。"
LOTUS = "糯米要泡四个钟头，塞进藕孔里，牙签封牢，煮两个钟头。桂花最后放，先放就苦了。"
LOUD = "喂，听得到伐？我讲话响一点。"
RADIO = "今朝天气蛮好，被子晒出去了。"
STORY = "他讲笑话自己先笑，笑完忘记讲了。"
NEW_YEAR = "Happy new year, Emma. Eat first, talk later."
SCHOOL = "I went to school three years only. Then night class in the mill."
LOOM = "Loom number twenty seven was by the window. When one thread broke, I heard it before I saw it. My hands knew."
ASKED = "外婆，你跟外公怎么认识的？"
SISTER = "阿姐，黄酒开坛了，香煞。"
AGENT = "您好，这套房子两室一厅，月底可以入住。"


def _with_radio(seed: int) -> Pcm:
    pcm = joined(says("lan", RADIO), says("lan", LOUD))
    return np.asarray(pcm * 0.7 + voices.music(len(pcm) / voices.RATE)[: len(pcm)], np.float32)


def _interview(seed: int) -> Pcm:
    return joined(says("xia", ASKED), says("lan", HOW), says("xia", "发夹还给你了吗？"), says("lan", PIN))


def _laughing(seed: int) -> Pcm:
    return joined(says("lan", STORY), voices.laugh(seed), says("lan", "格么就是这样。"), voices.cough(seed))


RECORDINGS: dict[str, Recording] = {
    "voice/mmexport1510446600123.silk": Recording(
        lambda seed: says("lan", RAIN),
        Heard(RAIN, date="2017-11-12", note="WeChat; the name is milliseconds since 1970"),
    ),
    "voice/20191001_090000.m4a": Recording(
        lambda seed: voices.noisy(says("lan", NATIONAL), 12, seed), Heard(NATIONAL, date="2019-10-01", use="noisy")
    ),
    "voice/mei-1.amr": Recording(
        lambda seed: says("mei", SISTER), Heard(others=SISTER, use="stranger", note="her sister")
    ),
    "voice/PTT-20171231-WA0003.opus": Recording(
        lambda seed: says("lan", NEW_YEAR, "en"), Heard(NEW_YEAR, language="en", date="2017-12-31")
    ),
    "voice/voice_messages/audio_1.ogg": Recording(
        lambda seed: says("lan", SCHOOL, "en"), Heard(SCHOOL, language="en", note="Telegram")
    ),
    "voice/childhood.wav": Recording(lambda seed: says("lan", WORMS), Heard(WORMS)),
    "voice/interview.mp3": Recording(
        _interview, Heard(HOW + PIN, ASKED + "发夹还给你了吗？", use="others", note="Xia asks, she answers")
    ),
    "voice/answers/how-they-met.m4a": Recording(
        lambda seed: joined(says("xia", ASKED), says("lan", HOW)),
        Heard(HOW, ASKED, use="others", note="a printed question read aloud, then answered"),
    ),
    "voice/lotus.mp3": Recording(lambda seed: says("lan", LOTUS), Heard(LOTUS)),
    "voice/kitchen-radio.wav": Recording(_with_radio, Heard(RADIO + LOUD, use="music")),
    "voice/too-close.wav": Recording(lambda seed: voices.clipped(says("lan", LOUD)), Heard(LOUD, use="clipped")),
    "voice/laughing.wav": Recording(
        _laughing, Heard(STORY + "格么就是这样。", note="a laugh after the first sentence, two coughs at the end")
    ),
    "voice/新录音 7.m4a": Recording(
        lambda seed: joined(says("lan", DRESS), says("lan", SCISSORS)),
        Heard(DRESS + SCISSORS, note="the dress is told nowhere else"),
    ),
    "voice/Recording 2016-10-15 12.30.00.mp3": Recording(
        lambda seed: says("lan", DEAREST, "en"), Heard(DEAREST, language="en", date="2016-10-15")
    ),
    "voice/loom-27.mp3": Recording(lambda seed: says("lan", LOOM, "en"), Heard(LOOM, language="en")),
    "voice/agent.wav": Recording(lambda seed: says("agent", AGENT), Heard(others=AGENT, use="stranger")),
    "voice/pocket.wav": Recording(
        lambda seed: voices.noisy(voices.pause(3) + np.float32(1e-4), 0, seed), Heard(use="silent")
    ),
}


def encoded(path: str, seed: int) -> bytes:
    """The file's bytes."""
    return voices.encoded(RECORDINGS[path].make(seed), path.rsplit(".", 1)[1])
