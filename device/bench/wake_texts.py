"""What is said when nobody calls, for the measurement of wake phrases: other sentences than those enrolment knows.

Talk in a house, words that sound like calls and are none, and, for its variety of sounds, text that nobody wrote for
this: English from Python's own manual, Chinese words drawn from a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

HOUSE = {
    "en": (
        "Have you seen my glasses? I put them down a minute ago.",
        "The plumber comes at half past nine, somebody has to be at home.",
        "Turn it down a little, the baby is asleep upstairs.",
        "Good evening, here is the news. Heavy rain is expected along the coast tonight.",
        "I bought two pounds of apples and a loaf of bread, and forgot the milk.",
        "If you go past the post office, could you take this letter with you?",
        "He rang the bell three times and then he climbed in by the kitchen window.",
        "That was the last train, so we slept at the station.",
        "Don't touch the plate, it is hot.",
        "And the winner of tonight's final is the young lady from Birmingham.",
        "We could have the soup first and the fish afterwards.",
        "Your cousin is getting married in May, did I tell you?",
    ),
    "zh": (
        "你看见我的眼镜没有？刚才还放在这里的。",
        "修水管的师傅九点半来，家里要留个人。",
        "声音开小一点，孩子在楼上睡觉呢。",
        "各位观众晚上好，今天夜里沿海一带有大雨。",
        "我买了两斤苹果，一条面包，就是忘了买牛奶。",
        "你要是路过邮局，帮我把这封信寄了吧。",
        "他按了三次门铃，后来从厨房的窗户爬了进来。",
        "那是最后一班火车，我们只好在车站过夜。",
        "别碰那个盘子，烫手的。",
        "今天晚上的冠军，就是来自成都的这位小姑娘。",
        "先喝汤，鱼等一下再端上来。",
        "你表妹五月份结婚，我跟你讲过没有？",
    ),
}
"""Talk and television."""

NEAR = {
    "en": (
        "Hello grandma, how are you today?",
        "Hello, grand piano for sale, hardly used.",
        "Hello papa, are you coming home?",
        "Oh, the grand parade is on at noon.",
        "Hello Brenda, it is Paula speaking.",
        "Yellow grapes are cheaper than the green ones.",
        "Hello everyone. Granted, it is a bit late.",
        "Hello, can you hear me? Hello?",
    ),
    "zh": (
        "外婆你好，今天身体怎么样？",
        "老公你好，饭做好了没有？",
        "外国友人你好，欢迎来到杭州。",
        "太公你好，我给您拜年来了。",
        "你好，请问外面冷不冷？",
        "怪我没有讲清楚，你好好想一想。",
        "外头风大，你把门关好。",
        "阿公你好，这里有没有人坐？",
    ),
}
"""Almost a call. Written for the demo's phrases; for other personas they are talk like any other."""

ABOUT = {
    "en": (
        "I told {} about it yesterday.",
        "Is {} still asleep, or has he gone out?",
        "When I was small, {} carried me home.",
    ),
    "zh": ("我昨天跟{}讲过这件事。", "你去问问{}想吃什么。", "小时候是{}背我回家的。"),
}
"""The name is said, and nobody calls."""

MANUAL_SENTENCE = re.compile(r"(?<=[.] )[A-Z][a-z]+(?:,? [a-z]+){5,14}\.")
DICTIONARY_WORDS = 400


def sentences(language: str, stories: Sequence[str]) -> list[str]:
    """All of a language ("en", "zh"), always in the same order. `stories`: the persona's own memories, among them."""
    told = [sentence for story in stories for sentence in _parted(story)]
    return [*HOUSE[language], *NEAR[language], *told, *(_manual() if language == "en" else _dictionary())]


def _parted(story: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+|(?<=[。！？])", story) if len(part.strip()) > 3]


@lru_cache(maxsize=1)
def _manual() -> list[str]:
    """Whole plain sentences of Python's language reference."""
    from pydoc_data.topics import topics

    text = " ".join(" ".join(topics[name].split()) for name in sorted(topics))
    return list(dict.fromkeys(MANUAL_SENTENCE.findall(text)))[:DICTIONARY_WORDS]


@lru_cache(maxsize=1)
def _dictionary() -> list[str]:
    """Seven frequent words at a time, without sense."""
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    words = [
        w for w, n in jieba.dt.FREQ.items() if n > 500 and 2 <= len(w) <= 4 and re.fullmatch("[\u4e00-\u9fff]+", w)
    ]
    drawn = np.random.default_rng(7).permutation(np.array(sorted(words)))
    rows = drawn[: 7 * DICTIONARY_WORDS // 2].reshape(-1, 7)
    return ["".join(row[:3]) + "，" + "".join(row[3:]) + "。" for row in rows]
