"""Small sounds of a listener, which are no interruption: "mhm", 嗯, "oh really". Pure."""

from __future__ import annotations

import re

_ENGLISH = (
    "m mm mmm mhm mmhm hm hmm uh uhhuh huh ah aha oh ooh wow yes yeah yep yup ok okay right really sure isee ohreally "
    "ohyes ohyeah good nice ohmy mygoodness haha hahaha heh isthatso well so goon you thankyou"
)
_CHINESE = (
    "嗯 嗯嗯 嗯嗯嗯 哦 噢 哦哦 喔 啊 哎 唉 诶 欸 嗨 对 对对 对对对 是 是的 是吗 是啊 是嘛 好 好的 好啊 好好 真的 "
    "真的吗 哇 真的啊 这样 这样啊 原来如此 原来这样 没错 行 哈哈 哈哈哈 呵呵 哎呀 天哪 知道了 晓得 晓得了 然后呢 谢谢"
)
_SOUNDS = frozenset(f"{_ENGLISH} {_CHINESE}".split())
"""As written without marks and spaces. "So" and "thank you" are what the transcriber makes of a breath."""


def backchannel(text: str) -> bool:
    """Whether somebody who says only this wants the speaker to go on. An empty text is one too: there were no words."""
    words = [re.sub(r"[\W_]", "", part).lower() for part in re.split(r"[,.!?，。！？…]", text)]
    bare = [word for word in words if word]
    return all(word in _SOUNDS for word in bare) or "".join(bare) in _SOUNDS
