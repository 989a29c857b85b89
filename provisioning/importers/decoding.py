"""Text files as streams of lines, whatever their encoding. Nothing that is in a file makes it fail.

    for number, line in lines(source.path, source.head): ...

UTF-8, UTF-16 and UTF-32 with or without a mark, GB18030, Big5, Shift JIS and Windows 1252 are told apart by the first
bytes. Bytes that mean nothing become U+FFFD, NUL bytes are left out. A file that was once UTF-8, was read as Windows
1252 or GBK and saved again ("mojibake") is mended where that is certain; `damage` tells of what remains garbled.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

MAX_LINE = 1 << 20
"""Characters; a longer line comes in pieces with one number."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON = frozenset(
    "的一是不了人我在有他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日者意无力它与长把机十民第公此"
    "妈爸爷奶姐哥弟妹儿吃饭回老今明晚早给吗呢吧啊哦嗯很谢爱什电话图片信息消"
    "這個們來為國說時會對於著過發後裡經麼學當沒動樣開從實無與長機給嗎媽爺謝愛話圖訊還進種間問點"
    "，。！？：、（）“”…"
)
_KANA = re.compile(r"[\u3041-\u30fe]")
_ACCENTED = re.compile(r"(?<=[A-Za-z ])[\u00c0-\u00ff](?=[A-Za-z ,.!?\r\n])|[\u2018-\u201d]")
_GARBLED = re.compile(
    r"[\u00c3\u00c2][\u0080-\u00bf]|\u00e2[\u0080\u20ac][\u0080-\u00bf\u2122\u0153\u02dc\u201c\u201d\u00a6]|"
    r"\u00f0[\u0178\u009f]|\u951b|\u9286[\u4e00-\u9fff]|\u951f\u65a4\u62f7"
)
_CUT = re.compile(r"(?<=[\x00-\x7f])[^\x00-\x7f]{1,8}\Z")
"""What stands at the end of a file's beginning, where it may be half of a character."""
_LOST = re.compile("(?:\ufffd+\\??)+")
_WESTERN_CONTROLS = {0x81, 0x8D, 0x8F, 0x90, 0x9D}  # Windows 1252 leaves these five bytes without a character
_WESTERN = {
    ord(bytes([b]).decode("cp1252")): chr(b) for b in range(0x80, 0xA0) if b not in _WESTERN_CONTROLS
}  # its others between 0x80 and 0x9f, as the bytes that they stand for

Mend = Callable[[str], str]


def lines(path: Path, head: bytes) -> Iterator[tuple[int, str]]:
    """(number from 1, text without its end) of each line; lines end by LF, CR LF or CR. `head`: the file's first
    bytes, at least some thousands where the file has them. Raises OSError where the disk fails."""
    encoding = encoding_of(head)
    mend = mender_of(head)
    with path.open(encoding=encoding, errors="replace") as stream:
        number, whole = 1, True
        while line := stream.readline(MAX_LINE):
            whole = line.endswith("\n")
            yield number, mend(clean(line.removesuffix("\n")))
            number += whole


def mender_of(head: bytes) -> Mend:
    """What mends each text of a file that begins so; `lines` does by itself."""
    return _mender(_decoded(head, encoding_of(head)))


def text_of(raw: bytes) -> str:
    """A whole text that is already in memory, by the same rules, its lines ended by LF."""
    encoding = encoding_of(raw[: 1 << 16])
    text = clean(raw.decode(encoding, "replace")).replace("\r\n", "\n").replace("\r", "\n")
    mend = _mender(text[: 1 << 16])
    return "\n".join(mend(line) for line in text.split("\n"))


def encoding_of(head: bytes) -> str:
    """The Python codec for a file that begins so; a file without any sign of another is UTF-8."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    wide = _wide(head)
    if wide:
        return wide
    text = _decoded(head, "utf-8")
    lost = text.count("\ufffd")
    good = sum(1 for c in text if c > "\x7f") - lost
    if good >= 4 * lost:
        return "utf-8"
    likely = {encoding: _likelihood(_decoded(head, encoding)) for encoding in ("gb18030", "big5hkscs", "cp932")}
    likely["cp1252"] = _western(_decoded(head, "cp1252"))
    likely["utf-8"] = 0.0 if good < lost else 0.1
    return max(likely, key=lambda encoding: likely[encoding])


@lru_cache(8)
def head_text(head: bytes) -> str:
    """The beginning of a text file as its importers see it, for `claims`."""
    text = clean(_decoded(head, encoding_of(head))).replace("\r\n", "\n").replace("\r", "\n")
    mend = _mender(text)
    return "\n".join(mend(line) for line in text.split("\n"))


def clean(text: str) -> str:
    """The text without NUL characters and byte order marks at its beginning, halves of surrogate pairs as U+FFFD."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "").lstrip("\ufeff")


def mended(text: str) -> str:
    """A text that was UTF-8 and was read as Windows 1252, Latin 1 or GBK, as it was; any other as it is. Only what
    cannot be a coincidence is changed: all of the text fits, and gives two characters or one beyond U+07FF."""
    if text.isascii():
        return text
    for undo in (_unwestern, _ungbk):
        better = undo(text)
        if better is None:
            continue
        strange = [c for c in better if c > "\x7f"]
        if (len(strange) > 1 or any(c > "\u07ff" for c in strange)) and (undo is _unwestern or _fits(better, text)):
            return better
    return text


def damage(text: str) -> str:
    """Why a text is not as it was written, for a Problem; "" where it seems whole."""
    if text.isascii():
        return ""
    if "\ufffd" in text:
        return "characters that could not be read"
    return "characters that are garbled" if _GARBLED.search(text) else ""


def _decoded(head: bytes, encoding: str) -> str:
    """What may be cut within a character at its end."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(head)


def _wide(head: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: the zero bytes of its digits, spaces and line ends are all on one side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < 3 or (even + odd) * 50 < len(head):
        return ""
    if even and odd:
        quarters = [head[i::4].count(0) * 4 / len(head) for i in range(4)]
        if min(quarters[2:]) > 0.95 and quarters[0] < 0.1:
            return "utf-32-le"
        if min(quarters[:2]) > 0.95 and quarters[3] < 0.1:
            return "utf-32-be"
    if min(even, odd) * 20 > max(even, odd):
        return ""
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = _decoded(head, encoding)
    return encoding if text.count("\ufffd") * 20 <= len(text) else ""


def _likelihood(text: str) -> float:
    """0..1: the share of frequent East Asian characters among all beyond ASCII, less what could not be read."""
    strange = [c for c in text if c > "\x7f"]
    if not strange:
        return 0.0
    frequent = sum(c in _COMMON or _KANA.match(c) is not None for c in strange)
    return max(0.0, frequent - 2 * strange.count("\ufffd") + 0.2) / len(strange)


def _western(text: str) -> float:
    """0..1: the share of accented letters within words among all characters beyond ASCII."""
    strange = sum(c > "\x7f" for c in text)
    return 0.9 * len(_ACCENTED.findall(text)) / strange if strange else 0.0


def _mender(head: str) -> Mend:
    """What a whole file needs, by its beginning: most of its lines beyond ASCII must be mojibake."""
    strange = [line for line in _CUT.sub("", head).split("\n") if not line.isascii()]
    if not strange:
        return str
    if 2 * sum(mended(line) != line and _unwestern(line) is not None for line in strange) > len(strange):
        return lambda line: _unwestern(line) or line
    sample = "\n".join(strange)
    if not any(c in _COMMON for c in sample[:2000]) or _GARBLED.search(sample):
        whole = _ungbk_with_losses(sample)
        if whole.count("\ufffd") * 4 < sum(c > "\x7f" for c in whole) and _fits(whole, sample):
            return _ungbk_with_losses
    return str


def _fits(better: str, text: str) -> bool:
    """Whether one reading of Chinese is far likelier than the other."""
    frequent = sum(c in _COMMON for c in better)
    return frequent >= 2 and frequent > 3 * sum(c in _COMMON for c in text)


def _unwestern(text: str) -> str | None:
    try:
        return text.translate(_WESTERN).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def _ungbk(text: str) -> str | None:
    try:
        return text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return None


def _ungbk_with_losses(text: str) -> str:
    """GBK reads bytes in pairs: the last character of an odd run was lost when the file was garbled."""
    if text.isascii():
        return text
    again = text.replace("\ufffd", "?").encode("gb18030", "replace").decode("utf-8", "replace")
    return _LOST.sub("\ufffd", again)
