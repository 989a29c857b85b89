"""Why a photograph was chosen for the likeness, or not, as one sentence in English and one in Chinese."""

from __future__ import annotations

from provisioning.photos.choice import Candidate
from provisioning.photos.seen import Seen

REMARKS: dict[str, tuple[str, str]] = {
    "nobody": (
        "Nobody is on two of the photographs, so who the person is could not even be guessed. "
        "Add a photograph of them called portrait.jpg.",
        "没有哪张脸在两张照片里都出现，所以猜不出是谁。请放一张本人的照片，命名为 portrait.jpg。",
    ),
    "guess": (
        "This is a guess: the face that is on most of the photographs. Please say whether it is the right person.",
        "这只是猜测：选的是照片里出现最多的那张脸。请确认是不是本人。",
    ),
    "doubtful guess": (
        "This is a weak guess: other faces are on nearly as many photographs. Please say who it is.",
        "这个猜测不可靠：还有别的脸出现得差不多一样多。请指出哪一位是本人。",
    ),
    "no portrait": (
        "None of the photographs will do for the likeness. One from the front, in even light, with the face filling a "
        "third of its height, would help most.",
        "现有照片都做不成肖像。最需要一张正面、光线均匀、脸占画面高度三分之一的照片。",
    ),
    "no smile": (
        "No photograph shows the teeth in a smile. One would give the likeness their real ones.",
        "没有露齿微笑的照片。有一张的话，肖像就能用上真的牙齿。",
    ),
}

_GOOD = {
    "size": ("the face is large", "脸够大"),
    "front": ("it is seen from the front", "是正面"),
    "sharp": ("it is sharp", "很清晰"),
    "light": ("the light is even", "光线均匀"),
    "eyes": ("the eyes are open", "眼睛睁着"),
    "mouth": ("the lips are closed", "嘴唇闭着"),
    "clear": ("nothing covers it", "没有遮挡"),
    "time": ("it is of the years you wish", "正是希望的年代"),
}
_BAD = {
    "size": ("the face is small", "脸太小"),
    "front": ("the head is turned aside", "头侧着"),
    "sharp": ("it is not sharp", "不够清晰"),
    "light": ("the light is poor", "光线不好"),
    "eyes": ("the eyes are nearly closed", "眼睛快闭上了"),
    "mouth": ("the lips are parted", "嘴张着"),
    "clear": ("spectacles or shade cover some of it", "有眼镜或阴影遮挡"),
    "time": ("it may be of other years", "可能是别的年代"),
}
_UNFIT = {
    "closed ones": ("the eyes are closed", "眼睛闭着"),
    "dark glasses": ("dark glasses hide the eyes", "墨镜遮住了眼睛"),
    "a face cut off by the border": ("the border cuts the face off", "脸被边缘切掉了"),
    "one turned far aside": ("the head is turned far aside", "头侧得太多"),
    "a drawing in flat colours": ("it is a drawing", "是一幅画"),
    "something dark in front of it": ("something covers the mouth", "嘴被遮住了"),
    "something of another colour in front of it": ("something covers the mouth", "嘴被遮住了"),
}
_STRONG, _WEAK = 0.8, 0.6


def why(one: Candidate, seen: Seen, refused: bool) -> tuple[str, str]:
    """In English and Chinese."""
    face = seen.faces[one.face]
    if refused:
        en, zh = _UNFIT.get(face.unfit, _worst(one))
        return f"It will not do: {en}.", f"不能用：{zh}。"
    weak = sorted((name for name, value in one.parts.items() if value < _WEAK), key=lambda name: one.parts[name])
    strong = [name for name, value in one.parts.items() if value >= _STRONG and not _idle(name, one)]
    strong.sort(key=lambda name: name != "time")  # what they asked for first
    if one.role == "portrait":
        return _sentences("Chosen", "选中", strong[:4], weak[:2])
    if one.role == "portrait_smiling":
        return "Chosen for its smile, which shows the teeth.", "选它是因为微笑露出了牙齿。"
    if one.role:
        return _sentences("Chosen to stand beside it", "作为补充选中", strong[:3], weak[:2])
    if not weak:
        return "Good too, but others are better.", "也不错，但有更好的。"
    return _sentences("Not chosen", "没有选中", [], weak[:3])


def _idle(name: str, one: Candidate) -> bool:
    """Nobody wished for a year."""
    return name == "time" and one.parts["time"] == 1.0


def _worst(one: Candidate) -> tuple[str, str]:
    return _BAD[min(one.parts, key=lambda name: one.parts[name])]


def _sentences(en: str, zh: str, good: list[str], bad: list[str]) -> tuple[str, str]:
    """ "Chosen: the face is large, it is sharp. But the lips are parted." """
    told = [", ".join(_GOOD[name][0] for name in good), "、".join(_GOOD[name][1] for name in good)]
    but = [", ".join(_BAD[name][0] for name in bad), "、".join(_BAD[name][1] for name in bad)]
    if good and bad:
        return f"{en}: {told[0]}. But {but[0]}.", f"{zh}：{told[1]}。不过{but[1]}。"
    if good or bad:
        return f"{en}: {told[0] or but[0]}.", f"{zh}：{told[1] or but[1]}。"
    return f"{en}.", f"{zh}。"
