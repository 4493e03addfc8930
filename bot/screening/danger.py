"""Emergencies and thoughts of suicide.

An emergency is weighed: how grave the signs are, plus what says that it happens now, less what
says that it is over, only asked about, or mild. The weights are set so that either a state of
danger told as it is, or a warning sign that is sudden or strong, is enough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.screening import subject

_ENOUGH = 2
_STATE = 3
"""Weight of a state of danger as one sees it; as much is taken off for what is over."""

_CHEST = r"(?:心口|胸口?|前胸|心脏|心窝|后背)[部头里子]?"
_SIDE = (
    r"(?:半[边身拉]|一[侧边]|[左右][侧边半手腿脚]|手脚|胳膊|手|腿)"
    r"(?:的?(?:身[子体]|手|脚|胳膊|腿|脸))?"
)
_SIGNS: Sequence[tuple[int, str]] = (
    # 3: a state of danger, told as one sees it
    (3, r"喘不[上过动]|[透吸]不[过上了]|[上缓]不来气|背过气|气.{0,2}(?:喘|透|上)不"),
    (3, r"(?:喘气?|呼吸|[上透]气)(?:很|好|都|特别)?(?:费劲|费力|吃力)"),
    (3, r"憋得?[死喘不]|躺不[下平]|(?:气管|喉咙|嗓子)(?:发紧|肿|堵)"),
    (3, r"呼吸(?:很|非常)?(?:困难|不了|不过来|停)|没(?:有|了)?(?:呼吸|心跳|脉搏|气了)"),
    (3, rf"{_SIDE}.{{0,3}}(?:动不了|不[能会好]动|没了?知觉|抬不[起动]|举不|动弹不|不听使唤)"),
    (3, rf"{_SIDE}.{{0,3}}(?:没力|使不[上出]|瘫了|发?麻了?|拿不)"),
    (3, r"[嘴口脸眼]巴?[角边]?.{0,2}[歪斜][了脱过着]|[嘴口]歪|脸耷拉"),
    (3, r"[说讲]话?[也都]?(?:不清|不出|不了话|不利)|话[也都]?[说讲]不|(?<!电)话[也都]?接不"),
    (3, r"[叫喊摇推].{0,2}不[醒应动]|人事不[省知]|不省人事|[掐拍].{0,4}不醒"),
    (3, r"没了?有?(?:意识|知觉|反应|动静)|失去(?:意识|知觉)|神志不清|意识模糊"),
    (3, r"止不[住牢]|没止住|血流不止|流血不停|[喷冒涌]血|血.{0,3}[喷冒涌哗]"),
    (3, r"流了?(?:好多|很多|一地|大量)血|血流?得?一地|血.{0,8}还在流"),
    (3, r"(?:[全都]是|满[头脸手身地]是?|一身)血(?![压糖脂友透液管])"),
    (3, r"骨头?[都也]?[^，。]{0,3}(?:露|戳|穿)|露出(?:来)?的?骨|肠子[^，。]{0,4}出来"),
    (3, r"噎[住到着]|[吃吞喝].{0,8}(?:卡|呛)[住到着了]|卡(?:住|在)(?:了?喉|嗓|气管)"),
    (3, r"(?:脸|面孔|嘴唇?|嘴巴|全身|手脚)[都也]?.{0,2}(?:发[青紫乌黑白]|[青紫]了|煞白)"),
    # 2: conditions that are dangerous, also named where one asks about cost
    (2, r"大出血|昏迷|[昏晕厥](?:倒|过去|死|厥|睡)|[栽瘫]倒|倒[地在]|休克|窒息"),
    (2, r"溺水|掉水里|触电|被电|电[到着]了|救命(?![钱药恩])|救救"),
    (2, r"[爸妈爷奶公婆子她他人我].{0,2}快?不行了|眼前(?:发黑|一黑)|心脏要停"),
    (2, r"抽搐|抽[风筋]|抽起来|惊厥|口吐白沫|翻白眼|[吐呕咯咳](?:了|出)?.{0,3}血"),
    (2, r"(?:喝|吞|误[服食喝]|吃).{0,4}(?:农药|百草枯|敌敌畏|老鼠药|毒|洁厕|消毒水|错药)"),
    (2, r"[吞咽][了下进][^，。]{0,6}(?:电池|硬币|纽扣|磁|钉|针|珠|刀片|玻璃|异物|假牙)"),
    (2, r"药.{0,6}(?:整?瓶|几十|太多)|(?:煤气|一氧化碳|农药|蘑菇|食物)(?:中毒|泄漏)"),
    (2, r"[被让].{0,4}(?:车|刀|捅|砍|蛇)|[从楼高梯树床].{0,5}[摔掉跌翻](?:了?下|倒)"),
    (2, r"[切砍轧夹锯]断|[锯砍]开|绞进|剧痛|痛得.{0,3}(?:打滚|要死)|痛得在"),
    (2, r"(?:心梗|中风|脑溢血|脑出血|心脏病|哮喘|癫痫).{0,3}(?:发作|犯了|又发)"),
    (2, r"(?:孕|怀着?|\d个?月).{0,10}(?:出血|肚子痛|破水)|羊水破|头出来了"),
    # 1: warning signs
    (1, rf"{_CHEST}.{{0,4}}(?:痛|闷|绞|压|发紧|憋|难[过受]|撕裂|发麻)"),
    (1, r"(?<![产没])(?<!孩子)(?<!产，)挨了?[一两几]?刀"),
    (1, r"心绞痛|冷汗|心慌|心跳.{0,3}[快乱]|[便出流]血|头.{0,8}[炸裂]"),
    (1, r"(?:高烧|发烧|高热).{0,6}(?:不退|4[0-2]度)|车祸|摔.{0,4}起不来|烧伤|烫(?!伤植皮)"),
    (1, r"(?:头|肚子|腹部?)(?:好|很|非常)?痛得|[看听]不[见清].{0,2}了"),
)
_CIRCUMSTANCES: Sequence[tuple[int, str]] = (
    (3, r"(?:今[天早晚]|刚刚?|现在)[^，。]{0,8}又"),
    (3, r"现在|正在|刚才|刚刚|这会|快来|要死|怎么弄"),
    (2, r"得(?:很?厉害|要命|不行|慌|来)|受不了|煞|剧烈|越来越|半天了"),
    (
        2,
        r"(?:分钟|钟头|小时)了|一大片|还(?:是|在)(?:[喘抽吐流痛昏晕]|[叫动说讲起]不)|药[^，。]{0,4}(?:没用|不管用)",
    ),
    (1, r"突然|忽然|一下子|突发|今[天早]|昨晚|半夜|难受|一直|不停|[打叫]了?(?:120|救护车)"),
    (
        -3,
        r"去年|前年|上(?:次|回|个?月|周|个?(?:礼拜|星期))|以前|之前|曾经|那[次年时]|当时|后来|出院",
    ),
    (-3, r"(?:中风|脑梗)(?:以|之)?后|后遗症|史|术后|[做住]过|装了|得过|(?<![攒备写想不])好了|恢复"),
    (
        -3,
        r"(?<!孕)(?<!孕妇)(?<!怀)(?<!怀了)[几多半\d一二两三四五六七八九十](?:年|个?月|个?星期|周)",
    ),
    (-3, r"在(?:抢救|医院|急诊|icu|重症|住院)|送.{0,3}(?:抢救|医院|急诊)|住院[了中]|手术[了中]"),
    (-3, r"输了[^，。]{0,6}血"),
    (-3, r"[看挂去][的了过](?:个|趟)?急诊|急诊[看去]的"),
    (-2, r"[替代帮](?:[他她我]|爸|妈)[^，。]{0,6}[配拿取领]药"),
    (-3, r"抢救(?:过来|回来|了|费)|(?:没有?|无|不)(?:再)?(?:胸|心口|大?出血|昏|抽)"),
    (-2, r"如果|假如|要是|万一|算不算|属于|哪些|什么情况|认定|标准|条件|鉴定|前兆|什么意思"),
    (-2, r"有点|有些|偶尔|有时|轻微|老毛病|好几天|很久|一阵一阵|容易"),
)
_WHAT_TO_DO = re.compile("怎么办|咋办|咋整")
_TOLD = re.compile(r"[我他她爸妈爷奶公婆伴娃宝孩儿女老人].{0,12}(?:(?<!不)了|[着得])")
_ABOUT_COST = -2
_NOT_OF_A_BODY = re.compile(
    r"(?:窗口|收费|前台|客服|工作人员|办事员|医院|[你他]们)(?:那边|里|的)?(?:人|医生|护士)?[也都讲说了半天]*"
    r"[说讲]不清楚?(?!话|了)"
    r"|(?:系统|机器|电脑|软件|手机|app|(?:医保|社保|市民|的|这|我|，|现在|^)卡[里上]?)"
    r"[^，。响打爸妈爷奶公婆人他她]{0,5}没有?(?:反应|动静)"
    r"|(?:债|贵|药费|费用|押金|欠|催)[^。胸心]{0,14}得[^，。]{0,3}[喘透]不过气"
    r"|[说讲查看]不清楚?(?:到底|究竟|是|得|生)*的?(?:什么|啥|哪)[^，。]{0,3}(?:病|原因)"
    r"|[卡证]掉[到进在]?水里"
    r"|(?:钱|费用?|账单?|票子?)[^，。]{0,4}(?:怎么弄|怎么办|咋办|咋整)"
    r"|现在[^，。]{0,6}(?:报(?=销|吗|得|不|多|几|$|[，？])|结账|备案|发票|费)",
    re.IGNORECASE,
)
"""What sounds like a sign, and is said of an office, a card, a machine or the money."""
_OVER = re.compile(
    r"没(?:什么)?(?:大)?事了|缓过来|[救抢]回来|脱离了?危险|(?:病情|情况|人)[都也已经现在算是]*(?:平安|稳(?:定|当|住|下来|了))"
)
_COSTS = re.compile(
    r"报(?!警)|医保|社保|自费|自己[^，。]{0,3}[掏付出垫]|[这笔个的]钱|费|发票|票子|单子|结账|定点"
)
"""Beside what is over, these ask of the bill; without them, whether it is really over."""
_TREATED = re.compile(
    r"[住做]了[几\d一二两三四五六七八九十]+[天回次]|[长常]年|长期|吃着药|在吃药|现在吃药|在家[养休躺]|石膏|拆线"
)
"""Beside what the circumstances say to be over: it is under treatment."""
_NOW = re.compile(r"现在(?!吃药)|正在|刚|这会|快来|突|忽然|一下子|不停|今[天早晚]|昨[晚夜]|半夜|又")

_WISH_TO_DIE = re.compile(
    r"不想(?:再)?活|活不下去|活着(?:没|有什么|还有啥|好累|太累)|没有?活路|不如死|安乐死|寻短见"
    r"|让我.{0,2}死|想(?:去|要|一)?(?:死(?![你他她它]|心(?![里情慌痛疼烦碎累都]))|自杀|轻生|跳[楼河]|了断|自尽|寻死)"
    r"|(?:要|准备|打算)(?:去)?(?:自杀|跳[楼河]|割腕|轻生|寻死|上吊)"
    r"|安眠药[^，。]{0,4}攒|攒[^，。]{0,4}(?:安眠药|药(?!费|钱|[^，。]{0,3}(?:发票|票|单)))|药(?!费|钱|[^，。]{0,3}(?:票|单))[^，。]{0,3}攒(?![^，。]{0,8}(?:[千万块元]|发票|票|单))"
    r"|死了(?:算了|好了|一了百了)|一了百了|结束(?:自己|生命|这一切)"
)
_SELF_HARM = re.compile(r"自杀|自残|自伤|轻生|割腕|跳楼(?!价)|喝农药|上吊")


def _compile(weighted: Sequence[tuple[int, str]]) -> tuple[tuple[int, re.Pattern[str]], ...]:
    return tuple((weight, re.compile(pattern, re.IGNORECASE)) for weight, pattern in weighted)


_COMPILED_SIGNS, _COMPILED_CIRCUMSTANCES = _compile(_SIGNS), _compile(_CIRCUMSTANCES)
_DIALECT = str.maketrans("勿弗唔冇疼", "不不不没痛")
"""Negations of the Wu, Gan and Yue dialects as people write them."""


def is_emergency(text: str) -> bool:
    """Whether somebody seems to need an ambulance now."""
    text = _NOT_OF_A_BODY.sub("〇", text.translate(_DIALECT))
    grave = max((weight for weight, sign in _COMPILED_SIGNS if sign.search(text)), default=0)
    if not grave:
        return False
    about_cost = subject.is_policy(text)
    weights = [weight for weight, cue in _COMPILED_CIRCUMSTANCES if cue.search(text)]
    if _OVER.search(text) and _COSTS.search(text):
        weights.append(-_STATE)
    if about_cost:
        weights.append(_ABOUT_COST)
    elif _WHAT_TO_DO.search(text):
        weights.append(3)
    if _TOLD.search(text) or min(weights, default=0) >= 0:
        weights.append(1)
    return grave + sum(weights) >= _ENOUGH


def is_under_treatment(text: str) -> bool:
    """Whether an illness is told that is treated or over, and nothing that happens now."""
    text = text.translate(_DIALECT)
    if _NOW.search(text) or any(w == _STATE and sign.search(text) for w, sign in _COMPILED_SIGNS):
        return False
    over = (cue for weight, cue in _COMPILED_CIRCUMSTANCES if weight == -_STATE)
    return bool(_TREATED.search(text)) or any(cue.search(text) for cue in over)


def is_crisis(text: str) -> bool:
    """Whether somebody seems to think of suicide."""
    return bool(_WISH_TO_DIE.search(text)) or (
        tells_of_self_harm(text) and not subject.is_policy(text)
    )


def tells_of_self_harm(text: str) -> bool:
    """Whether self-harm is named at all."""
    return bool(_SELF_HARM.search(text))
