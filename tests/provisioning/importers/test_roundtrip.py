"""Whatever a family wrote comes back from each kind of file: the words, the speaker, the time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.exports import SAMPLES, Message, Sample
from tests.support.imports import found, items

ONE_CHAT = {k: s for k, s in SAMPLES.items() if k != "telegram: all"}
# What no export can carry: control characters and line ends other than LF; what all of them leave out: space around.
LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff\ufffd\u200e\u200f\x85")
LINE = st.text(LETTERS, min_size=1, max_size=30)
WORDS = st.one_of(
    st.lists(LINE, min_size=1, max_size=3).map("\n".join),
    st.sampled_from(
        [
            "哈哈",
            "😀",
            '他说"好"',
            "a,b;c\td",
            "[微笑]",
            "09:15",
            "1956年",
            "<3",
            "# 1",
            "{}",
            "「嗯」",
            'say "a"\n"b"',
            "3: 2",
        ]
    ),
)
TIMES = st.datetimes(datetime(2009, 1, 1), datetime(2030, 12, 31)).map(lambda t: t.replace(microsecond=0))


def ordinary(text: str) -> bool:
    """Words that no program would write itself, or mark, and that no encoding hides."""
    lines = [line.strip() for line in text.split("\n")]
    return text == "\n".join(lines).strip() and all(
        line and line[0] not in "[]<>☎>#=+{0123456789" and not line.startswith(("消息", "Edited")) for line in lines
    )


def likely(text: str) -> bool:
    """Words that mojibake, damage and WhatsApp's own lines are not mistaken for."""
    words = (
        "delet",
        "omit",
        "call",
        "删",
        "刪",
        "通话",
        "收回",
        "撤回",
        "gelöscht",
        "add",
        "消",
        "通話",
        "引用",
        "原文",
    )
    return not any(word in text.lower() for word in words)


SAID = st.builds(
    lambda at, own, text: Message(at, "ming88" if own else "lan1938", "小明" if own else "外婆", text, own),
    TIMES,
    st.booleans(),
    WORDS.map(str.strip).filter(ordinary).filter(likely),
)


@pytest.mark.parametrize("sample", ONE_CHAT.values(), ids=ONE_CHAT)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(chat=st.lists(SAID, min_size=1, max_size=8))
def test_what_was_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, sample: Sample, chat: list[Message]
) -> None:
    # Enough of plain words that the encoding is plain too, and dates that show which number is the day.
    first = Message(datetime(2008, 1, 31, 9, 30), "lan1938", "外婆", "今天回来吃饭吗？我给你做了红烧肉。")
    told = [first, *chat]
    path: Path = tmp_path_factory.getbasetemp() / sample.file
    got = items(found(sample.importer, sample.write(told), path))
    assert [i.text for i in got] == [m.text for m in told]
    assert [i.when.start[: 19 if sample.seconds else 16] for i in got] == [
        m.at.isoformat()[: 19 if sample.seconds else 16] for m in told
    ]
    speakers = {m.own: i.speaker for i, m in zip(got, told, strict=True)}
    assert [i.speaker for i in got] == [speakers[m.own] for m in told]
    assert len(set(speakers.values())) == len(speakers)
