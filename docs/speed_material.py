"""Material in quantity for docs/provisioning_speed.py: chats, photographs and recordings, made by code of what the
repository's made-up families wrote, look like and say. The same seed gives the same material.
"""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from tests.support.family import json_chats, photos, plain_chats, talk, voices, wechat
from tests.support.family.talk import SOURCES, Message

ROOT = Path(__file__).resolve().parent.parent
Write = Callable[[list[Message]], bytes]

CHATS: dict[str, tuple[float, str, Write]] = {
    "chats/wechat/xia-pywxdump.csv": (0.55, "xia", lambda t: wechat.pywxdump(t, "xia", "lan")),
    "chats/whatsapp/emma.txt": (0.15, "emma", plain_chats.whatsapp_iphone),
    "chats/qq/周文杰.txt": (0.12, "jie", lambda t: _one_account(plain_chats.qq(t, "lan"))),
    "chats/line/tom.txt": (0.1, "tom", lambda t: plain_chats.line(t, "tom", "lan")),
    "chats/telegram/result.json": (0.08, "tom", lambda t: json_chats.telegram(t, "lan")),
}
"""Path -> share of all messages, who talks with her, and the format."""
KINDS = (("text", 0.88), ("photo", 0.07), ("sticker", 0.05))
SESSION = 24
"""Messages, on the average, that follow each other within minutes."""
FIRST, YEARS = datetime.datetime(2012, 1, 3, 8), 7.5

PICTURE = (4000, 3000)
"""12 megapixels."""
LANDSCAPES = ("braised-pork.jpg", "kite.jpg", "persimmon-snow.jpg", "river-ferry.jpg", "workshop.jpg")
PORTRAITS = ("portrait.png", "portrait_smiling.jpg")
FACES = ("eyes_closed.jpg", "gentle.jpg", "laughing.jpg", "mouth_open.jpg")
PEOPLE = (0, 0, 0, 1, 1, 1, 1, 2, 2, 4)
"""How many faces photographs have, each as often."""

RECORDING_S = 20 * 60.0
SENTENCES = 150
"""Different ones; each is spoken once, and heard again with other pauses and noise."""
SPEAKERS = (("lan", "zh"), ("lan", "zh"), ("xia", "zh"), ("lan", "en"))
SPOKEN_S = 4.5
"""s that a sentence and its pause take, about."""

Pixels = npt.NDArray[np.uint8]


def _one_account(chat: bytes) -> bytes:
    """QQ's export with her number everywhere, where her mail address would make two speakers of her."""
    her = talk.accounts()["lan"]
    return chat.replace(f"<{her.mail}>".encode(), f"({her.qq})".encode())


@cache
def sentences(language: str) -> tuple[str, ...]:
    """What the made-up families tell in their stories and letters, sentence by sentence."""
    folders = (SOURCES, ROOT / "demo" / "shoebox")
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in (".txt", ".md")]
    found: dict[str, None] = {}
    for path in (p for p in paths if p.name.startswith("stories") or p.parent.name == "letters"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            for part in re.split(r"(?<=[.!?。！？])\s*", line.removeprefix("Q:").removeprefix("A:").strip()):
                chinese = bool(re.search(r"[\u4e00-\u9fff]", part))
                if 5 <= len(part) <= 80 and chinese == (language == "zh"):
                    found[part] = None
    return tuple(found)


def conversation(count: int, other: str, seed: int) -> list[Message]:
    """So many messages of hers and another's, in sittings over years: small talk, and pieces of what they tell."""
    rng = random.Random(f"{seed} {other}")
    language = "en" if other in ("emma", "tom") else "zh"
    small = [m.text for m in talk.lengthened([_at(0.0), _at(1.0)], 400, other, seed)[1:-1]]
    told = sentences(language)
    starts = sorted(rng.random() for _ in range(max(1, count // SESSION)))
    messages: list[Message] = []
    for number, start in enumerate(starts):
        now = _at(start).time
        rest, left = count - len(messages), len(starts) - number
        for _ in range(rest if left == 1 else min(rest, max(1, round(rng.expovariate(left / max(1, rest)))))):
            now += datetime.timedelta(seconds=rng.randint(3, 90))
            kind = rng.choices([k for k, _ in KINDS], [share for _, share in KINDS])[0]
            words = rng.choice(small) if rng.random() < 0.6 else _pieced(rng, told, language)
            messages.append(Message(now, rng.choice(("lan", other)), words if kind == "text" else "", kind))
    return sorted(messages, key=lambda message: message.time)


def _at(share: float) -> Message:
    return Message(FIRST + datetime.timedelta(seconds=round(31_557_600 * YEARS * share)), "lan", "")


def _pieced(rng: random.Random, told: Sequence[str], language: str) -> str:
    """Clauses of two sentences: something that nobody has said in just these words."""
    mark, glue = ("，", "，") if language == "zh" else (", ", ", ")
    halves = [rng.choice([part for part in rng.choice(told).rstrip(".!?。！？").split(mark) if part]) for _ in range(2)]
    return glue.join(halves) + ("。" if language == "zh" else ".")


def chats(box: Path, count: int, seed: int = 1) -> dict[str, int]:
    """Chats of `count` messages in all -> path and bytes of each."""
    made, left = {}, count
    for number, (path, (share, other, write)) in enumerate(CHATS.items()):
        here = left if number == len(CHATS) - 1 else min(left, round(count * share))
        left -= here
        if here:
            content = write(conversation(here, other, seed + number))
            made[path] = len(content)
            put(box / path, content)
    return made


def photographs(box: Path, count: int, seed: int = 1) -> int:
    """So many photographs in `photos` -> their bytes."""
    return sum(
        _photograph(box / "photos" / f"IMG_{number:05d}.jpg", seed * 100_000 + number) for number in range(count)
    )


@cache
def _pictures(folder: str, names: tuple[str, ...]) -> tuple[Pixels, ...]:
    return tuple(np.asarray(Image.open(ROOT / folder / name).convert("RGB")) for name in names)


@cache
def _grain() -> npt.NDArray[np.int16]:
    """A sensor's noise, larger than a picture, so that each can have another part of it."""
    size = (PICTURE[1] + 512, PICTURE[0] + 512)
    return np.asarray(np.random.default_rng(7).normal(0, 3.0, size), np.int16)


def _photograph(path: Path, seed: int) -> int:
    rng = np.random.default_rng(seed)
    canvas = _background(rng)
    for place in rng.permutation(4)[: rng.choice(PEOPLE)]:
        _stand(canvas, int(place), rng)
    top, left = rng.integers(0, 512, 2)
    grain = _grain()[top : top + PICTURE[1], left : left + PICTURE[0], None]
    gain, light = rng.uniform(0.75, 1.15), rng.uniform(-12, 12)
    lit = np.clip(cv2.convertScaleAbs(canvas, alpha=gain, beta=light).astype(np.int16) + grain, 0, 255)
    path.parent.mkdir(parents=True, exist_ok=True)
    date = datetime.datetime(1996, 1, 1) + datetime.timedelta(minutes=int(rng.integers(0, 12_000_000)))
    Image.fromarray(lit.astype(np.uint8)).save(path, quality=86, exif=photos.exif(f"{date:%Y:%m:%d %H:%M:%S}"))
    return path.stat().st_size


def _background(rng: np.random.Generator) -> Pixels:
    """A part of a landscape, sometimes mirrored, as large as a photograph."""
    pictures = _pictures("demo/shoebox/photos", LANDSCAPES)
    whole = pictures[rng.integers(len(pictures))]
    height = int(whole.shape[0] * rng.uniform(0.5, 1.0))
    width = min(whole.shape[1], height * PICTURE[0] // PICTURE[1])
    top, left = rng.integers(0, whole.shape[0] - height + 1), rng.integers(0, whole.shape[1] - width + 1)
    part = whole[top : top + height, left : left + width][:, :: -1 if rng.random() < 0.5 else 1]
    return np.asarray(cv2.resize(np.ascontiguousarray(part), PICTURE, interpolation=cv2.INTER_CUBIC), np.uint8)


def _stand(canvas: Pixels, place: int, rng: np.random.Generator) -> None:
    """Somebody in a quarter of the picture, in a size of their own, with soft edges."""
    people = (*_pictures("demo/shoebox/photos", PORTRAITS), *_pictures("tests/data/face", FACES))
    person = people[rng.integers(len(people))]
    height = int(rng.uniform(700, 1400))
    width = min(int(height * person.shape[1] / person.shape[0]), PICTURE[0] // 4)
    shown = cv2.resize(person, (width, height), interpolation=cv2.INTER_AREA if height < 900 else cv2.INTER_CUBIC)
    top = int(rng.integers(0, PICTURE[1] - height))
    left = place * PICTURE[0] // 4 + int(rng.integers(0, PICTURE[0] // 4 - width + 1))
    edge = np.zeros((height, width), np.float32)
    cv2.ellipse(edge, (width // 2, height // 2), (int(width * 0.46), int(height * 0.46)), 0, 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(edge, (0, 0), height / 60)[..., None]
    under = canvas[top : top + height, left : left + width]
    under[:] = (soft * shown + (1 - soft) * under).astype(np.uint8)


def recordings(box: Path, minutes: float, seed: int = 1) -> tuple[int, int]:
    """Recordings of this length in all, none longer than RECORDING_S -> (recordings, different sentences in them)."""
    pool = _spoken(min(SENTENCES, max(4, round(minutes * 60 / SPOKEN_S))))
    left, number = minutes * 60, 0
    while left > 0.5:
        rng = np.random.default_rng(seed * 1000 + number)
        pcm = _sitting(pool, min(left, RECORDING_S), rng)
        noise = float(rng.uniform(18, 34))
        put(box / "voice" / f"sitting-{number + 1:02d}.m4a", voices.encoded(voices.noisy(pcm, noise, number), "m4a"))
        left, number = left - RECORDING_S, number + 1
    return number, len(pool)


def _spoken(count: int) -> list[voices.Pcm]:
    """So many sentences, each by one of the family."""
    said = {"zh": iter(sentences("zh")), "en": iter(sentences("en"))}
    return [
        voices.says(who, next(said[code]), code) for who, code in (SPEAKERS[n % len(SPEAKERS)] for n in range(count))
    ]


def _sitting(pool: Sequence[voices.Pcm], seconds: float, rng: np.random.Generator) -> voices.Pcm:
    """Sentences in no order, with pauses as people make them and now and then a long one."""
    parts: list[voices.Pcm] = []
    length = 0
    while length < seconds * voices.RATE:
        gap = rng.uniform(4, 9) if rng.random() < 0.06 else rng.uniform(0.3, 1.6)
        parts += [pool[int(rng.integers(len(pool)))], voices.pause(float(gap))]
        length += len(parts[-2]) + len(parts[-1])
    return np.concatenate(parts)[: round(seconds * voices.RATE)]


def put(path: Path, content: bytes) -> None:
    """A file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
