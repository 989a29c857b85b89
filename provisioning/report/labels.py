"""Names of things in both languages, for people who are no engineers."""

from __future__ import annotations

from provisioning.report.content import Words

_LABELS = {
    # topics of a life
    "childhood": ("Childhood", "童年"),
    "family": ("Family", "家人"),
    "parents": ("Parents", "父母"),
    "school": ("School", "求学"),
    "work": ("Work", "工作"),
    "how-they-met": ("How they met", "怎么认识的"),
    "love": ("Love and marriage", "爱情与婚姻"),
    "marriage": ("Marriage", "婚姻"),
    "children": ("Children", "子女"),
    "grandchildren": ("Grandchildren", "孙辈"),
    "home": ("Home", "家"),
    "food": ("Food", "吃的"),
    "health": ("Health", "健康"),
    "money": ("Money", "钱"),
    "places": ("Places", "地方"),
    "travel": ("Journeys", "出门旅行"),
    "hobbies": ("Pastimes", "爱好"),
    "hard-times": ("Hard times", "难熬的日子"),
    "war": ("War", "战争"),
    "festivals": ("Festivals", "过节"),
    "sayings": ("What they always said", "口头禅"),
    "friends": ("Friends", "朋友"),
    "beliefs": ("What they believed", "信念"),
    "everyday": ("Everyday life", "日常"),
    "advice": ("Advice", "叮嘱"),
    "photographs": ("Photographs", "照片"),
    "siblings": ("Brothers and sisters", "兄弟姐妹"),
    "names": ("Names and nicknames", "名字和小名"),
    "joys": ("Joys", "高兴的事"),
    "fears": ("Fears", "害怕的事"),
    "things": ("Things they kept", "留着的东西"),
    "habits": ("Habits", "习惯"),
    "today": ("What they would say today", "要是现在会怎么说"),
    "dates": ("Dates that disagree", "说法不一的年份"),
    "kinship": ("Who is who", "谁是谁"),
    "other": ("Everything else", "其他"),
    # kinds of memories
    "story": ("Stories", "讲的故事"),
    "letter": ("Letters", "信"),
    "message": ("Messages", "聊天"),
    "mail": ("E-mail", "邮件"),
    "recording": ("Recordings", "录音"),
    "photo": ("Photographs", "照片"),
    # grants
    "likeness": ("Their face", "样子"),
    "voice": ("Their voice", "声音"),
    "letters": ("Their letters", "信件"),
    "chats": ("Their chats", "聊天记录"),
    # moods and interjections
    "calm": ("calm", "平静"),
    "glad": ("glad", "高兴"),
    "sad": ("sad", "难过"),
    "lively": ("lively", "有劲"),
    "quiet": ("quiet", "轻声"),
    "laugh": ("laughs", "笑声"),
    "cough": ("coughs", "咳嗽"),
    "sigh": ("sighs", "叹气"),
    "hum": ("hums", "嗯"),
    # privacy
    "third-party": ("Other people", "别人的事"),
    "phone": ("Telephone numbers", "电话号码"),
    "address": ("Addresses", "住址"),
    "identity-number": ("Identity numbers", "证件号码"),
    "bank-card": ("Bank cards", "银行卡"),
    "quarrel": ("Quarrels", "争吵"),
    "redacted": ("blocked out", "已遮盖"),
    "left-out": ("left out", "没有采用"),
    "kept": ("kept", "保留"),
    # voices
    "original": ("Their own recording", "本人的录音"),
    "manner": ("A stock voice in their manner", "通用声音，仿其语气"),
    "style": ("A voice searched to be like theirs", "找到的相近声音"),
    "piper": ("A voice trained from theirs", "用本人录音训练的声音"),
    "stock": ("A stock voice, as it is", "通用的声音"),
    "T0": ("Their own recordings, as they are", "本人原声"),
    "T1": ("A stock voice in their manner", "通用声音，仿其语气"),
    "T2": ("A voice searched to be like theirs", "找到的相近声音"),
    "T3": ("A voice trained from theirs", "用本人录音训练的声音"),
    # who may speak with it
    "adults": ("adults", "成年人"),
    "everyone": ("everyone", "所有人"),
}


def label(code: str) -> Words:
    """The name of a topic, kind, grant and so on; the code itself where none is known."""
    known = _LABELS.get(code)
    return Words(*known) if known else Words(code.replace("-", " "), "")
