"""To whom a letter is addressed and who signed it, where that is certain."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HAN = "[\u3400-\u9fff·]"
_FOND = "我?(?:最|很)?(?:亲爱|敬爱|尊敬|想念|疼爱)的"
_YOURS = "(?:永远)?(?:爱|想|疼|挂念|关心)你们?的|你们?的"
_BRUSH = "敬上|谨上|拜上|叩上|敬启|谨启|手书|手字|亲笔|[上字书草启]"
_ELDERS = "爸爸?|妈妈?|爹爹?|娘|父亲?|母亲?|外公|外婆|爷爷|奶奶|阿公|阿婆|姥姥|姥爷|公公|婆婆|祖父|祖母|外祖父|外祖母"
_OTHERS = "哥哥?|姐姐?|弟弟?|妹妹?|兄|伯伯?|叔叔?|姑姑?|姑妈|舅舅?|舅妈|姨妈?|婶婶?|儿|女儿?"
_PARENT = "(?:Great-?)?(?:Grand)?(?:father|mother|dad|daddy|mum|mummy|mom|mommy|pa|ma)|Granny|Gran|Nana|Grandpapa"
_RELATIVE = r"(?:Uncle|Aunt|Auntie|Grandpa|Grandma|brother|sister|son|daughter) ?\w{0,20}"
_NAME = r"[A-Z][\w'.-]{0,20}"

_TO_ENGLISH = re.compile(
    r"^(?:My |Our )?(?:(?:very )?(?:Dear|Dearest|Darling|Beloved)(?: little| old| sweet)?|Hello|Hi|To) +"
    r"([^,:!]{1,40})[,:!]?$",
    re.IGNORECASE,
)
_TO_NAME = re.compile(r"^([A-Z][^\W\d_]{1,20}(?: [A-Z][^\W\d_]{1,20})?),$")
_TO_CHINESE = re.compile(rf"^(?:{_FOND})?(?:吾|我的)?({_HAN}{{1,8}}?)(?:你好|您好|如晤|见字如面|收|大人)?\s*[:：]$")
_TO_BELOVED = re.compile(rf"^(?:{_FOND})({_HAN}{{1,8}}?)(?:你好|您好)?\s*[,，!！]?$")
_NOBODY = re.compile(
    r"concern|^(?:all|sir|madam|sirs|everyone|there)\b|^(?:内容|地址|时间|日期|标题|主题|说明|注意|备注)$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^(?:(?:with |all |much |lots of |my )*love(?: from.*)?|yours\b.*|your (?:loving|affectionate)\b.*|sincerely"
    r"|kisses|(?:kind|best|warm)? ?(?:regards|wishes)|affectionately|hugs.*|fondly|as ever|always|take care)"
    r"(?: always| as ever)?\s*[,.!]?$",
    re.IGNORECASE,
)
_SIGNED_CHINESE = re.compile(rf"^(?:{_YOURS})?([\u3400-\u9fff· ]{{1,10}}?)\s*(?:{_BRUSH})?$")
_MARKED = re.compile(rf"(?:{_BRUSH})$|^(?:{_YOURS})")
_KIN_CHINESE = re.compile(rf"^[老阿小大二三你]?(?:{_ELDERS}|{_OTHERS})(?: ?[\u3400-\u9fff]{{1,3}})?$")
_KIN_ENGLISH = re.compile(
    rf"^(?:Your )?(?:(?:old|loving|proud|affectionate) )?({_PARENT}|{_RELATIVE})\.?$", re.IGNORECASE
)
_ENGLISH_NAME = re.compile(rf"^[-–—~ ]{{0,3}}(?:Your )?({_NAME}(?: (?:and |& )?{_NAME}){{0,3}})\.?$")
_AFTERTHOUGHT = re.compile(r"^\s*(?:P\.? ?S\.?[ :,]|又及|又[:：]|附[:：]|另[:：])", re.IGNORECASE)
_SHORT_NAME = re.compile(r"^[\u3400-\u9fff]{2,4}$")


def addressee(line: str) -> str:
    """Who a letter's first line speaks to; "" where it speaks to nobody, or that is not certain."""
    line = line.strip()
    if len(line) > 60:
        return ""
    for pattern in (_TO_ENGLISH, _TO_NAME, _TO_CHINESE, _TO_BELOVED):
        found = pattern.match(line)
        if found and not _NOBODY.search(found[1].strip()):
            return found[1].strip()
    return ""


def signature(lines: Sequence[str], dated: bool) -> str:
    """Who signed: `lines` are a letter's last with words, without the one that is its date. `dated`: that one stood
    below them. "" where it is not certain."""
    after = next((i for i, line in enumerate(lines) if i > 1 and _AFTERTHOUGHT.match(line)), None)
    lines = lines[:after]
    if len(lines) < 2:
        return ""
    last, before = lines[-1].strip(" \t—–-~"), lines[-2].strip()
    if len(last) > 40:
        return ""
    if kin := _KIN_ENGLISH.match(last):
        return kin[1]
    if (named := _ENGLISH_NAME.match(last)) and (_CLOSING.match(before) or _CLOSING.match(last)):
        return named[1] if _CLOSING.match(before) else ""
    chinese = _SIGNED_CHINESE.match(last)
    if chinese and (_MARKED.search(last) or _KIN_CHINESE.match(last) or (dated and _SHORT_NAME.match(last))):
        return chinese[1].strip()
    return ""
