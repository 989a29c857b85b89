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
    "few blinks": (
        "The film shows fewer than three blinks plainly, so the lids move as most people's do. "
        "Half a minute of the face from the front would give their own.",
        "影片里看得清的眨眼不到三次，所以眨眼用的是一般人的快慢。半分钟的正面影片就够了。",
    ),
    "no smile": (
        "No smile in the film could be measured, so the smile is the usual one. "
        "A film in which they begin to smile, facing the camera, would give theirs.",
        "影片里没有能测量的微笑，所以微笑是通用的。一段面对镜头开始微笑的影片会更好。",
    ),
    "no gesture": (
        "The film shows no nod and no lowering of the head.",
        "影片里没有点头，也没有低头。",
    ),
    "no calm": (
        "The film shows no two seconds of sitting still, facing the camera with closed lips. Ten would help.",
        "影片里没有两秒以上面对镜头、闭着嘴静坐的画面。有十秒会更好。",
    ),
    "sip": (
        "Something comes before the mouth in the film, perhaps a cup. It is cut out as clips/sip.webm, steadied and in "
        "the portrait's colours; the frame does not play it yet, since a photograph cannot be moved like that.",
        "影片里有东西到了嘴前，也许是杯子。这一段已经稳定并调好颜色，存为 clips/sip.webm；"
        "照片本身做不出这个动作，所以相框还不会播放它。",
    ),
    "film broken": (
        "The film breaks off. What could be read was used; a whole copy may show more.",
        "影片不完整，只用了能读出的部分。完整的文件也许能看到更多。",
    ),
    "film slow": (
        "The film has few pictures a second, so quick things such as blinks are measured roughly.",
        "影片每秒的画面很少，眨眼这样快的动作只能大致测量。",
    ),
    "film far": (
        "The face is small in the film. A film from nearer by would show teeth and lids.",
        "影片里的脸很小。拍得近一些才能看清牙齿和眼皮。",
    ),
    "film aside": (
        "For most of the film the face is not seen from the front.",
        "影片大部分时间看不到正脸。",
    ),
    "film unlike": (
        "The face in the film is not shaped much like the portrait's. If it is somebody else, take the film away.",
        "影片里的脸和肖像不太像。如果不是同一个人，请把影片拿掉。",
    ),
}
