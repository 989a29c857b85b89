"""What the screen says while the frame becomes another persona; English and Chinese."""

from __future__ import annotations

from device.keeping.switching import Choice, Trouble
from device.link import News

NOTHING = News("persona", "", "")
NOBODY = News(
    "persona",
    "Nobody lives in this frame yet. Put in the stick with the family's persona.",
    "这个相框里还没有人。请插入存有家人的U盘。",
)
WHY: dict[Trouble, tuple[str, str]] = {
    "": ("it does not work", "不能正常使用"),
    "opening": ("it cannot be opened", "文件打不开"),
    "picture": ("its portrait cannot be shown", "画像显示不出来"),
    "face": ("its portrait cannot be shown", "画像显示不出来"),
    "mind": ("its memories and voice cannot be loaded", "记忆和声音载入不了"),
    "time": ("it did not get ready", "一直没有准备好"),
}


def coming(name: str) -> News:
    """Until its mind listens."""
    return News("persona", f"One moment, please: {name} is coming.", f"请稍等，{name}马上就来。")


def waiting(choice: Choice, update: bool) -> News:
    """Somebody still talks with the present one. `update`: it is the same person."""
    if update:
        return News(
            "persona",
            f"What is new of {choice.name} comes when you have finished talking.",
            f"{choice.name}有更新，等您聊完就换上。",
        )
    return News(
        "persona",
        f"{choice.name} is here, and comes when you have finished talking.",
        f"{choice.name}到了，等您聊完就来。",
    )


def back(failed: Choice, trouble: Trouble, now: Choice) -> News:
    """One that did not work has gone again."""
    en, zh = WHY[trouble]
    if failed.series == now.series:
        return News(
            "persona",
            f"What was new of {failed.name} cannot be used: {en}. It is as it was before.",
            f"{failed.name}的更新用不了：{zh}。现在和以前一样。",
        )
    here = (f" {now.name} is back.", f"{now.name}回来了。") if now.name else ("", "")
    return News("persona", f"{failed.name} cannot be used: {en}.{here[0]}", f"{failed.name}用不了：{zh}。{here[1]}")


def closed(choice: Choice) -> News:
    """A persona that is not on trial cannot be opened."""
    return News("persona", f"{choice.name} cannot be opened.", f"{choice.name}的文件打不开。")
