"""What a file is, by its first bytes: names lie, and a family's files have been through many hands. Pure."""

from __future__ import annotations

from typing import Literal

Content = Literal["picture", "sound", "film", "archive", "text", "empty"]
"""A text is whatever importers may know: chats, mails, letters, Word, PDF and databases too."""

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"GIF87a", b"GIF89a", b"BM")
_SOUNDS = (b"#!AMR", b"#!SILK_V3", b"\x02#!SILK_V3", b"fLaC", b"caff\0")
_FILMS = (b"\x1aE\xdf\xa3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"FLV", b"0&\xb2u\x8ef\xcf\x11")
_HEIF = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
_SOUND_BRANDS = {b"M4A ", b"M4B ", b"M4P "}
_FORMS: dict[bytes, Content] = {
    b"WEBP": "picture",
    b"WAVE": "sound",
    b"AIFF": "sound",
    b"AIFC": "sound",
    b"AVI ": "film",
}
"""Of RIFF and IFF files."""
_BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}
_WORD = (b"[Content_Types].xml", b"word/", b"mimetypeapplication/vnd.oasis.opendocument.text")


def content_of(head: bytes) -> Content:
    """What a file is that begins with `head` (some thousands of bytes)."""
    if not head:
        return "empty"
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    if head.startswith((b"RIFF", b"FORM")) and head[8:12] in _FORMS:
        return _FORMS[head[8:12]]
    if head.startswith(b"BM"):
        return "picture" if int.from_bytes(head[14:18], "little") in _BMP_HEADERS else "text"
    if head.startswith(_PICTURES):
        return "picture"
    if head.startswith(b"OggS"):
        return "film" if b"theora" in head[:200] else "sound"
    if head.startswith(_SOUNDS) or _is_mpeg_sound(head):
        return "sound"
    if head.startswith(_FILMS) or (head[4:8] in (b"moov", b"mdat", b"wide", b"free") and len(head) > 16):
        return "film"
    if head.startswith(b"PK\x03\x04"):
        return "text" if any(part in head[:4096] for part in _WORD) else "archive"
    return "text"


def _by_brand(brand: bytes) -> Content:
    if brand in _HEIF:
        return "picture"
    return "sound" if brand in _SOUND_BRANDS else "film"


def _is_mpeg_sound(head: bytes) -> bool:
    """An ID3 tag, two MPEG audio frames in a row, or ADTS: eleven bits of ones say little by themselves."""
    if head.startswith(b"ID3") and len(head) > 9:
        return head[3] < 0x10 and all(byte < 0x80 for byte in head[6:10])
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    if head[1] & 0xF6 == 0xF0:  # ADTS: its frame's length leads to the next one
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5 if len(head) > 6 else 0
        return length > 7 and head[length : length + 2] == head[:2]
    length = _frame_length(head)
    following = head[length : length + 2]
    return length > 0 and (not following or (following[0] == 0xFF and following[1] & 0xFE == head[1] & 0xFE))


_RATES = (44100, 48000, 32000)
_KBIT = {
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""ISO 11172-3 and 13818-3, layer III: (version bits, layer bits) -> bit rates, kbit/s."""


def _frame_length(head: bytes) -> int:
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate_index, kbit_index = head[2] >> 2 & 3, head[2] >> 4
    kbits = _KBIT.get((3 if version == 3 else 2, layer))
    if kbits is None or version == 1 or rate_index == 3 or not 1 <= kbit_index <= 14:
        return 0
    rate = _RATES[rate_index] // {3: 1, 2: 2, 0: 4}[version]
    samples = 144 if version == 3 else 72
    return samples * kbits[kbit_index - 1] * 1000 // rate + (head[2] >> 1 & 1)
