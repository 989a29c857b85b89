"""Word lists that searching and checking share: stop words, irregular English forms, and words of one meaning.

They are small on purpose: families talk about kin, food, work, homes, feelings and times, and the dense vectors catch the rest.
"""

from __future__ import annotations

ENGLISH_STOP = frozenset(
    """a an the and or but if so of to in on at by for with from into onto about as than that this these those there here
    i me my mine we us our ours you your yours he him his she her hers it its they them their theirs who whom whose which what when
    where why how is am are was were be been being do does did done doing have has had having will would shall should can could may
    might must not no nor yes please tell know remember say said let just ever really very too also then now well again still any some
    thing something anything someone anyone one ones ok okay oh hey dear grandpa granddad grandfather gramps ll ve re s t d m don didn doesn
    isn wasn weren couldn wouldn much many more most kind sort like used use get got go went story bit
    happen happened happens always up out down over off all back because while""".split()
)
"""Words of a question that say nothing about which memory answers it ("Grandpa" is whom one talks to, not about)."""

ENGLISH_IRREGULAR = {
    "ate": "eat", "eaten": "eat", "bought": "buy", "built": "build", "born": "bear", "broke": "break", "broken": "break",
    "brought": "bring", "came": "come", "caught": "catch", "children": "child", "chose": "choose", "chosen": "choose",
    "cooked": "cook", "died": "die", "dies": "die", "dying": "die", "drank": "drink", "drunk": "drink", "drew": "draw", "drawn": "draw",
    "fell": "fall", "fallen": "fall", "feet": "foot", "felt": "feel", "flew": "fly", "flown": "fly", "fought": "fight", "found": "find",
    "gave": "give", "given": "give", "grew": "grow", "grown": "grow", "heard": "hear", "held": "hold", "hung": "hang", "kept": "keep",
    "knew": "know", "left": "leave", "lost": "lose", "made": "make", "making": "make", "meant": "mean", "men": "man", "met": "meet",
    "paid": "pay", "ran": "run", "rang": "ring", "rode": "ride", "sang": "sing", "sold": "sell", "sent": "send", "slept": "sleep",
    "spent": "spend", "spoke": "speak", "spoken": "speak", "stood": "stand", "swam": "swim", "swum": "swim", "taught": "teach",
    "teeth": "tooth", "thought": "think", "threw": "throw", "told": "tell", "took": "take", "taken": "take", "wives": "wife",
    "wore": "wear", "worn": "wear", "women": "woman", "won": "win", "wrote": "write", "written": "write", "lives": "live", "knives": "knife",
    "worst": "bad", "worse": "bad", "best": "good", "better": "good", "oldest": "old", "afraid": "afraid", "proudest": "proud", "proud": "proud",
    "studied": "study", "married": "marry", "wedding": "wedding", "noodles": "noodle", "clothes": "clothes", "glasses": "glasses",
    "evening": "evening", "morning": "morning", "during": "during", "spring": "spring", "string": "string", "lying": "lie",
}  # fmt: skip

ENGLISH_SAME = (
    "grandmother grandma granny nana wife spouse",
    "father dad daddy papa", "mother mom mum mama mummy", "daughter girl", "son", "granddaughter", "grandson",
    "sister sibling brother", "child kid", "friend pal buddy", "teacher school study learn lesson education",
    "meet met acquaint introduce", "marry marriage wedding husband wed bride groom", "propose proposal engage",
    "eat food dish meal favourite favorite taste", "favourite favorite prefer love", "cook recipe braise dish prepare", "pork meat",
    "drink wine alcohol liquor beer", "tea drink", "work job profession career living occupation engineer", "house home live lane",
    "move relocate pull", "bear birth birthday", "birthday age old", "die death dead funeral grave pass away", "miss sorry lonely grief",
    "afraid fear frighten scare dread", "height high climb", "proud pride proudest achievement", "regret sorry apology apologise apologize",
    "sad unhappy cry upset miserable", "advice advise recommend should suggest", "exam test examination", "money wage salary pay account coin",
    "dog pet animal puppy", "cat pet animal kitten", "game chess play hobby", "music song tune opera harmonica sing instrument", "fish fishing",
    "tree persimmon garden plant", "boat ferry ship", "bridge pier", "storm typhoon", "flood water", "aeroplane plane airplane fly flight",
    "canada vancouver abroad", "photo photograph picture camera", "write letter", "mend repair fix", "carve wood woodwork workshop carpenter carpentry joiner",
    "retire retirement pension", "tool plane hammer", "telephone phone call", "english language speak", "sick ill illness stroke hospital doctor health",
    "joke funny laugh", "saying proverb motto", "nickname call name mean", "name mean meaning", "holiday festival celebrate", "year spring festival",
    "childhood boy young grow", "wear clothes jacket coat", "glasses eye", "tooth teeth dentist", "doctor dentist", "bicycle bike cycle",
    "quarrel argue fight argument", "secret trick", "ingredient need recipe", "wish hope want", "place spot", "rain weather", "sleep snore",
    "love like dear", "first begin start", "gift present give", "bring carry", "village hometown town come",
)  # fmt: skip
"""Each string is a set of words that may stand for one another in a question; a word may be in several."""

CHINESE_STOP = tuple(
    sorted(
        """什么时候 哪个时候 的时候 是不是 有没有 能不能 可不可以 会不会 为什么 怎么样 怎么 怎样 什么 为啥 做啥 啥 哪里 哪儿 哪个 哪些 哪一年 哪年 哪天 哪 谁 多少
        几个 几次 几年 几 吗 呢 吧 啊 呀 嘛 了 的 地 得 着 过 是 在 有 和 跟 与 给 把 被 让 叫我 对 从 到 就 都 也 还 又 很 最 太 真 那 这 个 些 一下 一个 一点
        你们 我们 他们 她们 咱们 您 你 我 他 她 它 自己 请问 请 告诉 讲讲 讲 说说 说 记得 还记得 知道 晓得 想 要 会 能 可以 不 没有 没 别 事情 事体 事 东西 故事 时候
        以前 后来 当时 那时 当年 年轻 小时候 曾经 经历 一直 平时 平常 经常 觉得 认为 吗 里 上 下 去 来 用 做 以 之 外公 爷爷 呐 哦 哎 嗯 好""".split(),
        key=len,
        reverse=True,
    )
)
"""Longest first, so that 什么时候 goes before 什么."""

CHINESE_SAME = (
    "外婆 婆婆 奶奶 老伴 妻子 老婆 太太", "爹 父亲 爸爸 爸 老爸", "娘 母亲 妈妈 妈", "女儿", "儿子", "外孙女 孙女", "外孙 孙子",
    "姐姐 妹妹 哥哥 弟弟 兄弟 姐妹", "认识 认得 相识 碰到 遇见 见面", "结婚 成亲 婚礼 出嫁 夫妻 嫁", "夫妻 老公 丈夫 老婆", "求婚 答应 提亲", "老师 先生 师傅", "上学 读书 学校 小学 念书",
    "喜欢 爱 中意 宝贝", "吃 菜 饭 食物 好吃 口味", "做菜 烧菜 做饭 烧饭 红烧肉", "喝 吃 酒 黄酒", "茶 龙井 泡茶", "工作 职业 上班 生活 行当 工程师",
    "住 家 房子 弄堂 弄", "搬 搬家 拆", "生 出生 生日", "走的 死 去世 过世 走 离开", "想念 想 思念 挂念", "怕 害怕 恐惧", "高 恐高", "得意 骄傲 自豪", "后悔 遗憾",
    "对不起 道歉 赔不是 抱歉", "难过 伤心 不开心", "考试 考 测验", "工资 工钱 薪水", "钱 账 账簿", "狗 宠物 小狗 动物", "猫 宠物 小猫 动物", "下棋 象棋 棋", "音乐 口琴 曲子 乐器 唱歌 越剧 戏",
    "钓鱼 鱼", "柿子 柿子树 树", "船 渡船 轮渡", "台风 刮风", "大水 洪水 水灾 发大水", "飞机 坐飞机", "加拿大 温哥华 国外", "照片 相片 拍照 照相机 相机", "信 写信",
    "修 修理", "木工 木匠 刻", "退休", "家什 工具 刨子", "电话 打电话", "英文 英语", "生病 病 中风 医院 医生 身体", "笑话 好笑", "常讲 口头禅 老话", "绰号 外号", "名字 取名 叫",
    "过年 春节 新年 年", "中秋 月饼", "清明 上坟", "小时候 从小 童年 长大", "衣裳 衣服 穿", "眼镜", "牙 牙齿 门牙", "脚踏车 自行车 单车", "吵架 争吵 矛盾 吵", "诀窍 秘诀", "礼物 送",
    "压岁钱 红包", "雨 落雨 下雨", "睡觉 打呼噜 呼噜", "朋友 老朋友", "馒头 包子", "面 面条 片儿川", "奶酪 芝士", "地方 哪里", "老家 家乡 故乡",
)  # fmt: skip

KIN = (
    "wife grandmother grandma 老伴 妻子 老婆 外婆 奶奶", "husband 丈夫 老公", "daughter 女儿", "son 儿子", "granddaughter 孙女 外孙女", "grandson 孙子 外孙",
    "father 父亲 爸爸 爹", "mother 母亲 妈妈 娘", "sister 姐姐 妹妹", "brother 哥哥 弟弟", "teacher 老师", "friend 朋友",
)  # fmt: skip
"""Each string is one relation to the person who tells, in English and Chinese: a memory of Ting is found by "daughter"."""

PHRASES = (
    (r"\bfeel(?:ing)? (?:\w+ )?(?:down|low|blue)\b", "sad"), (r"\bfor a living\b", "work"), (r"\bhigh places?\b", "heights"), (r"\bask(?:ed)? (\w+) to marry\b", r"proposal \1"),
    (r"\bgrandfather'?s? (?=clock)", ""), (r"\bpass(?:ed)? away\b", "died"), (r"\bfall in love\b", "love"), (r"\bused to\b", ""),
    (r"心情(?:很|不太|有点)?(?:差|不好|低落)", "难过"), (r"不在了", "去世"), (r"大考|测验|高考|中考", "考试"), (r"这辈子|一辈子|这一生", ""), (r"开玩笑", "笑话"),
)  # fmt: skip
"""Idioms of questions (a pattern in lower case) and the plain word for them."""

OWN_GRANDPARENTS = (
    (r"\b{whose} (?:own )?grand(?:mother|ma|father|pa|dad|parents?)\b|\b{whose} granny\b", " owngrandparent "),
    (r"{whose}的?(?:亲)?(?:奶奶|外婆|爷爷|外公|祖父|祖母)(?!家|后院)", " owngrandparent "),
)
"""Whose grandparents are meant: "your grandmother" in a question to a grandfather is not his wife, and "my grandmother" in his memory neither."""
