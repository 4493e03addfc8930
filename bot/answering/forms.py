"""What a clause must state to answer: to "for how long", a time; to "which papers", papers.

The nearest clause may be about the same thing and say nothing of what is asked. Then the first of
those found that states it answers, where it is about as near; else the documents are silent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.retrieval import Passage
from bot.understanding.inquiry import Inquiry
from corpus.text import normalise

_NEAR = 0.8
"""Share of the best coverage and of the first's confidence that one in its place must have."""
_SURE = 0.9
"""With so much of the first's confidence, its coverage doesn't matter."""
_DATE = re.compile(r"\d{4}年(?:\d+月(?:\d+日)?)?(?!底|末)")
"""When a document was written or an event was; no limit."""
_HOW_LONG = (
    r"(?:多久|多长时间|多少(?:天|日|个?月|年|小时)"
    r"|几(?:天|日|个?月|年|个?(?:工作日|星期|礼拜|小时|钟头)))"
)
_LENGTH = (
    r"(?:\d|[一二两三四五六七八九十半])个?"
    r"(?:工作日|自然日|天|日|月|周(?!岁)|星期|小时|分钟|年)"
)
_NO_LIMIT = (
    r"随时|(?:长期|一直)有效|永久|终身|不限(?!定|指|于)|没有(?:时间)?(?:限制|期限)"
    r"|[年月][底末]|[出入]院[前时]"
)
_AT_ONCE = (
    r"当[天日场时]|[即实]时|立即|马上|生效|(?:办好|登记|申请|备案)[^，。]{0,2}后[^，。]{0,2}[就即]"
)
_NET = r"(?:手机|网上|线上|微信|小程序|公众号|[aA][pP][pP])[里上]?"
_ACT = r"(?:办(?!好)|弄(?!好)|备案|登记|申请|取消|签)"
_WAYS = (re.compile("一卡通"), re.compile("转[院诊外]"))
_MEASURE = r"(?:盒|瓶|支|片|粒|针|袋|贴|份|张(?!照片))"
_WHERE = r"(?:(?:去|到|在|上|找)哪(?:里|儿|边|个?(?:窗口|部门|单位))?|谁)"
_ELSE = re.compile(
    r"怎么|怎样|如何|咋|哪(?![天年月]|[一个]年|个月)|(?:什么|啥)(?!时候)|多少钱|百分之几|几成"
)
_TIME = r"(?:多久|几天|时[间限]|期限|有效期)"
_SILENT = re.compile(r"^[^。]*(?:(?:没有?|未)写|没有(?:说明|列出))")
"""The clause says first of all that the documents leave the question open."""
_LEFT_OPEN = rf"(?:没有?|未)写[^。]{{0,20}}{_TIME}|{_TIME}[^。]{{0,20}}(?:没有?|未)写"
"""A clause that says that the documents don't say answers too."""
_OPEN = re.compile(_LEFT_OPEN)


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of question, and what a clause that answers it has, in normalised text."""

    asked: re.Pattern[str]
    stated: re.Pattern[str]
    beside: float = 0.0
    """As near, too, is what the ranking puts so little behind the first."""
    near: bool = True
    """Whether what is about as surely found is as near, too."""
    silences: bool = True
    """Whether the documents are silent where no clause near states it."""


_FORMS = (
    # Within what time: 当场 is no answer.
    _Form(
        re.compile(rf"最[晚迟]|截止|{_HOW_LONG}[之以]?[内里]"),
        re.compile(f"{_LENGTH}|{_NO_LIMIT}|{_LEFT_OPEN}"),
    ),
    # For how long something holds: how long one has to live there is no answer.
    _Form(
        re.compile(
            rf"有效期|管(?:得[了到])?{_HOW_LONG}|{_HOW_LONG}[^，。？]{{0,4}}(?:有效|过期|失效|作废)"
            rf"|(?:有效|能用|好用)[^，。？]{{0,3}}{_HOW_LONG}"
        ),
        re.compile(
            rf"(?<!同时)有效(?!证件|发票|票据|病历)|过期|失效|作废|截止|为止|自动续|一定就是|{_LENGTH}[之以]?内|只管|起生效"
            rf"|{_NO_LIMIT}|{_LEFT_OPEN}"
        ),
    ),
    # From when on it holds.
    _Form(
        re.compile(rf"(?:{_HOW_LONG}|什么时候|哪天)[^，。？]{{0,4}}(?:生效|起效|好用)"),
        re.compile(rf"生效|办成当天|(?:登记|办|备案)[^，。]{{0,2}}好?[后就]|{_LEFT_OPEN}"),
        beside=4.0,
    ),
    # By telephone or on the net.
    _Form(
        re.compile(
            rf"(?:能|可以|好|怎么)[^，。？]{{0,8}}{_NET}[^，。？问查看打]{{0,6}}{_ACT}"
            rf"|{_NET}[^，。？问查看打]{{0,4}}(?:能|可以|好|怎么|行)[^，。？]{{0,6}}{_ACT}"
            rf"|(?:{_NET}{_ACT}|{_ACT}[^，。？问查了]{{0,6}}{_NET})[^，。？了]{{0,6}}(?:吗|行|可以|能|不)"
        ),
        re.compile(r"手机|网上|线上|微信|公众号|[aA][pP][pP]|网办|窗口"),
    ),
    # A card or paper of its own that was lost.
    _Form(
        re.compile(
            r"(?:慢性?病[卡证本]|门[慢特]卡|病历本?|(?:登记|备案|申请|审批)表|押金[单条]|凭条|证明|转[院诊外]单)[^，。？]{0,6}(?:丢|遗失|不见|弄没|找不到|损坏)[^。？]*"
        ),
        re.compile(r"丢|遗失|补办|挂失|补[卡领开]"),
    ),
    # Where a drug is bought.
    _Form(
        re.compile(
            r"(?:在|去|到|上)?哪(?:里|儿|边|家|些地方)?(?:药店|药房)?(?:能|可以)?去?(?:买|配)(?!什么)|(?:买|配)[^，。？]{0,4}(?:去|到)哪"
        ),
        re.compile(r"(?:药店|药房)[^，。]{0,3}[买配]|到[^，。]{0,14}(?:药店|药房)"),
        beside=4.0,
        silences=False,
    ),
    # On which street.
    _Form(
        re.compile(r"(?:哪|什么)[条个]?(?:路|街|大道|楼)|几号楼|门牌|地址|几楼|哪栋"),
        re.compile(r"[路街道]\s*\d+(?:-\d+)?号|\d+号楼|楼一楼|[一二三]楼|[A-Z]栋|[A-Z]区"),
        beside=4.0,
        silences=False,
    ),
    # How long something takes.
    _Form(
        re.compile(
            rf"(?:[要得等需]|办理?|审[批核])[^，。？]{{0,4}}{_HOW_LONG}"
            rf"|{_HOW_LONG}[^，。？住]{{0,3}}(?:能|可以|才|好|办|下来|生效|批|到)"
        ),
        re.compile(f"{_LENGTH}|{_NO_LIMIT}|{_AT_ONCE}|{_LEFT_OPEN}"),
    ),
    # Which papers.
    _Form(
        re.compile(
            r"带(?:[上好齐]|[点些]?(?:哪些|什么|啥))+(?!药)|几张照片"
            r"|(?:[包袋兜]|身[上边]|手[上里])[^，。？]{0,4}[装揣备放塞][^，。？]{0,2}(?:哪|什么)"
            r"|[拿要交备](?:上|齐|好)?(?:些什么|些啥|(?:哪些|哪几[样种份]|什么|啥)(?:材料|东西|单子|证件|资料))"
            r"|填(?:写|张|个)?(?:什么|哪[张个种]?)(?:申请|登记)?表"
            r"|(?:哪些|哪几[样种份]|什么|啥)(?:材料|证件|单子|手续材料|资料|证明|票据|照片)"
            r"(?![都也][^，。？]{0,2}[没不未])"
        ),
        re.compile(
            r"(?s)(?:带|准备|提供|持|凭|出示|提交|上传|填|核对|[递上]?交|材料).*"
            r"(?:[份书明]证|证明|[保疗障省]卡|发票|票据|病历|记录|照片|处方|复印件|报告单?|小结"
            r"|清单|[请记案]表|以[^。]{0,12}为准)"
        ),
        beside=2.0,
    ),
    # What it takes to be entitled.
    _Form(
        re.compile(r"(?:什么|哪些|有没有)(?:条件|要求)|条件(?:是什么|有哪些)"),
        re.compile(r"条件|要求|[须需要]有|[要须]是|以上|必须|前提|符合|要提供|才能|不限"),
        silences=False,
    ),
    # At which share.
    _Form(
        re.compile(r"几成|百分之几|几个点"),
        re.compile(r"\d%|\d个百分点|没有?写|未写|没有说明"),
        beside=2.0,
        near=False,
        silences=False,
    ),
    # Whether it is paid.
    _Form(
        re.compile(
            r"(?:给|能|可以|还)报(?:销)?(?:不|没|吗|么|$|[，。？])|报不报|报(?:销)?得?了?吗|认不认"
        ),
        re.compile(r"报|支付|付|承担|补助|享受|纳入|不属于|救助|算"),
        beside=2.0,
        near=False,
        silences=False,
    ),
    # Where something is done.
    _Form(
        re.compile(
            r"(?:去|到|在|上)哪(?:里|儿|边|家|个(?:窗口|部门|单位))?(?:去|能)?[办弄申登交报]"
        ),
        re.compile(
            r"[到去在由向找](?!哪)[^，。；]{2,24}(?:[办登弄]|申请|备案|窗口|大厅|报销|鉴定)"
        ),
        silences=False,
    ),
    # How many boxes, tablets or copies.
    _Form(
        re.compile(
            rf"(?:[最顶]多|只[能给]|[限许要交印]|每?一?[次回]|每?个?月)[^，。？]{{0,6}}(?<!哪)(?:几|多少){_MEASURE}"
            rf"|(?<!哪)(?:几|多少){_MEASURE}(?=$|[，。？])"
        ),
        re.compile(
            rf"(?:\d|[一二两三四五六七八九十半]){_MEASURE}|[天日月]{{1,2}}的?(?:用?药?量|用量)"
        ),
    ),
    # Whether it can be done from home.
    _Form(
        re.compile(
            r"(?:手机|微信|网上|线上|电脑|公众号)[里上]?[^，。？]{0,4}(?:办|弄|申请|登记|取消)"
            r"[^，。？了过]{0,6}(?:[吗么]|不(?=$|[，。？])|行不行|得了)"
            r"|(?:能|可以)[^，。？]{0,4}(?:手机|微信|网上|线上)[里上]?[^，。？]{0,2}(?:办|弄|申请|登记|取消)"
        ),
        re.compile(r"手机|微信|网上|网站|公众号|小程序|APP|app|自助"),
        beside=1.5,
        near=False,
        silences=False,
    ),
    # Where a paper is handed out.
    _Form(
        re.compile(rf"{_WHERE}[^，。？]{{0,4}}(?<!认)领|领[^，。？]{{0,8}}{_WHERE}"),
        re.compile(r"领|发[给放]|取(?!消)"),
    ),
    # A telephone number.
    _Form(
        re.compile(
            r"电话(?:号码?)?(?:是|要)?(?:多少|几号|什么|哪个)|(?:打|什么|哪个)电话号?码?(?:问|$)"
        ),
        re.compile(r"\d{3,4}-?\d{7,8}|(?<!\d)1\d{4}(?!\d)"),
    ),
)


def answering(inquiry: Inquiry, ranked: Sequence[Passage]) -> Sequence[Passage]:
    """The passages in their order; if the first can't answer, those about as near that can."""
    asked = [form for form in _FORMS if form.asked.search(inquiry.message)]
    first_states = _states(ranked[0], asked) and _on_way(ranked[0], inquiry.message)
    if not asked or _asks_more(inquiry.message, asked) or first_states:
        return ranked
    sure = ranked[0].confidence
    beside = max((form.beside for form in asked), default=0.0)
    covered = _NEAR * max(p.coverage for p in ranked)
    found_near = all(form.near for form in asked)
    near = (
        p
        for p in ranked
        if p.score >= ranked[0].score - beside
        or (found_near and p.confidence >= _SURE * sure)
        or (found_near and p.confidence >= _NEAR * sure and p.coverage >= covered)
    )
    # What another clause leaves open isn't what is asked.
    stating = [
        p
        for p in near
        if _states(p, asked, closed=p is not ranked[0]) and _on_way(p, inquiry.message)
    ]
    silent = _SILENT.search(ranked[0].clause.text)
    lost = any(form.silences for form in asked) and not silent
    return stating or ([] if lost else ranked)


def _on_way(passage: Passage, message: str) -> bool:
    """Whether a clause is on the way of going elsewhere that a message names: 转院备案管多久."""
    named = next((way for way in _WAYS if way.search(message)), None)
    clause = passage.clause
    return named is None or bool(named.search(f"{clause.heading}{clause.text}{clause.asks}"))


def _asks_more(message: str, asked: Sequence[_Form]) -> bool:
    """Whether something stands in the message that a clause without a time may answer."""
    for form in asked:
        message = form.asked.sub("", message)
    return bool(_ELSE.search(message))


def _states(passage: Passage, asked: Sequence[_Form], *, closed: bool = False) -> bool:
    text = _DATE.sub("", normalise(passage.clause.text).replace(" ", ""))
    if closed:
        text = _OPEN.sub("", text)
    return all(form.stated.search(text) for form in asked)
