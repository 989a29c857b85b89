"""What is said by rule, in neutral or the persona's plain words, where neither memory nor model shall speak."""

from __future__ import annotations

from device.persona.unpacked import Person

IDENTITY = {
    "en": "I am an AI portrait of {called}, made from the memories and words the family kept. "
    "I am not {called} himself or herself, and not alive.",
    "zh": "我是用家里人留下的回忆和话做成的人工智能画像，是{called}的样子，不是{called}本人，也不是活着的人。",
}
"""The truth about what this is; `{called}` is what the family calls the persona."""

CRISIS = {
    "en": "This is the frame speaking, not {called}. What you just said matters. Please call someone you trust now, "
    "or your local emergency number, "
    "and stay with a person until you feel safe.",
    "zh": "现在是相框在说话，不是{called}。你刚才说的话很要紧。"
    "请现在就打电话给你信任的人，或者拨打当地的急救和心理援助电话，身边要有人陪着。",
}
"""The persona steps back, and a neutral voice speaks."""

COMMAND = {
    "stop": {"en": "", "zh": ""},
    "mute": {"en": "", "zh": ""},
    "louder": {"en": "Is this better?", "zh": "这样听得清吗？"},
    "softer": {"en": "All right, like this.", "zh": "好，这样说。"},
    "again": {"en": "I had not said anything yet.", "zh": "我还没讲什么呢。"},
    "next-photo": {"en": "", "zh": ""},
    "album": {"en": "Here they are.", "zh": "都在这里。"},
    "captions-off": {"en": "", "zh": ""},
    "captions-on": {"en": "Like this?", "zh": "这样看得见吗？"},
}
"""What is said beside doing what was ordered; "again" is this only where there is nothing to repeat."""
THANKS = {"en": ("You are welcome.", "No need to thank me."), "zh": ("不用谢。", "谢什么，坐。")}
NOTHING_MORE = {"en": "That is all I remember of it.", "zh": "后头的，我就记得这些了。"}
SMALLTALK = {
    "en": ("I am listening. Tell me more.", "Sit a while, and tell me about it.", "It is good to hear you talk."),
    "zh": ("我听着呢，你慢慢讲。", "坐一会儿，讲给我听听。", "听你说说话，蛮好。"),
}
"""Where the model has nothing that may be said."""
PHOTO_SHOWN = {"en": ("Here it is.", "Look, here."), "zh": ("在这里，你看。", "喏，你看。")}
PHOTO_NONE = {"en": "I have no photograph of that.", "zh": "这个我没有照片。"}
PHOTO_WHEN = {"en": "That was in {when}.", "zh": "那是{when}。"}
PHOTO_WHO = {"en": "That is {who}.", "zh": "这是{who}。"}
PHOTO_UNKNOWN = {"en": "Nobody has written down anything about this one.", "zh": "这张照片，没有人写下过什么。"}
"""Of photographs; what they show is the family's to say."""

SAY_AGAIN = {"en": "I did not catch that. Will you say it again?", "zh": "我没听清，你再说一遍？"}
NOT_MY_LANGUAGE = {
    "en": "I did not understand that. I speak English and Chinese.",
    "zh": "这个我没听懂。我会说中文和英文。",
}
"""Where nothing was understood."""


def called(person: Person, language: str) -> str:
    """What the family calls them in a language."""
    return next((name for name in person.called if name.isascii() == (language == "en")), person.name)
