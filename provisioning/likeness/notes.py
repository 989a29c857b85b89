"""What the family reads about their photograph, in English and Chinese: what is weak and which picture would help."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """One remark."""

    code: str
    en: str
    zh: str


def note(code: str) -> Note:
    """The remark of that name."""
    return Note(code, *REMARKS[code])


REMARKS = {
    "small": (
        "The face is small in this picture: eyes and teeth come out a little soft. "
        "A larger scan (600 dpi) or a closer photograph would help.",
        "照片里的脸比较小，眼睛和牙齿会有些模糊。请用更高的分辨率（600 dpi）重新扫描，或选一张更近的照片。",
    ),
    "turned": (
        "The head is turned aside. A photograph straight from the front would turn more naturally.",
        "头略微侧着。正面的照片转头会更自然。",
    ),
    "narrow eyes": (
        "The eyes are nearly closed. A photograph with open eyes would look at you.",
        "眼睛几乎闭着。请选一张眼睛睁开的照片。",
    ),
    "one eye closed": (
        "One eye is closed and stays closed. A photograph with both eyes open would be better.",
        "有一只眼睛闭着，会一直闭着。两眼都睁开的照片更好。",
    ),
    "lips parted": (
        "The lips are parted. A photograph with closed lips speaks more naturally.",
        "嘴唇是张开的。闭着嘴的照片说话会更自然。",
    ),
    "dark": (
        "The picture is dark. A brighter photograph would show more of the face.",
        "照片偏暗。明亮一些的照片能看清更多面容。",
    ),
    "faded": (
        "The print has faded. The drawn mouth is kept as pale as the print; an unfaded print would be livelier.",
        "照片已经褪色。补画的嘴部与照片一样浅淡；没有褪色的照片会更生动。",
    ),
    "grainy": (
        "The picture is grainy. A photograph taken in more light would be clearer.",
        "照片颗粒较粗。光线充足时拍的照片会更清楚。",
    ),
    "blurred": (
        "The picture is not sharp. A sharper photograph or scan would help.",
        "照片不够清晰。请选一张更清晰的照片或重新扫描。",
    ),
    "side light": (
        "One side of the face lies in deep shade. A photograph in even light would show both eyes and the whole mouth.",
        "脸的一侧在很深的阴影里。光线均匀的照片能看清双眼和整张嘴。",
    ),
    "cut hair": (
        "Hair or shoulders touch the border, so the head moves less. A photograph with room around it would help.",
        "头发或肩膀碰到了照片边缘，头会动得少一些。周围留有空间的照片更好。",
    ),
    "spectacles": (
        "The spectacles stay stiff over the face; brows behind them move less.",
        "眼镜会稳稳地戴在脸上；镜片后面的眉毛动得少一些。",
    ),
    "lids in shade": (
        "Little eyelid is seen under the spectacles' rims, so closed eyes are smoothed. "
        "A photograph without spectacles would blink more naturally.",
        "镜框下面露出的眼皮很少，闭眼时眼皮是抹平的。没戴眼镜的照片眨眼会更自然。",
    ),
    "mouth hidden": (
        "The lips can hardly be told from the skin around them. If something covers the mouth, use another photograph.",
        "嘴唇和周围皮肤几乎分不开。如果嘴被遮住了，请换一张照片。",
    ),
    "teeth drawn": (
        "No photograph shows the teeth, so they are drawn. One with a smile that shows them, beside the portrait and "
        "named portrait_smiling.jpg, would give the real ones.",
        "没有露出牙齿的照片，牙齿是补画的。"
        "在肖像旁边放一张露齿微笑的照片，命名为 portrait_smiling.jpg，就能用上真的牙齿。",
    ),
    "smile unused": (
        "Another photograph was given, but its teeth could not be used: they are hidden, too small or too unlike.",
        "另一张照片里的牙齿没有用上：看不见、太小，或者差别太大。",
    ),
    "network": (
        "A portrait network drew how mouth, eyes and turned cheeks look in other poses; "
        "it guesses what the photograph does not show.",
        "嘴、眼睛和转头时的脸颊在其他姿势下的样子由肖像神经网络画出；照片里没有的部分是它猜的。",
    ),
    "network unverified": (
        "The catalog does not list this portrait network, so nobody has verified its files.",
        "模型目录里没有这个肖像神经网络，它的文件未经校验。",
    ),
    "network unused": (
        "Some of the portrait network's pictures did not show this face as asked and are not used.",
        "肖像神经网络画的图里，有些和要求的脸不符，没有采用。",
    ),
    "network useless": (
        "None of the portrait network's pictures showed this face as asked; the photograph moves without them.",
        "肖像神经网络画的图都和要求的脸不符，一张也没有采用；照片照常活动。",
    ),
}
