"""What kind of turn this is, decided by rule. Pure.

Rules come first where a wrong answer would hurt: whether the frame is real is never left to a language model, and at
words of crisis the persona steps back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from device.mind import commands

Route = Literal["crisis", "identity", "command", "farewell", "thanks", "greeting", "follow-up", "smalltalk", "fact"]

_CRISIS = re.compile(
    r"kill(?:ing)? myself|suicid|end (?:my|it) (?:life|all)|don'?t want to (?:live|be alive|go on living)|"
    r"want to die|wish i (?:was|were) dead|"
    r"hurt(?:ing)? myself|harm(?:ing)? myself|better off without me|no reason to live|"
    r"come (?:and )?join you (?:soon|up there)|"
    r"自杀|自尽|轻生|不想活|活不下去|想死|死了算了|伤害自己|割腕|跳楼|了结自己|结束(?:我的)?生命|活着没意思|"
    r"去陪你算了|勿想活"
)
_IDENTITY = re.compile(
    r"\bare you (?:really |actually |still |just |truly )*(?:real|alive|dead|human|a (?:robot|machine|computer|"
    r"person|program|bot|ghost|recording|human)|an? ai\b|here|"
    r"my (?:real )?(?:grand\w*|father|mother|dad|mum|mom))|\b(?:who|what) are you\b(?! (?:doing|afraid|wearing|"
    r"most|proud|thinking|eating|making|reading|scared|looking|cooking|talking|good|called))|"
    r"\bis (?:it|this|that) really you\b|\bam i (?:really )?(?:talking|speaking) to (?:a |an |my )?\w+|"
    r"\bdo you (?:really )?(?:feel pain|have feelings|know (?:that )?you are)|"
    r"\byou(?:'re| are) (?:not real|a machine|a robot|an ai|a computer|dead)|\bare you artificial|chatgpt|"
    r"language model|"
    r"你(?:到底|究竟)?是(?:不是)?(?:真的|真人|真外公|机器人?|人工智能|电脑|程序|活的|活人|谁|什么东西|ai)|"
    r"你(?:还)?(?:活着|在世)吗|你(?:不是)?(?:已经)?(?:死|去世|过世|走)了(?:吗|吧|对)|"
    r"你会(?:不会)?(?:痛|疼)|你有(?:没有)?感情|真的是你吗|是真人(?:吗|还是)|是(?:机器|电脑|假的|人工智能|"
    r"录音)(?:吗|吧)|你是假的|你不是真",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"\b(?:good ?bye|bye(?: bye)?|see you (?:later|soon|tomorrow|again|next time)|good ?night|i (?:have to|must|"
    r"need to|should) (?:go|leave)(?: now)?$|talk to you (?:later|soon|tomorrow)|"
    r"(?:that(?:'s| is)|that will be) (?:enough|all)(?: for (?:today|now))?)\b|再见|拜拜|我(?:先)?走了|"
    r"下次(?:再)?(?:聊|来|见)|明天见|晚安|今天(?:先|就)(?:到这|不聊|聊到)|回头见",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"^(?:oh |ok |okay |well )*(?:thank you|thanks|thank you (?:so|very) much|many thanks|cheers)\b.{0,25}$|"
    r"^(?:好的?)?(?:谢谢|多谢|谢了|辛苦).{0,6}$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\b(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|how (?:are|do) you(?: (?:do|doing|today|feeling|"
    r"keeping))*$|how(?:'s| is) it going|nice to see you|i(?:'m| am) (?:here|home|back))\b|"
    r"^(?:外公|爷爷|奶奶|外婆|阿公|阿婆)?你好|早上好|早安|下午好|晚上好|我来(?:看你|了)|我回来了|你好吗|(?:最近|"
    r"今天)(?:怎么样|好吗)|身体好吗|在吗$",
    re.IGNORECASE,
)
_FOLLOW_UP = re.compile(
    r"^(?:and |so |but |ok |oh |then )*(?:what (?:happened|came) (?:next|then|after(?:wards)?(?: that)?)|"
    r"(?:and )?then(?: what)?|what then|go on|tell me more|more|and (?:after|afterwards|next)|"
    r"what happened (?:after that|then|next)|keep going|continue|what else)(?: please)?$|^(?:然后|后来|接着|"
    r"那后来|再后来|还有|继续|往下讲|接着讲|再讲讲|然后怎么样了|后来怎么样了?|后来发生了什么|还有吗|再说点)(?:呢|"
    r"吗|吧|啊|了)*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\?|？|\b(?:what|when|where|who|whom|whose|which|why|how|tell (?:me|us)|do you remember)\b|(?:^|[,.!] ?|"
    r"\b(?:and|but|so|please) )(?:did|do|does|was|were|have|had|has|can|could|is|are|will|would|should)\b|"
    r"什么|怎么|怎样|哪|谁|几|多少|吗|呢|为啥|为什么|讲讲|讲个|说说|告诉|记得|是不是|有没有|会不会|啥",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"^(?:(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|dear|grand(?:pa|dad|father|ma|mother)|granny|"
    r"how are you(?: today)?|it(?:'s| is) me|nice to see you)[\s,.!]*)+|"
    r"^(?:(?:外公|爷爷|奶奶|外婆|阿公|阿婆)(?=[，,。！!\s]|你|我|$)[，,。！!\s]*|(?:你好吗?|早上好|下午好|晚上好|"
    r"我来看你了|我回来了)(?:[，,。！!\s]+|$))+",
    re.IGNORECASE,
)


def route(text: str) -> Route:
    """The kind of a turn. A greeting before a question does not make the question one."""
    plain = text.strip().replace("’", "'")
    bare = plain.strip(" .,!?。，！？、~～")
    rest = _ADDRESS.sub("", plain).strip(" .,!?。，！？、~～")
    if _CRISIS.search(plain.lower()):
        return "crisis"
    if _IDENTITY.search(plain):
        return "identity"
    if commands.find(plain) or commands.find(rest):
        return "command"
    if _FOLLOW_UP.search(bare) or (rest and _FOLLOW_UP.search(rest)):
        return "follow-up"
    if _FAREWELL.search(bare):
        return "farewell"
    if _THANKS.search(bare):
        return "thanks"
    if not rest or (_GREETING.search(bare) and (_GREETING.search(rest) or not _QUESTION.search(rest))):
        return "greeting"
    return "fact" if _QUESTION.search(plain) else "smalltalk"


def without_address(text: str) -> str:
    """The text without a greeting or form of address at its start, so that "Grandpa" is not searched for."""
    return _ADDRESS.sub("", text.strip()).strip() or text.strip()


def put_to_you(text: str, called: Sequence[str]) -> str:
    """The text with what the family calls the persona as "you": asked of a grandmother, 外婆的丈夫 is her husband, and
    not another's. "你外婆" and "my grandma" mean somebody else and stay."""
    for word in sorted(called, key=len, reverse=True):
        if word.isascii():
            text = re.sub(rf"(?i)(?<!my )(?<!your )(?<!our )\b{re.escape(word)}\b(?!['’]s \w+ is)", "you", text)
        else:
            text = re.sub(rf"(?<![你我他她太]){re.escape(word)}(?:你(?!们))?", "你", text)
    return text
