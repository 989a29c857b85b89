"""Made-up reports: one of a rich shoebox, one of five photographs and a letter."""

from __future__ import annotations

from provisioning.memories.memory import Cited, Finding, Memory, Question, Relative, Remembered
from provisioning.report.account import Account, FileAccount
from provisioning.report.content import (
    About,
    Agreement,
    Chosen,
    Likeness,
    Pair,
    Reason,
    Report,
    Tier,
    Voice,
    Words,
)
from provisioning.style.figures import Habit, Manner

QUESTIONS = (
    Question(
        "childhood-house",
        "childhood",
        "Which house did he grow up in, and who lived there?",
        "他小时候住在哪里？家里有哪些人？",
        "Only two memories are from before 1956.",
        "1956年以前只有两条记忆。",
        0.9,
    ),
    Question(
        "how-they-met",
        "how-they-met",
        "How did he and Lan meet?",
        "他和秀兰是怎么认识的？",
        "It is asked in nearly every family.",
        "几乎每家都会问。",
        0.8,
    ),
    Question(
        "first-work",
        "work",
        "What did he do on his first day at the shipyard?",
        "他上班第一天做了什么？",
        "His work is spoken of, never its beginning.",
        "材料里说到工作，没说怎么开始的。",
        0.6,
    ),
)


def _memories() -> tuple[Memory, ...]:
    told = [(1938 + (n * 7) % 81, n) for n in range(140)]
    kinds = ("story", "letter", "message", "recording", "photo")
    return tuple(
        Memory(
            f"m{n}",
            "zh" if n % 3 else "en",
            f"What I did in {year}.",
            Cited("stories.txt", n + 1),
            kinds[n % 5],
            when=str(year) if n % 4 else "",
            redacted=int(n % 40 == 0),
        )
        for year, n in told
    )


def _relatives() -> tuple[Relative, ...]:
    return (
        Relative("沈秀兰", "wife", ("秀兰", "Lan"), ("Ting", "Wen")),
        Relative("Ting", "son", ("阿听",), ("Mei",)),
        Relative("Wen", "daughter", ("阿文",), ("Leo",)),
        Relative("Mei", "sons-daughter", ("小梅",)),
        Relative("Leo", "daughters-son", ("乐乐",)),
        Relative("陈阿大", "father", ("阿爹",)),
        Relative("", "mother", ("姆妈",), confidence=0.5),
        Relative("", "mothers-father", ("外公",), confidence=0.6),
        Relative("阿福", "younger-brother", ("阿福",)),
        Relative("老周", "neighbour", ("老周",)),
    )


def _habit(words: str, count: int, example: str) -> Habit:
    return Habit(words, count, count * 1.4, (example,))


def _manners() -> tuple[Manner, ...]:
    return (
        Manner(
            "zh",
            712,
            (4, 9, 15),
            (_habit("莫急，渡船会回来的", 14, "莫急，渡船会回来的，你先把饭吃好。"),),
            (_habit("这个嘛", 22, "这个嘛，我想想看。"),),
            (_habit("呀", 61, "来啦，坐呀。"), _habit("嘞", 20, "好嘞。")),
            (_habit("晓得", 30, "我晓得的。"), _habit("蛮", 25, "蛮好。")),
            {"sons-daughter": _habit("囡囡", 40, "囡囡，吃饭。")},
            (_habit("来啦", 19, "来啦？坐。"),),
            (_habit("路上慢点", 11, "路上慢点。"),),
            ("我怕高，所以造桥：桥上有栏杆。",),
        ),
        Manner(
            "en", 96, (3, 6, 9), (_habit("No hurry", 6, "No hurry, the ferry comes back."),), (), (), (), {}, (), (), ()
        ),
    )


def _account() -> Account:
    return Account(
        (
            FileAccount(
                "chats/wechat.csv",
                "wechat-csv",
                4211,
                {"a system message": 38, "a sticker": 210},
                {"the order of day and month was guessed": 12},
                first="2014-02-01T08:00:00",
                last="2019-11-02T20:15:00",
            ),
            FileAccount("chats/wechat (1).csv", "wechat-csv", duplicate_of="chats/wechat.csv"),
            FileAccount("letters/1997-03-02.txt", "letter-text", 6, first="1997-03-02"),
            FileAccount("letters/scan003.jpg", "scan", 1),
            FileAccount("voice/msg_018.silk", "voice", 1, {"music plays": 1}),
            FileAccount("photos/IMG_2210.HEIC", "photo", 1, first="2011-05-01"),
            FileAccount("backup/notes.bin", problem="of no kind that is known"),
            FileAccount("stories.txt", "stories", 31),
        )
    )


def _voice() -> Voice:
    calm = Words("It is understood best, and nearest to them.", "最容易听懂，也最像。")
    return Voice(
        11.4,
        86,
        0.48,
        0.86,
        (
            Tier("T0", True, Words("Where a recording says just that.", "录音里正好有这句话时使用。")),
            Tier("T1", False, Words("Less like them.", "不够像。"), 0.55, 0.02, 3.9),
            Tier("T2", True, calm, 0.71, 0.06, 3.4),
        ),
        {"calm": 52, "glad": 20, "quiet": 14},
        {"another voice speaks": 9, "music plays": 3, "too much noise": 11},
        {"laugh": 4, "hum": 12, "cough": 1},
        (Pair("吃饭了没有", "voice/a.wav", "made/a.wav", "T2"),),
    )


def _likeness() -> Likeness:
    return Likeness(
        (
            Chosen(
                "photos/portrait.png",
                (Words("The largest face, straight from the front, eyes open.", "脸最大、正对镜头、眼睛睁开。"),),
            ),
            Chosen("photos/workshop.png", (Words("Shows the teeth.", "能看到牙齿。"),), Words("the smile", "微笑")),
        ),
        (Reason(Words("too small", "太小"), 41), Reason(Words("turned away", "没有面对镜头"), 12)),
        ("photos/portrait.png",) * 4,
        (),
        (Words("The print has faded a little.", "照片有些褪色。"),),
        104,
        6,
        0.8,
        0.85,
        0,
    )


def rich() -> Report:
    """Much of everything."""
    findings = (
        Finding("phone", Cited("chats/wechat.csv", 88), "Call Zhou at ███████████, he knows.", "redacted"),
        Finding("third-party", Cited("chats/wechat.csv", 1200), "老周的儿子██离婚了。", "left-out"),
        Finding("bank-card", Cited("letters/1997-03-02.txt", 4), "卡号 ████ ████ ████", "redacted"),
    )
    topics = {"work": 41, "food": 22, "children": 18, "places": 16, "hobbies": 12, "how-they-met": 1, "childhood": 2}
    remembered = Remembered(
        _memories(),
        _relatives(),
        QUESTIONS,
        findings,
        {"too short to say anything": 2210, "an unreviewed scan": 3},
        topics,
    )
    about = About(
        "陈望川",
        ("外公", "Grandpa"),
        ("zh", "en"),
        "1938-03-20",
        "2019-11-03",
        "A ferry and bridge engineer from Hangzhou who was afraid of heights.",
        "photos/portrait.png",
    )
    agreement = Agreement(
        "relative",
        "Lin Mei",
        "granddaughter",
        ("consent/statement.txt",),
        ("likeness", "voice", "letters", "photographs"),
        "He liked to be asked about the river.",
    )
    return Report(about, _account(), remembered, _manners(), _voice(), _likeness(), (), agreement, 3, 12, 1)


def poor() -> Report:
    """Five photographs and one letter."""
    files = [FileAccount(f"photos/{n}.jpg", "photo", 1) for n in range(1, 6)]
    account = Account((FileAccount("letters/letter.txt", "letter-text", 2), *files))
    memories = tuple(
        Memory(f"l{n}", "en", "We walked to the sea.", Cited("letters/letter.txt", n + 1), "letter", when="1971")
        for n in range(2)
    )
    remembered = Remembered(memories, (), QUESTIONS, (), {}, {"places": 2})
    manner = Manner("en", 9, (5, 8, 12), (), (), (), (), {}, (), (), ())
    face = Likeness(
        (Chosen("photos/3.jpg", (Words("The only one from the front.", "唯一的正面照。"),)),),
        (Reason(Words("too small", "太小"), 3), Reason(Words("turned away", "没有面对镜头"), 1)),
        (),
        (),
        (Words("The face is small.", "脸比较小。"),),
        38,
        11,
        0.5,
        0.7,
    )
    lacking = (Words("Nobody has said who agrees.", "还没有说明由谁同意。"),)
    return Report(
        About("Ada Bell", ("Nana",), ("en",), "1921", "1994"),
        account,
        remembered,
        (manner,),
        None,
        face,
        agreement=Agreement(lacking=lacking),
    )
