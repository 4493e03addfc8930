"""What a message is before it is a question: an emergency, a cry for help, not ours, a trick.

Each judgement weighs features of the normalised message (a symptom, its acuteness, the present, a
question about money, the past) rather than matching whole sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot import texts
from bot.reply import Reply, Status


class Kind(StrEnum):
    """What a message is."""

    NONE = "none"
    EMERGENCY = "emergency"
    CRISIS = "crisis"
    """Thoughts of suicide."""
    MEDICAL_ADVICE = "medical_advice"
    CHIT_CHAT = "chit_chat"
    UNRELATED = "unrelated"
    MANIPULATION = "manipulation"
    """Tries to change the rules, to have them told, or to dictate an answer."""


@dataclass(frozen=True, slots=True)
class Screening:
    """The judgement of a message."""

    kind: Kind = Kind.NONE
    policy: bool = False
    """Beside that, an ordinary question about insurance stands in it, to be answered."""
    distress: bool = False
    """A question about self-harm as a matter of policy: add `texts.DISTRESS_HINT`."""


def screen(text: str) -> Screening:
    """Judge a normalised message; the more urgent judgement wins."""
    if _is_crisis(text):
        return Screening(Kind.CRISIS)
    if _is_emergency(text):
        return Screening(Kind.EMERGENCY)
    if (rest := _without_manipulation(text)) is not None:
        return Screening(Kind.MANIPULATION, policy=_asks_policy(rest))
    policy = bool(_POLICY.search(text))
    if _MEDICAL.search(text):
        return Screening(Kind.MEDICAL_ADVICE, policy=policy)
    if not policy and _CHIT_CHAT.fullmatch(text):
        return Screening(Kind.CHIT_CHAT)
    if not policy and _UNRELATED.search(text):
        return Screening(Kind.UNRELATED)
    return Screening(policy=policy, distress=bool(_SELF_HARM.search(text)))


def answer(text: str) -> Reply | None:
    """The reply to a message that isn't to be answered from the documents, else None."""
    found = screen(text)
    if found.kind in (Kind.EMERGENCY, Kind.CRISIS):
        words = texts.EMERGENCY if found.kind is Kind.EMERGENCY else texts.CRISIS
        return Reply(status=Status.EMERGENCY, text=words)
    if found.kind is Kind.NONE or found.policy:
        return None
    if found.kind is Kind.CHIT_CHAT and (words := _small_talk(text)):
        return Reply(status=Status.ANSWERED, text=words, follow_ups=texts.SAMPLE_QUESTIONS)
    words = texts.MEDICAL_ADVICE if found.kind is Kind.MEDICAL_ADVICE else texts.NOT_OURS
    return Reply(status=Status.OUT_OF_SCOPE, text=words, follow_ups=texts.SAMPLE_QUESTIONS)


# ---------------------------------------------------------------------------------- the features

_POLICY = re.compile(
    r"报销|报[多少得几不掉]|[能可可以给怎咋]报|报吗|医保|社保|参保|起付|封顶|比例|自费|自付|统筹|门[慢特统]|备案|转诊|转院"
    r"|手续|材料|证明|费用|多少钱|药?目录|定点|异地|结算|刷卡|救助|补助|待遇|缴费|保险|生育津贴|[甲乙丙]类|特药|大病|医药费"
)
_QUESTION = re.compile(r"[吗呢么？?]|多少|怎么|咋|什么|啥|哪|几[成个天次]|能不能|可不可以|要不要|是不是|有没有")

# An emergency: states that tell of danger now (3), conditions (2), warning signs (1).
_BODY = r"(?:心口|胸口?|前胸|胸腔|心脏|心窝|后背)[部头里]?"
_PAIN = r"(?:疼|痛|闷|绞|压得|发紧|憋|难过|撕裂)"
_SIDE = r"(?:半边|半身|一侧|一边|左边|右边|左侧|右侧|左半|右半|左手|右手|左腿|右腿|手脚|胳膊|腿)"
_DANGER = (
    (
        3,
        rf"喘不[上过]来?气|[透吸]不过[来气]|上不来气|气都?[喘透]不|憋[死得不住]|呼吸(?:困难|不了|不过来|停)|没呼吸|没心跳|没脉"
        rf"|{_SIDE}(?:的?身[子体]|脸|手|腿|边|胳膊)?.{{0,4}}(?:动不了|不能动|不会动|不好动|没知觉|抬不起|没力|使不上|瘫了|麻了)"
        r"|[嘴口脸眼]巴?[角边]?.{0,2}[歪斜][了脱过着]|(?:说|讲)(?:话)?(?:也|都)?(?:不清|不出|不了话|不利)|话(?:也|都)?[说讲]不"
        r"|[叫喊摇][也都]?不[醒应]|不省人事|没(?:有)?(?:意识|知觉|反应)|失去意识|血?(?:也|都)?止[不弗]?不?[住牢]|血流不止|流血不停"
        r"|[喷冒]血|噎[住到着]|卡(?:住|在)(?:喉|嗓|气管)|不会[喘呼]",
    ),
    (
        2,
        r"大出血|昏迷|[昏晕](?:倒|过去|死|厥)|休克|抽搐|抽[风筋]了|口吐白沫|翻白眼|窒息|溺水|触电|[吐呕咯咳](?:了|出)?.{0,3}血"
        r"|(?:喝|吞|误[服食喝]|吃).{0,4}(?:农药|百草枯|敌敌畏|老鼠药|毒药|洁厕)|安眠药.{0,6}(?:一瓶|几十|好多|太多)|(?:煤气|一氧化碳|农药)中毒"
        r"|羊水破|(?:被|让).{0,3}(?:车|刀|捅|砍)|[从楼高].{0,5}(?:摔|掉|跌)下|(?:心梗|中风|脑溢血|脑出血|心脏病|哮喘|癫痫).{0,2}(?:发作|犯了|又发)"
        r"|快(?:不行|没气|死|断气)",
    ),
    (
        1,
        rf"{_BODY}.{{0,4}}{_PAIN}|心绞痛|(?:高烧|发烧|高热).{{0,6}}(?:不退|4[0-2]度|抽)|便血|剧烈(?:头痛|腹痛|疼痛)"
        r"|头[疼痛]得?(?:要|像|快)?(?:炸|裂)|车祸|摔.{0,4}(?:起不来|骨折|出血)|看不见了|突然.{0,4}(?:看不|听不)",
    ),
)
_DANGERS = tuple((weight, re.compile(pattern)) for weight, pattern in _DANGER)
# What speaks for a danger now, and what against.
_ACUTE = (
    (3, r"现在|正在|刚才|刚刚|这会|救命|救救|快来|怎么办(?!理|手续|备案|卡)|咋办|咋整|怎么弄|不行了|要死"),
    (2, r"得厉害|得要[命死]|得不行|受不了|煞|剧烈|厉害|越来越|一直(?:在|流|吐)|半天了|(?:分钟|钟头|小时)了"),
    (1, r"突然|忽然|一下子|突发|今[天早]|昨晚|半夜|又"),
    (-2, _POLICY.pattern),
    (-3, r"去年|前年|[上前]个?[月周]|[几多两三]年|以前|之前|曾经|那[次年时]|当时|后来|出院|后遗症|病史|史|术后|做过|装了|得过|好了|恢复"),
    (-3, r"(?:在|正在|已经?|送).{0,3}(?:抢救|医院|急诊|ICU|icu|重症|住院)|住院[了中]|手术[了中]|抢救(?:过来|了|费)"),
    (-2, r"如果|假如|要是|万一|算不算|算.{0,4}吗|属于|哪些|什么情况|认定|标准|条件|鉴定"),
    (-2, r"有点|有些|偶尔|有时|轻微|老毛病|好几[天年月]|很久|一阵一阵|不[疼痛闷]|没有?(?:胸|心口|大?出血|昏)"),
)
_CIRCUMSTANCES = tuple((weight, re.compile(pattern)) for weight, pattern in _ACUTE)
_NARRATED = re.compile(r"[我他她爸妈爷奶公婆娃孩儿女老人].{0,12}[了着得]")
_ENOUGH = 2


def _is_emergency(text: str) -> bool:
    danger = max((weight for weight, pattern in _DANGERS if pattern.search(text)), default=0)
    if not danger:
        return False
    circumstances = [weight for weight, pattern in _CIRCUMSTANCES if pattern.search(text)]
    told = 1 if _NARRATED.search(text) or min(circumstances, default=0) >= 0 else 0
    return danger + told + sum(circumstances) >= _ENOUGH


_WISH_TO_DIE = re.compile(
    r"不想活|不想再活|活不下去|活着(?:没|有什么|还有啥|好累|太累)|没有?活路|想(?:去|要|一)?(?:死(?![你他她它])|自杀|轻生|跳楼|跳河|了断|自尽|寻死)"
    r"|[要准备打算](?:自杀|跳楼|跳河|割腕|轻生|寻死|上吊)|死了(?:算了|好了|一了百了)|一了百了|结束(?:自己|生命|这一切)|寻短见|不如死|生不如死"
)
_SELF_HARM = re.compile(r"自杀|自残|自伤|轻生|割腕|跳楼(?!价)|喝农药|上吊")
_HAPPENED = re.compile(r"(?:受伤|住院|抢救|治疗|未遂|的|洗胃).{0,8}(?:报|医保|费|算)|报|医保|费用|赔")


def _is_crisis(text: str) -> bool:
    if _WISH_TO_DIE.search(text):
        return True
    return bool(_SELF_HARM.search(text)) and not _HAPPENED.search(text)


_MEDICAL = re.compile(
    r"(?:吃|用|开|买|打)(?:点|些|个)?(?:什么|啥|哪种|哪个)(?:药|针|好)|(?:一[天日次]|每[天次])?(?:吃|服|用|打)(?:几|多少)(?:片|粒|颗|次|支|毫克|单位|量)"
    r"|剂量|用量(?!限)|副作用|不良反应|忌口|偏方|能不能(?:停药|换药|喝酒|怀孕|同房|运动|吃)|(?:可以|能)(?:停药|换药|一起吃)"
    r"|(?:要不要|该不该|需不需要|有没有必要|用不用)(?:做|开|动|打|吃)?(?:手术|刀|开刀|化疗|放疗|支架|药|针|住院|检查)|(?:要|需要|必须)(?:做手术|开刀|动手术)吗"
    r"|(?:是|得了?)(?:不是)?(?:什么|啥)病|[得患]了?[^，。]{0,6}癌.{0,3}(?:吗|怎么)|怎么(?:治|医治|治疗|降(?:压|糖|下来)|调理)|能治好|治得好|会不会(?:死|传染|遗传|复发|瘫)|能活(?:多久|几)"
    r"|(?:严重|要紧|危险|碍事)(?:吗|不)|挂(?:什么|哪个|啥)(?:科|号)|哪个(?:医生|专家|大夫)|(?:指标|结果|报告|片子).{0,6}(?:正常|什么意思|怎么看|帮我看)|什么原因引起"
)
_THANKS = re.compile(r"(?:非常|太|十分|多)?(?:谢谢|感谢|多谢|谢了|thanks?|thank you|辛苦了?)[你您啦了哦啊]*.{0,4}")
_FAREWELL = re.compile(r"(?:再见|拜拜|bye|晚安|没事了|不用了|就这样).{0,4}", re.IGNORECASE)
_WHO = re.compile(r"你(?:到底)?(?:是谁|叫什么.*|是(?:机器人|人工|真人|ai|人).*|几岁.*|多大.*|哪里人.*|是什么.*)", re.IGNORECASE)
_CHAT = (
    r"(?:你好|您好|hi|hello|嗨|在吗|早上好|下午好|晚上好|新年好|哈+|呵+|嗯+|哦+|啊+|好的?|ok|行|知道了|明白了?|收到)[啊呀哦吧了嘛]*"
    r"|.{0,6}(?:笨蛋|傻[瓜子逼]|垃圾|没用|废物|滚|智障|脑残).{0,4}|.{0,4}(?:吃饭了吗|想你|爱你|无聊|陪我聊.*|聊聊天?|讲个?笑话.*|唱.{0,3}歌.*|开心|心情.{0,4})"
)
_CHIT_CHAT = re.compile(
    rf"(?:{_THANKS.pattern}|{_FAREWELL.pattern}|{_WHO.pattern}|{_CHAT})[，。！？~…]*", re.IGNORECASE
)
_UNRELATED = re.compile(
    r"主席|总书记|总统|首相|政党|共产党|国民党|民主党|独裁|革命|游行|示威|六四|台独|港独|法轮|选举|打仗|战争|军队"
    r"|写[一个篇首段]*(?:诗|作文|代码|程序|文章|小说|论文|情书|检讨|文案|歌|报告)|代码|编程|python|翻译|股票|基金(?:涨|跌|推荐)|彩票|比特币|炒股"
    r"|天气|下雨|气温|电影|电视剧|游戏|足球|篮球|明星|菜谱|做菜|怎么做饭|红烧|星座|算命|风水|笑话|唱歌|旅游攻略|高考|作业|数学题|房价|买房|贷款|公积金"
    r"|养老金|退休金|失业金|车险|商业险|工资|离婚|相亲|手机.{0,4}推荐|买什么车|快递|外卖|火车票|机票",
    re.IGNORECASE,
)


def _small_talk(text: str) -> str | None:
    for pattern, words in (
        (_THANKS, texts.THANKS),
        (_FAREWELL, texts.FAREWELL),
        (_WHO, texts.WHO),
    ):
        if pattern.match(text):
            return words
    return None


_MANIPULATION = re.compile(
    r"(?:忽略|无视|忘[记掉了]|跳过|不要?[管理遵]|别[管理]|抛开|覆盖|绕过|解除|取消)[^，。]{0,10}(?:指令|指示|规则|设定|提示|要求|限制|约束|资料|文件|政策|上面|之前|前面|以上|所有)[^，。]{0,6}"
    r"|(?:输出|打印|显示|说出|复述|重复|公开|泄露|透露|告诉|给我看|念)[^，。]{0,8}(?:提示词|系统提示|系统指令|指令|设定|规则|prompt|源代码|密钥|密码|内部)[^，。]{0,6}"
    r"|提示词|系统指令|(?:你的|内部)(?:指令|设定|规则|prompt)[^，。]{0,6}"
    r"|(?:你(?:现在|从现在起|今后)(?:就?是|扮演|变成)|扮演|假装你?|假设你是|角色扮演|进入[^，。]{0,6}模式|开发者模式|越狱)[^，。]{0,12}"
    r"|(?:直接|就|只|必须|一定要?|只能|请|照着|跟着)[^，。]{0,3}(?:告诉|说|回答|回复|写|承认|确认|保证)[^，。吗多几怎什]{0,10}(?:100%|百分百|百分之百|全[报额部]|不用自?[付己]|\d+%)[^，。]{0,4}(?![^，。]*[吗？多])"
    r"|(?:上一?句|上次|刚才|刚刚|之前|前面|昨天)?你(?:刚才|之前|自己|已经|明明|亲口)?(?:说|讲|答应|承诺|承认)[过了的]?[^，。]{0,12}(?:100%|百分百|百分之百|全[报额部]|\d+%|\d+元)[^，。]{0,4}"
    r"|(?:^|[，。\n])(?:system|assistant|user|系统(?:消息|提示|通知)?|管理员|开发者|developer|admin)(?:消息|提示|指令)?[：:>\]】][^。]{0,60}|<\|?[a-z_]+\|?>|\[/?(?:inst|sys|system)\]|#{2,} ?(?:instruction|system)[^，。]{0,40}"
    r"|\[+[\w/-]+#[\w-]+\]+[^，。]{0,20}|[\[【]\d+[\]】][^，。]{0,20}"
    r"|(?:ignore|disregard|forget|override|bypass)\b[^。]{0,40}(?:instruction|rule|prompt|previous|above|prior|polic|everything)\w*|system ?prompt|(?:reveal|print|repeat|show|output)\b[^。]{0,30}(?:instruction|prompt|rules|above|words)\w*"
    r"|you are (?:now|no longer)[^。]{0,40}|(?:act|pretend|behave) (?:as|to be|like)[^。]{0,40}|developer mode|jailbreak|\bdan\b|role ?play",
    re.IGNORECASE,
)
_SEPARATED = re.compile(r"(?<=[一-鿿])[^\w\s，。！？；：（）]+(?=[一-鿿])|(?<=\b[a-zA-Z])[ .*_-](?=[a-zA-Z]\b)")


def _without_manipulation(text: str) -> str | None:
    """What remains of the message without attempts to turn the assistant; None if there are none."""
    joined = _SEPARATED.sub("", text)
    rest, count = _MANIPULATION.subn("，", joined)
    return rest if count else None


def _asks_policy(text: str) -> bool:
    return bool(_POLICY.search(text)) and bool(_QUESTION.search(text))
